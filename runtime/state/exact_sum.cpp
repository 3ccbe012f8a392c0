//===- exact_sum.cpp - sums of floats that lose nothing -------------------------===//
//
// Called by generated code (below).
//
//===----------------------------------------------------------------------===//
#include "runtime/state/exact_sum.h"

#include "runtime/state/table.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace millrace;

namespace {

using U128 = unsigned __int128;

/// What a sum begins with. The first four bytes of a text lie beside its length too, so they never change.
struct Header {
  uint32_t never = 0;
  uint16_t first = 0, count = 0; ///< the words kept, by their place in the whole number; the last one holds the sign
  uint64_t nans = 0, above = 0, below = 0;
};
static_assert(sizeof(Header) == 32);

constexpr int kUnit = 1074, kMantissa = 52;
constexpr unsigned kMostWords = (kUnit + 1024) / 64 + 3;

/// A sum where it lies.
class Sum {
public:
  explicit Sum(char *at) : at(at) {}
  Header &header() const { return *reinterpret_cast<Header *>(at); }
  uint64_t *words() const { return reinterpret_cast<uint64_t *>(at + sizeof(Header)); }
  unsigned first() const { return header().first; }
  unsigned end() const { return first() + header().count; }
  uint64_t sign() const { return header().count && words()[header().count - 1] >> 63 ? ~uint64_t(0) : 0; }

  /// Adds one word and a carry, `sign` times, from `place` on; there is room for what it carries.
  void add(unsigned place, const uint64_t *more, unsigned count, uint64_t signOfMore, int sign) const {
    uint64_t carry = sign < 0;
    for (unsigned i = place; i < end(); ++i) {
      uint64_t word = i - place < count ? more[i - place] : signOfMore;
      U128 sum = U128(words()[i - first()]) + (sign < 0 ? ~word : word) + carry;
      words()[i - first()] = uint64_t(sum);
      carry = uint64_t(sum >> 64);
    }
  }

private:
  char *at;
};

Sum sumIn(const StringArena &texts, mr_string stored) { return Sum(const_cast<char *>(texts.at(stored.tail))); }

/// The same sum with the words from `first` to `end` in it, too. Empty if memory is refused.
mr_string widen(StringArena &texts, mr_string stored, unsigned first, unsigned end) {
  uint64_t memory[sizeof(Header) / 8 + kMostWords + 2] = {};
  Sum made(reinterpret_cast<char *>(memory));
  made.header().first = uint16_t(first);
  made.header().count = uint16_t(end - first);
  if (stringLength(stored)) {
    Sum old = sumIn(texts, stored);
    if (old.header().count && old.first() <= first && old.end() >= end)
      return stored;
    if (old.header().count) {
      first = std::min(first, old.first());
      end = std::max(end, old.end());
    }
    made.header() = old.header();
    made.header().first = uint16_t(first);
    made.header().count = uint16_t(end - first);
    for (unsigned i = first; i < end; ++i)
      made.words()[i - first] = i < old.first() ? 0 : i < old.end() ? old.words()[i - old.first()] : old.sign();
  }
  uint64_t bytes = sizeof(Header) + uint64_t(made.header().count) * 8;
  return texts.replace(stored, stringOf(reinterpret_cast<const char *>(memory), bytes));
}

/// The bits of a number of so many words from bit `from` on, at most 64 of them.
uint64_t bitsFrom(const uint64_t *words, unsigned count, unsigned from) {
  unsigned word = from / 64, shift = from % 64;
  uint64_t low = word < count ? words[word] >> shift : 0;
  return shift && word + 1 < count ? low | words[word + 1] << (64 - shift) : low;
}

} // namespace

mr_string millrace::addExact(StringArena &texts, mr_string stored, double value) {
  if (!std::isfinite(value)) {
    if (!stringLength(stored))
      stored = widen(texts, stored, 0, 0);
    if (stringLength(stored)) {
      Header &header = sumIn(texts, stored).header();
      ++(std::isnan(value) ? header.nans : value > 0 ? header.above : header.below);
    }
    return stored;
  }
  uint64_t bits;
  std::memcpy(&bits, &value, 8);
  unsigned exponent = unsigned(bits >> kMantissa) & 0x7ff, place = exponent ? exponent - 1 : 0;
  uint64_t mantissa = (bits & ((uint64_t(1) << kMantissa) - 1)) | uint64_t(exponent != 0) << kMantissa;
  U128 shifted = U128(mantissa) << (place % 64);
  uint64_t more[2] = {uint64_t(shifted), uint64_t(shifted >> 64)};
  // One word above what is added takes what is carried: of fewer than 2^63 values never more.
  stored = widen(texts, stored, place / 64, place / 64 + 3);
  if (stringLength(stored))
    sumIn(texts, stored).add(place / 64, more, 2, 0, bits >> 63 ? -1 : 1);
  return stored;
}

