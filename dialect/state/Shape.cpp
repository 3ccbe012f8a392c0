//===- Shape.cpp - which pieces a member has ----------------------------------===//
#include "dialect/state/Shape.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Types.h"
#include "dialect/state/BestRows.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Layout.h"

#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::state;

static bool isText(Type type) { return isa<expr::StringType, expr::BytesType>(expr::stripNull(type)); }

/// Bytes that a value takes in a slot.
static unsigned bytesOf(Type type) {
  if (isText(type))
    return 16;
  return std::max(unsigned(packedBits(expr::stripNull(type), {}).value_or(64)) / 8, 1u);
}

static Shape sum(MemberAttr member, Shape::Beside beside) {
  Shape shape;
  shape.value = 8;
  shape.high = !expr::isFloat(expr::stripNull(member.getArgument()));
  shape.beside = beside;
  return shape;
}

static Shape variance(MemberAttr member) {
  Shape shape;
  shape.beside = Shape::Count;
  if (expr::isFloat(expr::stripNull(member.getArgument())))
    shape.words = {{"mean", 8, "f64"}, {"squares", 8, "f64: of the distances to the mean"}};
  else
    shape.words = {{"sum", 16, "exact"}, {"squares", 24, "exact sum of the squares"}};
  return shape;
}

static Shape covariance(bool both) {
  Shape shape;
  shape.beside = Shape::Count;
  shape.words = {{"mean1", 8, "f64"}, {"mean2", 8, "f64"}, {"products", 8, "f64: of the distances to the means"}};
  if (both)
    shape.words.append(
        {{"squares1", 8, "f64: of the distances to the mean"}, {"squares2", 8, "f64: of the distances to the mean"}});
  return shape;
}

/// Values kept as they came.
static Shape kept(MemberAttr member, Shape::Beside beside) {
  Shape shape;
  shape.value = bytesOf(member.getArgument());
  shape.isText = isText(member.getArgument());
  shape.beside = beside;
  if (member.getArguments().size() > 1) {
    shape.by = bytesOf(member.getArguments()[1]);
    shape.isByText = isText(member.getArguments()[1]);
  }
  return shape;
}

/// Of an aggregate of one's own: its state as it is; without a record it is looked upon as that of none.
static Shape own(MemberAttr member) {
  Shape shape;
  shape.beside = Shape::Count;
  auto types = member.getOptions().getAs<ArrayAttr>(expr::optionState);
  auto names = member.getOptions().getAs<ArrayAttr>(expr::optionStateNames);
  auto lasting = [&](const Twine &text) { return StringAttr::get(member.getContext(), text).getValue(); };
  for (auto [name, type] : llvm::zip(names.getAsValueRange<StringAttr>(), types.getAsValueRange<TypeAttr>())) {
    shape.words.push_back(
        {lasting("state_" + name), bytesOf(type), lasting(expr::typeText(expr::stripNull(type))), isText(type)});
    if (expr::isNullable(type))
      shape.words.push_back({lasting("has_" + name), 1, "it is not null"});
  }
  if (member.getOptions().contains(expr::optionFails))
    shape.words.push_back({"error", 4, "of putting states together, negated so that 0 is none"});
  return shape;
}

/// Of an aggregate over all values.
static Shape plainShape(MemberAttr member) {
  StringRef fn = member.getFn();
  if (expr::isUserAggregate(fn))
    return own(member);
  if (fn == "count") {
    Shape shape;
    shape.value = 8;
    return shape;
  }
  bool isExact = isExactSum(member);
  if (isExact || fn.ends_with("count_distinct") || fn.contains("quantile") || fn == "median" ||
      fn == "string_join") { // for the runtime
    Shape shape;
    shape.value = 16;
    shape.isText = true;
    shape.beside = fn == "avg" ? Shape::Count : Shape::Nothing;
    return shape;
  }
  if (keepsList(member)) { // as a text, too
    Shape shape;
    shape.value = 16;
    shape.isText = true;
    if (hasBar(member))
      shape.words = {
          {"bar", 8, "what is less is refused: a word whose order is that of the values, the best the greatest"}};
    return shape;
  }
  if (fn == "sum" || fn == "avg")
    return sum(member, fn == "avg" ? Shape::Count : Shape::Nothing);
  if (fn.starts_with("var_") || fn.starts_with("stddev_"))
    return variance(member);
  if (fn.starts_with("covar_") || fn == "corr")
    return covariance(fn == "corr");
  bool byTime = llvm::is_contained({"first", "last", "argmin", "argmax"}, fn);
  return kept(member, byTime ? Shape::Time : Shape::Nothing);
}

/// Each value with how often it is there (runtime/state/counted_ranks.h); of texts nothing.
static Shape rank(MemberAttr member) {
  Shape shape;
  shape.value = isText(member.getArgument()) ? 0 : 16;
  shape.isText = shape.value != 0;
  return shape;
}

Shape state::shapeOf(MemberAttr member) {
  if (member.getFn() == "rank")
    return rank(member);
  if (expr::isPlace(member.getFn()) || keptWith(member)) // known where a record's window is; another one's pieces
    return {};
  Shape shape = plainShape(member);
  if (keepsSet(member))
    shape.words.push_back({"set", 16, "a set of the values, as a text", /*isText=*/true});
  return shape;
}

bool state::hasBar(MemberAttr member) {
  return !directionsOf(member).empty() && !isText(member.getArguments().front());
}

bool state::keepsSet(MemberAttr member) {
  const expr::Aggregate &facts = *expr::findAggregate(member.getFn());
  return facts.state == expr::Aggregate::Constant && expr::isDistinct(facts, member.getOptions());
}

bool state::isExactSum(MemberAttr member) {
  return expr::has(member.getOptions(), "exact") && expr::isFloat(expr::stripNull(member.getArgument()));
}

bool state::keepsList(MemberAttr member) { return isa<expr::ListType>(expr::stripNull(member.getResult())); }

bool state::keepsNulls(MemberAttr member) {
  return shapeOf(member).beside == Shape::Time && expr::isNullable(member.getArgument()) &&
         !member.getOptions().contains("ignore_nulls");
}

unsigned Shape::bytes() const {
  unsigned all = value + by + (beside == Nothing ? 0 : 8);
  for (const Word &word : words)
    all += word.bytes;
  return all;
}
