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
#include "lowering/Over.h"

#include "lowering/Functions.h"

#include "dialect/expr/AggregateFacts.h"
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
      Value row = code.call1(Rt::mr_over_wait, {frame.task, state.window, time});
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
      : code(code), op(op), table(table), layout(context.program.op, table.op), task(arguments[0]), rows(arguments[2]),
        count(arguments[3]), cursor(arguments[4]), frame(code, context.program, task),
        access(accessTo(code, task, table)), window(code.half(int32_t(table.index))) {
    in.table = arguments[1];
  }

  LogicalResult build();

private:
  /// A record in hand, and its key's slot.
  struct Record {
    Value row, time;
    Slot slot;
  };
  /// The rows of a record's window.
  struct Window {
    Value begin, size, self;
  };

  bool isOfTime() const { return table.keep().getTtl() != 0; }
  bool isAll() const { return isOverAll(table.keep()); }
  /// Is what leaves a window taken away again?
  bool removes() const {
    stream::AlgorithmAttr algorithm = state::TableOp(table.op).getAlgorithm();
    return algorithm && algorithm.getValue() == stream::Algorithm::Subtract;
  }
  ArrayRef<state::MemberAttr> members() const { return table.type().getMembers(); }
  bool isFolded(unsigned member) const { return !expr::isPlace(members()[member].getFn()); }
  bool needsRows() const; ///< is each row of the window looked at?

  Value rowAt(Value number) { return code.load(code.ptr(), code.at(rows, code.mul(number, code.word(8)))); }
  Value timeOf(Value row) { return code.load(code.i64(), row, Memory::Unknown, 8); }
  Val waitingValue(unsigned field, Type type, Value row) {
    return loadField(code, type, layout.waiting.fields[field], row);
  }
  Val keptValue(unsigned field, Type type, Value row, const Slot &slot, Value isThere = {});
  Record find(Value row);
  void keep(const Record &record);
  void remove(const Record &record, Value leaving);
  void fold(const Record &record, function_ref<Val(unsigned field, Type type)> value, Value time);
  void look(const Record &record, const Window &all, ArrayRef<Value> before);
  Val result(const Record &record, const Window &all, unsigned member, Value before, Value &overflow);
  LogicalResult fire(const Record &record);
  Value isBefore(Type type, const Val &a, const Val &b);

  Code &code;
  exec::FireOp op;
  Table &table;
  OverLayout layout;
  Value task, rows, count, cursor;
  Frame frame;
  std::unique_ptr<TableAccess> access;
  TableInHand in;
  Value window; ///< i32
  Value block;  ///< a row to be kept
  Value place;  ///< i64, for the engine to fill
  Value alone;  ///< a slot for one record
};
} // namespace

bool Releasing::needsRows() const {
  if (isAll() || removes())
    return false;
  return llvm::any_of(
      members(), [](state::MemberAttr member) { return !expr::isPlace(member.getFn()) || member.getFn() == "rank"; });
}

/// Texts of a row that is kept lie with its key. `isThere`: else `row` is none of this key's, whose text must not be
/// looked for.
Val Releasing::keptValue(unsigned field, Type type, Value row, const Slot &slot, Value isThere) {
  Val val = loadField(code, type, layout.kept.fields[field], row);
  if (isText(type)) {
    if (isThere)
      clearUnless(code, val, isThere);
    auto parts = code.call(Rt::mr_over_text, {task, window, slot.address, val.parts[0], val.parts[1]});
    val.parts.assign(parts.begin(), parts.end());
  }
  return val;
}

Releasing::Record Releasing::find(Value row) {
  SmallVector<Val> keys;
  for (auto [i, type] : llvm::enumerate(layout.keys))
    keys.push_back(waitingValue(unsigned(i), type, row));
  return {row, timeOf(row), access->find(in, keys)};
}

