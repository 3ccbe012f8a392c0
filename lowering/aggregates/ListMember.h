//===- ListMember.h - aggregates that keep a list of rows -----------*- C++ -*-===//
//
// Internal to the lowering. What is kept is a text of the table's arena, which the
// runtime reads as a list of rows (runtime/state/value_list.h). A row begins with
// what a top is judged by, then comes what the result has as an element: a value
// with its status, or a record. How it lies is told to the runtime by a constant of
// the program.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_AGGREGATES_LISTMEMBER_H
#define MILLRACE_LOWERING_AGGREGATES_LISTMEMBER_H

#include "lowering/aggregates/Member.h"

namespace millrace::lowering {

/// How the rows of a list lie (abi.h, mr_entry_desc).
struct EntryLayout {
  /// Of rows whose elements are values of type `element`, or records. `by`: what a top is judged by, of which only the
  /// first may be a text; none: it is no top. Behind the first one those may be null, which come last.
  EntryLayout(mlir::Type element, llvm::ArrayRef<mlir::Type> by);

  llvm::SmallVector<mlir::Type> by;
  llvm::SmallVector<mlir::Type> types;        ///< what follows it: one value, or the fields of a record
  llvm::SmallVector<RowLayout::Field> places; ///< of them, in the row
  llvm::SmallVector<unsigned> texts, padding; ///< where strings lie, and bytes that nothing has
  unsigned size = 0, value = 0, valueSize = 0;
  bool isRecord = false;
};

/// What a top keeps.
struct Best {
  int64_t limit = 0;
  bool ascending = false, ties = false;
  llvm::ArrayRef<bool> turned = {}; ///< of each value, does it go the other way than the first? None: there is one
};

class ListMember : public Member {
public:
  ListMember(Code &code, const Table &table, unsigned index, const Slot &slot, llvm::ArrayRef<mlir::Type> by = {});

protected:
  /// The row of these values, in memory that is good until the next one.
  mlir::Value row(llvm::ArrayRef<Val> by, llvm::ArrayRef<Val> values, const Best &best = {}) const;
  /// The address of the rows' description.
  mlir::Value entry(const Best &best = {}) const;
  /// Calls `function` with the list, what `more` adds, and stores what comes back.
  void change(Rt function, llvm::ArrayRef<mlir::Value> more);
  /// The list as a value that lives until the batch is done.
  Val values(Rt function, mlir::Value entry) const;

  EntryLayout layout;

private:
  void storeBy(llvm::ArrayRef<Val> by, mlir::Value row, const Best &best) const;

  std::string symbol; ///< of the description
};

} // namespace millrace::lowering

#endif
