//===- session_fire.cpp - sessions that have ended --------------------------------------===//
//
// A key has a timer for the first of its sessions that may have ended. Where W
// passes it, those that have are gathered, the key is armed for what is left, and
// rows come by the sessions' ends, those of one end by their keys where it
// matters (rule 10). So the order is the same however many of them came at once:
// what ends later is not here before what ended earlier has come.
//
// A timer is not moved when its session grows: one that comes too early is armed
// again. One that does not count any more (the key was armed for an earlier time)
// finds that the key is armed for another time, and is forgotten.
//
// Sessions that end and begin within a batch lie one behind the other until they
// fire, in tables of further levels, which costs far more than a row. So where many
// do, a batch is cut: W goes on by a stride at most, which follows what fired.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>

using namespace millrace;

namespace {

/// Timers that are taken from the wheel at once.
constexpr uint64_t kAtOnce = 512;
/// Rows of one call of the generated function.
constexpr size_t kRows = 256;

class SessionFiring {
public:
  SessionFiring(mr_engine &engine, WindowState &window, int64_t watermark)
      : engine(engine), window(window), desc(*window.desc), store(*window.sessions), base(store.levels[0]),
        watermark(watermark) {}

  bool run();

private:
  void gather();
  void visit(uint64_t position, uint64_t token);
  bool take(const Session &session, uint64_t position, uint64_t token);
  bool isBefore(const DueSession &a, const DueSession &b);
  void sort();
  bool fire();
  void clear();
  void adaptStride();

