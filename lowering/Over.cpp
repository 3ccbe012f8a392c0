//===- Over.cpp - windows per record --------------------------------------------===//
//
// A record waits in a row of the engine's. When W has passed it the engine calls
// the function made here with all that are due, in their order: each is kept in
// its key's slot, then what is asked for is computed over the rows that are kept
// there, and everything behind runs.
//
// Of windows of time all records of one time are kept before the first of them
// is looked at, because they are in each other's windows.
//
//===----------------------------------------------------------------------===//
#include "lowering/OverWindow.h"

#include "lowering/Functions.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

//===-- a record waits ----------------------------------------------------------===//

void Frame::prepareWaiting(Table &table) {
  if (waiting.contains(table.index))
    return;
  WaitState state;
  state.window = code.half(int32_t(table.index));
  state.others = watermarkOfOthers(state.window);
  state.passed = code.call1(Rt::mr_window_first_open, {task, state.window});
  if (stateful && !laneWatermark) // the lane is the same for all tables of a step; firings have none
    laneWatermark = code.variable(code.i64(), code.call1(Rt::mr_watermark, {task, state.window}));
  waiting[table.index] = state;
}

LogicalResult Body::await(state::AwaitOp op) {
  Table &table = frame.program.table(op.getTable());
  const WaitState &state = frame.waiting[table.index];
  OverLayout layout(frame.program.op, table.op);
  SmallVector<Value> judged(op.getKeys());
  for (ValueRange values : {ValueRange(op.getArgs()), ValueRange(op.getFilters())})
    llvm::append_range(judged, values);
  SmallVector<Value> all(judged);
  llvm::append_range(all, op.getPassed());
  judged.push_back(op.getTime());
  judge(op.getTerminal(), worst(judged), [&] {
    Value time = expressions.get(op.getTime()).scalar();
    // What has gone on already counts, too: an input that was idle may be behind it.
    Value watermark = code.createOrFold<arith::MaxSIOp>(watermarkFor(state.others), state.passed);
    auto late = [&] {
      if (frame.stateful) // taken back if the pipeline stops at this record
        code.call(Rt::mr_window_late_at, {frame.task, state.window, code.resize(record, code.i32(), false)});
      else
        code.call(Rt::mr_window_count_late, {frame.task, state.window, code.word(1)});
    };
    auto wait = [&] {
      bool hasTexts = llvm::any_of(all, [](Value value) { return isText(value.getType()); });
      Value row = code.call1(hasTexts ? Rt::mr_over_wait : Rt::mr_over_wait_plain, {frame.task, state.window, time});
      for (auto [value, field] : llvm::zip_equal(all, layout.waiting.fields))
        storeField(code, value.getType(), expressions.get(value), field, row);
    };
    code.when(code.expect(code.cmp(Code::Cmp::sle, time, watermark), false), late, wait);
  });
  return success();
}

//===-- it goes on --------------------------------------------------------------===//

namespace {
/// The function that fires what is due.
class Releasing {
public:
  Releasing(Code &code, Context &context, exec::FireOp op, Table &table, ValueRange arguments)
      : code(code), op(op), table(table), task(arguments[0]), rows(arguments[2]), count(arguments[3]),
        cursor(arguments[4]), frame(code, context.program, task), access(accessTo(code, task, table)),
        window(code, context.program.op, table, task) {
    in.table = arguments[1];
  }

  LogicalResult build();

private:
  bool isOfTime() const { return table.keep().getTtl() != 0; }
  /// Are records found in groups? The number of a new key stands only until the next one is asked for.
  bool groups() const { return table.slot.kind != state::LayoutKind::ById; }

