//===- keyed.cpp - hashing and probing of keys in slots, inlined ------------===//
//
// Called by generated code, with `words`, `strings` and `slotSize` constant.
// Whatever is rare (a new key, growth) is mr_table_insert, out of line.
//
//===----------------------------------------------------------------------===//
#include "runtime/inline/inline.h"
#include "runtime/state/table.h"

using namespace millrace;

/// It only reads: what stands in registers stays there.
extern "C" __attribute__((pure)) uint64_t mr_hash_long(const uint8_t *bytes, uint64_t length);

namespace {

__attribute__((always_inline)) inline uint64_t hashString(const uint64_t *string) {
  uint32_t length = uint32_t(string[0]);
  if (length <= MR_STRING_INLINE)
    return mix(string[0] ^ kStep, string[1] ^ kLast);
  return mr_hash_long(reinterpret_cast<const uint8_t *>(string[1]), length);
}

} // namespace

MR_INLINE uint64_t mr_key_hash(const uint64_t *key, uint32_t words, uint32_t strings) {
  if (strings == 0)
    return uint64_t(turnedCrc(key, words)) << 32 | uint64_t(1) << 63;
  // A text alone, as most keys with texts are, has a hash that needs no more mixing.
  uint64_t hash = words == 0 ? hashString(key) : kSeed;
  for (uint32_t i = 0; i < words; ++i)
    hash = mix(key[i] ^ hash, kStep);
  for (uint32_t i = words == 0; i < strings; ++i)
    hash = mix(hashString(key + words + 2 * i) ^ hash, kStep);
  return hash | uint64_t(1) << 63; // so that the upper half is never 0
}

MR_INLINE uint8_t *mr_table_upsert(mr_table *table, uint64_t hash, const uint64_t *key, uint32_t words,
                                   uint32_t strings, uint32_t slotSize) {
  uint64_t mask = table->now.mask, tag = tagOf(hash);
  uint8_t *slots = table->now.slots;
  for (uint64_t i = tag & mask;; i = (i + 1) & mask) {
    uint64_t *slot = reinterpret_cast<uint64_t *>(slots + i * slotSize);
    uint32_t found = reinterpret_cast<uint32_t *>(slot)[1];
    if (__builtin_expect(found == tag, 1) && __builtin_expect(sameKey(table->texts, slot + 1, key, words, strings), 1))
      return reinterpret_cast<uint8_t *>(slot);
    if (__builtin_expect(found == 0, 0))
      return mr_table_insert(table, hash, key);
  }
}

MR_INLINE void mr_table_prefetch(mr_table *table, uint64_t hash, uint32_t slotSize) {
  __builtin_prefetch(table->now.slots + (tagOf(hash) & table->now.mask) * slotSize, 1);
}
