//===- pane_fire.cpp - rows of windows that fire again --------------------------------------===//
//
// A window fires before its end (`emit every`), at its end, and for records that come
// after it. At one move of W each window that has records does what is due, by their
// ends: if its end is reached it fires on time, and not once more before; else early,
// if a time for that was passed and something has changed. Then what late records
// changed of keys, if that was gathered for long enough, and last it goes.
//
// What fires behind a single record (late ones, `emit every n records`) ends the step,
// or lets a firing pause: it is done before the next record.
//
// Rows of one window come in the order of their keys where something behind asks for
// it, else by position.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/pane_fire.h"

#include "runtime/engine/signals.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <tuple>
#include <utility>

using namespace millrace;

namespace {

/// Rows that are handed to a firing at once.
constexpr size_t kRows = 256;

int64_t saturated(WideTime time) { return int64_t(std::min<WideTime>(time, kPlusInfinity)); }

} // namespace

//===-- rows ---------------------------------------------------------------------------------===//

void PaneFiring::add(const KeptPane &pane, uint64_t position, uint32_t timing) {
  int64_t time = store.isGlobal ? engine.heads[&window - engine.windows.data()].greatestTime : int64_t(pane.end - 1);
  int64_t start = store.isGlobal ? 0 : int64_t(pane.start), end = store.isGlobal ? 0 : int64_t(pane.end);
  uint32_t number = uint32_t(std::min<uint64_t>(store.rowsOf(pane.table->slotAt(position)), UINT32_MAX));
  store.rows.push_back({position, start, end, time, number, timing, 0, 0});
}

/// Writes the rows that were added.
bool PaneFiring::flush(KeptPane &pane) {
  if (store.rows.empty())
    return true;
  if (!engine.fireDue(window, pane.table, store.rows.data(), store.rows.size()))
    return false;
  for (const mr_due &row : store.rows)
    store.noteRow(pane.table, pane.table->slotAt(row.position));
  any = true;
  store.rows.clear();
  return mayGoOn();
}

/// A window with a million keys is given up soon after Ctrl-C; what takes little longer comes to its end.
bool PaneFiring::mayGoOn() {
  constexpr int64_t kPatience = 100'000; // microseconds
  if (engine.options.drain || !SignalWatch::interrupted())
    return true;
  if (!store.interruptedAt)
    store.interruptedAt = stopwatch();
  return stopwatch() - store.interruptedAt < kPatience ||
         engine.stop(kInterrupted, "error: interrupted while `" + std::string(desc.name) +
                                       "` fired: not all of its results were written");
}

bool PaneFiring::write(KeptPane &pane, uint64_t position, uint32_t timing) {
  add(pane, position, timing);
  return store.rows.size() < kRows || flush(pane);
}

bool PaneFiring::end(KeptPane &pane) {
  bool good = flush(pane);
  window.fired += std::exchange(any, false);
  return good;
}

/// Rows of the keys that have at least so many new records.
bool PaneFiring::fire(KeptPane &pane, uint64_t least, uint32_t timing) {
  mr_table *table = pane.table;
  tableSettle(table);
  auto one = [&](uint64_t position) {
    return store.freshOf(table->slotAt(position)) < least || write(pane, position, timing);
  };
  if (desc.ordered) {
    uint64_t count;
    const uint64_t *order = mr_table_order(table, &count);
    if (!engine.keepsBudget()) // without memory there is no order
      return false;
    for (uint64_t i = 0; i < count; ++i)
      if (!one(order[i]))
        return false;
  } else {
    uint32_t size = desc.table.slot_size;
    for (uint64_t i = mr_table_next(table, 0, size); i < table->end; i = mr_table_next(table, i + 1, size))
      if (tableInUse(table, i) && !one(i))
        return false;
  }
  return end(pane);
}