  mr_engine &engine;
  WindowState &window;
  const mr_window_desc &desc;
  SessionStore &store;
  mr_table *base;
  int64_t watermark;
};

/// Is the session's row due? Then it is noted.
bool SessionFiring::take(const Session &session, uint64_t position, uint64_t token) {
  if (!hasEnded(session.end, watermark))
    return false;
  store.due.push_back({session.end, session.first, token, position, session.level});
  return true;
}

/// The key at a position of the first table: its timer has come.
void SessionFiring::visit(uint64_t position, uint64_t token) {
  uint8_t *slot = base->slotAt(position);
  KeySessions keys(engine, window, slot);
  int64_t next = kPlusInfinity;
  bool isLeft = false;
  if (!store.listOf(slot)) {
    if (store.hasSession(slot)) {
      Session one{store.firstOf(slot), store.endOf(slot), 0};
      isLeft = !take(one, position, token);
      next = one.end;
    }
  } else {
    keys.makeList();
    Sessions &all = keys.sessions();
    for (const Session &session : all) {
      mr_table *table = store.levels[session.level];
      if (!take(session, session.level ? table->positionOf(keys.slotAt(session.level)) : position, token))
        next = std::min(next, session.end);
    }
    std::erase_if(all, [&](const Session &session) { return hasEnded(session.end, watermark); });
    isLeft = !all.empty();
  }
  if (isLeft)
    keys.arm(next - 1);
  else
    store.clearTimes(slot); // another timer of its time has nothing to do
  (isLeft ? store.left : store.gone).push_back(position);
}

void SessionFiring::gather() {
  for (bool all = false; !all;) {
    store.timers.clear();
    all = store.wheel.advance(watermark, kAtOnce, store.timers);
    for (const Timer &timer : store.timers) {
      store.found.clear();
      tableFind(base, timer.token, store.found);
      for (uint64_t position : store.found)
        if (store.isArmedFor(base->slotAt(position), timer.due))
          visit(position, timer.token);
    }
  }
  store.behind = false;
}

/// By their ends, those of one end by their keys. Where nobody asks for that order, by anything that is the same
/// whatever was due before: how many come at once depends on batches, and which rows come before one that stops the
/// pipeline does not (rule 7).
bool SessionFiring::isBefore(const DueSession &a, const DueSession &b) {
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

void SessionFiring::sort() {
  std::sort(store.due.begin(), store.due.end(),
            [&](const DueSession &a, const DueSession &b) { return isBefore(a, b); });
}

bool SessionFiring::fire() {
  std::vector<mr_due> rows;
  for (size_t i = 0; i < store.due.size();) {
    uint32_t level = store.due[i].level;
    for (rows.clear(); i < store.due.size() && store.due[i].level == level && rows.size() < kRows; ++i) {
      const DueSession &one = store.due[i];
      rows.push_back({one.position, one.first, one.end, one.end - 1, 0, 1, 0, 0});
    }
    if (!engine.fireDue(window, store.levels[level], rows.data(), rows.size()))
      return false;
    window.fired += rows.size();
  }
  return true;
}

/// What has fired goes, and keys of which nothing is left.
void SessionFiring::clear() {
  for (uint64_t position : store.left) {
    uint8_t *slot = base->slotAt(position);
    if (!store.listOf(slot))
      continue;
    KeySessions keys(engine, window, slot);
    Sessions &all = keys.sessions();
    if (std::none_of(all.begin(), all.end(), [](const Session &s) { return s.level == 0; }))
      keys.release(0);
  }
  StateVector<uint64_t> positions(store.account);
  for (size_t level = 1; level < store.levels.size(); ++level) {
    positions.clear();
    for (const DueSession &one : store.due)
      if (one.level == level)
        positions.push_back(one.position);
    std::sort(positions.begin(), positions.end());
    tableEraseAll(store.levels[level], positions);
  }
  for (uint64_t position : store.left)
    if (uint8_t *slot = base->slotAt(position); store.listOf(slot))
      KeySessions(engine, window, slot).tidy();
  std::sort(store.gone.begin(), store.gone.end());
  store.gone.erase(std::unique(store.gone.begin(), store.gone.end()), store.gone.end());
  for (uint64_t position : store.gone)
    if (uint32_t list = store.listOf(base->slotAt(position)))
      store.freeList(list);
  tableEraseAll(base, store.gone);
}

/// Fewer at once if many had to make room for the next session of their keys; more if what came was few.
void SessionFiring::adaptStride() {
  constexpr size_t kMany = 128, kFew = 48;
  size_t count = store.due.size();
  if (count < kFew) {
    store.stride = store.stride > SessionStore::kNoStride / 2 ? SessionStore::kNoStride : store.stride * 2;
    return;
  }
  if (count < kMany || window.watermark == kMinusInfinity || watermark == kPlusInfinity)
    return;
  auto isMoved = [](const DueSession &session) { return session.level != 0; };
  if (size_t(std::count_if(store.due.begin(), store.due.end(), isMoved)) > count / 8) {
    uint64_t passed = uint64_t(watermark) - uint64_t(window.watermark);
    store.stride = std::max<int64_t>(int64_t(std::min(uint64_t(store.stride), passed) / 2), 1);
  }
}

bool SessionFiring::run() {
  for (mr_table *table : store.levels)
    tableSettle(table);
  store.due.clear();
  store.gone.clear();
  store.left.clear();
  gather();
  adaptStride();
  sort();
  bool good = engine.keepsBudget() && fire();
  if (good)
    clear();
  return good && engine.keepsBudget();
}

} // namespace

/// Behind a batch: sessions that its records have made due, also where one of them stops the pipeline.
void mr_engine::settleSessions() {
  if (std::none_of(windows.begin(), windows.end(), [](const WindowState &window) { return bool(window.sessions); }))
    return;
  if (!stopped) {
    advance();
    return;
  }
  stopped = false;
  int code = exitCode;
  for (WindowState &window : windows)
    if (window.sessions && !fireSessions(window, inputWatermark(window)))
      break;
  stopped = true;
  exitCode = code;
}

bool mr_engine::fireSessions(WindowState &window, int64_t watermark) {
  return SessionFiring(*this, window, watermark).run();
}
