//===- pane_fire.cpp - rows of windows that fire again --------------------------------------===//
//
// A window fires before its end (`emit every`), at its end, and for records that come
// after it. At one move of W each window that has records does what is due, by their
// ends: if its end is reached it fires on time, and not once more before; else early,
// if a time for that was passed and something has changed. Then what late records
// changed, if that was to be gathered, and last it goes.
//
// What fires behind a single record (late ones, `emit every n records`) ends the step,
// or lets a firing pause: it is done before the next record.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

/// Rows that are handed to a firing at once.
constexpr size_t kRows = 1024;

enum Timing : uint32_t { kEarly, kOnTime, kLate };

int64_t saturated(WideTime time) { return int64_t(std::min<WideTime>(time, kPlusInfinity)); }

class PaneFiring {
public:
  PaneFiring(mr_engine &engine, WindowState &window)
      : engine(engine), window(window), store(*window.kept), desc(*window.desc) {}

  bool upTo(int64_t watermark);
  bool global(int64_t watermark);
  bool byClock(int64_t now);
  bool atEnd();
  bool now();

private:
  bool isDue(const uint8_t *slot, uint64_t least) const;
  bool fire(KeptPane &pane, uint64_t least, uint32_t timing);
  bool fireOne(KeptPane &pane, uint64_t position, uint32_t timing);
  bool flush(KeptPane &pane);
  void add(const KeptPane &pane, uint64_t position, uint32_t timing);
  void makeEmptyRow();
  void drop(std::map<WideTime, KeptPane>::iterator &at);
  bool early(WideTime from, WideTime to);

  mr_engine &engine;
  WindowState &window;
  PaneStore &store;
  const mr_window_desc &desc;
  std::vector<mr_due> rows;
};

/// Has the key at least so many new records? Of all keys (`least` 0) those that have something to say: in discarding
/// mode nothing is repeated, but the row of a global window without a key comes in any case (rule 18).
bool PaneFiring::isDue(const uint8_t *slot, uint64_t least) const {
  if (least == 0 && store.isDiscarding())
    return store.freshOf(slot) != 0 || (!desc.keyed && store.rowsOf(slot) == 0);
  return store.freshOf(slot) >= least;
}

void PaneFiring::add(const KeptPane &pane, uint64_t position, uint32_t timing) {
  int64_t time = store.isGlobal ? engine.heads[&window - engine.windows.data()].greatestTime : int64_t(pane.end - 1);
  int64_t start = store.isGlobal ? 0 : int64_t(pane.start), end = store.isGlobal ? 0 : int64_t(pane.end);
  uint32_t number = uint32_t(std::min<uint64_t>(store.rowsOf(pane.table->slotAt(position)), UINT32_MAX));
  rows.push_back({position, start, end, time, number, timing, 0, 0});
}

/// Writes the rows that were added.
bool PaneFiring::flush(KeptPane &pane) {
  if (rows.empty())
    return true;
  if (!engine.fireDue(window, pane.table, rows.data(), rows.size()))
    return false;
  for (const mr_due &row : rows)
    store.noteRow(pane.table, pane.table->slotAt(row.position));
  rows.clear();
  return true;
}

/// Rows of the keys that have at least so many new records, by key.
bool PaneFiring::fire(KeptPane &pane, uint64_t least, uint32_t timing) {
  tableSettle(pane.table);
  uint64_t count;
  const uint64_t *order = mr_table_order(pane.table, &count);
  if (!engine.keepsBudget()) // without memory there is no order
    return false;
  bool any = false;
  for (uint64_t i = 0; i < count; ++i) {
    if (!isDue(pane.table->slotAt(order[i]), least))
      continue;
    any = true;
    add(pane, order[i], timing);
    if (rows.size() == kRows && !flush(pane))
      return false;
  }
  window.fired += any;
  store.keys = count;
  return flush(pane);
}

bool PaneFiring::fireOne(KeptPane &pane, uint64_t position, uint32_t timing) {
  ++window.fired;
  add(pane, position, timing);
  return flush(pane);
}

void PaneFiring::drop(std::map<WideTime, KeptPane>::iterator &at) {
  tableFree(at->second.table);
  at = store.panes.erase(at);
}

bool PaneFiring::upTo(int64_t watermark) {
  for (auto at = store.panes.begin(); at != store.panes.end();) {
    KeptPane &pane = at->second;
    if (!store.hasEnded(pane.end, watermark)) {
      bool passed =
          store.firing.emit_unit == MR_EMIT_EVENT_TIME &&
          store.earlyUpTo(pane.start, watermark) > std::max<WideTime>(store.earlyUpTo(pane.start, window.watermark), 0);
      if (passed && !fire(pane, 1, kEarly))
        return false;
      ++at;
      continue;
    }
    bool isGone = store.isGone(pane.end, watermark);
    if (!store.isFinal() && !std::exchange(pane.fired, true) && !fire(pane, 0, kOnTime))
      return false;
    if (pane.pending && (isGone || pane.refireAt <= watermark)) {
      pane.pending = false;
      pane.refireAt = kPlusInfinity;
      if (!fire(pane, 1, kLate))
        return false;
    }
    if (isGone && store.isFinal() && !fire(pane, 0, kOnTime))
      return false;
    isGone ? drop(at) : void(++at);
  }
  return true;
}

