//===- slice_fire.cpp - windows from slices ------------------------------------------------===//
//
// When the watermark passes the end of a window, its state is made of its slices':
//
//   in place    the slice is the window; shared slices, of which it may have several, are combined
//   recompute   all slices are combined
//   subtract    a running result: slices that have closed are added to it, and
//               taken away again when no window needs them any more
//   two stacks  suffixes of the first slices (the state from their start to the
//               end of the last of them), younger ones are added to a running result; a
//               window is the first suffix and the running result. When there is no suffix left, the slices
//               of the running result become suffixes. (Tangwongsan, Hirzel,
//               Schneider: Low-latency sliding-window aggregation in worst-case constant time, DEBS 2017.)
//   prefix      cumulate: a running result that is empty again when the window ends
//   same        the slice that ends with the window holds all: results of the same window
//
// Always the earlier in time is what the later is added to, so that first, last and sums of floats are defined.
//
// What other operators read of the same slices stays as it is: only a slice that is of this operator alone is added to,
// or becomes a suffix, without a copy.
//
//===----------------------------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

/// Positions that are combined between two looks at what else may be due: a millisecond at most.
constexpr uint64_t kPiece = 4096;

using Combine = decltype(mr_window_desc::combine);

/// One window that fires.
class Firing {
public:
  Firing(mr_engine &engine, WindowState &window)
      : engine(engine), window(window), reader(*window.slices), store(*reader.store), desc(*window.desc) {}

  /// The tables of the window [start, end) are made one, and fired.
  bool run(WideTime start, WideTime end, uint32_t why);
  /// What no window after the one that ends at `end` needs goes.
  bool expire(WideTime end);

private:
  bool applyPatches();
  bool patch(WindowState &patched, size_t place, mr_table *from);
  bool add(size_t until);
  bool flip();
  size_t closedBy(WideTime end) const;
  bool isNeededOnlyUntil(const Slice &slice, WideTime end) const {
    return store.isAlone() && reader.times.lastEnd(slice.start) <= end;
  }
  mr_table *recompute(size_t count, WideTime end);
  mr_table *make(WideTime end);
  mr_table *makeFilled(WideTime end);
  void noteKeys(const mr_table *table) {
    reader.keys = desc.table.layout == MR_LAYOUT_DENSE ? 0 : tableCount(table);
  }
  bool combine(mr_table *into, mr_table *from) { return call(desc.combine, into, from); }
  bool call(Combine function, mr_table *into, mr_table *from);
  mr_table *take() { return takeTable(engine, window, /*large=*/true); }

  mr_engine &engine;
  WindowState &window;
  SliceReader &reader;
  SliceStore &store;
  const mr_window_desc &desc;
};

} // namespace

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

/// The `place`-th slice of the store gets `from`, which has been combined for `patched` already.
bool Firing::patch(WindowState &patched, size_t place, mr_table *from) {
  SliceReader &its = *patched.slices;
  Combine adds = patched.desc->combine;
  size_t own = place - its.begin; // of what began before: beyond all
  if (place < its.begin || own >= its.suffixes.size()) {
    if (!its.running)
      its.running = takeTable(engine, patched, /*large=*/true);
    return call(adds, its.running, from);
  }
  for (size_t i = 0; i < own; ++i)
    if (its.suffixes[i] && !call(adds, its.suffixes[i], from))
      return false;
  if (its.suffixes[own])
    return call(adds, its.suffixes[own], from);
  auto next = std::find_if(its.suffixes.begin() + ptrdiff_t(own), its.suffixes.end(), [](auto *table) { return table; });
  its.suffixes[own] = takeTable(engine, patched, /*large=*/true);
  return call(adds, its.suffixes[own], from) &&
         (next == its.suffixes.end() || call(adds, its.suffixes[own], *next));
}

