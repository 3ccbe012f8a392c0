//===- AggregateFacts.cpp - the table of aggregates ---------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Typing.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

static constexpr auto Never = Aggregate::Never, OfIntegers = Aggregate::OfIntegers, Always = Aggregate::Always;
static constexpr auto Constant = Aggregate::Constant, Growing = Aggregate::Growing;

static const Aggregate table[] = {
#define EXPR_AGGREGATE(name, parameters, result, orderFree, inverse, idempotent, state, doc, example)                  \
  {name, parameters, result, orderFree, inverse, idempotent, state, doc, example},
#define EXPR_AGGREGATE_ELSEWHERE(name, here)
#include "dialect/expr/Aggregates.def"
#undef EXPR_AGGREGATE
#undef EXPR_AGGREGATE_ELSEWHERE
};

static const StringRef names[] = {
#define EXPR_AGGREGATE(name, ...) name,
#define EXPR_AGGREGATE_ELSEWHERE(name, here)
#include "dialect/expr/Aggregates.def"
#undef EXPR_AGGREGATE
#undef EXPR_AGGREGATE_ELSEWHERE
};

static const std::pair<StringRef, StringRef> elsewhere[] = {
#define EXPR_AGGREGATE(...)
#define EXPR_AGGREGATE_ELSEWHERE(name, here) {name, here},
#include "dialect/expr/Aggregates.def"
#undef EXPR_AGGREGATE
#undef EXPR_AGGREGATE_ELSEWHERE
};

ArrayRef<Aggregate> expr::aggregates() { return table; }
ArrayRef<StringRef> expr::aggregateNames() { return names; }

const Aggregate *expr::findAggregate(StringRef name) {
  const auto *found = llvm::find_if(table, [&](const Aggregate &a) { return a.name == name; });
  return found == std::end(table) ? nullptr : found;
}

StringRef expr::aggregateMeant(StringRef name) {
  if (const Aggregate *aggregate = findAggregate(name))
    return aggregate->name;
  const auto *found = llvm::find_if(elsewhere, [&](const auto &pair) { return pair.first == name; });
  return found == std::end(elsewhere) ? StringRef() : found->second;
}

std::string expr::aggregateOpening(StringRef name) {
  return name == "count_distinct" ? "count(distinct " : name.str() + "(";
}

//===-- arguments -----------------------------------------------------------===//

unsigned Aggregate::maxArgs() const { return parameters.size() - parameters.count('?'); }
unsigned Aggregate::minArgs() const { return maxArgs() - parameters.count('?'); }
char Aggregate::parameter(unsigned i) const {
  for (char c : parameters)
    if (c != '?' && i-- == 0)
      return c;
  llvm_unreachable("an aggregate has no such parameter");
}

bool Aggregate::holds(When when, ArrayRef<Type> arguments) {
  return when == Always ||
         (when == OfIntegers && llvm::none_of(arguments, [](Type type) { return isFloat(stripNull(type)); }));
}

bool expr::takes(const Aggregate &aggregate, unsigned i, Type argument) {
  Type type = stripNull(argument);
  if (!isScalar(type))
    return false;
  switch (aggregate.parameter(i)) {
  case '*':
    return true;
  case 'o':
    return !isBool(type);
  case 'n':
    return isNumber(type);
  case 'i':
    return isInteger(type);
  case 'b':
    return isBool(type);
  default:
    llvm_unreachable("Aggregates.def has a letter that is not explained");
  }
}

StringRef expr::aggregateNeeds(char letter) {
  switch (letter) {
  case 'o':
    return "something ordered";
  case 'n':
    return "a number";
  case 'i':
    return "an integer";
  case 'b':
    return "a bool";
  default:
    return "no list";
  }
}

//===-- results -------------------------------------------------------------===//

Type expr::aggregateType(const Aggregate &aggregate, ArrayRef<Type> arguments, bool maybeNothing,
                         MLIRContext *context) {
  if (arguments.size() < aggregate.minArgs() || arguments.size() > aggregate.maxArgs())
    return {};
  for (auto [i, argument] : llvm::enumerate(arguments))
    if (!takes(aggregate, i, argument))
      return {};
  Type i64 = IntegerType::get(context, 64), f64 = Float64Type::get(context);
  Type first = arguments.empty() ? Type() : stripNull(arguments.front()), type;
  switch (aggregate.result) {
  case 'n':
    return i64;
  case '1':
    type = first;
    break;
  case 's':
    type = isFloat(first)              ? f64
           : first.isUnsignedInteger() ? IntegerType::get(context, 64, IntegerType::Unsigned)
                                       : i64;
    break;
  case 'b':
    type = IntegerType::get(context, 1);
    break;
  default:
    type = f64;
  }
  return withNull(type, maybeNothing || aggregate.result == 'F' || llvm::any_of(arguments, isNullable));
}
