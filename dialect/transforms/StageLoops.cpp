//===- StageLoops.cpp - where one loop ends and the next goes on ------------===//
//
// The cost model is the table "Fusion: which loop" of the measurements, and the
// benchmark "filter, map": staged is never far from the best form at any pass
// rate; writing a row for each record wins only where that is nearly all there
// is to do. Costs are in units of one simple operation on values at hand.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Types.h"
#include "dialect/stream/Sites.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Passes.h"
#include "llvm/ADT/StringMap.h"

namespace millrace {
#define GEN_PASS_DEF_STAGELOOPS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::exec;

static constexpr StringLiteral flag = "exec-stage-loops";
static constexpr int cheapRow = 6; // a row that may be written for nothing: a few fields, an operation or two
static constexpr int nearlyNever = 15, nearlyAlways = 85; // percent

//===-- costs and what is allowed -------------------------------------------===//

static bool isText(Type type) {
  return isa<expr::StringType, expr::BytesType, expr::ListType, expr::RecordType>(expr::stripNull(type));
}
static bool touchesText(Operation &op) {
  return llvm::any_of(op.getOperandTypes(), isText) || llvm::any_of(op.getResultTypes(), isText);
}
static bool isExpression(Operation &op) { return isa<expr::ExprDialect>(op.getDialect()); }

static int costOf(Block::iterator from, Block::iterator to);

static int costOf(Operation &op) {
  int cost = TypeSwitch<Operation *, int>(&op)
                 .Case<expr::ConstantOp, DemandOp, StageOp, expr::YieldOp>([](auto) { return 0; })
                 .Case<expr::DivOp, expr::ModOp>([](auto) { return 8; })
                 .Case<expr::CallOp>([](auto) { return 20; })
                 .Case<expr::CastOp>([&](auto) { return touchesText(op) ? 40 : 1; })
                 .Case<expr::CmpOp>([&](auto) { return touchesText(op) ? 4 : 1; })
                 .Case<EmitOp>([&](EmitOp emit) { return 1 + int(emit.getValues().size()); })
                 .Case<state::FoldOp, state::AwaitOp, state::UpdateOp, state::AdmitOp>([](auto) { return 20; })
                 .Case<UnnestOp>([](auto) { return 20; })
                 .Default([](auto) { return 1; });
  for (Region &region : op.getRegions())
    cost += costOf(region.front().begin(), region.front().end());
  return cost;
}

static int costOf(Block::iterator from, Block::iterator to) {
  int cost = 0;
  for (; from != to; ++from)
    cost += costOf(*from);
  return cost;
}

/// May this be computed for rejected records too? Not what calls the runtime or walks texts.
static bool isHarmless(Operation &op) {
  return isa<DemandOp>(op) || (isExpression(op) && !isa<expr::CallOp, expr::ListOp>(op) && costOf(op) <= 8 &&
                               !(isa<expr::CastOp>(op) && touchesText(op)));
}

/// Is all that follows `keep` in its block harmless, but for keeps, up to one emit at the end?
static bool canEmitBranchFree(KeepOp keep) {
  for (Operation &op : llvm::make_range(std::next(keep->getIterator()), keep->getBlock()->end())) {
    if (isa<EmitOp>(op))
      return &op == &keep->getBlock()->back();
    if (!isHarmless(op) && !isa<KeepOp>(op))
      return false;
  }
  return false;
}

/// Does only a row follow that costs little and cannot be bad by what is computed for it?
static bool isCheapRow(KeepOp keep) {
  auto rest = llvm::make_range(std::next(keep->getIterator()), keep->getBlock()->end());
  return canEmitBranchFree(keep) && costOf(rest.begin(), rest.end()) <= cheapRow &&
         llvm::none_of(rest, [](Operation &op) { return op.hasAttr(stream::siteAttr); });
}

static IntegerAttr terminalOf(Operation *op) {
  if (auto emit = dyn_cast<EmitOp>(op))
    return emit.getTerminalAttr();
  if (auto fold = dyn_cast<state::FoldOp>(op))
    return fold.getTerminalAttr();
  return {};
}

/// Counts the terminals' ops in `op`.
static void countTerminals(Operation *op, llvm::DenseMap<Attribute, int> &counts) {
  op->walk([&](Operation *inner) {
    if (IntegerAttr terminal = terminalOf(inner))
      ++counts[terminal];
  });
}

/// Why the loop may not end before `next`; empty if it may. Only in a step, outside unnests, and if each terminal
/// reached from `next` on is reached from nowhere else in the step: else its records would come in another order (rule
/// 7).
static StringRef obstacleBefore(Operation *next) {
  Operation *parent = next->getParentOp();
  while (isa<BranchOp>(parent))
    parent = parent->getParentOp();
  if (isa<UnnestOp>(parent))
    return "it stands inside a flat_map";
  llvm::DenseMap<Attribute, int> behind, everywhere;
  for (Operation *op = next; op; op = op->getNextNode())
    countTerminals(op, behind);
  countTerminals(parent, everywhere);
  if (behind.empty())
    return "nothing follows";
  if (llvm::any_of(behind, [&](auto &at) { return everywhere[at.first] != at.second; }))
    return "another way leads to the same place, whose order a second loop would change";
  return {};
}

static bool isUnpredictable(KeepOp keep) {
  if (keep.getCondition().getDefiningOp<state::FoldOp>()) // late records are few
    return false;
  int likely = int(keep.getLikely());
  return likely < 0 || (likely >= nearlyNever && likely <= nearlyAlways);
}

static expr::ConstantOp constantOf(Value value) { return value.getDefiningOp<expr::ConstantOp>(); }

/// The share in percent that the condition itself tells, -1 if none: `x mod 123 = 0` holds for one in 123.
static int rateOf(Value condition) {
  auto cmp = condition.getDefiningOp<expr::CmpOp>();
  auto mod = cmp ? cmp.getLhs().getDefiningOp<expr::ModOp>() : expr::ModOp();
  if (!mod || !constantOf(cmp.getRhs()) || !constantOf(mod.getRhs()))
    return -1;
  auto divisor = dyn_cast<IntegerAttr>(constantOf(mod.getRhs()).getValue());
  if (!divisor || divisor.getValue().isZero())
    return -1;
  double share = 100 / divisor.getValue().abs().roundToDouble(false);
  if (cmp.getPredicate() == expr::CmpPredicate::eq)
    return int(share + 0.5);
  return cmp.getPredicate() == expr::CmpPredicate::ne ? int(100.5 - share) : -1;
}

static std::string rateText(KeepOp keep) {
  int likely = int(keep.getLikely());
  return likely < 0 ? "passes an unknown share" : "passes about " + std::to_string(likely) + " %";
}

//===-- the pass ------------------------------------------------------------===//

namespace {
struct StageLoopsPass : millrace::impl::StageLoopsBase<StageLoopsPass> {
  using StageLoopsBase::StageLoopsBase;

