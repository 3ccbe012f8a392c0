//===- Stream.h - the stream dialect ------------------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_STREAM_H
#define MILLRACE_DIALECT_STREAM_STREAM_H

#include "dialect/expr/Expr.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace millrace::stream {
/// Gives an op's results the names they were written with.
void nameResults(mlir::Operation *op, mlir::OpAsmSetValueNameFn fn);
/// Names a region's arguments after the fields they read.
void nameArguments(mlir::Operation *op, mlir::Region &region, mlir::OpAsmSetValueNameFn fn);
} // namespace millrace::stream

#include "dialect/stream/StreamDialect.h.inc"
#include "dialect/stream/StreamEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/stream/StreamAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/stream/StreamTypes.h.inc"
#define GET_OP_CLASSES
#include "dialect/stream/StreamOps.h.inc"

namespace millrace::stream {
/// The type of dead letters: raw bytes, file, line, byte, operator, reason.
StreamType deadLetterType(mlir::MLIRContext *ctx);
} // namespace millrace::stream

#endif
