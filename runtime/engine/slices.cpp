//===- slices.cpp - windows from slices ------------------------------------------------===//
//
// A record is folded into the table of its slice, whatever the kind of window.
// When the watermark passes the end of a window, its state is made of its slices':
//
//   in place    the slice is the window
//   recompute   all slices are combined
//   subtract    a running result: slices that have closed are added to it, and
//               taken away again when no window needs them any more
//   two stacks  `front` slices hold suffixes (the state from their start to the
//               end of the front), younger ones are added to a running result; a
//               window is the first suffix and the running result. When the front
//               is empty, the slices of the running result become suffixes. (Tangwongsan, Hirzel,
//               Schneider: Low-latency sliding-window aggregation in worst-case constant time, DEBS 2017.)
//   prefix      cumulate: a running result that is empty again when the window ends
//   same        the slice that ends with the window holds all: results of the same window
//
// Always the earlier in time is what the later is added to, so that first, last and sums of floats are defined.
//
// Records may come when some of their windows have fired, but not all: their slice may be combined already. They are
// gathered in a patch, which is added to the slice and to all that holds it before the next window fires.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/slices.h"

#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

/// Positions that are combined between two looks at what else may be due: a millisecond at most.
constexpr uint64_t kPiece = 4096;

/// Empty tables that are kept.
constexpr size_t kMostSpare = 4;

using Combine = decltype(mr_window_desc::combine);

bool isDense(const mr_window_desc &desc) { return desc.table.layout == MR_LAYOUT_DENSE; }

/// An empty table for a slice (or, `large`, for many).
mr_table *takeTable(mr_engine &engine, WindowState &window, bool large = false) {
  SliceStore &store = *window.slices;
  std::vector<mr_table *> &spare = large && !store.spareLarge.empty() ? store.spareLarge : store.spare;
  if (spare.empty())
    return tableNew(window.desc->table, *window.account, engine.heads[&window - engine.windows.data()].dictionary,
                    store.keys);
  mr_table *table = spare.back();
  spare.pop_back();
  return table;
}

/// One window that fires.
class Firing {
public:
  Firing(mr_engine &engine, WindowState &window)
      : engine(engine), window(window), store(*window.slices), desc(*window.desc) {}

  /// The tables of the window [start, end) are made one, and fired.
  bool run(WideTime start, WideTime end, uint32_t why);
  /// What no window after the one that ends at `end` needs goes.
  bool expire(WideTime end);

private:
  bool applyPatches();
  bool add(size_t until);
  bool flip();
  mr_table *firstOf(WideTime end);
  mr_table *recompute(size_t count, WideTime end);
  mr_table *make(WideTime end);
  mr_table *makeFilled(WideTime end);
  void noteKeys(const mr_table *table) { store.keys = isDense(desc) ? 0 : tableCount(table); }
  bool combine(mr_table *into, mr_table *from) { return call(desc.combine, into, from); }
  bool call(Combine function, mr_table *into, mr_table *from);
  mr_table *take() { return takeTable(engine, window, /*large=*/true); }
  void recycle(mr_table *&table);

  mr_engine &engine;
  WindowState &window;
  SliceStore &store;
  const mr_window_desc &desc;
};

} // namespace

std::unique_ptr<SliceStore> millrace::makeSlices(const mr_window_desc &desc) {
  auto store = std::make_unique<SliceStore>();
  store->times = WindowTimes(desc);
  store->prefix = desc.algorithm == MR_WINDOW_PREFIX;
  return store;
}

WideTime SliceStore::nextEnd() const {
  WideTime after = times.endAfter(done + 1);
  if (prefix && running) // each step fires
    return after;
  return std::max(times.firstEnd(slices.front().start), after);
}

/// The table is not needed any more; it is emptied and used again, unless it is much larger than its keys. What was
/// made of many slices is too large for one: whoever goes through a table goes through its empty slots, too.
void Firing::recycle(mr_table *&table) {
  mr_table *old = std::exchange(table, nullptr);
  if (!old)
    return;
  bool large = !isDense(desc) && tableCount(old) / 2 > store.keys;
  std::vector<mr_table *> &spare = large ? store.spareLarge : store.spare;
  if (spare.size() >= kMostSpare || !tableClear(old))
    return tableFree(old);
  spare.push_back(old);
}

