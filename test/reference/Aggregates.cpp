//===- Aggregates.cpp - what a window computes for a key ----------------------===//
#include "Aggregates.h"
#include "dialect/expr/AggregateFacts.h"

#include "llvm/ADT/APFloat.h"

#include <algorithm>
#include <cmath>

using namespace millrace::reference;
using llvm::APInt;

#pragma STDC FP_CONTRACT OFF // rule 24

//===-- records -------------------------------------------------------------===//

void Aggregate::add(llvm::ArrayRef<Value> values, int64_t time) {
  if (own) // not taken in
    return;
  if (expr::isPlace(fn) || addListed(values, time) || addByTime(values, time)) // a place is the window's to tell
    return;
  // Rule 28: the others skip nulls, count() has no argument.
  for (const Value &value : values)
    if (value.isNull())
      return;
  llvm::StringRef name = fn;
  bool isSet = options.contains("distinct") || name.ends_with("count_distinct");
  if (isSet && name != "string_join" && !isNew(values[0]))
    return;
  ++count;
  if (name == "min" || name == "max") {
    addExtreme(values[0]);
  } else if (isQuantile() || name == "string_join") {
    all.push_back({time, values[0]});
  } else if (name == "sum" || name == "avg") {
    if (isExact())
      reals.push_back(values[0].real());
    else if (isReal())
      floatSum += values[0].real();
    else
      exactSum += values[0].integer(); // 2^63 values of 64 bits fit
  } else if (name == "any" || name == "all" || name.starts_with("bit_")) {
    addBits(values[0].integer());
  } else if (!name.starts_with("count") && name != "approx_count_distinct") {
    addMoments(values);
  }
}

/// Notes a value of a set; is it the first of its kind?
bool Aggregate::isNew(const Value &value) {
  auto less = [](const Value &a, const Value &b) { return compareTotal(a, b) < 0; };
  auto at = std::lower_bound(different.begin(), different.end(), value, less);
  if (at != different.end() && !less(value, *at))
    return false;
  different.insert(at, value);
  return true;
}

/// Rule 27: by (timestamp, arrival), or by a value and then so. Arrival is the order of the calls.
bool Aggregate::addByTime(llvm::ArrayRef<Value> values, int64_t time) {
  if (options.contains("ignore_nulls") && values[0].isNull())
    return fn == "first" || fn == "last";
  if (fn == "first" || fn == "last") { // nulls kept
    if (!best || (fn == "first" ? time < bestTime : time >= bestTime)) {
      best = values[0];
      bestTime = time;
    }
    return true;
  }
  if (fn != "argmin" && fn != "argmax")
    return false;
  const Value &by = values[1];
  if (by.isNull()) // passed over
    return true;
  int order = best ? compareTotal(by, bestBy) : 0;
  bool isBetter = fn == "argmin" ? order < 0 : order > 0;
  if (!best || isBetter || (order == 0 && time < bestTime)) {
    best = values[0];
    bestBy = by;
    bestTime = time;
  }
  return true;
}

void Aggregate::addExtreme(const Value &given) {
  Value value = given;
  if (double *real = std::get_if<double>(&value.data); real && *real == 0) // rule 26: one zero, whichever came first
    *real = 0;
  int order = best ? compareTotal(value, *best) : 0;
  if (!best || (fn == "min" ? order < 0 : order > 0))
    best = value;
}

void Aggregate::addBits(Integer value) {
  if (fn == "bit_xor")
    bits ^= value;
  else if (count == 1)
    bits = value;
  else if (fn == "any" || fn == "bit_or")
    bits |= value;
  else
    bits &= value;
}

static double asReal(const Value &value) {
  const double *real = std::get_if<double>(&value.data);
  return real ? *real : double(value.integer());
}

void Aggregate::addMoments(llvm::ArrayRef<Value> values) {
  if (values.size() == 1 && !isReal()) {
    exactSum += values[0].integer();
    APInt value(512, uint64_t(values[0].integer() < 0 ? -values[0].integer() : values[0].integer()));
    squares += value * value;
    return;
  }
  // Welford: the distance to the mean before times the distance to the mean after.
  double before[2] = {0, 0}, after[2] = {0, 0};
  for (size_t i = 0; i < values.size(); ++i) {
    double x = asReal(values[i]);
    before[i] = x - mean[i];
    mean[i] += before[i] / double(count);
    after[i] = x - mean[i];
  }
  products[0] += before[0] * after[0];
  products[1] += before[0] * after[1];
  products[2] += before[1] * after[1];
}

//===-- results -------------------------------------------------------------===//

