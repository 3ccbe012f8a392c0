//===- LayoutState.cpp - choose the layout of each table --------------------===//
//
// The decision is the table `rows` below: the first row that a table can have,
// and that nothing speaks against, is its layout. A new layout is a row, and its
// file in the lowering.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Types.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Layout.h"
#include "dialect/state/Shape.h"
#include "dialect/stream/Firing.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Passes.h"
#include "dialect/transforms/Unbounded.h"

namespace millrace {
#define GEN_PASS_DEF_LAYOUTSTATE
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using state::KeyRange;
using state::LayoutKind;

namespace {
/// How the tables of an operator come one after the other.
enum class Panes {
  One,     ///< there is one table
  Apart,   ///< a table for each window
  Filled,  ///< the same, and a key that has come is in each window, with or without records
  Levels,  ///< one, and others for what keys have besides: sessions
  Combined ///< a table for each slice: the same key's states in several are put together
};

/// What a row judges by.
struct Keys {
  ArrayRef<StringAttr> names;
  ArrayRef<Type> types;
  SmallVector<KeyRange> ranges;
  Panes panes;
  unsigned members; ///< bytes of a key's state
  uint64_t budget;  ///< bytes that all state may have; 0: not known when compiling
};
} // namespace

static bool isText(Type type) { return isa<expr::StringType, expr::BytesType>(expr::stripNull(type)); }
static std::string quoted(StringAttr name) { return ("`" + name.getValue() + "`").str(); }

//===-- the table of layouts ------------------------------------------------===//

namespace {
struct LayoutRow {
  LayoutKind kind;
  std::string (*obstacle)(const Keys &keys); ///< why a table cannot have it; empty if it can
  std::string (*against)(const Keys &keys);  ///< why it should not if it can, unless that is forced
  std::string (*reason)(const Keys &keys);   ///< why it has it
};
} // namespace

static std::string nothing(const Keys &) { return {}; }

static std::string denseObstacle(const Keys &keys) {
  for (auto [name, range] : llvm::zip_equal(keys.names, keys.ranges))
    if (!range.isKnown())
      return "the range of " + quoted(name) + " is not known, which an array would need";
  if (!state::densePositions(keys.types, keys.ranges))
    return "an array would have more than " + std::to_string(state::mostPositions) + " positions";
  return {};
}
static std::string denseAgainst(const Keys &keys) {
  uint64_t positions = *state::densePositions(keys.types, keys.ranges), bytes = positions * keys.members;
  constexpr uint64_t mostInLevels = 4096;
  if (keys.panes == Panes::Levels && positions > mostInLevels)
    return "a key's further sessions lie in further tables, and each would be an array of " +
           std::to_string(positions) + " positions";
  if (!keys.budget || bytes <= keys.budget)
    return {};
  return "an array of " + std::to_string(positions) + " positions would have " + std::to_string(bytes) +
         " bytes, and --memory allows " + std::to_string(keys.budget);
}
static std::string denseReason(const Keys &keys) {
  if (keys.names.empty())
    return "one slot, because there is no key";
  return "an array of " + std::to_string(*state::densePositions(keys.types, keys.ranges)) +
         " positions, because all values of the key are known";
}

static std::string packedObstacle(const Keys &keys) {
  if (keys.names.empty())
    return "there is no key";
  for (auto [name, type] : llvm::zip_equal(keys.names, keys.types))
    if (isText(type))
      return quoted(name) + " has no fixed size";
  return state::fitsWord(keys.types, keys.ranges) ? "" : "the key is longer than 64 bits";
}
/// Measured (decision 0030): a window gets the states of keys that have no records as an array, not one by one.
static std::string packedAgainst(const Keys &keys) {
  return keys.panes == Panes::Filled ? "each window would get each key anew, and all of them fire" : "";
}
static std::string packedReason(const Keys &) { return "hashed by one word, which holds the whole key"; }

static std::string byIdObstacle(const Keys &keys) {
  if (keys.panes == Panes::Filled)
    return keys.names.empty() ? "there is no key" : "";
  return llvm::any_of(keys.types, isText) ? "" : "no field of the key is a text, so a number would save nothing";
}
/// Measured (decision 0015): a record costs a third more than with the key in the slot, which takes three times the
/// memory. Where tables are put together, ids spare a look-up for each key of each slice.
static std::string byIdAgainst(const Keys &keys) {
  switch (keys.panes) {
  case Panes::One:
  case Panes::Levels:
    return "there is one table, so a dictionary beside it would be a second place to look";
  case Panes::Apart:
    return "a look into a dictionary with each record takes longer than a key in the slot, though less memory";
  case Panes::Combined:
  case Panes::Filled:
    return {};
  }
  llvm_unreachable("covered");
}
static std::string byIdReason(const Keys &) { return "an array by the numbers that a dictionary gives to keys"; }

static std::string inlineReason(const Keys &keys) {
  return keys.names.empty() ? "one slot, because there is no key" : "hashed, with the key in the slot";
}

static constexpr LayoutRow rows[] = {
    {LayoutKind::Dense, denseObstacle, denseAgainst, denseReason},
    {LayoutKind::Packed, packedObstacle, packedAgainst, packedReason},
    {LayoutKind::ById, byIdObstacle, byIdAgainst, byIdReason},
    {LayoutKind::Inline, nothing, nothing, inlineReason},
};

//===-- ranges and members of a layout --------------------------------------===//

/// What a slot has before its members.
static unsigned keyBytes(LayoutKind kind, const Keys &keys) {
  if (kind == LayoutKind::Packed)
    return 8;
  if (kind != LayoutKind::Inline)
    return 0;
  unsigned bytes = 8 + 8 * llvm::any_of(keys.types, [](Type type) { return expr::isNullable(type); });
  for (Type type : keys.types)
    bytes += isText(type) ? 16 : 8;
  return bytes;
}

/// What a slot has of a key's state: members, the time that a time-to-live needs, and the flags of nulls in a word.
static unsigned memberBytes(state::TableOp table) {
  unsigned bytes = table.getKeep() && table.getKeep().getTtl() ? 8 : 0;
  if (state::keepsPanes(table))
    bytes += table.getFiring().getRefire() ? 24 : 16;
  if (table.getWindow() && table.getWindow().getKind() == stream::WindowKind::Session) {
    stream::FiringAttr firing = table.getFiring();
    bytes += 24 + (stream::hasPanes(firing) ? 16 : 0) + (firing && firing.getRefire() ? 8 : 0);
  }
  bool flags = false;
  for (state::MemberAttr member : table.getType().getMembers()) {
    bytes += state::shapeOf(member).bytes();
    flags |= expr::isNullable(member.getResult());
  }
  return bytes + (flags ? 8 : 0);
}

/// Members whose values go aside so that a slot is one cache line: first what is written seldom, then texts.
static SmallVector<StringAttr> coldMembers(LayoutKind kind, const Keys &keys, ArrayRef<state::MemberAttr> members) {
  constexpr unsigned cacheLine = 64;
  unsigned bytes = keyBytes(kind, keys) + keys.members;
  SmallVector<StringAttr> cold;
  auto move = [&](state::MemberAttr member) {
    if (bytes <= cacheLine || llvm::is_contained(cold, member.getName()) || state::keptWith(member))
      return;
    cold.push_back(member.getName());
    bytes -= state::shapeOf(member).value;
  };
  for (state::MemberAttr member : members)
    if (member.getFn() == "first")
      move(member);
  for (state::MemberAttr member : members)
    if (state::shapeOf(member).isText)
      move(member);
  return cold;
}

/// The ranges that the layout has: all of an array's; of a packed key only where its types alone would be too long.
static SmallVector<KeyRange> rangesFor(LayoutKind kind, const Keys &keys) {
  if (kind == LayoutKind::Dense)
    return keys.ranges;
  if (kind != LayoutKind::Packed)
    return {};
  SmallVector<KeyRange> any(keys.types.size());
  return state::fitsWord(keys.types, any) ? any : keys.ranges;
}

//===-- the pass ------------------------------------------------------------===//

static Panes panesOf(state::TableOp table) {
  stream::WindowAttr window = table.getWindow();
  if (!window)
    return Panes::One;
  if (table.getAlgorithm() && table.getAlgorithm().getValue() == stream::Algorithm::Same)
    return Panes::Apart;
  if (state::keepsPanes(table) && window.isInTime())
    return Panes::Apart;
  if (table.getSlicesOf())
    return Panes::Combined;
  switch (window.getKind()) {
  case stream::WindowKind::Session:
    return Panes::Levels;
  case stream::WindowKind::Global:
  case stream::WindowKind::Count:
    return Panes::One;
  case stream::WindowKind::Tumbling:
    return table->hasAttr(state::fillNote) ? Panes::Filled : Panes::Apart;
  case stream::WindowKind::Calendar:
    return Panes::Apart;
  case stream::WindowKind::Sliding:
  case stream::WindowKind::Cumulate:
    return Panes::Combined;
  case stream::WindowKind::Same:
    break; // of steps it is what it is the same as
  }
  llvm_unreachable("covered");
}

static std::optional<LayoutKind> kindOf(LayoutMode mode) {
  switch (mode) {
  case LayoutMode::Auto:
    return std::nullopt;
  case LayoutMode::Dense:
    return LayoutKind::Dense;
  case LayoutMode::Packed:
    return LayoutKind::Packed;
  case LayoutMode::Inline:
    return LayoutKind::Inline;
  case LayoutMode::ById:
    return LayoutKind::ById;
  }
  llvm_unreachable("every mode has a kind");
}

namespace {
struct LayoutStatePass : millrace::impl::LayoutStateBase<LayoutStatePass> {
  using LayoutStateBase::LayoutStateBase;

