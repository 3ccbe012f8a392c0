//===- pane_rows.cpp - which keys of a window that fires again have a row --------------------===//
//
// All of them, those that have something new, or those whose changes were gathered
// for long enough. Rows of one window come in the order of their keys where
// something behind asks for it, else by position.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/pane_fire.h"

#include "runtime/engine/signals.h"
#include "runtime/state/radix_sort.h"
#include "runtime/state/table_order.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

/// Rows that are handed to a firing at once.
constexpr uint64_t kRows = 256;

/// Positions that are looked at between two looks at what else may be due.
constexpr uint64_t kAtOnce = 1024;

} // namespace

void PaneFiring::add(const KeptPane &pane, uint64_t position, Timing timing) {
  int64_t time = store.isGlobal ? engine.heads[&window - engine.windows.data()].greatestTime : int64_t(pane.end - 1);
  int64_t start = store.isGlobal ? 0 : int64_t(pane.start), end = store.isGlobal ? 0 : int64_t(pane.end);
  uint32_t number = uint32_t(std::min<uint64_t>(store.rowsOf(pane.table->slotAt(position)), UINT32_MAX));
  store.rows.push_back({position, start, end, time, number, timing, 0, 0});
}

/// Writes the rows that were added.
Work PaneFiring::flush(KeptPane &pane) {
  uint64_t count = store.rows.size();
  if (!count)
    co_return true;
  if (!engine.fireDue(window, pane.table, store.rows.data(), count))
    co_return false;
  for (const mr_due &row : store.rows)
    store.noteRow(pane.table, pane.table->slotAt(row.position));
  any = true;
  store.rows.clear();
  if (!mayGoOn())
    co_return false;
  co_await engine.spend(count);
  co_return true;
}

/// A window with a million keys is given up soon after Ctrl-C; what takes little longer comes to its end.
bool PaneFiring::mayGoOn() {
  constexpr int64_t kPatience = 100'000; // microseconds
  bool again = SignalWatch::again();
  if ((engine.options.drain && !again) || !SignalWatch::interrupted())
    return true;
  if (!store.interruptedAt)
    store.interruptedAt = stopwatch();
  return (!again && stopwatch() - store.interruptedAt < kPatience) ||
         engine.stop(kInterrupted, "error: interrupted while `" + std::string(desc.name) +
                                       "` fired: not all of its results were written");
}

Work PaneFiring::end(KeptPane &pane) {
  bool good = co_await flush(pane);
  window.fired += std::exchange(any, false);
  co_return good;
}

/// Rows of the keys that have at least so many new records.
Work PaneFiring::fire(KeptPane &pane, uint64_t least, Timing timing) {
  mr_table *table = pane.table;
  while (!tableSettleSome(table, kAtOnce))
    co_await engine.spend(kAtOnce);
  tableSettle(table);
  bool isOrdered = desc.ordered && !tableIsInKeyOrder(desc.table);
  if (isOrdered && !co_await engine.putInOrder(table, nullptr))
    co_return false;
  uint64_t count = 0, looked = 0;
  const uint64_t *order = isOrdered ? mr_table_order(table, &count) : nullptr;
  uint32_t size = desc.table.slot_size;
  for (uint64_t i = 0;; ++i) {
    if (!isOrdered)
      i = mr_table_next(table, i, size);
    if (i >= (isOrdered ? count : table->end))
      break;
    uint64_t position = isOrdered ? order[i] : i;
    if ((isOrdered || tableInUse(table, i)) && store.freshOf(table->slotAt(position)) >= least)
      add(pane, position, timing);
    else if (++looked % kAtOnce == 0)
      co_await engine.spend(kAtOnce);
    if (store.rows.size() == kRows && !co_await flush(pane))
      co_return false;
  }
  co_return co_await end(pane);
}

/// Rows of the keys at these positions.
Work PaneFiring::fireAt(KeptPane &pane, StateVector<uint64_t> &positions, Timing timing) {
  sortUnique(positions);
  if (desc.ordered && positions.size() > 1) {
    TableOrder order(*pane.table, positions.data(), positions.size());
    while (!order.some(kAtOnce))
      co_await engine.spend(kAtOnce);
    if (!order.isGood())
      co_return engine.keepsBudget();
  }
  for (uint64_t position : positions) {
    if (desc.fill && timing == kLate)
      engine.learnKey(window, pane.table, position);
    add(pane, position, timing);
    if (store.rows.size() == kRows && !co_await flush(pane))
      co_return false;
  }
  co_return co_await end(pane);
}

/// All keys have their row, and nothing is new.
Work PaneFiring::fireAll(KeptPane &pane, Timing timing) {
  if (!co_await fire(pane, 0, timing))
    co_return false;
  pane.changed.clear();
  store.setRefireAt(pane, pane.asideRefireAt);
  store.keys = tableCount(pane.table);
  co_return true;
}

/// Those that have something new.
Work PaneFiring::fireChanged(KeptPane &pane, Timing timing) {
  bool good = pane.changed.isKnown(pane.table) ? co_await fireAt(pane, pane.changed.all, timing)
                                               : co_await fire(pane, 1, timing);
  pane.changed.clear();
  co_return good;
}

//===-- changes that late records made, gathered ---------------------------------------------===//

/// The keys that wait, of a window of which not all are noted: those that are `due` at `watermark`. The others are
/// noted by when they fire, unless they are so many that looking for them again is no more work.
Work PaneFiring::findWaiting(KeptPane &pane, int64_t watermark, StateVector<uint64_t> &due) {
  mr_table *table = pane.table;
  while (!tableSettleSome(table, kAtOnce))
    co_await engine.spend(kAtOnce);
  tableSettle(table);
  StateVector<std::pair<int64_t, uint64_t>> others(store.account);
  uint64_t looked = 0, most = store.mostNoted(pane);
  int64_t next = pane.asideRefireAt;
  uint32_t size = desc.table.slot_size;
  for (uint64_t i = mr_table_next(table, 0, size); i < table->end; i = mr_table_next(table, i + 1, size)) {
    if (int64_t at = tableInUse(table, i) ? store.refireOf(table->slotAt(i)) : 0; at && at <= watermark) {
      due.push_back(i);
    } else if (at) {
      next = std::min(next, at);
      if (others.size() <= most)
        others.push_back({at, i});
    }
    if (++looked % kAtOnce == 0)
      co_await engine.spend(kAtOnce);
  }
  store.setRefireAt(pane, next);
  pane.changed.forget();
  if (others.size() > most)
    co_return true;
  std::sort(others.begin(), others.end());
  StateVector<uint64_t> positions(store.account);
  for (auto [at, position] : others)
    positions.push_back(position);
  pane.changed.set(table, std::move(positions));
  co_return true;
}

/// Rows of the keys whose first change is long enough ago at `watermark`.
Work PaneFiring::refire(KeptPane &pane, int64_t watermark) {
  StateVector<uint64_t> &all = pane.changed.all, due(store.account);
  if (!pane.changed.isKnown(pane.table)) {
    co_await findWaiting(pane, watermark, due);
    co_return co_await fireAt(pane, due, kLate);
  }
  auto isDue = [&](uint64_t position) { return store.refireOf(pane.table->slotAt(position)) <= watermark; };
  auto left = std::partition_point(all.begin(), all.end(), isDue);
  due.assign(all.begin(), left);
  all.erase(all.begin(), left);
  int64_t next = all.empty() ? kPlusInfinity : store.refireOf(pane.table->slotAt(all.front()));
  store.setRefireAt(pane, std::min(next, pane.asideRefireAt));
  co_return co_await fireAt(pane, due, kLate);
}
