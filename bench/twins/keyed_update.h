//===- keyed_update.h - count, sum and maximum for each key, by hand ------===//
//
// What the twins of keyed updates share: a window of an hour with a watermark,
// exact sums, and the loop over the records. What differs is the table, one for
// each layout (keyed_tables.h) or a map of a library.
//
// A table gives a cursor: copies of what the loop needs, so that they stay in
// registers. cursor.update(record) is false if the record's key is new (or the
// table is full): then table.insert(record) and a fresh cursor.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_KEYED_UPDATE_H
#define MILLRACE_BENCH_TWINS_KEYED_UPDATE_H

#include "bench/twins/twins.h"

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <memory>
#include <vector>

namespace twins {

inline constexpr uint64_t kSign = uint64_t(1) << 63;
inline constexpr int64_t kHour = 3'600'000'000, kBound = 4'000'000;

/// Aggregates of one key; all zero: no record yet. `top` is the maximum in an unsigned order, so that zero is below
/// all.
struct Members {
  uint64_t count;
  int64_t sum; ///< its low 64 bits
  uint64_t top;

  /// True if the sum left 64 bits: the high word goes up or down.
  bool fold(int64_t price) {
    ++count;
    top = std::max(top, uint64_t(price) ^ kSign);
    return __builtin_add_overflow(sum, price, &sum);
  }
  int64_t maximum() const { return int64_t(top ^ kSign); }
};

/// A row of the window: keys, then the window and the aggregates. `Key` is what a table hands out for a key.
template <typename Key> struct HourRow {
  Key key;
  int64_t start, end, count, sum, top;
};

/// Sums up what goes out, as the sink's rows are summed up.
inline uint64_t rowSum(int64_t key, uint64_t &position) { return mix(uint64_t(key), position++); }
inline uint64_t rowSum(const Pair32 &key, uint64_t &position) {
  uint64_t a = mix(uint64_t(int64_t(key.a)), position++);
  return a + mix(uint64_t(int64_t(key.b)), position++);
}
inline uint64_t rowSum(const Pair64 &key, uint64_t &position) {
  uint64_t a = mix(uint64_t(key.a), position++);
  return a + mix(uint64_t(key.b), position++);
}
inline uint64_t rowSum(std::string_view key, uint64_t &position) { return mix(textBits(key), position++); }

template <typename Record, typename Table> class Hours {
public:
  /// `makeTable`: an empty table for a new pane.
  template <typename Make> Answer run(const Record *records, size_t count, Make makeTable) {
    held() = {};
    double longest = 0;
    const size_t warm = warmUp().records;
    for (size_t at = 0; at < count; at += kChunk) {
      if (warm && at == warm) {
        longest = 0;
        warmUp().isDone();
      }
      auto begin = std::chrono::steady_clock::now();
      block(records, at, std::min(count, at + kChunk), count, makeTable);
      std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - begin;
      longest = std::max(longest, taken.count());
    }
    advance(INT64_MAX);
    held().longestBatch = longest;
    answer.checksum += late;
    return answer;
  }

private:
  struct Pane {
    int64_t start;
    std::unique_ptr<Table> table;
  };
  using Key = typename Table::Key;

  template <typename Make>
  void block(const Record *records, size_t from, size_t to, size_t count, const Make &makeTable) {
    auto cursor = table ? table->cursor() : typename Table::Cursor();
    for (size_t i = from; i < to; ++i) {
      const Record &r = records[i];
      if (uint64_t(r.time - start) >= uint64_t(kHour) || !table) [[unlikely]] {
        if (!find(r.time, makeTable))
          continue;
        cursor = table->cursor();
      }
      if (cursor.isLarge && i + 16 < count)
        cursor.prefetch(records[i + 16]);
      if (!cursor.update(r)) [[unlikely]] {
        table->insert(r);
        cursor = table->cursor();
      }
      if (r.time > greatest) {
        greatest = r.time;
        if (greatest >= nextBorder) [[unlikely]]
          advance(greatest - kBound - 1);
      }
    }
  }

  /// The pane that a time is in becomes the one in hand. False: the record is late.
  template <typename Make> bool find(int64_t time, const Make &makeTable) {
    int64_t rest = time % kHour, s = time - (rest < 0 ? rest + kHour : rest);
    if (watermark != INT64_MIN && s + kHour - 1 <= watermark) {
      ++late;
      return false;
    }
    auto it = std::find_if(panes.begin(), panes.end(), [&](const Pane &p) { return p.start == s; });
    if (it == panes.end()) {
      panes.push_back({s, makeTable()});
      it = panes.end() - 1;
      nextBorder = std::min(nextBorder, s + kHour + kBound);
    }
    start = s, table = it->table.get();
    return true;
  }

  void advance(int64_t to) {
    watermark = to;
    std::sort(panes.begin(), panes.end(), [](const Pane &a, const Pane &b) { return a.start < b.start; });
    while (!panes.empty() && panes.front().start + kHour - 1 <= to) {
      fire(panes.front());
      panes.erase(panes.begin());
    }
    table = nullptr;
    nextBorder = INT64_MAX;
    for (const Pane &p : panes)
      nextBorder = std::min(nextBorder, p.start + kHour + kBound);
  }

  void fire(const Pane &pane) {
    static HourRow<Key> out[kChunk];
    size_t n = 0, keys = 0;
    pane.table->forEach([&](const Key &key, int64_t count, int64_t sum, int64_t top) {
      out[n++] = {key, pane.start, pane.start + kHour, count, sum, top};
      if (n == kChunk)
        flush(out, n), keys += n, n = 0;
    });
    flush(out, n), keys += n;
    if (keys > held().keys)
      held().keys = keys, held().bytes = pane.table->bytes();
  }

  void flush(const HourRow<Key> *rows, size_t n) {
    answer.rows += n;
    if (!checking())
      return;
    for (size_t i = 0; i < n; ++i) {
      const HourRow<Key> &r = rows[i];
      uint64_t position = 0;
      answer.checksum += rowSum(r.key, position);
      for (int64_t value : {r.start, r.end, r.count, r.sum, r.top})
        answer.checksum += mix(uint64_t(value), position++);
    }
  }

  Answer answer;
  std::vector<Pane> panes;
  int64_t start = 0, greatest = INT64_MIN + kBound + 1, watermark = INT64_MIN, nextBorder = INT64_MAX;
  Table *table = nullptr;
  uint64_t late = 0;
};

} // namespace twins

#endif
