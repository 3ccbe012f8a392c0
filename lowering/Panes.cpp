//===- Panes.cpp - records into windows that fire again -----------------------===//
//
// Each window has a table of its own. That of an open window which alone holds
// the record's time stays in hand, as a pane does; all others are asked for one by
// one, windows that have fired and are kept for late records always. Beside its
// members a slot counts the records since its last row: when they are so many as the
// engine said, it is told. If the key's row is due, the step ends behind this record.
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

void Frame::preparePanes(FoldState &state) {
  state.length = code.variable(code.i64(), code.word(0));
  state.least = code.variable(code.i64(), code.word(-1));
  state.slice = code.block(sizeof(mr_pane));
}

/// The record is in its key's slot.
void Body::noteFresh(const Table &table, const FoldState &state, const Slot &slot) {
  SlotPieces pieces(code, table, slot);
  if (!table.slot.holdsKey()) // then it tells that the slot is in use
    pieces.store(code.either(pieces.load(code.i64(), table.slot.rows), code.word(1)), table.slot.rows);
  Value fresh = code.add(pieces.load(code.i64(), table.slot.fresh), code.word(1));
  pieces.store(fresh, table.slot.fresh);
  Value isTold = code.cmp(Code::Cmp::eq, fresh, code.load(code.i64(), state.least));
  code.when(code.expect(isTold, false),
            [&] { code.call(Rt::mr_pane_due, {frame.task, state.window, slot.in.get(code), slot.address}); });
}

/// `intoPane` for each window that holds `time` and is left. Where there is none the record is late, or in no window:
/// the engine has counted it.
void Body::foldPanes(Table &table, FoldState &state, Value time, function_ref<void()> intoPane) {
  stream::WindowKind kind = table.op.getWindow().getKind();
  bool several = kind == stream::WindowKind::Sliding || kind == stream::WindowKind::Cumulate;
  Value number = frame.loadField ? code.resize(record, code.i32(), false) : code.half(0); // a firing has none
  auto told = [&](size_t offset) { return code.load(code.i64(), code.at(state.slice, int64_t(offset))); };
  auto askFirst = [&] { return code.call1(Rt::mr_pane_first, {frame.task, state.window, time, number, state.slice}); };
  auto isThere = [&](Value pane) {
    return code.cmp(Code::Cmp::ne, LLVM::PtrToIntOp::create(code, code.i64(), pane).getResult(), code.word(0));
  };
  auto drop = [&] {
    if (late)
      noteLate(state.window, code.cmp(Code::Cmp::ne, told(offsetof(mr_pane, start)), code.word(0)));
  };
  auto take = [&](Value pane) {
    state.isPaneRare() ? code.storeRare(pane, state.pane) : code.store(pane, state.pane);
    code.store(told(offsetof(mr_pane, least)), state.least);
    accessTo(code, frame.task, table)->refresh(pane, state.head);
  };
  if (!several) {
    Value found = code.variable(code.i1());
    code.store(code.boolean(true), found);
    Value isInHand = code.cmp(Code::Cmp::ult, code.sub(time, code.load(code.i64(), state.start)),
                              code.load(code.i64(), state.length));
    code.when(code.expect(code.invert(isInHand), false), [&] {
      Value pane = askFirst();
      auto enter = [&] {
        take(pane);
        code.store(told(offsetof(mr_pane, start)), state.start);
        code.store(told(offsetof(mr_pane, length)), state.length);
      };
      auto leave = [&] {
        code.store(code.boolean(false), found);
        drop();
      };
      code.when(isThere(pane), enter, leave);
    });
    return code.when(code.expect(code.load(code.i1(), found), true), intoPane);
  }
  Value first = askFirst(), address = code.variable(code.ptr());
  code.store(first, address);
  code.when(code.expect(code.invert(isThere(first)), false), drop);
  scf::WhileOp::create(
      code, TypeRange{}, ValueRange{},
      [&](OpBuilder &inside, Location, ValueRange) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        scf::ConditionOp::create(code, isThere(code.load(code.ptr(), address)), ValueRange{});
      },
      [&](OpBuilder &inside, Location, ValueRange) {
        OpBuilder::InsertionGuard guard(code);
        code.restoreInsertionPoint(inside.saveInsertionPoint());
        take(code.load(code.ptr(), address));
        intoPane();
        code.store(code.call1(Rt::mr_pane_next, {frame.task, state.window, state.slice}), address);
        scf::YieldOp::create(code);
      });
}
