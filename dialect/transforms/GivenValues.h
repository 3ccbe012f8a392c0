//===- GivenValues.h - what records give to the members of a table --*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_GIVENVALUES_H
#define MILLRACE_DIALECT_TRANSFORMS_GIVENVALUES_H

#include "dialect/state/State.h"

namespace millrace {

/// Do these give the same value? `evenErrors`: where they can go wrong, they go wrong together, for other reasons.
bool isSame(mlir::Value a, mlir::Value b, bool evenErrors = false);

/// What an op that writes state gives for one member.
struct Given {
  llvm::SmallVector<mlir::Value> args;
  mlir::Value filter; ///< null: there is none
};

/// Of a state.fold or state.update.
template <typename OpT> Given givenFor(OpT op, llvm::ArrayRef<state::MemberAttr> members, unsigned number) {
  unsigned arg = 0, filter = 0;
  for (unsigned i = 0; i < number; ++i) {
    arg += members[i].getArguments().size();
    filter += op.getFiltered()[i];
  }
  Given given;
  llvm::append_range(given.args, op.getArgs().slice(arg, members[number].getArguments().size()));
  if (op.getFiltered()[number])
    given.filter = op.getFilters()[filter];
  return given;
}

} // namespace millrace

#endif
