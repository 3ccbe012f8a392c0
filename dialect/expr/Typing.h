//===- Typing.h - which types an operation takes and gives ----------*- C++ -*-===//
//
// The one truth about types in expressions: the builder of infix text widens by
// it, the verifiers check by it, the printer leaves out the casts it implies.
// Types are given without their `?`; nullability goes through every operation
// in the same way (null in, null out) and is added by the caller.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_TYPING_H
#define MILLRACE_DIALECT_EXPR_TYPING_H

#include "dialect/expr/Types.h"
#include <optional>

namespace millrace::expr {

/// An infix operator: how it is written, the op it builds, and how strongly it binds.
struct Operator {
  llvm::StringRef text, mnemonic;
  int precedence;
  bool isCompare() const { return precedence == 4; }
};
/// Precedences: or 1, and 2, not 3, comparisons 4, + - || 5, * / mod 6, unary - 7, literals and names 9.
enum Precedence {
  AnyPrecedence = 0,
  NotPrecedence = 3,
  ComparePrecedence = 4,
  AddPrecedence = 5,
  SignPrecedence = 7,
  TightPrecedence = 9
};
const Operator *findOperator(llvm::StringRef text);
/// The operator that builds `op`, or null. For `expr.cmp` the predicate decides; `||` builds a call of `concat`.
const Operator *operatorOf(mlir::Operation *op);
CmpPredicate predicateOf(llvm::StringRef text);

/// The type two numbers meet in: the wider of integers, f64 for an integer and a float, nothing for a signed integer
/// and u64.
mlir::Type commonNumber(mlir::Type a, mlir::Type b);
/// The type both can be widened to without a cast written out, or null.
mlir::Type commonType(mlir::Type a, mlir::Type b);

/// What a binary operation takes, after widening, and gives.
struct Signature {
  mlir::Type lhs, rhs, result;
};
/// The signature of `mnemonic` (add sub mul div mod cmp and or) over operands of these types; `ordered` for < <= > >=.
std::optional<Signature> signatureOf(llvm::StringRef mnemonic, mlir::Type lhs, mlir::Type rhs, bool ordered = false);

/// Is there a cast from `from` to `to` (both without `?`)? Numbers to numbers (what does not fit is an error, to an
/// integer cuts); bool, numbers, bytes and times to string and back (RFC 3339, ISO 8601), but for a string to a
/// duration; timestamp to date (cuts) and back; i64 to duration and back, in microseconds; bool to integers (0, 1).
bool isCastable(mlir::Type from, mlir::Type to);

} // namespace millrace::expr

#endif