/// The record is in the windows of its key from here on.
void Releasing::keep(const Record &record) {
  SlotPieces pieces(code, table, record.slot);
  if (const Place &at = table.slot.time) {
    Value raw = pieces.load(code.i64(), at);
    pieces.store(code.createOrFold<arith::XOrIOp>(record.time, code.word(INT64_MIN)), at);
    code.when(code.expect(code.cmp(Code::Cmp::eq, raw, code.word(0)), false),
              [&] { code.call(Rt::mr_arm, {task, window, record.slot.address}); });
  }
  const Place &records = table.slot.records;
  pieces.store(code.add(pieces.load(code.i64(), records), code.word(1)), records);
  if (!layout.kept.size)
    return;
  Value leaving = code.call1(Rt::mr_over_leaving, {task, window, record.slot.address, record.time});
  if (removes())
    remove(record, leaving);
  code.call(Rt::mr_over_leave, {task, window, record.slot.address, leaving});
  code.store(record.time, block, Memory::Unknown, 8);
  unsigned first = unsigned(layout.keys.size()), number = 0;
  for (ArrayRef<Type> types : {ArrayRef<Type>(layout.args), ArrayRef<Type>(layout.filters)})
    for (Type type : types) {
      storeField(code, type, waitingValue(first + number, type, record.row), layout.kept.fields[number], block);
      ++number;
    }
  Value kept = code.call1(Rt::mr_over_keep, {task, window, record.slot.address, block});
  code.store(kept, code.at(record.row, 8), Memory::Unknown, 8);
  if (removes())
    fold(record, [&](unsigned field, Type type) { return waitingValue(first + field, type, record.row); }, record.time);
}

/// Takes away what the rows that leave have given: each is folded into a slot of its own first.
void Releasing::remove(const Record &record, Value leaving) {
  auto list = code.call(Rt::mr_over_window, {task, window, record.slot.address, code.word(0), place});
  code.loop(code.word(0), leaving, [&](Value number) {
    Value row = code.at(list[0], code.mul(number, code.word(layout.kept.size)));
    LLVM::MemsetOp::create(code, alone, code.constant(code.i8(), 0), code.word(table.slot.size), /*isVolatile=*/false);
    Record other{row, timeOf(row), Slot{in, alone}};
    fold(other, [&](unsigned field, Type type) { return keptValue(field, type, row, record.slot); }, other.time);
    for (unsigned i = 0; i < members().size(); ++i)
      if (isFolded(i))
        memberOf(code, table, i, record.slot)->remove(*memberOf(code, table, i, other.slot));
  });
}

/// Folds a record into the key's members; `value` gives its arguments (then its conditions).
void Releasing::fold(const Record &record, function_ref<Val(unsigned, Type)> value, Value time) {
  for (auto [i, member] : llvm::enumerate(members())) {
    if (!isFolded(unsigned(i)))
      continue;
    SmallVector<Val> values;
    unsigned first = layout.firstArg(table.type(), unsigned(i));
    for (auto [k, type] : llvm::enumerate(member.getArguments()))
      values.push_back(value(first + unsigned(k), type));
    Value take;
    if (layout.filtered[i]) {
      unsigned filter = layout.filterOf(unsigned(i));
      Val condition = value(unsigned(layout.args.size()) + filter, layout.filters[filter]);
      take = bothValid(code, condition.scalar(), condition.valid);
    }
    memberOf(code, table, unsigned(i), record.slot)->fold(values, take, time);
  }
}

/// In the order of keys, which is that of min and max (rule 26).
Value Releasing::isBefore(Type type, const Val &a, const Val &b) {
  if (isText(type)) {
    Value order = code.call1(Rt::mr_string_compare, {a.parts[0], a.parts[1], b.parts[0], b.parts[1]});
    return code.cmp(Code::Cmp::slt, order, code.half(0));
  }
  if (isa<FloatType>(a.scalar().getType())) {
    Value isLess = code.cmp(Code::CmpF::OLT, a.scalar(), b.scalar());
    Value aIs = code.cmp(Code::CmpF::ORD, a.scalar(), a.scalar());
    Value bIsNot = code.cmp(Code::CmpF::UNO, b.scalar(), b.scalar());
    return code.either(isLess, code.both(aIs, bIsNot));
  }
  return code.cmp(isUnsigned(type) ? Code::Cmp::ult : Code::Cmp::slt, a.scalar(), b.scalar());
}

/// Goes through the window. `before`: variables, how many come before the record by what `rank` compares.
void Releasing::look(const Record &record, const Window &all, ArrayRef<Value> before) {
  if (llvm::any_of(llvm::seq(0u, unsigned(members().size())), [&](unsigned i) { return isFolded(i); }))
    code.call(Rt::mr_over_clear, {task, window, record.slot.address});
  code.loop(code.word(0), all.size, [&](Value number) {
    Value row = code.at(all.begin, code.mul(number, code.word(layout.kept.size)));
    auto value = [&](unsigned field, Type type) { return keptValue(field, type, row, record.slot); };
    fold(record, value, timeOf(row));
    for (auto [i, member] : llvm::enumerate(members())) {
      if (member.getFn() != "rank")
        continue;
      unsigned argument = layout.firstArg(table.type(), unsigned(i));
      Type type = member.getArgument();
      Val other = value(argument, type);
      Val own = waitingValue(unsigned(layout.keys.size()) + argument, type, record.row);
      bool descends = expr::has(member.getOptions(), "descending");
      Value comes = isBefore(valueType(type), descends ? own : other, descends ? other : own);
      comes = bothValid(code, comes, other.valid);
      Value sum = code.add(code.load(code.i64(), before[i]), code.resize(comes, code.i64(), false));
      code.store(sum, before[i]);
    }
  });
}

