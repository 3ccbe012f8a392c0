//===- number.cpp - averages and cuts -------------------------------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "millrace/abi.h"

#include <cmath>

namespace {

/// The integer as a double, rounded to nearest, ties to even. `sticky`: a little more than `value`, by less than 1.
/// value >= 2^54 if `sticky`, so that what is below the last place is there.
double roundToDouble(unsigned __int128 value, bool sticky) {
  uint64_t high = uint64_t(value >> 64), low = uint64_t(value);
  if (!high && !(low >> 53))
    return double(low);
  int bits = high ? 128 - __builtin_clzll(high) : 64 - __builtin_clzll(low);
  int drop = bits - 53;
  uint64_t kept = uint64_t(value >> drop);
  unsigned __int128 rest = value & (((unsigned __int128)1 << drop) - 1), half = (unsigned __int128)1 << (drop - 1);
  if (rest > half || (rest == half && (sticky || kept & 1)))
    ++kept;
  return std::ldexp(double(kept), drop);
}

} // namespace

extern "C" double mr_average(uint64_t low, int64_t high, int64_t count) {
  using U128 = unsigned __int128;
  bool negative = high < 0;
  U128 sum = U128(uint64_t(high)) << 64 | low;
  if (negative)
    sum = 0 - sum;
  if (sum == 0)
    return 0;
  // A quotient of at least 55 bits, and whether anything is left: that is all that rounding asks for. `shift` is as far
  // as the dividend can move; it is short only where the quotient is long anyway (count < 2^63).
  uint64_t top = uint64_t(sum >> 64);
  int shift = top ? __builtin_clzll(top) : 64 + __builtin_clzll(uint64_t(sum));
  U128 quotient = (sum << shift) / uint64_t(count);
  bool sticky = (sum << shift) % uint64_t(count) != 0;
  double value = std::ldexp(roundToDouble(quotient, sticky), -shift);
  return negative ? -value : value;
}
