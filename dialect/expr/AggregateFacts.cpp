//===- AggregateFacts.cpp - the table of aggregates ---------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/ExprPrinter.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Typing.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

static constexpr auto Never = Aggregate::Never, OfIntegers = Aggregate::OfIntegers, Always = Aggregate::Always;
static constexpr auto Constant = Aggregate::Constant, Growing = Aggregate::Growing, Holistic = Aggregate::Holistic;

static const Aggregate table[] = {
#define EXPR_AGGREGATE(name, parameters, options, result, orderFree, inverse, idempotent, state, doc, example)         \
  {name, parameters, options, result, orderFree, inverse, idempotent, state, doc, example},
#define EXPR_AGGREGATE_OPTION(...)
#define EXPR_AGGREGATE_ELSEWHERE(name, here)
#include "dialect/expr/Aggregates.def"
#undef EXPR_AGGREGATE
#undef EXPR_AGGREGATE_OPTION
#undef EXPR_AGGREGATE_ELSEWHERE
};

static const AggregateOption optionTable[] = {
#define EXPR_AGGREGATE(...)
#define EXPR_AGGREGATE_OPTION(letter, name, place, kind, written, doc)                                                 \
  {letter, name, AggregateOption::place, AggregateOption::kind, written, doc},
#define EXPR_AGGREGATE_ELSEWHERE(name, here)
#include "dialect/expr/Aggregates.def"
#undef EXPR_AGGREGATE
#undef EXPR_AGGREGATE_OPTION
#undef EXPR_AGGREGATE_ELSEWHERE
};

static const StringRef names[] = {
#define EXPR_AGGREGATE(name, ...) name,
#define EXPR_AGGREGATE_OPTION(...)
#define EXPR_AGGREGATE_ELSEWHERE(name, here)
#include "dialect/expr/Aggregates.def"
#undef EXPR_AGGREGATE
#undef EXPR_AGGREGATE_OPTION
#undef EXPR_AGGREGATE_ELSEWHERE
};

static const std::pair<StringRef, StringRef> elsewhere[] = {
#define EXPR_AGGREGATE(...)
#define EXPR_AGGREGATE_OPTION(...)
#define EXPR_AGGREGATE_ELSEWHERE(name, here) {name, here},
#include "dialect/expr/Aggregates.def"
#undef EXPR_AGGREGATE
#undef EXPR_AGGREGATE_OPTION
#undef EXPR_AGGREGATE_ELSEWHERE
};

/// An aggregate of one's own: all else is in its options.
static const Aggregate userRow = {"%",
                                  "*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?",
                                  "",
                                  'u',
                                  Never,
                                  Never,
                                  false,
                                  Constant,
                                  "an aggregate of one's own",
                                  "geo = %geomean(price)"};

ArrayRef<StringRef> expr::userFacts() {
  static const StringRef facts[] = {"order_free", "idempotent", "exact_inverse"};
  return facts;
}

ArrayRef<Aggregate> expr::aggregates() { return table; }
ArrayRef<StringRef> expr::aggregateNames() { return names; }
ArrayRef<AggregateOption> expr::aggregateOptions() { return optionTable; }

const Aggregate *expr::findAggregate(StringRef name) {
  if (isUserAggregate(name))
    return &userRow;
  const auto *found = llvm::find_if(table, [&](const Aggregate &a) { return a.name == name; });
  return found == std::end(table) ? nullptr : found;
}

bool expr::isPlace(StringRef name) { return llvm::is_contained({"lag", "row_number", "rank"}, name); }

StringRef expr::aggregateMeant(StringRef name) {
  if (const Aggregate *aggregate = findAggregate(name))
    return aggregate->name;
  const auto *found = llvm::find_if(elsewhere, [&](const auto &pair) { return pair.first == name; });
  return found == std::end(elsewhere) ? StringRef() : found->second;
}

//===-- options -------------------------------------------------------------===//

std::string expr::aggregateOpening(StringRef name, DictionaryAttr options) {
  if (name == "count_distinct")
    return "count(distinct ";
  std::string text = name.str() + "(";
  for (const AggregateOption &option : optionTable)
    if (option.place == AggregateOption::Before && has(options, option.name))
      text += option.written.str() + " ";
  for (const AggregateOption &option : optionTable)
    if (option.place == AggregateOption::Front && has(options, option.name))
      text += optionText(options.get(option.name)) + ", ";
  return text;
}

