//===- Quantiles.cpp - aggregates that need all their values at once ----------===//
//
// Rules 24 (`exact`) and 27 (quantiles, string_join).
//
//===----------------------------------------------------------------------===//
#include "Aggregates.h"

#include "llvm/ADT/APFloat.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>
#include <cmath>

using namespace millrace::reference;
using llvm::APInt;

/// `quantile` lies between two values, the others are values that occurred.
Value Aggregate::quantile() const {
  std::vector<Value> values;
  for (const auto &[time, value] : all)
    values.push_back(value);
  std::sort(values.begin(), values.end(), [](const Value &a, const Value &b) { return compareTotal(a, b) < 0; });
  auto given = options.getAs<mlir::FloatAttr>("fraction");
  double fraction = given ? given.getValueAsDouble() : 0.5;
  if (fn == "quantile_disc" || fn == "approx_quantile") { // a sketch may be off by its bound where there are many
    size_t number = size_t(std::ceil(fraction * double(values.size())));
    return values[std::min(std::max<size_t>(number, 1), values.size()) - 1];
  }
  double place = fraction * double(values.size() - 1);
  size_t below = size_t(place), above = std::min(below + 1, values.size() - 1);
  auto real = [&](size_t i) { return isReal() ? values[i].real() : double(values[i].integer()); };
  double part = place - double(below);
  if (part == 0 || compareTotal(values[below], values[above]) == 0)
    return Value::ofReal(real(below));
  double distance = real(above) - real(below);
  if (!std::isfinite(distance)) // between ends that are too far apart, or infinite, it is what each has of it
    return Value::ofReal((1 - part) * real(below) + part * real(above));
  return Value::ofReal(real(below) + part * distance);
}

/// By (timestamp, arrival).
Value Aggregate::joined() const {
  auto ordered = all;
  std::stable_sort(ordered.begin(), ordered.end(), [](const auto &a, const auto &b) { return a.first < b.first; });
  auto given = options.getAs<mlir::StringAttr>("separator");
  std::string separator = given ? given.getValue().str() : ", ", text;
  llvm::StringSet<> seen;
  bool isFirst = true;
  for (const auto &[time, value] : ordered) {
    if (options.contains("distinct") && !seen.insert(value.text()).second)
      continue;
    text += (isFirst ? "" : separator) + value.text();
    isFirst = false;
  }
  return Value::ofText(text);
}

double millrace::reference::exactSumOf(llvm::ArrayRef<double> values, uint64_t divisor) {
  // In units of the least f64 there is, of which every other is a whole number; with room for a quotient's fraction.
  constexpr unsigned bits = 2560, fraction = 128;
  APInt sum(bits, 0);
  bool nan = false, above = false, below = false;
  for (double value : values) {
    nan |= std::isnan(value);
    above |= std::isinf(value) && value > 0;
    below |= std::isinf(value) && value < 0;
    if (!std::isfinite(value))
      continue;
    int exponent;
    auto mantissa = int64_t(std::ldexp(std::frexp(value, &exponent), 53)); // value = mantissa * 2^(exponent - 53)
    APInt units(bits, uint64_t(mantissa < 0 ? -mantissa : mantissa));
    int shift = exponent - 53 + 1074; // below 0 there are as many zeros at the end
    units = shift < 0 ? units.lshr(unsigned(-shift)) : units.shl(unsigned(shift));
    sum = mantissa < 0 ? sum - units : sum + units;
  }
  if (nan || (above && below))
    return std::nan("");
  if (above || below)
    return above ? HUGE_VAL : -HUGE_VAL;
  bool isNegative = sum.isNegative();
  if (isNegative)
    sum.negate();
  APInt quotient, rest;
  APInt::udivrem(sum.shl(fraction), APInt(bits, divisor), quotient, rest);
  sum = quotient;
  if (!rest.isZero())
    sum.setBit(0);
  // Below the least normal f64 (and up to twice as much) to whole units.
  if (sum.getActiveBits() <= fraction + 53) {
    APInt whole = sum.lshr(fraction), part = sum - whole.shl(fraction), half = APInt::getOneBitSet(bits, fraction - 1);
    if (part.ugt(half) || (part == half && whole[0]))
      ++whole;
    double value = std::ldexp(double(whole.getZExtValue()), -1074);
    return isNegative ? -value : value;
  }
  // More bits than a double has, of which the last one tells whether there is a rest.
  int shift = 0;
  if (sum.getActiveBits() > 512) {
    shift = int(sum.getActiveBits()) - 512;
    bool isMore = int(sum.countr_zero()) < shift;
    sum.lshrInPlace(unsigned(shift));
    if (isMore)
      sum.setBit(0);
  }
  llvm::APFloat rounded(llvm::APFloat::IEEEdouble());
  rounded.convertFromAPInt(sum, /*IsSigned=*/false, llvm::APFloat::rmNearestTiesToEven);
  double value = std::ldexp(rounded.convertToDouble(), shift - 1074 - int(fraction));
  return isNegative ? -value : value;
}
