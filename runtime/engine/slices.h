//===- slices.h - the state of a window that is cut into slices -----------------===//
//
// Internal. A table for each slice that holds records and that a window needs
// still, in the order of time (the store, slices.cpp), and what the algorithm of
// each operator that reads them has made of them (the reader, slice_fire.cpp).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_SLICES_H
#define MILLRACE_RUNTIME_ENGINE_SLICES_H

#include "runtime/state/table_api.h"
#include "runtime/time/calendar_time.h"

#include <deque>
#include <memory>
#include <string>
#include <vector>

struct mr_engine;

namespace millrace {

/// Where the windows of an operator lie: those of SlicedTime, or of a calendar, whose slices are its windows.
class WindowTimes {
public:
  WindowTimes() = default;
  explicit WindowTimes(const mr_window_desc &desc)
      : sliced{desc.size, desc.slide, desc.offset, desc.kind == MR_WINDOW_CUMULATE},
        calendar{mr_calendar_unit(desc.kind == MR_WINDOW_CALENDAR ? desc.unit : uint8_t(MR_CALENDAR_NONE)), desc.zone},
        alone(desc.kind == MR_WINDOW_CALENDAR || desc.algorithm == MR_WINDOW_SAME) {}

  WideInterval slice(WideTime time) const { return calendar.unit ? calendar.window(time) : sliced.slice(time); }
  WideTime firstEnd(WideTime time) const { return alone ? slice(time).end : sliced.firstEnd(time); }
  WideTime lastEnd(WideTime time) const { return alone ? slice(time).end : sliced.lastEnd(time); }
  bool inWindow(WideTime time) const { return calendar.unit || sliced.inWindow(time); }
  WideTime startOf(WideTime end) const { return calendar.unit ? calendar.window(end - 1).start : sliced.startOf(end); }
  WideTime endAfter(WideTime time) const { return calendar.unit ? calendar.window(time).end : sliced.endAfter(time); }
  WideTime endUpTo(WideTime time) const { return calendar.unit ? calendar.window(time).start : sliced.endUpTo(time); }
  bool inRange(WideTime time) const { return startOf(firstEnd(time)) >= kMinTime && lastEnd(time) <= kMaxTime; }

private:
  SlicedTime sliced = {};
  CalendarTime calendar;
  bool alone = false; ///< is a slice in one window, the one that ends with it?
};

struct SavedState; // runtime/state/snapshot.h
struct WindowState;

struct Slice {
  WideTime start, end;
  WideTime firstEnd;    ///< of the first window that holds it, of any operator; -infinity: one has no window for it
  uint64_t readers = 0; ///< bit n: the n-th reader has a window that holds it
  mr_table *table = nullptr; ///< 0: all of its records came after it had been combined; or a suffix took it
  bool isCut = false;        ///< top: does it hold the best of its records only, but for what came late?
  mr_table *patch = nullptr; ///< records that came after it had been combined for some reader

  bool isOf(uint32_t reader) const { return readers >> reader & 1; }
};

/// Records of a window that are counted, and that are taken back with the step that counted them.
struct SliceCounts {
  uint64_t partlyLate = 0, inNoWindow = 0;
};

/// Records of a slice that came while it may have been in hand.
struct WaitingSlice {
  WideInterval slice;
  mr_table *table;
};

/// Windows that can be made of the same slices: a bit for each (Slice::readers).
inline constexpr size_t kMostReaders = 64;

/// The slices, of one operator or of several with the same records. The first of these gives its account, its
/// dictionary and its kind of table.
struct SliceStore {
  std::vector<WindowState *> readers; ///< the operators, by number
  std::deque<Slice> slices;           ///< that are in a window of some reader that has not fired, by start
  size_t patches = 0;                 ///< slices that have one
  // While readers fire in pieces (pieces.cpp):
  std::deque<WindowState *> firing;    ///< by when they began; the first goes on, the others wait for it
  bool absorbs = false;                ///< does what has waited go to its slices?
  WideTime busyUntil = kMinusInfinity; ///< records of slices that begin before wait, as they may be in hand
  std::deque<WaitingSlice> waiting;    ///< by their first records
  mr_table *inHand = nullptr;          ///< of what has waited

