//===- Fold.cpp - records into windows ----------------------------------------===//
//
// The pane in hand stays in variables: a record of the same window costs one
// comparison. Only another window is looked up, where it is also judged whether
// it is late, which cannot change during a call (abi.h). Where a record belongs
// to several windows the pane is that of its slice, which the engine knows.
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

void Body::foldInto(state::FoldOp op, Table &table, FoldState &state, Value time) {
  TableInHand in;
  in.head = state.head;
  if (state.isPaneRare())
    in.rare = state.pane;
  else
    in.table = code.load(code.ptr(), state.pane);
  std::unique_ptr<TableAccess> access = accessTo(code, frame.task, table);
  SmallVector<Val> keys = valuesOf(op.getKeys());
  auto fold = [&] {
    Slot slot = access->find(in, keys);
    foldMembers(table, slot, op.getArgs(), op.getFiltered(), op.getFilters(), time);
    if (state.least)
      noteFresh(table, state, slot);
  };
  state::TopAttr top = table.op.getTop();
  if (!top) {
    prefetch(op.getKeys(), table, *access, in);
    return fold();
  }
  auto rank = [&] { // a slot for each record
    keys.emplace_back().parts = {code.call1(Rt::mr_arrival, {frame.task})};
    fold();
  };
  Value isThere = keys[top.getGroups()].valid; // by null nobody is among the best
  isThere ? code.when(isThere, rank) : rank();
}

/// The record in hand is late, if `condition` holds.
void Body::noteLate(Value window, Value condition) {
  if (!late)
    return;
  code.store(condition ? condition : code.boolean(true), late);
  code.store(code.call1(Rt::mr_late_after_idle, {frame.task, window}), lateAfterIdle);
}

static Value paneOf(Code &code, const FoldState &state) {
  return state.isPaneRare() ? code.loadRare(code.ptr(), state.pane) : code.load(code.ptr(), state.pane);
}

static void setPane(Code &code, const FoldState &state, Value pane) {
  state.isPaneRare() ? code.storeRare(pane, state.pane) : code.store(pane, state.pane);
}

/// The pane in hand and the one before it change places.
static void exchange(Code &code, const FoldState &state) {
  Value mine = paneOf(code, state), since = code.load(code.i64(), state.start);
  setPane(code, state, code.loadRare(code.ptr(), state.otherPane));
  code.store(code.loadRare(code.i64(), state.otherStart), state.start);
  code.storeRare(mine, state.otherPane);
  code.storeRare(since, state.otherStart);
  if (!state.length)
    return;
  Value length = code.load(code.i64(), state.length);
  code.store(code.loadRare(code.i64(), state.otherLength), state.length);
  code.storeRare(length, state.otherLength);
}

/// Puts the pane for `time` in hand. i1: is there one? Not if the record is late, which is counted here. Records out of
/// order go to and fro between two windows: the pane that was in hand before is kept, too.
Value Body::foldPane(Table &table, FoldState &state, Value time) {
  stream::WindowAttr window = table.op.getWindow();
  auto holds = [&](Value start) {
    return code.cmp(Code::Cmp::ult, code.sub(time, start), code.word(window.getSize()));
  };
  auto entered = [&] { accessTo(code, frame.task, table)->refresh(paneOf(code, state), state.head); };
  Value found = code.variable(code.i1());
  code.store(code.boolean(true), found);
  auto lookUp = [&] {
    Value offset = code.word(window.getOffset());
    Value start = code.add(code.floorTo(code.sub(time, offset), window.getSize()), offset);
    auto take = [&] { // a window that leaves the range of time is the engine's to judge
      exchange(code, state);
      setPane(code, state, code.call1(Rt::mr_window_pane, {frame.task, state.window, start}));
      code.store(start, state.start);
      entered();
    };
    if (!state.mayBeLate)
      return take();
    Value late = code.cmp(Code::Cmp::slt, start, code.call1(Rt::mr_window_first_open, {frame.task, state.window}));
    auto drop = [&] {
      if (frame.stateful) // taken back if the pipeline stops at this record
        code.call(Rt::mr_window_late_at, {frame.task, state.window, code.resize(record, code.i32(), false)});
      else
        code.call(Rt::mr_window_count_late, {frame.task, state.window, code.word(1)});
      code.store(code.boolean(false), found);
      noteLate(state.window, {});
    };
    code.when(late, drop, take);
  };
  code.when(code.expect(code.invert(holds(code.load(code.i64(), state.start))), false), [&] {
    auto goBack = [&] {
      exchange(code, state);
      entered();
    };
    code.when(holds(code.loadRare(code.i64(), state.otherStart)), goBack, lookUp);
  });
  return code.load(code.i1(), found);
}

