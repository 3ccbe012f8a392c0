//===- session_once.cpp - sessions that fire once are taken out as they end -----------------===//
//
// A key has a timer in a wheel whose buckets are a part of the gap wide: at the
// start of the bucket in which its session would end, the key is looked at. Nearly
// always the session has grown, and the key goes to a later bucket; else it is kept
// among those that are near, by the time, until W is there. So a key that goes on
// having records is looked at once in a gap, and nothing is put in order but what ends.
// Those that are near lie in lists again, one for each part of the bucket: when W comes
// to a part, its slots are asked for ahead, and only what is left of it goes to a heap.
//
// A session that has ended is taken out of its slot (ended_sessions.h): by the
// firing, or by the next record of its key if that comes earlier. The key stays, for
// the next one; keys without a session go where they are many in a large table.
//
// What ends is taken in steps, so that not all of it lies about at once: the wheel's
// buckets come in the order of time, and what no later bucket can come before has its row.
//
//===--------------------------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/engine/timing.h"
#include "runtime/state/invariant.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>
#include <bit>

using namespace millrace;

namespace {

/// Timers that are taken from the wheel at once.
constexpr uint64_t kAtOnce = 512;

/// Keys whose slots are asked for ahead: as many as come from memory while one is looked at.
constexpr size_t kAhead = 16;

/// Tokens for which a list that has been looked at keeps its memory.
constexpr size_t kKept = size_t(1) << 16;

/// Sessions that are put in order together, and have their rows before more are gathered if they can.
constexpr uint64_t kMany = 8192;

/// What is found while W goes to `to`.
class Ending {
public:
  Ending(mr_engine &engine, WindowState &window, int64_t to)
      : engine(engine), window(window), store(*window.sessions), base(store.levels[0]), to(to),
        lastBucket(to >> store.bucketBits) {}

  bool takeNear(uint64_t &looked);
  bool gather(uint64_t &looked);
  /// No session that ends, or goes, before this is still to be found.
  int64_t reached() const {
    int64_t opened = store.opened << store.bucketBits;
    return std::min(opened, store.nextNear());
  }
  void takeAll();

private:
  void look(uint64_t token, uint32_t mark);
  bool takeParts(uint64_t &looked);

