//===- primitives.h - values in line, without branches --------------------===//
//
// Internal; the bodies of the mr_json_ functions of abi.def, used by the
// learned shapes as well. A value lies in [begin, end). Each answers only when
// the value is one that needs no second look, and says so in a word that is
// not 0 otherwise: the general path then decides. Numbers have up to 16
// characters here: they lie right-aligned in one register, so that their length
// is a mask and not a loop.
//
// Reads stay within 64 bytes before `end` and behind `begin`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_PRIMITIVES_H
#define MILLRACE_RUNTIME_IO_JSON_PRIMITIVES_H

#include "millrace/abi.h"

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
/// Ones in the last `count` bytes, 0 to 16.
MR_JSON_INLINE __m128i lastBytes(uint64_t count) { return load16(maskBytes + count); }
/// Ones in the first `count` bytes, 0 to 16.
MR_JSON_INLINE __m128i firstBytes(uint64_t count) { return load16(maskBytes + 32 - count); }

MR_JSON_INLINE uint64_t load8(const uint8_t *at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

/// Not 0 if the bytes at `at` are not these; 8 bytes of `literal` can be read at least. `size` > 0.
MR_JSON_INLINE uint64_t differs(const uint8_t *at, const uint8_t *literal, uint32_t size) {
  if (size < 8)
    return (load8(at) ^ load8(literal)) << (64 - 8 * size);
  uint64_t difference = load8(at + size - 8) ^ load8(literal + size - 8); // the last word overlaps the one before
  for (uint32_t i = 0; i + 8 < size; i += 8)
    difference |= load8(at + i) ^ load8(literal + i);
  return difference;
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

/// Not 0 if a byte of it is greater than 9.
MR_JSON_INLINE uint64_t notDigits(__m128i v) {
  __m128i tooGreat = _mm_subs_epu8(v, _mm_set1_epi8(9));
  return uint64_t(_mm_testz_si128(tooGreat, tooGreat)) ^ 1;
}

/// An integer without point and exponent.
MR_JSON_INLINE mr_result integer(const uint8_t *begin, const uint8_t *end) {
  bool negative = *begin == '-';
  uint64_t size = uint64_t(end - begin) - negative, bad = uint64_t(size - 1 > 15);
  uint64_t digits = size & 15 ? size & 15 : 16; // some mask, whatever the size is
  __m128i v = _mm_and_si128(_mm_sub_epi8(load16(end - 16), _mm_set1_epi8('0')), lastBytes(digits));
  bad |= notDigits(v);
  bad |= uint64_t(begin[negative] == '0') & uint64_t(size > 1);
  uint64_t magnitude = sixteenDigits(v);
  return {negative ? 0 - magnitude : magnitude, bad};
}

MR_JSON_INLINE mr_result integerIn(const uint8_t *begin, const uint8_t *end, int64_t least, int64_t most) {
  mr_result result = integer(begin, end);
  result.kind |= uint64_t(int64_t(result.value) < least) | uint64_t(int64_t(result.value) > most);
  return result;
}

/// Units as in TimeUnit: 1 seconds, 2 milliseconds, 3 microseconds, 4 nanoseconds.
MR_JSON_INLINE mr_result time(const uint8_t *begin, const uint8_t *end, uint32_t unit, bool isTimestamp) {
  mr_result result = integer(begin, end);
  int64_t value = int64_t(result.value), factor = unit == 1 ? 1'000'000 : unit == 2 ? 1'000 : 1;
  int64_t least = -62'167'219'200'000'000, most = 253'402'300'799'999'999; // the years 0000 to 9999, rule 1
  if (!isTimestamp)
    least = -INT64_MAX, most = INT64_MAX;
  if (unit == 4) { // 16 digits of nanoseconds are in range
    value = value / 1000 - (value % 1000 < 0);
  } else {
    result.kind |= uint64_t(value < least / factor) | uint64_t(value > most / factor);
    value = int64_t(uint64_t(value) * uint64_t(factor));
  }
  result.value = uint64_t(value);
  return result;
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
  bad |= notDigits(v);
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

/// `false` and `true` differ in length, and in the bytes of a word.
MR_JSON_INLINE mr_result boolean(const uint8_t *begin, const uint8_t *end) {
  uint32_t word;
  std::memcpy(&word, begin, sizeof word);
  uint64_t size = uint64_t(end - begin);
  uint64_t isTrue = uint64_t(word == 0x65757274) & uint64_t(size == 4);
  uint64_t isFalse = uint64_t(word == 0x736c6166) & uint64_t(begin[4] == 'e') & uint64_t(size == 5);
  return {isTrue, (isTrue | isFalse) ^ 1};
}

/// Strict JSON of a number, true, false or null, of any length.
inline bool isBareValue(const uint8_t *begin, const uint8_t *end) {
  auto digits = [&](const uint8_t *at) {
    while (at != end && uint8_t(*at - '0') < 10)
      ++at;
    return at;
  };
  if (isNull(begin, end) || (end > begin && !boolean(begin, end).kind))
    return true;
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