/// The same for the slice that holds `time`. i1: is there one? If the record is late, or in no window, the engine has
/// counted it. A slice that is good for this record alone comes with an empty interval, so the next one asks again.
Value Body::foldSlice(Table &table, FoldState &state, Value time) {
  auto holds = [&](Value start, Value length) { return code.cmp(Code::Cmp::ult, code.sub(time, start), length); };
  auto entered = [&] { accessTo(code, frame.task, table)->refresh(paneOf(code, state), state.head); };
  Value found = code.variable(code.i1());
  code.store(code.boolean(true), found);
  auto lookUp = [&] {
    Value number = frame.loadField ? code.resize(record, code.i32(), false) : code.half(0); // a firing has none
    Value pane = code.call1(Rt::mr_window_slice, {frame.task, state.window, time, number, state.slice});
    Value isNone = code.cmp(Code::Cmp::eq, LLVM::PtrToIntOp::create(code, code.i64(), pane).getResult(), code.word(0));
    auto take = [&] {
      exchange(code, state);
      setPane(code, state, pane);
      code.store(code.load(code.i64(), code.at(state.slice, offsetof(mr_interval, start))), state.start);
      code.store(code.load(code.i64(), code.at(state.slice, offsetof(mr_interval, length))), state.length);
      entered();
    };
    auto drop = [&] {
      code.store(code.boolean(false), found);
      if (late)
        noteLate(state.window,
                 code.cmp(Code::Cmp::ne, code.load(code.i64(), code.at(state.slice, offsetof(mr_interval, start))),
                          code.word(0)));
    };
    code.when(isNone, drop, take);
  };
  Value isInHand = holds(code.load(code.i64(), state.start), code.load(code.i64(), state.length));
  code.when(code.expect(code.invert(isInHand), false), [&] {
    auto goBack = [&] {
      exchange(code, state);
      entered();
    };
    code.when(holds(code.loadRare(code.i64(), state.otherStart), code.loadRare(code.i64(), state.otherLength)), goBack,
              lookUp);
  });
  return code.load(code.i1(), found);
}

/// A global window has one pane, which is asked for when the first record comes.
void Body::foldGlobal(Table &table, FoldState &state, Value time, Value there, function_ref<void()> intoPane) {
  auto saw = [&] { code.call(Rt::mr_window_saw, {frame.task, state.window, time}); };
  if (there)
    code.when(there, saw);
  else if (time)
    saw();
  if (state.least)
    return foldPanes(table, state, code.word(0), intoPane);
  Value known = state.isPaneRare() ? state.head.slots : state.pane;
  Value inHand = LLVM::PtrToIntOp::create(code, code.i64(), code.load(code.ptr(), known));
  code.when(code.expect(code.cmp(Code::Cmp::eq, inHand, code.word(0)), false), [&] {
    Value pane = code.call1(Rt::mr_window_pane, {frame.task, state.window, code.word(0)});
    setPane(code, state, pane);
    accessTo(code, frame.task, table)->refresh(pane, state.head);
  });
  intoPane();
}

