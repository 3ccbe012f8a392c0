//===- SpecializeWindows.cpp - choose the algorithm of each window -----------===//
//
// A record is folded into one slice, whatever the window: time is cut at every
// edge of one. What is chosen here is how the results of windows come from their
// slices. The decision is the table `rows` below: the first row that a window can
// have, and that nothing speaks against, is its algorithm. A new algorithm is a
// row here and its part of the engine (runtime/engine/slices.cpp).
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Same.h"
#include "dialect/stream/ZoneClocks.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Noted.h"
#include "dialect/transforms/OverWays.h"
#include "dialect/transforms/Passes.h"
#include <numeric>

namespace millrace {
#define GEN_PASS_DEF_SPECIALIZEWINDOWS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

namespace {
/// What a row judges by.
struct Sliced {
  WindowKind kind;
  int64_t slices;       ///< of a window
  std::string notExact; ///< an aggregate that cannot be taken away again, and why; empty: all can
  std::string keeps;    ///< an aggregate that keeps each of its values; empty: none does
  std::string ordered;  ///< one that records change by their order, so that a slice must stay by itself; empty: none
  std::string seen;     ///< an aggregate of the set of its values, of which each slice has one; empty: none
};
} // namespace

/// How many slices a window has: as many as edges of others begin or end in it.
static int64_t slicesOf(WindowAttr window) {
  int64_t whole = window.getSize() / window.getSlide(), rest = window.getSize() % window.getSlide();
  if (window.getKind() == WindowKind::Cumulate)
    return whole + (rest != 0);
  if (whole == 0)
    return 1;
  return rest ? 2 * whole + 1 : whole;
}

/// How many windows a record is in at most.
static int64_t windowsOf(WindowAttr window) {
  bool isShared = window.getKind() == WindowKind::Sliding || window.getKind() == WindowKind::Cumulate;
  return isShared ? llvm::divideCeil(uint64_t(window.getSize()), uint64_t(window.getSlide())) : 1;
}

/// A running result over slices has with each value the last slice that had it: what was seen in no later one goes
/// with its slice, exactly.
static bool seesSlices(Operation *window, AggregateAttr aggregate) {
  return isa<WindowOp>(window) && aggregate.getFn() == "count_distinct";
}

/// The first aggregate that cannot be taken away again.
static std::string notExact(WindowOp window) {
  auto out = cast<StreamType>(window.getOutput().getType());
  ArrayRef<StringAttr> names = out.getNames().take_back(window.getAggregates().size());
  ValueRange yielded = window.getBody().front().getTerminator()->getOperands();
  unsigned at = 0;
  for (auto [name, attr] : llvm::zip(names, window.getAggregates())) {
    auto aggregate = cast<AggregateAttr>(attr);
    SmallVector<Type> arguments(yielded.slice(at, aggregate.getNumArgs()).getTypes());
    if (!seesSlices(window, aggregate) &&
        !expr::findAggregate(aggregate.getFn())->hasExactInverse(arguments, aggregate.getOptions()))
      return ("what `" + name.getValue() + "` = " + aggregate.getFn() + " has taken in cannot be taken away exactly")
          .str();
    at += aggregate.getNumArgs() + aggregate.getFiltered();
  }
  return {};
}

/// The first aggregate that is taken away so.
static std::string seesSlices(WindowOp window) {
  auto out = cast<StreamType>(window.getOutput().getType());
  ArrayRef<StringAttr> names = out.getNames().take_back(window.getAggregates().size());
  for (auto [name, attr] : llvm::zip(names, window.getAggregates()))
    if (seesSlices(window, cast<AggregateAttr>(attr)))
      return ("`" + name.getValue() + "`").str();
  return {};
}

/// The first aggregate that takes slices in the order of time only. A record that comes when its slice is a part of
/// something larger would be put behind that. (Float sums add it there: rule 24 promises them no other bits.)
static std::string ordered(WindowOp window) {
  auto out = cast<StreamType>(window.getOutput().getType());
  ArrayRef<StringAttr> names = out.getNames().take_back(window.getAggregates().size());
  for (auto [name, attr] : llvm::zip(names, window.getAggregates()))
    if (auto aggregate = cast<AggregateAttr>(attr);
        expr::isUserAggregate(aggregate.getFn()) &&
        !expr::findAggregate(aggregate.getFn())->isOrderFree({}, aggregate.getOptions()))
      return ("`" + name.getValue() + "` = " + aggregate.getFn() +
              " is not order_free: a record that comes late for its slice must go into that, not behind it")
          .str();
  return {};
}

/// The first aggregate whose state is as large as what it has taken in: a suffix of slices would hold a copy of it.
static std::string keepsValues(WindowOp window) {
  auto out = cast<StreamType>(window.getOutput().getType());
  ArrayRef<StringAttr> names = out.getNames().take_back(window.getAggregates().size());
  for (auto [name, attr] : llvm::zip(names, window.getAggregates())) {
    auto aggregate = cast<AggregateAttr>(attr);
    const expr::Aggregate *facts = expr::findAggregate(aggregate.getFn());
    bool isBounded = facts->isIdempotent(aggregate.getOptions()) || aggregate.getFn() == "top" ||
                     expr::isDistinct(*facts, aggregate.getOptions());
    if (!isBounded && facts->stateWith(aggregate.getOptions()) != expr::Aggregate::Constant)
      return ("`" + name.getValue() + "` = " + aggregate.getFn()).str();
  }
  return {};
}

//===-- the table of algorithms ----------------------------------------------===//

namespace {
struct AlgorithmRow {
  Algorithm algorithm;
  std::optional<WindowKind> only;                ///< what it is for; none: any window over slices
  std::string (*obstacle)(const Sliced &window); ///< why a window cannot have it; empty if it can
  std::string (*against)(const Sliced &window);  ///< why it should not if it can, unless that is forced
  std::string (*reason)(const Sliced &window);   ///< why it has it
};
} // namespace

static std::string nothing(const Sliced &) { return {}; }

static std::string slicesText(int64_t count) { return std::to_string(count) + (count == 1 ? " slice" : " slices"); }

/// Up to here a result is combined of its slices as fast as by any other way, with the least state.
static constexpr int64_t mostRecomputed = 4;

static std::string outOfOrder(const Sliced &window) { return window.ordered; }
static std::string prefixReason(const Sliced &) { return "a running result, to which each step adds its slice"; }

static std::string tooManySlices(const Sliced &window) {
  return window.slices <= mostRecomputed || !window.keeps.empty() || !window.ordered.empty()
             ? ""
             : "each result would be combined of " + slicesText(window.slices) + ", more than " +
                   std::to_string(mostRecomputed);
}
static std::string recomputeReason(const Sliced &window) {
  std::string kept = window.slices > mostRecomputed && !window.keeps.empty()
                         ? ": " + window.keeps + " keeps its values, which suffixes of slices would have once more each"
                         : "";
  if (!window.ordered.empty())
    kept = ": " + window.ordered;
  return slicesText(window.slices) + " a window, combined for each result" + kept;
}

static std::string notExactly(const Sliced &window) { return window.notExact; }
static std::string subtractReason(const Sliced &window) {
  return slicesText(window.slices) +
         " a window: a running result, to which slices are added when they close and "
         "from which they are taken when they expire" +
         (window.seen.empty() ? "" : "; " + window.seen + " has with each value the last slice that had it");
}
static std::string twoStacksReason(const Sliced &window) {
  return slicesText(window.slices) + " a window: suffixes of the older ones and a running result of the younger ones, "
                                     "so each slice is combined twice";
}

static constexpr AlgorithmRow rows[] = {
    {Algorithm::Prefix, WindowKind::Cumulate, outOfOrder, nothing, prefixReason},
    {Algorithm::Recompute, std::nullopt, nothing, tooManySlices, recomputeReason},
    {Algorithm::Subtract, WindowKind::Sliding, notExactly, nothing, subtractReason},
    {Algorithm::TwoStacks, WindowKind::Sliding, outOfOrder, nothing, twoStacksReason},
};

//===-- the pass ------------------------------------------------------------===//

static std::optional<Algorithm> algorithmOf(AlgorithmMode mode) {
  switch (mode) {
  case AlgorithmMode::Auto:
    return std::nullopt;
  case AlgorithmMode::Recompute:
    return Algorithm::Recompute;
  case AlgorithmMode::Subtract:
    return Algorithm::Subtract;
  case AlgorithmMode::TwoStacks:
    return Algorithm::TwoStacks;
  case AlgorithmMode::Prefix:
    return Algorithm::Prefix;
  }
  llvm_unreachable("every mode has an algorithm");
}

namespace {
struct SpecializeWindowsPass : millrace::impl::SpecializeWindowsBase<SpecializeWindowsPass> {
  using SpecializeWindowsBase::SpecializeWindowsBase;

