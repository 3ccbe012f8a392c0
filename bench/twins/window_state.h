//===- window_state.h - states and tables of overlapping windows, by hand --===//
//
// What a window keeps of a key, and a table of it by a number. A slice's table
// and a window's are the same; a window's is put together from slices'.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_WINDOW_STATE_H
#define MILLRACE_BENCH_TWINS_WINDOW_STATE_H

#include "bench/twins/keyed_tables.h"

#include <bit>

namespace twins {

/// The exact sum of prices. All zero: no record.
struct SumState {
  uint64_t count;
  int64_t sum;
  static constexpr bool hasInverse = true;

  void fold(const Bid &r) { ++count, addTo(r.price); }
  void combine(const SumState &other) { count += other.count, addTo(other.sum); }
  void remove(const SumState &other) { count -= other.count, sum -= other.sum; }
  uint64_t result() const { return uint64_t(sum); }

private:
  void addTo(int64_t value) {
    if (__builtin_add_overflow(sum, value, &sum)) [[unlikely]]
      abort(); // not in these inputs; the check is what counts
  }
};

/// The greatest price, in an unsigned order so that zero is below all.
struct MaxState {
  uint64_t count;
  uint64_t top;
  static constexpr bool hasInverse = false;

  void fold(const Bid &r) { ++count, top = std::max(top, uint64_t(r.price) ^ kSign); }
  void combine(const MaxState &other) { count += other.count, top = std::max(top, other.top); }
  uint64_t result() const { return top ^ kSign; }
};

/// The average of the floats that stand in `bidder`.
struct AverageState {
  uint64_t count;
  double sum;
  static constexpr bool hasInverse = false;

  void fold(const Bid &r) { ++count, sum += std::bit_cast<double>(r.bidder); }
  void combine(const AverageState &other) { count += other.count, sum += other.sum; }
  uint64_t result() const { return std::bit_cast<uint64_t>(sum / double(count)); }
};

/// How many different values; zero: none.
struct DistinctState {
  uint64_t count;
  uint64_t result() const { return count; }
};

/// Open addressing by the key; a slot whose count is 0 is of no use, but its key may stay.
template <typename S> class WindowTable {
public:
  using State = S;
  struct Slot {
    uint64_t word; ///< ~key; 0: empty (the key -1 is not in these inputs)
    State state;
  };
  WindowTable() { allocate(1024); }

  State &at(int64_t key) {
    for (size_t i = hashWord(uint64_t(key)) >> shift;; i = (i + 1) & mask) {
      Slot &slot = slots[i];
      if (slot.word == ~uint64_t(key)) [[likely]]
        return slot.state;
      if (slot.word == 0) [[unlikely]]
        return insert(key, i);
    }
  }
  const State *find(int64_t key) const {
    for (size_t i = hashWord(uint64_t(key)) >> shift;; i = (i + 1) & mask)
      if (slots[i].word == ~uint64_t(key))
        return slots[i].state.count ? &slots[i].state : nullptr;
      else if (slots[i].word == 0)
        return nullptr;
  }
  void add(const Bid &r) { at(r.auction).fold(r); }
  void prefetch(const Bid &r) const { __builtin_prefetch(&slots[hashWord(uint64_t(r.auction)) >> shift], 1); }
  size_t bytes() const { return memory.bytes; }
  bool isLarge() const { return memory.bytes > (1u << 20); }
  bool isEmpty() const { return used == 0; }

  /// For each key with records: f(key, state).
  template <typename F> void forEach(F f) const {
    for (size_t i = 0; i <= mask; ++i)
      if (const Slot &slot = slots[i]; slot.word && slot.state.count)
        f(int64_t(~slot.word), slot.state);
  }
  void clear() {
    std::memset(slots, 0, memory.bytes);
    used = 0;
  }

private:
  State &insert(int64_t key, size_t i) {
    if (used == limit) {
      grow();
      for (i = hashWord(uint64_t(key)) >> shift; slots[i].word; i = (i + 1) & mask)
        ;
    }
    ++used;
    slots[i].word = ~uint64_t(key);
    return slots[i].state;
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
        at(int64_t(~from[i].word)) = from[i].state;
  }

  Pages memory;
  Slot *slots = nullptr;
  size_t mask = 0, limit = 0, used = 0;
  unsigned shift = 0;
};

} // namespace twins

#endif
