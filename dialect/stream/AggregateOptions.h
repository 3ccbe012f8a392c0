//===- AggregateOptions.h - options of aggregates as written --------*- C++ -*-===//
//
//   sum(distinct exact x) · first(x ignore nulls) · quantile(x, 0.5) · top(3, x)
//
// Internal to the dialect. Which aggregate takes which is in Aggregates.def.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_AGGREGATEOPTIONS_H
#define MILLRACE_DIALECT_STREAM_AGGREGATEOPTIONS_H

#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Syntax.h"

namespace millrace::stream {

/// The options of one aggregate while it is parsed: between its arguments, in the order of the calls.
class AggregateOptions {
public:
  explicit AggregateOptions(mlir::OpAsmParser &p) : p(p) {}

  /// What stands behind `(`: words, then constants. `count(distinct` is another aggregate, `fn` then its name.
  mlir::ParseResult parseBefore(llvm::StringRef &fn);
  /// Words behind an argument.
  mlir::ParseResult parseBehind();
  /// Does a constant come behind so many arguments?
  bool areLast(size_t arguments) const;
  mlir::ParseResult parseLast();
  /// Reports at `loc` what has to be given and is not.
  mlir::ParseResult finish(llvm::SMLoc loc);

  void set(const expr::AggregateOption &option, mlir::Attribute value) { options.set(option.name, value); }
  mlir::DictionaryAttr get() const { return options.getDictionary(p.getContext()); }

private:
  bool isWord(const expr::AggregateOption &option) const;
  mlir::ParseResult guardBehind();
  mlir::ParseResult parseWord(const expr::AggregateOption &option);
  mlir::ParseResult parseConstant(const expr::AggregateOption &option);
  mlir::ParseResult parseNumber(const expr::AggregateOption &option, bool isFraction);

  mlir::OpAsmParser &p;
  const expr::Aggregate *aggregate = nullptr;
  mlir::NamedAttrList options;
};

} // namespace millrace::stream

#endif