mr_string millrace::addExactAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other,
                                int sign) {
  if (!stringLength(other))
    return stored;
  {
    Sum more = sumIn(from, other);
    stored = widen(texts, stored, more.first(), more.end());
  }
  if (!stringLength(stored)) // refused
    return stored;
  Sum more = sumIn(from, other), sum = sumIn(texts, stored);
  sum.add(more.first(), more.words(), more.header().count, more.sign(), sign);
  Header &mine = sum.header(), &theirs = more.header();
  for (auto field : {&Header::nans, &Header::above, &Header::below})
    mine.*field += sign < 0 ? 0 - theirs.*field : theirs.*field;
  return stored;
}

namespace {

/// A number without sign, `power` the power of two of its lowest bit, and `isMore` than that: to the nearest f64, ties
/// to even.
double rounded(const uint64_t *words, unsigned count, int power, bool isMore) {
  while (count && !words[count - 1])
    --count;
  if (!count)
    return 0; // and then there is no more: of a quotient there are always more than 64 bits
  // 64 bits from the first one on, more than a double keeps; whatever is below sets the last of them, so that the
  // conversion rounds as the whole would.
  unsigned top = count * 64 - unsigned(__builtin_clzll(words[count - 1]));
  unsigned from = top > 64 ? top - 64 : 0;
  // Near zero a double keeps fewer bits, those from 2^-1074 on: then two more, and rounded here.
  bool isSmall = int(top) + power <= kMantissa + 1 - kUnit && power < -kUnit;
  if (isSmall)
    from = unsigned(-kUnit - power) - 2; // quotients begin 64 bits or more below
  uint64_t bits = bitsFrom(words, count, from);
  isMore |= from % 64 && from / 64 < count && words[from / 64] << (64 - from % 64);
  for (unsigned i = 0; i < std::min(from / 64, count) && !isMore; ++i)
    isMore = words[i] != 0;
  if (!isSmall)
    return std::ldexp(double(bits | uint64_t(isMore)), int(from) + power);
  uint64_t whole = bits >> 2;
  bool isHalf = bits & 2, isAbove = isMore || (bits & 1);
  return std::ldexp(double(whole + uint64_t(isHalf && (isAbove || (whole & 1)))), -kUnit);
}

} // namespace

double millrace::exactSumOf(const StringArena &texts, mr_string stored, uint64_t divisor) {
  if (!stringLength(stored))
    return 0;
  Sum sum = sumIn(texts, stored);
  const Header &header = sum.header();
  if (header.nans || (header.above && header.below))
    return std::numeric_limits<double>::quiet_NaN();
  if (header.above || header.below)
    return header.above ? HUGE_VAL : -HUGE_VAL;
  // Two words below, so that a quotient has more bits than a double keeps.
  constexpr unsigned below = 2;
  uint64_t magnitude[below + kMostWords + 2] = {}, carry = 1, rest = 0;
  bool isNegative = sum.sign() != 0;
  for (unsigned i = 0; i < header.count; ++i) {
    uint64_t &word = magnitude[below + i] = sum.words()[i];
    if (isNegative) {
      word = ~word + carry;
      carry = carry && word == 0;
    }
  }
  unsigned count = below + header.count;
  for (unsigned i = count; divisor > 1 && i-- > 0;) {
    U128 part = U128(rest) << 64 | magnitude[i];
    magnitude[i] = uint64_t(part / divisor);
    rest = uint64_t(part % divisor);
  }
  double value = rounded(magnitude, count, int(sum.first() * 64) - int(below * 64) - kUnit, rest != 0);
  return isNegative ? -value : value;
}

extern "C" mr_string mr_exact_add(mr_table *table, mr_string stored, double value) {
  return addExact(table->texts, stored, value);
}
extern "C" mr_string mr_exact_add_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return addExactAll(table->texts, stored, from->texts, other, 1);
}
extern "C" mr_string mr_exact_take_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return addExactAll(table->texts, stored, from->texts, other, -1);
}
extern "C" double mr_exact_sum(mr_table *table, mr_string stored) {
  // The upper halves of both words are zero in what is kept: there a mean says what to divide by (lowering's
  // Exact.cpp).
  uint64_t divisor = stored.head >> 32 | stored.tail >> 32 << 32;
  return exactSumOf(table->texts, {uint32_t(stored.head), uint32_t(stored.tail)}, divisor ? divisor : 1);
}
