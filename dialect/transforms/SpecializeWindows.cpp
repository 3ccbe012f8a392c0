//===- SpecializeWindows.cpp - choose the algorithm of each window -----------===//
//
// A record is folded into one slice, whatever the window: time is cut at every
// edge of one. What is chosen here is how the results of windows come from their
// slices. The decision is a table (WindowAlgorithms.h): the first row that a window
// can have, and that nothing speaks against, is its algorithm. Here is what it asks
// of a window, and what is said of those that have one way only.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/CountParts.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Same.h"
#include "dialect/stream/ZoneClocks.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Noted.h"
#include "dialect/transforms/OverWays.h"
#include "dialect/transforms/Passes.h"
#include "dialect/transforms/TableParts.h"
#include "dialect/transforms/WindowAlgorithms.h"
#include "llvm/ADT/TypeSwitch.h"
#include <numeric>

namespace millrace {
#define GEN_PASS_DEF_SPECIALIZEWINDOWS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

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

/// What a record in so many windows costs: each gives a row for each of its keys, so a few records have millions of
/// them.
static void warnOfMany(Operation *op, WindowAttr window) {
  constexpr int64_t many = 100'000;
  if (int64_t windows = windowsOf(window); windows > many)
    op->emitWarning() << "each record is in " << windows
                      << " windows, of which each gives a row for each key; a longer "
                      << "`every` makes fewer, and `over %in last D` gives one row for each record";
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

/// The first aggregate of a count that keeps the parts where they are.
static std::string partsStay(WindowOp window) {
  for (state::MemberAttr member : membersOf(window))
    if (StringRef why = state::whyPartsStay(member); !why.empty())
      return ("`" + member.getName().getValue() + "` = " + member.getFn() + " " + why).str();
  return {};
}

/// Where parts would be too many: the nearest `every` below and above this one that gives few enough; empty: none near.
static std::string betterEvery(int64_t size, int64_t every, int64_t mostParts) {
  constexpr int64_t farthest = 1'000'000;
  auto search = [&](int64_t by) -> int64_t {
    for (int64_t other = every + by; other >= 1 && other <= size && std::abs(other - every) <= farthest; other += by)
      if (size / std::gcd(size, other) <= mostParts)
        return other;
    return 0;
  };
  std::string text;
  for (int64_t other : {search(-1), search(1)})
    if (other)
      text += (text.empty() ? ", as with `every " : " or `every ") + std::to_string(other) + "`";
  return text;
}

//===-- the pass ------------------------------------------------------------===//

namespace {
struct SpecializeWindowsPass : millrace::impl::SpecializeWindowsBase<SpecializeWindowsPass> {
  using SpecializeWindowsBase::SpecializeWindowsBase;

  /// A count's aggregates are judged as the members that they will be.
  void getDependentDialects(DialectRegistry &registry) const override { registry.insert<state::StateDialect>(); }

  LogicalResult initialize(MLIRContext *context) override {
    auto choice = algorithmByName(algorithm);
    if (!choice)
      return emitError(UnknownLoc::get(context)) << "`" << algorithm << "` is no algorithm of windows";
    forced = *choice;
    return success();
  }

  void runOnOperation() override {
    for (Operation &op : getOperation().getBody().front()) {
      LogicalResult done = TypeSwitch<Operation *, LogicalResult>(&op)
                               .Case<WindowOp, OverOp>([&](auto window) { return specialize(window); })
                               .Case([&](TopOp top) {
                                 specialize(top);
                                 return success();
                               })
                               .Default(success());
      if (failed(done))
        signalPassFailure();
    }
  }

  /// One row of a window comes with each record, and at most a few go.
  LogicalResult specialize(OverOp op) {
    if (op.getWindow().getKind() == OverKind::All) {
      only(op, Algorithm::InPlace, "a record goes into what is there: nothing leaves it");
      return success();
    }
    if (forced == Algorithm::Recompute) {
      note(op, Algorithm::Recompute, "the rows of each record's window are gone through: forced");
      return success();
    }
    if (std::string why = whySlow(op); !why.empty())
      op.emitWarning() << why;
    std::string reason = "what leaves a record's window is taken away again, exactly";
    std::string others = followed(op, expr::OverWay::Stacked) + followed(op, expr::OverWay::Counted);
    std::string looked = followed(op, expr::OverWay::Looked);
    if (!looked.empty())
      decide(op.getLoc(), flag, operatorName(op), false, "not two-stacks: " + StringRef(looked).drop_front(2).str());
    std::string taken = followed(op, expr::OverWay::Taken);
    Algorithm chosen = others.empty() && looked.empty()  ? Algorithm::Subtract
                       : taken.empty() && others.empty() ? Algorithm::Recompute
                                                         : Algorithm::TwoStacks;
    if (taken.empty() && others.empty() && looked.empty()) {
      only(op, chosen, "no aggregate follows the rows of a window");
      return success();
    }
    if (forced && *forced != chosen) {
      std::string own = StringRef(taken + others + looked).drop_front(2).str();
      return cannotHave(op, *forced, *forced == Algorithm::Prefix ? "that is for windows of the kind `cumulate`" : own);
    }
    if (chosen == Algorithm::Recompute)
      reason = "the rows of each record's window are gone through";
    note(op, chosen, reason + others + looked);
    return success();
  }

  LogicalResult specialize(WindowOp op) {
    WindowAttr window = op.getWindow();
    if (op.getFiring() && window.getKind() != WindowKind::Session && window.getKind() != WindowKind::Calendar)
      return keepPanes(op);
    warnOfMany(op, window);
    switch (window.getKind()) {
    case WindowKind::Tumbling:
    case WindowKind::Global:
      only(op, Algorithm::InPlace, ofOneWindow);
      return success();
    case WindowKind::Count:
      return chooseForCount(op);
    case WindowKind::Sliding:
    case WindowKind::Cumulate:
      if (op.getFill()) {
        only(op, Algorithm::Recompute, slicesText(window) + " a window, and the keys without records");
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
      only(op, Algorithm::InPlace, ofOneWindow); // of uneven lengths
      return success();
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
    only(op, Algorithm::Panes, reason);
    return success();
  }

  LogicalResult keepSessions(WindowOp op) {
    FiringAttr firing = op.getFiringAttr();
    std::string reason = "each key's own, from its first record on: a slot for each";
    if (firing && firing.replaces())
      reason += "; rows of a session that changes are deleted";
    only(op, Algorithm::Sessions, reason);
    return success();
  }

  /// The rows of one window come together when that fires, with the time before its end: they are its last slice.
  LogicalResult takeOver(Operation *op, WindowAttr written, Value input) {
    WindowAttr window = resolved(written, input);
    std::string reason =
        "results of `" + windowText(window) + "`, each window's by themselves: it fires behind that one";
    only(op, Algorithm::Same, reason);
    return success();
  }

  /// Of each slice only the best records are kept, so few are put together.
  void specialize(TopOp op) {
    warnOfMany(op, op.getWindow());
    WindowKind kind = op.getWindow().getKind();
    if (kind == WindowKind::Same)
      (void)takeOver(op, op.getWindow(), op.getInput());
    else if (kind == WindowKind::Sliding || kind == WindowKind::Cumulate)
      only(op, Algorithm::Recompute, slicesText(op.getWindow()) + " a window, and the best records of each");
    else
      only(op, Algorithm::InPlace, ofOneWindow);
  }

  /// Results of a count that share records come from parts of gcd(size, every) records, which a key's slot has.
  LogicalResult chooseForCount(WindowOp op) {
    WindowAttr window = op.getWindow();
    if (window.getSlide() == window.getSize()) {
      only(op, Algorithm::InPlace, "a result is of the key's records since its last one");
      return success();
    }
    constexpr int64_t mostParts = 1024;
    int64_t part = std::gcd(window.getSize(), window.getSlide());
    if (window.getSize() / part > mostParts)
      return op.emitError() << "`" << operatorName(op) << "` would keep " << window.getSize() / part << " parts of "
                            << part << (part == 1 ? " record" : " records") << " for each key, more than " << mostParts
                            << ": what it counts and `every` need a greater common divisor"
                            << betterEvery(window.getSize(), window.getSlide(), mostParts)
                            << "; a row for each record has `over … last " << window.getSize()
                            << " rows`, which has no parts";
    return choose(op, {window.getKind(), window.getSize() / part, partsStay(op), {}, {}, {}});
  }

  /// A window that has one way only, whatever is forced.
  void only(Operation *op, Algorithm algorithm, const std::string &reason) {
    if (forced && *forced != algorithm)
      decide(op->getLoc(), flag, operatorName(op), false,
             "not " + algorithmText(*forced) + ", which is forced: such a window has one way only");
    note(op, algorithm, reason);
  }

  void note(Operation *op, Algorithm algorithm, const std::string &reason) {
    decide(op->getLoc(), flag, operatorName(op), true, algorithmText(algorithm) + ": " + reason);
    ++numChosen;
    if (algorithm == Algorithm::InPlace && !isa<OverOp>(op)) // which tables have by themselves
      return;
    op->setDiscardableAttr(algorithmNote, AlgorithmAttr::get(&getContext(), algorithm));
    op->setDiscardableAttr(algorithmReasonNote, StringAttr::get(&getContext(), reason));
  }

  static InFlightDiagnostic cannotHave(Operation *op, Algorithm algorithm, const std::string &why) {
    return op->emitError() << "`" << operatorName(op) << "` cannot have the algorithm `" << algorithmText(algorithm)
                           << "`, which is forced: " << why;
  }

  LogicalResult choose(WindowOp op, const Sliced &window) {
    std::string others;
    for (const WindowAlgorithm &row : windowAlgorithms()) {
      if (forced ? *forced != row.algorithm : !row.isFor(window.kind))
        continue;
      std::string obstacle = row.isFor(window.kind) ? row.obstacle(window) : row.whyNotFor(window.kind);
      if (forced && !obstacle.empty())
        return cannotHave(op, row.algorithm, obstacle);
      if (obstacle.empty() && !forced)
        obstacle = row.against(window);
      if (!obstacle.empty()) {
        std::string name = algorithmText(row.algorithm);
        others += "; not " + name + ": " + obstacle;
        decide(op.getLoc(), flag, operatorName(op), false, "not " + name + ": " + obstacle);
        continue;
      }
      std::string reason = (forced ? "forced; " : "") + row.reason(window);
      note(op, row.algorithm, reason);
      op->setDiscardableAttr(algorithmReasonNote, StringAttr::get(&getContext(), reason + others));
      return success();
    }
    llvm_unreachable("the last rows fit every window over slices");
  }

  static std::string slicesText(WindowAttr window) {
    int64_t count = slicesOf(window);
    return std::to_string(count) + (count == 1 ? " slice" : " slices");
  }

  std::optional<Algorithm> forced;
  static constexpr StringLiteral flag = "stream-specialize-windows";
  static constexpr const char *ofOneWindow = "a record belongs to one window, and goes into what its key has there";
};
} // namespace
