//===- primitives.h - values in line, without branches --------------------===//
//
// Internal; the bodies of the mr_json_ functions of abi.def, used by the
// learned shapes as well. A value lies in [begin, end). Each answers only when
// the value is one that needs no second look; else it notes a doubt, and the
// general path decides. Doubts of a whole line are gathered where they arise, in
// a vector, a word and a sign, and asked for once: a flag for each check would
// cost more than the check. Numbers have up to 16 characters here: they lie
// right-aligned in one register, so that their length is a mask and not a loop.
//
// Reads stay within 64 bytes before `end` and behind `begin`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_PRIMITIVES_H
#define MILLRACE_RUNTIME_IO_JSON_PRIMITIVES_H

#include "runtime/io/json/shape.h"

#include <cstring>
#include <immintrin.h>

namespace millrace::json {

/// The text `0` with readable bytes on both sides.
inline constexpr uint8_t zeroText[128] = "                                                                0";

#define MR_JSON_INLINE static inline __attribute__((always_inline))

/// 16 zero bytes, 16 of ones, 16 zero bytes: masks of any length are loaded from inside it.
alignas(64) inline constexpr uint8_t maskBytes[48] = {0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,
                                                      0,    0,    0,    0,    0,    0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};

inline constexpr double powersOfTen[16] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                           1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

MR_JSON_INLINE __m128i load16(const void *at) { return _mm_loadu_si128(static_cast<const __m128i *>(at)); }
/// Ones in the last `count` bytes, 0 to 16; beyond that ones somewhere.
MR_JSON_INLINE __m128i lastBytes(uint64_t count) { return load16(maskBytes + count); }
/// Ones in the first `count` bytes, 0 to 16.
MR_JSON_INLINE __m128i firstBytes(uint64_t count) { return load16(maskBytes + 32 - count); }

using Doubt = mr_json_doubt;

MR_JSON_INLINE void doubtBytes(Doubt &doubt, __m128i bytes) {
  auto *all = reinterpret_cast<__m128i *>(doubt.bytes);
  _mm_storeu_si128(all, _mm_or_si128(_mm_loadu_si128(all), bytes));
}
MR_JSON_INLINE void doubtIf(Doubt &doubt, uint64_t word) { doubt.words |= word; }
/// Doubts if `difference` is negative.
MR_JSON_INLINE void doubtBelow(Doubt &doubt, int64_t difference) { doubt.sign |= difference; }

MR_JSON_INLINE bool inDoubt(const Doubt &doubt) {
  __m128i bytes = load16(doubt.bytes);
  return (doubt.words | uint64_t(doubt.sign) >> 63 | (uint64_t(_mm_testz_si128(bytes, bytes)) ^ 1)) != 0;
}

/// Doubts if the bytes at `at` are not these, 1 to 16 of them; 16 can be read at both.
MR_JSON_INLINE void expectText(Doubt &doubt, const uint8_t *at, const uint8_t *literal, uint32_t size) {
  doubtBytes(doubt, _mm_and_si128(_mm_xor_si128(load16(at), load16(literal)), firstBytes(size)));
}

/// Where `byte` first stands, 32 if not in the next 32 bytes.
MR_JSON_INLINE uint64_t find(const uint8_t *at, uint32_t byte) {
  __m256i v = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(at));
  uint32_t mask = uint32_t(_mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(char(byte)))));
  return _tzcnt_u32(mask);
}

/// The number whose digits stand in the 16 bytes, each 0 to 9; up to 10^16 - 1.
MR_JSON_INLINE uint64_t sixteenDigits(__m128i v) {
  const __m128i tens = _mm_setr_epi8(10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1, 10, 1);
  const __m128i hundreds = _mm_setr_epi16(100, 1, 100, 1, 100, 1, 100, 1);
  const __m128i tenThousands = _mm_setr_epi16(10000, 1, 10000, 1, 10000, 1, 10000, 1);
  __m128i pairs = _mm_maddubs_epi16(v, tens), fours = _mm_madd_epi16(pairs, hundreds);
  __m128i eights = _mm_madd_epi16(_mm_packus_epi32(fours, fours), tenThousands);
  uint64_t halves = uint64_t(_mm_cvtsi128_si64(eights));
  return (halves & 0xffffffff) * 100000000 + (halves >> 32);
}

