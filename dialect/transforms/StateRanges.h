//===- StateRanges.h - which values the keys of tables can have -----*- C++ -*-===//
//
// From where the values come to the table: declared ranges of fields, types,
// expressions, filters on the way, keys and members of tables before it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_STATERANGES_H
#define MILLRACE_DIALECT_TRANSFORMS_STATERANGES_H

#include "dialect/exec/Exec.h"
#include "dialect/expr/Range.h"
#include "llvm/ADT/StringMap.h"
#include <map>

namespace millrace {

class StateRanges {
public:
  explicit StateRanges(exec::ProgramOp program);

  /// A range for each field of the key; not known: no integer, too many values to be told (2⁶³ and more), or never
  /// seen.
  llvm::SmallVector<state::KeyRange> keysOf(state::TableOp table);

private:
  using MaybeRange = std::optional<expr::Range>;
  /// What is known of a table's keys and of its members' results; nothing while it is in hand.
  struct Facts {
    llvm::SmallVector<MaybeRange> keys, members;
  };

  const Facts &factsOf(llvm::StringRef table);
  MaybeRange of(mlir::Value value);
  MaybeRange ofField(mlir::StringAttr source, llvm::ArrayRef<int32_t> fields, unsigned number);
  MaybeRange ofTable(llvm::StringRef table, unsigned number, unsigned between);

  exec::ProgramOp program;
  llvm::StringMap<llvm::SmallVector<mlir::Operation *>> writers; ///< by table: what puts keys into it
  std::map<std::string, Facts, std::less<>> known;
};

} // namespace millrace

#endif
