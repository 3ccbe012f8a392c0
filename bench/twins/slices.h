//===- slices.h - slices of time by hand ------------------------------------===//
//
// What the twins of overlapping windows share: rows on their way out, and the
// loop that folds each record into the table of its slice, closes slices behind
// the watermark and fires the windows that end with them.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_BENCH_TWINS_SLICES_H
#define MILLRACE_BENCH_TWINS_SLICES_H

#include "bench/twins/window_state.h"

#include <map>

namespace twins {

/// Rows on their way out, in chunks of a batch's size.
class WindowRows {
public:
  void add(int64_t key, int64_t start, int64_t end, uint64_t value) {
    if (end != lastEnd) [[unlikely]]
      most = mostOfOneEnd(), lastEnd = end, since = answer.rows + n;
    rows[n++] = {key, start, end, value};
    if (n == kChunk)
      flush();
  }
  /// Keys of the largest window so far.
  uint64_t mostOfOneEnd() const { return std::max(most, answer.rows + n - since); }
  Answer finish(uint64_t late) {
    flush();
    answer.checksum += late;
    return answer;
  }

private:
  struct Row {
    int64_t key, start, end;
    uint64_t value;
  };
  void flush() {
    answer.rows += n;
    if (checking())
      for (size_t i = 0; i < n; ++i) {
        const Row &r = rows[i];
        answer.checksum +=
            mix(uint64_t(r.key), 0) + mix(uint64_t(r.start), 1) + mix(uint64_t(r.end), 2) + mix(r.value, 3);
      }
    n = 0;
  }
  Answer answer;
  uint64_t most = 0, since = 0;
  int64_t lastEnd = INT64_MIN;
  size_t n = 0;
  Row rows[kChunk];
};

inline int64_t floorTo(int64_t time, int64_t unit) {
  int64_t rest = time % unit;
  return time - (rest < 0 ? rest + unit : rest);
}

/// What all ways over slices share: slices by their start, a watermark, late records. `Windows` puts windows together:
/// fire(end, slice or nothing) in the order of time. `Table` holds a slice: add(record), prefetch, isLarge, bytes.
template <typename Table, typename Windows> class Slices {
public:
  Slices(const Overlap &overlap) : overlap(overlap), windows(overlap) {}

  Answer run(const Bid *records, size_t count) {
    held() = {};
    for (size_t i = 0; i < count; ++i) {
      const Bid &r = records[i];
      if (uint64_t(r.time - start) >= uint64_t(overlap.slide) || !table) [[unlikely]] {
        if (!find(r.time))
          continue;
      }
      if (table->isLarge() && i + 16 < count)
        table->prefetch(records[i + 16]);
      table->add(r);
      if (r.time > greatest) {
        greatest = r.time;
        if (greatest >= nextBorder) [[unlikely]]
          advance(greatest - kBound - 1);
      }
    }
    advance(INT64_MAX);
    return windows.rows.finish(late);
  }

private:
  bool find(int64_t time) {
    int64_t s = floorTo(time, overlap.slide);
    if (closed != INT64_MIN && s < closed) {
      // Late for all its windows, or (the slice is put together already) for some; neither is in these inputs.
      ++late;
      return false;
    }
    auto [it, isNew] = slices.try_emplace(s);
    if (isNew) {
      if (spare.empty())
        it->second = std::make_unique<Table>();
      else
        it->second = std::move(spare.back()), spare.pop_back();
    }
    start = s, table = it->second.get();
    nextBorder = slices.begin()->first + overlap.slide + kBound;
    return true;
  }

  /// What is held where a slice closes; the most counts.
  void note(const Table *closing) {
    size_t bytes = windows.bytes() + (closing ? closing->bytes() : 0);
    for (const auto &[start, slice] : slices)
      bytes += slice->bytes();
    for (const auto &one : spare)
      bytes += one->bytes();
    held().bytes = std::max<uint64_t>(held().bytes, bytes);
    held().keys = std::max<uint64_t>(held().keys, windows.rows.mostOfOneEnd());
  }

  /// Windows end where slices end: each that W has passed fires, as long as there is a record in it.
  void advance(int64_t to) {
    table = nullptr;
    while (!slices.empty() || windows.hasRecords()) {
      int64_t end = windows.hasRecords() ? windows.nextEnd() : slices.begin()->first + overlap.slide;
      if (end - 1 > to)
        break;
      std::unique_ptr<Table> slice;
      if (!slices.empty() && slices.begin()->first + overlap.slide == end) {
        slice = std::move(slices.begin()->second);
        slices.erase(slices.begin());
      }
      closed = end;
      note(slice.get());
      windows.fire(end, std::move(slice), spare);
    }
    nextBorder = slices.empty() ? INT64_MAX : slices.begin()->first + overlap.slide + kBound;
    if (windows.hasRecords())
      nextBorder = std::min(nextBorder, windows.nextEnd() + kBound);
  }

  const Overlap &overlap;
  Windows windows;
  std::map<int64_t, std::unique_ptr<Table>> slices;
  std::vector<std::unique_ptr<Table>> spare;
  Table *table = nullptr;
  int64_t start = 0, greatest = INT64_MIN + kBound + 1, closed = INT64_MIN, nextBorder = INT64_MAX;
  uint64_t late = 0;
};

} // namespace twins

#endif
