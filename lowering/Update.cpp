//===- Update.cpp - records into state that no window ends --------------------===//
//
// An update folds a record and goes on with the row that this gives; an admit
// goes on with a key's first record. What stands behind them is their body, for
// which an error stops the pipeline (rule 47).
//
// Behind an update rows are upserts: one that a filter rejects is a delete if
// the key's row was let through before. So filters there are branches of which
// the other side writes the deletes, for the sinks whose flag in the key's state
// says that the row is in.
//
// Time to live (rule 35): a key is gone when W >= its time + ttl, by the W before
// the record moves it. What is gone is found here when its key comes again; what
// never comes again goes by a timer, which is armed when a key is new.
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"
#include "lowering/Kept.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// A time in a slot: its order is that of unsigned numbers, and 0 is none.
static Value storedTime(Code &code, Value time) { return code.createOrFold<arith::XOrIOp>(time, code.word(INT64_MIN)); }

/// More than this has no effect on any time there is, and nothing overflows.
static int64_t effectiveTtl(int64_t ttl) {
  constexpr int64_t kGreatestTime = 253402300799999999; // year 9999
  return std::min(ttl, INT64_MAX - kGreatestTime);
}

/// W for the record in hand. `others`: the least W of the operator's inputs, the lane in hand apart.
Value Body::watermarkFor(Value others) {
  if (!frame.laneWatermark)
    return others;
  Value least = code.createOrFold<arith::MinSIOp>(others, code.load(code.i64(), frame.laneWatermark));
  Value floor = frame.floors.lookup(others);
  return floor ? code.createOrFold<arith::MaxSIOp>(least, floor) : least;
}

/// The time of the record as a slot has it; none if there is none.
Value Body::timeToStore(Value time) {
  if (!time)
    return {};
  const Val &val = expressions.get(time);
  Value stored = storedTime(code, val.scalar());
  return val.valid ? code.select(val.valid, stored, code.word(0)) : stored; // null comes before all
}

/// The time in the slot, 0 if the key is new or gone: then its state is zero, too. `isGone` does what has to be done
/// before.
Value Body::timeKept(const Table &table, const KeptState &state, const Slot &slot, Value raw,
                     function_ref<void()> beforeGone) {
  state::KeepAttr keep = table.keep();
  if (!keep.getTtl())
    return raw;
  Value due = code.add(storedTime(code, raw), code.word(effectiveTtl(keep.getTtl())));
  Value isThere = code.cmp(Code::Cmp::ne, raw, code.word(0));
  Value isGone = code.both(isThere, code.cmp(Code::Cmp::sge, watermarkFor(state.others), due));
  code.when(code.expect(isGone, false), [&] {
    beforeGone();
    if (keep.getKind() == state::KeepKind::Running || table.slot.in)
      code.call(Rt::mr_table_reset, {slot.in.get(code), slot.address});
  });
  return code.select(isGone, code.word(0), raw);
}

/// The slot has its time. A key that was not there before is armed.
void Body::armIfNew(const Table &table, const KeptState &state, const Slot &slot, Value raw) {
  if (table.keep().getTtl())
    code.when(code.expect(code.cmp(Code::Cmp::eq, raw, code.word(0)), false),
              [&] { code.call(Rt::mr_arm, {frame.task, state.window, slot.address}); });
}

/// Runs what stands behind state.
LogicalResult Body::runBehind(Block &block) {
  Value outerPath = std::exchange(path, {});
  bool outerBehind = std::exchange(behindState, true);
  LogicalResult done = run(block.begin(), block.end());
  path = outerPath;
  behindState = outerBehind;
  pending = {};
  return done;
}

LogicalResult Body::admit(state::AdmitOp op) {
  Table &table = frame.program.table(op.getTable());
  const KeptState &state = frame.kept[table.index];
  SmallVector<Value> judged(op.getKeys());
  if (op.getTime())
    judged.push_back(op.getTime());
  LogicalResult done = success();
  judge(op.getTerminal(), worst(judged), [&] {
    std::unique_ptr<TableAccess> access = accessTo(code, frame.task, table);
    TableInHand in{state.table, {}, state.head, {}};
    prefetch(op.getKeys(), table, *access, in);
    Slot slot = access->find(in, valuesOf(op.getKeys()));
    SlotPieces pieces(code, table, slot);
    Value passes;
    if (!table.slot.time) {
      passes = code.invert(pieces.flag(table.slot.firstIn));
      code.when(passes, [&] { pieces.setFlag(table.slot.firstIn, {}); });
    } else {
      Value raw = pieces.load(code.i64(), table.slot.time), now = timeToStore(op.getTime());
      Value kept = timeKept(table, state, slot, raw, [] {});
      Value ttl = code.word(effectiveTtl(table.keep().getTtl()));
      Value later = code.add(storedTime(code, kept), ttl);
      passes = code.either(code.cmp(Code::Cmp::eq, kept, code.word(0)),
                           code.cmp(Code::Cmp::sge, storedTime(code, now), later));
      code.when(passes, [&] {
        pieces.store(now, table.slot.time);
        armIfNew(table, state, slot, raw);
      });
    }
    code.when(passes, [&] { done = runBehind(op.getBody().front()); });
  });
  return done;
}

