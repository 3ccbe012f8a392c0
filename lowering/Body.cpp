//===- Body.cpp - filters, fan-out and lists ----------------------------------===//
#include "lowering/Body.h"

#include "mlir/Dialect/SCF/IR/SCF.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

bool millrace::lowering::isHarmless(Block::iterator begin, Block::iterator end, bool untilStage) {
  for (Operation &op : llvm::make_range(begin, end)) {
    if (isa<exec::StageOp>(op))
      return untilStage;
    if (isa<exec::EmitOp>(op))
      return !untilStage;
    if (!isa<exec::KeepOp, exec::DemandOp>(op) && !Expressions::isCheap(&op))
      return false;
  }
  return false;
}

LogicalResult Body::run(Block::iterator begin, Block::iterator end) {
  OpBuilder::InsertionGuard guard(code);
  for (auto it = begin; it != end; ++it) {
    for (BlockArgument argument : frame.loads.lookup(&*it))
      if (!expressions.has(argument))
        expressions.bind(argument, frame.loadField(argument, record));
    code.setLoc(it->getLoc());
    if (isa<exec::StageOp>(*it) && frame.batchSize)
      return stage(cast<exec::StageOp>(*it), end);
    if (failed(lower(*it, end)))
      return failure();
  }
  return success();
}

LogicalResult Body::lower(Operation &op, Block::iterator end) {
  if (auto keepOp = dyn_cast<exec::KeepOp>(op)) {
    bool withoutBranch = keepOp.getBranchFree();
    auto next = std::next(op.getIterator());
    if (inUpdate) {
      keep(keepOp);
      branchOrLeave(next, end);
      return success();
    }
    bool staged = frame.batchSize && isHarmless(next, end, /*untilStage=*/true);
    keep(keepOp);
    if (!staged && !(withoutBranch && isHarmless(next, end, /*untilStage=*/false)))
      settle();
    return success();
  }
  if (auto demand = dyn_cast<exec::DemandOp>(op)) {
    path = worst(demand.getValues());
    return success();
  }
  if (auto emitOp = dyn_cast<exec::EmitOp>(op))
    return emit(emitOp), success();
  if (isa<exec::StageOp>(op)) // in a firing: only a matter of speed
    return success();
  if (op.getDialect() == code.getContext()->getLoadedDialect<expr::ExprDialect>())
    return expressions.lower(&op);
  settle();
  return TypeSwitch<Operation *, LogicalResult>(&op)
      .Case([&](exec::BranchOp o) { return branch(o); })
      .Case([&](exec::UnnestOp o) { return unnest(o); })
      .Case([&](state::FoldOp o) { return fold(o); })
      .Case([&](state::AwaitOp o) { return await(o); })
      .Case([&](state::UpdateOp o) { return update(o); })
      .Case([&](state::AdmitOp o) { return admit(o); })
      .Default([&](Operation *o) { return o->emitOpError("does not belong into a step"); });
}

void Body::settle() {
  if (!pending)
    return;
  auto branch = scf::IfOp::create(code, pending, /*withElseRegion=*/false);
  code.setInsertionPoint(branch.thenYield());
  pending = {};
}

void Body::keep(exec::KeepOp op) {
  const Val &condition = expressions.get(op.getCondition());
  // An error does not reject: it stays with the path (rule 47).
  Value pass = bothValid(code, condition.scalar(), condition.valid);
  if (condition.error) {
    pass = code.either(pass, code.invert(noError(code, condition.error)));
    path = leastError(code, path, condition.error);
  }
  pending = bothValid(code, pending, pass);
}

LogicalResult Body::branch(exec::BranchOp op) {
  Value outerPath = path;
  Block &block = op.getBody().front();
  LogicalResult done = run(block.begin(), block.end());
  path = outerPath;
  pending = {};
  return done;
}

/// Does it get late records only? One that no window could take is not late.
static bool isBehindLate(Operation *op, Operation *root) {
  for (; op != root; op = op->getParentOp())
    for (Operation *before = op->getPrevNode(); before; before = before->getPrevNode())
      if (auto keep = dyn_cast<exec::KeepOp>(before); keep && keep.getCondition().getDefiningOp<state::FoldOp>())
        return true;
  return false;
}

LogicalResult Body::unnest(exec::UnnestOp op) {
  const Val &list = expressions.get(op.getList());
  Value error = worst(op.getList());
  if (list.error) { // no elements: the record is bad for whatever it could have reached
    code.when(code.expect(code.invert(noError(code, list.error)), false), [&] {
      op.getBody().walk<WalkOrder::PreOrder>([&](Operation *inner) {
        TypeSwitch<Operation *>(inner)
            .Case<exec::EmitOp, state::FoldOp, state::AwaitOp, state::UpdateOp, state::AdmitOp>([&](auto terminal) {
              if (!isBehindLate(inner, op))
                reportBad(terminal.getTerminal(), error);
            });
        if (auto fold = dyn_cast<state::FoldOp>(inner); fold && fold.getAlsoTerminals())
          for (int32_t also : fold.getAlsoTerminalsAttr().asArrayRef())
            reportBad(unsigned(also), error);
        return isa<state::UpdateOp, state::AdmitOp>(inner) ? WalkResult::skip() : WalkResult::advance();
      });
    });
  }
  Block &block = op.getBody().front();
  BlockArgument element = block.getArgument(0);
  Type type = element.getType();
  unsigned size = sizeOf(type);
  Value elements = list.parts[0], count = list.parts[1];
  Value outerPath = path;
  bool outerNested = std::exchange(nested, true);
  LogicalResult done = success();
  code.loop(code.word(0), count, [&](Value i) {
    Val val = loadValue(code, type, code.at(elements, code.mul(i, code.word(size))), Memory::Unknown, 1);
    if (isNullable(type)) {
      Value status = code.load(code.i8(), code.at(code.at(elements, code.mul(count, code.word(size))), i));
      val.valid = code.cmp(Code::Cmp::eq, status, code.constant(code.i8(), 0));
      if (isReference(type))
        clearUnless(code, val, val.valid);
    }
    expressions.bind(element, val);
    done = run(block.begin(), block.end());
  });
  nested = outerNested;
  path = outerPath;
  pending = {};
  return done;
}

//===-- terminals -----------------------------------------------------------===//

Value Body::worst(ValueRange values) {
  Value error = path;
  for (Value value : values)
    error = leastError(code, error, expressions.get(value).error);
  return error;
}

void Body::reportBad(unsigned terminal, Value error) {
  code.call(behindState ? Rt::mr_fail : Rt::mr_bad, {frame.task, code.resize(record, code.i32(), false),
                                                     code.half(int32_t(terminal)), errorAgain(code, error)});
}

void Body::judge(unsigned terminal, Value error, function_ref<void()> effect) {
  if (!error)
    return effect();
  code.when(code.expect(code.invert(noError(code, error)), false), [&] { reportBad(terminal, error); }, effect);
}
