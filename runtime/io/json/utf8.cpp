//===- utf8.cpp - is it UTF-8? --------------------------------------------===//
#include "runtime/io/json/utf8.h"
#include <cstring>
#include <immintrin.h>

/// Length of the well-formed sequence at `at`, or 0. At least one byte is left.
static size_t sequenceLength(const uint8_t *at, size_t left) {
  uint8_t lead = at[0];
  if (lead < 0x80)
    return 1;
  size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || length > left)
    return 0;
  // The second byte's range rules out overlong forms, surrogates and what lies above U+10FFFF.
  uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
  uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
  if (at[1] < low || at[1] > high)
    return 0;
  for (size_t i = 2; i < length; ++i)
    if ((at[i] & 0xc0) != 0x80)
      return 0;
  return length;
}

static bool isAscii32(const uint8_t *at) {
  return _mm256_movemask_epi8(_mm256_loadu_si256(reinterpret_cast<const __m256i *>(at))) == 0;
}

size_t millrace::json::invalidUtf8(const uint8_t *bytes, size_t size) {
  size_t at = 0;
  while (at < size) {
    uint64_t word;
    if (size - at >= 32 && isAscii32(bytes + at)) {
      at += 32;
      continue;
    }
    if (size - at >= 8 && (std::memcpy(&word, bytes + at, 8), (word & 0x8080808080808080) == 0)) {
      at += 8;
      continue;
    }
    size_t length = sequenceLength(bytes + at, size - at);
    if (!length)
      return at;
    at += length;
  }
  return size;
}
