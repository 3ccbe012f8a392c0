//===- top.cpp - of whole records the best --------------------------------------------===//
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
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

/// Not worth a look.
static constexpr uint64_t kFewRecords = 8192;

/// What is left of the table takes its place. False: the pipeline has stopped.
bool mr_engine::cutToBest(WindowState &window, mr_table *&table) {
  const mr_window_desc &desc = *window.desc;
  uint64_t count = 0;
  tableSettle(table);
  if (!tableOrderTop(table, *desc.top))
    return keepsBudget();
  const uint64_t *order = mr_table_order(table, &count);
  window.best = std::max(window.best, count);
  mr_table *left = tableNew(desc.table, *window.account, nullptr, count);
  for (uint64_t i = 0; i < count; ++i) {
    mr_cursor cursor = {order[i], 0};
    desc.combine(&task, left, table, order[i] + 1, &cursor);
  }
  tableFree(table);
  table = left;
  return keepsBudget();
}

/// The same, if there are many more than were left the last time.
bool mr_engine::keepBest(WindowState &window, mr_table *&table) {
  return !table || tableCount(table) <= std::max(kFewRecords, 2 * window.best) || cutToBest(window, table);
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
    for (Slice &slice : window.slices->store->slices)
      if (!keepBest(window, slice.table) || !keepBest(window, slice.patch))
        return false;
  }
  return true;
}

/// Called by generated code, for each record that is folded into a table of the best.
extern "C" int64_t mr_arrival(mr_task *task) { return task->engine->arrivals++; }
