//===- variance.cpp - the exact variance of integers ---------------------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "millrace/abi.h"

#include <cmath>

namespace {

using U128 = unsigned __int128;

/// 256 bits, the lowest word first.
struct Wide {
  uint64_t words[4] = {0, 0, 0, 0};

  bool isZero() const { return !(words[0] | words[1] | words[2] | words[3]); }
  bool bit(int number) const { return words[number / 64] >> (number % 64) & 1; }
};

/// `by` * the words, `count` of them.
Wide times(uint64_t by, const uint64_t *words, int count) {
  Wide product;
  U128 carry = 0;
  for (int i = 0; i < count; ++i) {
    carry += U128(words[i]) * by;
    product.words[i] = uint64_t(carry);
    carry >>= 64;
  }
  product.words[count] = uint64_t(carry);
  return product;
}

Wide square(U128 value) {
  uint64_t halves[2] = {uint64_t(value), uint64_t(value >> 64)};
  Wide low = times(halves[0], halves, 2), high = times(halves[1], halves, 2);
  U128 carry = 0;
  for (int i = 1; i < 4; ++i) {
    carry += U128(low.words[i]) + high.words[i - 1];
    low.words[i] = uint64_t(carry);
    carry >>= 64;
  }
  return low;
}

/// a - b, which is not negative.
Wide minus(Wide a, const Wide &b) {
  uint64_t borrow = 0;
  for (int i = 0; i < 4; ++i) {
    U128 without = U128(a.words[i]) - b.words[i] - borrow;
    a.words[i] = uint64_t(without);
    borrow = uint64_t(without >> 64) & 1;
  }
  return a;
}

/// dividend / divisor, rounded once to the nearest, ties to even. Neither is 0; the divisor has at most 127 bits.
double divide(const Wide &dividend, U128 divisor) {
  int top = 255;
  while (!dividend.bit(top))
    --top;
  // From the first bit of the quotient on, 64 of them: more than rounding asks for. Below the dividend's last bit come
  // zeros.
  U128 rest = 0;
  uint64_t quotient = 0;
  int at = top;
  for (; !(quotient >> 63); --at) {
    rest = rest << 1 | (at >= 0 && dividend.bit(at));
    bool fits = rest >= divisor;
    if (fits)
      rest -= divisor;
    quotient = quotient << 1 | fits;
  }
  bool isMore = rest != 0;
  for (int i = at; i >= 0 && !isMore; --i)
    isMore = dividend.bit(i);
  // at + 1 is the place of the quotient's last bit. What is left over sets that bit, which is below the last place of
  // the result, so that the conversion rounds as the whole would.
  return std::ldexp(double(quotient | isMore), at + 1);
}

} // namespace

extern "C" double mr_variance(uint64_t count, const uint64_t *sum, const uint64_t *squares, bool sample) {
  if (count < (sample ? 2 : 1))
    return 0;
  U128 magnitude = U128(sum[1]) << 64 | sum[0];
  if (sum[1] >> 63)
    magnitude = 0 - magnitude;
  Wide spread = minus(times(count, squares, 3), square(magnitude)); // count * squares - sum^2 >= 0 (Cauchy, Schwarz)
  return spread.isZero() ? 0 : divide(spread, U128(count) * (sample ? count - 1 : count));
}
