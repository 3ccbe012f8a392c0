//===- table.cpp - hashing and probing, inlined ---------------------------===//
//
// Called by generated code, with `words`, `strings` and `slotSize` constant:
// after inlining a probe of one word is a multiply, two compares and a branch.
// Whatever is rare (a new key, growth) is mr_table_insert, out of line.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/table.h"
#include "runtime/inline/inline.h"
#include "runtime/values/string_view.h"

using namespace millrace;

namespace {

/// Odd constants without structure (wyhash's).
constexpr uint64_t kSeed = 0xa0761d6478bd642fu, kStep = 0xe7037ed1a0b428dbu, kLast = 0x8ebc6af09c88c6e3u;

/// Both halves of the product: every bit of both factors reaches the low bits of the result.
__attribute__((always_inline)) inline uint64_t mix(uint64_t a, uint64_t b) {
  __uint128_t product = __uint128_t(a) * b;
  return uint64_t(product) ^ uint64_t(product >> 64);
}

MR_OUTLINE uint64_t hashLong(const char *bytes, uint64_t length) {
  uint64_t hash = kSeed ^ length, a, b;
  for (uint64_t i = 0; i + 16 <= length; i += 16) {
    std::memcpy(&a, bytes + i, 8);
    std::memcpy(&b, bytes + i + 8, 8);
    hash = mix(hash ^ a ^ kStep, b ^ kLast);
  }
  // The last 16 bytes, which may overlap what was read; longer than 12 is all that is known.
  if (length >= 16) {
    std::memcpy(&a, bytes + length - 16, 8);
    std::memcpy(&b, bytes + length - 8, 8);
  } else {
    std::memcpy(&a, bytes, 8);
    std::memcpy(&b, bytes + length - 8, 8);
  }
  return mix(hash ^ a ^ kLast, b ^ kStep);
}

__attribute__((always_inline)) inline uint64_t hashString(const uint64_t *string) {
  uint32_t length = uint32_t(string[0]);
  if (length <= MR_STRING_INLINE)
    return mix(string[0] ^ kStep, string[1] ^ kLast);
  return hashLong(reinterpret_cast<const char *>(string[1]), length);
}

__attribute__((always_inline)) inline bool sameKey(const uint64_t *stored, const uint64_t *key, uint32_t words,
                                                   uint32_t strings) {
  for (uint32_t i = 0; i < words; ++i)
    if (stored[i] != key[i])
      return false;
  for (uint32_t i = 0; i < strings; ++i) {
    const uint64_t *a = stored + words + 2 * i, *b = key + words + 2 * i;
    if (!mr_string_equal({a[0], a[1]}, {b[0], b[1]}))
      return false;
  }
  return true;
}

} // namespace

MR_INLINE uint64_t mr_key_hash(const uint64_t *key, uint32_t words, uint32_t strings) {
  if (words == 1 && strings == 0) // the usual case: zero needs no seed here
    return mix(key[0], kStep) | uint64_t(1) << 63;
  uint64_t hash = kSeed;
  for (uint32_t i = 0; i < words; ++i)
    hash = mix(key[i] ^ hash, kStep);
  for (uint32_t i = 0; i < strings; ++i)
    hash = mix(hashString(key + words + 2 * i) ^ hash, kStep);
  return hash | uint64_t(1) << 63; // never 0; the bits that choose the slot stay as they are
}

MR_INLINE uint8_t *mr_table_slots(mr_table *table) { return table->slots; }

MR_INLINE uint64_t mr_table_capacity(mr_table *table) { return table->end; }

MR_INLINE uint64_t mr_table_next(mr_table *table, uint64_t position, uint32_t slotSize) {
  uint64_t end = table->end;
  while (position < end) {
    uint64_t page = position * slotSize >> MR_STATE_PAGE_BITS;
    if (__builtin_expect(table->touched[page] != 0, 1))
      return position;
    position = (((page + 1) << MR_STATE_PAGE_BITS) + slotSize - 1) / slotSize;
  }
  return end;
}

MR_INLINE void mr_table_touch(mr_table *table, uint8_t *slot) {
  table->touched[uint64_t(slot - table->slots) >> MR_STATE_PAGE_BITS] = MR_STATE_TOUCHED;
}

