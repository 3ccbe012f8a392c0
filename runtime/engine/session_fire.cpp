//===- session_fire.cpp - sessions that W or the clock makes due ----------------------------===//
//
// A key has a timer for the first time at which something may happen to one of its
// sessions. Where W passes it, those that are due are gathered, the key is armed for
// what is left, and rows come by the sessions' ends, those of one end by their keys
// where it matters (rule 10). So the order is the same however many of them came at
// once: what ends later is not here before what ended earlier has come.
//
// A timer is not moved when its session grows: one that comes too early is armed
// again. One that does not count any more (the key was armed for an earlier time)
// finds that the key is armed for another time, and is forgotten.
//
// Sessions that end and begin within a batch lie one behind the other until they
// fire, in tables of further levels, which costs far more than a row. So where many
// do, a batch is cut: W goes on by a stride at most, which follows what fired.
//
// That is for sessions that fire again, and where slots cannot be moved; the others
// are taken out (session_once.cpp).
//
// By the clock a session has ended when the clock reaches its end: as if W were a
// microsecond behind it.
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

/// Timers that are taken from the wheel at once.
constexpr uint64_t kAtOnce = 512;

/// What happens to a session.
struct Verdict {
  bool fires, goes;
  Timing timing;
};

class SessionFiring {
public:
  SessionFiring(mr_engine &engine, WindowState &window)
      : engine(engine), window(window), store(*window.sessions), base(store.levels[0]), from(store.firedTo) {}

  /// What is due where W goes to `watermark`.
  bool upTo(int64_t watermark);
  /// Early rows by the clock.
  bool early(int64_t now);
  /// All that are left (rule 8).
  bool all();

private:
  void begin();
  void findDue(Wheel &wheel, int64_t time, bool isClock);
  Verdict judge(uint8_t *at, const Session &session);
  bool take(uint8_t *at, const Session &session, uint64_t position, uint64_t token);
  void visit(uint64_t position);
  void visitOnly(uint64_t position, uint64_t token);
  void visitByClock(uint64_t position, int64_t now);
  bool finish();
  void clear();
  void adaptStride();
  bool piece(int64_t watermark);

  mr_engine &engine;
  WindowState &window;
  SessionStore &store;
  mr_table *base;
  int64_t from, to = 0;
  bool isEnd = false;
  size_t looked = 0;           ///< keys whose timers have come, in the piece in hand
  size_t count = 0, moved = 0; ///< sessions, and those that had to make room for the next of their keys
};

void SessionFiring::begin() {
  tableSettle(base); // the others where somebody looks into them
  store.due.clear();
  looked = 0;
  store.gone.clear();
  store.left.clear();
  store.found.clear();
}

/// Positions of the keys whose timers have come, each once. Of those that fire once and have a single session that is
/// all: nearly always that has only grown, and the key is armed again.
void SessionFiring::findDue(Wheel &wheel, int64_t time, bool isClock) {
  StateVector<uint64_t> found(store.account);
  for (bool all = false; !all;) {
    store.timers.clear();
    all = wheel.advance(time, kAtOnce, store.timers);
    for (const Timer &timer : store.timers) {
      constexpr ptrdiff_t kAhead = 8;
      if (const Timer *ahead = &timer + kAhead; ahead < store.timers.data() + store.timers.size())
        tablePrefetch(base, ahead->token);
      found.clear();
      tableFind(base, timer.token, found);
      for (uint64_t position : found) {
        const uint8_t *slot = base->slotAt(position);
        if (!(isClock ? store.clockArmedOf(slot) == timer.due : store.isArmedFor(slot, timer.due)))
          continue;
        if (store.timing.firesAgain || store.listOf(slot))
          store.found.push_back(position);
        else
          visitOnly(position, timer.token);
      }
    }
  }
  sortUnique(store.found);
}

Verdict SessionFiring::judge(uint8_t *at, const Session &session) {
  const SessionTiming &timing = store.timing;
  if (isEnd)
    return {true, true, kEarly};
  bool isGone = timing.isGone(session.end, to);
  if (!timing.firesAgain)
    return {isGone, isGone, kOnTime};
  bool isNew = store.freshOf(at) != 0;
  if (!hasEnded(session.end, to)) {
    bool passes =
        timing.firing.emit_unit == MR_EMIT_EVENT_TIME &&
        timing.earlyUpTo(session.first, WideTime(to) + 1) > timing.earlyUpTo(session.first, WideTime(from) + 1);
    return {passes && isNew, false, kEarly};
  }
  if (!hasEnded(session.end, from))
    return {true, isGone, kOnTime};
  int64_t pending = store.pendingOf(at);
  if (pending == SessionStore::kNotPending || (!isGone && WideTime(pending) + timing.firing.refire > to))
    return {false, isGone, kLate};
  store.setPending(at, SessionStore::kNotPending);
  return {isNew, isGone, kLate};
}

