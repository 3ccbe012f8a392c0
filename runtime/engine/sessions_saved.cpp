//===- sessions_saved.cpp - sessions as saved state -----------------------------------------===//
//
// The tables are all there is to save, each under its level: a slot has its session's
// times. Which sessions a key has in other tables, for when it is armed and which
// levels are free follows from them.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/invariant.h"
#include "runtime/state/snapshot.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>

using namespace millrace;

void SessionStore::save(const WindowState &window, SavedState &state) const {
  invariant(ghosts.empty() && changed.empty() && !(ended && ended->size()), // none is parked, either
            "sessions are saved between two records, when those that have ended have their rows");
  state.watermark = std::max(window.watermark, firedTo);
  for (size_t level = 0; level < levels.size(); ++level)
    state.tables.push_back({int64_t(level), levels[level]});
}

namespace {

/// Calls `each` with the positions in use.
template <typename Function> void forEachKey(mr_table *table, Function each) {
  tableSettle(table);
  for (uint64_t position = 0, end = mr_table_capacity(table); position < end; ++position)
    if (tableInUse(table, position))
      each(position);
}

} // namespace

bool SessionStore::bringAllBack(mr_engine &engine, WindowState &window) {
  bool refused = false;
  if (!ended || ended->size() == ended->ready())
    return true;
  forEachKey(levels[0], [&](uint64_t position) {
    uint8_t *slot = levels[0]->slotAt(position);
    if (!listOf(slot))
      return;
    KeySessions keys(engine, window, slot);
    for (Session &session : keys.sessions())
      if (session.isParked() && !keys.refused)
        keys.bringBack(session);
    refused |= keys.refused;
  });
  return !refused;
}

void SessionStore::load(mr_engine &engine, WindowState &window, const SavedState &state) {
  invariant(tableCount(levels[0]) == 0 && levels.size() == 1, "sessions are loaded into an operator that has none");
  firedTo = state.watermark;
  clock = engine.task.now;
  for (const SavedTable &saved : state.tables) {
    invariant(uint64_t(saved.start) == uint64_t(&saved - state.tables.data()), "levels are saved in their order");
    if (saved.start == 0)
      tableFree(std::exchange(levels[0], saved.table));
    else
      levels.push_back(saved.table);
  }
  mr_table *base = engine.heads[&window - engine.windows.data()].table = levels[0];
  if (ended) // it knows the first table
    ended.emplace(*window.desc, *window.account, base);
  forEachKey(base, [&](uint64_t position) { setMore(base->slotAt(position), 0, 0); });
  for (uint32_t level = 1; level < levels.size(); ++level)
    forEachKey(levels[level], [&](uint64_t position) {
      uint8_t *at = levels[level]->slotAt(position);
      setMore(at, 0, 0);
      tableKey(levels[level], position, key.data());
      uint64_t keys = tableCount(base);
      uint8_t *slot = tableUpsert(base, key.data());
      invariant(tableCount(base) == keys, "a key with more than one session has one in the first table");
      if (!listOf(slot))
        setList(slot, newList());
      SessionList &mine = list(listOf(slot));
      mine.all.push_back({firstOf(at), endOf(at), level});
      while (mine.levels < level)
        mine.free.push_back(mine.levels++);
      ++mine.levels;
    });
  forEachKey(base, [&](uint64_t position) {
    uint8_t *slot = base->slotAt(position);
    KeySessions keys(engine, window, slot);
    int64_t next = hasSession(slot) ? nextOf(slot, endOf(slot), firedTo) : state.watermark;
    if (listOf(slot)) {
      Sessions &all = keys.sessions();
      for (const Session &session : all)
        next = std::min(next, nextOf(keys.slotAt(session.level), session.end, firedTo));
      std::sort(all.begin(), all.end(), [](const Session &a, const Session &b) { return a.first < b.first; });
      all.push_back({firstOf(slot), endOf(slot), 0});
      invariant(all.size() < 2 || all[all.size() - 2].first <= all.back().first,
                "a key's newest session is in the first table");
    }
    if (ended) {
      setMark(slot, 0);
      if (listOf(slot))
        list(listOf(slot)).armed = next;
      hasSession(slot) ? watch(slot, tableToken(base, position), next) : makeIdle(slot);
      return;
    }
    keys.arm(next);
    if (hasClock())
      setClockArmed(slot, kPlusInfinity);
    if (timing.firing.emit_unit == MR_EMIT_PROCESSING_TIME) // the next time of the clock tells what is due
      keys.armClockBy(INT64_MIN + 1);
  });
}