  void runOnOperation() override {
    StateRanges ranges(getOperation());
    for (auto table : getOperation().getOps<state::TableOp>()) {
      if (table.getType().isResolved())
        continue;
      if (table.readsOthers()) {
        takeLayout(table);
        continue;
      }
      SmallVector<KeyRange> keys = ranges.keysOf(table);
      if (std::string why = whyUnbounded(table, keys); !why.empty())
        mlir::emitWarning(table.getLoc()) << why;
      resolve(table, std::move(keys));
    }
  }

  void resolve(state::TableOp table, SmallVector<KeyRange> ranges) {
    state::TableType type = table.getType();
    Keys keys{type.getKeyNames(), type.getKeyTypes(), std::move(ranges), panesOf(table), memberBytes(table), memory};
    const LayoutRow &row = choose(table, keys);
    auto chosen = state::LayoutAttr::get(&getContext(), row.kind, rangesFor(row.kind, keys),
                                         coldMembers(row.kind, keys, type.getMembers()));
    table.setType(type.withLayout(chosen));
    ++numResolved;
    std::string reason = (kindOf(layout) == row.kind ? "forced; " : "") + row.reason(keys);
    say(table, true, chosen.text() + ": " + reason);
    for (const std::string &other : others)
      reason += "; " + other;
    table->setDiscardableAttr(state::layoutReason, StringAttr::get(&getContext(), reason));
  }

