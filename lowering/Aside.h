//===- Aside.h - what is kept of a key's members outside its slot ---*- C++ -*-===//
//
// Internal to the lowering. A text of the key's (SlotLayout::aside) that is an array
// of what members have, each as it lies in the slot: so the same functions fold,
// combine and finish it. Only of members without texts of their own.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_ASIDE_H
#define MILLRACE_LOWERING_ASIDE_H

#include "lowering/table/SlotPieces.h"

namespace millrace::lowering {

/// Where the array of a slot begins (i64); 0: memory was refused, which stops the pipeline, or there is none yet.
/// `room`: how many entries (i64) it is made for, all zero; none: it is left as it is.
mlir::Value keptAside(Code &code, const Table &table, const Slot &slot, mlir::Value room = {});

/// The same, made for `room` entries if there is none.
mlir::Value keptAsideOrNew(Code &code, const Table &table, const Slot &slot, mlir::Value room);

/// The entry at `index` (i64) of an array that begins at `array`: a slot of which only the members are there.
Slot asideAt(Code &code, const Table &table, const Slot &slot, mlir::Value array, mlir::Value index);

/// Of a count: what its parts give together, in the slot itself.
Slot wholeIn(Code &code, const Table &table, const Slot &slot);

/// Copies the members of one slot to another one, or to an entry.
void copyMembers(Code &code, const Table &table, const Slot &to, const Slot &from);

} // namespace millrace::lowering

#endif