/// Notes what happens to the session. Does it stay?
bool SessionFiring::take(uint8_t *at, const Session &session, uint64_t position, uint64_t token) {
  Verdict verdict = judge(at, session);
  if (verdict.fires || verdict.goes)
    store.due.push_back(
        {session.end, session.first, token, position, session.level, verdict.timing, verdict.fires, verdict.goes});
  return !verdict.goes;
}

/// The key at a position of the first table, which has one session at most: its timer has come. It fires once.
void SessionFiring::visitOnly(uint64_t position, uint64_t token) {
  uint8_t *slot = base->slotAt(position);
  ++looked;
  if (store.hasSession(slot)) {
    int64_t end = store.endOf(slot);
    if (!isEnd && !store.timing.isGone(end, to)) {
      int64_t next = store.nextOf(slot, end, to);
      store.setMore(slot, 0, next);
      store.wheel.add({next, token}); // refused memory stops the pipeline
      return;
    }
    Timing timing = isEnd ? kEarly : kOnTime;
    store.due.push_back({end, store.firstOf(slot), token, position, 0, timing, /*fires=*/true, /*goes=*/true});
    store.clearTimes(slot); // another timer of its time has nothing to do
  }
  store.gone.push_back(position);
}

/// The key at a position of the first table: its timer has come.
void SessionFiring::visit(uint64_t position) {
  ++looked;
  uint8_t *slot = base->slotAt(position);
  uint64_t token = tableToken(base, position);
  KeySessions keys(engine, window, slot);
  int64_t next = kPlusInfinity;
  bool isLeft = false;
  if (!store.listOf(slot)) {
    if (store.hasSession(slot)) {
      Session one{store.firstOf(slot), store.endOf(slot), 0};
      isLeft = take(slot, one, position, token);
      next = isLeft ? store.nextOf(slot, one.end, to) : next;
    }
  } else {
    keys.makeList();
    SessionList &list = keys.list();
    size_t kept = 0;
    for (size_t i = 0; i < list.all.size(); ++i) {
      Session session = list.all[i];
      if (isEnd || session.next <= to) {
        tableSettle(store.levels[session.level]);
        uint8_t *at = keys.slotAt(session.level);
        if (!take(at, session, store.levels[session.level]->positionOf(at), token)) {
          if (session.level)
            list.free.push_back(session.level);
          continue;
        }
        session.next = store.nextOf(at, session.end, to);
      }
      next = std::min(next, session.next);
      list.all[kept++] = session;
    }
    list.all.erase(list.all.begin() + ptrdiff_t(kept), list.all.end());
    isLeft = kept != 0;
  }
  if (isLeft)
    keys.arm(next);
  else
    store.clearTimes(slot); // another timer of its time has nothing to do
  (isLeft ? store.left : store.gone).push_back(position);
}

/// What has fired for the last time goes, and keys of which nothing is left.
void SessionFiring::clear() {
  for (uint64_t position : store.left) {
    uint8_t *slot = base->slotAt(position);
    if (!store.listOf(slot))
      continue;
    KeySessions keys(engine, window, slot);
    if (keys.sessions().back().level != 0)
      keys.release(0);
  }
  StateVector<std::pair<uint32_t, uint64_t>> goes(store.account); // by their levels
  for (const DueSession &one : store.due)
    if (one.goes && one.level)
      goes.push_back({one.level, one.position});
  std::sort(goes.begin(), goes.end());
  StateVector<uint64_t> positions(store.account);
  for (size_t i = 0; i < goes.size(); ++i) {
    positions.push_back(goes[i].second);
    if (i + 1 < goes.size() && goes[i + 1].first == goes[i].first)
      continue;
    tableEraseAll(store.levels[goes[i].first], positions);
    positions.clear();
  }
  for (uint64_t position : store.left)
    if (uint8_t *slot = base->slotAt(position); store.listOf(slot))
      KeySessions(engine, window, slot).tidy();
  sortUnique(store.gone);
  for (uint64_t position : store.gone)
    if (uint32_t list = store.listOf(base->slotAt(position)))
      store.freeList(list);
  tableEraseAll(base, store.gone);
  SessionStore::trim(store.levels);
}

/// Fewer at once if many had to make room for the next session of their keys; more if what came was few.
void SessionFiring::adaptStride() {
  constexpr size_t kMany = 80, kFew = 40;
  if (count < kFew) {
    store.stride = store.stride > SessionStore::kNoStride / 2 ? SessionStore::kNoStride : store.stride * 2;
    return;
  }
  if (count < kMany || window.watermark == kMinusInfinity || to == kPlusInfinity)
    return;
  if (moved > count / 8) {
    uint64_t passed = uint64_t(to) - uint64_t(window.watermark);
    store.stride = std::max<int64_t>(int64_t(std::min(uint64_t(store.stride), passed) / 2), 1);
  }
}

