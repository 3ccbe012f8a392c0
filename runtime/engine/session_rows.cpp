//===- session_rows.cpp - rows of sessions, and deletes of those that are no more ----------===//
//
// Rows that come together go by the ends of their sessions. What a record has made
// due (rules 20 to 22) comes right behind it: first the deletes of windows that are
// no more, then rows of sessions that have ended or have n new records.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/engine/timing.h"
#include "runtime/state/radix_sort.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

/// Rows of one call of the generated function.
constexpr size_t kRows = 256;

/// By their ends, those of one end by their keys. Where nobody asks for that order, by anything that is the same
/// whatever was due before: how many come at once depends on batches, and which rows come before one that stops the
/// pipeline does not (rule 7).
bool isBefore(SessionStore &store, const mr_window_desc &desc, const DueSession &a, const DueSession &b) {
  if (a.end != b.end)
    return a.end < b.end;
  if (!desc.keyed)
    return a.first < b.first;
  if (!desc.ordered && (a.first != b.first || a.token != b.token))
    return a.first != b.first ? a.first < b.first : a.token < b.token;
  tableKey(store.levels[a.level], a.position, store.key.data());
  tableKey(store.levels[b.level], b.position, store.other.data());
  return tableKeyLess(desc.table, store.key.data(), store.other.data());
}

/// As isBefore has it. What is sorted are words, of an end and a number; then those of one end among themselves.
void putInOrder(SessionStore &store, const mr_window_desc &desc, StateVector<DueSession> &due) {
  constexpr uint32_t kNumberBits = 20;
  auto before = [&](const DueSession &a, const DueSession &b) { return isBefore(store, desc, a, b); };
  if (due.empty())
    return;
  auto [least, most] =
      std::minmax_element(due.begin(), due.end(), [](const auto &a, const auto &b) { return a.end < b.end; });
  int64_t start = least->end;
  if (due.size() >> kNumberBits || (uint64_t(most->end) - uint64_t(start)) >> (64 - kNumberBits)) {
    std::sort(due.begin(), due.end(), before);
    return;
  }
  StateVector<uint64_t> words(store.account);
  words.reserve(due.size());
  for (const DueSession &one : due)
    words.push_back((uint64_t(one.end) - uint64_t(start)) << kNumberBits | words.size());
  sortNumbers(words, kNumberBits);
  StateVector<DueSession> ordered(store.account);
  ordered.reserve(due.size());
  for (uint64_t word : words)
    ordered.push_back(due[word & ((uint64_t(1) << kNumberBits) - 1)]);
  due.swap(ordered);
  for (auto first = due.begin(); first != due.end();) {
    auto behind = std::find_if(first, due.end(), [&](const DueSession &one) { return one.end != first->end; });
    if (behind - first > 1)
      std::sort(first, behind, before);
    first = behind;
  }
}

} // namespace

bool millrace::fireDueSessions(mr_engine &engine, WindowState &window, StateVector<DueSession> &due) {
  SessionStore &store = *window.sessions;
  putInOrder(store, *window.desc, due);
  std::vector<mr_due> rows;
  for (size_t i = 0, next; i < due.size(); i = next) {
    mr_table *table = store.levels[due[i].level];
    rows.clear();
    for (next = i; next < due.size() && due[next].level == due[i].level && rows.size() < kRows; ++next) {
      const DueSession &one = due[next];
      if (!one.fires)
        continue;
      uint64_t pane = store.timing.firesAgain ? store.rowsOf(table->slotAt(one.position)) : 0;
      rows.push_back({one.position, one.first, one.end, one.end - 1, uint32_t(std::min<uint64_t>(pane, UINT32_MAX)),
                      one.timing, 0, 0});
    }
    if (!rows.empty() && !engine.fireDue(window, table, rows.data(), rows.size()))
      return false;
    window.fired += rows.size();
    for (; store.timing.firesAgain && i < next; ++i)
      if (due[i].fires && !due[i].goes)
        store.noteRow(table, table->slotAt(due[i].position));
  }
  return true;
}

//===-- behind a record ----------------------------------------------------------------------===//

