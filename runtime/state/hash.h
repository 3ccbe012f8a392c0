//===- hash.h - hashes of keys ------------------------------------------------===//
//
// Internal: the one home of what decides in which slot a key is looked for. A
// change of it counts kHashVersion up: state that was saved names it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_HASH_H
#define MILLRACE_RUNTIME_STATE_HASH_H

#include "runtime/values/string_view.h"

namespace millrace {

inline constexpr uint32_t kHashVersion = 5;

/// Odd constants without structure (wyhash's).
inline constexpr uint64_t kSeed = 0xa0761d6478bd642fu, kStep = 0xe7037ed1a0b428dbu, kLast = 0x8ebc6af09c88c6e3u;

/// Both halves of the product: every bit of both factors reaches the low bits of the result.
__attribute__((always_inline)) inline uint64_t mix(uint64_t a, uint64_t b) {
  __uint128_t product = __uint128_t(a) * b;
  return uint64_t(product) ^ uint64_t(product >> 64);
}

/// CRC-32C of all but the last bit, turned; the last bit goes through as it is. So keys that differ in it alone lie
/// side by side, mostly in one cache line: beyond the caches keys that count up take half the lines that chance takes
/// (measured at 200,000 keys in pairs: 150 to 125 M records/s). The CRC is linear: words that count up, also in steps
/// of a power of two, and small ones beside each other, have homes of their own. With this turn (not with all) the n
/// words that count from 0 never meet in a table of 2n slots, from 16 slots on (tested to 2^20).
__attribute__((target("crc32"))) inline uint32_t turnedCrc(const uint64_t *words, uint32_t count) {
  uint64_t crc = 0, last = count ? words[count - 1] & 1 : 0;
  for (uint32_t i = 0; i < count; ++i) // what a CRC begins with is as if added to the word: the bit is taken out of it
    crc = __builtin_ia32_crc32di(i + 1 == count ? crc ^ last : crc, words[i]);
  return __builtin_rotateleft32(uint32_t(crc), 4) ^ uint32_t(last);
}

/// Of what a packed slot begins with.
__attribute__((target("crc32"))) inline uint64_t packedHash(uint64_t stored) { return turnedCrc(&stored, 1); }

/// In tokens of the layout packed (table_keys.h): a hash, not the number of a special position.
inline constexpr uint64_t kHashToken = uint64_t(1) << 63;

/// What a slot of the layout inline begins with, its flags apart: the upper half of a key's hash, whose top bit is set.
__attribute__((always_inline)) inline uint64_t tagOf(uint64_t hash) { return hash >> 32; }

/// Are these the words and strings of a key that state has kept? `Texts` is its arena.
template <typename Texts>
__attribute__((always_inline)) inline bool sameKey(const Texts &texts, const uint64_t *stored, const uint64_t *key,
                                                   uint32_t words, uint32_t strings) {
  for (uint32_t i = 0; i < words; ++i)
    if (stored[i] != key[i])
      return false;
  for (uint32_t i = 0; i < strings; ++i) {
    const uint64_t *a = stored + words + 2 * i, *b = key + words + 2 * i;
    if (!texts.equals({a[0], a[1]}, {b[0], b[1]}))
      return false;
  }
  return true;
}

} // namespace millrace

#endif
