//===- sessions.cpp - sessions by hand --------------------------------------===//
//
// One table: a key's open session with its first time and its end. A record in it
// moves the end and nothing else. Ends are looked after by a ring of buckets, an
// eighth of the gap wide: a session lies in the bucket of the end that it had when
// it was looked at last; one that has grown since goes to the bucket of its end
// when W comes to its bucket, what is left there is sorted once. As of the program,
// rows come behind the batch in which W has passed their ends, in the order of these.
//
// A session that ended less than the bound ago waits beside the one that follows. A
// record out of order, which is behind the key's session by less than the gap,
// begins that session earlier; or it belongs to one that waits, or makes one, and
// two of them may become one. None of the records is late.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/window_state.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace twins {
namespace {

struct SessionSlot : IntKeyed {
  int64_t first, end;
  SumState state; ///< count 0: no session
};

class Sessions {
public:
  explicit Sessions(int64_t gap) : gap(gap), width(std::max<int64_t>(gap / 8, 1)), ring(24 + size_t(kBound / width)) {}

  Answer run(const Bid *records, size_t count) {
    held() = {};
    for (size_t i = 0; i < count; ++i) {
      const Bid &r = records[i];
      if (table.isLarge() && i + 16 < count)
        table.prefetch(records[i + 16].auction);
      SessionSlot &slot = table.at(r.auction);
      if (uint64_t(r.time - slot.first) >= uint64_t(slot.end - slot.first) || slot.state.count == 0) [[unlikely]] {
        if (slot.state.count && r.time < slot.first) {
          before(slot, r);
          continue;
        }
        begin(slot, r);
      }
      slot.end = std::max(slot.end, r.time + gap);
      slot.state.fold(r);
      watermark = std::max(watermark, r.time - kBound - 1);
      if (i % kChunk == kChunk - 1 || i + 1 == count || watermark >= mostBehind) [[unlikely]]
        look();
    }
    finish();
    return answer;
  }

private:
  /// The key has no session that the record is in.
  void begin(SessionSlot &slot, const Bid &r) {
    if (slot.state.count)
      waiting.push_back(slot);
    slot.first = r.time, slot.end = r.time + gap, slot.state = {};
    put(r.auction, slot.end);
  }

  /// The record is of a time before the key's session.
  [[gnu::noinline]] void before(SessionSlot &slot, const Bid &r) {
    SessionSlot one = {{slot.word}, r.time, r.time + gap, {}};
    one.state.fold(r);
    for (size_t i = 0; i < waiting.size();) // it may bridge two that wait
      if (waiting[i].word == slot.word && waiting[i].first < one.end && r.time < waiting[i].end) {
        join(one, waiting[i]);
        waiting[i] = waiting.back(), waiting.pop_back();
      } else {
        ++i;
      }
    if (one.end > slot.first)
      join(slot, one);
    else
      waiting.push_back(one);
  }
  static void join(SessionSlot &into, const SessionSlot &other) {
    into.first = std::min(into.first, other.first), into.end = std::max(into.end, other.end);
    into.state.combine(other.state);
  }

  void put(int64_t key, int64_t end) {
    if (nextLook == INT64_MAX)
      nextLook = end / width * width, mostBehind = nextLook + gap;
    ring[size_t(end / width) % ring.size()].push_back(key);
  }

  /// What has ended goes; its key stays in the table, without a session.
  [[gnu::noinline]] void look() {
    due.clear();
    fire();
    for (; nextLook <= watermark; nextLook += width) {
      near.clear();
      nextNear = 0;
      bucket.clear();
      bucket.swap(ring[size_t(nextLook / width) % ring.size()]);
      for (int64_t key : bucket)
        if (SessionSlot &slot = table.at(key); slot.state.count) {
          if (slot.end >= nextLook + width)
            put(key, slot.end);
          else
            near.push_back({slot.end, key});
        }
      std::sort(near.begin(), near.end());
      fire();
    }
    if (nextLook != INT64_MAX)
      mostBehind = nextLook + gap;
    size_t kept = 0;
    for (const SessionSlot &one : waiting)
      if (one.end - 1 <= watermark)
        due.push_back(one);
      else
        waiting[kept++] = one;
    if (kept != waiting.size())
      std::sort(due.begin(), due.end(), [](const SessionSlot &a, const SessionSlot &b) { return a.end < b.end; });
    waiting.resize(kept);
    for (const SessionSlot &one : due)
      add(one);
  }

  /// Of the bucket that W is in: up to W. A session may have grown meanwhile, or its key has none or another one.
  void fire() {
    for (; nextNear < near.size() && near[nextNear].first - 1 <= watermark; ++nextNear) {
      SessionSlot &slot = table.at(near[nextNear].second);
      if (slot.state.count && slot.end == near[nextNear].first) {
        due.push_back(slot);
        slot.state = {};
      } else if (slot.state.count) {
        put(near[nextNear].second, slot.end);
      }
    }
  }

  /// The end of input: all that there are.
  void finish() {
    std::vector<std::pair<int64_t, const SessionSlot *>> all;
    table.forEach([&](const SessionSlot &slot) {
      if (slot.state.count)
        all.push_back({slot.end, &slot});
    });
    for (const SessionSlot &one : waiting)
      all.push_back({one.end, &one});
    std::sort(all.begin(), all.end());
    for (const auto &[end, slot] : all)
      add(*slot);
    flush();
    held().keys = table.size(), held().bytes = table.bytes();
    for (const auto &bucket : ring)
      held().bytes += bucket.capacity() * sizeof(int64_t);
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
        answer.checksum += mix(uint64_t(rows[i].key()), 0) + mix(uint64_t(rows[i].first), 1) +
                           mix(uint64_t(rows[i].end), 2) + mix(rows[i].state.result(), 3);
    n = 0;
  }

  int64_t gap, width, watermark = INT64_MIN, nextLook = INT64_MAX, mostBehind = INT64_MAX;
  std::vector<std::vector<int64_t>> ring;
  std::vector<int64_t> bucket;
  std::vector<std::pair<int64_t, int64_t>> near; ///< ends and keys of the bucket that W is in
  size_t nextNear = 0;
  std::vector<SessionSlot> due;
  std::vector<SessionSlot> waiting; ///< that have ended for their keys, but not for W
  FlatTable<SessionSlot> table;
  size_t n = 0;
  Answer answer;
  SessionSlot rows[kChunk];
};

} // namespace

Answer sessions(const Bid *bids, size_t count, int64_t gap) { return Sessions(gap).run(bids, count); }

} // namespace twins