  Value rowAt(Value number) { return code.load(code.ptr(), code.at(rows, code.mul(number, code.word(8)))); }
  Value timeOf(Value row) { return code.load(code.i64(), row, Memory::Unknown, 8); }
  SmallVector<Val> keysOf(Value row);
  Value find(Value row) { return access->find(in, keysOf(row)).address; }
  OverRecord record(Value number, Value address) {
    Value row = rowAt(number);
    return {row, timeOf(row), Slot{in, address}};
  }
  void findGroup(Value begin);
  void fetchGroup(Value begin, Value end);
  Value placeOf(Value number);
  OverRecord toKeep(Value number);
  OverRecord toFire(Value number);
  LogicalResult fire(const OverRecord &record);

  Code &code;
  exec::FireOp op;
  Table &table;
  Value task, rows, count, cursor;
  Frame frame;
  std::unique_ptr<TableAccess> access;
  TableInHand in;
  OverWindow window;
  Value slots;              ///< addresses of slots, by number, the least bits of it
  Value first, found, turn; ///< numbers: from where up to where they are there; where the next group begins
};
} // namespace

/// Records whose memory is asked for together, while as many before them go on.
static constexpr int64_t kGroup = 16;

SmallVector<Val> Releasing::keysOf(Value row) {
  SmallVector<Val> keys;
  for (auto [i, type] : llvm::enumerate(window.layout.keys))
    keys.push_back(window.waitingValue(unsigned(i), type, row));
  return keys;
}

Value Releasing::placeOf(Value number) {
  return code.at(slots, code.mul(code.both(number, code.word(2 * kGroup - 1)), code.word(8)));
}

/// A group begins: those behind it have their slots found. Slots stay where they are until a key is added: then those
/// of the group itself are found anew, too.
void Releasing::findGroup(Value begin) {
  Value known = code.load(code.i64(), found);
  known = code.select(code.cmp(Code::Cmp::ult, known, begin), begin, known);
  Value end = code.least(code.add(begin, code.word(2 * kGroup)), count);
  auto findFrom = [&](Value from) {
    code.loop(from, end, [&](Value number) { code.store(find(rowAt(number)), placeOf(number)); });
  };
  auto room = [&] { return code.call1(Rt::mr_table_capacity, {in.table}); };
  Value before = room();
  findFrom(known);
  code.when(code.expect(code.cmp(Code::Cmp::ne, room(), before), false), [&] { findFrom(begin); });
  code.store(begin, first);
  code.store(end, found);
  code.store(code.add(begin, code.word(kGroup)), turn);
  fetchGroup(known, end);
}

/// Asks for what is kept at the slots that were found, and for slots of later records meanwhile.
void Releasing::fetchGroup(Value begin, Value end) {
  auto fetch = [&](Fetch what) {
    code.loop(begin, end, [&](Value number) { window.fetch({in, code.load(code.ptr(), placeOf(number))}, what); });
  };
  fetch(Fetch::Header);
  Value later = code.least(code.add(end, code.word(kGroup)), count);
  code.loop(end, later, [&](Value number) { access->prefetch(in, keysOf(rowAt(number)), number); });
  fetch(Fetch::Rows);
}

OverRecord Releasing::toKeep(Value number) {
  if (!groups())
    return record(number, find(rowAt(number)));
  Value isDue = code.cmp(Code::Cmp::uge, number, code.load(code.i64(), turn));
  code.when(code.expect(isDue, false), [&] { findGroup(number); });
  return record(number, code.load(code.ptr(), placeOf(number)));
}

/// One that is kept. Groups may have begun since, with others of its time.
OverRecord Releasing::toFire(Value number) {
  if (!groups())
    return record(number, find(rowAt(number)));
  Value since = code.load(code.i64(), first);
  Value isThere = code.cmp(Code::Cmp::ult, code.sub(number, since), code.sub(code.load(code.i64(), found), since));
  Value address = code.variable(code.ptr());
  code.when(
      code.expect(isThere, true), [&] { code.store(code.load(code.ptr(), placeOf(number)), address); },
      [&] { code.store(find(rowAt(number)), address); });
  return record(number, code.load(code.ptr(), address));
}