  void runOnOperation() override {
    llvm::StringMap<int> rates;
    if (failed(readRates(rates)))
      return signalPassFailure();
    getOperation().walk([&](KeepOp keep) {
      if (auto at = rates.find(keep.getFilter()); at != rates.end())
        keep.setLikely(at->second);
      else if (int rate = rateOf(keep.getCondition()); int(keep.getLikely()) < 0 && rate >= 0)
        keep.setLikely(rate);
    });
    for (auto step : getOperation().getOps<StepOp>())
      if (isStateful(step) || firesAtOnce(step))
        keepBranches(step);
      else
        step.walk([&](Block *block) { decideBlock(*block); });
  }

  /// A step that keeps state has one loop: rows of one record come before those of the next, and it may end at any.
  void keepBranches(StepOp step) {
    step.walk([&](KeepOp keep) {
      if (keep.getCondition().getDefiningOp<state::FoldOp>())
        return;
      decide(keep.getLoc(), flag, keep.getFilter(), false,
             isStateful(step)
                 ? "stays a branch: the step keeps state, so it goes record by record"
                 : "stays a branch: windows fire behind single records, so the step goes record by record");
    });
  }

  LogicalResult readRates(llvm::StringMap<int> &rates) {
    for (const std::string &entry : likely) {
      auto [name, percent] = StringRef(entry).rsplit(':');
      int rate;
      if (percent.getAsInteger(10, rate) || rate < 0 || rate > 100)
        return getOperation().emitError("cannot read the pass rate `")
               << entry << "`; write the filter's name and a percentage, as in `strong:30`";
      rates[name] = rate;
    }
    return success();
  }

