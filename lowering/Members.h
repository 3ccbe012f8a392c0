//===- Members.h - what an aggregate keeps in a key's slot ----------*- C++ -*-===//
//
// Internal to the lowering: the one place that knows, for each aggregate, how a
// record is folded in (lift and combine) and how its result is read (lower).
// Where its bytes lie is SlotLayout's. All bytes zero is the identity of every
// member, so a new slot needs no look at what is in it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_MEMBERS_H
#define MILLRACE_LOWERING_MEMBERS_H

#include "lowering/table/TableAccess.h"

namespace millrace::lowering {

/// The pieces of one slot: loads and stores, flags, the cold part when it is needed.
class SlotPieces {
public:
  SlotPieces(Code &code, const Table &table, const Slot &slot) : code(code), layout(table.slot), slot(slot) {}

  mlir::Value load(mlir::Type type, const Place &place) {
    return code.load(type, addressToRead(place), Memory::Table, alignOf(place));
  }
  void store(mlir::Value value, const Place &place) {
    code.store(value, addressToWrite(place), Memory::Table, alignOf(place));
  }
  mlir::Value addressToRead(const Place &place);
  mlir::Value addressToWrite(const Place &place);
  unsigned alignOf(const Place &place) const { return std::min(place.size, 8u); }

  mlir::Value flag(unsigned number);                    ///< i1
  void setFlag(unsigned number, mlir::Value condition); ///< or-ed in; no condition: set
  void writeFlag(unsigned number, mlir::Value value);

  Code &code;
  const SlotLayout &layout;
  const Slot &slot;
};

/// One member of one slot.
class Member {
public:
  Member(Code &code, const Table &table, unsigned index, const Slot &slot)
      : code(code), pieces(code, table, slot), member(table.type().getMembers()[index]),
        place(table.slot.members[index]), slot(slot) {}

  /// Folds a value in. `take`: i1, is the record counted (its condition holds); none: always. `argument` is empty for
  /// count without argument. `time`: the record's time, 0 without one.
  void fold(const Val &argument, mlir::Value take, mlir::Value time);

  /// The result. `overflow`: the error of a sum that does not fit (rule 23). `isInUse`: i1, was any record folded into
  /// the slot; none: certainly.
  Val finish(uint32_t overflow, mlir::Value isInUse);

private:
  void foldSum(const Val &argument, mlir::Value take);
  void addExact(mlir::Value value);
  void foldCount(const Place &count, mlir::Value take);
  void foldNumericExtreme(const Val &argument, mlir::Value take, bool isMax);
  void foldTextExtreme(const Val &argument, mlir::Value take, bool isMax);
  void foldByTime(const Val &argument, mlir::Value take, mlir::Value time, bool isLast);
  Val finishSum(uint32_t overflow);
  Val finishAverage();
  mlir::Value exactSum();

  /// The value kept, in flight; of text the stored form.
  Val kept();
  Val keptText(const Val &stored);
  /// Stores a value, strings in the table's own memory.
  void keep(const Val &value);
  /// Integers: so mapped that the greater unsigned one is better and 0 is none; floats: so that 0 is what every value
  /// is better than. The same function maps back.
  mlir::Value mapExtreme(mlir::Value scalar, bool isMax);
  bool isFloatSum() const { return mlir::isa<mlir::FloatType>(valueType(member.getArgument())); }

  Code &code;
  SlotPieces pieces;
  state::MemberAttr member;
  const MemberPlace &place;
  const Slot &slot;
};

} // namespace millrace::lowering

#endif
