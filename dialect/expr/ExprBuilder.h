//===- ExprBuilder.h - typed SSA from the pieces of an expression ---*- C++ -*-===//
//
// Knows types and names, and nothing of tokens. A mistake is reported where it
// is, and `expr.invalid` stands for the value, so that parsing goes on and one
// run reports all mistakes.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_EXPRBUILDER_H
#define MILLRACE_DIALECT_EXPR_EXPRBUILDER_H

#include "dialect/expr/Types.h"
#include "llvm/ADT/StringMap.h"

namespace millrace::expr {

/// A typed expression: a value, or a literal that still adapts to its neighbour (`mag >= 4`, mag: f64).
struct Expr {
  llvm::SMLoc loc;
  /// Of a literal: what it is without a neighbour.
  mlir::Type type;
  mlir::Value value = {};
  /// IntegerAttr of i128, FloatAttr of f64, BoolAttr, StringAttr, a time, or UnitAttr for null.
  mlir::Attribute literal = {};
  /// A literal with a type of its own (`cast(5 as i32)`): the attribute is of that type and adapts no more.
  bool fixed = false;

  bool isLiteral() const { return literal && !fixed; }
  bool isNull() const { return isLiteral() && mlir::isa<mlir::UnitAttr>(literal); }
  bool isInvalid() const { return mlir::isa<InvalidType>(type); }
};

/// The names an expression may read: a record's fields.
struct Scope {
  llvm::SmallVector<llvm::StringRef> names;
  llvm::SmallVector<mlir::Type> types;
};

class ExprBuilder {
public:
  ExprBuilder(mlir::AsmParser &p, mlir::Block &block, Scope scope)
      : b(p.getContext()), p(p), block(block), scope(std::move(scope)) {
    b.setInsertionPointToEnd(&block); // OpBuilder::atBlockEnd would crash on a block without a parent
  }

  Expr name(llvm::StringRef name, llvm::SMLoc loc);
  Expr literal(llvm::SMLoc loc, mlir::TypedAttr value) { return {loc, value.getType(), {}, value}; }
  Expr integer(llvm::SMLoc loc, llvm::APInt magnitude);
  Expr text(llvm::SMLoc loc, llvm::StringRef text);
  Expr null(llvm::SMLoc loc);
  Expr param(llvm::SMLoc loc, mlir::Value value);
  Expr invalid(llvm::SMLoc loc);

  /// `op` is the operator's text; `at` where it stands.
  Expr binary(llvm::StringRef op, Expr lhs, Expr rhs, llvm::SMLoc at);
  Expr negate(Expr e, llvm::SMLoc at);
  Expr logicalNot(Expr e, llvm::SMLoc at);
  Expr isNull(Expr e, bool negated, llvm::SMLoc at);
  Expr cast(Expr e, mlir::Type to, llvm::SMLoc at);
  Expr list(llvm::ArrayRef<Expr> elements, llvm::SMLoc at);
  Expr field(const Expr &record, llvm::StringRef name, llvm::SMLoc at);
  /// A built-in function, or one that the grammar itself knows: coalesce, try, concat of many, `hour(t)` and its like.
  Expr call(llvm::StringRef function, llvm::ArrayRef<Expr> args, llvm::SMLoc at);
  /// The first value whose condition is true, else the last one (`values` has one more than `conditions`).
  Expr choose(llvm::ArrayRef<Expr> conditions, llvm::ArrayRef<Expr> values, llvm::SMLoc at);

  /// The value of `e`, widened to `want` (its `?` does not matter) if given; a literal takes that type.
  mlir::Value value(const Expr &e, mlir::Type want = {});
  mlir::Value condition(const Expr &e);
  /// A literal's value as an attribute of type `want` (without `?`), or null if it does not fit.
  mlir::Attribute adapt(const Expr &e, mlir::Type want);
  /// Gives `value` a name that later expressions of the same region may use.
  void define(llvm::StringRef name, mlir::Value value);

  /// Fields and definitions in scope.
  llvm::SmallVector<llvm::StringRef> names() const;
  const Scope &fieldsInScope() const { return scope; }
  /// Names of the fields read so far; the i-th is the block's i-th argument (behind those it had before).
  mlir::ArrayAttr fieldsRead() { return b.getArrayAttr(fields); }

  mlir::OpBuilder b;

private:
  /// The type all can be widened to, or null after a report that begins with `what`.
  mlir::Type common(llvm::ArrayRef<Expr> exprs, llvm::Twine what);
  Expr coalesce(llvm::ArrayRef<Expr> args, llvm::SMLoc at);
  Expr builtin(llvm::StringRef name, llvm::ArrayRef<Expr> args, llvm::SMLoc at);
  bool knows(llvm::StringRef name) const;
  bool checkUnit(llvm::StringRef function, const Expr &unit);
  Expr mismatch(llvm::StringRef op, const Expr &lhs, const Expr &rhs, llvm::SMLoc at);
  mlir::Location where(llvm::SMLoc loc) { return p.getEncodedSourceLoc(loc); }

  mlir::AsmParser &p;
  mlir::Block &block;
  Scope scope;
  llvm::SmallVector<mlir::Attribute> fields;
  llvm::DenseMap<mlir::Attribute, mlir::Value> arguments;
  llvm::StringMap<mlir::Value> lets;
  llvm::SmallVector<std::string> letNames;
};

} // namespace millrace::expr

#endif