/// The fields of the key as they are in rows: floats as keys have them (rule 26).
static Val asInKey(Code &code, Type type, const Val &val) {
  auto real = dyn_cast<FloatType>(valueType(type));
  if (!real)
    return val;
  Val key = val;
  Value wide = real.isF64() ? val.scalar() : code.createOrFold<arith::ExtFOp>(code.f64(), val.scalar());
  Value bits = code.call1(Rt::mr_key_f64, {wide});
  wide = code.createOrFold<arith::BitcastOp>(code.f64(), bits);
  key.parts = {real.isF64() ? wide : code.createOrFold<arith::TruncFOp>(real, wide)};
  return key;
}

/// Strings of a row that the table may change before the row is written: copied.
Val millrace::lowering::lasting(Code &code, Value task, Type type, const Val &val) {
  if (!isText(type))
    return val;
  Val copy = val;
  auto parts = code.call(Rt::mr_string_copy, {task, val.parts[0], val.parts[1]});
  copy.parts.assign(parts.begin(), parts.end());
  return copy;
}

/// Binds the arguments of the update's body. The error of a sum that does not fit (rule 23), if there is one.
Value Body::bindKept(state::UpdateOp op, const Table &table, const Slot &slot, ArrayRef<Val> keys) {
  Block &block = op.getBody().front();
  unsigned next = 0;
  for (const Val &key : keys)
    expressions.bind(block.getArgument(next++), key);
  Value overflow;
  for (Val &result : finishMembers(table, slot, overflow)) {
    BlockArgument argument = block.getArgument(next++);
    expressions.bind(argument, lasting(code, frame.task, argument.getType(), result));
  }
  if (op.getTime())
    expressions.bind(block.getArgument(next), expressions.get(op.getTime()));
  return overflow;
}

LogicalResult Body::update(state::UpdateOp op) {
  Table &table = frame.program.table(op.getTable());
  const KeptState &state = frame.kept[table.index];
  SmallVector<Value> judged(op.getKeys());
  llvm::append_range(judged, op.getArgs());
  llvm::append_range(judged, op.getFilters());
  if (op.getTime())
    judged.push_back(op.getTime());
  LogicalResult done = success();
  judge(op.getTerminal(), worst(judged), [&] {
    std::unique_ptr<TableAccess> access = accessTo(code, frame.task, table);
    UpdateInHand update{op, table, {}, {}, {}};
    if (table.keep().getKind() != state::KeepKind::Count) // its rows only insert
      update.rows = rowsBehind(op);
    TableInHand in{state.table, {}, state.head, {}};
    prefetch(op.getKeys(), table, *access, in);
    update.slot = access->find(in, valuesOf(op.getKeys()));
    for (Value key : op.getKeys())
      update.keys.push_back(asInKey(code, key.getType(), expressions.get(key)));
    auto foldAndGoOn = [&](Value time) {
      if (table.slot.parts) {
        done = foldPart(update, time ? time : code.word(0));
        return;
      }
      foldMembers(table, update.slot, op.getArgs(), op.getFiltered(), op.getFilters(), time ? time : code.word(0));
      done = table.keep().getKind() == state::KeepKind::Count ? complete(update) : goOn(update);
    };
    if (!table.slot.time)
      return foldAndGoOn(op.getTime() ? expressions.get(op.getTime()).scalar() : Value());
    SlotPieces pieces(code, table, update.slot);
    Value raw = pieces.load(code.i64(), table.slot.time), now = timeToStore(op.getTime());
    Value kept = timeKept(table, state, update.slot, raw, [&] {
      if (table.keep().getDeletes())
        for (const KeptRow &row : update.rows)
          deleteRow(update, row);
    });
    auto goes = [&] {
      pieces.store(code.createOrFold<arith::MaxUIOp>(kept, now), table.slot.time);
      armIfNew(table, state, update.slot, raw);
      foldAndGoOn(storedTime(code, now));
    };
    if (table.keep().getKind() == state::KeepKind::Last) // an older one changes nothing
      code.when(code.cmp(Code::Cmp::uge, now, kept), goes);
    else
      goes();
  });
  return done;
}