  void runOnOperation() override {
    for (auto window : getOperation().getOps<WindowOp>())
      if (failed(specialize(window)))
        signalPassFailure();
    for (auto top : getOperation().getOps<TopOp>())
      specialize(top);
    for (auto over : getOperation().getOps<OverOp>())
      specialize(over);
  }

  /// One row of a window comes with each record, and at most a few go.
  void specialize(OverOp op) {
    if (op.getWindow().getKind() == OverKind::All)
      return note(op, Algorithm::InPlace, "a record goes into what is there: nothing leaves it");
    if (algorithm == AlgorithmMode::Recompute)
      return note(op, Algorithm::Recompute, "the rows of each record's window are gone through: forced");
    if (std::string why = whySlow(op); !why.empty())
      op.emitWarning() << why;
    std::string reason = "what leaves a record's window is taken away again, exactly";
    std::string others = followed(op, expr::OverWay::Stacked) + followed(op, expr::OverWay::Counted);
    std::string looked = followed(op, expr::OverWay::Looked);
    if (!looked.empty())
      decide(op.getLoc(), flag, operatorName(op), false, "not two-stacks: " + StringRef(looked).drop_front(2).str());
    bool areAll = followed(op, expr::OverWay::Taken).empty() && others.empty();
    Algorithm chosen = others.empty() && looked.empty() ? Algorithm::Subtract
                       : areAll                         ? Algorithm::Recompute
                                                        : Algorithm::TwoStacks;
    if (chosen == Algorithm::Recompute)
      reason = "the rows of each record's window are gone through";
    note(op, chosen, reason + others + looked);
  }