/// What came late goes where its slice has gone already. The youngest first: then a suffix that a patch begins (no
/// record of its slice came before) takes the younger patches with it.
bool Firing::applyPatches() {
  for (size_t place = store.slices.size(); store.patches && place--;) {
    Slice &slice = store.slices[place];
    if (!slice.patch)
      continue;
    --store.patches;
    for (WindowState *other : store.readers)
      if (slice.isOf(other->slices->number) && place < other->slices->begin + other->slices->added &&
          !patch(*other, place, slice.patch))
        return false;
    WindowState &first = *store.readers.front();
    if (!slice.table) {
      slice.table = std::exchange(slice.patch, nullptr);
      continue;
    }
    if (!call(store.isAlone() ? desc.combine : first.desc->merge, slice.table, slice.patch))
      return false;
    recycle(first, slice.patch);
  }
  return true;
}

/// The slices up to the `until`-th go into the running result.
bool Firing::add(size_t until) {
  for (; reader.added < until; ++reader.added) {
    if (!reader.isMine(reader.added))
      continue;
    mr_table *table = reader.slice(reader.added).table;
    noteKeys(table);
    if (!reader.running)
      reader.running = take();
    if (!combine(reader.running, table))
      return false;
  }
  return true;
}

/// The slices of the running result become suffixes.
bool Firing::flip() {
  reader.suffixes.assign(reader.added, nullptr);
  mr_table *next = nullptr;
  for (size_t i = reader.added; i-- > 0;) {
    if (!reader.isMine(i))
      continue;
    mr_table *&mine = reader.suffixes[i], *&slice = reader.slice(i).table;
    if (store.isAlone())
      mine = std::exchange(slice, nullptr);
    else if (mine = take(); !combine(mine, slice))
      return false;
    if (next && !combine(mine, next))
      return false;
    next = mine;
  }
  recycle(window, reader.running);
  return true;
}

/// Of the first `count` slices: where no later window needs the first one, the rest is added to that, else to a copy.
/// Null: the pipeline has stopped.
mr_table *Firing::recompute(size_t count, WideTime end) {
  mr_table *into = nullptr;
  const Slice *first = nullptr;
  for (size_t i = 0; i < count; ++i) {
    if (!reader.isMine(i))
      continue;
    const Slice &slice = reader.slice(i);
    noteKeys(slice.table);
    if (!first) {
      into = slice.table;
      first = &slice;
      continue;
    }
    if (into == first->table && !isNeededOnlyUntil(*first, end)) {
      into = reader.result = take();
      if (!combine(into, first->table))
        return nullptr;
    }
    if (!combine(into, slice.table))
      return nullptr;
  }
  return into;
}

/// How many slices have ended by then.
size_t Firing::closedBy(WideTime end) const {
  size_t count = 0;
  while (count < reader.count() && reader.slice(count).end <= end)
    ++count;
  return count;
}

/// What the window that ends at `end` fires. Null: the pipeline has stopped.
mr_table *Firing::make(WideTime end) {
  if (!applyPatches())
    return nullptr;
  size_t until = closedBy(end);
  if (desc.algorithm == MR_WINDOW_IN_PLACE || desc.algorithm == MR_WINDOW_RECOMPUTE || desc.algorithm == MR_WINDOW_SAME)
    return recompute(until, end);
  if (!add(until))
    return nullptr;
  auto oldest = std::find_if(reader.suffixes.begin(), reader.suffixes.end(), [](auto *table) { return table; });
  if (oldest == reader.suffixes.end()) // of subtract and prefix always
    return reader.running;
  if (!reader.running)
    return *oldest;
  const Slice &first = reader.slice(size_t(oldest - reader.suffixes.begin()));
  if (reader.times.lastEnd(first.start) <= end) // suffixes are the operator's own
    return combine(*oldest, reader.running) ? *oldest : nullptr;
  reader.result = take();
  return combine(reader.result, *oldest) && combine(reader.result, reader.running) ? reader.result : nullptr;
}

