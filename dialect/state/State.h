//===- State.h - the state dialect ------------------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STATE_STATE_H
#define MILLRACE_DIALECT_STATE_STATE_H

#include "dialect/state/KeyRange.h"
#include "dialect/stream/Stream.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace millrace::state {
/// Names the arguments of an update's body after keys, members and event time.
void nameArguments(mlir::Region &region, mlir::OpAsmSetValueNameFn fn);
} // namespace millrace::state

#include "dialect/state/StateDialect.h.inc"
#include "dialect/state/StateEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/state/StateAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/state/StateInterfaces.h.inc"
#include "dialect/state/StateTypes.h.inc"
#define GET_OP_CLASSES
#include "dialect/state/StateOps.h.inc"

namespace millrace::state {
/// Types of what a pane gives for each key when it fires: the keys, `window_start` and `window_end` (windows in time),
/// `timing` (processing time), the members' results, the results' event time.
llvm::SmallVector<mlir::Type> firedTypes(TableOp table);
/// Is there a table for each of its windows, which may fire again or take late records?
bool keepsPanes(TableOp table);
/// May a record make it fire before the next record comes (rules 20, 21)?
bool firesAtOnce(TableOp table);
/// Of the `count` arguments of a body from `first` on, those that are used.
llvm::SmallVector<unsigned> usedArguments(mlir::Block &block, unsigned first, unsigned count);
/// What the arguments of an update's body are called: the keys, the members, `event_time`.
llvm::SmallVector<std::string> argumentNames(UpdateOp update);
} // namespace millrace::state

#endif
