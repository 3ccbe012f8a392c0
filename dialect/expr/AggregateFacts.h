//===- AggregateFacts.h - the table of aggregates -------------------*- C++ -*-===//
//
// What parser, verifier and passes know of an aggregate. What it computes is in
// lowering/aggregates/ and test/reference/.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_AGGREGATEFACTS_H
#define MILLRACE_DIALECT_EXPR_AGGREGATEFACTS_H

#include "dialect/expr/Types.h"

namespace millrace::expr {

/// A row of Aggregates.def, which says what the columns mean.
struct Aggregate {
  enum When { Never, OfIntegers, Always };
  enum State { Constant, Growing, Holistic };

  llvm::StringRef name, parameters;
  char result;
  When orderFree, inverse;
  bool idempotent;
  State state;
  llvm::StringRef doc, example;

  /// Number of arguments that must be given, and that may be.
  unsigned minArgs() const;
  unsigned maxArgs() const;
  /// The letter of argument `i`.
  char parameter(unsigned i) const;

  /// Of arguments of these types, `?` or not.
  bool isOrderFree(llvm::ArrayRef<mlir::Type> arguments) const { return holds(orderFree, arguments); }
  bool hasExactInverse(llvm::ArrayRef<mlir::Type> arguments) const { return holds(inverse, arguments); }
  /// Can its result be an error (rule 23)?
  bool mayFail() const { return result == 's'; }

private:
  static bool holds(When when, llvm::ArrayRef<mlir::Type> arguments);
};

llvm::ArrayRef<Aggregate> aggregates();
/// Null: there is none of this name.
const Aggregate *findAggregate(llvm::StringRef name);
llvm::ArrayRef<llvm::StringRef> aggregateNames();
/// The aggregate that is meant by another language's name, or by its own; empty if there is none.
llvm::StringRef aggregateMeant(llvm::StringRef name);

/// How an aggregate is written up to its arguments: `sum(`, `count(distinct `.
std::string aggregateOpening(llvm::StringRef name);

/// Does an argument of this type fit parameter `i`?
bool takes(const Aggregate &aggregate, unsigned i, mlir::Type argument);
/// What a parameter takes, for messages: "a number".
llvm::StringRef aggregateNeeds(char letter);
/// The type of an aggregate, or null where the arguments do not fit. `maybeNothing`: there may be no value though its
/// arguments are never null.
mlir::Type aggregateType(const Aggregate &aggregate, llvm::ArrayRef<mlir::Type> arguments, bool maybeNothing,
                         mlir::MLIRContext *context);

} // namespace millrace::expr

#endif
