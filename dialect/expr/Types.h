//===- Types.h - asking types, and how a pipeline writes them -------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_EXPR_TYPES_H
#define MILLRACE_DIALECT_EXPR_TYPES_H

#include "dialect/expr/Expr.h"
#include <string>

namespace millrace::expr {

inline bool isNullable(mlir::Type type) { return mlir::isa<NullableType>(type); }
/// `type` without its `?`.
inline mlir::Type stripNull(mlir::Type type) {
  auto nullable = mlir::dyn_cast<NullableType>(type);
  return nullable ? nullable.getElement() : type;
}
/// `type` with a `?` if `nullable` (never two).
inline mlir::Type withNull(mlir::Type type, bool nullable) {
  return nullable && !isNullable(type) && !mlir::isa<InvalidType>(type) ? NullableType::get(type.getContext(), type)
                                                                        : type;
}
inline bool isBool(mlir::Type type) { return type.isSignlessInteger(1); }
/// i8 to i64, u8 to u64 (not bool, not nullable).
bool isInteger(mlir::Type type);
inline bool isFloat(mlir::Type type) { return mlir::isa<mlir::Float32Type, mlir::Float64Type>(type); }
inline bool isNumber(mlir::Type type) { return isInteger(type) || isFloat(type); }
/// Any type a value may have, lists, records and nullable ones included.
bool isValueType(mlir::Type type);
/// A value type that is no list and no record: what may be a key, and what aggregates take.
bool isScalar(mlir::Type type);

/// `f64?`, `u8`, `timestamp`, `[string]`: types as a pipeline writes them.
mlir::ParseResult parseBareType(mlir::AsmParser &p, mlir::Type &type);
std::string typeText(mlir::Type type);

} // namespace millrace::expr

#endif
