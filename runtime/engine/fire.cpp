//===- fire.cpp - panes that fire ----------------------------------------------------===//
//
// A tumbling pane [s, s + size) fires when W >= s + size - 1 (rule 12), in the
// order of its end.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_order.h"
#include "runtime/time/window.h"

#include <algorithm>
#include <utility>

using namespace millrace;

/// Positions that are gone through between two looks at what else may be due.
static constexpr uint64_t kAtOnce = 4096;

/// The panes that are due, one after the other. `atEnd`: the input has ended before the clock reached their ends.
Work mr_engine::fireDuePanes(WindowState &window, bool atEnd) {
  bool isGlobal = window.desc->kind == MR_WINDOW_GLOBAL, good = true;
  while (!window.due.empty()) {
    Pane pane = window.due.front();
    int64_t end = isGlobal ? 0 : pane.start + window.desc->size;
    int64_t time = isGlobal ? heads[&window - windows.data()].greatestTime : end - 1;
    good = good && co_await firePane(window, pane, end, time, atEnd ? 0 : 1);
    window.due.erase(window.due.begin());
    co_await leave(OwnTable(pane.table), window);
  }
  co_return good;
}

/// Those that end at `last` + 1 or before are due.
static void noteDue(WindowState &window, int64_t last) {
  auto after = std::find_if(window.panes.begin(), window.panes.end(),
                            [&](const Pane &pane) { return pane.start + window.desc->size - 1 > last; });
  window.due.assign(window.panes.begin(), after);
  window.panes.erase(window.panes.begin(), after);
}

bool mr_engine::fireUpTo(WindowState &window, int64_t watermark) {
  if (window.desc->fill)
    return fireFilled(window, watermark);
  noteDue(window, watermark);
  return window.due.empty() || begin(window, fireDuePanes(window, /*atEnd=*/false), watermark);
}

bool mr_engine::fireProcessing(WindowState &window, int64_t now, bool atEnd) {
  if (window.slices)
    return fireSlices(window, atEnd ? kPlusInfinity : now - 1, atEnd ? 0 : 1);
  if (window.panes.empty() || (!atEnd && window.panes.front().start + window.desc->size > now))
    return true;
  if (!settle(window))
    return false;
  noteDue(window, atEnd ? kPlusInfinity : now - 1);
  return begin(window, fireDuePanes(window, atEnd), window.outWatermark);
}

bool mr_engine::fireGlobal(WindowState &window) {
  const mr_window_desc &desc = *window.desc;
  uint32_t index = uint32_t(&window - windows.data());
  if (window.panes.empty() && !desc.keyed) { // one row even over empty input (rule 18)
    mr_table *table = mr_window_pane(&task, index, 0);
    if (desc.table.layout == MR_LAYOUT_DENSE)
      mr_table_touch(table, mr_dense_slot(table, 0, desc.table.slot_size));
    else
      mr_table_upsert(table, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, desc.table.slot_size);
  }
  window.due = std::exchange(window.panes, {});
  return window.due.empty() || begin(window, fireDuePanes(window, /*atEnd=*/false), kPlusInfinity);
}

Work mr_engine::putInOrder(mr_table *table, const mr_top_desc *top) {
  while (!tableSettleSome(table, kAtOnce))
    co_await spend(kAtOnce);
  tableSettle(table);
  if (tableIsInKeyOrder(*table->desc))
    co_return true;
  TableOrder order(*table, top);
  while (!order.some(kAtOnce))
    co_await spend(kAtOnce);
  co_return keepsBudget();
}

Work mr_engine::leave(OwnTable table) {
  constexpr uint64_t kBytes = 1024; // go back to the system in the time that a position takes
  while (!tableFreeSome(table.get(), kAtOnce * kBytes))
    co_await spend(kAtOnce);
  co_return true;
}

Work mr_engine::leave(OwnTable table, WindowState &window) {
  constexpr uint64_t kLarge = uint64_t(1) << 20, kBytes = 256; // are cleared in the time that a position takes
  bool isScarce = memory->budget != ~uint64_t(0) && memory->bytes > memory->budget / 2;
  // Of small windows as many may begin during a batch as end behind it.
  size_t most = table->now.total * table->desc->slot_size < kLarge ? 4 + window.panes.size() / 4 : 1;
  bool isLast = inputWatermark(window) == kPlusInfinity; // then no window will begin
  if (window.spare.size() >= most || isScarce || isLast)
    co_return co_await leave(std::move(table));
  for (uint64_t page = 0; !tableClearSome(table.get(), page, kAtOnce * kBytes);)
    co_await spend(kAtOnce);
  if (window.spare.size() >= most || !tableClear(table.get()))
    co_return co_await leave(std::move(table));
  tablePutAway(table.get());
  window.spare.push_back(table.release());
  co_return true;
}

mr_table *mr_engine::takeTable(WindowState &window, uint64_t expected) {
  constexpr uint64_t kMostAhead = uint64_t(8) << 20; // bytes; what is larger grows, its pages made ready ahead
  if (!window.spare.empty()) {
    mr_table *table = window.spare.back();
    window.spare.pop_back();
    tableTakeOut(table);
    return table;
  }
  uint64_t most = kMostAhead / std::max<uint64_t>(window.desc->table.slot_size, 1);
  return tableNew(window.desc->table, *window.account, heads[&window - windows.data()].dictionary,
                  std::min(expected, most));
}

Work mr_engine::firePane(WindowState &window, Pane pane, int64_t end, int64_t time, uint32_t why) {
  ++window.fired;
  while (!tableSettleSome(pane.table, kAtOnce))
    co_await spend(kAtOnce);
  tableSettle(pane.table);
  if (pane.table != window.known) // of all keys: a window's own are fewer
    window.keys = tableCount(pane.table);
  if (const mr_window_desc &desc = *window.desc; desc.top || desc.ordered)
    if (!co_await putInOrder(pane.table, desc.top))
      co_return false;
  mr_cursor cursor = {0, 0};
  for (mr_status status = MR_MORE; status == MR_MORE;) {
    firingStart = pane.start;
    firingEnd = end;
    timing = why;
    int64_t left =
        std::min<int64_t>(options.piece, int64_t(kAtOnce)); // what came out before an error does not depend on batches
    cursor.inner = uint64_t(left);
    status = callFiring(window, pane.table, cursor, [&](mr_cursor &cursor) {
      return window.desc->fire(&task, pane.table, pane.start, end, time, &cursor);
    });
    if (status == MR_FAILED)
      co_return false;
    co_await spend(status == MR_MORE ? uint64_t(left) : uint64_t(left) - cursor.inner);
  }
  co_return true;
}

/// Called by generated code: the pane that starts at `start`.
extern "C" mr_table *mr_window_pane(mr_task *task, uint32_t index, int64_t start) {
  WindowState &window = task->engine->windows[index];
  std::vector<Pane> &panes = window.panes;
  if (!panes.empty() && panes.back().start == start) // by far the most frequent
    return panes.back().table;
  auto at = std::lower_bound(panes.begin(), panes.end(), start,
                             [](const Pane &pane, int64_t start) { return pane.start < start; });
  if (at != panes.end() && at->start == start)
    return at->table;
  const mr_window_desc &desc = *window.desc;
  if (isInTime(desc) && !windowInRange(start, desc.size)) {
    task->engine->outOfRange = true; // the step goes on with some table; the engine then judges the record
    start = kOutOfRange;
    if (!panes.empty() && panes.back().start == start)
      return panes.back().table;
    at = panes.end();
  }
  mr_table *table = task->engine->takeTable(window, window.keys);
  return panes.insert(at, {start, table})->table;
}
