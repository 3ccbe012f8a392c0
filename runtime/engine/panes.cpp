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

//===-- the windows --------------------------------------------------------------------------===//

KeptPane &PaneStore::paneAt(mr_engine &engine, WindowState &window, WideTime end) {
  auto at = panes.lower_bound(end);
  if (at != panes.end() && at->first == end)
    return at->second;
  WideTime start = isGlobal ? 0 : times.startOf(end);
  mr_table *table = engine.takeTable(window, keys);
  at = panes.try_emplace(at, end, account, start, end, table);
  if (firing.emit_unit == MR_EMIT_PROCESSING_TIME)
    noteClockDue(at->second);
  return at->second;
}

mr_table *PaneStore::tableOf(mr_engine &engine, WindowState &window, KeptPane &pane) {
  if (pane.isFiring && !pane.aside)
    pane.aside = tableIsArray(desc.table)
                     ? engine.takeTable(window, 0)
                     : tableNew(desc.table, account, engine.heads[&window - engine.windows.data()].dictionary);
  return pane.isFiring ? pane.aside : pane.table;
}

KeptPane &PaneStore::paneOf(const mr_table *table) {
  if (inHand && (inHand->table == table || inHand->aside == table))
    return *inHand;
  for (auto &[end, pane] : panes) // of another step of the program
    if (pane.table == table || pane.aside == table)
      return pane;
  invariant(false, "a slot that is due lies in a table of its operator");
  return panes.begin()->second;
}

PaneStore::Panes::iterator PaneStore::drop(Panes::iterator at) {
  KeptPane &pane = at->second;
  setRefireAt(pane, kPlusInfinity);
  inHand = nullptr;
  tableFree(pane.table);
  tableFree(pane.aside);
  return panes.erase(at);
}

void PaneStore::setRefireAt(KeptPane &pane, int64_t watermark) {
  if (pane.refireAt == watermark)
    return;
  if (pane.refireAt != kPlusInfinity)
    waiting.erase({pane.refireAt, pane.end});
  pane.refireAt = watermark;
  if (watermark != kPlusInfinity)
    waiting.insert({watermark, pane.end});
}

void PaneStore::noteRow(mr_table *table, uint8_t *slot) const {
  uint64_t rows = word(slot + firing.rows_offset) + 2, none = 0;
  if (isDiscarding()) // the members begin anew; all pieces are zero then
    mr_table_reset(table, slot);
  std::memcpy(slot + firing.rows_offset, &rows, sizeof(rows));
  std::memcpy(slot + firing.fresh_offset, &none, sizeof(none));
  if (firing.refire)
    std::memcpy(slot + firing.refire_offset, &none, sizeof(none));
  mr_table_touch(table, slot);
}

void PaneStore::addFresh(mr_table *table, uint8_t *slot, uint64_t records) const {
  uint64_t fresh = freshOf(slot) + records;
  std::memcpy(slot + firing.fresh_offset, &fresh, sizeof(fresh));
  mr_table_touch(table, slot);
}

void PaneStore::setRefire(mr_table *table, uint8_t *slot, int64_t watermark) const {
  uint64_t turned = uint64_t(watermark) ^ kSign;
  std::memcpy(slot + firing.refire_offset, &turned, sizeof(turned));
  mr_table_touch(table, slot);
}

void PaneStore::occupy(mr_table *table, uint8_t *slot) const {
  uint64_t before = word(slot + firing.rows_offset), used = before | 1;
  if (before == used)
    return;
  std::memcpy(slot + firing.rows_offset, &used, sizeof(used));
  mr_table_touch(table, slot);
}

//===-- records ------------------------------------------------------------------------------===//

namespace {

/// The window becomes the one that generated code has in hand for this record. Null: memory was refused, and the
/// pipeline stops behind the record.
mr_table *take(mr_engine &engine, WindowState &window, WideTime end, mr_pane *told) {
  PaneStore &store = *window.kept;
  *told = {0, 0, UINT64_MAX};
  store.at = end;
  if (engine.memory->refused) // a record may be in thousands of windows
    return nullptr;
  KeptPane &pane = store.paneAt(engine, window, end);
  mr_table *table = store.tableOf(engine, window, pane);
  store.inHand = &pane;
  if (store.isFinal())
    return table;
  if (store.hasEnded(end, window.watermark)) {
    pane.fired |= !pane.isFiring; // at its end it had no records
    told->least = 1;
  } else if (store.firing.emit_unit != MR_EMIT_NONE) {
    told->least = store.firing.emit_unit == MR_EMIT_RECORDS ? uint64_t(store.firing.emit) : 1;
  }
  return table;
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
  if (!store.times.inRange(time)) {
    engine.outOfRange = true; // the step goes on with some table; the engine then judges the record
    if (!store.outside)
      store.outside = tableNew(window.desc->table, *window.account, task->windows[index].dictionary);
    return store.outside;
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
  if (table && isAlone(*window.desc) && !store.hasEnded(end, window.watermark)) {
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

/// Changes that wait for W or for the clock are noted; what is due behind the record makes the step pause. So do late
/// changes that are gathered: at what W they were made is known behind the record.
extern "C" void mr_pane_due(mr_task *task, uint32_t index, mr_table *table, const uint8_t *slot) {
  WindowState &window = task->engine->windows[index];
  if (window.sessions)
    return task->engine->noteSessionDue(window, table, slot);
  PaneStore &store = *window.kept;
  KeptPane &pane = store.paneOf(table);
  if (store.firing.emit_unit != MR_EMIT_RECORDS && !store.hasEnded(pane.end, window.watermark))
    return table == pane.aside ? void() : pane.changed.add(table, slot, PaneStore::mostNoted(pane));
  store.due.push_back({&pane, table->now.slots, table->positionOf(slot)});
  task->engine->pause();
}

extern "C" bool mr_late_after_idle(mr_task *task, uint32_t index) {
  return task->engine->isLateAfterIdle(task->engine->windows[index]);
}
