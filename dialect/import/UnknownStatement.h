//===- UnknownStatement.h - words that are no statement -------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_IMPORT_UNKNOWNSTATEMENT_H
#define MILLRACE_DIALECT_IMPORT_UNKNOWNSTATEMENT_H

#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/StringRef.h"

namespace mlir {
class Diagnostic;
}

namespace millrace {

/// MLIR's message for a word that is no statement speaks of custom ops; this reports what was meant instead, at the
/// same place. Fails if `diag` says something else. `text` is what is read.
llvm::LogicalResult explainUnknown(mlir::Diagnostic &diag, llvm::StringRef text, mlir::MLIRContext *context);

} // namespace millrace

#endif
