//===- panes.cpp - records of windows that fire again ---------------------------------------===//
//
// Which windows a record goes into (rule 19): all that hold its time and are left. A
// window that has fired is never kept in hand by generated code, so each record of it
// comes here, and what it makes fire is known (rule 20).
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/panes.h"

#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

PaneStore::PaneStore(const mr_window_desc &desc)
    : desc(desc), firing(desc.firing), times(desc), isGlobal(desc.kind == MR_WINDOW_GLOBAL),
      isInEventTime(!isGlobal && !desc.processing_time) {}

std::unique_ptr<PaneStore> millrace::makePanes(const mr_window_desc &desc) { return std::make_unique<PaneStore>(desc); }

//===-- when something happens ---------------------------------------------------------------===//

/// Counted from the window's start (rule 21), of a global window from 1970 on; by the clock, too.
WideTime PaneStore::earlyUpTo(WideTime start, WideTime time) const {
  bool byClock = firing.emit_unit == MR_EMIT_PROCESSING_TIME;
  WideTime from = byClock || isGlobal ? 0 : start, passed = byClock ? time : time + 1;
  WideTime since = passed - from;
  WideTime number = since / firing.emit;
  return since < 0 && number * firing.emit != since ? number - 1 : number;
}

int64_t PaneStore::border(int64_t watermark) const {
  WideTime least = kPlusInfinity;
  auto consider = [&](WideTime at) {
    if (at > watermark && at < least)
      least = at;
  };
  bool isEarly = firing.emit_unit == MR_EMIT_EVENT_TIME;
  if (isGlobal) {
    if (isEarly)
      consider((earlyUpTo(0, watermark) + 1) * firing.emit - 1);
    return int64_t(least);
  }
  WideTime end = times.endAfter(WideTime(watermark) + 1);
  consider(end - 1);
  if (firing.lateness)
    consider(times.endAfter(WideTime(watermark) - firing.lateness + 1) - 1 + firing.lateness);
  for (const auto &[ends, pane] : panes) {
    if (!hasEnded(ends, watermark))
      break; // those behind it have not, either
    consider(pane.refireAt);
  }
  // Windows that begin later have none before these.
  for (bool isFirst = true; isEarly; end = times.endAfter(end), isFirst = false) {
    WideTime start = times.startOf(end);
    if (!isFirst && start > WideTime(watermark) + 1)
      break;
    WideTime at = start + std::max<WideTime>(earlyUpTo(start, watermark) + 1, 1) * firing.emit - 1;
    if (at < end - 1)
      consider(at);
  }
  return int64_t(least);
}

size_t PaneStore::open() const {
  return size_t(std::count_if(panes.begin(), panes.end(), [](const auto &at) { return !at.second.fired; }));
}

WideTime PaneStore::firstEnd() const {
  for (const auto &[end, pane] : panes)
    if (!pane.fired)
      return end;
  return kPlusInfinity;
}

void PaneStore::noteRow(mr_table *table, uint8_t *slot) const {
  uint64_t rows = word(slot + firing.rows_offset) + 2, none = 0;
  if (isDiscarding()) // the members begin anew; all pieces are zero then
    mr_table_reset(table, slot);
  std::memcpy(slot + firing.rows_offset, &rows, sizeof(rows));
  std::memcpy(slot + firing.fresh_offset, &none, sizeof(none));
  mr_table_touch(table, slot);
}

//===-- records ------------------------------------------------------------------------------===//

namespace {

mr_table *newTable(mr_engine &engine, WindowState &window) {
  return tableNew(window.desc->table, *window.account, engine.heads[&window - engine.windows.data()].dictionary,
                  window.kept->keys);
}

/// The window that ends at `end`, made if need be.
KeptPane &paneAt(mr_engine &engine, WindowState &window, WideTime end) {
  PaneStore &store = *window.kept;
  auto at = store.panes.lower_bound(end);
  if (at == store.panes.end() || at->first != end)
    at = store.panes.insert(at, {end, {store.isGlobal ? 0 : store.times.startOf(end), end, newTable(engine, window)}});
  return at->second;
}

/// The window becomes the one that generated code has in hand for this record.
mr_table *take(mr_engine &engine, WindowState &window, WideTime end, mr_pane *told) {
  PaneStore &store = *window.kept;
  KeptPane &pane = paneAt(engine, window, end);
  store.at = end;
  *told = {0, 0, UINT64_MAX};
  if (store.isFinal())
    return pane.table;
  if (!store.hasEnded(end, window.watermark)) {
    if (store.firing.emit_unit == MR_EMIT_RECORDS)
      told->least = uint64_t(store.firing.emit);
    return pane.table;
  }
  pane.fired = true; // at its end it had no records
  if (!store.firing.refire) {
    told->least = 1;
  } else if (!pane.pending) { // W is known behind the record
    pane.pending = true;
    store.noted.push_back(end);
    engine.pause();
  }
  return pane.table;
}

/// Its times are in no other window.
bool isAlone(const mr_window_desc &desc) { return desc.kind == MR_WINDOW_TUMBLING || desc.kind == MR_WINDOW_CALENDAR; }

} // namespace

void mr_engine::pause() {
  task.paused = 1;
  if (firing)
    task.outBytes = uint64_t(1) << 62; // as if the output were full
}

extern "C" mr_table *mr_pane_first(mr_task *task, uint32_t index, int64_t time, uint32_t record, mr_pane *told) {
  mr_engine &engine = *task->engine;
  WindowState &window = engine.windows[index];
  PaneStore &store = *window.kept;
  *told = {0, 0, UINT64_MAX};
  store.at = store.last = kPlusInfinity;
  if (store.isGlobal) {
    mr_table *table = take(engine, window, kPlusInfinity, told);
    told->start = INT64_MIN;
    told->length = UINT64_MAX;
    return table;
  }
  if (!store.times.inWindow(time)) {
    countFor(window, store.counts.inNoWindow, record);
    return nullptr;
  }
  if (store.isInEventTime && !store.times.inRange(time)) {
    engine.outOfRange = true; // the step goes on with some table; the engine then judges the record
    return store.outside ? store.outside : store.outside = newTable(engine, window);
  }
  WideTime end = store.times.firstEnd(time), last = store.times.lastEnd(time);
  if (store.isGone(last, window.watermark)) {
    countFor(window, task->windows[index].late, record);
    told->start = 1;
    return nullptr;
  }
  if (store.isGone(end, window.watermark)) {
    countFor(window, store.counts.partlyLate, record);
    end = store.times.endAfter(WideTime(window.watermark) - store.firing.lateness + 1);
  }
  mr_table *table = take(engine, window, end, told);
  store.last = last;
  if (isAlone(*window.desc) && !store.hasEnded(end, window.watermark)) {
    WideTime start = store.times.startOf(end);
    told->start = int64_t(start);
    told->length = uint64_t(end - start);
  }
  return table;
}

extern "C" mr_table *mr_pane_next(mr_task *task, uint32_t index, mr_pane *told) {
  WindowState &window = task->engine->windows[index];
  PaneStore &store = *window.kept;
  if (store.at >= store.last)
    return nullptr;
  return take(*task->engine, window, store.times.endAfter(store.at), told);
}

extern "C" void mr_pane_due(mr_task *task, uint32_t index, mr_table *table, const uint8_t *slot) {
  task->engine->windows[index].kept->due.push_back({table, table->now.slots, table->positionOf(slot)});
  task->engine->pause();
}

extern "C" bool mr_late_after_idle(mr_task *task, uint32_t index) {
  return task->engine->isLateAfterIdle(task->engine->windows[index]);
}
