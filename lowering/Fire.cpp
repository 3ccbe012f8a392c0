//===- Fire.cpp - everything behind a window, for each key that fires --------===//
//
// Rows come a table at a time (`fire`: all slots of a pane, in their place or in
// the order of keys), or one by one (`fire_due`: of slots that the engine names,
// each with its own window). Between two keys the firing may pause (MR_MORE):
// the cursor then stands at the next one.
//
//===----------------------------------------------------------------------===//
#include "lowering/Functions.h"
#include "lowering/Over.h"

#include "dialect/expr/Expr.h"
#include "dialect/stream/Firing.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
/// What a row says of its window and why it comes.
struct Due {
  Value start, end, time;
  Value pane;    ///< i64; of windows that fire again
  Val timing;    ///< text; where results tell it
  Value deletes; ///< i1: the row goes; none: none ever does
};

/// A function that fires, with what the rows of one call share.
class Firing {
public:
  Firing(Code &code, Context &context, exec::FireOp op, Table &table, ValueRange arguments)
      : code(code), context(context), op(op), table(table), task(arguments[0]), tableInHand(arguments[1]),
        cursor(arguments.back()), frame(code, context.program, task), access(accessTo(code, task, table)) {}

  /// A table at a time: (task, table, start, end, time, cursor).
  LogicalResult all(ValueRange arguments);
  /// One by one: (task, table, due, count, cursor).
  LogicalResult due(ValueRange arguments);

private:
  bool tellsTiming() const;
  Val timingText(Value number);
  Value bindArguments(Body &body, const Due &due, ArrayRef<Val> keys, const Slot &slot);
  LogicalResult fireSlot(const Due &due, const Slot &slot, Value position);
  LogicalResult prepare();
  LogicalResult loop(Value count, Value most, function_ref<LogicalResult(Value)> body);
  LogicalResult blocks(const TableInHand &in, Value count, Value most, function_ref<LogicalResult(Value)> body);
  Value hasRoom() { return code.invert(code.call1(Rt::mr_out_full, {task})); }
  void finish(Value stopped, Value count, Value most, Value visited);

  Code &code;
  Context &context;
  exec::FireOp op;
  Table &table;
  Value task, tableInHand, cursor;
  Frame frame;
  std::unique_ptr<TableAccess> access;
};
} // namespace

/// Do results have the field `timing`?
bool Firing::tellsTiming() const {
  return table.op.getWindow().getDomain() == stream::TimeDomain::Processing || stream::hasPanes(table.op.getFiring());
}

/// Why a row comes, as the text of the `timing` field. `number`: 0 early, 1 on_time, 2 late.
Val Firing::timingText(Value number) {
  Val early = textConstant(code, context.module, "early"), onTime = textConstant(code, context.module, "on_time"),
      late = textConstant(code, context.module, "late");
  Val rest = selectValue(code, code.cmp(Code::Cmp::eq, number, code.half(1)), onTime, late);
  return selectValue(code, code.cmp(Code::Cmp::eq, number, code.half(0)), early, rest);
}

/// The error of a sum that does not fit (rule 23), none if there is no sum.
Value Firing::bindArguments(Body &body, const Due &due, ArrayRef<Val> keys, const Slot &slot) {
  Block &block = op.getBody().front();
  unsigned next = 0;
  auto bind = [&](Val val) { body.expressions.bind(block.getArgument(next++), std::move(val)); };
  auto plain = [](Value value) {
    Val val;
    val.parts = {value};
    return val;
  };
  for (const Val &key : keys)
    bind(key);
  if (table.op.getWindow().isInTime()) {
    bind(plain(due.start));
    bind(plain(due.end));
  }
  if (stream::hasPanes(table.op.getFiring()))
    bind(plain(due.pane));
  if (tellsTiming())
    bind(due.timing);
  Value overflow;
  for (Val &result : body.finishMembers(table, slot, overflow))
    bind(result);
  Val time = plain(due.time);
  if (isNullable(block.getArgument(next).getType())) // INT64_MIN: nothing was seen
    time.valid = code.cmp(Code::Cmp::ne, due.time, code.word(INT64_MIN));
  bind(time);
  return overflow;
}

