//===- slice_fire.cpp - windows from slices ------------------------------------------------===//
//
// When the watermark passes the end of a window, its state is made of its slices':
//
//   in place    the slice is the window; shared slices, of which it may have several, are combined
//   recompute   all slices are combined
//   subtract    a running result: slices that have closed are added to it, and
//               taken away again when no window needs them any more
//   two stacks  the state of a part of the window, and a running result (slice_stacks.cpp)
//   prefix      cumulate: a running result that is empty again when the window ends
//   same        the slice that ends with the window holds all: results of the same window
//
// Always the earlier in time is what the later is added to, so that first, last and sums of floats are defined.
//
// What other operators read of the same slices stays as it is: only a slice that is of this operator alone is added to,
// or becomes a suffix, without a copy.
//
// All that goes through a table is done in pieces (pieces.cpp). Records that come between them for slices that may be
// in hand wait in tables of their own (slices.cpp), which are put in their places when no firing is under way.
//
//===----------------------------------------------------------------------------------------===//
#include "runtime/engine/slice_fire.h"
#include "runtime/state/invariant.h"
#include "runtime/state/seen_set.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

/// Positions that are combined between two looks at what else may be due: a millisecond at most.
constexpr int64_t kAtOnce = 4096;

/// Bytes of a batch's memory that putting states together may leave behind.
constexpr size_t kMuchMade = size_t(1) << 20;

} // namespace

/// The keys from the cursor's position to `to`. Of sets of values, of which there is one or more for each key, the next
/// keys' are asked for first: mostly none is in a cache. False: it failed.
static bool combinePiece(SliceFiring::Combine function, mr_task *task, mr_table *into, mr_table *from, uint64_t to,
                         mr_cursor &cursor) {
  while (into->seesSlices && cursor.position + kSeenAhead < to) {
    seenAhead(into, from, cursor.position, to);
    if (function(task, into, from, cursor.position + kSeenAhead, &cursor) == MR_FAILED)
      return false;
  }
  if (into->seesSlices)
    seenAhead(into, from, cursor.position, to);
  return function(task, into, from, to, &cursor) != MR_FAILED;
}

Work SliceFiring::call(Combine function, mr_table *into, mr_table *from) {
  while (!tableSettleSome(from, kAtOnce))
    co_await engine.spend(kAtOnce);
  tableSettle(from);
  uint64_t end = mr_table_capacity(from);
  mr_cursor cursor = {0, 0};
  for (uint64_t to = 0; to < end;) {
    uint64_t begin = cursor.position = mr_table_next(from, to, desc.table.slot_size);
    if (begin >= end)
      break;
    to = std::min(begin + uint64_t(std::clamp<int64_t>(engine.pieceLeft, 1, kAtOnce)), end);
    if (!combinePiece(function, &engine.task, into, from, to, cursor))
      co_return engine.stop(kWrong, "error: `" + std::string(desc.name) + "` failed while its slices were combined");
    if (!engine.keepsBudget())
      co_return false;
    if (engine.givenUp())
      co_return engine.stop(kInterrupted, "error: interrupted while `" + std::string(desc.name) +
                                              "` fired: not all of its results were written");
    if (engine.arena.bytes() > kMuchMade && !engine.drain()) // texts in flight of aggregates of one's own
      co_return false;
    co_await engine.spend(to - begin);
  }
  while (!tableSettleSome(into, kAtOnce))
    co_await engine.spend(kAtOnce);
  tableSettle(into); // whoever goes through it next finds all keys
  co_return true;
}

/// `from`, of that slice, is about to go into the running result of `its` operator, or to be taken away from it: of
/// values it has the last slice that they were in.
static void noteSlice(WindowState &its, const Slice &slice, mr_table *from) {
  its.slices->running->seesSlices = its.desc->algorithm == MR_WINDOW_SUBTRACT;
  from->slice = uint64_t(int64_t(slice.start)) ^ uint64_t(1) << 63;
}

/// The `place`-th slice of the store gets `from`, which has been combined for `patched` already.
Work SliceFiring::patch(WindowState &patched, size_t place, mr_table *from) {
  SliceReader &its = *patched.slices;
  Combine adds = patched.desc->combine;
  size_t own = place - its.begin; // of what began before: beyond all
  if (place >= its.begin && own < its.suffixes.size())
    co_return co_await patchStacks(patched, own, from);
  if (!its.running)
    its.running = takeTable(engine, patched, /*large=*/true);
  noteSlice(patched, store.slices[place], from);
  co_return co_await call(adds, its.running, from);
}

/// What came late goes where its slice has gone already. The youngest first: then a suffix that a patch begins (no
/// record of its slice came before) takes the younger patches with it.
Work SliceFiring::applyPatches() {
  WindowState &first = *store.readers.front();
  for (size_t place = store.slices.size(); store.patches && place--;) {
    if (!store.slices[place].patch)
      continue;
    --store.patches;
    for (WindowState *other : store.readers)
      if (store.slices[place].isOf(other->slices->number) && place < other->slices->begin + other->slices->added &&
          !co_await patch(*other, place, store.slices[place].patch))
        co_return false;
    if (Slice &slice = store.slices[place]; !slice.table) {
      slice.table = std::exchange(slice.patch, nullptr);
      continue;
    }
    if (!co_await call(mergeOf(first), store.slices[place].table, store.slices[place].patch))
      co_return false;
    recycle(first, store.slices[place].patch);
  }
  co_return true;
}