bool SessionFiring::finish() {
  if (!engine.keepsBudget() || !fireDueSessions(engine, window, store.due))
    return false;
  clear();
  return engine.keepsBudget();
}

/// What is due where W goes to `watermark`, at once.
bool SessionFiring::piece(int64_t watermark) {
  to = watermark;
  begin();
  findDue(store.wheel, to, /*isClock=*/false);
  for (uint64_t position : std::exchange(store.found, StateVector<uint64_t>(store.account)))
    visit(position);
  store.behind = false;
  store.firedTo = std::max(store.firedTo, to);
  count += store.due.size();
  moved += size_t(std::count_if(store.due.begin(), store.due.end(), [](const DueSession &s) { return s.level != 0; }));
  return finish();
}

/// Sessions that fire once go by steps of W, so that what is gathered stays small: each has its row whatever the steps
/// are. Those that fire again have one row for one move of W.
bool SessionFiring::upTo(int64_t watermark) {
  constexpr size_t kFew = 1024, kMany = 8192;
  while (!store.timing.firesAgain) {
    WideTime next = std::max<WideTime>(store.wheel.next(), store.firedTo);
    if (next + store.step >= watermark)
      break;
    if (!piece(int64_t(next) + store.step))
      return false;
    if (looked && looked < kFew)
      store.step = store.step > INT64_MAX / 2 ? INT64_MAX : store.step * 2;
    else if (looked > kMany)
      store.step = std::max<int64_t>(store.step / 2, 1);
  }
  if (!piece(watermark))
    return false;
  if (looked > kMany)
    store.step = std::max<int64_t>(store.step / 2, 1);
  adaptStride();
  return true;
}

bool SessionFiring::all() {
  isEnd = true;
  to = kPlusInfinity;
  begin();
  for (uint64_t position = 0, end = mr_table_capacity(base); position < end; ++position)
    if (tableInUse(base, position))
      visit(position);
  return finish();
}

//===-- by the clock ---------------------------------------------------------------------------===//

/// Sessions of the key that are open and have something new, if the clock has passed a time for that.
void SessionFiring::visitByClock(uint64_t position, int64_t now) {
  uint8_t *slot = base->slotAt(position);
  uint64_t token = tableToken(base, position);
  const SessionTiming &timing = store.timing;
  WideTime next = kPlusInfinity;
  KeySessions keys(engine, window, slot);
  auto look = [&](const Session &session) {
    if (hasEnded(session.end, store.firedTo))
      return;
    next = std::min(next, timing.nextEarly(session.first, now));
    if (timing.earlyUpTo(session.first, now) <= timing.earlyUpTo(session.first, store.clock))
      return;
    mr_table *table = store.levels[session.level];
    tableSettle(table);
    if (uint8_t *at = keys.slotAt(session.level); store.freshOf(at))
      store.due.push_back(
          {session.end, session.first, token, table->positionOf(at), session.level, kEarly, true, false});
  };
  if (!store.listOf(slot)) {
    if (store.hasSession(slot))
      look({store.firstOf(slot), store.endOf(slot), 0});
  } else {
    keys.makeList();
    for (const Session &session : keys.sessions())
      look(session);
  }
  store.setClockArmed(slot, kPlusInfinity);
  if (next < kPlusInfinity)
    keys.armClockBy(int64_t(next));
}

bool SessionFiring::early(int64_t now) {
  begin();
  findDue(store.clockWheel, now, /*isClock=*/true);
  for (uint64_t position : std::exchange(store.found, StateVector<uint64_t>(store.account)))
    visitByClock(position, now);
  store.clock = now;
  return engine.keepsBudget() && fireDueSessions(engine, window, store.due);
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
  noteQuietMoves();
  for (WindowState &window : windows)
    if (window.sessions && !window.desc->processing_time &&
        (!settle(window) || !fireSessions(window, inputWatermark(window)) || !settle(window)))
      break;
  stopped = true;
  exitCode = code;
}

bool mr_engine::fireSessions(WindowState &window, int64_t watermark) {
  if (window.sessions->ended)
    return fireEndedSessions(window, watermark);
  return SessionFiring(*this, window).upTo(watermark);
}

bool mr_engine::fireSessionsByClock(WindowState &window, int64_t now) {
  if (window.desc->processing_time && (!settle(window) || !fireSessions(window, now - 1)))
    return false;
  return window.desc->firing.emit_unit != MR_EMIT_PROCESSING_TIME || SessionFiring(*this, window).early(now);
}

bool mr_engine::fireSessionsAtEnd(WindowState &window) {
  if (!window.sessions->ended)
    return SessionFiring(*this, window).all();
  return settle(window) && begin(window, fireEnded(window, kPlusInfinity, /*isEnd=*/true), kPlusInfinity);
}
