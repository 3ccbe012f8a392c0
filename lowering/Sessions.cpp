//===- Sessions.cpp - records into sessions -----------------------------------===//
//
// A record that lies in its key's open session, which is nearly every one, is
// folded where it is found: the session's end moves, nothing is called. All else
// (a new session, one that begins earlier, others of the same key) is the
// engine's (runtime/engine/sessions.cpp), which says in what slot the record is
// to be folded.
//
// Whether a session has ended is judged by W as the records before have moved it,
// as a time-to-live is: so the step goes record by record.
//
// A session that rows were written of is another window when it grows: then the
// engine has to take those back (rule 22), so that is its business, too.
//
//===----------------------------------------------------------------------===//
#include "lowering/Functions.h"
#include "lowering/Over.h"

#include "dialect/stream/Clauses.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// A time in a slot: its order is that of unsigned numbers, and 0 is none.
static Value storedTime(Code &code, Value time) { return code.createOrFold<arith::XOrIOp>(time, code.word(INT64_MIN)); }

/// More than this takes every record's window out of the years, and nothing overflows.
static constexpr int64_t mostGap = INT64_MAX - MR_MAX_TIME;

void Frame::prepareSessions(Table &table) {
  if (sessions.contains(table.index))
    return;
  SessionState state;
  state.window = code.half(int32_t(table.index));
  state.table = code.call1(Rt::mr_state_table, {task, state.window});
  std::unique_ptr<TableAccess> access = accessTo(code, task, table);
  state.head = access->makeHead();
  access->refresh(state.table, state.head);
  bool inEventTime = table.op.getWindow().getDomain() == stream::TimeDomain::Event;
  if (inEventTime)
    state.others = watermarkOfOthers(state.window);
  if (inEventTime && stateful && !laneWatermark) // the lane is the same for all tables of a step; firings have none
    laneWatermark = code.variable(code.i64(), code.call1(Rt::mr_watermark, {task, state.window}));
  state.record = code.block(sizeof(mr_session));
  sessions[table.index] = state;
}

/// Where the record's own session would end. `error` becomes what is wrong with that, if anything can be (rules 1, 15).
Value Body::endOfSession(state::FoldOp op, Value &error) {
  stream::WindowAttr window = frame.program.table(op.getTable()).op.getWindow();
  Val time;
  if (window.getDomain() == stream::TimeDomain::Processing)
    time.parts = {code.call1(Rt::mr_now, {frame.task})};
  else
    time = expressions.get(op.getTime());
  Value gap = code.word(std::min(window.getSize(), mostGap)), isWrong;
  if (stream::hasOwnGap(window)) {
    const Val &own = expressions.get(op.getArgs().back());
    int64_t most = window.getLongest() ? std::min(window.getLongest(), mostGap) : mostGap;
    isWrong = code.cmp(Code::Cmp::sle, own.scalar(), code.word(0));
    if (own.valid)
      isWrong = code.either(isWrong, code.invert(own.valid));
    gap = code.select(isWrong, code.word(0), code.createOrFold<arith::MinSIOp>(own.scalar(), code.word(most)));
  }
  auto ifTimed = [&](Value wrong) { return time.valid ? code.both(wrong, time.valid) : wrong; };
  Value end = code.add(time.scalar(), gap);
  Value outside = code.cmp(Code::Cmp::sgt, end, code.word(MR_MAX_TIME));
  error = leastError(code, error, errorIf(code, ifTimed(outside), code.half(int32_t(MR_WINDOW_ERROR))));
  if (isWrong)
    error = leastError(code, error, errorIf(code, ifTimed(isWrong), code.half(int32_t(MR_GAP_ERROR))));
  return end;
}

/// W before the record. By the clock a window has ended for a record when the clock has reached its end.
Value Body::watermarkOf(const Table &table, const SessionState &state) {
  if (state::TableOp(table.op).getWindow().getDomain() == stream::TimeDomain::Processing)
    return code.sub(code.call1(Rt::mr_now, {frame.task}), code.word(1));
  return watermarkFor(state.others);
}

/// The record goes into its session's slot. `order`: as of Member::fold.
void Body::foldIntoSession(state::FoldOp op, Table &table, const SessionState &state, const Slot &slot, Value order) {
  foldMembers(table, slot, op.getArgs(), op.getFiltered(), op.getFilters(), order);
  if (!table.slot.fresh)
    return;
  SlotPieces pieces(code, table, slot);
  Value fresh = code.add(pieces.load(code.i64(), table.slot.fresh), code.word(1));
  pieces.store(fresh, table.slot.fresh);
  stream::FiringAttr firing = table.op.getFiring();
  if (firing.getEmitUnit() != stream::EmitUnit::Records)
    return;
  Value isDue = code.cmp(Code::Cmp::uge, fresh, code.word(firing.getEmit()));
  code.when(code.expect(isDue, false),
            [&] { code.call(Rt::mr_pane_due, {frame.task, state.window, slot.in.get(code), slot.address}); });
}

