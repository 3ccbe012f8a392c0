//===- SlotPieces.h - loads and stores of one slot ------------------*- C++ -*-===//
//
// Internal to the lowering. The pieces of one slot: bytes in place or aside, and
// flags.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_TABLE_SLOTPIECES_H
#define MILLRACE_LOWERING_TABLE_SLOTPIECES_H

#include "lowering/table/TableAccess.h"

namespace millrace::lowering {

/// The pieces of one slot: loads and stores, flags, the cold part when it is needed.
class SlotPieces {
public:
  SlotPieces(Code &code, const Table &table, const Slot &slot) : code(code), layout(table.slot), slot(slot) {}

  mlir::Value load(mlir::Type type, const Place &place) const {
    return code.load(type, addressToRead(place), Memory::Table, alignOf(place));
  }
  void store(mlir::Value value, const Place &place) const {
    code.store(value, addressToWrite(place), Memory::Table, alignOf(place));
  }
  mlir::Value addressToRead(const Place &place) const;
  mlir::Value addressToWrite(const Place &place) const;
  unsigned alignOf(const Place &place) const { return std::min(place.size, 8u); }

  mlir::Value flag(unsigned number) const;                    ///< i1
  void setFlag(unsigned number, mlir::Value condition) const; ///< or-ed in; no condition: set
  void writeFlag(unsigned number, mlir::Value value) const;

  Code &code;
  const SlotLayout &layout;
  const Slot &slot;
};

} // namespace millrace::lowering

#endif
