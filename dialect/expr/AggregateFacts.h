//===- AggregateFacts.h - the table of aggregates -------------------*- C++ -*-===//
//
// What parser, verifier and passes know of an aggregate. What it computes is in
// lowering/aggregates/ and test/reference/.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_EXPR_AGGREGATEFACTS_H
#define MILLRACE_DIALECT_EXPR_AGGREGATEFACTS_H

#include "dialect/expr/Types.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace millrace::expr {

/// A row of the options in Aggregates.def.
struct AggregateOption {
  enum Place { Before, Behind, Front, Last, Braces };
  enum Kind { Flag, Fraction, Text, Number, Names };

  char letter;
  llvm::StringRef name;
  Place place;
  Kind kind;
  llvm::StringRef written, doc;
};

/// Of `top`: the names of its other arguments.
inline constexpr llvm::StringLiteral optionFields = "fields";

/// Of an aggregate of one's own, which is called `%name`: the types that it takes and the one it gives, beside its
/// facts.
inline constexpr llvm::StringLiteral optionTakes = "takes", optionGives = "gives";
/// Of one that is a member of a table: types and names of its state, and whether putting two together can fail.
inline constexpr llvm::StringLiteral optionState = "state", optionStateNames = "state_names", optionFails = "fails";
inline bool isUserAggregate(llvm::StringRef name) { return name.starts_with("%"); }
/// What can be claimed of one: order_free, idempotent, exact_inverse.
llvm::ArrayRef<llvm::StringRef> userFacts();

/// A row of Aggregates.def, which says what the columns mean.
struct Aggregate {
  enum When { Never, OfIntegers, Always };
  enum State { Constant, Growing, Holistic };

  llvm::StringRef name, parameters, options;
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
  bool isOrderFree(llvm::ArrayRef<mlir::Type> arguments, mlir::DictionaryAttr options = {}) const;
  bool hasExactInverse(llvm::ArrayRef<mlir::Type> arguments, mlir::DictionaryAttr options = {}) const;
  bool isIdempotent(mlir::DictionaryAttr options) const;
  State stateWith(mlir::DictionaryAttr options) const;
  /// Can its result be an error (rule 23)?
  bool mayFail() const { return result == 's' || result == 'u'; }
  bool takesOption(const AggregateOption &option) const;
  bool mustHave(const AggregateOption &option) const;

private:
  static bool holds(When when, llvm::ArrayRef<mlir::Type> arguments);
};

llvm::ArrayRef<Aggregate> aggregates();
/// Null: there is none of this name. One row stands for all of one's own.
const Aggregate *findAggregate(llvm::StringRef name);
llvm::ArrayRef<llvm::StringRef> aggregateNames();
/// The aggregate that is meant by another language's name, or by its own; empty if there is none.
llvm::StringRef aggregateMeant(llvm::StringRef name);

/// Does it tell of one record's place among others, and so stands in `over` alone?
bool isPlace(llvm::StringRef name);

llvm::ArrayRef<AggregateOption> aggregateOptions();
const AggregateOption *findOption(llvm::StringRef name);
/// Why an aggregate cannot have these options ("does not take `exact`"); empty if it can.
std::string whyNotOptions(const Aggregate &aggregate, mlir::DictionaryAttr options);
inline bool has(mlir::DictionaryAttr options, llvm::StringRef name) { return options && options.contains(name); }
/// Is it over the set of its values, and does that make a difference?
bool isDistinct(const Aggregate &aggregate, mlir::DictionaryAttr options);

/// How an aggregate is written up to its arguments: `sum(`, `count(distinct `, `top(3, `; and what closes it: `, 0.5)`.
std::string aggregateOpening(llvm::StringRef name, mlir::DictionaryAttr options = {});
std::string aggregateClosing(mlir::DictionaryAttr options = {});
/// What stands behind that opening: the arguments with their options, what closes it, and a record if there is one.
std::string argumentsText(llvm::ArrayRef<std::string> arguments, mlir::DictionaryAttr options);
/// What stands behind its last argument: ` ignore nulls`.
std::string behindArgument(mlir::DictionaryAttr options);
/// The value of an option as it is written.
std::string optionText(mlir::Attribute value);

/// Does an argument of this type fit parameter `i`?
bool takes(const Aggregate &aggregate, unsigned i, mlir::Type argument);
/// What a parameter takes, for messages: "a number".
llvm::StringRef aggregateNeeds(char letter);
/// The type of an aggregate, or null where the arguments do not fit. `maybeNothing`: there may be no value though its
/// arguments are never null.
mlir::Type aggregateType(const Aggregate &aggregate, llvm::ArrayRef<mlir::Type> arguments, bool maybeNothing,
                         mlir::MLIRContext *context, mlir::DictionaryAttr options = {});

} // namespace millrace::expr

#endif
