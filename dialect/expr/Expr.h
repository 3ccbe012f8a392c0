//===- Expr.h - the expr dialect ------------------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_EXPR_EXPR_H
#define MILLRACE_DIALECT_EXPR_EXPR_H

#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ControlFlowInterfaces.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/expr/ExprDialect.h.inc"
#include "dialect/expr/ExprEnums.h.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/expr/ExprAttrs.h.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/expr/ExprTypes.h.inc"
#define GET_OP_CLASSES
#include "dialect/expr/ExprOps.h.inc"

#endif