  mr_engine &engine;
  WindowState &window;
  SessionStore &store;
  mr_table *base;
  int64_t to, lastBucket;
};

/// In a heap of these the first that is due is on top.
bool isDueLater(const NearSession &a, const NearSession &b) { return a.due > b.due; }

/// A key whose turn this is, if that still holds.
void Ending::look(uint64_t token, uint32_t mark) {
  uint8_t *slot = tableFindFirst(base, token, [&](const uint8_t *slot) { return store.hasMark(slot, mark); });
  if (!slot)
    return;
  int64_t next = kPlusInfinity;
  if (store.timing.isOnce && !store.listOf(slot) && store.hasSession(slot)) { // nearly always, and it has grown
    next = store.endOf(slot) - 1;
    if (next >> store.bucketBits > lastBucket) [[likely]]
      return store.putInBucket(slot, token, next >> store.bucketBits);
  }
  if (store.listOf(slot))
    KeySessions(engine, window, slot).takeOutEnded(to);
  if (uint32_t number = store.listOf(slot)) {
    SessionList &list = store.list(number);
    for (const Session &session : list.all)
      next = std::min(next, store.nextOf(slot, session.end, to));
    list.armed = next;
  } else if (store.hasSession(slot)) {
    next = store.nextOf(slot, store.endOf(slot), to);
    if (next <= to)
      store.takeOut(slot, token);
  }
  if (!store.hasSession(slot)) {
    store.makeIdle(slot);
  } else if (next >> store.bucketBits > lastBucket) {
    store.watch(slot, token, next);
  } else {
    store.watchNear(slot, token, next);
  }
}

/// Some keys of the parts that W has come to. True: these were all.
bool Ending::takeParts(uint64_t &looked) {
  while (store.usedParts && store.nextPart() <= to) {
    store.openPart = store.nextPart() >> store.partBits;
    StateVector<NearSession> &all = store.parts[uint64_t(store.openPart) & (SessionStore::kParts - 1)];
    for (; store.partDrained < all.size(); ++store.partDrained, ++looked) {
      if (looked >= kAtOnce)
        return false;
      if (store.partDrained + kAhead < all.size())
        tablePrefetch(base, all[store.partDrained + kAhead].token);
      NearSession one = all[store.partDrained];
      if (one.due <= to) {
        look(one.token, SessionStore::isNear(one.due));
      } else {
        store.near.push_back(one);
        std::push_heap(store.near.begin(), store.near.end(), isDueLater);
      }
    }
    all.clear();
    if (all.capacity() > kKept)
      all = StateVector<NearSession>(store.account);
    store.partDrained = 0;
    store.usedParts &= ~(uint64_t(1) << (uint64_t(store.openPart) & (SessionStore::kParts - 1)));
  }
  store.openPart = std::max(store.openPart, to >> store.partBits);
  return true;
}

/// Some of those that buckets before have given out and that are due. True: these were all.
bool Ending::takeNear(uint64_t &looked) {
  for (; !store.near.empty() && store.near.front().due <= to; ++looked) {
    if (looked >= kAtOnce)
      return false;
    NearSession one = store.near.front();
    std::pop_heap(store.near.begin(), store.near.end(), isDueLater);
    store.near.pop_back();
    look(one.token, SessionStore::isNear(one.due));
  }
  return takeParts(looked);
}

/// Some keys more, one bucket after the other. True: these were all.
bool Ending::gather(uint64_t &looked) {
  while (true) {
    StateVector<uint64_t> &tokens = store.buckets[uint64_t(store.opened) & (SessionStore::kBuckets - 1)];
    uint32_t mark = SessionStore::inBucket(store.opened);
    size_t end = std::min(tokens.size(), store.drained + kAtOnce);
    for (; store.drained < end; ++store.drained, ++looked) {
      if (store.drained + kAhead < end)
        tablePrefetch(base, tokens[store.drained + kAhead]);
      look(tokens[store.drained], mark);
    }
    if (store.drained < tokens.size())
      return false;
    tokens.clear();
    if (tokens.capacity() > kKept)
      tokens = StateVector<uint64_t>(store.account);
    store.drained = 0;
    store.used &= ~(uint64_t(1) << (uint64_t(store.opened) & (SessionStore::kBuckets - 1)));
    store.timers.clear();
    bool all = !store.wheel.size() || store.wheel.advance(store.opened, kAtOnce, store.timers);
    looked += store.timers.size();
    for (const Timer &timer : store.timers)
      look(timer.token, SessionStore::inBucket(timer.due));
    if (!all || looked >= kAtOnce)
      return false;
    if (store.opened == lastBucket)
      return true;
    store.opened = std::min(std::max(store.nextBucket(), store.opened + 1), lastBucket);
  }
}

/// Whenever they end.
void Ending::takeAll() {
  tableSettle(base);
  store.near.clear();
  for (StateVector<NearSession> &part : store.parts)
    part.clear();
  store.usedParts = store.partDrained = 0;
  for (uint64_t position = 0, end = mr_table_capacity(base); position < end; ++position) {
    if (!tableInUse(base, position))
      continue;
    uint8_t *slot = base->slotAt(position);
    if (store.listOf(slot))
      KeySessions(engine, window, slot).takeOutEnded(kPlusInfinity);
    if (store.hasSession(slot))
      store.takeOut(slot, tableToken(base, position));
    store.makeIdle(slot);
  }
}

/// The last end of those that are gone when W is `watermark`.
int64_t lastEnd(const SessionStore &store, int64_t watermark) {
  return int64_t(std::min<WideTime>(WideTime(watermark) - store.timing.firing.lateness + 1, kPlusInfinity));
}

} // namespace

//===-- of the store -------------------------------------------------------------------------===//

int64_t SessionStore::nextBucket() const {
  int64_t next = wheel.next();
  if (used) {
    uint64_t turned = std::rotr(used, int(uint64_t(opened) & (kBuckets - 1)));
    next = std::min(next, opened + std::countr_zero(turned));
  }
  return next;
}

int64_t SessionStore::nextPart() const {
  if (!usedParts)
    return kPlusInfinity;
  uint64_t turned = std::rotr(usedParts, int(uint64_t(openPart) & (kParts - 1)));
  return (openPart + std::countr_zero(turned)) << partBits;
}

void SessionStore::watchNear(uint8_t *slot, uint64_t token, int64_t due) {
  setMark(slot, isNear(due));
  int64_t part = due >> partBits;
  if (part <= openPart || uint64_t(part) - uint64_t(openPart) >= kParts) {
    near.push_back({due, token});
    std::push_heap(near.begin(), near.end(), isDueLater);
    return;
  }
  parts[uint64_t(part) & (kParts - 1)].push_back({due, token});
  usedParts |= uint64_t(1) << (uint64_t(part) & (kParts - 1));
}

int64_t SessionStore::nextDue() const {
  if (!ended)
    return wheel.next();
  int64_t next = nextBucket();
  next = next == INT64_MAX ? kPlusInfinity : next << bucketBits;
  return std::min(next, nextNear());
}

bool SessionStore::takeOut(uint8_t *slot, uint64_t token) {
  bool taken = ended->add(levels[0], slot, slot, token, firstOf(slot), endOf(slot));
  ended->clear(slot);
  return taken;
}