std::string expr::aggregateClosing(DictionaryAttr options) {
  std::string text;
  for (const AggregateOption &option : optionTable)
    if (option.place == AggregateOption::Last && has(options, option.name))
      text += ", " + optionText(options.get(option.name));
  return text + ")";
}

std::string expr::behindArgument(DictionaryAttr options) {
  std::string text;
  for (const AggregateOption &option : optionTable)
    if (option.place == AggregateOption::Behind && has(options, option.name))
      text += " " + option.written.str();
  return text;
}

std::string expr::argumentsText(ArrayRef<std::string> arguments, DictionaryAttr options) {
  auto fields = options ? options.getAs<ArrayAttr>(optionFields) : ArrayAttr();
  size_t inside = fields && fields.size() < arguments.size() ? arguments.size() - fields.size() : arguments.size();
  std::string text =
      llvm::join(arguments.take_front(inside), ", ") + behindArgument(options) + aggregateClosing(options);
  if (inside == arguments.size())
    return text;
  text += " {";
  for (auto [name, value] : llvm::zip(fields.getAsRange<StringAttr>(), arguments.drop_front(inside)))
    text += (text.back() == '{' ? " " : ", ") + nameText(name) + (value == fieldText(name) ? "" : " = " + value);
  return text + " }";
}

std::string expr::optionText(Attribute value) {
  if (auto text = dyn_cast<StringAttr>(value))
    return quoted(text.getValue());
  if (auto number = dyn_cast<IntegerAttr>(value))
    return std::to_string(number.getInt());
  double number = cast<FloatAttr>(value).getValueAsDouble();
  for (int precision = 1;; ++precision) { // the shortest that is this number
    SmallString<32> digits;
    llvm::raw_svector_ostream(digits) << llvm::format("%.*g", precision, number);
    if (precision < 17 && std::strtod(digits.c_str(), nullptr) != number)
      continue;
    auto [whole, exponent] = digits.str().split('e'); // a point has to be there to be read again
    return (whole + (whole.contains('.') ? "" : ".0") + (exponent.empty() ? "" : "e") + exponent).str();
  }
}

const AggregateOption *expr::findOption(StringRef name) {
  const auto *found = llvm::find_if(optionTable, [&](const AggregateOption &o) { return o.name == name; });
  return found == std::end(optionTable) ? nullptr : found;
}

bool Aggregate::takesOption(const AggregateOption &option) const {
  return options.contains(option.letter) || mustHave(option);
}
bool Aggregate::mustHave(const AggregateOption &option) const { return options.contains(llvm::toUpper(option.letter)); }

static bool isOf(const AggregateOption &option, Attribute value) {
  auto number = dyn_cast<IntegerAttr>(value);
  auto real = dyn_cast<FloatAttr>(value);
  switch (option.kind) {
  case AggregateOption::Flag:
    return isa<UnitAttr>(value);
  case AggregateOption::Fraction:
    return real && real.getType().isF64() && real.getValueAsDouble() >= 0 && real.getValueAsDouble() <= 1;
  case AggregateOption::Text:
    return isa<StringAttr>(value);
  case AggregateOption::Number:
    return number && number.getType().isInteger(64) && number.getInt() > 0 && number.getInt() <= UINT32_MAX;
  case AggregateOption::Names: {
    auto names = dyn_cast<ArrayAttr>(value);
    return names && !names.empty() && llvm::all_of(names, [](Attribute name) { return isa<StringAttr>(name); }) &&
           llvm::SmallDenseSet<Attribute>(names.begin(), names.end()).size() == names.size();
  }
  }
  llvm_unreachable("a kind of option that is not explained");
}