/// Where several windows read the slices each is a terminal, which judges what its own members take. What is bad for
/// one of them alone stops the pipeline (stream-share-slices), so that the record is folded for none.
void Body::judgeFold(state::FoldOp op, Value error, function_ref<void()> effect) {
  if (!error || !op.getAlso())
    return judge(op.getTerminal(), error, effect);
  ArrayRef<state::MemberAttr> members = frame.program.table(op.getTable()).type().getMembers();
  auto errorOf = [&](StringRef name) {
    SmallVector<Value> judged(op.getKeys());
    if (op.getTime())
      judged.push_back(op.getTime());
    ArrayRef<int32_t> own = frame.program.table(name).op.getOwnAttr();
    ValueRange args = op.getArgs(), filters = op.getFilters();
    for (auto [i, member] : llvm::enumerate(members)) {
      size_t taken = member.getArguments().size();
      bool isOwn = llvm::is_contained(own, int32_t(i));
      if (isOwn)
        llvm::append_range(judged, args.take_front(taken));
      args = args.drop_front(taken);
      if (!op.getFiltered()[i])
        continue;
      if (isOwn)
        judged.push_back(filters.front());
      filters = filters.drop_front();
    }
    return worst(judged);
  };
  auto report = [&](StringRef name, int32_t terminal) {
    if (Value its = errorOf(name))
      code.when(code.invert(noError(code, its)), [&] { reportBad(unsigned(terminal), its); });
  };
  auto isBad = [&] {
    report(op.getTable(), int32_t(op.getTerminal()));
    for (auto [name, terminal] :
         llvm::zip_equal(op.getAlsoAttr().getAsRange<FlatSymbolRefAttr>(), op.getAlsoTerminalsAttr().asArrayRef()))
      report(name.getValue(), terminal);
  };
  code.when(code.expect(code.invert(noError(code, error)), false), isBad, effect);
}

LogicalResult Body::fold(state::FoldOp op) {
  Table &table = frame.program.table(op.getTable());
  FoldState &state = frame.folds[table.index]; // of sessions: nothing
  stream::WindowAttr window = table.op.getWindow();
  SmallVector<Value> judged(op.getKeys());
  llvm::append_range(judged, op.getArgs());
  llvm::append_range(judged, op.getFilters());
  if (op.getTime())
    judged.push_back(op.getTime());
  if (!op.getLate().empty()) {
    late = code.variable(code.i1());
    lateAfterIdle = code.variable(code.i1());
    code.store(code.boolean(false), late);
    code.store(code.boolean(false), lateAfterIdle);
  }
  Value error = worst(judged), end; // `end`: of the record's own session
  if (table.slot.sessionEnd)
    end = endOfSession(op, error);
  judgeFold(op, error, [&] {
    Value time, there; // `there` only where the time may be null
    if (op.getTime()) {
      const Val &val = expressions.get(op.getTime());
      time = val.scalar();
      there = val.valid;
    }
    auto orderOf = [&] { // of first and last
      Value order = time ? time : code.word(0);
      return there ? code.select(there, time, code.word(0)) : order;
    };
    auto intoPane = [&] { foldInto(op, table, state, orderOf()); };
    auto intoWindowOf = [&](Value clock) {
      if (end)
        return foldSession(op, table, clock, end, orderOf());
      if (state.least)
        return foldPanes(table, state, clock, intoPane);
      Value found = state.slice ? foldSlice(table, state, clock) : foldPane(table, state, clock);
      code.when(code.expect(found, true), intoPane);
    };
    if (window.getKind() == stream::WindowKind::Global)
      foldGlobal(table, state, time, there, intoPane);
    else if (window.getDomain() == stream::TimeDomain::Processing)
      intoWindowOf(code.call1(Rt::mr_now, {frame.task}));
    else if (there) // without a time it belongs to no window in time
      code.when(there, [&] { intoWindowOf(time); });
    else
      intoWindowOf(time);
  });
  if (late) {
    Val isLate;
    isLate.parts = {code.load(code.i1(), std::exchange(late, {}))};
    expressions.bind(op.getLate()[0], isLate);
    auto module = op->getParentOfType<ModuleOp>();
    expressions.bind(op.getLate()[1],
                     selectValue(code, code.load(code.i1(), lateAfterIdle), textConstant(code, module, "after_idle"),
                                 textConstant(code, module, "late")));
  }
  return success();
}