/// The slot that is not in the key's first table, or anew in there; what the engine says. `takes`: variable, is it
/// there?
void Body::foldElsewhere(state::FoldOp op, Table &table, const SessionState &state, const Slot &slot, Value time,
                         Value end, Value order, Value takes) {
  auto set = [&](Value value, size_t offset) {
    code.store(value, code.at(state.record, int64_t(offset)), Memory::Unknown, 8);
  };
  set(time, offsetof(mr_session, time));
  set(end, offsetof(mr_session, end));
  set(watermarkOf(table, state), offsetof(mr_session, watermark));
  set(frame.loadField ? record : code.word(0), offsetof(mr_session, record)); // a firing has none
  Value place = code.call1(Rt::mr_session_slot, {frame.task, state.window, slot.address, state.record});
  auto number = [&](Value pointer) { return LLVM::PtrToIntOp::create(code, code.i64(), pointer).getResult(); };
  Value isHere = code.cmp(Code::Cmp::eq, number(place), number(slot.address));
  Value isThere = code.cmp(Code::Cmp::ne, number(place), code.word(0));
  code.store(isHere, takes);
  noteLate(state.window, code.invert(isThere));
  code.when(code.both(isThere, code.invert(isHere)), [&] {
    TableInHand in;
    in.table = code.load(code.ptr(), code.at(state.record, offsetof(mr_session, table)), Memory::Unknown, 8);
    foldIntoSession(op, table, state, Slot{in, place}, order);
  });
}

void Body::foldSession(state::FoldOp op, Table &table, Value time, Value end, Value order) {
  const SessionState &state = frame.sessions[table.index];
  std::unique_ptr<TableAccess> access = accessTo(code, frame.task, table);
  TableInHand in{state.table, {}, state.head, {}};
  prefetch(op.getKeys(), table, *access, in);
  Slot slot = access->find(in, valuesOf(op.getKeys()));
  SlotPieces pieces(code, table, slot);
  const SlotLayout &layout = table.slot;
  Value first = pieces.load(code.i64(), layout.sessionFirst), last = pieces.load(code.i64(), layout.sessionEnd);
  Value at = storedTime(code, time), until = storedTime(code, end);
  Value grown = code.createOrFold<arith::MaxUIOp>(last, until);
  // Of a slot without a session both are 0, so nothing lies in it.
  Value plain = code.cmp(Code::Cmp::ult, code.sub(at, first), code.sub(last, first));
  Value isOpen = code.cmp(Code::Cmp::ult, storedTime(code, watermarkOf(table, state)), code.sub(last, code.word(1)));
  plain = code.both(plain, isOpen);
  if (int64_t longest = table.op.getWindow().getLongest()) {
    // Sessions that were cut may lie one upon the other: then the engine knows which comes first.
    Value more = code.createOrFold<arith::ShRUIOp>(pieces.load(code.i64(), layout.sessionMore), code.word(32));
    Value fits = code.cmp(Code::Cmp::ule, code.sub(grown, first), code.word(longest));
    plain = code.both(plain, code.both(fits, code.cmp(Code::Cmp::eq, more, code.word(0))));
  }
  if (layout.rows) { // rows that were written of it are of another window when it grows
    Value isSame = code.cmp(Code::Cmp::eq, grown, last);
    Value hasNone = code.cmp(Code::Cmp::eq, pieces.load(code.i64(), layout.rows), code.word(0));
    plain = code.both(plain, code.either(isSame, hasNone));
  }
  Value takes = code.variable(code.i1());
  code.store(code.boolean(true), takes);
  code.when(
      code.expect(plain, true), [&] { pieces.store(grown, layout.sessionEnd); },
      [&] { foldElsewhere(op, table, state, slot, time, end, order, takes); });
  code.when(code.expect(code.load(code.i1(), takes), true), [&] { foldIntoSession(op, table, state, slot, order); });
}

//===-- when rows come ------------------------------------------------------===//

/// Where rows of sessions go, and whether it can be seen there that they come behind the batch, and not between the two
/// records at which W passed their ends.
static bool isSeen(exec::ProgramOp program, exec::FireOp fire) {
  WalkResult walked = fire->walk([&](Operation *op) {
    if (auto emit = dyn_cast<exec::EmitOp>(op)) { // rows of other ways stand between them
      WalkResult others = program.walk([&](exec::EmitOp other) {
        return other.getSink() == emit.getSink() && !fire->isAncestor(other) ? WalkResult::interrupt()
                                                                             : WalkResult::advance();
      });
      return others.wasInterrupted() ? WalkResult::interrupt() : WalkResult::advance();
    }
    if (op == fire.getOperation())
      return WalkResult::advance();
    auto access = dyn_cast<state::StateAccess>(op);
    auto into = access ? SymbolTable::lookupNearestSymbolFrom<state::TableOp>(
                             op, FlatSymbolRefAttr::get(op->getContext(), access.getTable()))
                       : state::TableOp();
    if (!into)
      return WalkResult::advance();
    if (into.getInputs().size() > 1 || (into.getKeep() && into.getKeep().getTtl() && !isOver(into)))
      return WalkResult::interrupt();
    bool passesOn = into.getWindow() && into.getWindow().getKind() == stream::WindowKind::Session;
    if (passesOn || isOver(into) || state::keepsPanes(into)) // panes fire at a record, as `emit` or lateness says
      for (auto next : program.getBody().getOps<exec::FireOp>())
        if (next.getTable() == into.getSymName() && isSeen(program, next))
          return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return walked.wasInterrupted();
}

bool millrace::lowering::firesPromptly(Program &program, const Table &table) {
  if (!table.slot.sessionEnd && !isOver(table.op))
    return false;
  if (table.slot.sessionEnd &&
      state::TableOp(table.op).getFiring()) // what a row holds depends on which records came before it
    return true;
  for (auto fire : program.op.getBody().getOps<exec::FireOp>())
    if (fire.getTable() == state::TableOp(table.op).getSymName())
      return isSeen(program.op, fire);
  return false;
}