  LogicalResult specialize(WindowOp op) {
    WindowAttr window = op.getWindow();
    if (op.getFiring() && window.getKind() != WindowKind::Session && window.getKind() != WindowKind::Calendar)
      return keepPanes(op);
    switch (window.getKind()) {
    case WindowKind::Tumbling:
    case WindowKind::Global:
      return success(); // a record belongs to one window: its slice
    case WindowKind::Count:
      return judgeCount(op);
    case WindowKind::Sliding:
    case WindowKind::Cumulate:
      if (op.getFill()) {
        note(op, Algorithm::Recompute, slicesText(slicesOf(window)) + " a window, and the keys without records");
        return success();
      }
      return choose(op,
                    {window.getKind(), slicesOf(window), notExact(op), keepsValues(op), ordered(op), seesSlices(op)});
    case WindowKind::Calendar:
      if (!window.getZone().empty() && !clocksOf(window.getZone()))
        return op.emitError() << "the clocks of the zone `" << window.getZone().getValue()
                              << "` are not the same everywhere; expected one as `Europe/Berlin`";
      if (op.getFiring())
        return keepPanes(op);
      return success(); // the same, of uneven lengths
    case WindowKind::Same:
      return takeOver(op, op.getWindow(), op.getInput());
    case WindowKind::Session:
      return keepSessions(op);
    }
    llvm_unreachable("covered");
  }

  /// Windows that fire again, or that late records still reach.
  LogicalResult keepPanes(WindowOp op) {
    FiringAttr firing = op.getFiringAttr();
    constexpr int64_t mostWindows = 10'000;
    if (int64_t windows = windowsOf(op.getWindow()); windows > mostWindows)
      return op.emitError()
             << "`" << operatorName(op) << "`: each record would be in " << windows << " windows, more than "
             << mostWindows
             << ", and windows that may fire more than once have a table each: they need a longer `every`";
    std::string reason = "a table for each window, and a record goes into all of its windows: ";
    if (firing.getMode() == FiringMode::Final)
      reason += "each is kept for its late records";
    else if (firing.getEmit())
      reason += "each has rows before its end";
    else
      reason += "each fires again for its late records";
    note(op, Algorithm::Panes, reason);
    return success();
  }

