//===- FoldPairs.cpp - can two folds be one? ----------------------------------===//
#include "dialect/transforms/FoldPairs.h"
#include "dialect/exec/Exec.h"
#include "dialect/stream/Sites.h"
#include "dialect/transforms/GivenValues.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace millrace;

//===-- do they take the same records? ----------------------------------------===//

/// Do these give the same value, and nothing that can go wrong?
static bool areSame(Value a, Value b) { return isSame(a, b); }

/// The branch in which the fold alone stands, or null.
static exec::BranchOp branchOf(state::FoldOp fold) {
  auto branch = dyn_cast<exec::BranchOp>(fold->getParentOp());
  if (!branch || fold->getNextNode())
    return {};
  for (Operation &op : *fold->getBlock())
    if (&op != fold && !isa<expr::ExprDialect>(op.getDialect()) && !isa<exec::DemandOp>(op))
      return {};
  return branch;
}

bool millrace::isBeside(state::FoldOp a, state::FoldOp b) {
  exec::BranchOp one = branchOf(a), other = branchOf(b);
  return one && other && one->getBlock() == other->getBlock() && llvm::equal(a.getKeys(), b.getKeys(), areSame) &&
         isSame(a.getTime(), b.getTime());
}

//===-- what can go wrong -----------------------------------------------------===//

/// Can it be an error, by itself or by what it is made of?
static bool mayFail(Value value) {
  llvm::SetVector<Value> from;
  from.insert(value);
  for (size_t i = 0; i < from.size(); ++i) {
    if (Operation *op = from[i].getDefiningOp()) {
      if (stream::canFail(op))
        return true;
      from.insert_range(op->getOperands());
      continue;
    }
    auto step = dyn_cast<exec::StepOp>(cast<BlockArgument>(from[i]).getOwner()->getParentOp());
    auto source =
        step ? SymbolTable::lookupNearestSymbolFrom<exec::SourceOp>(step, step.getInputAttr()) : exec::SourceOp();
    bool isText = source && source.getFormat() && *source.getFormat() != "binary";
    if (isText && cast<BlockArgument>(from[i]).getArgNumber() < step.getFields().size())
      return true; // a field; an event time has been read already
  }
  return false;
}

/// What of the fold can be an error, but for keys and time.
static llvm::SetVector<Value> judgedBy(state::FoldOp fold) {
  llvm::SetVector<Value> judged;
  auto add = [&](ValueRange values) {
    for (Value value : values)
      if (!llvm::is_contained(fold.getKeys(), value) && mayFail(value))
        judged.insert(value);
  };
  add(fold.getArgs());
  add(fold.getFilters());
  for (auto demand : fold->getBlock()->getOps<exec::DemandOp>())
    add(demand.getValues());
  return judged;
}

/// Does an error of a record stop the pipeline, where this fold stands?
static bool stopsAnyway(state::FoldOp fold) {
  auto step = fold->getParentOfType<exec::StepOp>();
  if (!step || fold->getParentOfType<state::UpdateOp>() || fold->getParentOfType<state::AdmitOp>())
    return true; // behind state
  auto source = SymbolTable::lookupNearestSymbolFrom<exec::SourceOp>(step, step.getInputAttr());
  return source.getOnBad() == stream::BadPolicy::Fail && !source.getMaxBad() && !source.getMaxBadPercent();
}

bool millrace::goWrongTogether(state::FoldOp a, state::FoldOp b) {
  llvm::SetVector<Value> one = judgedBy(a), other = judgedBy(b);
  auto isIn = [](const llvm::SetVector<Value> &all) { return [&all](Value value) { return all.contains(value); }; };
  if (llvm::all_of(one, isIn(other)) && llvm::all_of(other, isIn(one)))
    return true;
  auto isJudgedFirst = [](state::FoldOp fold) { // by what follows in the block, whosever that is
    return llvm::any_of(fold->getBlock()->getOps<exec::DemandOp>(),
                        [](exec::DemandOp demand) { return llvm::any_of(demand.getValues(), mayFail); });
  };
  return stopsAnyway(a) && !isJudgedFirst(a) && !isJudgedFirst(b);
}