/// The rows of a slot that is in use.
LogicalResult Firing::fireSlot(const Due &due, const Slot &slot, Value position) {
  Block &block = op.getBody().front();
  LogicalResult done = success();
  Body body(frame, position);
  SmallVector<Val> keys = access->keysAt(slot, position);
  Value overflow = bindArguments(body, due, keys, slot);
  UpdateInHand replacing{{}, table, slot, keys, {}, &block};
  if (stream::FiringAttr firing = table.op.getFiring(); firing && firing.replaces()) {
    replacing.rows = rowsBehind(block);
    for (size_t next = keys.size(); next < keys.size() + 2 && table.op.getWindow().isInTime(); ++next)
      replacing.keys.push_back(body.expressions.get(block.getArgument(next))); // the window
    body.inUpdate = &replacing;
  }
  auto write = [&] {
    frame.openOuts(code.word(1));
    done = body.run(block.begin(), block.end());
    frame.closeOuts();
  };
  auto leave = [&] {
    frame.openOuts(code.word(1));
    Body gone(frame, position);
    for (const KeptRow &row : replacing.rows)
      gone.deleteRow(replacing, row);
    frame.closeOuts();
  };
  auto run = [&] { due.deletes ? code.when(due.deletes, leave, write) : write(); };
  if (!overflow) {
    run();
    return done;
  }
  // The error stops the pipeline, whatever is behind; so no terminal is named.
  auto fail = [&] {
    code.call(Rt::mr_overflow, {task, code.half(int32_t(table.index)), slot.address,
                                code.resize(position, code.i32(), false), code.half(0), overflow});
  };
  code.when(code.expect(code.invert(noError(code, overflow)), false), fail, run);
  return done;
}

LogicalResult Firing::prepare() {
  if (failed(frame.lowerOuter(op)))
    return failure();
  frame.prepare(op);
  for (auto [sink, rows] : frame.rows)
    table.maxRows = std::max(table.maxRows, rows);
  return success();
}

/// From the cursor on, up to `count`, or until the output is full or `most` positions (0: any number) were gone
/// through; then the function returns.
LogicalResult Firing::loop(Value count, Value most, function_ref<LogicalResult(Value)> body) {
  Value begin = code.load(code.i64(), cursor, Memory::Unknown, 8);
  Value last = code.sub(most, code.word(1)); // of 0 the greatest number
  LogicalResult done = success();
  auto loop = scf::WhileOp::create(
      code, TypeRange{code.i64(), code.i64()}, ValueRange{begin, code.word(0)},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        Value more = code.cmp(Code::Cmp::ult, at[0], count);
        Value room = code.both(hasRoom(), code.cmp(Code::Cmp::ule, at[1], last));
        scf::ConditionOp::create(code, code.both(more, room), ValueRange{at[0], at[1]});
      },
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        done = body(at[0]);
        scf::YieldOp::create(code, ValueRange{code.add(at[0], code.word(1)), code.add(at[1], code.word(1))});
      });
  if (failed(done))
    return failure();
  finish(loop.getResult(0), count, most, loop.getResult(1));
  return success();
}

/// The same for slots of a table in use; what nobody touched is passed over. Which slots of a block are in use is noted
/// first, without a branch: a processor cannot foresee it.
LogicalResult Firing::blocks(const TableInHand &in, Value count, Value most, function_ref<LogicalResult(Value)> body) {
  constexpr int64_t kBlock = 64;
  Value positions = code.block(kBlock * sizeof(uint64_t));
  auto noted = [&](Value number) { return code.at(positions, code.mul(number, code.word(sizeof(uint64_t)))); };
  Value begin = code.load(code.i64(), cursor, Memory::Unknown, 8);
  Value last = code.sub(most, code.word(1)); // of 0 the greatest number
  LogicalResult done = success();
  auto note = [&](Value next, Value end) {
    auto all = scf::ForOp::create(code, next, end, code.word(1), ValueRange{code.word(0)});
    OpBuilder::InsertionGuard guard(code);
    code.setInsertionPointToStart(all.getBody());
    Value position = all.getInductionVar(), number = all.getRegionIterArg(0);
    code.store(position, noted(number), Memory::Unknown, 8);
    Value isInUse = access->isInUse(access->at(in, position));
    scf::YieldOp::create(code, code.add(number, code.resize(isInUse, code.i64(), /*isSigned=*/false)));
    return all.getResult(0);
  };
  auto loop = scf::WhileOp::create(
      code, TypeRange{code.i64(), code.i64()}, ValueRange{begin, code.word(0)},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        Value next = code.call1(Rt::mr_table_next, {tableInHand, at[0], code.half(int32_t(table.slot.size))});
        Value more = code.cmp(Code::Cmp::ult, next, count);
        Value room = code.both(hasRoom(), code.cmp(Code::Cmp::ule, at[1], last));
        scf::ConditionOp::create(code, code.both(more, room), ValueRange{next, at[1]});
      },
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        auto least = [&](Value a, Value b) { return code.createOrFold<arith::MinUIOp>(a, b); };
        Value most = code.add(least(code.sub(last, at[1]), code.word(kBlock - 1)), code.word(1));
        Value end = code.add(at[0], least(most, code.sub(count, at[0])));
        Value found = note(at[0], end);
        Value fired = code.loopWhile(
            code.word(0), found, [&](Value) { return hasRoom(); },
            [&](Value number) {
              if (succeeded(done))
                done = body(code.load(code.i64(), noted(number), Memory::Unknown, 8));
            });
        Value isWhole = code.cmp(Code::Cmp::eq, fired, found);
        Value next = code.load(code.i64(), noted(code.select(isWhole, code.word(0), fired)), Memory::Unknown, 8);
        next = code.select(isWhole, end, next);
        scf::YieldOp::create(code, ValueRange{next, code.add(at[1], code.sub(next, at[0]))});
      });
  if (failed(done))
    return failure();
  finish(loop.getResult(0), count, most, loop.getResult(1));
  return success();
}