bool Firing::call(Combine function, mr_table *into, mr_table *from) {
  tableSettle(from);
  uint64_t end = mr_table_capacity(from);
  mr_cursor cursor = {0, 0};
  for (uint64_t to = 0; to < end;) {
    cursor.position = mr_table_next(from, to, desc.table.slot_size);
    if (cursor.position >= end)
      break;
    to = std::min(cursor.position + kPiece, end);
    if (function(&engine.task, into, from, to, &cursor) == MR_FAILED)
      return engine.stop(kWrong, "error: `" + std::string(desc.name) + "` failed while its slices were combined");
    if (!engine.keepsBudget())
      return false;
    if (engine.givenUp())
      return engine.stop(kInterrupted, "error: interrupted while `" + std::string(desc.name) +
                                           "` fired: not all of its results were written");
  }
  tableSettle(into); // whoever goes through it next finds all keys
  return true;
}

/// What came late goes where its slice has gone already. The youngest first: then a suffix that a patch begins (no
/// record of its slice came before) takes the younger patches with it.
bool Firing::applyPatches() {
  for (size_t i = store.slices.size(); store.patches && i--;) {
    Slice &slice = store.slices[i];
    if (!slice.patch)
      continue;
    --store.patches;
    bool inFront = i < store.front;
    for (size_t j = 0; inFront && j < i; ++j)
      if (store.slices[j].table && !combine(store.slices[j].table, slice.patch))
        return false;
    if (!inFront) {
      if (!store.running)
        store.running = take();
      if (!combine(store.running, slice.patch))
        return false;
    }
    if (slice.table) {
      if (!combine(slice.table, slice.patch))
        return false;
      recycle(slice.patch);
      continue;
    }
    slice.table = std::exchange(slice.patch, nullptr);
    if (inFront && i + 1 < store.front && !combine(slice.table, store.slices[i + 1].table))
      return false;
  }
  return true;
}

/// The slices up to the `until`-th go into the running result.
bool Firing::add(size_t until) {
  for (; store.added < until; ++store.added) {
    noteKeys(store.slices[store.added].table);
    if (!store.running)
      store.running = take();
    if (!combine(store.running, store.slices[store.added].table))
      return false;
  }
  return true;
}

/// The slices of the running result become the front.
bool Firing::flip() {
  for (size_t i = store.added; i-- > 1;)
    if (!combine(store.slices[i - 1].table, store.slices[i].table))
      return false;
  store.front = store.added;
  recycle(store.running);
  return true;
}

/// The first slice's table, to which the rest of the window that ends at `end` may be added: where no later window
/// needs it, the slice's own, else a copy.
mr_table *Firing::firstOf(WideTime end) {
  const Slice &first = store.slices.front();
  if (store.times.lastEnd(first.start) <= end)
    return first.table;
  store.result = take();
  return combine(store.result, first.table) ? store.result : nullptr;
}

/// Of the first `count` slices. Null: the pipeline has stopped.
mr_table *Firing::recompute(size_t count, WideTime end) {
  noteKeys(store.slices[count - 1].table);
  if (count == 1)
    return store.slices.front().table;
  mr_table *into = firstOf(end);
  for (size_t i = 1; into && i < count; ++i)
    if (!combine(into, store.slices[i].table))
      return nullptr;
  return into;
}

/// What the window that ends at `end` fires. Null: the pipeline has stopped.
mr_table *Firing::make(WideTime end) {
  auto closed = std::find_if(store.slices.begin(), store.slices.end(), [&](const Slice &s) { return s.end > end; });
  size_t until = size_t(closed - store.slices.begin());
  if (desc.algorithm == MR_WINDOW_IN_PLACE || desc.algorithm == MR_WINDOW_RECOMPUTE || desc.algorithm == MR_WINDOW_SAME)
    return recompute(until, end);
  if (!applyPatches() || !add(until))
    return nullptr;
  if (!store.front) // of subtract and prefix always
    return store.running;
  if (!store.running)
    return store.slices.front().table;
  mr_table *into = firstOf(end);
  return into && combine(into, store.running) ? into : nullptr;
}

/// The same with the keys that have no records in it; slices stay as they are.
mr_table *Firing::makeFilled(WideTime end) {
  size_t until = 0;
  while (until < store.slices.size() && store.slices[until].end <= end)
    ++until;
  bool isSlice = desc.algorithm == MR_WINDOW_IN_PLACE && until;
  mr_table *into = isSlice ? store.slices.front().table : store.result = take();
  for (size_t i = 0; i < until; ++i) {
    noteKeys(store.slices[i].table);
    if (!isSlice && !combine(into, store.slices[i].table))
      return nullptr;
  }
  engine.fillKeys(window, into, end);
  return into;
}

bool Firing::run(WideTime start, WideTime end, uint32_t why) {
  mr_table *table = desc.fill ? makeFilled(end) : make(end);
  if (!table)
    return false;
  bool ok = engine.firePane(window, {int64_t(start), table}, int64_t(end), int64_t(end - 1), why);
  recycle(store.result);
  return ok;
}