/// What came while firings were under way goes to its slices.
Work SliceFiring::absorb() {
  WindowState &first = *store.readers.front();
  while (!store.waiting.empty()) {
    auto [slice, table] = store.waiting.front();
    store.waiting.pop_front();
    store.inHand = table;
    mr_table *&place = tableFor(engine, store, int64_t(slice.start));
    if (!place) {
      place = std::exchange(store.inHand, nullptr);
      continue;
    }
    if (!co_await call(mergeOf(first), place, table))
      co_return false;
    recycle(first, store.inHand);
  }
  co_return true;
}

/// The slices up to the `until`-th go into the running result.
Work SliceFiring::add(size_t until) {
  for (; reader.added < until; ++reader.added) {
    if (!reader.isMine(reader.added))
      continue;
    mr_table *table = reader.slice(reader.added).table;
    noteKeys(table);
    if (!reader.running)
      reader.running = take();
    noteSlice(window, reader.slice(reader.added), table);
    if (!co_await combine(reader.running, table))
      co_return false;
  }
  co_return true;
}

/// Of the first `count` slices: where no later window needs the first one, the rest is added to that, else to a copy.
Work SliceFiring::recompute(size_t count, WideTime end) {
  mr_table *first = nullptr;
  WideTime firstStart = 0;
  for (size_t i = 0; i < count; ++i) {
    if (!reader.isMine(i))
      continue;
    if (desc.top && !std::exchange(reader.slice(i).isCut, true)) {
      OwnTable best;
      if (!co_await engine.cutToBest(window, reader.slice(i).table, best))
        co_return false;
      co_await engine.leave(OwnTable(std::exchange(reader.slice(i).table, best.release())));
    }
    mr_table *table = reader.slice(i).table;
    noteKeys(table);
    if (!first) {
      made = first = table;
      firstStart = reader.slice(i).start;
      continue;
    }
    if (made == first && !isNeededOnlyUntil(firstStart, end)) {
      made = reader.result = take();
      if (!co_await combine(made, first))
        co_return false;
    }
    if (!co_await combine(made, table))
      co_return false;
  }
  co_return true;
}

/// How many slices have ended by then.
size_t SliceFiring::closedBy(WideTime end) const {
  size_t count = 0;
  while (count < reader.count() && reader.slice(count).end <= end)
    ++count;
  return count;
}

/// What the window that ends at `end` fires.
Work SliceFiring::make(WideTime end) {
  made = nullptr;
  if (!co_await applyPatches())
    co_return false;
  size_t until = closedBy(end);
  if (desc.algorithm == MR_WINDOW_IN_PLACE || desc.algorithm == MR_WINDOW_RECOMPUTE || desc.algorithm == MR_WINDOW_SAME)
    co_return co_await recompute(until, end);
  if (!co_await add(until))
    co_return false;
  made = reader.running;
  co_return desc.algorithm != MR_WINDOW_TWO_STACKS || co_await makeOfStacks(end);
}

/// The same with the keys that have no records in it; slices stay as they are.
Work SliceFiring::makeFilled(WideTime end) {
  size_t until = closedBy(end);
  if (!until && window.known) {
    window.filledTo = end;
    made = window.known;
    co_return true;
  }
  bool isSlice = desc.algorithm == MR_WINDOW_IN_PLACE && until;
  made = isSlice ? reader.slice(0).table : reader.result = take();
  for (size_t i = 0; i < until; ++i) {
    noteKeys(reader.slice(i).table);
    if (!isSlice && !co_await combine(made, reader.slice(i).table))
      co_return false;
  }
  co_return co_await engine.fillKeys(window, made, end);
}

/// The tables of the window [start, end) are made one, and fired.
Work SliceFiring::run(WideTime start, WideTime end, uint32_t why) {
  bool ok = desc.fill ? co_await makeFilled(end) : co_await make(end);
  invariant(!ok || made, "a window that fires has a state");
  ok = ok && co_await engine.firePane(window, {int64_t(start), made}, int64_t(end), int64_t(end - 1), why);
  co_await leave(window, reader.result);
  co_return ok;
}

/// A table is not needed any more.
Work SliceFiring::leave(WindowState &owner, mr_table *&table) {
  constexpr uint64_t kBytes = 256; // are cleared in the time that a position takes
  store.inHand = std::exchange(table, nullptr);
  for (uint64_t page = 0; store.inHand;) {
    uint64_t most = uint64_t(std::clamp<int64_t>(engine.pieceLeft, 1, kAtOnce));
    if (tableClearSome(store.inHand, page, most * kBytes))
      break;
    co_await engine.spend(most);
  }
  co_return co_await engine.leave(recycle(owner, store.inHand));
}