bool SessionStore::takeOut(uint32_t level, uint8_t *slot, const uint8_t *key) {
  mr_table *base = levels[0];
  bool taken =
      ended->add(levels[level], slot, key, tableToken(base, base->positionOf(key)), firstOf(slot), endOf(slot));
  tableErase(levels[level], levels[level]->positionOf(slot));
  return taken;
}

uint64_t SessionStore::keys() const {
  uint64_t keys = tableCount(levels[0]);
  for (size_t level = 1; level < levels.size(); ++level)
    keys += tableCount(levels[level]);
  return ended ? keys - idle + ended->size() : keys;
}

/// A key that comes again finds its slot, which costs less than a new one. So what goes are the idle ones among the
/// next positions, more than sessions have ended, and only where more than half of the keys are idle and they would
/// soon take more than what stays in the caches, their texts counted, or than half of what `--memory` allows.
void SessionStore::sweep(uint64_t ended) {
  constexpr uint64_t kSmall = uint64_t(8) << 20;
  mr_table *base = levels[0];
  uint64_t capacity = base->now.mask + 1;
  if (this->ended->ready() || base->old.slots || idle * 2 < base->count)
    return;
  uint64_t texts = uint64_t(base->texts.numPages) * StringArena::kUnitsInPage * StringArena::kUnit;
  bool isScarce = account.memory.bytes > account.memory.budget / 2 || texts > kSmall;
  bool growsSoon = capacity * base->shape.slotSize >= kSmall && base->count >= base->limit / 4 * 3;
  if (!isScarce && !growsSoon)
    return;
  for (uint64_t left = ended * 4 * (capacity / base->limit); left; --left) {
    sweptTo = sweptTo & base->now.mask;
    uint8_t *slot = base->slotAt(sweptTo);
    if (!base->tagAt(base->now, sweptTo) || !isIdle(slot)) {
      ++sweptTo;
      continue;
    }
    tableErase(base, sweptTo); // another key may have its place now
    --idle;
  }
}

void KeySessions::takeOutEnded(int64_t watermark) {
  makeList();
  SessionList &mine = list();
  size_t left = 0;
  for (size_t i = 0; i < mine.all.size(); ++i) {
    Session session = mine.all[i];
    if (watermark != kPlusInfinity && !store.timing.isGone(session.end, watermark)) {
      mine.all[left++] = session;
      continue;
    }
    if (session.isParked()) {
      store.ended->end(uint64_t(session.next), tableToken(base, base->positionOf(slot)), session.first, session.end);
      continue;
    }
    uint8_t *at = slotAt(session.level);
    if (refused)
      return;
    if (!session.level) {
      store.takeOut(at, tableToken(base, base->positionOf(at)));
      continue;
    }
    store.takeOut(session.level, at, slot);
    mine.free.push_back(session.level);
  }
  mine.all.erase(mine.all.begin() + ptrdiff_t(left), mine.all.end());
  if (left)
    return tidy();
  store.freeList(store.listOf(slot));
  store.setList(slot, 0);
}

//===-- the engine's -------------------------------------------------------------------------===//

/// What has ended when W is `to`; `isEnd`: all that there is, for the input has come to its end before the clock.
Work mr_engine::fireEnded(WindowState &window, int64_t to, bool isEnd) {
  SessionStore &store = *window.sessions;
  EndedSessions &ended = *store.ended;
  Ending ending(*this, window, to);
  uint64_t looked = 0, rows = 0;
  if (isEnd)
    ending.takeAll();
  for (bool all = isEnd;;) {
    co_await spend(looked);
    looked = 0;
    if (!all)
      all = ending.takeNear(looked) && ending.gather(looked);
    if (!all && ended.loose() < kMany)
      continue;
    if (!keepsBudget())
      co_return false;
    ended.order();
    if (all)
      store.firedTo = std::max(store.firedTo, to);
    int64_t last = lastEnd(store, all ? to : ending.reached() - 1);
    while (size_t some = ended.stage(isEnd ? kPlusInfinity : last, isEnd ? kEarly : kOnTime)) {
      ended.lendTexts();
      bool good = fireDue(window, ended.rows, ended.due.data(), some);
      ended.lendTexts();
      ended.drop();
      window.fired += some;
      rows += some;
      if (!good)
        co_return false;
      co_await spend(some);
    }
    if (all)
      break;
  }
  store.sweep(rows);
  SessionStore::trim(store.levels);
  co_return keepsBudget();
}

/// Sessions that fire once, up to `watermark`.
bool mr_engine::fireEndedSessions(WindowState &window, int64_t watermark) {
  SessionStore &store = *window.sessions;
  if (!store.ended->ready() && store.nextDue() > watermark) {
    store.firedTo = std::max(store.firedTo, watermark);
    return true;
  }
  return begin(window, fireEnded(window, watermark, /*isEnd=*/false), heldBack(window, watermark));
}
