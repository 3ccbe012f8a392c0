//===- Members.h - what an aggregate keeps in a key's slot ----------*- C++ -*-===//
//
// Internal to the lowering: the one place that knows, for each aggregate, its
// bytes, how a record is folded in (lift and combine) and how its result is
// read (lower). All bytes zero is the identity of every member.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_MEMBERS_H
#define MILLRACE_LOWERING_MEMBERS_H

#include "lowering/Values.h"

#include "dialect/state/State.h"

namespace millrace::lowering {

/// Where a member is in its slot.
struct MemberPlace {
  unsigned value = 0; ///< count, sum, or the value kept
  unsigned extra = 0; ///< avg: the count; first, last: the time
  int seen = -1;      ///< number of the flag that a value was there
  int null = -1;      ///< first, last: number of the flag that the value kept is null
};

/// A slot (runtime/state/table.h): tag, key words, key strings, then members, their flags first.
struct SlotLayout {
  unsigned words = 0, strings = 0; ///< of the normalised key (abi.h)
  bool nullWord = false;           ///< the last word tells which fields of the key are null
  unsigned flags = 0;              ///< offset of the flags' words
  llvm::SmallVector<MemberPlace> members;
  unsigned size = 0;
};
SlotLayout layoutSlot(state::TableType table);

/// One member of one slot.
class Member {
public:
  Member(Code &code, const SlotLayout &layout, state::TableType table, unsigned index, mlir::Value slot)
      : code(code), layout(layout), member(table.getMembers()[index]), place(layout.members[index]), slot(slot) {}

  /// Folds a value in. `take`: i1, is the record counted (its condition holds); none: always. `argument` is empty for
  /// count without argument. `time`: the record's time, 0 without one. `table`: who keeps strings.
  void fold(const Val &argument, mlir::Value take, mlir::Value time, mlir::Value table);

  /// The result. `overflow`: the error of a sum that does not fit (rule 23).
  Val finish(uint32_t overflow);

private:
  void foldSum(const Val &argument, mlir::Value take);
  void foldCount(unsigned offset, mlir::Value take);
  void foldExtreme(const Val &argument, mlir::Value take, mlir::Value table, bool isMax);
  void foldByTime(const Val &argument, mlir::Value take, mlir::Value time, mlir::Value table, bool isLast);
  Val finishSum(uint32_t overflow);
  Val finishAverage();

  mlir::Value flag(int number);
  void setFlag(int number, mlir::Value condition); ///< or-ed in
  void writeFlag(int number, mlir::Value value);
  mlir::Value flagWord(int number) { return code.at(slot, int64_t(layout.flags + number / 64 * 8)); }
  /// Stores a value, strings in the table's own memory.
  void keep(const Val &value, mlir::Value table);
  mlir::Value loadWord(mlir::Type type, unsigned offset) {
    return code.load(type, code.at(slot, offset), Memory::Table, 8);
  }
  void storeWord(mlir::Value value, unsigned offset) { code.store(value, code.at(slot, offset), Memory::Table, 8); }
  bool isFloatSum() const { return mlir::isa<mlir::FloatType>(valueType(member.getArgument())); }

  Code &code;
  const SlotLayout &layout;
  state::MemberAttr member;
  const MemberPlace &place;
  mlir::Value slot;
};

} // namespace millrace::lowering

#endif
