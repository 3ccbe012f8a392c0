//===- FactValues.cpp - records that an aggregate's laws are tried on ------------===//
#include "FactValues.h"
#include "FactLaws.h"

#include "dialect/expr/Expr.h"
#include "dialect/expr/Time.h"
#include "dialect/expr/Types.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

using namespace llvm;

namespace millrace {

namespace {
/// What an aggregate's text names, and thus may compare with.
struct Literals {
  explicit Literals(stream::AggregateOp aggregate);
  void add(mlir::Attribute value);

  std::vector<double> numbers; ///< integers and floats
  std::vector<int64_t> wholes; ///< the same, of integers to the last digit
  std::vector<int64_t> times;  ///< points in time and durations, in microseconds
  std::vector<int64_t> days;   ///< dates
  std::vector<std::string> texts;
};

/// Draws values of one aggregate.
class Drawing {
public:
  explicit Drawing(stream::AggregateOp aggregate) : literals(aggregate) {}
  json::Value anyOf(mlir::Type type);

private:
  uint64_t below(uint64_t most) { return random() % most; }
  int64_t small() { return below(4) ? int64_t(below(21)) - 10 : int64_t(below(2001)) - 1000; }
  template <typename T> bool takesOne(const std::vector<T> &from) { return !from.empty() && below(4) == 0; }
  template <typename T> const T &oneOf(const std::vector<T> &from) { return from[below(from.size())]; }
  /// A literal, or what is one beside it.
  int64_t near(const std::vector<int64_t> &from) {
    int64_t literal = oneOf(from), value;
    return AddOverflow(literal, int64_t(below(3)) - 1, value) ? literal : value;
  }
  json::Value integer(unsigned width, bool isUnsigned);
  json::Value floating();
  json::Value text();

  std::mt19937_64 random{1};
  Literals literals;
};
} // namespace

Literals::Literals(stream::AggregateOp aggregate) {
  aggregate.walk([&](expr::ConstantOp constant) { add(constant.getValue()); });
}

void Literals::add(mlir::Attribute value) {
  if (auto integer = mlir::dyn_cast<mlir::IntegerAttr>(value); integer && integer.getValue().getBitWidth() > 1) {
    const APInt &bits = integer.getValue();
    bool isUnsigned = integer.getType().isUnsignedInteger();
    int64_t whole = isUnsigned ? int64_t(std::min<uint64_t>(bits.getZExtValue(), INT64_MAX)) : bits.getSExtValue();
    wholes.push_back(whole);
    numbers.push_back(double(whole));
  } else if (auto floating = mlir::dyn_cast<mlir::FloatAttr>(value)) {
    double number = floating.getValueAsDouble();
    if (!std::isfinite(number))
      return;
    numbers.push_back(number);
    if (std::fabs(number) < 0x1p53)
      wholes.push_back(int64_t(std::floor(number)));
  } else if (auto text = mlir::dyn_cast<mlir::StringAttr>(value)) {
    texts.push_back(text.str());
  } else if (auto time = mlir::dyn_cast<expr::TimestampAttr>(value)) {
    times.push_back(time.getMicros());
  } else if (auto duration = mlir::dyn_cast<expr::DurationAttr>(value)) {
    times.push_back(duration.getMicros());
  } else if (auto date = mlir::dyn_cast<expr::DateAttr>(value)) {
    days.push_back(date.getDays());
  }
}

json::Value Drawing::integer(unsigned width, bool isUnsigned) {
  int64_t most = (int64_t(1) << (width - 1 - (width == 64))) - 1; // far from the edges of 64 bits
  if (takesOne(literals.wholes)) {                                // of an aggregate's own text, however far
    int64_t last = isUnsigned ? int64_t(maxUIntN(std::min(width, 63u))) : maxIntN(width);
    return std::clamp(near(literals.wholes), isUnsigned ? int64_t(0) : minIntN(width), last);
  }
  int64_t value = isUnsigned ? std::abs(small()) : small();
  return below(50) == 0 ? most : std::clamp(value, isUnsigned ? 0 : -most, most);
}

json::Value Drawing::floating() {
  static const double edges[] = {0, 1, -1, 0.5, 1e6, -1e6, 1e-3};
  if (takesOne(literals.numbers))
    return oneOf(literals.numbers) + double(int64_t(below(3)) - 1);
  return below(3) == 0 ? edges[below(std::size(edges))] : double(small()) / 8;
}

json::Value Drawing::text() {
  static const char *const texts[] = {"", "a", "b", "ab", "B", "a text that is longer than most", "ä"};
  if (!takesOne(literals.texts))
    return texts[below(std::size(texts))];
  std::string text = oneOf(literals.texts);
  return below(3) ? text : text + "a";
}

/// Values of one type: few different ones, so that there are equal ones among them, and some at the edges.
json::Value Drawing::anyOf(mlir::Type type) {
  if (expr::isBool(type))
    return below(2) == 1;
  if (expr::isInteger(type))
    return integer(type.getIntOrFloatBitWidth(), type.isUnsignedInteger());
  if (expr::isFloat(type))
    return floating();
  if (mlir::isa<expr::StringType>(type))
    return text();
  if (mlir::isa<expr::DateType>(type)) {
    int64_t day = takesOne(literals.days) ? near(literals.days) : small();
    return expr::dateText(int32_t(std::clamp<int64_t>(day, expr::minDate, expr::maxDate)));
  }
  int64_t micros = takesOne(literals.times) ? near(literals.times) : small() * 1000000;
  return std::clamp(micros, expr::minTimestamp, expr::maxTimestamp);
}

std::string valuesFor(stream::AggregateOp aggregate, unsigned tries) {
  Drawing drawing(aggregate);
  std::string lines;
  raw_string_ostream os(lines);
  for (unsigned i = 0; i < tries; ++i) {
    json::Object line;
    if (aggregate.getParameters().empty())
      line["none"] = 0;
    for (unsigned record = 1; record <= kLawRecords; ++record)
      for (auto [name, type] :
           zip(aggregate.getParameters().getAsValueRange<mlir::StringAttr>(), aggregate.getSignature().getInputs()))
        line[(name + "_" + Twine(record)).str()] = drawing.anyOf(type);
    os << json::Value(std::move(line)) << "\n";
  }
  return lines;
}

} // namespace millrace
