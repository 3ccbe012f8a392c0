//===- Over.h - rows of windows per record --------------------------*- C++ -*-===//
//
// Internal to the lowering. How a record that waits lies in memory, and what is
// kept of it in the window of its key's later records: read by what lets it wait,
// by what fires it, and told to the runtime (mr_over_desc).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_OVER_H
#define MILLRACE_LOWERING_OVER_H

#include "lowering/Constants.h"
#include "lowering/Program.h"

namespace millrace::lowering {

struct OverLayout {
  /// Of a table that keeps `over`.
  OverLayout(exec::ProgramOp program, state::TableOp table);

  // Types of what waits, in the order of its fields; places count from the row's begin, header and all.
  llvm::SmallVector<mlir::Type> keys, args, filters, passed;
  llvm::SmallVector<bool> filtered; ///< by member
  RowLayout waiting;                ///< behind time and number, which are the engine's: keys, args, filters, passed
  RowLayout kept;                   ///< behind the time: args, filters; size 0: nothing is kept
  uint64_t rows = 0;                ///< that are kept at most; 0: all of the time to live

  /// Number of the first argument of a member in `args`, of its condition in `filters`.
  unsigned firstArg(state::TableType type, unsigned member) const;
  unsigned filterOf(unsigned member) const;
};

/// How many rows before its own a `lag` looks.
int64_t offsetOf(state::MemberAttr lag);

/// A field of such a row; whether it is null, too.
Val loadField(Code &code, mlir::Type type, const RowLayout::Field &field, mlir::Value row);
void storeField(Code &code, mlir::Type type, Val val, const RowLayout::Field &field, mlir::Value row);

/// Is everything that was ever there in each window?
bool isOverAll(state::KeepAttr keep);
bool isOver(state::TableOp table);

/// How a member follows its window.
enum class Follow {
  Place,   ///< known by where the record is: nothing is kept
  InPlace, ///< nothing leaves the window: a record goes into what is there
  Taken,   ///< expr::OverWay: what leaves is taken away again (Member::unfold)
  Counted, ///< the same
  Stacked,
  Looked,
};
Follow followOf(state::TableOp table, unsigned member);
bool anyFollows(state::TableOp table, Follow way);
/// Does a table keep the values of a member with how often they are there?
bool countsValues(const Table &table, unsigned member);

/// The description of a table that keeps `over`; null of others. `release`: the function's name.
Constant describeOver(ConstantTable &constants, exec::ProgramOp program, const Table &table);

} // namespace millrace::lowering

#endif
