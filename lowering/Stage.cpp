//===- Stage.cpp - a loop ends in a selection vector --------------------------===//
//
// At a stage the record's index is appended to a vector, without a branch where
// the filters before it allow that; the rest of the body becomes a loop over the
// vector. What the rest needs is loaded or computed again if that is cheap, else
// kept in a column of the task's arena.
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {

/// Ops that are computed again behind one stage, at most.
constexpr unsigned kMostAgain = 8;

/// Finds what the rest of a body needs from before it.
struct LiveIns {
  const Expressions &before, &base;
  Continuation &rest;
  SmallVector<Value> toSpill;
  llvm::DenseSet<Value> seen;

  /// Can `value` be had again without keeping it? Collects the ops that it takes, operands first.
  bool isCheapAgain(Value value, SmallVectorImpl<Operation *> &ops, SmallVectorImpl<BlockArgument> &fields) {
    if (base.has(value))
      return true;
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      fields.push_back(argument);
      return true;
    }
    Operation *op = value.getDefiningOp();
    if (llvm::is_contained(ops, op) || llvm::is_contained(rest.again, op))
      return true;
    if (!Expressions::isCheap(op) || ops.size() + rest.again.size() >= kMostAgain)
      return false;
    for (Value operand : op->getOperands())
      if (!isCheapAgain(operand, ops, fields))
        return false;
    ops.push_back(op);
    return true;
  }

  void need(Value value) {
    if (base.has(value) || !before.has(value) || !seen.insert(value).second)
      return;
    SmallVector<Operation *> ops;
    SmallVector<BlockArgument> fields;
    if (!isCheapAgain(value, ops, fields)) {
      toSpill.push_back(value);
      return;
    }
    rest.again.append(ops);
    for (BlockArgument field : fields)
      if (!llvm::is_contained(rest.reloads, field))
        rest.reloads.push_back(field);
  }
};

unsigned bytesOf(Type part) { return part.isInteger(1) ? 1 : part.isInteger(32) || part.isF32() ? 4 : 8; }

} // namespace

/// Stores what `val` has at `position` of new columns.
Spill Body::spill(Value name, const Val &val, Value position) {
  Spill result{name, {}, val};
  SmallVector<Value, 4> stored(val.parts.begin(), val.parts.end());
  for (Value more : {val.valid, val.error})
    if (more)
      stored.push_back(more);
  for (Value part : stored) {
    unsigned bytes = bytesOf(part.getType());
    Value column;
    {
      OpBuilder::InsertionGuard guard(code);
      code.setInsertionPointAfter(frame.batchSize.getDefiningOp());
      column = code.call1(Rt::mr_arena, {frame.task, code.mul(frame.batchSize, code.word(bytes))});
    }
    result.columns.push_back(column);
    if (part.getType().isInteger(1))
      part = code.resize(part, code.i8(), false);
    code.store(part, code.at(column, code.mul(position, code.word(bytes))), Memory::Scratch, bytes);
  }
  return result;
}

Val millrace::lowering::restore(Code &code, const Spill &spill, Value position) {
  unsigned next = 0;
  auto load = [&](Value shape) -> Value {
    Type type = shape.getType();
    unsigned bytes = bytesOf(type);
    Value place = code.at(spill.columns[next++], code.mul(position, code.word(bytes)));
    if (!type.isInteger(1))
      return code.load(type, place, Memory::Scratch, bytes);
    return code.cmp(Code::Cmp::ne, code.load(code.i8(), place, Memory::Scratch, 1), code.constant(code.i8(), 0));
  };
  Val val;
  for (Value part : spill.shape.parts)
    val.parts.push_back(load(part));
  if (spill.shape.valid)
    val.valid = load(spill.shape.valid);
  if (spill.shape.error)
    val.error = load(spill.shape.error);
  return val;
}

LogicalResult Body::stage(exec::StageOp op, Block::iterator end) {
  Continuation rest;
  rest.begin = std::next(op->getIterator());
  rest.end = end;
  LiveIns liveIns{expressions, frame.base, rest, {}, {}};
  for (Operation &later : llvm::make_range(rest.begin, rest.end))
    later.walk([&](Operation *inner) {
      for (Value operand : inner->getOperands())
        liveIns.need(operand);
    });
  {
    OpBuilder::InsertionGuard guard(code);
    code.setInsertionPointAfter(frame.batchSize.getDefiningOp());
    rest.selection = code.call1(Rt::mr_arena, {frame.task, code.mul(frame.batchSize, code.word(2))});
    rest.count = code.variable(code.i64(), code.word(0));
  }
  Value position = code.load(code.i64(), rest.count);
  code.store(code.resize(record, code.i16(), false), code.at(rest.selection, code.mul(position, code.word(2))),
             Memory::Scratch, 2);
  for (Value value : liveIns.toSpill)
    rest.spills.push_back(spill(value, expressions.get(value), position));
  if (path) {
    Val error;
    error.error = path;
    rest.path = spill({}, error, position);
  }
  Value one = pending ? code.resize(pending, code.i64(), false) : code.word(1);
  code.store(code.add(position, one), rest.count);
  pending = {};
  frame.continuations.push_back(std::move(rest));
  return success();
}