bool Firing::expire(WideTime end) {
  size_t gone = store.prefix ? store.added : 0;
  while (!store.prefix && gone < store.slices.size() && store.times.lastEnd(store.slices[gone].start) <= end)
    ++gone;
  bool subtract = desc.algorithm == MR_WINDOW_SUBTRACT && gone < store.added;
  bool flips = desc.algorithm == MR_WINDOW_TWO_STACKS && gone > store.front;
  for (size_t i = 0; i < gone; ++i) {
    Slice &slice = store.slices.front();
    if (subtract && !call(desc.remove, store.running, slice.table))
      return false;
    recycle(slice.table);
    store.slices.pop_front();
  }
  store.front -= std::min(store.front, gone);
  store.added -= std::min(store.added, gone);
  if (store.prefix ? store.runningEnd <= end : !store.added)
    recycle(store.running);
  return !flips || flip();
}

bool mr_engine::fireSlices(WindowState &window, int64_t watermark, uint32_t why) {
  SliceStore &store = *window.slices;
  Firing firing(*this, window);
  if (window.desc->fill && !store.slices.empty())
    window.lastStart = std::max(window.lastStart, store.slices.back().start);
  while (window.desc->fill && (window.known || store.isOpen())) {
    WideTime end = window.known ? store.times.endAfter(window.filledTo) : store.nextEnd();
    WideTime start = store.times.startOf(end);
    if (!fillsUpTo(window, start, end, watermark))
      break;
    if (!firing.run(start, end, why) || !firing.expire(end))
      return false;
    store.done = end - 1;
  }
  for (WideTime end; !window.desc->fill && store.isOpen() && (end = store.nextEnd()) - 1 <= watermark;
       store.done = end - 1) {
    WideTime start = store.times.startOf(end);
    if (store.prefix)
      store.runningEnd = store.times.lastEnd(start);
    if (!firing.run(start, end, why) || !firing.expire(end))
      return false;
  }
  store.done = std::max<WideTime>(store.done, watermark);
  return true;
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
  return time < slice.end && slice.table && slice.firstEnd - 1 > store.done ? &slice : nullptr;
}

/// The number of the slice in the order of time; it is made if need be.
size_t placeOf(SliceStore &store, WideInterval at) {
  size_t after = firstAfter(store.slices, at.start);
  if (after && store.slices[after - 1].start == at.start)
    return after - 1;
  store.front += after < store.front;
  store.added += after < store.added;
  store.slices.insert(store.slices.begin() + ptrdiff_t(after), {at.start, at.end, store.times.firstEnd(at.start)});
  return after;
}

/// Where records of this slice are folded now. `partlyLate`: some of its windows have fired.
mr_table *&tableFor(SliceStore &store, WideInterval at, bool partlyLate) {
  if (store.prefix && partlyLate) { // what has fired is in the running result, or there was nothing
    store.runningEnd = store.times.lastEnd(at.start);
    return store.running;
  }
  size_t place = placeOf(store, at);
  Slice &slice = store.slices[place];
  if (place >= store.added)
    return slice.table;
  store.patches += !slice.patch;
  return slice.patch;
}

mr_interval intervalOf(WideTime start, WideTime end) { return {int64_t(start), uint64_t(end - start)}; }

} // namespace

/// Called by generated code: the slice that holds `time`.
extern "C" mr_table *mr_window_slice(mr_task *task, uint32_t index, int64_t time, uint32_t record, mr_interval *slice) {
  mr_engine &engine = *task->engine;
  WindowState &window = engine.windows[index];
  SliceStore &store = *window.slices;
  if (const Slice *open = findOpen(store, time)) {
    *slice = intervalOf(open->start, open->end);
    return open->table;
  }
  *slice = {0, 0};
  if (!store.times.inWindow(time)) {
    countFor(window, store.counts.inNoWindow, record);
    return nullptr;
  }
  if (!window.desc->processing_time && !store.times.inRange(time)) {
    engine.outOfRange = true; // the step goes on with some table; the engine then judges the record
    return store.outside ? store.outside : store.outside = takeTable(engine, window);
  }
  if (store.times.lastEnd(time) - 1 <= store.done) {
    countFor(window, task->windows[index].late, record);
    slice->start = 1;
    return nullptr;
  }
  bool partlyLate = store.times.firstEnd(time) - 1 <= store.done;
  WideInterval at = store.times.slice(time);
  mr_table *&table = tableFor(store, at, partlyLate);
  if (!table)
    table = takeTable(engine, window);
  if (partlyLate)
    countFor(window, store.counts.partlyLate, record);
  else
    *slice = intervalOf(at.start, at.end);
  return table;
}
