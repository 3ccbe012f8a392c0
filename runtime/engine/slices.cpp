//===- slices.cpp - slices, and where records go ------------------------------------------===//
//
// A record is folded into the table of its slice, whatever the kind of window; what
// windows are made of slices by is slice_fire.cpp's.
//
// Several operators with the same records may read the same slices. Then time is
// cut at the edges of all their windows, and what is late or in no window is counted
// for each of them: a slice says whose it is.
//
// Records may come when some of their windows have fired, but not all: their slice may be combined already. They are
// gathered in a patch, which is added to the slice and to all that holds it before the next window fires.
//
//===--------------------------------------------------------------------------------------===//
#include "runtime/engine/slices.h"

#include "runtime/engine/state.h"
#include "runtime/state/invariant.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

/// Empty tables that are kept.
static constexpr size_t kMostSpare = 4;

/// Bytes of the keys that a new table has room for at most: its first records touch pages all over it, which the system
/// has to clear, or even to make room for, at that moment. What is larger grows as records come, its pages made ready
/// ahead.
static constexpr uint64_t kMostAhead = uint64_t(8) << 20;

static bool isDense(const mr_window_desc &desc) { return desc.table.layout == MR_LAYOUT_DENSE; }

std::unique_ptr<SliceReader> millrace::makeSlices(WindowState &window, const SliceReader *first) {
  auto reader = std::make_unique<SliceReader>();
  reader->times = WindowTimes(*window.desc);
  reader->prefix = window.desc->algorithm == MR_WINDOW_PREFIX;
  reader->store = first ? first->store : std::make_shared<SliceStore>();
  reader->number = uint32_t(reader->store->readers.size());
  invariant(reader->number < kMostReaders, "no more windows of the same slices than a slice has bits");
  reader->store->readers.push_back(&window);
  return reader;
}

/// Slices that are kept at once, of those that the windows who read them consist of. Prefixes keep none.
static uint32_t slicesTogether(const SliceStore &store) {
  constexpr int64_t kMany = 1 << 20;
  int64_t most = 1;
  for (const WindowState *window : store.readers) {
    const mr_window_desc &desc = *window->desc;
    if (!window->slices->prefix && desc.slide > 0 && desc.size > desc.slide)
      most = std::max(most, std::min(desc.size / desc.slide, kMany) * (desc.size % desc.slide ? 2 : 1));
  }
  return uint32_t(most);
}

mr_table *millrace::takeTable(mr_engine &engine, WindowState &window, bool large) {
  SliceReader &reader = *window.slices;
  std::vector<mr_table *> &spare = large && !reader.spareLarge.empty() ? reader.spareLarge : reader.spare;
  if (spare.empty()) {
    const WindowState &first = *reader.store->readers.front(); // whose dictionary numbers the keys
    uint64_t most = kMostAhead / std::max<uint64_t>(window.desc->table.slot_size, 1);
    return tableNew(window.desc->table, *window.account, engine.heads[&first - engine.windows.data()].dictionary,
                    std::min(reader.keys, most), large ? 1 : slicesTogether(*reader.store));
  }
  mr_table *table = spare.back();
  spare.pop_back();
  tableTakeOut(table);
  table->seesSlices = false;
  return table;
}

/// It is emptied and used again, unless it is much larger than its keys. What was made of many slices is too large for
/// one: whoever goes through a table goes through its empty slots, too.
OwnTable millrace::recycle(WindowState &window, mr_table *&table) {
  mr_table *old = std::exchange(table, nullptr);
  if (!old)
    return {};
  SliceReader &reader = *window.slices;
  bool large = !isDense(*window.desc) && tableCount(old) / 2 > reader.keys;
  std::vector<mr_table *> &spare = large ? reader.spareLarge : reader.spare;
  if (spare.size() >= kMostSpare || !tableClear(old))
    return OwnTable(old);
  tablePutAway(old);
  spare.push_back(old);
  return {};
}

WideTime SliceReader::nextEnd(WideTime fired) const {
  WideTime after = times.endAfter(fired + 1);
  size_t at = first();
  if ((prefix && running) || at == count()) // each step fires
    return after;
  return std::max(times.firstEnd(slice(at).start), after);
}

namespace {

/// The number of the first slice that begins after the time. Mostly records are of the youngest slices.
size_t firstAfter(const std::deque<Slice> &slices, WideTime time) {
  constexpr size_t few = 4;
  size_t at = slices.size(), least = at - std::min(at, few);
  while (at > least && slices[at - 1].start > time)
    --at;
  if (at > least || !at)
    return at;
  auto place = std::upper_bound(slices.begin(), slices.begin() + ptrdiff_t(at), time,
                                [](WideTime time, const Slice &slice) { return time < slice.start; });
  return size_t(place - slices.begin());
}

/// The slice that holds the time, if records came for it and none of its windows has fired: by far the most frequent.
const Slice *findOpen(const SliceStore &store, int64_t time) {
  size_t after = firstAfter(store.slices, time);
  if (!after)
    return nullptr;
  const Slice &slice = store.slices[after - 1];
  if (time >= slice.end || !slice.table || slice.start < store.busyUntil)
    return nullptr;
  for (const WindowState *window : store.readers)
    if (slice.firstEnd - 1 <= window->slices->done)
      return nullptr;
  return &slice;
}

/// What a record is to one operator.
struct Place {
  bool outside, inWindow, late, partlyLate;

