//===- ExprPrinter.h - SSA back to infix ----------------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_EXPR_EXPRPRINTER_H
#define MILLRACE_DIALECT_EXPR_EXPRPRINTER_H

#include "dialect/expr/Typing.h"
#include "llvm/ADT/DenseSet.h"

namespace millrace::expr {

/// A field as it is written in an expression: a word, or `field("odd name")`.
std::string fieldText(llvm::StringRef name);
/// A literal that is no number in a neighbour's type: as ConstantOp's attribute, `4.5`, `10 s`, `timestamp "…"`.
std::string literalText(mlir::Attribute value);

/// Prints the values of one region's block as text that reads back as the same ops.
class ExprPrinter {
public:
  /// How a value from outside (a param) is written.
  using Outside = llvm::function_ref<std::string(mlir::Value)>;

  /// `arguments` has a text for each argument of `block`.
  ExprPrinter(mlir::Block &block, llvm::ArrayRef<std::string> arguments, Outside outside);
  /// False if something has no infix form: the region is then printed as it is.
  bool ok() const { return printable; }
  /// `value` for a place that takes operators of at least this precedence.
  std::string text(mlir::Value value, int precedence = AnyPrecedence);
  /// `let t = expr` for values that were named or are used more than once, in order. Must be called before `text`.
  llvm::SmallVector<std::string> lets();
  /// The ops that `lets` names, in the same order.
  llvm::ArrayRef<mlir::Operation *> letOps() const { return shared; }

private:
  /// `x in (a, b)` and `x between a and b`, found in the chains of ops they are built as.
  struct Membership {
    mlir::Value subject;
    llvm::SmallVector<mlir::Value> items;
    bool between;
  };
  bool check(mlir::Operation &op);
  void findMembership(mlir::Operation &op);
  bool inlined(mlir::Value value) const;
  bool isImplied(CastOp cast) const;
  std::string operation(mlir::Operation *op, int precedence);
  std::string constant(ConstantOp op, int precedence);
  std::string membership(const Membership &m, int precedence);
  std::string arguments(mlir::OperandRange values);
  std::string choice(SelectOp op);

  mlir::Block &block;
  Outside outside;
  llvm::DenseMap<mlir::Value, std::string> named;
  llvm::DenseMap<mlir::Operation *, Membership> memberships;
  llvm::DenseSet<mlir::Value> subjects;
  llvm::SmallVector<mlir::Operation *> shared;
  bool printable = true;
};

} // namespace millrace::expr

#endif