LogicalResult Releasing::fire(const OverRecord &record) {
  Value overflow;
  code.call(Rt::mr_over_goes_on, {task, record.slot.address});
  SmallVector<Val> results = window.results(record, overflow);
  Block &body = op.getBody().front();
  Body inside(frame, code.word(0));
  const OverLayout &layout = window.layout;
  unsigned next = 0, field = unsigned(layout.keys.size() + layout.args.size() + layout.filters.size());
  for (Type type : layout.passed)
    inside.expressions.bind(body.getArgument(next++), window.waitingValue(field++, type, record.row));
  for (const Val &result : results)
    inside.expressions.bind(body.getArgument(next++), result);
  Val time;
  time.parts = {record.time};
  inside.expressions.bind(body.getArgument(next), time);
  LogicalResult done = success();
  auto run = [&] {
    frame.openOuts(code.word(1));
    done = inside.run(body.begin(), body.end());
    frame.closeOuts();
  };
  if (!overflow) {
    run();
    return done;
  }
  auto fail = [&] {
    code.call(Rt::mr_overflow, {task, code.half(int32_t(table.index)), record.slot.address, code.half(0), code.half(0),
                                errorAgain(code, overflow)});
  };
  code.when(code.expect(code.invert(noError(code, overflow)), false), fail, run);
  return done;
}

LogicalResult Releasing::build() {
  if (failed(frame.lowerOuter(op)))
    return failure();
  frame.prepare(op);
  for (auto [sink, most] : frame.rows)
    table.maxRows = std::max(table.maxRows, most);
  Value kept = code.variable(code.i64(), code.load(code.i64(), code.at(cursor, 8), Memory::Unknown, 8));
  Value begin = code.load(code.i64(), cursor, Memory::Unknown, 8);
  if (groups()) {
    slots = code.block(2 * kGroup * 8);
    for (Value *number : {&first, &found, &turn})
      *number = code.variable(code.i64(), begin);
  }
  LogicalResult done = success();
  auto loop = scf::WhileOp::create(
      code, TypeRange{code.i64()}, ValueRange{begin},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        Value room = code.invert(code.call1(Rt::mr_out_full, {task}));
        room = code.both(room, code.invert(code.call1(Rt::mr_paused, {task}))); // a window fires between two records
        scf::ConditionOp::create(code, code.both(code.cmp(Code::Cmp::ult, at[0], count), room), at[0]);
      },
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        if (isOfTime()) {
          Value time = timeOf(rowAt(at[0]));
          code.when(code.cmp(Code::Cmp::uge, at[0], code.load(code.i64(), kept)), [&] {
            auto sameTime = [&](Value other) { return code.cmp(Code::Cmp::eq, timeOf(rowAt(other)), time); };
            Value end = code.loopWhile(at[0], count, sameTime, [&](Value other) { window.keep(toKeep(other)); });
            code.store(end, kept);
          });
          done = fire(toFire(at[0]));
        } else {
          OverRecord record = toKeep(at[0]);
          window.keep(record);
          done = fire(record);
        }
        scf::YieldOp::create(code, code.add(at[0], code.word(1)));
      });
  if (failed(done))
    return failure();
  code.setLoc(op.getLoc());
  Value stopped = loop.getResult(0);
  code.store(stopped, cursor, Memory::Unknown, 8);
  code.store(code.load(code.i64(), kept), code.at(cursor, 8), Memory::Unknown, 8);
  Value isDone = code.cmp(Code::Cmp::uge, stopped, count);
  LLVM::ReturnOp::create(code, code.select(isDone, code.half(MR_DONE), code.half(MR_MORE)));
  return success();
}

LogicalResult millrace::lowering::lowerRelease(Context &context, exec::FireOp op, Table &table) {
  Code code(op.getLoc(), context.runtime);
  LLVM::LLVMFuncOp function = beginFunction(context, code, ("release_" + op.getTable()).str(),
                                            {code.ptr(), code.ptr(), code.ptr(), code.i64(), code.ptr()}, code.i32());
  return Releasing(code, context, op, table, function.getArguments()).build();
}