/// Rows of the keys at these positions.
bool PaneFiring::fireAt(KeptPane &pane, StateVector<uint64_t> &positions, uint32_t timing) {
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
  if (desc.ordered && positions.size() > 1 && !tableSort(pane.table, positions.data(), positions.size()))
    return engine.keepsBudget();
  for (uint64_t position : positions) {
    if (desc.fill && timing == kLate)
      engine.learnKey(window, pane.table, position);
    if (!write(pane, position, timing))
      return false;
  }
  return end(pane);
}

/// All keys have their row, and nothing is new.
bool PaneFiring::fireAll(KeptPane &pane, uint32_t timing) {
  if (!fire(pane, 0, timing))
    return false;
  pane.changed.clear();
  store.setRefireAt(pane, kPlusInfinity);
  store.keys = tableCount(pane.table);
  return true;
}

/// Those that have something new.
bool PaneFiring::fireChanged(KeptPane &pane, uint32_t timing) {
  bool good = pane.changed.isKnown(pane.table) ? fireAt(pane, pane.changed.all, timing) : fire(pane, 1, timing);
  pane.changed.clear();
  return good;
}

//===-- changes that late records made, gathered ---------------------------------------------===//

/// The keys of the window that wait, by when they fire.
void PaneFiring::findWaiting(KeptPane &pane) {
  if (pane.changed.isKnown(pane.table))
    return;
  tableSettle(pane.table);
  StateVector<uint64_t> found(store.account);
  uint32_t size = desc.table.slot_size;
  mr_table *table = pane.table;
  for (uint64_t i = mr_table_next(table, 0, size); i < table->end; i = mr_table_next(table, i + 1, size))
    if (tableInUse(table, i) && store.hasRefire(table->slotAt(i)))
      found.push_back(i);
  std::sort(found.begin(), found.end(), [&](uint64_t a, uint64_t b) {
    return std::pair(store.refireOf(table->slotAt(a)), a) < std::pair(store.refireOf(table->slotAt(b)), b);
  });
  pane.changed.set(table, std::move(found));
}

/// Rows of the keys whose first change is long enough ago at `watermark`.
bool PaneFiring::refire(KeptPane &pane, int64_t watermark) {
  findWaiting(pane);
  StateVector<uint64_t> &all = pane.changed.all, due(store.account);
  auto isDue = [&](uint64_t position) { return store.refireOf(pane.table->slotAt(position)) <= watermark; };
  auto left = std::partition_point(all.begin(), all.end(), isDue);
  due.assign(all.begin(), left);
  all.erase(all.begin(), left);
  store.setRefireAt(pane, all.empty() ? kPlusInfinity : store.refireOf(pane.table->slotAt(all.front())));
  return fireAt(pane, due, kLate);
}

/// A late record has changed the key.
void PaneFiring::wait(KeptPane &pane, uint64_t position, int64_t at) {
  uint8_t *slot = pane.table->slotAt(position);
  if (store.hasRefire(slot))
    return;
  store.setRefire(pane.table, slot, at);
  pane.changed.add(pane.table, slot, UINT64_MAX);
  store.setRefireAt(pane, std::min(pane.refireAt, at));
}

//===-- what W makes due ---------------------------------------------------------------------===//

/// The window has ended, or was left when W was less than now.
bool PaneFiring::visit(KeptPane &pane, int64_t watermark) {
  bool isGone = store.isGone(pane.end, watermark);
  if (store.isFinal() ? isGone : !std::exchange(pane.fired, true)) {
    if (desc.fill)
      engine.fillKeys(window, pane.table, pane.end);
    if (!engine.keepsBudget() || !fireAll(pane, kOnTime))
      return false;
  }
  if (pane.refireAt == kPlusInfinity || (!isGone && pane.refireAt > watermark))
    return true;
  return refire(pane, isGone ? kPlusInfinity : watermark);
}

