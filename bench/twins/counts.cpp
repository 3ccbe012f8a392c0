//===- counts.cpp - count windows by hand -------------------------------------===//
//
// A key's slot has the sum of the records since its last row, and the sum of all
// that its window holds. A ring beside it has the sums of its last steps: what
// closes is added, what it takes the place of is subtracted. A key has a ring
// from its first row on. The watermark is followed, as what is behind may ask for it.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/flat_table.h"

#include <algorithm>

namespace twins {
namespace {

/// Half a cache line.
struct CountSlot : IntKeyed {
  int64_t step, sum;    ///< of the records since the last row; of the window without them
  uint16_t count, next; ///< records since the last row; place in the ring that is written next
  uint32_t ring;        ///< 1 + number of its ring, 0: none
};

class CountWindows {
public:
  CountWindows(int64_t size, int64_t step) : step(uint32_t(step)), steps(uint32_t(size / step)) {}

  Answer run(const Bid *records, size_t count) {
    held() = {};
    size_t warm = std::min<size_t>(warmUp().records, count);
    if (warm) {
      take(records, 0, warm, count);
      warmUp().isDone();
    }
    take(records, warm, count, count);
    flush();
    if (greatest < INT64_MIN + kBound)
      abort(); // there were records; so that it is made
    held().keys = table.size(), held().bytes = table.bytes() + rings.bytes;
    return answer;
  }

private:
  void take(const Bid *records, size_t begin, size_t end, size_t count) {
    for (size_t i = begin; i < end; ++i) {
      const Bid &r = records[i];
      greatest = std::max(greatest, r.time);
      if (table.isLarge() && i + 16 < count)
        table.prefetch(records[i + 16].auction);
      CountSlot &slot = table.at(r.auction);
      if (__builtin_add_overflow(slot.step, r.price, &slot.step)) [[unlikely]]
        abort(); // not in these inputs; the check is what counts
      if (++slot.count == step)
        close(slot);
    }
  }
  void close(CountSlot &slot) {
    if (!slot.ring)
      slot.ring = newRing();
    int64_t &place = reinterpret_cast<int64_t *>(rings.memory)[size_t(slot.ring - 1) * steps + slot.next];
    if (__builtin_add_overflow(slot.sum, slot.step - place, &slot.sum)) [[unlikely]]
      abort();
    place = slot.step;
    slot.next = slot.next + 1u == steps ? 0 : uint16_t(slot.next + 1);
    slot.step = 0, slot.count = 0;
    rows[n++] = {slot.key(), slot.sum};
    if (n == kChunk)
      flush();
  }
  /// 1 and its number.
  [[gnu::noinline]] uint32_t newRing() {
    size_t needed = size_t(++numRings) * steps * sizeof(int64_t);
    if (needed > rings.bytes) {
      Pages more(std::max<size_t>(needed, rings.bytes * 2));
      std::memcpy(more.memory, rings.memory, rings.bytes);
      rings = std::move(more);
    }
    return numRings;
  }
  void flush() {
    answer.rows += n;
    if (checking())
      for (size_t i = 0; i < n; ++i)
        answer.checksum += mix(uint64_t(rows[i].key), 0) + mix(uint64_t(rows[i].sum), 1);
    n = 0;
  }

  struct Row {
    int64_t key, sum;
  };
  uint32_t step, steps;
  FlatTable<CountSlot> table;
  Pages rings;
  uint32_t numRings = 0;
  int64_t greatest = INT64_MIN; ///< of the times so far
  size_t n = 0;
  Answer answer;
  Row rows[kChunk];
};

} // namespace

Answer countWindows(const Bid *bids, size_t count, int64_t size, int64_t step) {
  return CountWindows(size, step).run(bids, count);
}

} // namespace twins
