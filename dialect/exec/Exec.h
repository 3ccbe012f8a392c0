//===- Exec.h - the exec dialect ------------------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_EXEC_EXEC_H
#define MILLRACE_DIALECT_EXEC_EXEC_H

#include "dialect/state/State.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include <string>

namespace millrace::exec {
/// On the firing of `over`: what the values are called that a record hands on.
inline constexpr llvm::StringLiteral passedNames = "passed";

/// The names of a step's, event time's, firing's, update's or unnest's arguments, in order: fields, `event_time`,
/// `element`.
llvm::SmallVector<std::string> argumentNames(mlir::Block &block);
/// Gives them to MLIR's printer.
void nameArguments(mlir::Region &region, mlir::OpAsmSetValueNameFn fn);
/// Does a step or firing go record by record through state (`state.update`, `state.admit`)?
bool isStateful(mlir::Operation *code);
/// Do records of a step or firing make windows fire before the next record comes?
bool firesAtOnce(mlir::Operation *code);
} // namespace millrace::exec

#include "dialect/exec/ExecDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/exec/ExecAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/exec/ExecTypes.h.inc"
#define GET_OP_CLASSES
#include "dialect/exec/ExecOps.h.inc"

#endif