/// What stands behind a count of records (rule 16), if that is complete; the key then begins anew.
LogicalResult Body::complete(UpdateInHand &update) {
  LogicalResult done = success();
  Value count = SlotPieces(code, update.table, update.slot).load(code.i64(), update.table.slot.recordCount());
  code.when(code.cmp(Code::Cmp::uge, count, code.word(update.table.keep().getRecords())), [&] {
    done = goOn(update);
    code.call(Rt::mr_table_reset, {update.slot.in.get(code), update.slot.address});
  });
  return done;
}

/// What stands behind an update whose record is folded.
LogicalResult Body::goOn(UpdateInHand &update) {
  state::UpdateOp op = update.op;
  Value overflow = bindKept(op, update.table, update.slot, update.keys);
  LogicalResult done = success();
  auto run = [&] {
    bool upserts = update.table.keep().getKind() != state::KeepKind::Count;
    const UpdateInHand *outer = std::exchange(inUpdate, upserts ? &update : nullptr);
    done = runBehind(op.getBody().front());
    inUpdate = outer;
  };
  if (!overflow) {
    run();
    return done;
  }
  auto fail = [&] {
    code.call(Rt::mr_overflow, {frame.task, code.half(int32_t(update.table.index)),
                                update.key ? update.key : update.slot.address, code.resize(record, code.i32(), false),
                                code.half(int32_t(op.getTerminal())), errorAgain(code, overflow)});
  };
  code.when(code.expect(code.invert(noError(code, overflow)), false), fail, run);
  return done;
}

/// A filter behind an update: on its other side the rows that stand behind it in its block leave their sinks.
void Body::branchOrLeave(Block::iterator behind, Block::iterator end) {
  Value pass = std::exchange(pending, {});
  if (!pass)
    return;
  auto branch = scf::IfOp::create(code, pass, /*withElseRegion=*/true);
  code.setInsertionPoint(branch.elseYield());
  for (const KeptRow &row : inUpdate->rows) {
    bool isBehind = llvm::any_of(llvm::make_range(behind, end), [&](Operation &op) { return op.isAncestor(row.emit); });
    if (isBehind)
      deleteRow(*inUpdate, row);
  }
  code.setInsertionPoint(branch.thenYield());
}

/// A row came to its sink.
void Body::noteIn(exec::EmitOp op) {
  if (inUpdate)
    for (const KeptRow &row : inUpdate->rows)
      if (row.emit == op && row.flag >= 0)
        SlotPieces(code, inUpdate->table, inUpdate->slot)
            .setFlag(inUpdate->table.slot.firstIn + unsigned(row.flag), {});
}

/// A delete, if this was the last way by which the key's row is in its sink; by this one it is not in it afterwards.
/// Unions bring a row to a sink by several ways.
void Body::deleteRow(const UpdateInHand &update, const KeptRow &row) {
  auto write = [&] { writeDelete(update, row); };
  SlotPieces pieces(code, update.table, update.slot);
  auto flagOf = [&](const KeptRow &way) { return update.table.slot.firstIn + unsigned(way.flag); };
  bool staysIn = false; // by a way without filters
  Value elsewhere;      // by one with
  for (const KeptRow &other : update.rows) {
    if (&other == &row || exec::EmitOp(other.emit).getSink() != exec::EmitOp(row.emit).getSink())
      continue;
    if (other.flag < 0) {
      staysIn |= row.flag >= 0 || &other > &row; // of several without filters the last one writes
    } else if (row.flag >= 0) {
      Value isIn = pieces.flag(flagOf(other));
      elsewhere = elsewhere ? code.either(elsewhere, isIn) : isIn;
    }
  }
  if (row.flag < 0) {
    if (!staysIn)
      write();
    return;
  }
  code.when(pieces.flag(flagOf(row)), [&] {
    pieces.writeFlag(flagOf(row), code.boolean(false));
    if (staysIn)
      return;
    if (elsewhere)
      code.when(code.invert(elsewhere), write);
    else
      write();
  });
}
