//===- table_keys.h - single keys of a table: found again, taken out -------===//
//
// Internal, for time-to-live. A key's slot may move (growth, other keys that go);
// its token finds it again.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_TABLE_KEYS_H
#define MILLRACE_RUNTIME_STATE_TABLE_KEYS_H

#include "runtime/state/state_vector.h"
#include "runtime/state/table.h"

namespace millrace {

/// What finds the key at a position in use again. Keys that are alike to the table's hash share one.
uint64_t tableToken(const mr_table *table, uint64_t position);

/// Appends the positions in use of the keys with this token.
void tableFind(mr_table *table, uint64_t token, StateVector<uint64_t> &positions);

/// Layouts packed and inline: the first slot of a key with this token that `accepts(slot)`; null: there is none. It
/// need not be a key with this very hash where that is long.
template <typename Accepts> uint8_t *tableFindFirst(mr_table *table, uint64_t token, Accepts accepts) {
  bool isInline = table->desc->layout == MR_LAYOUT_INLINE;
  if (table->old.slots || (!isInline && !(token & kHashToken))) [[unlikely]] {
    StateVector<uint64_t> positions(*table->account);
    tableFind(table, token, positions);
    for (uint64_t position : positions)
      if (uint8_t *slot = table->slotAt(position); accepts(slot))
        return slot;
    return nullptr;
  }
  uint64_t mask = table->now.mask, home = isInline ? tagOf(token) : token;
  for (uint64_t i = home & mask;; i = (i + 1) & mask) {
    uint64_t tag = table->tagAt(table->now, i);
    if (!tag)
      return nullptr;
    uint8_t *slot = table->slotAt(i);
    if (accepts(slot) && (isInline ? tagOf(tag) == home : (packedHash(tag) | kHashToken) == token))
      return slot;
  }
}

/// Asks for the memory in which tableFind will look: a slot, which may lie in two cache lines.
inline void tablePrefetch(const mr_table *table, uint64_t token) {
  uint64_t home = table->desc->layout == MR_LAYOUT_INLINE ? tagOf(token) : token;
  const uint8_t *slot = table->slotAt(home & table->now.mask);
  __builtin_prefetch(slot, /*rw=*/1);
  __builtin_prefetch(slot + table->shape.slotSize - 1, /*rw=*/1);
}

/// Takes the key at a position in use out; its memory is used again. Other keys may move.
void tableErase(mr_table *table, uint64_t position);
/// Takes out the keys at positions in use, each once, in ascending order.
void tableEraseAll(mr_table *table, const StateVector<uint64_t> &positions);

} // namespace millrace

#endif
