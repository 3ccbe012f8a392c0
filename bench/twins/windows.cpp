//===- windows.cpp - overlapping windows by hand --------------------------===//
//
// Time is cut into slices; a record is folded once, into the table of its slice.
// When a slice closes, a window's table is put together:
//   - sliding with an exact inverse: a running table, plus the slice that closes,
//     minus the one that leaves;
//   - sliding without: two stacks. In front suffix tables, each a slice and all
//     behind it; at the back one running table;
//   - cumulating: a running table, empty again at the window's end;
//   - tumbling: the slice is the window.
// The naive way folds a record into each of its windows.
//
//===----------------------------------------------------------------------===//
#include "bench/twins/slices.h"

#include <deque>
#include <unordered_map>

namespace twins {
namespace {

template <typename State> using Table = std::unique_ptr<WindowTable<State>>;

template <typename State> void addAll(WindowTable<State> &into, const WindowTable<State> &from) {
  from.forEach([&](int64_t key, const State &state) { into.at(key).combine(state); });
}

size_t bytesOf(const auto &slices) {
  size_t bytes = 0;
  for (const auto &one : slices)
    bytes += one.table->bytes();
  return bytes;
}

/// Windows that do not overlap: a slice is a window.
template <typename State> struct Tumbling {
  explicit Tumbling(const Overlap &overlap) : overlap(overlap) {}
  bool hasRecords() const { return false; }
  int64_t nextEnd() const { return INT64_MAX; }
  size_t bytes() const { return 0; }

  void fire(int64_t end, Table<State> slice, std::vector<Table<State>> &spare) {
    slice->forEach([&](int64_t key, const State &state) { rows.add(key, end - overlap.size, end, state.result()); });
    slice->clear();
    spare.push_back(std::move(slice));
  }

  const Overlap &overlap;
  WindowRows rows;
};

/// A running table: += what closes, -= what leaves.
template <typename State> struct Subtracting {
  explicit Subtracting(const Overlap &overlap) : overlap(overlap) {}
  bool hasRecords() const { return !live.empty(); }
  int64_t nextEnd() const { return last + overlap.slide; }
  size_t bytes() const { return running.bytes() + bytesOf(live); }

  void fire(int64_t end, Table<State> slice, std::vector<Table<State>> &spare) {
    last = end;
    if (slice) {
      addAll(running, *slice);
      live.push_back({end, std::move(slice)});
    }
    running.forEach([&](int64_t key, const State &state) { rows.add(key, end - overlap.size, end, state.result()); });
    if (live.empty() || live.front().end > end - overlap.size + overlap.slide)
      return;
    live.front().table->forEach([&](int64_t key, const State &state) { running.at(key).remove(state); });
    live.front().table->clear();
    spare.push_back(std::move(live.front().table));
    live.pop_front();
  }

  struct Live {
    int64_t end;
    Table<State> table;
  };
  const Overlap &overlap;
  std::deque<Live> live;
  WindowTable<State> running;
  int64_t last = 0;
  WindowRows rows;
};

/// Two stacks of tables.
template <typename State> struct Stacking {
  explicit Stacking(const Overlap &overlap) : overlap(overlap) {}
  bool hasRecords() const { return !front.empty() || !back.empty(); }
  int64_t nextEnd() const { return last + overlap.slide; }
  size_t bytes() const { return behind.bytes() + bytesOf(front) + bytesOf(back); }

  void fire(int64_t end, Table<State> slice, std::vector<Table<State>> &spare) {
    last = end;
    if (slice) {
      addAll(behind, *slice);
      back.push_back({end, std::move(slice)});
    }
    if (front.empty()) { // what was behind becomes suffixes; the youngest lies deepest
      for (; !back.empty(); back.pop_back()) {
        if (!front.empty())
          addAll(*back.back().table, *front.back().table);
        front.push_back(std::move(back.back()));
      }
      behind.clear();
    }
    WindowTable<State> none;
    const WindowTable<State> &suffix = front.empty() ? none : *front.back().table;
    suffix.forEach([&](int64_t key, const State &state) {
      State whole = state;
      if (const State *more = behind.find(key))
        whole.combine(*more);
      rows.add(key, end - overlap.size, end, whole.result());
    });
    behind.forEach([&](int64_t key, const State &state) {
      if (!suffix.find(key))
        rows.add(key, end - overlap.size, end, state.result());
    });
    if (front.empty() || front.back().end > end - overlap.size + overlap.slide)
      return;
    front.back().table->clear();
    spare.push_back(std::move(front.back().table));
    front.pop_back();
  }

  struct Live {
    int64_t end;
    Table<State> table;
  };
  const Overlap &overlap;
  std::vector<Live> front, back;
  WindowTable<State> behind;
  int64_t last = 0;
  WindowRows rows;
};

/// A running table that is emptied at each window's end.
template <typename State> struct Cumulating {
  explicit Cumulating(const Overlap &overlap) : overlap(overlap) {}
  bool hasRecords() const { return !running.isEmpty(); }
  int64_t nextEnd() const { return last + overlap.slide; }
  size_t bytes() const { return running.bytes(); }

  void fire(int64_t end, Table<State> slice, std::vector<Table<State>> &spare) {
    last = end;
    if (slice) {
      addAll(running, *slice);
      slice->clear();
      spare.push_back(std::move(slice));
    }
    int64_t start = floorTo(end - 1, overlap.size);
    running.forEach([&](int64_t key, const State &state) { rows.add(key, start, end, state.result()); });
    if (end == start + overlap.size)
      running.clear();
  }

  const Overlap &overlap;
  WindowTable<State> running;
  int64_t last = 0;
  WindowRows rows;
};

/// A map for each window; a record goes into all of its windows.
template <typename State> Answer naive(const Bid *records, size_t count, const Overlap &overlap) {
  std::map<int64_t, std::unordered_map<int64_t, State>> windows; // by end
  WindowRows rows;
  uint64_t late = 0;
  int64_t greatest = INT64_MIN + kBound + 1, watermark = INT64_MIN, nextBorder = INT64_MAX;
  auto startOf = [&](int64_t end) { return overlap.cumulates ? floorTo(end - 1, overlap.size) : end - overlap.size; };
  auto advance = [&](int64_t to) {
    watermark = to;
    for (; !windows.empty() && windows.begin()->first - 1 <= to; windows.erase(windows.begin()))
      for (const auto &[key, state] : windows.begin()->second)
        rows.add(key, startOf(windows.begin()->first), windows.begin()->first, state.result());
    nextBorder = windows.empty() ? INT64_MAX : windows.begin()->first + kBound;
  };
  for (size_t i = 0; i < count; ++i) {
    const Bid &r = records[i];
    int64_t first = floorTo(r.time, overlap.slide) + overlap.slide;
    int64_t last =
        overlap.cumulates ? floorTo(r.time, overlap.size) + overlap.size : first + overlap.size - overlap.slide;
    bool isIn = false;
    for (int64_t end = first; end <= last; end += overlap.slide)
      if (watermark == INT64_MIN || end - 1 > watermark)
        windows[end][r.auction].fold(r), isIn = true;
    late += !isIn;
    nextBorder = std::min(nextBorder, windows.begin()->first + kBound);
    if (r.time > greatest && (greatest = r.time) >= nextBorder)
      advance(greatest - kBound - 1);
  }
  advance(INT64_MAX);
  return rows.finish(late);
}

template <typename State> Answer run(const Bid *records, size_t count, const Overlap &overlap, bool isNaive) {
  if (isNaive)
    return naive<State>(records, count, overlap);
  if (overlap.cumulates)
    return Slices<WindowTable<State>, Cumulating<State>>(overlap).run(records, count);
  if (overlap.size == overlap.slide)
    return Slices<WindowTable<State>, Tumbling<State>>(overlap).run(records, count);
  if constexpr (State::hasInverse)
    return Slices<WindowTable<State>, Subtracting<State>>(overlap).run(records, count);
  else
    return Slices<WindowTable<State>, Stacking<State>>(overlap).run(records, count);
}

} // namespace

Answer overlapping(const Bid *bids, size_t count, const Overlap &overlap, Over over, bool isNaive) {
  switch (over) {
  case Over::Sum:
    return run<SumState>(bids, count, overlap, isNaive);
  case Over::Max:
    return run<MaxState>(bids, count, overlap, isNaive);
  case Over::Average:
    return run<AverageState>(bids, count, overlap, isNaive);
  case Over::Distinct:
    return distinctOverlapping(bids, count, overlap);
  }
  abort();
}

} // namespace twins
