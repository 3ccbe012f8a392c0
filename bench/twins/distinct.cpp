//===- distinct.cpp - different values in overlapping windows, by hand ------===//
//
// A slice is a set of pairs of key and value. One table has, for each pair of the
// window, the end of the last slice that it was seen in, and one the number of
// pairs of each key: a slice that closes adds the pairs that are not there yet,
// one that leaves takes those away that were seen nowhere since.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/slices.h"

#include <deque>

namespace twins {
namespace {

/// Open addressing by key and value.
class Pairs {
public:
  struct Slot {
    uint64_t word; ///< ~key; 0: empty (the key -1 is not in these inputs)
    int64_t value, last;
  };
  Pairs() { allocate(1024); }

  /// Its slot, with `last` 0 if it is new.
  Slot &at(int64_t key, int64_t value) {
    for (size_t i = home(~uint64_t(key), value);; i = (i + 1) & mask) {
      Slot &slot = slots[i];
      if (slot.word == ~uint64_t(key) && slot.value == value) [[likely]]
        return slot;
      if (slot.word)
        continue;
      if (used == limit) {
        grow();
        return at(key, value);
      }
      ++used;
      slot.word = ~uint64_t(key), slot.value = value;
      return slot;
    }
  }
  void add(const Bid &r) { at(r.auction, r.price); }
  void erase(Slot &slot) {
    --used;
    size_t hole = size_t(&slot - slots);
    for (size_t i = (hole + 1) & mask; slots[i].word; i = (i + 1) & mask) {
      size_t first = home(slots[i].word, slots[i].value);
      if (((i - first) & mask) < ((i - hole) & mask))
        continue;
      slots[hole] = slots[i];
      hole = i;
    }
    slots[hole] = {};
  }
  void prefetch(const Bid &r) const { prefetch(r.auction, r.price); }
  void prefetch(int64_t key, int64_t value) const { __builtin_prefetch(&slots[home(~uint64_t(key), value)], 1); }
  bool isLarge() const { return memory.bytes > (1u << 20); }
  size_t bytes() const { return memory.bytes; }
  /// f(key, value) for each.
  template <typename F> void forEach(F f) const {
    for (size_t i = 0; i <= mask; ++i)
      if (slots[i].word)
        f(int64_t(~slots[i].word), slots[i].value);
  }
  void clear() {
    std::memset(slots, 0, memory.bytes);
    used = 0;
  }

private:
  size_t home(uint64_t word, int64_t value) const { return hashWords(word, uint64_t(value)) >> shift; }
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
        at(int64_t(~from[i].word), from[i].value).last = from[i].last;
  }

  Pages memory;
  Slot *slots = nullptr;
  size_t mask = 0, limit = 0, used = 0;
  unsigned shift = 0;
};

class Distinct {
public:
  explicit Distinct(const Overlap &overlap) : overlap(overlap) {}
  bool hasRecords() const { return !live.empty(); }
  int64_t nextEnd() const { return last + overlap.slide; }
  size_t bytes() const {
    size_t bytes = window.bytes() + counts.bytes();
    for (const Live &one : live)
      bytes += one.pairs->bytes();
    return bytes;
  }

  void fire(int64_t end, std::unique_ptr<Pairs> slice, std::vector<std::unique_ptr<Pairs>> &spare) {
    last = end;
    if (slice) {
      slice->forEach([&](int64_t key, int64_t value) {
        Pairs::Slot &pair = window.at(key, value);
        counts.at(key).count += pair.last == 0;
        pair.last = end;
      });
      live.push_back({end, std::move(slice)});
    }
    counts.forEach(
        [&](int64_t key, const DistinctState &state) { rows.add(key, end - overlap.size, end, state.result()); });
    if (live.empty() || live.front().end > end - overlap.size + overlap.slide)
      return;
    live.front().pairs->forEach([&](int64_t key, int64_t value) {
      Pairs::Slot &pair = window.at(key, value);
      if (pair.last != live.front().end)
        return;
      --counts.at(key).count;
      window.erase(pair);
    });
    live.front().pairs->clear();
    spare.push_back(std::move(live.front().pairs));
    live.pop_front();
  }

  WindowRows rows;

private:
  struct Live {
    int64_t end;
    std::unique_ptr<Pairs> pairs;
  };
  const Overlap &overlap;
  std::deque<Live> live;
  Pairs window;
  WindowTable<DistinctState> counts;
  int64_t last = 0;
};

} // namespace

Answer distinctOverlapping(const Bid *bids, size_t count, const Overlap &overlap) {
  return Slices<Pairs, Distinct>(overlap).run(bids, count);
}

} // namespace twins
