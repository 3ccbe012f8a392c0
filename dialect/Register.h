//===- Register.h - all dialects of Millrace, for tools -------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_REGISTER_H
#define MILLRACE_DIALECT_REGISTER_H

#include "mlir/IR/DialectRegistry.h"

namespace millrace {

/// Adds `stream`, `expr`, `state` and `exec`.
void registerDialects(mlir::DialectRegistry &registry);

} // namespace millrace

#endif
