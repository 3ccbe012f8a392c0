//===- Kept.h - state that no window ends ---------------------------*- C++ -*-===//
//
// Internal to the lowering. What updates and admits need of their table's slots,
// and the rows behind an update: where they go, and whether a flag in the key's
// state tells that they are there.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_KEPT_H
#define MILLRACE_LOWERING_KEPT_H

#include "lowering/table/SlotLayout.h"

#include "dialect/exec/Exec.h"

namespace millrace::lowering {

/// A row behind an update.
struct KeptRow {
  exec::EmitOp emit;
  int flag = -1; ///< which of the slot's `in` flags tells that the key's row is in this sink; -1: it always is
};

/// The rows behind an update, in the order in which a record meets them. Copies of an update (in the steps of several
/// sources, or behind several ways of one) have the same.
llvm::SmallVector<KeptRow> rowsBehind(state::UpdateOp update);
/// The same of the body of an update, or of a firing whose rows replace those before.
llvm::SmallVector<KeptRow> rowsBehind(mlir::Block &body);

/// The updates of a table.
llvm::SmallVector<state::UpdateOp> updatesOf(exec::ProgramOp program, state::TableOp table);

/// Of a count whose results share records: is a part added to what the whole window has when it is full, and taken away
/// again when it leaves? Else each result is combined of all parts.
bool takesPartsAway(state::TableOp table);

/// Of such a count: after how many parts the ring is where it was, and as many records away from a result (saturated).
uint64_t turnsOf(state::KeepAttr keep);

/// Adds what the table's updates and admits need.
void addNeeds(exec::ProgramOp program, state::TableOp table, SlotNeeds &needs);

/// The arguments of an update's body that are the fields of a sink's key, by number; the body's keys come first.
llvm::SmallVector<std::pair<unsigned, unsigned>> keyFields(KeptRow row, mlir::Block &body, size_t keys,
                                                           exec::SinkOp sink);

} // namespace millrace::lowering

#endif
