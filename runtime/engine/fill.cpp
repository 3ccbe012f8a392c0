//===- fill.cpp - rows of windows without records ----------------------------------------===//
//
// `fill` (rule 12): from a key's first window on each window has a row of that key,
// up to the last one that W has passed, for W is never ahead of the greatest time
// seen unless the input says so; at the end of input also up to the last one in
// which any key has records. What is behind the window has the same W, so rows that
// came later than W would be late there. The keys so far are those of a
// table like the windows' own; a window gets those that it lacks when it fires, as
// slots without state. That is no more work than their rows are.
//
// A key that comes first in a late record (rule 20) has its row there; from the next
// window on that comes to its end it is filled.
//
//===----------------------------------------------------------------------------------===//
#include "runtime/engine/errors.h"
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

/// A slot is there for the key, though nothing is in it. `key`: room for one. Refused memory stops the pipeline.
static void addKey(const WindowState &window, mr_table *from, uint64_t position, mr_table *into, uint64_t *key) {
  tableKey(from, position, key);
  uint8_t *slot = tableUpsert(into, key);
  window.kept ? window.kept->occupy(into, slot) : tableOccupy(*from->desc, slot);
}

/// All keys of `from` are in `into`.
static void addKeys(const WindowState &window, mr_table *from, mr_table *into) {
  const mr_table_desc &desc = *from->desc;
  std::vector<uint64_t> key(desc.key_words + 2 * desc.key_strings + 1);
  tableSettle(from);
  for (uint64_t i = mr_table_next(from, 0, desc.slot_size); i < mr_table_capacity(from);
       i = mr_table_next(from, i + 1, desc.slot_size)) {
    if (tableInUse(from, i))
      addKey(window, from, i, into, key.data());
  }
  tableSettle(into);
}

bool mr_engine::fillsUpTo(const WindowState &window, WideTime start, WideTime end, int64_t watermark) const {
  if (watermark == kPlusInfinity)
    return start <= window.lastStart;
  return end - 1 <= watermark && end <= kMaxTime; // a window that leaves the years is none (rule 1)
}

static mr_table *knownOf(mr_engine &engine, WindowState &window) {
  if (!window.known)
    window.known =
        tableNew(window.desc->table, *window.account, engine.heads[&window - engine.windows.data()].dictionary);
  return window.known;
}

void mr_engine::fillKeys(WindowState &window, mr_table *table, WideTime end) {
  addKeys(window, table, knownOf(*this, window));
  addKeys(window, window.known, table);
  window.filledTo = end;
}

void mr_engine::learnKey(WindowState &window, mr_table *table, uint64_t position) {
  if (!window.known) // the first key there is: windows that W has passed are without it
    window.filledTo = window.kept->times.endUpTo(WideTime(window.watermark) + 1);
  std::vector<uint64_t> key(table->desc->key_words + 2 * table->desc->key_strings + 1);
  addKey(window, table, position, knownOf(*this, window), key.data());
}

bool mr_engine::fireFilled(WindowState &window, int64_t watermark) {
  const mr_window_desc &desc = *window.desc;
  std::vector<Pane> &panes = window.panes;
  if (!panes.empty())
    window.lastStart = std::max<WideTime>(window.lastStart, panes.back().start);
  while (window.known || !panes.empty()) {
    WideTime start = window.known ? window.filledTo : WideTime(panes.front().start);
    if (!fillsUpTo(window, start, start + desc.size, watermark))
      break;
    Pane pane{int64_t(start), nullptr};
    if (!panes.empty() && panes.front().start == pane.start) {
      pane = panes.front();
      panes.erase(panes.begin());
    } else {
      pane.table = tableNew(desc.table, *window.account, heads[&window - windows.data()].dictionary, window.keys);
    }
    fillKeys(window, pane.table, start + desc.size);
    int64_t end = int64_t(start + desc.size);
    bool ok = runWhole(firePane(window, pane, end, end - 1, 1));
    tableFree(pane.table);
    if (!ok)
      return false;
  }
  return true;
}