  Place(const WindowState &window, int64_t time) {
    const SliceReader &reader = *window.slices;
    inWindow = reader.times.inWindow(time);
    outside = inWindow && !reader.times.inRange(time);
    late = inWindow && reader.times.lastEnd(time) - 1 <= reader.done;
    partlyLate = inWindow && reader.times.firstEnd(time) - 1 <= reader.done;
  }
  bool isTaken() const { return inWindow && !outside && !late; }
};

/// Between two edges of any window.
WideInterval sliceAt(const SliceStore &store, int64_t time) {
  WideInterval at = store.readers.front()->slices->times.slice(time);
  for (const WindowState *window : store.readers) {
    WideInterval its = window->slices->times.slice(time);
    at = {std::max(at.start, its.start), std::min(at.end, its.end)};
  }
  return at;
}

/// A slice more, for the readers that have a window left for it.
Slice makeSlice(const SliceStore &store, WideInterval at, int64_t time) {
  Slice slice = {at.start, at.end, kPlusInfinity};
  for (const WindowState *window : store.readers) {
    Place place(*window, time);
    slice.readers |= uint64_t(place.isTaken()) << window->slices->number;
    slice.firstEnd =
        place.isTaken() ? std::min(slice.firstEnd, window->slices->times.firstEnd(at.start)) : WideTime(kMinusInfinity);
  }
  return slice;
}

/// The number of the slice in the order of time; it is made if need be.
size_t placeOf(SliceStore &store, int64_t time) {
  size_t after = firstAfter(store.slices, time);
  if (after && time < store.slices[after - 1].end)
    return after - 1;
  Slice slice = makeSlice(store, sliceAt(store, time), time);
  for (WindowState *window : store.readers) {
    SliceReader &reader = *window->slices;
    bool isLate = reader.times.lastEnd(slice.start) - 1 <= reader.done;
    if (after < reader.begin || (after == reader.begin && isLate)) {
      ++reader.begin;
      continue;
    }
    size_t own = after - reader.begin;
    if (own < reader.suffixes.size())
      reader.suffixes.insert(reader.suffixes.begin() + ptrdiff_t(own), nullptr);
    for (size_t *number : {&reader.added, &reader.older, &reader.joined, &reader.unturned})
      *number += own < *number;
  }
  store.slices.insert(store.slices.begin() + ptrdiff_t(after), slice);
  return after;
}

/// Where records of a slice wait that may be in hand.
mr_table *&waitingTable(SliceStore &store, WideInterval at) {
  for (size_t i = store.waiting.size(); i--;)
    if (store.waiting[i].slice.start == at.start)
      return store.waiting[i].table;
  return store.waiting.emplace_back(at, nullptr).table;
}

mr_interval intervalOf(WideTime start, WideTime end) { return {int64_t(start), uint64_t(end - start)}; }

} // namespace

/// Where records of this time are folded now. What has been combined for one reader must not be missed by another, so
/// it waits in a patch until all can take it.
mr_table *&millrace::tableFor(mr_engine &engine, SliceStore &store, int64_t time) {
  size_t place = placeOf(store, time);
  Slice &slice = store.slices[place];
  bool isCombined = false;
  for (WindowState *window : store.readers) {
    SliceReader &reader = *window->slices;
    if (reader.times.lastEnd(slice.start) - 1 <= reader.done) // late, though it was not when the slice began
      slice.readers &= ~(uint64_t(1) << reader.number);
    if (!slice.isOf(reader.number) || place >= reader.begin + reader.added)
      continue;
    isCombined = true;
    if (reader.prefix && !reader.running) // so that it fires
      reader.running = takeTable(engine, *window);
  }
  if (!isCombined)
    return slice.table;
  store.patches += !slice.patch;
  return slice.patch;
}

/// Called by generated code: the slice that holds `time`.
extern "C" mr_table *mr_window_slice(mr_task *task, uint32_t index, int64_t time, uint32_t record, mr_interval *slice) {
  mr_engine &engine = *task->engine;
  WindowState &first = engine.windows[index];
  SliceStore &store = *first.slices->store;
  if (const Slice *open = findOpen(store, time)) {
    *slice = intervalOf(open->start, open->end);
    return open->table;
  }
  *slice = {0, 0};
  mr_table *outside = nullptr;
  bool isTaken = false, isWhole = true; // by any, by all readers
  for (WindowState *window : store.readers) {
    SliceReader &reader = *window->slices;
    Place place(*window, time);
    isTaken |= place.isTaken();
    isWhole &= place.isTaken() && !place.partlyLate;
    if (!place.inWindow) {
      countFor(*window, reader.counts.inNoWindow, record);
    } else if (place.outside) {
      engine.outOfRange = true; // the step goes on with some table; the engine then judges the record
      if (!reader.outside)
        reader.outside = takeTable(engine, *window);
      outside = outside ? outside : reader.outside;
    } else if (place.late) {
      countFor(*window, task->windows[window - engine.windows.data()].late, record);
      slice->start = 1;
    } else if (place.partlyLate) {
      countFor(*window, reader.counts.partlyLate, record);
    }
  }
  if (!isTaken)
    return outside;
  WideInterval at = sliceAt(store, time);
  mr_table *&table = at.start < store.busyUntil ? waitingTable(store, at) : tableFor(engine, store, time);
  if (!table)
    table = takeTable(engine, first);
  *slice = isWhole ? intervalOf(at.start, at.end) : mr_interval{0, 0};
  return table;
}
