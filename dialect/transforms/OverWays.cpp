//===- OverWays.cpp - how the aggregates of a window per record follow it ----------===//
#include "dialect/transforms/OverWays.h"

#include "dialect/expr/AggregateFacts.h"
#include "dialect/stream/UserAggregates.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static expr::OverWay wayOf(OverOp op, AggregateAttr aggregate, ArrayRef<Type> arguments) {
  StringRef name = aggregate.getFn();
  if (!expr::isUserAggregate(name))
    return expr::overWay(name, arguments, aggregate.getOptions());
  // What is kept of it is its state. Texts in there would have to be kept once more for each suffix.
  expr::OverWay way = expr::overWay(name, {}, aggregate.getOptions());
  AggregateOp definition = definitionOf(op, name);
  bool hasTexts = definition &&
                  llvm::any_of(definition.getIdentity().front().getTerminator()->getOperandTypes(),
                               [](Type type) { return isa<expr::StringType, expr::BytesType>(expr::stripNull(type)); });
  return way == expr::OverWay::Stacked && hasTexts ? expr::OverWay::Looked : way;
}

std::string millrace::followed(OverOp op, expr::OverWay way) {
  auto out = cast<StreamType>(op.getOutput().getType());
  ArrayRef<StringAttr> names = out.getNames().take_back(op.getAggregates().size());
  ValueRange yielded = op.getBody().front().getTerminator()->getOperands();
  std::string text;
  unsigned at = 0;
  for (auto [name, attr] : llvm::zip(names, op.getAggregates())) {
    auto aggregate = cast<AggregateAttr>(attr);
    SmallVector<Type> arguments(yielded.slice(at, aggregate.getNumArgs()).getTypes());
    at += aggregate.getNumArgs() + aggregate.getFiltered();
    bool isKnown = expr::isPlace(aggregate.getFn()) && aggregate.getFn() != "rank"; // by where the record is
    if (isKnown || wayOf(op, aggregate, arguments) != way)
      continue;
    text += "; `" + name.getValue().str() + "` = " + aggregate.getFn().str() + ": ";
    switch (way) {
    case expr::OverWay::Taken:
      text += "taken away";
      break;
    case expr::OverWay::Counted:
      text += "each value with how often it is there";
      break;
    case expr::OverWay::Stacked:
      text += "two stacks, what suffixes of the older rows give and what the younger ones give";
      break;
    case expr::OverWay::Looked:
      text += "the rows are gone through for each record";
      break;
    }
  }
  return text;
}
