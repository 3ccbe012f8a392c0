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
#include <utility>

using namespace millrace;

/// A slot is there for the key, though nothing is in it. `key`: room for one. Refused memory stops the pipeline.
static void addKey(const WindowState &window, mr_table *from, uint64_t position, mr_table *into, uint64_t *key) {
  tableKey(from, position, key);
  uint8_t *slot = tableUpsert(into, key);
  window.kept ? window.kept->occupy(into, slot) : tableOccupy(*from->desc, slot);
}

/// All keys of `from` are in `into`.
Work mr_engine::addKeys(const WindowState &window, mr_table *from, mr_table *into) {
  constexpr uint64_t kAtOnce = 1024, kCost = 2; // positions that are gone through in the time of one that is added
  const mr_table_desc &desc = *from->desc;
  std::vector<uint64_t> key(desc.key_words + 2 * desc.key_strings + 1);
  while (!tableSettleSome(from, kAtOnce))
    co_await spend(kAtOnce);
  tableSettle(from);
  uint64_t added = 0;
  for (uint64_t i = mr_table_next(from, 0, desc.slot_size); i < from->end;
       i = mr_table_next(from, i + 1, desc.slot_size)) {
    if (!tableInUse(from, i))
      continue;
    addKey(window, from, i, into, key.data());
    if (++added % kAtOnce)
      continue;
    if (!keepsBudget())
      co_return false;
    co_await spend(kAtOnce * kCost);
  }
  while (!tableSettleSome(into, kAtOnce))
    co_await spend(kAtOnce);
  tableSettle(into);
  co_return keepsBudget();
}

bool mr_engine::fillsUpTo(const WindowState &window, WideTime start, WideTime end, int64_t watermark) const {
  if (watermark == kPlusInfinity)
    return start <= window.lastStart;
  return end - 1 <= watermark && end <= kMaxTime; // a window that leaves the years is none (rule 1)
}

static mr_table *newTable(mr_engine &engine, const WindowState &window, uint64_t keys) {
  return tableNew(window.desc->table, *window.account, engine.heads[&window - engine.windows.data()].dictionary, keys);
}

static mr_table *knownOf(mr_engine &engine, WindowState &window) {
  if (!window.known)
    window.known = newTable(engine, window, 0);
  return window.known;
}

Work mr_engine::fillKeys(WindowState &window, mr_table *table, WideTime end) {
  mr_table *known = knownOf(*this, window);
  uint64_t before = tableCount(known);
  if (!co_await addKeys(window, table, known) || !co_await addKeys(window, known, table))
    co_return false;
  if (window.blank && tableCount(known) != before)
    co_await leave(OwnTable(std::exchange(window.blank, nullptr)));
  window.filledTo = end;
  co_return true;
}

Work mr_engine::makeBlank(WindowState &window) {
  if (window.blank)
    co_return true;
  window.blank = newTable(*this, window, window.keys);
  co_return co_await addKeys(window, window.known, window.blank);
}

void mr_engine::learnKey(WindowState &window, mr_table *table, uint64_t position) {
  if (!window.known) // the first key there is: windows that W has passed are without it
    window.filledTo = window.kept->times.endUpTo(WideTime(window.watermark) + 1);
  std::vector<uint64_t> key(table->desc->key_words + 2 * table->desc->key_strings + 1);
  addKey(window, table, position, knownOf(*this, window), key.data());
}

/// The windows that end by `fillTo`, which moves on while they fire. What is behind them sees W pass each of them.
Work mr_engine::fireDueFilled(WindowState &window) {
  const mr_window_desc &desc = *window.desc;
  while (window.known || !window.due.empty()) {
    WideTime start = window.known ? window.filledTo : WideTime(window.due.front().start), end = start + desc.size;
    if (!fillsUpTo(window, start, end, window.fillTo))
      break;
    bool hasRecords = !window.due.empty() && window.due.front().start == start;
    bool good = hasRecords ? co_await fillKeys(window, window.due.front().table, end) : co_await makeBlank(window);
    window.filledTo = end;
    mr_table *table = hasRecords ? window.due.front().table : window.blank;
    if (!good || !co_await firePane(window, {int64_t(start), table}, int64_t(end), int64_t(end - 1), 1))
      co_return false;
    if (hasRecords) {
      window.due.erase(window.due.begin());
      co_await leave(OwnTable(table), window);
    }
    window.outWatermark = std::max(window.outWatermark, int64_t(end - 1));
  }
  co_return co_await leave(OwnTable(std::exchange(window.blank, nullptr)));
}

/// A long jump of W lets many windows fire: what W makes due while they do comes behind them. Pieces become larger if
/// there is more of it each time.
bool mr_engine::fireFilled(WindowState &window, int64_t watermark) {
  std::vector<Pane> &panes = window.panes;
  if (!panes.empty())
    window.lastStart = std::max<WideTime>(window.lastStart, panes.back().start);
  auto isDue = [&](const Pane &pane) {
    return fillsUpTo(window, pane.start, pane.start + window.desc->size, watermark);
  };
  auto after = std::find_if_not(panes.begin(), panes.end(), isDue);
  window.due.insert(window.due.end(), panes.begin(), after);
  panes.erase(panes.begin(), after);
  window.fillTo = std::max(window.fillTo, watermark);
  bool isUnderWay = window.work.isUnderWay();
  if (!isUnderWay && !window.known && window.due.empty())
    return true;
  WideTime next = window.known         ? window.filledTo
                  : window.due.empty() ? WideTime(window.fillTo)
                                       : WideTime(window.due.front().start);
  WideTime left = window.fillTo - next, before = std::exchange(window.fillLeft, left);
  if (isUnderWay && left >= before)
    window.hurryUp();
  return isUnderWay || !fillsUpTo(window, next, next + window.desc->size, watermark) ||
         begin(window, fireDueFilled(window), watermark);
}
