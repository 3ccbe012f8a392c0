//===- Fold.cpp - records into windows ----------------------------------------===//
//
// The pane in hand stays in variables: a record of the same window costs one
// comparison. Only another window is looked up, where it is also judged whether
// it is late, which cannot change during a call (abi.h).
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// The key as abi.h says, above mr_window_kind, in memory.
static Value normalisedKey(Code &code, const Expressions &expressions, ValueRange keys, const SlotLayout &slot,
                           Value memory) {
  unsigned word = 0, text = slot.words, number = 0;
  Value nulls;
  auto put = [&](Value value, unsigned position) {
    code.store(value, code.at(memory, 8 * position), Memory::Unknown, 8);
  };
  for (Value key : keys) {
    Val val = expressions.get(key);
    if (val.valid) {
      if (!isReference(key.getType()))
        clearUnless(code, val, val.valid);
      Value bit = code.select(val.valid, code.word(0), code.word(int64_t(uint64_t(1) << number)));
      nulls = nulls ? code.either(nulls, bit) : bit;
    }
    ++number;
    if (isText(key.getType())) {
      put(val.parts[0], text);
      put(val.parts[1], text + 1);
      text += 2;
      continue;
    }
    Value scalar = val.scalar();
    if (isa<FloatType>(scalar.getType())) {
      if (!scalar.getType().isF64())
        scalar = code.createOrFold<arith::ExtFOp>(code.f64(), scalar);
      scalar = code.call1(Rt::mr_key_f64, {scalar});
      if (val.valid)
        scalar = code.select(val.valid, scalar, code.word(0));
    } else {
      scalar = code.resize(scalar, code.i64(), !isUnsigned(key.getType()));
    }
    put(scalar, word++);
  }
  if (slot.nullWord)
    put(nulls ? nulls : code.word(0), word);
  return memory;
}

/// Tables of more bytes than this do not fit the second-level cache: slots are asked for some records beforehand.
static constexpr int64_t kPrefetchAbove = 1 << 20;

/// Asks for the slot of the key of a later record, if that key is only fields and numbers.
void Body::prefetch(state::FoldOp op, Table &table, Value pane) {
  auto isField = [](Value key) {
    return isa<BlockArgument>(key) && isa<exec::StepOp>(cast<BlockArgument>(key).getOwner()->getParentOp());
  };
  const SlotLayout &slot = table.slot;
  if (!ahead || nested || slot.strings || !slot.words || !llvm::all_of(op.getKeys(), isField))
    return;
  Value capacity = code.call1(Rt::mr_table_capacity, {pane});
  code.when(code.cmp(Code::Cmp::ugt, capacity, code.word(kPrefetchAbove / slot.size)), [&] {
    Expressions later(frame.base);
    for (Value key : op.getKeys())
      if (!later.has(key))
        later.bind(key, frame.loadField(cast<BlockArgument>(key), ahead));
    Value key = normalisedKey(code, later, op.getKeys(), slot, code.block(8 * slot.words));
    Value hash = code.call1(Rt::mr_key_hash, {key, code.half(int32_t(slot.words)), code.half(0)});
    code.call(Rt::mr_table_prefetch, {pane, hash, code.half(int32_t(slot.size))});
  });
}

void Body::foldInto(state::FoldOp op, Table &table, Value pane, Value time) {
  const SlotLayout &slot = table.slot;
  Value words = code.half(int32_t(slot.words)), strings = code.half(int32_t(slot.strings));
  prefetch(op, table, pane);
  Value memory = code.block(std::max(8u, 8 * (slot.words + 2 * slot.strings)));
  Value key = normalisedKey(code, expressions, op.getKeys(), slot, memory);
  Value hash = code.call1(Rt::mr_key_hash, {key, words, strings});
  Value place = code.call1(Rt::mr_table_upsert, {pane, hash, key, words, strings, code.half(int32_t(slot.size))});
  state::TableType type = table.op.getType();
  unsigned argument = 0, filter = 0;
  for (auto [i, member] : llvm::enumerate(type.getMembers())) {
    Val value;
    if (!isa<NoneType>(member.getArgument()))
      value = expressions.get(op.getArgs()[argument++]);
    Value take;
    if (op.getFiltered()[i]) {
      const Val &condition = expressions.get(op.getFilters()[filter++]);
      take = bothValid(code, condition.scalar(), condition.valid);
    }
    Member(code, slot, type, i, place).fold(value, take, time, pane);
  }
}