std::optional<Value> Aggregate::result(Kind kind) const {
  if (own) {
    Value value = own->result();
    return value.isError() ? std::nullopt : std::optional(value);
  }
  if (expr::isPlace(fn))
    return Value::null();
  llvm::StringRef name = fn;
  if (givesList())
    return listed();
  if (name == "count")
    return Value::ofInteger(count);
  if (name.ends_with("count_distinct")) // a sketch may be off by its bound where there are many (rule 29)
    return Value::ofInteger(Integer(different.size()));
  if (best || name == "first" || name == "last" || name.starts_with("arg"))
    return best.value_or(Value::null());
  if (count == 0)
    return Value::null();
  if (name == "any" || name == "all" || name.starts_with("bit_"))
    return Value::ofInteger(bits);
  if (name.starts_with("var_") || name.starts_with("stddev_"))
    return variance();
  if (name.starts_with("covar_") || name == "corr")
    return covariance();
  if (isQuantile())
    return quantile();
  if (name == "string_join")
    return joined();
  if (isExact())
    return Value::ofReal(name == "avg" ? exactSumOf(reals, uint64_t(count)) : exactSumOf(reals));
  if (name == "avg")
    return Value::ofReal(isReal() ? floatSum / double(count) : exactAverage(exactSum, count));
  if (isReal())
    return Value::ofReal(floatSum);
  if (fits(exactSum, kind))
    return Value::ofInteger(exactSum);
  if (options.contains("overflow_null"))
    return Value::null();
  if (!options.contains("overflow_saturate"))
    return std::nullopt;
  bool isUnsigned = kind == Kind::U64;
  Integer greatest = isUnsigned ? Integer(UINT64_MAX) : Integer(INT64_MAX);
  return Value::ofInteger(exactSum > 0 ? greatest : isUnsigned ? Integer(0) : Integer(INT64_MIN));
}

/// Rule 25: exact of integers, never negative, of a sample of one null.
Value Aggregate::variance() const {
  llvm::StringRef name = fn;
  Integer divisor = name.ends_with("_samp") ? count - 1 : count;
  if (divisor == 0)
    return Value::null();
  double square;
  if (isReal()) {
    square = products[0] >= 0 ? products[0] / double(divisor) : std::nan("");
  } else {
    auto wide = [](Integer value) { return APInt(512, {uint64_t(value), uint64_t(value >> 64)}); };
    APInt sum = wide(exactSum < 0 ? -exactSum : exactSum);
    square = exactQuotient(wide(count) * squares - sum * sum, wide(count) * wide(divisor));
  }
  return Value::ofReal(name.starts_with("stddev_") ? std::sqrt(square) : square);
}

Value Aggregate::covariance() const {
  if (fn == "corr") {
    if (products[0] == 0 || products[2] == 0)
      return Value::null();
    double value = products[1] / (std::sqrt(products[0]) * std::sqrt(products[2]));
    return Value::ofReal(value > 1 ? 1 : value < -1 ? -1 : value);
  }
  Integer divisor = fn == "covar_samp" ? count - 1 : count;
  return divisor ? Value::ofReal(products[1] / double(divisor)) : Value::null();
}

double millrace::reference::exactAverage(Integer sum, Integer count) {
  using Unsigned = unsigned __int128;
  if (sum == 0)
    return 0;
  // The sum is shifted up until its first bit is at the top, so that the quotient has at least 64 bits, of which a
  // double keeps 53; whether anything is left over is noted in the last one. Then one conversion rounds once.
  Unsigned magnitude = sum < 0 ? -Unsigned(sum) : Unsigned(sum);
  int shift = 0;
  for (; !(magnitude >> 127); magnitude <<= 1)
    ++shift;
  Unsigned quotient = magnitude / Unsigned(count);
  if (magnitude % Unsigned(count))
    quotient |= 1;
  double average = std::ldexp(double(quotient), -shift);
  return sum < 0 ? -average : average;
}

double millrace::reference::exactQuotient(const APInt &a, const APInt &b) {
  // So many bits below the point that a double keeps none of them unless there are others; and one for the rest.
  constexpr unsigned below = 256;
  APInt quotient, rest;
  APInt::udivrem(a.zext(1024).shl(below), b.zext(1024), quotient, rest);
  if (!rest.isZero())
    quotient.setBit(0);
  llvm::APFloat value(llvm::APFloat::IEEEdouble());
  value.convertFromAPInt(quotient, /*IsSigned=*/false, llvm::APFloat::rmNearestTiesToEven);
  return std::ldexp(value.convertToDouble(), -int(below));
}