  void decideBlock(Block &block) {
    switch (mode) {
    case StagingMode::Fused:
      return;
    case StagingMode::Auto:
      return decideByCost(block);
    case StagingMode::Staged:
      for (auto keep : llvm::to_vector(block.getOps<KeepOp>()))
        stageAfter({keep}, "forced: a stage after every filter");
      return;
    case StagingMode::Unfused:
      return unfuse(block);
    case StagingMode::BranchFree:
      for (auto keep : block.getOps<KeepOp>())
        if (canEmitBranchFree(keep))
          markBranchFree(keep, "forced: no branch wherever that is allowed");
      return;
    }
  }

  void unfuse(Block &block) {
    SmallVector<Operation *> operators;
    for (Operation &op : block)
      if (!isExpression(op))
        operators.push_back(&op);
    for (Operation *op : operators)
      if (op != &block.front() && obstacleBefore(op).empty())
        stageBefore(op, "forced: a stage after every operator");
  }

  /// Consecutive unpredictable filters with only harmless expressions between them.
  SmallVector<KeepOp> groupFrom(KeepOp first) {
    SmallVector<KeepOp> group{first};
    for (Operation *op = first->getNextNode(); op; op = op->getNextNode()) {
      if (auto keep = dyn_cast<KeepOp>(op)) {
        if (!isUnpredictable(keep))
          break;
        group.push_back(keep);
      } else if (!isHarmless(*op)) {
        break;
      }
    }
    return group;
  }

  void decideByCost(Block &block) {
    DenseSet<Operation *> decided;
    for (auto keep : llvm::to_vector(block.getOps<KeepOp>())) {
      if (decided.contains(keep))
        continue;
      if (keep.getCondition().getDefiningOp<state::FoldOp>()) // as no user wrote it
        continue;
      if (!isUnpredictable(keep)) {
        decide(keep.getLoc(), flag, keep.getFilter(), false, "stays a branch: it " + rateText(keep));
        continue;
      }
      SmallVector<KeepOp> group = groupFrom(keep);
      decided.insert(group.begin(), group.end());
      KeepOp last = group.back();
      if (isCheapRow(keep))
        for (KeepOp member : group)
          markBranchFree(member, "it " + rateText(member) + ", and all that follows is a cheap row");
      else
        stageAfter(group, "`" + last.getFilter() + "` " + rateText(last) + ", and more than a cheap row follows");
    }
  }

  void keepBranches(ArrayRef<KeepOp> group, const Twine &why) {
    for (KeepOp keep : group)
      decide(keep.getLoc(), flag, keep.getFilter(), false, why);
  }

  void stageAfter(ArrayRef<KeepOp> group, const Twine &why) {
    Operation *next = group.back()->getNextNode();
    StringRef obstacle = next ? obstacleBefore(next) : "nothing follows";
    if (!obstacle.empty())
      return keepBranches(group, "stays a branch: " + obstacle);
    for (KeepOp keep : group) {
      keep.setBranchFree(true);
      ++numBranchFree;
    }
    KeepOp last = group.back();
    stageBefore(next, why);
    decide(last.getLoc(), flag, last.getFilter(), true, "the loop ends behind it: " + why);
  }

  void stageBefore(Operation *next, const Twine &why) {
    OpBuilder builder(next);
    StageOp::create(builder, next->getLoc(), why.str());
    ++numStages;
  }

  void markBranchFree(KeepOp keep, const Twine &why) {
    keep.setBranchFree(true);
    ++numBranchFree;
    decide(keep.getLoc(), flag, keep.getFilter(), true, "no branch: " + why);
  }
};
} // namespace