/// The cursor stays at `stopped`, with how many positions may still be gone through.
void Firing::finish(Value stopped, Value count, Value most, Value visited) {
  code.setLoc(op.getLoc());
  code.store(stopped, cursor, Memory::Unknown, 8);
  Value left = code.select(code.cmp(Code::Cmp::eq, most, code.word(0)), most, code.sub(most, visited));
  code.store(left, code.at(cursor, int64_t(offsetof(mr_cursor, inner))), Memory::Unknown, 8);
  Value isDone = code.cmp(Code::Cmp::uge, stopped, count);
  LLVM::ReturnOp::create(code, code.select(isDone, code.half(MR_DONE), code.half(MR_MORE)));
}

LogicalResult Firing::all(ValueRange arguments) {
  if (failed(prepare()))
    return failure();
  TableInHand in{tableInHand, code.call1(Rt::mr_table_slots, {tableInHand}), {}, {}};
  Value order, count;
  if (table.op.getOrdered() && !access->isInKeyOrder()) {
    Value place = code.variable(code.i64());
    order = code.call1(Rt::mr_table_order, {tableInHand, place});
    count = code.load(code.i64(), place);
  } else {
    count = code.call1(Rt::mr_table_capacity, {tableInHand});
  }
  Due due{arguments[2], arguments[3], arguments[4], {}, {}, {}};
  if (tellsTiming())
    due.timing = timingText(code.call1(Rt::mr_timing, {task}));
  Value most = code.load(code.i64(), code.at(cursor, int64_t(offsetof(mr_cursor, inner))), Memory::Unknown, 8);
  auto fire = [&](Value position) { return fireSlot(due, access->at(in, position), position); };
  if (!order && !access->isAlwaysInUse())
    return blocks(in, count, most, fire);
  return loop(count, most, [&](Value index) {
    if (!order)
      return fire(index);
    Value position = code.load(code.i64(), code.at(order, code.mul(index, code.word(8))));
    LogicalResult done = success();
    code.when(access->isInUse(access->at(in, position)), [&] { done = fire(position); });
    return done;
  });
}

LogicalResult Firing::due(ValueRange arguments) {
  if (failed(prepare()))
    return failure();
  TableInHand in{tableInHand, code.call1(Rt::mr_table_slots, {tableInHand}), {}, {}};
  return loop(arguments[3], /*most=*/code.word(0), [&](Value index) {
    Value one = code.at(arguments[2], code.mul(index, code.word(sizeof(mr_due))));
    auto word = [&](size_t offset) { return code.load(code.i64(), code.at(one, int64_t(offset)), Memory::Unknown, 8); };
    auto half = [&](size_t offset) { return code.load(code.i32(), code.at(one, int64_t(offset)), Memory::Unknown, 4); };
    Due due{word(offsetof(mr_due, start)), word(offsetof(mr_due, end)), word(offsetof(mr_due, time)), {}, {}, {}};
    if (stream::hasPanes(table.op.getFiring()))
      due.pane = code.resize(half(offsetof(mr_due, pane)), code.i64(), /*isSigned=*/false);
    if (tellsTiming())
      due.timing = timingText(half(offsetof(mr_due, timing)));
    stream::FiringAttr firing = table.op.getFiring();
    if (table.slot.sessionEnd && firing && firing.replaces())
      due.deletes = code.cmp(Code::Cmp::ne, half(offsetof(mr_due, deletes)), code.half(0));
    Value position = word(offsetof(mr_due, position));
    return fireSlot(due, access->at(in, position), position);
  });
}

bool millrace::lowering::firesByDue(const Table &table) {
  stream::AlgorithmAttr algorithm = state::TableOp(table.op).getAlgorithmAttr();
  return algorithm &&
         (algorithm.getValue() == stream::Algorithm::Sessions || algorithm.getValue() == stream::Algorithm::Panes);
}

LogicalResult millrace::lowering::lowerFire(Context &context, exec::FireOp op) {
  Table &all = context.program.table(op.getTable());
  if (isOver(all.op))
    return lowerRelease(context, op, all);
  Table table = all.fired();
  Code code(op.getLoc(), context.runtime);
  bool byDue = firesByDue(table);
  Type word = code.i64(), address = code.ptr();
  SmallVector<Type> parameters = {address, address, word, word, word, address};
  if (byDue)
    parameters = {address, address, address, word, address};
  LLVM::LLVMFuncOp function =
      beginFunction(context, code, ((byDue ? "fire_due_" : "fire_") + op.getTable()).str(), parameters, code.i32());
  Firing firing(code, context, op, table, function.getArguments());
  LogicalResult done = byDue ? firing.due(function.getArguments()) : firing.all(function.getArguments());
  all.maxRows = table.maxRows;
  return done;
}
