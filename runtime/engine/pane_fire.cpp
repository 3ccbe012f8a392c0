//===- pane_fire.cpp - when windows that fire again do so ------------------------------------===//
//
// A window fires before its end (`emit every`), at its end, and for records that come
// after it. At one move of W each window that has records does what is due, by their
// ends: if its end is reached it fires on time, and not once more before; else early,
// if a time for that was passed and something has changed. Then what late records
// changed of keys, if that was gathered for long enough, and last it goes.
//
// That may be done in pieces (pieces.cpp). All windows for which something is due are
// in hand from the beginning on: records that come for them go to a table aside, and
// from there to the window, key by key, when it has fired.
//
// What fires behind a single record (late ones, `emit every n records`) ends the step,
// or lets a firing pause: it is done before the next record, and what is under way
// before it.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/pane_fire.h"

#include "runtime/state/table_api.h"

#include <algorithm>
#include <tuple>
#include <utility>

using namespace millrace;

static int64_t saturated(WideTime time) { return int64_t(std::min<WideTime>(time, kPlusInfinity)); }

//===-- records that come while a window is in hand --------------------------------------------===//

/// A key of the table aside, to that of the window. Members are combined, what slots have beside them is added up.
bool PaneFiring::absorbKey(KeptPane &pane, mr_table *from, uint64_t position) {
  tableKey(from, position, key.data());
  uint8_t *to = tableUpsert(pane.table, key.data());
  if (!engine.keepsBudget())
    return false;
  mr_cursor cursor = {position, 0};
  if (desc.combine(&engine.task, pane.table, from, position + 1, &cursor) == MR_FAILED)
    return engine.stop(kWrong, "error: `" + std::string(desc.name) + "` failed while its records were combined");
  const uint8_t *slot = from->slotAt(position);
  bool isFirst = store.freshOf(to) == 0;
  store.addFresh(pane.table, to, store.freshOf(slot));
  store.occupy(pane.table, to);
  if (store.hasRefire(slot) && !store.hasRefire(to)) {
    store.setRefire(pane.table, to, store.refireOf(slot));
    pane.changed.forget(); // what is noted lies by its times
  } else if (!pane.fired && isFirst) {
    pane.changed.add(pane.table, to, store.mostNoted(pane));
  }
  return true;
}

/// The window has fired: what came meanwhile is its own, and it is in hand no more.
Work PaneFiring::absorb(KeptPane &pane) {
  constexpr uint64_t kAtOnce = 512, kCost = 2; // positions that are gone through in the time of a key that is combined
  constexpr uint64_t kFewTurns = 2;            // the records of so many are put there at once: it has to come to an end
  for (uint64_t turns = ~uint64_t(0); pane.aside;) {
    OwnTable from(std::exchange(pane.aside, nullptr));
    uint64_t absorbed = 0, began = engine.turnsTaken;
    while (!tableSettleSome(from.get(), kAtOnce))
      co_await engine.spend(kAtOnce);
    tableSettle(from.get());
    uint32_t size = desc.table.slot_size;
    for (uint64_t i = mr_table_next(from.get(), 0, size); i < from->end; i = mr_table_next(from.get(), i + 1, size)) {
      if (!tableInUse(from.get(), i))
        continue;
      if (!absorbKey(pane, from.get(), i))
        co_return false;
      if (++absorbed % kAtOnce == 0 && turns > kFewTurns)
        co_await engine.spend(kAtOnce * kCost);
    }
    turns = engine.turnsTaken - began;
    if (!pane.aside) // else a record may come for that between two pieces
      pane.isFiring = false;
    if (tableIsArray(desc.table))
      co_await engine.leave(std::move(from), window);
    else
      co_await engine.leave(std::move(from));
  }
  store.setRefireAt(pane, std::min(pane.refireAt, std::exchange(pane.asideRefireAt, kPlusInfinity)));
  pane.isFiring = false;
  co_return true;
}

/// A late record has changed the key, which lies in the window's table, or aside.
void PaneFiring::wait(KeptPane &pane, mr_table *table, uint64_t position, int64_t at) {
  uint8_t *slot = table->slotAt(position);
  if (store.hasRefire(slot))
    return;
  store.setRefire(table, slot, at);
  if (table == pane.table)
    pane.changed.add(table, slot, UINT64_MAX);
  else
    pane.asideRefireAt = std::min(pane.asideRefireAt, at);
  store.setRefireAt(pane, std::min(pane.refireAt, at));
}

//===-- what W makes due ---------------------------------------------------------------------===//

bool PaneFiring::passesEarly(const KeptPane &pane, WideTime from, int64_t watermark) const {
  return store.firing.emit_unit == MR_EMIT_EVENT_TIME && !store.hasEnded(pane.end, watermark) &&
         store.passesEarly(pane.start, from, watermark);
}

