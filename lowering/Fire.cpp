//===- Fire.cpp - everything behind a window, for each key of a pane ----------===//
//
// Slots are visited in their place or in the order of keys. Between two keys the
// firing may pause (MR_MORE): the cursor then stands at the next one.
//
//===----------------------------------------------------------------------===//
#include "lowering/Functions.h"

#include "dialect/expr/Expr.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
struct Firing {
  Value task, table, start, end, time, cursor;
};
} // namespace

/// Why the pane fires, as the text of the `timing` field.
static Val timingText(Code &code, ModuleOp module, Value task) {
  Value number = code.call1(Rt::mr_timing, {task});
  Val early = textConstant(code, module, "early"), onTime = textConstant(code, module, "on_time"),
      late = textConstant(code, module, "late");
  Val rest = selectValue(code, code.cmp(Code::Cmp::eq, number, code.half(1)), onTime, late);
  return selectValue(code, code.cmp(Code::Cmp::eq, number, code.half(0)), early, rest);
}

/// The error of a sum that does not fit (rule 23), none if there is no sum.
static Value bindArguments(Code &code, Body &body, Block &block, Table &table, const Firing &firing, const Val &timing,
                           ArrayRef<Val> keys, const Slot &slot) {
  stream::WindowAttr window = table.op.getWindow();
  unsigned next = 0;
  auto bind = [&](Val val) { body.expressions.bind(block.getArgument(next++), std::move(val)); };
  auto plain = [](Value value) {
    Val val;
    val.parts = {value};
    return val;
  };
  for (const Val &key : keys)
    bind(key);
  if (window.isInTime()) {
    bind(plain(firing.start));
    bind(plain(firing.end));
  }
  if (window.getDomain() == stream::TimeDomain::Processing)
    bind(timing);
  Value overflow;
  for (Val &result : body.finishMembers(table, slot, overflow))
    bind(result);
  Val time = plain(firing.time);
  if (isNullable(block.getArgument(next).getType())) // INT64_MIN: nothing was seen
    time.valid = code.cmp(Code::Cmp::ne, firing.time, code.word(INT64_MIN));
  bind(time);
  return overflow;
}

/// One slot: its body, if it is in use, and the rows it gives.
static LogicalResult fireSlot(Frame &frame, exec::FireOp op, Table &table, TableAccess &access, const Firing &firing,
                              const Val &timing, const Slot &slot, Value position) {
  Code &code = frame.code;
  Block &block = op.getBody().front();
  LogicalResult done = success();
  auto fire = [&] {
    Body body(frame, position);
    Value overflow = bindArguments(code, body, block, table, firing, timing, access.keysAt(slot, position), slot);
    auto run = [&] {
      frame.openOuts(code.word(1));
      done = body.run(block.begin(), block.end());
      frame.closeOuts();
    };
    if (!overflow)
      return run();
    // The error stops the pipeline, whatever is behind; so no terminal is named.
    auto fail = [&] {
      code.call(Rt::mr_overflow, {firing.task, code.half(int32_t(table.index)), slot.address,
                                  code.resize(position, code.i32(), false), code.half(0), overflow});
    };
    code.when(code.expect(code.invert(noError(code, overflow)), false), fail, run);
  };
  if (access.isAlwaysInUse())
    fire();
  else
    code.when(access.isInUse(slot), fire);
  return done;
}

LogicalResult millrace::lowering::lowerFire(Context &context, exec::FireOp op) {
  Table &table = context.program.table(op.getTable());
  Code code(op.getLoc(), context.runtime);
  LLVM::LLVMFuncOp function =
      beginFunction(context, code, ("fire_" + op.getTable()).str(),
                    {code.ptr(), code.ptr(), code.i64(), code.i64(), code.i64(), code.ptr()}, code.i32());
  auto a = function.getArguments();
  Firing firing{a[0], a[1], a[2], a[3], a[4], a[5]};
  Frame frame(code, context.program, firing.task);
  if (failed(frame.lowerOuter(op)))
    return failure();
  frame.prepare(op);
  for (auto [sink, rows] : frame.rows)
    table.maxRows = std::max(table.maxRows, rows);
  std::unique_ptr<TableAccess> access = accessTo(code, firing.task, table);
  TableInHand in{firing.table, code.call1(Rt::mr_table_slots, {firing.table}), {}, {}};
  Value order, count;
  if (table.op.getOrdered() && !access->isInKeyOrder()) {
    Value place = code.variable(code.i64());
    order = code.call1(Rt::mr_table_order, {firing.table, place});
    count = code.load(code.i64(), place);
  } else {
    count = code.call1(Rt::mr_table_capacity, {firing.table});
  }
  Val timing;
  if (table.op.getWindow().getDomain() == stream::TimeDomain::Processing)
    timing = timingText(code, context.module, firing.task);
  Value begin = code.load(code.i64(), firing.cursor, Memory::Unknown, 8);
  LogicalResult done = success();
  auto loop = scf::WhileOp::create(
      code, TypeRange{code.i64()}, ValueRange{begin},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        Value next = at[0];
        if (!order && !access->isAlwaysInUse())
          next = code.call1(Rt::mr_table_next, {firing.table, next, code.half(int32_t(table.slot.size))});
        Value more = code.cmp(Code::Cmp::ult, next, count);
        Value room = code.invert(code.call1(Rt::mr_out_full, {firing.task}));
        scf::ConditionOp::create(code, code.both(more, room), next);
      },
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        Value position = order ? code.load(code.i64(), code.at(order, code.mul(at[0], code.word(8)))) : at[0];
        done = fireSlot(frame, op, table, *access, firing, timing, access->at(in, position), position);
        scf::YieldOp::create(code, code.add(at[0], code.word(1)));
      });
  if (failed(done))
    return failure();
  code.setLoc(op.getLoc());
  Value stopped = loop.getResult(0);
  code.store(stopped, firing.cursor, Memory::Unknown, 8);
  Value isDone = code.cmp(Code::Cmp::uge, stopped, count);
  LLVM::ReturnOp::create(code, code.select(isDone, code.half(MR_DONE), code.half(MR_MORE)));
  return success();
}
