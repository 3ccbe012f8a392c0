//===- Verify.h - what the ops that write state have in common -------*- C++ -*-===//
//
// Internal to the verifiers of state.fold, state.update and state.admit.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STATE_VERIFY_H
#define MILLRACE_DIALECT_STATE_VERIFY_H

#include "dialect/expr/Types.h"
#include "dialect/state/State.h"

namespace millrace::state {

/// The arguments are those of the members of the op's table, in order, and each member is filtered or not. `behind`:
/// what stands behind them.
template <typename OpT>
mlir::LogicalResult verifyArguments(OpT op, TableType type, mlir::TypeRange behind = mlir::TypeRange()) {
  llvm::SmallVector<mlir::Type> wanted;
  for (MemberAttr member : type.getMembers())
    llvm::append_range(wanted, member.getArguments());
  llvm::append_range(wanted, behind);
  if (!llvm::equal(op.getArgs().getTypes(), wanted))
    return op.emitOpError("must give the arguments of the members of @") << op.getTable() << ", in order";
  if (op.getFiltered().size() != type.getMembers().size())
    return op.emitOpError("must say of each of the ") << type.getMembers().size() << " members whether it is filtered";
  return mlir::success();
}

/// There is a condition for each filtered member.
template <typename OpT> mlir::LogicalResult verifyConditions(OpT op) {
  auto filtered = llvm::count(op.getFiltered(), true);
  if (filtered != int64_t(op.getFilters().size()))
    return op.emitOpError("has ") << op.getFilters().size() << " conditions for " << filtered << " filtered members";
  for (mlir::Value condition : op.getFilters())
    if (!expr::stripNull(condition.getType()).isInteger(1))
      return op.emitOpError("needs conditions, bool or bool?, found ") << condition.getType();
  return mlir::success();
}

/// The time, if there is one, is a timestamp.
template <typename OpT> mlir::LogicalResult verifyTime(OpT op) {
  if (op.getTime() && !mlir::isa<expr::TimestampType>(expr::stripNull(op.getTime().getType())))
    return op.emitOpError("needs a timestamp as its time, found ") << op.getTime().getType();
  return mlir::success();
}

} // namespace millrace::state

#endif