  LogicalResult keepSessions(WindowOp op) {
    FiringAttr firing = op.getFiringAttr();
    std::string reason = "each key's own, from its first record on: a slot for each";
    if (firing && firing.replaces())
      reason += "; rows of a session that changes are deleted";
    note(op, Algorithm::Sessions, reason);
    return success();
  }

  /// The rows of one window come together when that fires, with the time before its end: they are its last slice.
  LogicalResult takeOver(Operation *op, WindowAttr written, Value input) {
    WindowAttr window = resolved(written, input);
    std::string reason =
        "results of `" + windowText(window) + "`, each window's by themselves: it fires behind that one";
    note(op, Algorithm::Same, reason);
    return success();
  }

  /// Of each slice only the best records are kept, so few are put together.
  void specialize(TopOp op) {
    WindowKind kind = op.getWindow().getKind();
    if (kind == WindowKind::Same)
      (void)takeOver(op, op.getWindow(), op.getInput());
    else if (kind == WindowKind::Sliding || kind == WindowKind::Cumulate)
      note(op, Algorithm::Recompute, slicesText(slicesOf(op.getWindow())) + " a window, and the best records of each");
  }

  void note(Operation *op, Algorithm algorithm, const std::string &reason) {
    decide(op->getLoc(), flag, operatorName(op), true, stringifyAlgorithm(algorithm) + ": " + reason);
    op->setDiscardableAttr(algorithmNote, AlgorithmAttr::get(&getContext(), algorithm));
    op->setDiscardableAttr(algorithmReasonNote, StringAttr::get(&getContext(), reason));
    ++numChosen;
  }

  /// Results of a count that share records come from parts of gcd(size, every) records, which a key's slot has.
  LogicalResult judgeCount(WindowOp op) {
    WindowAttr window = op.getWindow();
    if (window.getSlide() == window.getSize()) // of the key's records since its last result
      return success();
    constexpr int64_t mostParts = 1024;
    int64_t part = std::gcd(window.getSize(), window.getSlide());
    if (window.getSize() / part > mostParts)
      return op.emitError() << "`" << operatorName(op) << "` would keep " << window.getSize() / part << " parts of "
                            << part << (part == 1 ? " record" : " records") << " for each key, more than " << mostParts
                            << ": `every` needs a greater common divisor with " << window.getSize();
    return success();
  }

  LogicalResult choose(WindowOp op, const Sliced &window) {
    std::string others;
    std::optional<Algorithm> forced = algorithmOf(algorithm);
    for (const AlgorithmRow &row : rows) {
      if (forced && forced != row.algorithm)
        continue;
      bool fits = !row.only || *row.only == window.kind;
      if (!fits && !forced)
        continue;
      std::string name = algorithmText(row.algorithm);
      std::string obstacle = row.obstacle(window);
      if (!fits)
        obstacle = ("that is for windows of the kind `" + stringifyWindowKind(*row.only) + "`").str();
      if (forced && !obstacle.empty())
        return op.emitError() << "`" << operatorName(op) << "` cannot have the algorithm `" << name
                              << "`, which is forced: " << obstacle;
      if (obstacle.empty() && !forced)
        obstacle = row.against(window);
      if (!obstacle.empty()) {
        others += "; not " + name + ": " + obstacle;
        decide(op.getLoc(), flag, operatorName(op), false, "not " + name + ": " + obstacle);
        continue;
      }
      std::string reason = (forced ? "forced; " : "") + row.reason(window);
      decide(op.getLoc(), flag, operatorName(op), true, name + ": " + reason);
      op->setDiscardableAttr(algorithmNote, AlgorithmAttr::get(&getContext(), row.algorithm));
      op->setDiscardableAttr(algorithmReasonNote, StringAttr::get(&getContext(), reason + others));
      ++numChosen;
      return success();
    }
    llvm_unreachable("the last rows fit every window over slices");
  }

  static constexpr StringLiteral flag = "stream-specialize-windows";
};
} // namespace
