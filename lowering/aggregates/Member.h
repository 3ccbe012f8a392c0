//===- Member.h - what an aggregate does with its part of a slot ----*- C++ -*-===//
//
// Internal to the lowering. One class for each family of aggregates, in a file
// of its own; folds, updates, fires and the algorithms over slices know no
// aggregate but this interface. Where a member's bytes lie is SlotLayout's. All
// bytes zero is the identity of every member, so a new slot needs no look at
// what is in it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_AGGREGATES_MEMBER_H
#define MILLRACE_LOWERING_AGGREGATES_MEMBER_H

#include "lowering/table/SlotPieces.h"

namespace millrace::lowering {

/// One member of one slot.
class Member {
public:
  Member(Code &code, const Table &table, unsigned index, const Slot &slot)
      : code(code), pieces(code, table, slot), member(table.type().getMembers()[index]),
        place(table.slot.members[index]), slot(slot) {}
  virtual ~Member() = default;

  /// Folds a record in (lift and combine). `take`: i1, is the record counted (its condition holds); none: always.
  /// `arguments`: what the aggregate is written with. `time`: the record's time, 0 without one.
  virtual void fold(llvm::ArrayRef<Val> arguments, mlir::Value take, mlir::Value time) = 0;

  /// Adds what another slot's member of the same table, or of one of the same description, has: its records are later
  /// in time than this one's or, where times may be equal, came later. The other slot is in use; it stays as it is.
  virtual void combine(const Member &from) = 0;

  /// Takes away what was added before, to the bit as if it never was. Only where the aggregate has an exact inverse
  /// (Aggregates.def) and the layout was told (SlotNeeds::removes).
  virtual void remove(const Member &from);

  /// Takes a record away that was folded, the oldest that is in it. `empty` is the same member of a slot that is zero,
  /// and need not stay so. Only of windows per record, where wayOf says so (OverWays.h).
  virtual void unfold(llvm::ArrayRef<Val> arguments, mlir::Value take, mlir::Value time, Member &empty);

  /// All its bytes are zero again; its texts are given back.
  void clear();

  /// The result. `overflow`: the error of a sum that does not fit (rule 23). `isInUse`: i1, was any record folded into
  /// the slot; none: certainly.
  virtual Val finish(uint32_t overflow, mlir::Value isInUse) = 0;

protected:
  /// A piece of another slot, as combine and remove get it.
  static mlir::Value loadOf(const Member &other, mlir::Type type, const Place &place) {
    return other.pieces.load(type, place);
  }
  static mlir::Value flagOf(const Member &other, int number) { return other.pieces.flag(unsigned(number)); }
  /// What is left to take where nulls are skipped (rule 28).
  mlir::Value skipNulls(llvm::ArrayRef<Val> arguments, mlir::Value take) const;
  void foldCount(const Place &count, mlir::Value take);
  /// Adds (or takes away) the word that `from` has at the same place.
  void addWord(const Place &word, const Member &from);
  void removeWord(const Place &word, const Member &from);
  /// Notes that a value was there, if that has to be noted.
  void setSeen(mlir::Value take);
  void combineSeen(const Member &from);
  /// What makes a result null: nothing was taken, or the value kept is null. References are empty then.
  Val withNull(Val result, mlir::Value isInUse);

  /// A text of the table that only the runtime reads (a set, a list, a sketch): the table and its two words, as the
  /// functions of abi.def take it.
  llvm::SmallVector<mlir::Value, 6> textInTable(const Place &text) const;
  static llvm::SmallVector<mlir::Value, 6> textInTable(const Member &of, const Place &text) {
    return of.textInTable(text);
  }
  void storeText(const Place &text, llvm::ArrayRef<mlir::Value> words);
  /// Calls `function` with such a text, what the other slot has of it, and stores what comes back.
  void combineText(Rt function, const Place &text, const Member &from);
  /// One word for each value: of floats one NaN and one zero (rule 26).
  mlir::Value keyWord(mlir::Type type, mlir::Value scalar) const;
  /// The value again.
  mlir::Value scalarOf(mlir::Type type, mlir::Value word) const;
  /// A word whose order, unsigned, is that of the values of a number's or a time's type (rule 26).
  mlir::Value orderWord(mlir::Type type, mlir::Value scalar) const;
  /// Does what `fold` says where the record is taken.
  void whenTaken(mlir::Value take, llvm::function_ref<void()> fold);

  /// The task of the function in hand: its first argument.
  mlir::Value task() const;

  /// A value of this type that is kept, in flight.
  Val keptAt(mlir::Type type, const Place &at) const;
  /// Stores a value, strings in the table's own memory.
  void keepAt(mlir::Type type, const Place &at, const Val &value);
  /// The value kept, in flight; whether it is null is not told.
  Val keptValue() const { return keptAt(member.getArgument(), place.value); }
  /// Keeps a value, and whether it is null if that has to be noted.
  void keep(const Val &value);

  Code &code;
  SlotPieces pieces;
  state::MemberAttr member;
  const MemberPlace &place;
  const Slot &slot;
};

/// The families.
std::unique_ptr<Member> countMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> distinctMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> sumMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> extremeMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> byTimeMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> collectMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> topMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> argExtremeMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> bitsMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> varianceMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> covarianceMember(Code &code, const Table &table, unsigned index, const Slot &slot);

std::unique_ptr<Member> userMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> exactSumMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> quantileMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> joinMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> distinctValuesMember(Code &code, const Table &table, unsigned index, const Slot &slot);
std::unique_ptr<Member> keptWithMember(Code &code, const Table &table, unsigned index, const Slot &slot);

/// The class of a member's aggregate, as if it were of all values and not of the different ones.
std::unique_ptr<Member> plainMemberOf(Code &code, const Table &table, unsigned index, const Slot &slot);
/// The class of a member's aggregate.
std::unique_ptr<Member> memberOf(Code &code, const Table &table, unsigned index, const Slot &slot);

} // namespace millrace::lowering

#endif
