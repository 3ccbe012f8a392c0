//===- LayoutState.cpp - choose the layout of each table --------------------===//
//
// The decision is the table `rows` below: the first row that a key can have and
// that is chosen by itself is the layout. A new layout is a row, and its file in
// the lowering.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Types.h"
#include "dialect/state/Layout.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Passes.h"

namespace millrace {
#define GEN_PASS_DEF_LAYOUTSTATE
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using state::KeyRange;
using state::LayoutKind;

//===-- what is known about keys --------------------------------------------===//

/// The values that a type of few values has.
static KeyRange rangeOfType(Type type) {
  type = expr::stripNull(type);
  if (expr::isBool(type))
    return {0, 2};
  auto integer = dyn_cast<IntegerType>(type);
  if (!integer || integer.getWidth() > 16)
    return {};
  uint64_t values = uint64_t(1) << integer.getWidth();
  return {integer.isUnsigned() ? 0 : -int64_t(values / 2), values};
}

namespace {
/// What a row judges by.
struct Keys {
  ArrayRef<StringAttr> names;
  ArrayRef<Type> types;
  SmallVector<KeyRange> ranges;
};
} // namespace

static bool isText(Type type) { return isa<expr::StringType, expr::BytesType>(expr::stripNull(type)); }
static std::string quoted(StringAttr name) { return ("`" + name.getValue() + "`").str(); }

//===-- the table of layouts ------------------------------------------------===//

namespace {
struct LayoutRow {
  LayoutKind kind;
  bool automatic;                            ///< chosen unless forced otherwise
  std::string (*obstacle)(const Keys &keys); ///< why a table cannot have it; empty if it can
  std::string (*reason)(const Keys &keys);   ///< why a table has it that can
};
} // namespace

static std::string denseObstacle(const Keys &keys) {
  for (auto [name, range] : llvm::zip_equal(keys.names, keys.ranges))
    if (!range.isKnown())
      return "the range of " + quoted(name) + " is not known, which an array would need";
  if (!state::densePositions(keys.types, keys.ranges))
    return "an array would have more than " + std::to_string(state::mostPositions) + " positions";
  return {};
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
static std::string packedReason(const Keys &) { return "hashed by one word, which holds the whole key"; }

static std::string byIdObstacle(const Keys &keys) {
  return llvm::any_of(keys.types, isText) ? "" : "no field of the key is a text, so a number would save nothing";
}
static std::string byIdReason(const Keys &) { return "an array by the numbers that a dictionary gives to texts"; }

static std::string noObstacle(const Keys &) { return {}; }
static std::string inlineReason(const Keys &keys) {
  return keys.names.empty() ? "one slot, because there is no key" : "hashed, with the key in the slot";
}

static constexpr LayoutRow rows[] = {
    {LayoutKind::Dense, false, denseObstacle, denseReason},
    {LayoutKind::Packed, false, packedObstacle, packedReason},
    {LayoutKind::ById, false, byIdObstacle, byIdReason},
    {LayoutKind::Inline, true, noObstacle, inlineReason},
};

//===-- the pass ------------------------------------------------------------===//

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
    for (auto table : getOperation().getOps<state::TableOp>())
      if (!table.getType().isResolved())
        resolve(table);
  }

  void resolve(state::TableOp table) {
    state::TableType type = table.getType();
    Keys keys{type.getKeyNames(), type.getKeyTypes(), llvm::map_to_vector(type.getKeyTypes(), rangeOfType)};
    const LayoutRow &row = choose(table, keys);
    bool ranged = row.kind == LayoutKind::Dense || row.kind == LayoutKind::Packed;
    auto chosen = state::LayoutAttr::get(&getContext(), row.kind, ranged ? ArrayRef(keys.ranges) : ArrayRef<KeyRange>(),
                                         ArrayRef<StringAttr>());
    table.setType(type.withLayout(chosen));
    ++numResolved;
    std::string reason = (kindOf(layout) == row.kind ? "forced; " : "") + row.reason(keys);
    say(table, true, chosen.text() + ": " + reason);
    for (const std::string &other : others)
      reason += "; " + other;
    table->setDiscardableAttr(state::layoutReason, StringAttr::get(&getContext(), reason));
  }

  const LayoutRow &choose(state::TableOp table, const Keys &keys) {
    others.clear();
    std::optional<LayoutKind> forced = kindOf(layout);
    for (const LayoutRow &row : rows) {
      if (forced != row.kind)
        continue;
      std::string obstacle = row.obstacle(keys);
      if (obstacle.empty())
        return row;
      sayNot(table, "not " + stringifyLayoutKind(row.kind).str() + ", which is forced: " + obstacle);
    }
    for (const LayoutRow &row : rows) {
      if (!row.automatic)
        continue;
      std::string obstacle = row.obstacle(keys);
      if (obstacle.empty())
        return row;
      sayNot(table, "not " + stringifyLayoutKind(row.kind).str() + ": " + obstacle);
    }
    llvm_unreachable("the last row fits every key");
  }

  void sayNot(state::TableOp table, const std::string &text) {
    say(table, false, text);
    others.push_back(text);
  }

  void say(state::TableOp table, bool done, const Twine &text) {
    decide(table.getLoc(), "stream-layout-state", table.getSymName(), done, text);
  }

  SmallVector<std::string> others; ///< why not other layouts, of the table in hand
};
} // namespace