/// With `fill`, the window that fires next at its end, if W has come to that: made if it has no records.
PaneStore::Panes::iterator PaneFiring::nextFilled(int64_t watermark) {
  int64_t reached = store.isFinal() ? heldBack(window, watermark) : watermark;
  auto first = store.panes.begin();
  while (!window.known && first != store.panes.end() && first->second.fired)
    ++first; // its keys are known when they have their late rows
  if (!window.known && first == store.panes.end())
    return first;
  WideTime end = window.known ? store.times.endAfter(window.filledTo) : first->first;
  if (!engine.fillsUpTo(window, store.times.startOf(end), end, reached))
    return store.panes.end();
  return store.panes.find(store.paneAt(engine, window, end).end);
}

/// Windows that have come to their end since.
bool PaneFiring::onTime(int64_t watermark) {
  if (desc.fill) {
    for (auto at = nextFilled(watermark); at != store.panes.end(); at = nextFilled(watermark)) {
      if (!visit(at->second, watermark))
        return false;
      if (store.isGone(at->first, watermark))
        store.drop(at);
    }
    return true;
  }
  for (auto at = store.panes.upper_bound(WideTime(window.watermark) + 1);
       at != store.panes.end() && store.hasEnded(at->first, watermark);) {
    if (!visit(at->second, watermark))
      return false;
    store.isGone(at->first, watermark) ? void(at = store.drop(at)) : void(++at);
  }
  return true;
}

bool PaneFiring::early(WideTime from, WideTime to, int64_t watermark) {
  for (auto at = store.isInEventTime ? store.panes.upper_bound(WideTime(watermark) + 1) : store.panes.begin();
       at != store.panes.end(); ++at)
    if (store.passesEarly(at->second.start, from, to) && !fireChanged(at->second, kEarly))
      return false;
  return true;
}

/// By their ends: windows that go, late changes that were gathered in others, those that have come to their end, those
/// that have not.
bool PaneFiring::upTo(int64_t watermark) {
  if (desc.fill)
    for (const auto &[end, pane] : store.panes)
      window.lastStart = std::max(window.lastStart, pane.start);
  WideTime before = WideTime(window.watermark) + 1; // up to here all have come to their ends
  bool fillsLast = desc.fill && store.isFinal();    // then windows without records are among those that go
  for (auto at = store.panes.begin();
       !fillsLast && at != store.panes.end() && at->first <= before && store.isGone(at->first, watermark);
       at = store.drop(at))
    if (!visit(at->second, watermark))
      return false;
  StateVector<WideTime> ends(store.account);
  for (const auto &[at, end] : store.waiting)
    if (at <= watermark)
      ends.push_back(end);
  std::sort(ends.begin(), ends.end());
  for (WideTime end : ends)
    if (!visit(store.panes.find(end)->second, watermark))
      return false;
  if (!onTime(watermark))
    return false;
  return store.firing.emit_unit != MR_EMIT_EVENT_TIME || early(window.watermark, watermark, watermark);
}

/// One row even over empty input (rule 18).
void PaneFiring::makeEmptyRow() {
  KeptPane &pane = store.paneAt(engine, window, kPlusInfinity);
  uint8_t *slot = desc.table.layout == MR_LAYOUT_DENSE
                      ? mr_dense_slot(pane.table, 0, desc.table.slot_size)
                      : mr_table_upsert(pane.table, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, desc.table.slot_size);
  store.occupy(pane.table, slot);
}

bool PaneFiring::global(int64_t watermark) {
  if (watermark != kPlusInfinity)
    return store.firing.emit_unit != MR_EMIT_EVENT_TIME || early(window.watermark, watermark, watermark);
  if (!desc.keyed)
    makeEmptyRow();
  return atEnd(kOnTime);
}

//===-- what the clock makes due -------------------------------------------------------------===//