  /// A window that reads the slices of one before it has their layout.
  void takeLayout(state::TableOp table) {
    auto first = SymbolTable::lookupNearestSymbolFrom<state::TableOp>(table, table.getSlicesOfAttr());
    state::TableType type = table.getType(), others = first.getType();
    SmallVector<StringAttr> cold;
    for (auto [member, number] : llvm::zip_equal(type.getMembers(), *table.getOwn()))
      if (others.getLayout().isCold(others.getMembers()[number].getName()))
        cold.push_back(member.getName());
    table.setType(type.withLayout(
        state::LayoutAttr::get(&getContext(), others.getLayout().getKind(), others.getLayout().getRanges(), cold)));
    std::string reason = ("that of the slices of `" + *table.getSlicesOf() + "`").str();
    say(table, true, table.getType().getLayout().text() + ": " + reason);
    table->setDiscardableAttr(state::layoutReason, StringAttr::get(&getContext(), reason));
  }

  const LayoutRow &choose(state::TableOp table, const Keys &keys) {
    others.clear();
    if (table.getTop()) // each record has a key of its own, which is compared by its fields
      return *llvm::find_if(rows, [](const LayoutRow &row) { return row.kind == LayoutKind::Inline; });
    std::optional<LayoutKind> forced = kindOf(layout);
    for (const LayoutRow &row : rows) {
      if (forced != row.kind)
        continue;
      std::string obstacle = row.obstacle(keys);
      if (obstacle.empty())
        return row;
      sayNot(table, stringifyLayoutKind(row.kind) + ", which is forced: " + obstacle);
    }
    for (const LayoutRow &row : rows) {
      std::string obstacle = row.obstacle(keys);
      if (obstacle.empty())
        obstacle = row.against(keys);
      if (obstacle.empty())
        return row;
      if (row.kind != forced) // it was said
        sayNot(table, stringifyLayoutKind(row.kind) + ": " + obstacle);
    }
    llvm_unreachable("the last row fits every key");
  }

  void sayNot(state::TableOp table, const Twine &text) {
    others.push_back(("not " + text).str());
    say(table, false, others.back());
  }

  void say(state::TableOp table, bool done, const Twine &text) {
    decide(table.getLoc(), "stream-layout-state", table.getSymName(), done, text);
  }

  SmallVector<std::string> others; ///< why not other layouts, of the table in hand
};
} // namespace