bool PaneFiring::takeInHand(WideTime from, int64_t watermark) {
  bool any = desc.fill && (window.known || !store.panes.empty());
  for (auto &[end, pane] : store.panes) {
    bool isGone = store.isGone(end, watermark),
         ends = !store.isFinal() && !pane.fired && store.hasEnded(end, watermark);
    pane.isFiring = isGone || ends || pane.refireAt <= watermark || passesEarly(pane, from, watermark);
    any |= pane.isFiring;
  }
  return any;
}

/// The window has ended, or was left when W was less than now.
Work PaneFiring::visit(KeptPane &pane, int64_t watermark) {
  bool isGone = store.isGone(pane.end, watermark);
  if (store.isFinal() ? isGone : !std::exchange(pane.fired, true)) {
    if (desc.fill && !co_await engine.fillKeys(window, pane.table, pane.end))
      co_return false;
    if (!engine.keepsBudget() || !co_await fireAll(pane, kOnTime))
      co_return false;
  }
  if (pane.refireAt < kPlusInfinity && (isGone || pane.refireAt <= watermark))
    if (!co_await refire(pane, isGone ? kPlusInfinity : watermark))
      co_return false;
  co_return isGone || co_await absorb(pane);
}

/// Its table goes.
Work PaneFiring::leave(KeptPane &pane) {
  OwnTable table(std::exchange(pane.table, nullptr));
  store.drop(store.panes.find(pane.end));
  co_return co_await engine.leave(std::move(table), window);
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

/// Windows that have come to their end since W was at `from`.
Work PaneFiring::onTime(WideTime from, int64_t watermark) {
  if (desc.fill) {
    for (auto at = nextFilled(watermark); at != store.panes.end(); at = nextFilled(watermark)) {
      if (!co_await visit(at->second, watermark))
        co_return false;
      if (store.isGone(at->first, watermark))
        co_await leave(at->second);
    }
    co_return true;
  }
  for (auto at = store.panes.upper_bound(from + 1); at != store.panes.end() && store.hasEnded(at->first, watermark);) {
    KeptPane &pane = (at++)->second;
    if (!co_await visit(pane, watermark))
      co_return false;
    if (store.isGone(pane.end, watermark))
      co_await leave(pane);
  }
  co_return true;
}

Work PaneFiring::early(WideTime from, WideTime to, int64_t watermark) {
  for (auto at = store.isInEventTime ? store.panes.upper_bound(WideTime(watermark) + 1) : store.panes.begin();
       at != store.panes.end(); ++at) {
    KeptPane &pane = at->second;
    if (store.firing.emit_unit == MR_EMIT_EVENT_TIME && !pane.isFiring)
      continue; // it had no records when W moved: those that have come since are behind that
    if (store.passesEarly(pane.start, from, to) && !(co_await fireChanged(pane, kEarly) && co_await absorb(pane)))
      co_return false;
  }
  co_return true;
}

/// By their ends: windows that go, late changes that were gathered in others, those that have come to their end, those
/// that have not.
Work PaneFiring::upTo(WideTime from, int64_t watermark) {
  bool fillsLast = desc.fill && store.isFinal(); // then windows without records are among those that go
  while (!fillsLast && !store.panes.empty()) {
    KeptPane &pane = store.panes.begin()->second;
    if (pane.end > from + 1 || !store.isGone(pane.end, watermark))
      break;
    if (!co_await visit(pane, watermark))
      co_return false;
    co_await leave(pane);
  }
  StateVector<WideTime> ends(store.account);
  for (const auto &[at, end] : store.waiting)
    if (at <= watermark)
      ends.push_back(end);
  std::sort(ends.begin(), ends.end());
  for (WideTime end : ends)
    if (!co_await visit(store.panes.find(end)->second, watermark))
      co_return false;
  if (!co_await onTime(from, watermark))
    co_return false;
  co_return store.firing.emit_unit != MR_EMIT_EVENT_TIME || co_await early(from, watermark, watermark);
}

/// One row even over empty input (rule 18).
void PaneFiring::makeEmptyRow() {
  KeptPane &pane = store.paneAt(engine, window, kPlusInfinity);
  uint8_t *slot = desc.table.layout == MR_LAYOUT_DENSE
                      ? mr_dense_slot(pane.table, 0, desc.table.slot_size)
                      : mr_table_upsert(pane.table, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, desc.table.slot_size);
  store.occupy(pane.table, slot);
}

Work PaneFiring::global(WideTime from, int64_t watermark) {
  if (watermark != kPlusInfinity)
    co_return store.firing.emit_unit != MR_EMIT_EVENT_TIME || co_await early(from, watermark, watermark);
  if (!desc.keyed)
    makeEmptyRow();
  co_return co_await atEnd(kOnTime);
}

//===-- what the clock makes due -------------------------------------------------------------===//

Work PaneFiring::byClock(int64_t now) {
  while (desc.processing_time && !store.panes.empty() && store.panes.begin()->first <= now) {
    if (!co_await fireAll(store.panes.begin()->second, kOnTime))
      co_return false;
    store.drop(store.panes.begin());
  }
  int64_t before = std::exchange(store.clock, now);
  if (store.firing.emit_unit != MR_EMIT_PROCESSING_TIME || now < store.clockDue)
    co_return true;
  bool good = co_await early(before, now, window.watermark);
  store.findClockDue();
  co_return good;
}

/// Windows that are left go with a row of each key.
Work PaneFiring::atEnd(Timing timing) {
  while (!store.panes.empty()) {
    if (!co_await fireAll(store.panes.begin()->second, timing))
      co_return false;
    co_await leave(store.panes.begin()->second);
  }
  co_return true;
}

//===-- what the record in hand makes due ----------------------------------------------------===//

/// Does its row come behind the record, or is it gathered?
bool PaneFiring::isAtOnce(const DueSlot &one) const {
  return !store.firing.refire || !store.hasEnded(one.pane->end, window.watermark);
}

/// Slots of one window. They may have moved since, with keys that the same record brought.
bool PaneFiring::now(KeptPane &pane, const DueSlot *first, const DueSlot *last) {
  bool isLate = store.hasEnded(pane.end, window.watermark);
  uint64_t least = isLate ? 1 : uint64_t(store.firing.emit);
  mr_table *table = pane.aside ? pane.aside : pane.table;
  bool isInPlace = std::all_of(first, last, [&](const DueSlot &one) { return one.slots == table->now.slots; });
  StateVector<uint64_t> positions(store.account);
  for (const DueSlot *one = first; isInPlace && one != last; ++one)
    positions.push_back(one->position);
  tableSettle(table);
  uint32_t size = desc.table.slot_size;
  for (uint64_t i = isInPlace ? UINT64_MAX : mr_table_next(table, 0, size); i < table->end;
       i = mr_table_next(table, i + 1, size))
    if (const uint8_t *slot = table->slotAt(i); tableInUse(table, i) && store.freshOf(slot) >= least)
      positions.push_back(i);
  if (isAtOnce(*first))
    return engine.runWhole(fireAt(pane, positions, isLate ? kLate : kEarly));
  int64_t at = saturated(WideTime(engine.inputWatermark(window)) + store.firing.refire);
  for (uint64_t position : positions)
    wait(pane, table, position, at);
  return true;
}

bool PaneFiring::now() {
  StateVector<DueSlot> due = std::exchange(store.due, StateVector<DueSlot>(store.account));
  bool isAny = std::any_of(due.begin(), due.end(), [this](const DueSlot &one) { return isAtOnce(one); });
  if (isAny && !engine.settle(window)) // a key's rows come in their order
    return false;
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

static Work fireWindows(mr_engine &engine, WindowState &window, WideTime from, int64_t watermark) {
  PaneFiring firing(engine, window);
  co_return window.kept->isGlobal ? co_await firing.global(from, watermark) : co_await firing.upTo(from, watermark);
}

bool mr_engine::fireKept(WindowState &window, int64_t watermark) {
  PaneStore &store = *window.kept;
  if (window.work.isUnderWay() && store.border(window.watermark) > watermark)
    return true;
  if (!settle(window))
    return false;
  if (window.desc->fill)
    for (const auto &[end, pane] : store.panes)
      window.lastStart = std::max(window.lastStart, pane.start);
  bool isLast = store.isGlobal && watermark == kPlusInfinity;
  if (!PaneFiring(*this, window).takeInHand(window.watermark, watermark) && !isLast)
    return true;
  return begin(window, fireWindows(*this, window, window.watermark, watermark), window.outWatermark);
}

static Work fireByClock(mr_engine &engine, WindowState &window, int64_t now) {
  PaneFiring firing(engine, window);
  co_return co_await firing.byClock(now);
}

bool mr_engine::fireKeptByClock(WindowState &window, int64_t now) { return runWhole(fireByClock(*this, window, now)); }

static Work fireLeft(mr_engine &engine, WindowState &window) {
  PaneFiring firing(engine, window);
  co_return co_await firing.atEnd(kEarly);
}

bool mr_engine::fireKeptAtEnd(WindowState &window) { return settle(window) && runWhole(fireLeft(*this, window)); }