/// What a member gives. `overflow` becomes the least error of a sum that does not fit (rule 23).
Val Releasing::result(const Record &record, const Window &all, unsigned number, Value before, Value &overflow) {
  state::MemberAttr member = members()[number];
  Val result;
  if (isFolded(number)) {
    result = memberOf(code, table, number, record.slot)->finish((table.firstSite + number) << 3 | MR_OVERFLOW, {});
    overflow = leastError(code, overflow, std::exchange(result.error, {}));
    return lasting(code, task, member.getResult(), result);
  }
  if (member.getFn() == "row_number") {
    Value first = isAll() ? SlotPieces(code, table, record.slot).load(code.i64(), table.slot.records)
                          : code.add(all.self, code.word(1));
    result.parts = {first};
    return result;
  }
  unsigned argument = layout.firstArg(table.type(), number);
  if (member.getFn() == "rank") {
    result.parts = {code.add(code.load(code.i64(), before), code.word(1))};
    result.valid = waitingValue(unsigned(layout.keys.size()) + argument, member.getArgument(), record.row).valid;
    return result;
  }
  Value index = code.sub(all.self, code.word(offsetOf(member)));
  Value isThere = code.cmp(Code::Cmp::sge, index, code.word(0));
  Value row = code.at(all.begin, code.mul(index, code.word(layout.kept.size)));
  result = keptValue(argument, member.getArgument(), code.select(isThere, row, block), record.slot, isThere);
  result.valid = bothValid(code, isThere, result.valid);
  if (isReference(member.getResult()))
    clearUnless(code, result, result.valid);
  return lasting(code, task, member.getResult(), result);
}

LogicalResult Releasing::fire(const Record &record) {
  Window all;
  if (layout.kept.size) {
    Value number = code.load(code.i64(), code.at(record.row, 8), Memory::Unknown, 8);
    auto list = code.call(Rt::mr_over_window, {task, window, record.slot.address, number, place});
    all = {list[0], list[1], code.load(code.i64(), place, Memory::Unknown, 8)};
  }
  SmallVector<Value> before(members().size());
  for (auto [i, member] : llvm::enumerate(members()))
    if (member.getFn() == "rank") {
      before[i] = code.variable(code.i64());
      code.store(code.word(0), before[i]);
    }
  unsigned firstArg = unsigned(layout.keys.size());
  if (isAll())
    fold(
        record, [&](unsigned field, Type type) { return waitingValue(firstArg + field, type, record.row); },
        record.time);
  else if (needsRows())
    look(record, all, before);
  Block &body = op.getBody().front();
  Body inside(frame, code.word(0));
  unsigned next = 0, field = firstArg + unsigned(layout.args.size() + layout.filters.size());
  for (Type type : layout.passed)
    inside.expressions.bind(body.getArgument(next++), waitingValue(field++, type, record.row));
  Value overflow;
  for (unsigned i = 0; i < members().size(); ++i)
    inside.expressions.bind(body.getArgument(next++), result(record, all, i, before[i], overflow));
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
    code.call(Rt::mr_overflow,
              {task, window, record.slot.address, code.half(0), code.half(0), errorAgain(code, overflow)});
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
  block = code.block(std::max(layout.kept.size, 8u));
  place = code.variable(code.i64());
  if (removes())
    alone = code.block(table.slot.size);
  Value kept = code.variable(code.i64(), code.load(code.i64(), code.at(cursor, 8), Memory::Unknown, 8));
  Value begin = code.load(code.i64(), cursor, Memory::Unknown, 8);
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
        Value row = rowAt(at[0]);
        if (isOfTime()) {
          Value time = timeOf(row);
          code.when(code.cmp(Code::Cmp::uge, at[0], code.load(code.i64(), kept)), [&] {
            auto sameTime = [&](Value other) { return code.cmp(Code::Cmp::eq, timeOf(rowAt(other)), time); };
            Value end = code.loopWhile(at[0], count, sameTime, [&](Value other) { keep(find(rowAt(other))); });
            code.store(end, kept);
          });
          done = fire(find(row));
        } else {
          Record record = find(row);
          keep(record);
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