/// Integers here lie strictly between -integerLimit and integerLimit.
inline constexpr int64_t integerLimit = 10'000'000'000'000'000;

/// The least number of so many digits; no number has none, and none has 17.
inline constexpr uint64_t leastOfLength[18] = {uint64_t(1) << 62,
                                               0,
                                               10,
                                               100,
                                               1'000,
                                               10'000,
                                               100'000,
                                               1'000'000,
                                               10'000'000,
                                               100'000'000,
                                               1'000'000'000,
                                               10'000'000'000,
                                               100'000'000'000,
                                               1'000'000'000'000,
                                               10'000'000'000'000,
                                               100'000'000'000'000,
                                               1'000'000'000'000'000,
                                               uint64_t(1) << 62};

/// An integer without point and exponent.
MR_JSON_INLINE int64_t integer(Doubt &doubt, const uint8_t *begin, const uint8_t *end) {
  bool negative = *begin == '-';
  uint64_t size = uint64_t(end - begin) - negative;
  size = size < 17 ? size : 17;
  __m128i v = _mm_and_si128(_mm_sub_epi8(load16(end - 16), _mm_set1_epi8('0')), lastBytes(size));
  doubtBytes(doubt, _mm_subs_epu8(v, _mm_set1_epi8(9)));
  uint64_t magnitude = sixteenDigits(v);                       // below 2^60, whatever the bytes are
  doubtBelow(doubt, int64_t(magnitude - leastOfLength[size])); // a zero in front, or not 1 to 16 digits
  return int64_t(negative ? 0 - magnitude : magnitude);
}

/// Doubts if a value as `integer` gives it is not in the range.
MR_JSON_INLINE void expectRange(Doubt &doubt, int64_t value, int64_t least, int64_t most) {
  if (least > -integerLimit)
    doubtBelow(doubt, value - least);
  if (most < integerLimit)
    doubtBelow(doubt, most - value);
}

MR_JSON_INLINE int64_t integerIn(Doubt &doubt, const uint8_t *begin, const uint8_t *end, int64_t least, int64_t most) {
  int64_t value = integer(doubt, begin, end);
  expectRange(doubt, value, least, most);
  return value;
}

/// Units as in TimeUnit: 1 seconds, 2 milliseconds, 3 microseconds, 4 nanoseconds.
MR_JSON_INLINE int64_t time(Doubt &doubt, const uint8_t *begin, const uint8_t *end, uint32_t unit, bool isTimestamp) {
  int64_t value = integer(doubt, begin, end), factor = unit == 1 ? 1'000'000 : unit == 2 ? 1'000 : 1;
  int64_t least = -62'167'219'200'000'000, most = 253'402'300'799'999'999; // the years 0000 to 9999, rule 1
  if (!isTimestamp)
    least = -INT64_MAX, most = INT64_MAX;
  if (unit == 4) // 16 digits of nanoseconds are in range
    return value / 1000 - (value % 1000 < 0);
  expectRange(doubt, value, least / factor, most / factor);
  return int64_t(uint64_t(value) * uint64_t(factor));
}

/// A number without exponent: its digits' value, and how many stand behind the point.
struct PlainNumber {
  uint64_t magnitude, fraction, bad;
  bool negative;
};

MR_JSON_INLINE PlainNumber plainNumber(const uint8_t *begin, const uint8_t *end) {
  bool negative = *begin == '-';
  uint64_t size = uint64_t(end - begin) - negative, bad = uint64_t(size - 1 > 15);
  uint64_t characters = size & 15 ? size & 15 : 16;
  __m128i text = load16(end - 16), inside = lastBytes(characters);
  __m128i isPoint = _mm_and_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('.')), inside);
  uint32_t point = _tzcnt_u32(uint32_t(_mm_movemask_epi8(isPoint)) | 1u << 16); // 16: none
  bool hasPoint = point != 16;
  uint64_t fraction = hasPoint ? 15 - point : 0, whole = characters - fraction - hasPoint;
  __m128i v = _mm_and_si128(_mm_sub_epi8(text, _mm_set1_epi8('0')), inside);
  // What stands before the point moves one to the right, over it. A second point is no digit.
  __m128i behind = hasPoint ? lastBytes(fraction) : _mm_set1_epi8(-1);
  v = _mm_blendv_epi8(_mm_slli_si128(v, 1), v, behind);
  __m128i tooGreat = _mm_subs_epu8(v, _mm_set1_epi8(9));
  bad |= uint64_t(_mm_testz_si128(tooGreat, tooGreat)) ^ 1;
  bad |= uint64_t(hasPoint) & (uint64_t(fraction == 0) | uint64_t(whole == 0));
  bad |= uint64_t(begin[negative] == '0') & uint64_t(whole > 1);
  return {sixteenDigits(v), fraction, bad, negative};
}

