//===- Expressions.h - expr ops to arith and llvm -------------------*- C++ -*-===//
//
// Internal to the lowering. Keeps what each SSA value of an expression became
// (a Val), and lowers one op at a time where the builder stands. Every op is
// total (rule 46): divisors, shifts and conversions are guarded before they are
// computed, never judged after. An error is a number (site << 3 | kind), the
// least of several wins (rule 47).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_EXPRESSIONS_H
#define MILLRACE_LOWERING_EXPRESSIONS_H

#include "lowering/Values.h"

#include "dialect/expr/Expr.h"

namespace millrace::lowering {

class Expressions {
public:
  Expressions(Code &code, mlir::Value task) : code(code), task(task) {}

  /// What `value` became. It must have been bound or lowered.
  const Val &get(mlir::Value value) const;
  bool has(mlir::Value value) const { return values.contains(value); }
  void bind(mlir::Value value, Val val) { values[value] = std::move(val); }
  void forget(mlir::Value value) { values.erase(value); }

  /// Lowers one op of the expr dialect; a diagnostic and failure if it has no lowering.
  mlir::LogicalResult lower(mlir::Operation *op);

  /// Nothing but a few instructions, harmless for any operand: may be computed for a record that was rejected, or
  /// again.
  static bool isCheap(mlir::Operation *op);

private:
  // Arithmetic.cpp
  void lowerArithmetic(mlir::Operation *op);
  void lowerNegate(expr::NegOp op);
  void lowerCompare(expr::CmpOp op);
  mlir::Value checkedInteger(mlir::Operation *op, const Val &a, const Val &b, Val &result);
  mlir::Value quotient(mlir::Operation *op, const Val &a, const Val &b, Val &result);
  // Logic.cpp
  void lowerAndOr(mlir::Operation *op, bool isAnd);
  void lowerNot(expr::NotOp op);
  void lowerSelect(expr::SelectOp op);
  void lowerCoalesce(expr::CoalesceOp op);
  void lowerIsNull(expr::IsNullOp op);
  void lowerTry(expr::TryOp op);
  void lowerField(expr::FieldOp op);
  // Cast.cpp
  mlir::LogicalResult lowerCast(expr::CastOp op);
  mlir::Value castNumber(mlir::Type from, mlir::Type to, mlir::Value value, mlir::Value &bad);
  mlir::LogicalResult castText(expr::CastOp op, Val &result);
  mlir::LogicalResult castTime(expr::CastOp op, Val &result);
  // Constant.cpp
  mlir::LogicalResult lowerConstant(expr::ConstantOp op);
  void lowerList(expr::ListOp op);
  // Functions.cpp
  mlir::LogicalResult lowerCall(expr::CallOp op);
  friend struct FunctionLowering;

  /// The result so far: null where an operand is, with the least error of the operands.
  Val strict(mlir::ValueRange operands);
  /// `op` fails with `kind` where `bad` holds and its operands are all there.
  void fail(mlir::Operation *op, Val &result, mlir::Value bad, mr_error_kind kind);
  /// A timestamp or date outside its range is an error.
  void checkRange(mlir::Operation *op, Val &result, mlir::Type type, mr_error_kind kind);
  void define(mlir::Operation *op, Val value) { values[op->getResult(0)] = std::move(value); }

  Code &code;
  mlir::Value task;
  llvm::DenseMap<mlir::Value, Val> values;
};

/// The error that `op` gives: its `expr.site`, and a kind.
uint32_t errorCode(mlir::Operation *op, mr_error_kind kind);

/// A text as mr_string: inline up to 12 bytes, else in a private constant of the module.
Val textConstant(Code &code, mlir::ModuleOp module, llvm::StringRef text);

} // namespace millrace::lowering

#endif