/// Slices go that no reader needs any more.
Work SliceFiring::dropSlices() {
  WindowState &first = *store.readers.front();
  auto isNeeded = [](const WindowState *window) { return window->slices->begin == 0; };
  while (!store.slices.empty() && std::none_of(store.readers.begin(), store.readers.end(), isNeeded)) {
    Slice gone = store.slices.front();
    store.patches -= gone.patch != nullptr;
    recycle(first, gone.patch);
    store.slices.pop_front();
    for (WindowState *window : store.readers)
      --window->slices->begin;
    co_await leave(first, gone.table);
  }
  co_return true;
}

/// What no window after the one that ends at `end` needs goes.
Work SliceFiring::expire(WideTime end) {
  size_t gone = reader.prefix ? reader.added : 0;
  while (!reader.prefix && gone < reader.count() && reader.times.lastEnd(reader.slice(gone).start) <= end)
    ++gone;
  bool subtract = desc.algorithm == MR_WINDOW_SUBTRACT && gone < reader.added;
  if (desc.algorithm == MR_WINDOW_TWO_STACKS && !co_await turn(gone, end))
    co_return false;
  for (size_t i = 0; subtract && i < gone; ++i) {
    if (!reader.isMine(i))
      continue;
    noteSlice(window, reader.slice(i), reader.slice(i).table);
    if (!co_await call(desc.remove, reader.running, reader.slice(i).table))
      co_return false;
  }
  size_t suffixes = std::min(gone, reader.suffixes.size());
  for (size_t i = 0; i < suffixes; ++i)
    co_await leave(window, reader.suffixes[i]);
  reader.suffixes.erase(reader.suffixes.begin(), reader.suffixes.begin() + ptrdiff_t(suffixes));
  for (size_t *number : {&reader.added, &reader.older, &reader.joined, &reader.unturned})
    *number -= std::min(*number, gone);
  reader.begin += gone;
  co_await dropSlices();
  if (reader.prefix ? reader.runningEnd <= end : !reader.added)
    co_await leave(window, reader.running);
  co_return true;
}

Work SliceFiring::all(WideTime fired, int64_t watermark, uint32_t why) {
  while (store.firing.front() != &window) // one after the other
    co_await engine.spend(uint64_t(engine.pieceLeft));
  while (desc.fill ? window.known || reader.isOpen() : reader.isOpen()) {
    WideTime end = window.known ? reader.times.endAfter(window.filledTo) : reader.nextEnd(fired);
    WideTime start = reader.times.startOf(end);
    if (desc.fill ? !engine.fillsUpTo(window, start, end, reader.done) : end - 1 > watermark)
      break;
    if (reader.prefix)
      reader.runningEnd = reader.times.lastEnd(start);
    if (!co_await run(start, end, why) || !co_await expire(end))
      co_return false;
    fired = end - 1;
  }
  if (store.firing.size() == 1) { // nobody waits
    store.absorbs = true;
    if (!co_await absorb())
      co_return false;
    store.absorbs = false;
    store.busyUntil = kMinusInfinity;
  }
  co_return true;
}

Work mr_engine::fireDueSlices(WindowState &window, WideTime fired, int64_t watermark, uint32_t why) {
  SliceFiring firing(*this, window);
  bool good = co_await firing.all(fired, watermark, why);
  window.slices->store->firing.pop_front();
  co_return good;
}

/// The windows that end by `watermark`. What comes for them from here on is late.
bool mr_engine::fireSlices(WindowState &window, int64_t watermark, uint32_t why) {
  SliceReader &reader = *window.slices;
  SliceStore &store = *reader.store;
  if (watermark <= reader.done)
    return true;
  WideTime until = watermark == kPlusInfinity ? WideTime(kPlusInfinity) : reader.times.endUpTo(WideTime(watermark) + 1);
  bool crosses = until - 1 > reader.done, waits = store.absorbs || !store.waiting.empty();
  bool goesOn = crosses && window.desc->fill && window.work.isUnderWay() && store.isAlone() && !waits;
  for (WindowState *other : store.readers) // what has waited belongs to these windows
    if (crosses && !goesOn && (other == &window || waits) && !settle(*other))
      return false;
  WideTime fired = std::exchange(reader.done, watermark);
  if (window.desc->fill && reader.count())
    window.lastStart = std::max(window.lastStart, store.slices.back().start);
  if (goesOn) // what fires goes on behind it
    store.busyUntil = std::max(store.busyUntil, until);
  bool isDue = window.desc->fill ? crosses && (window.known || reader.isOpen())
                                 : reader.isOpen() && reader.nextEnd(fired) <= until;
  if (goesOn || !isDue)
    return true;
  store.firing.push_back(&window);
  store.busyUntil = std::max(store.busyUntil, until);
  for (const WindowState *other : store.readers) // what has been combined is not touched either
    if (const SliceReader &its = *other->slices; its.added)
      store.busyUntil = std::max(store.busyUntil, its.slice(its.added - 1).end);
  if (window.desc->algorithm == MR_WINDOW_TWO_STACKS)
    window.expects = SliceFiring(*this, window).expected(reader.nextEnd(fired));
  return begin(window, fireDueSlices(window, fired, watermark, why), window.outWatermark);
}
