//===- format_number.cpp - numbers as text --------------------------------===//
#include "runtime/values/format.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

using namespace millrace;

namespace {

char *write(char *out, const char *text) {
  size_t length = std::strlen(text);
  std::memcpy(out, text, length);
  return out + length;
}

char *fill(char *out, char byte, int64_t count) {
  std::memset(out, byte, size_t(count));
  return out + count;
}

char *copy(char *out, const char *bytes, int64_t count) {
  std::memcpy(out, bytes, size_t(count));
  return out + count;
}

/// Digits d1 d2 … dn of 0.d1d2…dn * 10^point, as ECMAScript's Number::toString lays them out.
char *layOut(char *out, const char *digits, int64_t n, int64_t point) {
  if (n <= point && point <= 21)
    return fill(copy(out, digits, n), '0', point - n);
  if (0 < point && point <= 21) {
    out = copy(out, digits, point);
    *out++ = '.';
    return copy(out, digits + point, n - point);
  }
  if (-6 < point && point <= 0)
    return copy(fill(write(out, "0."), '0', -point), digits, n);
  *out++ = digits[0];
  if (n > 1) {
    *out++ = '.';
    out = copy(out, digits + 1, n - 1);
  }
  *out++ = 'e';
  if (point > 0)
    *out++ = '+';
  return formatI64(out, point - 1);
}

template <typename Float> char *formatFloat(char *out, Float value) {
  if (std::isnan(value))
    return write(out, "NaN");
  if (value == 0) // -0 too (rule 26)
    return write(out, "0");
  if (std::signbit(value)) {
    *out++ = '-';
    value = -value;
  }
  if (std::isinf(value))
    return write(out, "Infinity");
  constexpr Float kDense = Float(uint64_t(1) << std::numeric_limits<Float>::digits);
  if (value < kDense && value == Float(int64_t(value))) // whole numbers closer than which there is nothing
    return formatU64(out, uint64_t(value));
  // `d.ddde±x`: the shortest digits that are read back.
  char text[48], digits[32];
  char *end = std::to_chars(text, text + sizeof(text), value, std::chars_format::scientific).ptr;
  char *mark = static_cast<char *>(std::memchr(text, 'e', size_t(end - text)));
  int64_t n = 0;
  for (char *c = text; c != mark; ++c)
    if (*c != '.')
      digits[n++] = *c;
  int exponent = 0;
  std::from_chars(mark + 1 + (mark[1] == '+'), end, exponent);
  return layOut(out, digits, n, exponent + 1);
}

} // namespace

char *millrace::formatU64(char *out, uint64_t value) { return std::to_chars(out, out + 20, value).ptr; }
char *millrace::formatI64(char *out, int64_t value) { return std::to_chars(out, out + 20, value).ptr; }
char *millrace::formatF64(char *out, double value) { return formatFloat(out, value); }
char *millrace::formatF32(char *out, float value) { return formatFloat(out, value); }
