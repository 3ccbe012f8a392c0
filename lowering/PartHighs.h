//===- PartHighs.h - what sums of a count's parts rarely need -------*- C++ -*-===//
//
// Internal to the lowering. Sums of integers are exact (rule 23), but hardly one ever
// needs more than 64 bits. So a part in the ring has the low words of its sums only;
// the high ones are in the slot's cold part: those of the part in hand, of what all
// parts give together, and a text with those of the ring. No slot has a cold part
// before a sum wraps. While a part is completed they are in variables, which are zero
// where there is no cold part.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_PARTHIGHS_H
#define MILLRACE_LOWERING_PARTHIGHS_H

#include "lowering/table/SlotPieces.h"

namespace millrace::lowering {

class PartHighs {
public:
  /// Of the parts of `slot`: what the slot has is in hand.
  PartHighs(Code &code, const Table &table, const Slot &slot);

  /// The high words of the part of the ring at `index` (i64) are in hand, too.
  void enter(mlir::Value index);
  /// The part of the ring becomes what the part in hand is.
  void replace();
  /// What is in hand goes back, that of the ring to the part at `index`, and the part in hand begins anew.
  void leave(mlir::Value index);

  /// Blocks of SlotLayout::highSize() bytes, laid out as cold parts (Slot::cold); none where no member has high words.
  mlir::Value part, whole, element;

private:
  mlir::Value coldPart();
  mlir::Value isThere(mlir::Value address);
  /// The two words of the ring's text, at `text`, and where its entry at `index` is.
  mlir::Value entryOf(mlir::Value text, mlir::Value index);
  void copy(mlir::Value to, mlir::Value from);
  void clear(mlir::Value block);
  mlir::Value anyOf(mlir::Value block);

  Code &code;
  const Table &table;
  const Slot &slot;
};

} // namespace millrace::lowering

#endif
