//===- panes_saved.cpp - windows that fire again, as saved state ----------------------------===//
//
// Their tables are all there is to save, each under the end of its window, and the
// keys that there have been (`fill`) under the least time. What fires when follows
// from W and from what slots have beside their members; which keys changed is looked
// for anew.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/panes.h"

#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

/// Where keys lie by position, this word tells which slots are in use: so it does in whatever layout it is saved.
static void occupyAll(const PaneStore &store, mr_table *table) {
  uint32_t size = table->desc->slot_size;
  tableSettle(table);
  for (uint64_t i = mr_table_next(table, 0, size); i < table->end; i = mr_table_next(table, i + 1, size))
    if (tableInUse(table, i))
      store.occupy(table, table->slotAt(i));
}

void PaneStore::save(const WindowState &window, SavedState &state) const {
  state.watermark = window.watermark;
  if (window.known)
    state.tables.push_back({INT64_MIN, window.known});
  for (const auto &[end, pane] : panes) {
    occupyAll(*this, pane.table);
    state.tables.push_back({int64_t(std::min<WideTime>(end, kPlusInfinity)), pane.table});
  }
}

void PaneStore::load(mr_engine &engine, WindowState &window, const SavedState &state) {
  invariant(panes.empty(), "windows are loaded into an operator that has none");
  clock = engine.task.now; // rows before the end were due up to here
  for (const SavedTable &saved : state.tables) {
    if (saved.start == INT64_MIN) {
      window.known = saved.table;
      window.filledTo = times.endUpTo(WideTime(heldBack(window, state.watermark)) + 1);
      continue;
    }
    KeptPane &pane = paneAt(engine, window, saved.start);
    tableFree(std::exchange(pane.table, saved.table));
    pane.changed.forget();
    if (!hasEnded(pane.end, state.watermark) || isFinal())
      continue;
    pane.fired = true;
    uint32_t size = desc.table.slot_size;
    for (uint64_t i = firing.refire ? mr_table_next(pane.table, 0, size) : UINT64_MAX; i < pane.table->end;
         i = mr_table_next(pane.table, i + 1, size))
      if (const uint8_t *slot = pane.table->slotAt(i); tableInUse(pane.table, i) && hasRefire(slot))
        setRefireAt(pane, std::min(pane.refireAt, refireOf(slot)));
  }
}
