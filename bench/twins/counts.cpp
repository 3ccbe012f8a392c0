//===- counts.cpp - count windows by hand -------------------------------------===//
//
// A key's slot has the sum of the records since its last row, and the sum of all
// that its window holds. A ring beside it has the sums of its last steps: what
// closes is added, what it takes the place of is subtracted. A key has a ring
// from its first row on.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/window_state.h"

namespace twins {
namespace {

struct CountSlot {
  uint64_t word;        ///< ~key; 0: empty (the key -1 is not in these inputs)
  uint32_t count, ring; ///< records since the last row; 1 + number of its ring, 0: none
  int64_t step, sum;    ///< of the records since the last row; of the window without them
  uint32_t next;        ///< place in the ring that is written next
  uint32_t unused;
};

class CountWindows {
public:
  CountWindows(int64_t size, int64_t step) : step(uint32_t(step)), steps(uint32_t(size / step)) { allocate(1024); }

  Answer run(const Bid *records, size_t count) {
    held() = {};
    for (size_t i = 0; i < count; ++i) {
      const Bid &r = records[i];
      if (memory.bytes > (1u << 20) && i + 16 < count)
        __builtin_prefetch(&slots[hashWord(uint64_t(records[i + 16].auction)) >> shift], 1);
      CountSlot &slot = at(r.auction);
      if (__builtin_add_overflow(slot.step, r.price, &slot.step)) [[unlikely]]
        abort(); // not in these inputs; the check is what counts
      if (++slot.count == step)
        close(slot);
    }
    flush();
    held().keys = used, held().bytes = memory.bytes + rings.capacity() * 8;
    return answer;
  }

private:
  void close(CountSlot &slot) {
    if (!slot.ring) {
      rings.resize(rings.size() + steps);
      slot.ring = uint32_t(rings.size() / steps);
    }
    int64_t &place = rings[size_t(slot.ring - 1) * steps + slot.next];
    if (__builtin_add_overflow(slot.sum, slot.step - place, &slot.sum)) [[unlikely]]
      abort();
    place = slot.step;
    slot.next = slot.next + 1 == steps ? 0 : slot.next + 1;
    slot.step = 0, slot.count = 0;
    rows[n++] = {int64_t(~slot.word), slot.sum};
    if (n == kChunk)
      flush();
  }
  void flush() {
    answer.rows += n;
    if (checking())
      for (size_t i = 0; i < n; ++i)
        answer.checksum += mix(uint64_t(rows[i].key), 0) + mix(uint64_t(rows[i].sum), 1);
    n = 0;
  }

  CountSlot &at(int64_t key) {
    for (size_t i = hashWord(uint64_t(key)) >> shift;; i = (i + 1) & mask) {
      if (slots[i].word == ~uint64_t(key)) [[likely]]
        return slots[i];
      if (slots[i].word)
        continue;
      if (used == limit) {
        grow();
        return at(key);
      }
      ++used;
      slots[i].word = ~uint64_t(key);
      return slots[i];
    }
  }
  void allocate(size_t capacity) {
    memory = Pages(capacity * sizeof(CountSlot));
    slots = reinterpret_cast<CountSlot *>(memory.memory);
    mask = capacity - 1, shift = unsigned(__builtin_clzll(mask)), used = 0;
    limit = memory.bytes < (4u << 20) ? capacity / 4 : memory.bytes < (64u << 20) ? capacity / 2 : capacity / 4 * 3;
  }
  void grow() {
    Pages old = std::move(memory);
    const auto *from = reinterpret_cast<const CountSlot *>(old.memory);
    size_t capacity = mask + 1;
    allocate(capacity * 2);
    for (size_t i = 0; i < capacity; ++i)
      if (from[i].word)
        at(int64_t(~from[i].word)) = from[i];
  }

  struct Row {
    int64_t key, sum;
  };
  uint32_t step, steps;
  Pages memory;
  CountSlot *slots = nullptr;
  std::vector<int64_t> rings;
  size_t mask = 0, limit = 0, used = 0, n = 0;
  unsigned shift = 0;
  Answer answer;
  Row rows[kChunk];
};

} // namespace

Answer countWindows(const Bid *bids, size_t count, int64_t size, int64_t step) {
  return CountWindows(size, step).run(bids, count);
}

} // namespace twins