/// The rows of windows that are no more go, by end, start and key.
static bool deleteReplaced(mr_engine &engine, WindowState &window) {
  SessionStore &store = *window.sessions;
  const mr_window_desc &desc = *window.desc;
  StateVector<DueSession> due(store.account);
  for (const GhostSession &ghost : store.ghosts) {
    mr_table *table = store.ghostTables[ghost.table];
    tableSettle(table);
    store.found.clear();
    tableFind(table, ghost.token, store.found);
    for (uint64_t position : store.found) // keys that are alike to the hash have ghosts of their own
      if (store.firstOf(table->slotAt(position)) == ghost.first && store.endOf(table->slotAt(position)) == ghost.end)
        due.push_back({ghost.end, ghost.first, ghost.token, position, ghost.table, kLate, true, false});
  }
  store.ghosts.clear();
  auto isBefore = [&](const DueSession &a, const DueSession &b) {
    if (a.end != b.end || a.first != b.first)
      return std::pair(a.end, a.first) < std::pair(b.end, b.first);
    tableKey(store.ghostTables[a.level], a.position, store.key.data());
    tableKey(store.ghostTables[b.level], b.position, store.other.data());
    return tableKeyLess(desc.table, store.key.data(), store.other.data());
  };
  auto isSame = [](const DueSession &a, const DueSession &b) { return a.level == b.level && a.position == b.position; };
  std::sort(due.begin(), due.end(), isBefore);
  due.erase(std::unique(due.begin(), due.end(), isSame), due.end());
  for (const DueSession &one : due) {
    mr_due row = {one.position, one.first, one.end, one.end - 1, 0, kLate, /*deletes=*/1, 0};
    if (!engine.fireDue(window, store.ghostTables[one.level], &row, 1))
      return false;
  }
  std::sort(due.begin(), due.end(), [](const DueSession &a, const DueSession &b) {
    return std::pair(a.level, a.position) < std::pair(b.level, b.position);
  });
  StateVector<uint64_t> positions(store.account);
  for (size_t i = 0; i < due.size(); ++i) {
    positions.push_back(due[i].position);
    if (i + 1 < due.size() && due[i + 1].level == due[i].level)
      continue;
    sortUnique(positions);
    tableEraseAll(store.ghostTables[due[i].level], positions);
    positions.clear();
  }
  SessionStore::trim(store.ghostTables);
  return true;
}

/// Why the row of a session comes behind the record in hand; none: it does not.
static std::optional<Timing> whyNow(const SessionStore &store, const uint8_t *slot, int64_t end, int64_t watermark) {
  const mr_firing_desc &firing = store.timing.firing;
  uint64_t fresh = store.freshOf(slot);
  if (hasEnded(end, watermark))
    return fresh && !firing.refire ? std::optional(kLate) : std::nullopt;
  return firing.emit_unit == MR_EMIT_RECORDS && fresh >= uint64_t(firing.emit) ? std::optional(kEarly) : std::nullopt;
}

/// Those that have changed whose rows are due. A key may have thousands of others, which nobody looks at.
static void gatherChanged(mr_engine &engine, WindowState &window, StateVector<DueSession> &due) {
  SessionStore &store = *window.sessions;
  mr_table *base = store.levels[0];
  int64_t watermark = window.desc->processing_time ? engine.task.now - 1 : engine.inputWatermark(window);
  tableSettle(base);
  std::sort(store.changed.begin(), store.changed.end());
  store.changed.erase(std::unique(store.changed.begin(), store.changed.end()), store.changed.end());
  for (const ChangedSession &changed : store.changed) {
    auto look = [&](uint8_t *at, const Session &session) {
      if (std::optional<Timing> why = whyNow(store, at, session.end, watermark))
        due.push_back({session.end, session.first, changed.token, store.levels[session.level]->positionOf(at),
                       session.level, *why, true, false});
    };
    store.found.clear();
    tableFind(base, changed.token, store.found);
    for (uint64_t position : store.found) {
      uint8_t *slot = base->slotAt(position);
      if (!store.listOf(slot)) {
        if (store.hasSession(slot) && store.firstOf(slot) == changed.first)
          look(slot, {store.firstOf(slot), store.endOf(slot), 0});
        continue;
      }
      KeySessions keys(engine, window, slot);
      keys.makeList();
      const Sessions &all = keys.sessions();
      auto one = std::lower_bound(all.begin(), all.end(), changed.first,
                                  [](const Session &session, int64_t first) { return session.first < first; });
      for (; one != all.end() && one->first == changed.first && !keys.refused; ++one) {
        tableSettle(store.levels[one->level]);
        if (uint8_t *at = keys.slotAt(one->level); !keys.refused)
          look(at, *one);
      }
    }
  }
  store.changed.clear();
}

bool mr_engine::fireSessionsNow(WindowState &window) {
  SessionStore &store = *window.sessions;
  if (!store.ghosts.empty() && !deleteReplaced(*this, window))
    return false;
  if (store.changed.empty())
    return true;
  StateVector<DueSession> due(store.account);
  gatherChanged(*this, window, due);
  return keepsBudget() && fireDueSessions(*this, window, due);
}

void mr_engine::noteSessionDue(WindowState &window, mr_table *table, const uint8_t *slot) {
  SessionStore &store = *window.sessions;
  store.changed.push_back({tableToken(table, table->positionOf(slot)), store.firstOf(slot)});
  pause();
}

void SessionStore::forgetChanges() {
  changed.clear();
  ghosts.clear();
}
