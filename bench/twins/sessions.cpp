//===- sessions.cpp - sessions by hand --------------------------------------===//
//
// One table: a key's open session with its first time and its end. A record in it
// moves the end and nothing else. Ends are looked after by a ring of buckets, an
// eighth of the gap wide: a session lies in the bucket of the end that it had when
// it was looked at last; one that has grown since goes to the bucket of its end.
//
// Only for records in order: then a key has one open session, and no two meet. A
// session that ended less than the bound ago waits beside the one that follows.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/window_state.h"

#include <vector>

namespace twins {
namespace {

struct SessionSlot {
  uint64_t word; ///< ~key; 0: empty (the key -1 is not in these inputs)
  int64_t first, end;
  SumState state; ///< count 0: no session
};

class Sessions {
public:
  explicit Sessions(int64_t gap) : gap(gap), width(std::max<int64_t>(gap / 8, 1)), ring(16 + size_t(kBound / width)) {
    allocate(1024);
  }

  Answer run(const Bid *records, size_t count) {
    for (size_t i = 0; i < count; ++i) {
      const Bid &r = records[i];
      if (memory.bytes > (1u << 20) && i + 16 < count)
        __builtin_prefetch(&slots[hashWord(uint64_t(records[i + 16].auction)) >> shift], 1);
      SessionSlot &slot = at(r.auction);
      if (uint64_t(r.time - slot.first) >= uint64_t(slot.end - slot.first) || slot.state.count == 0) [[unlikely]]
        begin(slot, r);
      slot.end = std::max(slot.end, r.time + gap);
      slot.state.fold(r);
      if (r.time - kBound - 1 > watermark && (watermark = r.time - kBound - 1) >= nextLook) [[unlikely]]
        look();
    }
    for (size_t i = 0; i <= mask; ++i)
      if (slots[i].state.count)
        add(slots[i]);
    for (const SessionSlot &one : waiting)
      add(one);
    flush();
    return answer;
  }

private:
  SessionSlot &at(int64_t key) {
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

  /// The key has no session that the record is in.
  void begin(SessionSlot &slot, const Bid &r) {
    if (slot.state.count)
      waiting.push_back(slot);
    slot.first = r.time, slot.end = r.time + gap, slot.state = {};
    put(r.auction, slot.end);
  }

  void put(int64_t key, int64_t end) {
    if (nextLook == INT64_MAX)
      nextLook = end / width * width + width;
    ring[size_t(end / width) % ring.size()].push_back(key);
  }

  /// The buckets that W has passed. What has ended goes; its key stays in the table, without a session.
  void look() {
    for (; nextLook <= watermark; nextLook += width) {
      due.clear();
      due.swap(ring[size_t((nextLook - width) / width) % ring.size()]);
      for (int64_t key : due) {
        SessionSlot &slot = at(key);
        if (slot.state.count && slot.end - 1 <= watermark) {
          add(slot);
          slot.state = {};
        } else if (slot.state.count) {
          put(key, slot.end);
        }
      }
    }
    size_t kept = 0;
    for (const SessionSlot &one : waiting)
      if (one.end - 1 <= watermark)
        add(one);
      else
        waiting[kept++] = one;
    waiting.resize(kept);
  }

  void add(const SessionSlot &slot) {
    rows[n++] = slot;
    if (n == kChunk)
      flush();
  }
  void flush() {
    answer.rows += n;
    if (checking())
      for (size_t i = 0; i < n; ++i)
        answer.checksum += mix(~rows[i].word, 0) + mix(uint64_t(rows[i].first), 1) + mix(uint64_t(rows[i].end), 2) +
                           mix(rows[i].state.result(), 3);
    n = 0;
  }

  void allocate(size_t capacity) {
    memory = Pages(capacity * sizeof(SessionSlot));
    slots = reinterpret_cast<SessionSlot *>(memory.memory);
    mask = capacity - 1, shift = unsigned(__builtin_clzll(mask)), used = 0;
    limit = memory.bytes < (4u << 20) ? capacity / 4 : memory.bytes < (64u << 20) ? capacity / 2 : capacity / 4 * 3;
  }
  void grow() {
    Pages old = std::move(memory);
    const auto *from = reinterpret_cast<const SessionSlot *>(old.memory);
    size_t capacity = mask + 1;
    allocate(capacity * 2);
    for (size_t i = 0; i < capacity; ++i)
      if (from[i].word)
        at(int64_t(~from[i].word)) = from[i];
  }

  int64_t gap, width, watermark = INT64_MIN, nextLook = INT64_MAX;
  std::vector<std::vector<int64_t>> ring;
  std::vector<int64_t> due;
  std::vector<SessionSlot> waiting; ///< that have ended for their keys, but not for W
  Pages memory;
  SessionSlot *slots = nullptr;
  size_t mask = 0, limit = 0, used = 0, n = 0;
  unsigned shift = 0;
  Answer answer;
  SessionSlot rows[kChunk];
};

} // namespace

Answer sessions(const Bid *bids, size_t count, int64_t gap) { return Sessions(gap).run(bids, count); }

} // namespace twins
