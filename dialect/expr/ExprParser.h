//===- ExprParser.h - the infix grammar, in MLIR's tokens -----------*- C++ -*-===//
//
//   or · and · not · = <> < <= > >= is [not] null, in (..), between .. and .. ·
//   + - || · * / mod · unary - · literals, %param, fields, field("odd name"),
//   f(x), cast(x as T), case when .. then .. [else ..] end, [a, b], (..)
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_EXPRPARSER_H
#define MILLRACE_DIALECT_EXPR_EXPRPARSER_H

#include "dialect/expr/ExprBuilder.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Typing.h"

namespace millrace::expr {

class ExprParser {
public:
  ExprParser(mlir::OpAsmParser &p, ExprBuilder &build) : p(p), build(build) {}

  mlir::ParseResult parse(Expr &e) { return parseBinary(e, AnyPrecedence); }
  /// `let t = expr, …`, as many as there are.
  mlir::ParseResult parseLets();
  /// `{ a, b = expr, let t = expr, * }`: a record's value.
  mlir::ParseResult parseRecord(llvm::SmallVectorImpl<std::string> &names, llvm::SmallVectorImpl<Expr> &values);

private:
  mlir::ParseResult parseBinary(Expr &e, int least);
  mlir::ParseResult parseOperator(const Operator &op);
  mlir::ParseResult parsePredicate(Expr &e, llvm::StringRef word);
  mlir::ParseResult parseIn(Expr &e, llvm::SMLoc at);
  mlir::ParseResult parseUnary(Expr &e);
  mlir::ParseResult parsePrimary(Expr &e);
  mlir::ParseResult parseNumber(Expr &e);
  mlir::ParseResult parseExponent(Expr &e, const char *start, llvm::SMLoc loc);
  mlir::ParseResult parseParam(Expr &e);
  mlir::ParseResult parseList(Expr &e);
  mlir::ParseResult parseWord(Expr &e);
  mlir::ParseResult parseTime(Expr &e, llvm::StringRef kind, llvm::SMLoc loc);
  mlir::ParseResult parseCall(Expr &e, llvm::StringRef word, llvm::SMLoc loc);
  mlir::ParseResult parseArguments(llvm::SmallVectorImpl<Expr> &args, char close);
  mlir::ParseResult parseCase(Expr &e, llvm::SMLoc loc);
  mlir::ParseResult parseItem(llvm::SmallVectorImpl<std::string> &names, llvm::SmallVectorImpl<Expr> &values,
                              unsigned &fromStar);
  /// `)` or `]`, guarding what stands behind it.
  mlir::ParseResult close(char token);

  mlir::OpAsmParser &p;
  ExprBuilder &build;
  unsigned depth = 0, operators = 0; // bounded: parser, printer and passes recurse
};

} // namespace millrace::expr

#endif
