//===- Functions.h - the table of built-in functions ----------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_EXPR_FUNCTIONS_H
#define MILLRACE_DIALECT_EXPR_FUNCTIONS_H

#include "dialect/expr/Types.h"

namespace millrace::expr {

/// A row of Functions.def, which says what the letters mean.
struct Function {
  llvm::StringRef name, parameters;
  char result;
  llvm::StringRef fails, doc, example;

  /// Number of parameters that must be given, and that may be.
  unsigned minArgs() const;
  unsigned maxArgs() const;
  /// The letter of parameter `i`.
  char parameter(unsigned i) const;
};

llvm::ArrayRef<Function> functions();
const Function *findFunction(llvm::StringRef name);
/// All names, and those the grammar itself knows (`coalesce`, `cast`, `try`): for near misses.
llvm::SmallVector<llvm::StringRef> functionNames();

/// The type an argument of type `given` is widened to for a parameter (both without `?`), or null if it does not fit.
mlir::Type parameterType(char letter, mlir::Type given);
/// What a parameter takes, for messages: "a string".
llvm::StringRef parameterText(char letter);
/// The type of a call over arguments of these types, `?` included. The types fit.
mlir::Type resultType(const Function &function, llvm::ArrayRef<mlir::Type> arguments);
/// The units `truncate` or `extract` take; empty for another function.
llvm::ArrayRef<llvm::StringRef> unitsOf(llvm::StringRef function);

} // namespace millrace::expr

#endif
