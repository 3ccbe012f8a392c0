//===- over.cpp - a window for each record, by hand --------------------------===//
//
// Records wait in the order of their times until W has passed them. Then each
// goes into the queue of its key: of the last D all records, with their sum, from
// which is taken what leaves; of the last N rows those that no later one exceeds.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/flat_table.h"
#include "bench/twins/rows.h"

#include <algorithm>
#include <deque>
#include <vector>

namespace twins {
namespace {

/// A queue of times (or numbers) and prices, in a ring that doubles.
class Ring {
public:
  struct Entry {
    int64_t at, price;
  };
  bool isEmpty() const { return first == last; }
  Entry &front() { return entries[first & mask()]; }
  Entry &back() { return entries[(last - 1) & mask()]; }
  void popFront() { ++first; }
  void popBack() { --last; }
  /// Returns by how many bytes it has grown.
  size_t push(Entry e) {
    size_t more = 0;
    if (last - first == entries.size()) [[unlikely]] {
      std::vector<Entry> next(std::max<size_t>(8, entries.size() * 2));
      for (size_t i = first; i != last; ++i)
        next[i & (next.size() - 1)] = entries[i & mask()];
      more = (next.size() - entries.size()) * sizeof(Entry);
      entries.swap(next);
    }
    entries[last++ & mask()] = e;
    return more;
  }

private:
  size_t mask() const { return entries.size() - 1; }
  std::vector<Entry> entries;
  size_t first = 0, last = 0;
};

/// The sum of the prices of the last `length` of time, both ends and all of a time's records included.
struct LastTime {
  static constexpr bool ofTime = true;
  int64_t length;
  struct State {
    Ring ring;
    int64_t sum = 0;
  };
  size_t take(State &state, const Bid &r) const {
    for (; !state.ring.isEmpty() && state.ring.front().at < r.time - length; state.ring.popFront())
      state.sum -= state.ring.front().price;
    if (__builtin_add_overflow(state.sum, r.price, &state.sum)) [[unlikely]]
      abort(); // not in these inputs; the check is what counts
    return state.ring.push({r.time, r.price});
  }
  int64_t result(State &state) const { return state.sum; }
};

/// The greatest price of the last `length` records.
struct LastRows {
  static constexpr bool ofTime = false;
  int64_t length;
  struct State {
    Ring ring; ///< of falling prices
    int64_t number = 0;
  };
  size_t take(State &state, const Bid &r) const {
    int64_t number = state.number++;
    while (!state.ring.isEmpty() && state.ring.back().price <= r.price)
      state.ring.popBack();
    if (!state.ring.isEmpty() && state.ring.front().at <= number - length)
      state.ring.popFront();
    return state.ring.push({number, r.price});
  }
  int64_t result(State &state) const { return state.ring.front().price; }
};

template <typename Window> class PerRecord {
public:
  explicit PerRecord(Window window) : window(window) {}

  Answer run(const Bid *records, size_t count) {
    held() = {};
    for (size_t i = 0; i < count; ++i) {
      const Bid &r = records[i];
      if (r.time <= watermark) [[unlikely]]
        continue; // late; not in these inputs
      if (table.isLarge() && i + 16 < count)
        table.prefetch(records[i + 16].auction);
      waiting.push_back(r);
      for (size_t at = waiting.size() - 1; at > 0 && waiting[at - 1].time > r.time; --at)
        std::swap(waiting[at - 1], waiting[at]);
      watermark = std::max(watermark, r.time - kBound - 1);
      if (i % kChunk == kChunk - 1)
        pass(watermark);
    }
    pass(INT64_MAX);
    held() = {table.size(), table.bytes() + bytes};
    return rows.finish();
  }

private:
  struct Slot : IntKeyed {
    uint64_t number; ///< 1 + place in `states`
  };

  void pass(int64_t to) {
    while (!waiting.empty() && waiting.front().time <= to) {
      size_t same = 1;
      if constexpr (Window::ofTime)
        while (same < waiting.size() && waiting[same].time == waiting.front().time)
          ++same;
      for (size_t i = 0; i < same; ++i)
        bytes += window.take(at(waiting[i].auction), waiting[i]);
      for (; same > 0; --same, waiting.pop_front()) {
        const Bid &r = waiting.front();
        rows.add({{uint64_t(r.auction), uint64_t(r.time), uint64_t(window.result(at(r.auction)))}});
      }
    }
  }
  typename Window::State &at(int64_t key) {
    Slot &slot = table.at(key);
    if (!slot.number) {
      states.emplace_back();
      slot.number = states.size();
      bytes += sizeof(typename Window::State);
    }
    return states[slot.number - 1];
  }

  Window window;
  std::deque<Bid> waiting; ///< by time and arrival
  FlatTable<Slot> table;
  std::deque<typename Window::State> states;
  size_t bytes = 0;
  int64_t watermark = INT64_MIN;
  Rows<3> rows;
};

} // namespace

Answer overTime(const Bid *bids, size_t count, int64_t length) { return PerRecord(LastTime{length}).run(bids, count); }
Answer overRows(const Bid *bids, size_t count, int64_t length) { return PerRecord(LastRows{length}).run(bids, count); }

} // namespace twins
