//===- Expressions.h - what an expression gives --------------------*- C++ -*-===//
//
// Rules 44 to 47: every operation of the `expr` dialect is total; its result is
// a value, null, or an error of the record.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_EXPRESSIONS_H
#define MILLRACE_TEST_REFERENCE_EXPRESSIONS_H

#include "Value.h"

#include "mlir/IR/Region.h"
#include "llvm/ADT/DenseMap.h"

namespace millrace::reference {

/// What every SSA value of a region is for one record; params are known beforehand.
using Environment = llvm::DenseMap<mlir::Value, Value>;

/// Evaluates all operations of the region for a record whose fields are `arguments`. Nothing is skipped: errors are
/// values, and those that are not chosen do not count.
void evaluate(mlir::Region &region, const std::vector<Value> &arguments, Environment &environment);

/// The region's yielded SSA values.
mlir::ValueRange yielded(mlir::Region &region);

/// A literal of the dialect (also a param's default).
Value literal(mlir::Attribute attribute, mlir::Type type);

} // namespace millrace::reference
#endif