/// The pane in hand and the one before it change places.
static void exchange(Code &code, const FoldState &state) {
  for (auto [a, b] : {std::pair(state.pane, state.otherPane), std::pair(state.start, state.otherStart)}) {
    Type type = a == state.pane ? Type(code.ptr()) : Type(code.i64());
    Value mine = code.load(type, a), other = code.load(type, b);
    code.store(other, a);
    code.store(mine, b);
  }
}

/// Puts the pane for `time` in hand. i1: is there one? Not if the record is late, which is counted here. Records out of
/// order go to and fro between two windows: the pane that was in hand before is kept, too.
Value Body::foldPane(Table &table, FoldState &state, Value time) {
  stream::WindowAttr window = table.op.getWindow();
  auto holds = [&](Value start) {
    return code.cmp(Code::Cmp::ult, code.sub(time, code.load(code.i64(), start)), code.word(window.getSize()));
  };
  Value found = code.variable(code.i1());
  code.store(code.boolean(true), found);
  auto lookUp = [&] {
    Value offset = code.word(window.getOffset());
    Value start = code.add(code.floorTo(code.sub(time, offset), window.getSize()), offset);
    auto take = [&] { // a window that leaves the range of time is the engine's to judge
      exchange(code, state);
      code.store(code.call1(Rt::mr_window_pane, {frame.task, state.window, start}), state.pane);
      code.store(start, state.start);
    };
    if (!state.firstOpen)
      return take();
    Value late = code.cmp(Code::Cmp::slt, start, state.firstOpen);
    auto drop = [&] {
      code.call(Rt::mr_window_count_late, {frame.task, state.window, code.word(1)});
      code.store(code.boolean(false), found);
    };
    code.when(late, drop, take);
  };
  code.when(code.expect(code.invert(holds(state.start)), false),
            [&] { code.when(holds(state.otherStart), [&] { exchange(code, state); }, lookUp); });
  return code.load(code.i1(), found);
}

/// A global window has one pane, which is asked for when the first record comes.
void Body::foldGlobal(FoldState &state, Value time, Value there, function_ref<void()> intoPane) {
  Value inHand = LLVM::PtrToIntOp::create(code, code.i64(), code.load(code.ptr(), state.pane));
  code.when(code.expect(code.cmp(Code::Cmp::eq, inHand, code.word(0)), false),
            [&] { code.store(code.call1(Rt::mr_window_pane, {frame.task, state.window, code.word(0)}), state.pane); });
  auto saw = [&] { code.call(Rt::mr_window_saw, {frame.task, state.window, time}); };
  if (there)
    code.when(there, saw);
  else if (time)
    saw();
  intoPane();
}

LogicalResult Body::fold(state::FoldOp op) {
  Table &table = frame.program.table(op.getTable());
  FoldState &state = frame.folds[table.index];
  stream::WindowAttr window = table.op.getWindow();
  SmallVector<Value> judged(op.getKeys());
  llvm::append_range(judged, op.getArgs());
  llvm::append_range(judged, op.getFilters());
  if (op.getTime())
    judged.push_back(op.getTime());
  judge(op.getTerminal(), worst(judged), [&] {
    Value time, there; // `there` only where the time may be null
    if (op.getTime()) {
      const Val &val = expressions.get(op.getTime());
      time = val.scalar();
      there = val.valid;
    }
    auto intoPane = [&] {
      Value order = time ? time : code.word(0); // of first and last
      if (there)
        order = code.select(there, time, code.word(0));
      foldInto(op, table, code.load(code.ptr(), state.pane), order);
    };
    auto intoWindowOf = [&](Value clock) { code.when(code.expect(foldPane(table, state, clock), true), intoPane); };
    if (window.getKind() == stream::WindowKind::Global)
      foldGlobal(state, time, there, intoPane);
    else if (window.getDomain() == stream::TimeDomain::Processing)
      intoWindowOf(code.call1(Rt::mr_now, {frame.task}));
    else if (there) // without a time it belongs to no window in time
      code.when(there, [&] { intoWindowOf(time); });
    else
      intoWindowOf(time);
  });
  return success();
}
