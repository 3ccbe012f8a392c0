//===- index.cpp - stage 1: where the quotes and line ends are ------------===//
//
// Three forms of the same: AVX-512 (one store of up to 16 positions per 64
// bytes), AVX2, and plain C++ (for tests, and as the readable definition).
//
//===----------------------------------------------------------------------===//
#include "runtime/io/json/index.h"

#include <immintrin.h>

using namespace millrace;
using namespace millrace::json;

TextIndex::TextIndex()
    : positions(new uint32_t[windowSize + MR_JSON_POSITIONS + 64]), care(new CareBlock[windowSize / 64 + 1]) {}

namespace {

/// What is where in 64 bytes.
struct Masks {
  uint64_t stops;   ///< quotes and line feeds
  uint64_t special; ///< CareBlock::special
  uint64_t high;
};

struct Portable {
  static Masks masks(const uint8_t *text) {
    Masks masks = {0, 0, 0};
    for (uint32_t i = 0; i < 64; ++i) {
      uint8_t c = text[i];
      masks.stops |= uint64_t(c == '"' || c == '\n') << i;
      masks.special |= uint64_t(c == '\\' || (c < 0x20 && c != '\n')) << i;
      masks.high |= uint64_t(c >> 7) << i;
    }
    return masks;
  }
};

struct Avx2 {
  static uint64_t bits(__m256i a, __m256i b) {
    return uint64_t(uint32_t(_mm256_movemask_epi8(a))) | uint64_t(uint32_t(_mm256_movemask_epi8(b))) << 32;
  }
  static Masks masks(const uint8_t *text) {
    __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text));
    __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(text + 32));
    auto equal = [&](char c) {
      __m256i v = _mm256_set1_epi8(c);
      return bits(_mm256_cmpeq_epi8(a, v), _mm256_cmpeq_epi8(b, v));
    };
    __m256i control = _mm256_set1_epi8(0x1f);
    uint64_t feeds = equal('\n');
    uint64_t low =
        bits(_mm256_cmpeq_epi8(_mm256_min_epu8(a, control), a), _mm256_cmpeq_epi8(_mm256_min_epu8(b, control), b));
    return {equal('"') | feeds, (low & ~feeds) | equal('\\'), bits(a, b)};
  }
};

} // namespace

/// Marks the end of the positions.
static void finish(TextIndex &index, uint32_t *out, CareBlock *care) {
  index.count = uint32_t(out - index.positions.get());
  index.careCount = uint32_t(care - index.care.get());
  for (uint32_t i = 0; i < MR_JSON_POSITIONS; ++i)
    out[i] = UINT32_MAX;
}

/// Bits of the last block that are inside the text.
static inline uint64_t inside(uint32_t left) { return left >= 64 ? ~uint64_t(0) : (uint64_t(1) << left) - 1; }

static inline CareBlock *noteCare(CareBlock *care, uint64_t special, uint64_t high, uint32_t base) {
  *care = {special, high, base};
  return care + ((special | high) != 0);
}

template <typename Vector> static void indexText(const uint8_t *text, uint32_t size, TextIndex &index) {
  uint32_t *out = index.positions.get();
  CareBlock *care = index.care.get();
  for (uint32_t base = 0; base < size; base += 64) {
    Masks masks = Vector::masks(text + base);
    uint64_t valid = inside(size - base), stops = masks.stops & valid;
    care = noteCare(care, masks.special & valid, masks.high & valid, base);
    uint32_t count = uint32_t(__builtin_popcountll(stops));
    // Eight at a time whether they are there or not: most blocks have no more, and no branch depends on how many.
    for (uint32_t done = 0; done < count; done += 8)
      for (uint32_t i = 0; i < 8; ++i, stops &= stops - 1)
        out[done + i] = base + uint32_t(_tzcnt_u64(stops));
    out += count;
  }
  finish(index, out, care);
}

#define MR_AVX512 __attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2")))

MR_AVX512 static void indexAvx512(const uint8_t *text, uint32_t size, TextIndex &index) {
  alignas(64) static const uint8_t counting[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                                   16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                                   32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                                   48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
  const __m512i iota = _mm512_load_si512(counting), feed = _mm512_set1_epi8('\n'), quote = _mm512_set1_epi8('"');
  const __m512i backslash = _mm512_set1_epi8('\\'), space = _mm512_set1_epi8(0x20);
  uint32_t *out = index.positions.get();
  CareBlock *care = index.care.get();
  for (uint32_t base = 0; base < size; base += 64) {
    __m512i v = _mm512_loadu_si512(text + base);
    uint64_t valid = inside(size - base), feeds = _mm512_cmpeq_epi8_mask(v, feed);
    uint64_t stops = (_mm512_cmpeq_epi8_mask(v, quote) | feeds) & valid;
    uint64_t special = (_mm512_cmplt_epu8_mask(v, space) & ~feeds) | _mm512_cmpeq_epi8_mask(v, backslash);
    care = noteCare(care, special & valid, _mm512_movepi8_mask(v) & valid, base);
    uint32_t count = uint32_t(__builtin_popcountll(stops));
    __m512i places = _mm512_maskz_compress_epi8(stops, iota), start = _mm512_set1_epi32(int(base));
    auto part = [&](__m128i bytes) MR_AVX512 { return _mm512_add_epi32(_mm512_cvtepu8_epi32(bytes), start); };
    _mm512_storeu_si512(out, part(_mm512_castsi512_si128(places)));
    if (__builtin_expect(count > 16, 0)) {
      _mm512_storeu_si512(out + 16, part(_mm512_extracti32x4_epi32(places, 1)));
      _mm512_storeu_si512(out + 32, part(_mm512_extracti32x4_epi32(places, 2)));
      _mm512_storeu_si512(out + 48, part(_mm512_extracti32x4_epi32(places, 3)));
    }
    out += count;
  }
  finish(index, out, care);
}

bool millrace::json::hasSimd(Simd simd) {
  if (simd != Simd::Avx512)
    return true; // the whole runtime is built for x86-64-v3
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512vbmi") && __builtin_cpu_supports("avx512vbmi2");
}

IndexFn millrace::json::pickIndex(Simd simd) {
  switch (simd) {
  case Simd::Portable:
    return indexText<Portable>;
  case Simd::Avx2:
    return indexText<Avx2>;
  case Simd::Auto:
  case Simd::Avx512:
    break;
  }
  return hasSimd(Simd::Avx512) ? IndexFn(indexAvx512) : IndexFn(indexText<Avx2>);
}
