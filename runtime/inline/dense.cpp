//===- dense.cpp - arrays by index or id, inlined --------------------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/task.h"
#include "runtime/inline/inline.h"
#include "runtime/state/dictionary.h"
#include "runtime/state/table.h"

using namespace millrace;

MR_INLINE uint8_t *mr_dense_slot(mr_table *table, uint64_t index, uint32_t slotSize) {
  if (__builtin_expect(index >= table->reach, 0))
    return mr_dense_reach(table, index);
  return table->now.slots + index * slotSize;
}

MR_INLINE void mr_dense_prefetch(mr_table *table, uint64_t index, uint32_t slotSize) {
  __builtin_prefetch(table->now.slots + index * slotSize, 1);
}

MR_INLINE uint64_t mr_id_of(mr_task *task, uint32_t window, uint64_t hash, const uint64_t *key, uint32_t words,
                            uint32_t strings) {
  const mr_dictionary *d = task->windows[window].dictionary;
  const auto *index = reinterpret_cast<const uint64_t *>(d->now.slots);
  uint64_t mask = d->now.mask, tag = tagOf(hash);
  for (uint64_t i = tag & mask;; i = (i + 1) & mask) {
    uint64_t word = index[i], id = uint32_t(word);
    if (__builtin_expect(tagOf(word) == tag, 1) &&
        __builtin_expect(sameKey(d->texts,
                                 reinterpret_cast<const uint64_t *>(d->keys + id * (8 * (words + 2 * strings))), key,
                                 words, strings),
                         1))
      return id;
    if (__builtin_expect(word == 0, 0))
      return mr_id_insert(task, window, hash, key);
  }
}

MR_INLINE void mr_id_prefetch(mr_task *task, uint32_t window, uint64_t hash) {
  const mr_dictionary *d = task->windows[window].dictionary;
  __builtin_prefetch(d->now.slots + (tagOf(hash) & d->now.mask) * 8);
}

MR_INLINE const uint64_t *mr_id_key(mr_table *table, uint64_t id, uint32_t words, uint32_t strings) {
  return reinterpret_cast<const uint64_t *>(table->dictionary->keys + id * (8 * (words + 2 * strings)));
}

MR_INLINE mr_string mr_id_text(mr_table *table, mr_string stored) { return table->dictionary->texts.text(stored); }