/// The same with the keys that have no records in it; slices stay as they are.
mr_table *Firing::makeFilled(WideTime end) {
  size_t until = closedBy(end);
  bool isSlice = desc.algorithm == MR_WINDOW_IN_PLACE && until;
  mr_table *into = isSlice ? reader.slice(0).table : reader.result = take();
  for (size_t i = 0; i < until; ++i) {
    noteKeys(reader.slice(i).table);
    if (!isSlice && !combine(into, reader.slice(i).table))
      return nullptr;
  }
  engine.fillKeys(window, into, end);
  return into;
}

bool Firing::run(WideTime start, WideTime end, uint32_t why) {
  mr_table *table = desc.fill ? makeFilled(end) : make(end);
  if (!table)
    return false;
  bool ok = engine.runWhole(engine.firePane(window, {int64_t(start), table}, int64_t(end), int64_t(end - 1), why));
  recycle(window, reader.result);
  return ok;
}

/// Slices go that no reader needs any more.
static void dropSlices(SliceStore &store) {
  WindowState &first = *store.readers.front();
  auto isNeeded = [](const WindowState *window) { return window->slices->begin == 0; };
  while (!store.slices.empty() && std::none_of(store.readers.begin(), store.readers.end(), isNeeded)) {
    Slice &slice = store.slices.front();
    recycle(first, slice.table);
    store.patches -= slice.patch != nullptr;
    recycle(first, slice.patch);
    store.slices.pop_front();
    for (WindowState *window : store.readers)
      --window->slices->begin;
  }
}

bool Firing::expire(WideTime end) {
  size_t gone = reader.prefix ? reader.added : 0;
  while (!reader.prefix && gone < reader.count() && reader.times.lastEnd(reader.slice(gone).start) <= end)
    ++gone;
  bool subtract = desc.algorithm == MR_WINDOW_SUBTRACT && gone < reader.added;
  bool flips = desc.algorithm == MR_WINDOW_TWO_STACKS && gone > reader.suffixes.size();
  for (size_t i = 0; subtract && i < gone; ++i)
    if (reader.isMine(i) && !call(desc.remove, reader.running, reader.slice(i).table))
      return false;
  size_t suffixes = std::min(gone, reader.suffixes.size());
  for (size_t i = 0; i < suffixes; ++i)
    recycle(window, reader.suffixes[i]);
  reader.suffixes.erase(reader.suffixes.begin(), reader.suffixes.begin() + ptrdiff_t(suffixes));
  reader.added -= std::min(reader.added, gone);
  reader.begin += gone;
  dropSlices(store);
  if (reader.prefix ? reader.runningEnd <= end : !reader.added)
    recycle(window, reader.running);
  return !flips || flip();
}

bool mr_engine::fireSlices(WindowState &window, int64_t watermark, uint32_t why) {
  SliceReader &reader = *window.slices;
  Firing firing(*this, window);
  if (window.desc->fill && reader.count())
    window.lastStart = std::max(window.lastStart, reader.store->slices.back().start);
  while (window.desc->fill && (window.known || reader.isOpen())) {
    WideTime end = window.known ? reader.times.endAfter(window.filledTo) : reader.nextEnd();
    WideTime start = reader.times.startOf(end);
    if (!fillsUpTo(window, start, end, watermark))
      break;
    if (!firing.run(start, end, why) || !firing.expire(end))
      return false;
    reader.done = end - 1;
  }
  for (WideTime end; !window.desc->fill && reader.isOpen() && (end = reader.nextEnd()) - 1 <= watermark;
       reader.done = end - 1) {
    WideTime start = reader.times.startOf(end);
    if (reader.prefix)
      reader.runningEnd = reader.times.lastEnd(start);
    if (!firing.run(start, end, why) || !firing.expire(end))
      return false;
  }
  reader.done = std::max<WideTime>(reader.done, watermark);
  return true;
}
