//===- packed.cpp - probing by one word, inlined ---------------------------===//
//
// Called by generated code, with `slotSize` constant: a probe is a load, a
// comparison and a branch. Whatever is rare (a new key, growth) is
// mr_packed_insert, out of line.
//
//===----------------------------------------------------------------------===//
#include "runtime/inline/inline.h"
#include "runtime/state/table.h"

using namespace millrace;

MR_INLINE uint64_t mr_packed_hash(uint64_t word) { return packedHash(word ^ MR_PACKED_MASK); }

MR_INLINE uint8_t *mr_packed_upsert(mr_table *table, uint64_t hash, uint64_t word, uint32_t slotSize) {
  uint64_t stored = word ^ MR_PACKED_MASK, mask = table->now.mask;
  if (__builtin_expect(stored == 0, 0)) // the one key whose slot would look empty
    return mr_packed_insert(table, hash, word);
  uint8_t *slots = table->now.slots;
  for (uint64_t i = hash & mask;; i = (i + 1) & mask) {
    uint64_t *slot = reinterpret_cast<uint64_t *>(slots + i * slotSize);
    if (__builtin_expect(slot[0] == stored, 1))
      return reinterpret_cast<uint8_t *>(slot);
    if (__builtin_expect(slot[0] == 0, 0))
      return mr_packed_insert(table, hash, word);
  }
}

MR_INLINE void mr_packed_prefetch(mr_table *table, uint64_t hash, uint32_t slotSize) {
  __builtin_prefetch(table->now.slots + (hash & table->now.mask) * slotSize, 1);
}

MR_INLINE uint64_t mr_packed_key(mr_table *table, uint64_t position, uint32_t slotSize) {
  if (__builtin_expect(position <= table->now.mask, 1))
    return *reinterpret_cast<uint64_t *>(table->now.slots + position * slotSize) ^ MR_PACKED_MASK;
  return position == table->now.mask + 1 ? MR_PACKED_MASK : 0;
}

MR_INLINE bool mr_packed_is_null(mr_table *table, uint64_t position) { return position == table->now.mask + 2; }
