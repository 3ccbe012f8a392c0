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

namespace {
/// An aggregate that rows are kept for. Those that are known by where a record is have none.
struct Followed {
  StringRef name;
  AggregateAttr aggregate;
  SmallVector<Type> arguments;
  expr::OverWay way;
};
} // namespace

static SmallVector<Followed> followedOf(OverOp op) {
  auto out = cast<StreamType>(op.getOutput().getType());
  ArrayRef<StringAttr> names = out.getNames().take_back(op.getAggregates().size());
  ValueRange yielded = op.getBody().front().getTerminator()->getOperands();
  SmallVector<Followed> all;
  unsigned at = 0;
  for (auto [name, attr] : llvm::zip(names, op.getAggregates())) {
    auto aggregate = cast<AggregateAttr>(attr);
    SmallVector<Type> arguments(yielded.slice(at, aggregate.getNumArgs()).getTypes());
    at += aggregate.getNumArgs() + aggregate.getFiltered();
    if (expr::isPlace(aggregate.getFn()) && aggregate.getFn() != "rank")
      continue;
    expr::OverWay way = wayOf(op, aggregate, arguments);
    all.push_back({name.getValue(), aggregate, std::move(arguments), way});
  }
  return all;
}

static StringRef textOf(expr::OverWay way) {
  switch (way) {
  case expr::OverWay::Taken:
    return "taken away";
  case expr::OverWay::Counted:
    return "each value with how often it is there";
  case expr::OverWay::Stacked:
    return "two stacks, what suffixes of the older rows give and what the younger ones give";
  case expr::OverWay::Looked:
    return "the rows are gone through for each record";
  }
  llvm_unreachable("covered");
}

std::string millrace::followed(OverOp op, expr::OverWay way) {
  std::string text;
  for (const Followed &one : followedOf(op))
    if (one.way == way)
      text += "; `" + one.name.str() + "` = " + one.aggregate.getFn().str() + ": " + textOf(way).str();
  return text;
}

std::string millrace::whySlow(OverOp op) {
  constexpr int64_t fewRows = 100;
  if (op.getWindow().getKind() == OverKind::Rows && op.getWindow().getAmount() <= fewRows)
    return {};
  std::string names;
  bool ofTexts = false, ofDistinct = false;
  for (const Followed &one : followedOf(op)) {
    StringRef fn = one.aggregate.getFn();
    if (one.way != expr::OverWay::Looked || fn == "collect" || fn == "string_join") // these give all rows anyway
      continue;
    names += (names.empty() ? "`" : ", `") + one.name.str() + "` = " + fn.str();
    bool hasTexts = expr::isUserAggregate(fn) || llvm::any_of(one.arguments, [](Type type) {
                      return isa<expr::StringType, expr::BytesType>(expr::stripNull(type));
                    });
    ofTexts |= hasTexts;
    ofDistinct |= !hasTexts && (fn == "sum" || fn == "avg");
  }
  if (names.empty())
    return {};
  return "each record goes through all records of its window for " + names +
         ", which is slow where these are many; what costs less: " +
         (ofTexts ? "a number in the place of a text, " : "") + (ofDistinct ? "`distinct exact`, " : "") +
         "a shorter window, or `sliding` for rows at times instead of records";
}
