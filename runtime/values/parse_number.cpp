//===- parse_number.cpp - text as numbers ---------------------------------===//
#include "runtime/values/parse.h"
#include "runtime/values/type_size.h"

#include <cmath>
#include <fast_float/fast_float.h>

using namespace millrace;

namespace {

bool isDigit(char c) { return uint8_t(c - '0') < 10; }

/// A number of JSON's grammar, taken apart.
struct NumberText {
  std::string_view whole, fraction; ///< digits before and behind the point
  int64_t exponent = 0;             ///< cut at ±kFar, which is beyond any text's length
  bool negative = false;
};

constexpr int64_t kFar = int64_t(1) << 40;

std::string_view takeDigits(std::string_view &text) {
  size_t n = 0;
  while (n < text.size() && isDigit(text[n]))
    ++n;
  std::string_view digits = text.substr(0, n);
  text.remove_prefix(n);
  return digits;
}

bool take(std::string_view &text, char c) {
  if (text.empty() || text.front() != c)
    return false;
  text.remove_prefix(1);
  return true;
}

bool takeExponent(std::string_view &text, int64_t &exponent) {
  if (!take(text, 'e') && !take(text, 'E'))
    return true;
  bool negative = take(text, '-');
  if (!negative)
    take(text, '+');
  std::string_view digits = takeDigits(text);
  for (char c : digits)
    exponent = exponent < kFar ? exponent * 10 + (c - '0') : kFar;
  exponent = negative ? -exponent : exponent;
  return !digits.empty();
}

bool takeApart(std::string_view text, NumberText &number) {
  number.negative = take(text, '-');
  number.whole = takeDigits(text);
  if (number.whole.empty() || (number.whole.size() > 1 && number.whole.front() == '0'))
    return false;
  if (take(text, '.') && (number.fraction = takeDigits(text)).empty())
    return false;
  return takeExponent(text, number.exponent) && text.empty();
}

/// The number's magnitude, if it is whole and below 2^64.
Parse magnitudeOf(const NumberText &number, uint64_t &magnitude) {
  // Value: the digits of both parts, with the point `point` digits from their start.
  int64_t size = int64_t(number.whole.size() + number.fraction.size()), wholeSize = int64_t(number.whole.size());
  auto digitAt = [&](int64_t i) {
    return uint64_t((i < wholeSize ? number.whole[size_t(i)] : number.fraction[size_t(i - wholeSize)]) - '0');
  };
  int64_t point = wholeSize + number.exponent, last = size;
  while (last > 0 && digitAt(last - 1) == 0)
    --last;
  magnitude = 0;
  if (last == 0)
    return Parse::Ok;
  if (last > point)
    return Parse::Fraction;
  int64_t first = 0;
  while (digitAt(first) == 0)
    ++first;
  if (point - first > 20)
    return Parse::Range;
  for (int64_t i = first; i < point; ++i) {
    uint64_t digit = i < last ? digitAt(i) : 0;
    if (__builtin_mul_overflow(magnitude, uint64_t(10), &magnitude) ||
        __builtin_add_overflow(magnitude, digit, &magnitude))
      return Parse::Range;
  }
  return Parse::Ok;
}

template <typename Float> Parse parseFloat(std::string_view text, Float &value, bool special) {
  NumberText number;
  if (!takeApart(text, number)) {
    if (!special)
      return Parse::Syntax;
    if (text == "NaN")
      value = std::numeric_limits<Float>::quiet_NaN();
    else if (text == "Infinity")
      value = std::numeric_limits<Float>::infinity();
    else if (text == "-Infinity")
      value = -std::numeric_limits<Float>::infinity();
    else
      return Parse::Syntax;
    return Parse::Ok;
  }
  fast_float::from_chars(text.data(), text.data() + text.size(), value);
  return std::isinf(value) ? Parse::Range : Parse::Ok;
}

} // namespace

Parse millrace::parseInteger(std::string_view text, mr_type type, uint64_t &bits) {
  NumberText number;
  if (!takeApart(text, number))
    return Parse::Syntax;
  uint64_t magnitude;
  if (Parse result = magnitudeOf(number, magnitude); result != Parse::Ok)
    return result;
  uint32_t width = 8 * typeSize(type);
  bool isSigned = type <= MR_I64;
  uint64_t greatest = ~uint64_t(0) >> (64 - width + isSigned);
  if (magnitude > greatest + (isSigned && number.negative) || (!isSigned && number.negative && magnitude))
    return Parse::Range;
  bits = number.negative ? 0 - magnitude : magnitude;
  return Parse::Ok;
}

Parse millrace::parseF64(std::string_view text, double &value, bool special) {
  return parseFloat(text, value, special);
}

Parse millrace::parseF32(std::string_view text, float &value, bool special) { return parseFloat(text, value, special); }
