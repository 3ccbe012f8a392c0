//===- State.h - the state dialect ------------------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STATE_STATE_H
#define MILLRACE_DIALECT_STATE_STATE_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "dialect/stream/Stream.h"

#include "dialect/state/StateDialect.h.inc"
#include "dialect/state/StateEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/state/StateAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/state/StateTypes.h.inc"
#define GET_OP_CLASSES
#include "dialect/state/StateOps.h.inc"

#endif
