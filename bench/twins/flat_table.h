//===- flat_table.h - open addressing by hand -----------------------------===//
//
// The one table of the twins of windows: slots in a row, the first free one from
// a key's home on is its own. Grows by doubling: sooner where it fits a cache.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_FLAT_TABLE_H
#define MILLRACE_BENCH_TWINS_FLAT_TABLE_H

#include "bench/twins/keyed_tables.h"

namespace twins {

/// What every slot begins with where an integer is the key.
struct IntKeyed {
  using Key = int64_t;
  uint64_t word; ///< ~key; 0: empty (the key -1 is not in these inputs)

  static uint64_t hashOf(Key key) { return hashWord(uint64_t(key)); }
  bool is(Key other) const { return word == ~uint64_t(other); }
  Key key() const { return int64_t(~word); }
  void begin(Key key) { word = ~uint64_t(key); }
};

/// Slots begin all zero. They have `word` (0: empty) and what IntKeyed has.
template <typename Slot> class FlatTable {
public:
  using Key = typename Slot::Key;
  FlatTable() { allocate(1024); }

  /// The key's slot; a new one if it has none.
  Slot &at(Key key) {
    for (size_t i = home(key);; i = (i + 1) & mask) {
      Slot &slot = slots[i];
      if (slot.is(key)) [[likely]]
        return slot;
      if (slot.word == 0) [[unlikely]]
        return insert(key, i);
    }
  }
  const Slot *find(Key key) const {
    for (size_t i = home(key); slots[i].word; i = (i + 1) & mask)
      if (slots[i].is(key))
        return &slots[i];
    return nullptr;
  }
  /// The slots behind it move up.
  void erase(Slot &slot) {
    --used;
    size_t hole = size_t(&slot - slots);
    for (size_t i = (hole + 1) & mask; slots[i].word; i = (i + 1) & mask) {
      if (((i - home(slots[i].key())) & mask) < ((i - hole) & mask))
        continue;
      slots[hole] = slots[i];
      hole = i;
    }
    slots[hole] = {};
  }
  void prefetch(Key key) const { __builtin_prefetch(&slots[home(key)], 1); }
  size_t bytes() const { return memory.bytes; }
  size_t size() const { return used; }
  bool isLarge() const { return memory.bytes > (1u << 20); }

  /// f(slot) for each that has a key.
  template <typename F> void forEach(F f) {
    for (size_t i = 0; i <= mask; ++i)
      if (slots[i].word)
        f(slots[i]);
  }
  template <typename F> void forEach(F f) const {
    for (size_t i = 0; i <= mask; ++i)
      if (slots[i].word)
        f(static_cast<const Slot &>(slots[i]));
  }
  void clear() {
    std::memset(static_cast<void *>(slots), 0, memory.bytes);
    used = 0;
  }

private:
  size_t home(Key key) const { return Slot::hashOf(key) >> shift; }
  Slot &insert(Key key, size_t i) {
    if (used == limit) {
      grow();
      for (i = home(key); slots[i].word; i = (i + 1) & mask)
        ;
    }
    ++used;
    slots[i].begin(key);
    return slots[i];
  }
  void allocate(size_t capacity) {
    memory = Pages(capacity * sizeof(Slot));
    slots = reinterpret_cast<Slot *>(memory.memory);
    mask = capacity - 1, shift = unsigned(__builtin_clzll(mask)), used = 0;
    limit = memory.bytes < (4u << 20) ? capacity / 4 : memory.bytes < (64u << 20) ? capacity / 2 : capacity / 4 * 3;
  }
  void grow() {
    Pages old = std::move(memory);
    const Slot *from = reinterpret_cast<const Slot *>(old.memory);
    size_t capacity = mask + 1;
    allocate(capacity * 2);
    for (size_t i = 0; i < capacity; ++i)
      if (from[i].word)
        at(from[i].key()) = from[i];
  }

  Pages memory;
  Slot *slots = nullptr;
  size_t mask = 0, limit = 0, used = 0;
  unsigned shift = 0;
};

} // namespace twins

#endif
