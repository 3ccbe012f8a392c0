//===- Aggregates.cpp - what a window computes for a key ----------------------===//
#include "Aggregates.h"

#include <cmath>

using namespace millrace::reference;

void Aggregate::add(const Value *value, int64_t time) {
  // Rule 27: by (timestamp, arrival), nulls kept. Arrival is the order of the calls.
  if (fn == "first" || fn == "last") {
    if (!best || (fn == "first" ? time < bestTime : time >= bestTime)) {
      best = *value;
      bestTime = time;
    }
    return;
  }
  // Rule 28: the others skip nulls, count() has no argument.
  if (value && value->isNull())
    return;
  ++count;
  if (fn == "min" || fn == "max") {
    int order = best ? compareTotal(*value, *best) : 0;
    if (!best || (fn == "min" ? order < 0 : order > 0))
      best = *value;
  } else if (fn == "sum" || fn == "avg") {
    if (isFloat(argument))
      floatSum += value->real();
    else
      exactSum += value->integer(); // 2^63 values of 64 bits fit
  }
}

std::optional<Value> Aggregate::result(Kind kind) const {
  if (fn == "count")
    return Value::ofInteger(count);
  if (fn == "first" || fn == "last" || fn == "min" || fn == "max")
    return best.value_or(Value::null());
  if (count == 0)
    return Value::null();
  if (fn == "avg")
    return Value::ofReal(isFloat(argument) ? floatSum / double(count) : exactAverage(exactSum, count));
  if (isFloat(argument))
    return Value::ofReal(floatSum);
  return fits(exactSum, kind) ? std::optional(Value::ofInteger(exactSum)) : std::nullopt;
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