/// One row even over empty input (rule 18).
void PaneFiring::makeEmptyRow() {
  if (store.panes.empty())
    store.panes.insert({kPlusInfinity, {0, kPlusInfinity, tableNew(desc.table, *window.account)}});
  mr_table *table = store.panes.begin()->second.table;
  uint8_t *slot = desc.table.layout == MR_LAYOUT_DENSE
                      ? mr_dense_slot(table, 0, desc.table.slot_size)
                      : mr_table_upsert(table, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, desc.table.slot_size);
  uint64_t used;
  std::memcpy(&used, slot + store.firing.rows_offset, sizeof(used));
  used |= 1;
  std::memcpy(slot + store.firing.rows_offset, &used, sizeof(used));
  mr_table_touch(table, slot);
}

bool PaneFiring::global(int64_t watermark) {
  bool isEnd = watermark == kPlusInfinity;
  if (isEnd && !desc.keyed)
    makeEmptyRow();
  if (!isEnd && store.firing.emit_unit == MR_EMIT_EVENT_TIME &&
      store.earlyUpTo(0, watermark) <= store.earlyUpTo(0, window.watermark))
    return true;
  for (auto at = store.panes.begin(); at != store.panes.end();) {
    if (!fire(at->second, isEnd ? 0 : 1, isEnd ? kOnTime : kEarly))
      return false;
    isEnd ? drop(at) : void(++at);
  }
  return true;
}

bool PaneFiring::byClock(int64_t now) {
  while (desc.processing_time && !store.panes.empty() && store.panes.begin()->first <= now) {
    auto first = store.panes.begin();
    if (!fire(first->second, 0, kOnTime))
      return false;
    drop(first);
  }
  int64_t before = std::exchange(store.clock, now);
  if (store.firing.emit_unit != MR_EMIT_PROCESSING_TIME || store.earlyUpTo(0, now) <= store.earlyUpTo(0, before))
    return true;
  for (auto &[end, pane] : store.panes)
    if (!store.hasEnded(end, window.watermark) && !fire(pane, 1, kEarly))
      return false;
  return true;
}

/// The end of input comes before the clock reaches the ends of these windows (rule 8).
bool PaneFiring::atEnd() {
  for (auto at = store.panes.begin(); at != store.panes.end(); drop(at))
    if (!fire(at->second, 0, kEarly))
      return false;
  return true;
}

/// What the record in hand has made due.
bool PaneFiring::now() {
  for (WideTime end : std::exchange(store.noted, {}))
    if (auto at = store.panes.find(end); at != store.panes.end())
      at->second.refireAt = saturated(WideTime(engine.inputWatermark(window)) + store.firing.refire);
  std::vector<DueSlot> due = std::exchange(store.due, {});
  if (due.empty())
    return true;
  for (auto &[end, pane] : store.panes) {
    auto isHere = [&](const DueSlot &slot) { return slot.table == pane.table; };
    auto first = std::find_if(due.begin(), due.end(), isHere);
    if (first == due.end())
      continue;
    bool isLate = store.hasEnded(end, window.watermark);
    bool isOne = std::none_of(first + 1, due.end(), isHere) && first->slots == pane.table->now.slots;
    uint64_t least = isLate ? 1 : uint64_t(store.firing.emit);
    if (!(isOne ? fireOne(pane, first->position, isLate ? kLate : kEarly) : fire(pane, least, isLate ? kLate : kEarly)))
      return false;
  }
  return true;
}

} // namespace

bool mr_engine::fireKept(WindowState &window, int64_t watermark) {
  PaneFiring firing(*this, window);
  return window.kept->isGlobal ? firing.global(watermark) : firing.upTo(watermark);
}

bool mr_engine::fireKeptByClock(WindowState &window, int64_t now) { return PaneFiring(*this, window).byClock(now); }

bool mr_engine::fireKeptAtEnd(WindowState &window) { return PaneFiring(*this, window).atEnd(); }

bool mr_engine::fireAtOnce() {
  auto outer = std::tuple(firing, firingTable, firingDue, firingDueCount, firingStart, firingEnd, timing);
  while (!stopped && std::exchange(task.paused, 0))
    for (WindowState &window : windows)
      if (window.kept && !stopped)
        PaneFiring(*this, window).now();
  std::tie(firing, firingTable, firingDue, firingDueCount, firingStart, firingEnd, timing) = outer;
  return !stopped;
}

void mr_engine::forgetDue() {
  task.paused = 0;
  for (WindowState &window : windows)
    if (window.kept)
      window.kept->due.clear(), window.kept->noted.clear();
}
