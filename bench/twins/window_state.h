//===- window_state.h - states and tables of overlapping windows, by hand --===//
//
// What a window keeps of a key, and a table of it by a number. A slice's table
// and a window's are the same; a window's is put together from slices'.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_WINDOW_STATE_H
#define MILLRACE_BENCH_TWINS_WINDOW_STATE_H

#include "bench/twins/flat_table.h"

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

/// A slice's or a window's states; one whose count is 0 is of no use, but its key may stay.
template <typename S> class WindowTable {
public:
  using State = S;
  struct Slot : IntKeyed {
    State state;
  };

  State &at(int64_t key) { return table.at(key).state; }
  const State *find(int64_t key) const {
    const Slot *slot = table.find(key);
    return slot && slot->state.count ? &slot->state : nullptr;
  }
  void add(const Bid &r) { at(r.auction).fold(r); }
  void prefetch(const Bid &r) const { table.prefetch(r.auction); }
  size_t bytes() const { return table.bytes(); }
  bool isLarge() const { return table.isLarge(); }
  bool isEmpty() const { return table.size() == 0; }
  void clear() { table.clear(); }

  /// For each key with records: f(key, state).
  template <typename F> void forEach(F f) const {
    table.forEach([&](const Slot &slot) {
      if (slot.state.count)
        f(slot.key(), slot.state);
    });
  }

private:
  FlatTable<Slot> table;
};

} // namespace twins

#endif