std::string expr::whyNotOptions(const Aggregate &aggregate, DictionaryAttr options) {
  if (&aggregate == &userRow) // they are compared with its definition
    return {};
  for (NamedAttribute given : options) {
    const AggregateOption *option = findOption(given.getName());
    if (!option || !aggregate.takesOption(*option))
      return "does not take `" + given.getName().str() + "`";
    if (!isOf(*option, given.getValue()))
      return "has a bad value of `" + given.getName().str() + "`";
  }
  if (has(options, "overflow_null") && has(options, "overflow_saturate"))
    return "has two answers to an overflow";
  for (const AggregateOption &option : optionTable)
    if (aggregate.mustHave(option) && !options.contains(option.name))
      return "needs `" + option.name.str() + "`";
  return {};
}

bool expr::isDistinct(const Aggregate &aggregate, DictionaryAttr options) {
  return has(options, "distinct") && !aggregate.idempotent;
}

bool Aggregate::isOrderFree(ArrayRef<Type> arguments, DictionaryAttr options) const {
  return has(options, "exact") || has(options, "order_free") || holds(orderFree, arguments);
}

bool Aggregate::hasExactInverse(ArrayRef<Type> arguments, DictionaryAttr options) const {
  if (has(options, "distinct"))
    return false;
  return has(options, "exact") || has(options, "exact_inverse") || holds(inverse, arguments);
}

bool Aggregate::isIdempotent(DictionaryAttr options) const { return idempotent || has(options, "idempotent"); }

Aggregate::State Aggregate::stateWith(DictionaryAttr options) const {
  bool grows = isDistinct(*this, options) || has(options, "with_ties");
  return grows && state == Constant ? Growing : state;
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
  case 't':
    return isa<StringType>(type);
  case 'm':
    return isNumber(type) || isa<TimestampType, DurationType, DateType>(type);
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
  case 't':
    return "a string";
  case 'm':
    return "a number or a time";
  case 'i':
    return "an integer";
  case 'b':
    return "a bool";
  default:
    return "no list";
  }
}

//===-- results -------------------------------------------------------------===//

/// Of an aggregate of one's own; null where the arguments are not those that it takes.
static Type userType(ArrayRef<Type> arguments, bool maybeNothing, DictionaryAttr options) {
  auto takes = options ? options.getAs<ArrayAttr>(optionTakes) : ArrayAttr();
  auto gives = options ? options.getAs<TypeAttr>(optionGives) : TypeAttr();
  if (!takes || !gives || takes.size() != arguments.size())
    return {};
  for (auto [type, argument] : llvm::zip(takes.getAsValueRange<TypeAttr>(), arguments))
    if (type != stripNull(argument))
      return {};
  return withNull(gives.getValue(), maybeNothing || llvm::any_of(arguments, isNullable));
}

/// What a top is a list of: records of the named fields, or else the values it is by. Null where it does not fit.
static Type topElement(ArrayRef<Type> arguments, DictionaryAttr options) {
  auto fields = options ? options.getAs<ArrayAttr>(optionFields) : ArrayAttr();
  if (!fields)
    return arguments.size() == 1 ? stripNull(arguments.front()) : Type();
  if (fields.size() + 1 != arguments.size())
    return {};
  return RecordType::get(fields.getContext(), llvm::to_vector(fields.getAsRange<StringAttr>()), arguments.drop_front());
}

Type expr::aggregateType(const Aggregate &aggregate, ArrayRef<Type> arguments, bool maybeNothing, MLIRContext *context,
                         DictionaryAttr options) {
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
  case 'p':
    return withNull(first, true);
  case 'u':
    return userType(arguments, maybeNothing, options);
  case 'r':
    return withNull(i64, isNullable(arguments.front()));
  case '1':
    if (has(options, "with_ties"))
      return ListType::get(context, arguments.front());
    type = first;
    break;
  case 'l':
    return ListType::get(context, has(options, "ignore_nulls") ? first : arguments.front());
  case 'k':
    if (Type element = topElement(arguments, options))
      return ListType::get(context, element);
    return {};
  case 's':
    type = isFloat(first)              ? f64
           : first.isUnsignedInteger() ? IntegerType::get(context, 64, IntegerType::Unsigned)
                                       : i64;
    type = withNull(type, has(options, "overflow_null"));
    break;
  case 'b':
    type = IntegerType::get(context, 1);
    break;
  default:
    type = f64;
  }
  return withNull(type, maybeNothing || aggregate.result == 'F' || llvm::any_of(arguments, isNullable));
}