  /// Is there one operator only? Then what it needs no more of a slice is its own.
  bool isAlone() const { return readers.size() == 1; }
};

/// What one operator has made of the slices. Its slices are those of the store from `begin` on that are its own
/// (Slice::isOf): `added` and `suffixes` count from there.
struct SliceReader {
  WindowTimes times;
  std::shared_ptr<SliceStore> store;
  uint32_t number = 0; ///< among the readers
  bool prefix = false; ///< the algorithm
  size_t begin = 0;    ///< slices of the store that it needs no more
  size_t added = 0;    ///< the first so many are combined: in `suffixes`, else in `running`
  // Two stacks (slice_stacks.cpp). Of the first slices, the state from their start to the end of the last of those that
  // became suffixes together; 0: of another operator alone, or not a suffix yet.
  std::vector<mr_table *> suffixes;
  size_t older = 0;            ///< the first so many ended together; those behind them are about to become suffixes
  size_t joined = 0;           ///< the first so many of the older hold `between`, too
  size_t unturned = 0;         ///< of those behind the older, the ones up to here are no suffixes yet
  mr_table *between = nullptr; ///< the state of those behind the older; 0: there are none
  mr_table *running = nullptr; ///< 0: it would be empty
  WideTime runningEnd = 0;     ///< prefix: where the window ends that `running` is of
  mr_table *result = nullptr;  ///< of the window that fires, where it is no table of the above
  mr_table *outside = nullptr; ///< takes a record whose windows leave the range of timestamps; thrown away after it
  // Empty tables, to be used again: for slices, and for what is made of many of them.
  std::vector<mr_table *> spare, spareLarge;
  WideTime done = kMinusInfinity;   ///< windows with end - 1 <= done have fired, or are about to
  uint64_t keys = 0;                ///< of the slice that closed last: what the next one will need
  SliceCounts counts, countsBefore; ///< so far; before the step in hand

  /// All tables, for counting and freeing; the slices' are the first reader's.
  template <typename Function> void forEach(Function each) const {
    if (number == 0) {
      for (const Slice &slice : store->slices)
        each(slice.table), each(slice.patch);
      for (const WaitingSlice &waiting : store->waiting)
        each(waiting.table);
      each(store->inHand);
    }
    for (mr_table *table : {between, running, result, outside})
      each(table);
    for (const std::vector<mr_table *> *tables : {&suffixes, &spare, &spareLarge})
      for (mr_table *table : *tables)
        each(table);
  }

  /// Its n-th slice.
  Slice &slice(size_t n) const { return store->slices[begin + n]; }
  size_t count() const { return store->slices.size() - begin; }
  bool isMine(size_t n) const { return slice(n).isOf(number); }
  /// The first of its slices, or count().
  size_t first() const {
    size_t n = 0;
    while (n < count() && !isMine(n))
      ++n;
    return n;
  }

  /// Is something there that will fire?
  bool isOpen() const { return first() < count() || (prefix && running); }
  /// The end of the window that fires next, where those with end - 1 <= `fired` have. Only if isOpen().
  WideTime nextEnd(WideTime fired) const;
  WideTime nextEnd() const { return nextEnd(done); }
};

/// No window in time that holds a record begins longer before it, or ends longer behind it.
inline int64_t windowReach(const mr_window_desc &desc) {
  constexpr int64_t longestYear = int64_t(370) * 86'400'000'000; // with what clocks are turned by
  return desc.kind == MR_WINDOW_CALENDAR ? longestYear : desc.size;
}

/// Does the engine keep slices for it?
inline bool isSliced(const mr_window_desc &desc) {
  return desc.algorithm != MR_WINDOW_PANES && (desc.slices || desc.kind == MR_WINDOW_SLIDING ||
                                               desc.kind == MR_WINDOW_CUMULATE || desc.kind == MR_WINDOW_CALENDAR);
}

/// `first`: whose slices it reads; 0: its own.
std::unique_ptr<SliceReader> makeSlices(WindowState &window, const SliceReader *first = nullptr);

/// An empty table of the operator, for a slice (or, `large`, for many).
mr_table *takeTable(mr_engine &engine, WindowState &window, bool large = false);

/// A table of the operator's is not needed any more. Gives it if it will not be used again.
OwnTable recycle(WindowState &window, mr_table *&table);

/// What the operators keep that read the same slices, as the state of the first of them (slices_saved.cpp). No firing
/// may be under way. SavedTable::owner is the number of the reader whose account the table is on.
void saveSlices(const mr_engine &engine, const WindowState &first, SavedState &state);
/// The same again, for operators that have kept nothing yet. False: `error` says why, as stateLoad does; tables that
/// were not taken stay in `state`.
bool loadSlices(mr_engine &engine, WindowState &first, SavedState &state, std::string &error);

/// Where records of this time go: to their slice, which is made if need be; 0: there are none yet.
mr_table *&tableFor(mr_engine &engine, SliceStore &store, int64_t time);

} // namespace millrace

#endif