MR_INLINE uint8_t *mr_table_cold(mr_table *table, uint8_t *slot, uint32_t slotSize, uint32_t coldSize) {
  uint8_t *cold = table->cold;
  return cold ? cold + uint64_t(slot - table->slots) / slotSize * coldSize : nullptr;
}

MR_INLINE mr_string mr_table_text(mr_table *, mr_string stored) { return stored; }

MR_INLINE uint8_t *mr_dense_slot(mr_table *table, uint64_t index, uint32_t slotSize) {
  if (__builtin_expect(index >= table->reach, 0))
    return mr_dense_reach(table, index);
  return table->slots + index * slotSize;
}

MR_INLINE void mr_dense_prefetch(mr_table *table, uint64_t index, uint32_t slotSize) {
  __builtin_prefetch(table->slots + index * slotSize, 1);
}

MR_INLINE uint64_t mr_packed_hash(uint64_t word) { return mix(word ^ MR_PACKED_MASK, kStep); }

MR_INLINE uint8_t *mr_packed_upsert(mr_table *table, uint64_t hash, uint64_t word, uint32_t slotSize) {
  uint64_t stored = word ^ MR_PACKED_MASK;
  if (__builtin_expect(stored == 0, 0)) // the one key whose slot would look empty
    return mr_packed_insert(table, hash, word);
  uint64_t mask = table->mask;
  uint8_t *slots = table->slots;
  for (uint64_t i = hash & mask;; i = (i + 1) & mask) {
    uint64_t *slot = reinterpret_cast<uint64_t *>(slots + i * slotSize);
    if (__builtin_expect(slot[0] == stored, 1))
      return reinterpret_cast<uint8_t *>(slot);
    if (__builtin_expect(slot[0] == 0, 0))
      return mr_packed_insert(table, hash, word);
  }
}

MR_INLINE void mr_packed_prefetch(mr_table *table, uint64_t hash, uint32_t slotSize) {
  __builtin_prefetch(table->slots + (hash & table->mask) * slotSize, 1);
}

MR_INLINE uint64_t mr_packed_key(mr_table *table, uint64_t position, uint32_t slotSize) {
  if (__builtin_expect(position <= table->mask, 1))
    return *reinterpret_cast<uint64_t *>(table->slots + position * slotSize) ^ MR_PACKED_MASK;
  return position == table->mask + 1 ? MR_PACKED_MASK : 0;
}

MR_INLINE bool mr_packed_is_null(mr_table *table, uint64_t position) { return position == table->mask + 2; }

MR_INLINE uint64_t mr_id_of(mr_task *task, uint32_t window, uint64_t hash, const uint64_t *key, uint32_t, uint32_t) {
  return mr_id_insert(task, window, hash, key);
}

MR_INLINE void mr_id_prefetch(mr_task *, uint32_t, uint64_t) {}

MR_INLINE const uint64_t *mr_id_key(mr_table *, uint64_t, uint32_t, uint32_t) { return nullptr; }

MR_INLINE mr_string mr_id_text(mr_table *, mr_string stored) { return stored; }

MR_INLINE uint8_t *mr_table_upsert(mr_table *table, uint64_t hash, const uint64_t *key, uint32_t words,
                                   uint32_t strings, uint32_t slotSize) {
  uint64_t mask = table->mask;
  uint8_t *slots = table->slots;
  for (uint64_t i = hash & mask;; i = (i + 1) & mask) {
    uint64_t *slot = reinterpret_cast<uint64_t *>(slots + i * slotSize);
    if (__builtin_expect(slot[0] == hash, 1) && __builtin_expect(sameKey(slot + 1, key, words, strings), 1))
      return reinterpret_cast<uint8_t *>(slot);
    if (__builtin_expect(slot[0] == 0, 0))
      return mr_table_insert(table, hash, key);
  }
}

MR_INLINE void mr_table_prefetch(mr_table *table, uint64_t hash, uint32_t slotSize) {
  __builtin_prefetch(table->slots + (hash & table->mask) * slotSize, 1);
}
