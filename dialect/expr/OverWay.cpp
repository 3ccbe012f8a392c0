//===- OverWay.cpp - how aggregates follow windows per record ---------------------===//
#include "dialect/expr/OverWay.h"

#include "dialect/expr/AggregateFacts.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

OverWay expr::overWay(StringRef name, ArrayRef<Type> arguments, DictionaryAttr options) {
  const Aggregate &facts = *findAggregate(name);
  auto isText = [](Type type) { return isa<StringType, BytesType>(stripNull(type)); };
  bool ofTexts = llvm::any_of(arguments, isText);
  if (facts.state == Aggregate::Constant && isDistinct(facts, options)) {
    NamedAttrList ofAll(options);
    ofAll.erase("distinct");
    bool isExact = facts.hasExactInverse(arguments, ofAll.getDictionary(options.getContext()));
    return isExact && !ofTexts ? OverWay::Counted : OverWay::Looked;
  }
  if (llvm::is_contained(
          {"rank", "count_distinct", "approx_count_distinct", "quantile", "quantile_disc", "median", "approx_quantile"},
          name))
    return ofTexts ? OverWay::Looked : OverWay::Counted;
  if (facts.hasExactInverse(arguments, options))
    return OverWay::Taken;
  bool isSmall = facts.stateWith(options) == Aggregate::Constant && !ofTexts;
  return isSmall ? OverWay::Stacked : OverWay::Looked;
}