bool PaneFiring::byClock(int64_t now) {
  while (desc.processing_time && !store.panes.empty() && store.panes.begin()->first <= now) {
    if (!fireAll(store.panes.begin()->second, kOnTime))
      return false;
    store.drop(store.panes.begin());
  }
  int64_t before = std::exchange(store.clock, now);
  if (store.firing.emit_unit != MR_EMIT_PROCESSING_TIME || now < store.clockDue)
    return true;
  bool good = early(before, now, window.watermark);
  store.findClockDue();
  return good;
}

/// Windows that are left go with a row of each key.
bool PaneFiring::atEnd(Timing timing) {
  for (auto at = store.panes.begin(); at != store.panes.end(); at = store.drop(at))
    if (!fireAll(at->second, timing))
      return false;
  return true;
}

//===-- what the record in hand makes due ----------------------------------------------------===//

/// Slots of one window. They may have moved since, with keys that the same record brought.
bool PaneFiring::now(KeptPane &pane, const DueSlot *first, const DueSlot *last) {
  bool isLate = store.hasEnded(pane.end, window.watermark), gathers = isLate && store.firing.refire;
  uint64_t least = isLate ? 1 : uint64_t(store.firing.emit);
  bool isInPlace = std::all_of(first, last, [&](const DueSlot &one) { return one.slots == pane.table->now.slots; });
  StateVector<uint64_t> positions(store.account);
  for (const DueSlot *one = first; isInPlace && one != last; ++one)
    positions.push_back(one->position);
  tableSettle(pane.table);
  uint32_t size = desc.table.slot_size;
  for (uint64_t i = isInPlace ? UINT64_MAX : mr_table_next(pane.table, 0, size); i < pane.table->end;
       i = mr_table_next(pane.table, i + 1, size))
    if (const uint8_t *slot = pane.table->slotAt(i); tableInUse(pane.table, i) && store.freshOf(slot) >= least)
      positions.push_back(i);
  if (!gathers)
    return fireAt(pane, positions, isLate ? kLate : kEarly);
  int64_t at = saturated(WideTime(engine.inputWatermark(window)) + store.firing.refire);
  for (uint64_t position : positions)
    wait(pane, position, at);
  return true;
}

bool PaneFiring::now() {
  StateVector<DueSlot> due = std::exchange(store.due, StateVector<DueSlot>(store.account));
  std::sort(due.begin(), due.end(), [](const DueSlot &a, const DueSlot &b) { return a.pane->end < b.pane->end; });
  for (auto first = due.begin(); first != due.end();) {
    KeptPane *pane = first->pane;
    auto last = std::find_if(first, due.end(), [&](const DueSlot &one) { return one.pane != pane; });
    if (!now(*pane, &*first, &*first + (last - first)))
      return false;
    first = last;
  }
  return true;
}

//===-- the engine's -------------------------------------------------------------------------===//

bool mr_engine::fireAtOnce() {
  auto outer = std::tuple(firing, firingTable, firingDue, firingDueCount, firingStart, firingEnd, timing);
  while (!stopped && std::exchange(task.paused, 0))
    for (WindowState &window : windows)
      if (window.kept && !stopped)
        PaneFiring(*this, window).now();
      else if (window.sessions && !stopped)
        fireSessionsNow(window);
  std::tie(firing, firingTable, firingDue, firingDueCount, firingStart, firingEnd, timing) = outer;
  return !stopped;
}

void mr_engine::forgetDue() {
  task.paused = 0;
  for (WindowState &window : windows)
    if (window.kept)
      window.kept->due.clear();
    else if (window.sessions)
      window.sessions->forgetChanges();
}

bool mr_engine::fireKept(WindowState &window, int64_t watermark) {
  PaneFiring firing(*this, window);
  return window.kept->isGlobal ? firing.global(watermark) : firing.upTo(watermark);
}

bool mr_engine::fireKeptByClock(WindowState &window, int64_t now) { return PaneFiring(*this, window).byClock(now); }

bool mr_engine::fireKeptAtEnd(WindowState &window) { return PaneFiring(*this, window).atEnd(kEarly); }
