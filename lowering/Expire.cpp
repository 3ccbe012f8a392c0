//===- Expire.cpp - delete rows for keys that expire --------------------------===//
//
// Called by the engine with the positions of keys whose time to live is over
// (rule 35), before it takes them out. Between two keys it may pause (MR_MORE).
//
//===----------------------------------------------------------------------===//
#include "lowering/Functions.h"
#include "lowering/Kept.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// The delete rows of the key at a position.
static void deleteKey(Frame &frame, Table &table, TableAccess &access, state::UpdateOp update, const TableInHand &in,
                      Value position) {
  Code &code = frame.code;
  Slot slot = access.at(in, position);
  SmallVector<Val> keys;
  for (auto [type, key] : llvm::zip_equal(table.type().getKeyTypes(), access.keysAt(slot, position)))
    keys.push_back(lasting(code, frame.task, type, key)); // it goes before the row is written
  frame.openOuts(code.word(1));
  Body body(frame, code.word(0));
  UpdateInHand inHand{update, table, slot, keys, rowsBehind(update)};
  for (const KeptRow &row : inHand.rows)
    body.deleteRow(inHand, row);
  frame.closeOuts();
}

LogicalResult millrace::lowering::lowerExpire(Context &context, Table &table) {
  SmallVector<state::UpdateOp> updates = updatesOf(context.program.op, table.op);
  if (!table.op.getKeep() || !table.op.getKeep().getDeletes() || updates.empty())
    return success();
  state::UpdateOp update = updates.front();
  Code code(table.op.getLoc(), context.runtime);
  LLVM::LLVMFuncOp function = beginFunction(context, code, ("expire_" + table.op.getSymName()).str(),
                                            {code.ptr(), code.ptr(), code.ptr(), code.i64(), code.ptr()}, code.i32());
  auto a = function.getArguments();
  Value positions = a[2], count = a[3], cursor = a[4];
  Frame frame(code, context.program, a[0]);
  frame.prepare(update);
  std::unique_ptr<TableAccess> access = accessTo(code, a[0], table);
  TableInHand in;
  in.table = a[1];
  Value begin = code.load(code.i64(), cursor, Memory::Unknown, 8);
  auto loop = scf::WhileOp::create(
      code, TypeRange{code.i64()}, ValueRange{begin},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        Value more = code.cmp(Code::Cmp::ult, at[0], count);
        Value room = code.invert(code.call1(Rt::mr_out_full, {a[0]}));
        scf::ConditionOp::create(code, code.both(more, room), at);
      },
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        Value position = code.load(code.i64(), code.at(positions, code.mul(at[0], code.word(8))), Memory::Unknown, 8);
        deleteKey(frame, table, *access, update, in, position);
        scf::YieldOp::create(code, code.add(at[0], code.word(1)));
      });
  Value reached = loop.getResult(0);
  code.store(reached, cursor, Memory::Unknown, 8);
  Value isDone = code.cmp(Code::Cmp::uge, reached, count);
  LLVM::ReturnOp::create(code, code.select(isDone, code.half(MR_DONE), code.half(MR_MORE)));
  return success();
}