MR_JSON_INLINE mr_result f64(const uint8_t *begin, const uint8_t *end) {
  PlainNumber number = plainNumber(begin, end);
  // With a point there are at most 15 digits: both numbers are exact, so the quotient is rounded once. Without one the
  // conversion is.
  double value = double(int64_t(number.magnitude)) / powersOfTen[number.fraction];
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return {bits | uint64_t(number.negative) << 63, number.bad};
}

MR_JSON_INLINE bool isNull(const uint8_t *begin, const uint8_t *end) {
  uint32_t word;
  std::memcpy(&word, begin, sizeof word);
  return bool(uint64_t(end - begin == 4) & uint64_t(word == 0x6c6c756e));
}

/// 1 for true. `false` and `true` differ in length, and in the bytes of a word.
MR_JSON_INLINE uint64_t boolean(Doubt &doubt, const uint8_t *begin, const uint8_t *end, bool nullable = false) {
  uint32_t word;
  std::memcpy(&word, begin, sizeof word);
  uint64_t size = uint64_t(end - begin);
  uint64_t isTrue = uint64_t(word == 0x65757274) & uint64_t(size == 4);
  uint64_t isFalse = uint64_t(word == 0x736c6166) & uint64_t(begin[4] == 'e') & uint64_t(size == 5);
  doubtIf(doubt, (isTrue | isFalse | uint64_t(nullable & isNull(begin, end))) ^ 1);
  return isTrue;
}

/// Strict JSON of a number, true, false or null, of any length.
inline bool isBareValue(const uint8_t *begin, const uint8_t *end) {
  auto digits = [&](const uint8_t *at) {
    while (at != end && uint8_t(*at - '0') < 10)
      ++at;
    return at;
  };
  if (end > begin) {
    Doubt doubt = {};
    boolean(doubt, begin, end, /*nullable=*/true);
    if (!inDoubt(doubt))
      return true;
  }
  const uint8_t *at = begin + (begin != end && *begin == '-'), *start = at;
  at = digits(at);
  if (at == start || (*start == '0' && at - start > 1))
    return false;
  if (at != end && *at == '.') {
    start = ++at;
    if ((at = digits(at)) == start)
      return false;
  }
  if (at != end && (*at | 0x20) == 'e') {
    ++at;
    at += at != end && (*at == '+' || *at == '-');
    start = at;
    if ((at = digits(at)) == start)
      return false;
  }
  return at == end;
}

/// Not 0 if it is not known to be a number or null; see mr_json_bare_slow.
MR_JSON_INLINE uint64_t notPlainBare(const uint8_t *begin, const uint8_t *end) {
  return plainNumber(begin, end).bad & ~(0 - uint64_t(isNull(begin, end)));
}

/// The string with these bytes.
MR_JSON_INLINE mr_string makeString(const uint8_t *begin, const uint8_t *end) {
  uint64_t size = uint64_t(end - begin);
  __m128i v = _mm_and_si128(load16(begin), firstBytes(size < 16 ? size : 16));
  uint64_t low = uint64_t(_mm_cvtsi128_si64(v)), high = uint64_t(_mm_extract_epi64(v, 1));
  uint64_t inPlace = low >> 32 | high << 32;
  return {uint64_t(uint32_t(size)) | low << 32, size <= MR_STRING_INLINE ? inPlace : reinterpret_cast<uint64_t>(begin)};
}

} // namespace millrace::json

#endif
