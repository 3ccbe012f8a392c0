//===- top.cpp - of whole records the best --------------------------------------------===//
//
// Mostly a group has a list of its best records (decision 0024), which is a member
// as others are. Here are those that cannot be in one.
//
// Each record that came has a slot. When the window fires, the slots are put in
// order and the first of each group fire. So that not all records of a window
// stay until then, those that cannot be among the best any more go from time to
// time: when there are twice as many as were left the last time, so each record
// is looked at a few times on average, whatever the order in which they come.
// Windows that lie one upon the other are made of slices: the best of a window are
// among the best of its slices, so a slice that has closed keeps no others.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/invariant.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

/// Not worth a look.
static constexpr uint64_t kFewRecords = 8192;

Work mr_engine::cutToBest(WindowState &window, mr_table *table, OwnTable &left) {
  const mr_window_desc &desc = *window.desc;
  invariant(desc.table.layout == MR_LAYOUT_INLINE, "a table of the best records has its keys in the slots");
  if (!co_await putInOrder(table, desc.top))
    co_return false;
  uint64_t count = 0;
  const uint64_t *order = mr_table_order(table, &count);
  window.best = std::max(window.best, count);
  left.reset(tableNew(desc.table, *window.account, nullptr, count));
  for (uint64_t i = 0; i < count; ++i) {
    mr_cursor cursor = {order[i], 0};
    desc.combine(&task, left.get(), table, order[i] + 1, &cursor);
    co_await spend(1);
  }
  co_return keepsBudget();
}

/// The same, if there are many more than were left the last time.
bool mr_engine::keepBest(WindowState &window, mr_table *&table) {
  if (!table || tableCount(table) <= std::max(kFewRecords, 2 * window.best))
    return true;
  OwnTable left;
  if (!runWhole(cutToBest(window, table, left)))
    return false;
  tableFree(std::exchange(table, left.release()));
  return true;
}

bool mr_engine::keepBest() {
  for (WindowState &window : windows) {
    if (!window.desc->top || &window == firing) // what fires stays as it is
      continue;
    for (Pane &pane : window.panes)
      if (!keepBest(window, pane.table))
        return false;
    if (!window.slices)
      continue;
    for (Slice &slice : window.slices->store->slices) // but for those that may be in hand
      if (slice.start >= window.slices->store->busyUntil &&
          (!keepBest(window, slice.table) || !keepBest(window, slice.patch)))
        return false;
  }
  return true;
}

/// Called by generated code, for each record that is folded into a table of the best.
extern "C" int64_t mr_arrival(mr_task *task) { return task->engine->arrivals++; }
