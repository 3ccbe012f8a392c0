//===- session_place.cpp - which session a record belongs to -------------------------------===//
//
// The rare cases of rule 15: generated code comes here where a record is not
// plainly in the session that its key has in the first table. A record joins the
// first of its key's sessions that are left, by time, that it is near to and that
// does not become too long by it; what it bridges becomes one.
//
// Of two sessions that are left none lies within the other: a record within one
// joins it, and a session that grows over another takes it in. So by their first
// times they are by their ends as well, and only those about the record's time are
// looked at, however many the key has.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>

using namespace millrace;

namespace {

class Placing {
public:
  Placing(mr_engine &engine, WindowState &window, uint8_t *slot, mr_session &record)
      : engine(engine), window(window), store(*window.sessions), keys(engine, window, slot), slot(slot),
        record(record) {}

  /// The slot that the record is to be folded into; null: it is late.
  uint8_t *place();

private:
  /// Is it there for a record, and not only because nobody has come to its end yet?
  bool isLeft(int64_t end) const { return !store.timing.isGone(end, record.watermark); }
  bool fits(int64_t first, int64_t end) const { return !window.desc->longest || end - first <= window.desc->longest; }
  /// Does the record belong to a session that is [first, end) so far?
  bool joins(int64_t first, int64_t end) const {
    return isLeft(end) && record.time < end && first < record.end &&
           fits(std::min(first, record.time), std::max(end, record.end));
  }
  size_t find(const Sessions &all) const;
  uint8_t *placeOnce();
  uint8_t *countLate();
  uint8_t *joinOnly();
  uint8_t *join(size_t number);
  uint8_t *begin();
  uint8_t *result(uint32_t level);
  void note(uint8_t *at, int64_t first, int64_t end, bool isNew);
  void armBy(int64_t due);

  mr_engine &engine;
  WindowState &window;
  SessionStore &store;
  KeySessions keys;
  uint8_t *slot;
  mr_session &record;
  int64_t watched = kPlusInfinity; ///< the key has a timer for this, or an earlier one
};

uint8_t *Placing::countLate() {
  countFor(window, engine.heads[&window - engine.windows.data()].late, uint32_t(record.record));
  if (store.ended) {
    if (store.isNew(slot)) // nothing is known of the key
      tableErase(store.levels[0], store.levels[0]->positionOf(slot));
  } else if (store.isNew(slot)) { // a key without a session goes with the next that fire
    keys.arm(record.watermark);
    store.behind = true;
  }
  return nullptr;
}

uint8_t *Placing::result(uint32_t level) {
  uint8_t *at = keys.slotAt(level);
  record.table = store.levels[keys.refused ? 0 : level];
  return keys.refused ? record.table->noSlot() : at;
}

/// Something happens at `due`: perhaps before the step in hand ends by itself.
void Placing::armBy(int64_t due) {
  if (due < watched)
    keys.armBy(due);
  if (due < store.border && !store.timing.isOnce)
    engine.pause();
}

/// The session at a slot, which is [first, end), takes the record: what does that make due? `isNew`: it was not there,
/// or was another window. Of sessions that fire once only a new one is: a timer that comes too early is armed again.
void Placing::note(uint8_t *at, int64_t first, int64_t end, bool isNew) {
  const SessionTiming &timing = store.timing;
  if (timing.isOnce) {
    if (isNew)
      armBy(end - 1);
    return;
  }
  store.firedTo = std::max(store.firedTo, record.watermark);
  bool hasEnded = millrace::hasEnded(end, record.watermark);
  if (timing.firesAgain && !hasEnded) {
    store.setPending(at, SessionStore::kNotPending); // its row comes at its end
    if (isNew && timing.firing.emit_unit == MR_EMIT_PROCESSING_TIME)
      keys.armClockBy(int64_t(std::min<WideTime>(timing.nextEarly(first, engine.task.now), kPlusInfinity)));
  } else if (timing.firesAgain && timing.firing.refire) {
    isNew |= store.pendingOf(at) == SessionStore::kNotPending;
    if (store.pendingOf(at) == SessionStore::kNotPending)
      store.setPending(at, record.watermark);
  } else if (timing.firesAgain) {
    store.changed.push_back({tableToken(store.levels[0], store.levels[0]->positionOf(slot)), first});
    engine.pause();
  }
  if (isNew)
    armBy(store.nextOf(at, end, record.watermark));
}

/// The key has one session, and the record is in it.
uint8_t *Placing::joinOnly() {
  Session one{store.firstOf(slot), store.endOf(slot), 0};
  int64_t first = std::min(one.first, record.time), end = std::max(one.end, record.end);
  bool changes = first != one.first || end != one.end;
  if (changes)
    keys.replace(one);
  store.setTimes(slot, first, end);
  note(slot, first, end, changes && store.timing.firesAgain);
  return keys.refused ? store.levels[0]->noSlot() : slot;
}

/// The number of the session that the record belongs to; as many as there are: it begins one.
size_t Placing::find(const Sessions &all) const {
  auto behind = std::lower_bound(all.begin(), all.end(), record.end,
                                 [](const Session &session, int64_t time) { return session.first < time; });
  size_t found = all.size();
  for (size_t i = size_t(behind - all.begin()); i--;) {
    if (!isLeft(all[i].end)) // only its row has not come yet
      continue;
    if (all[i].end <= record.time)
      break;
    if (joins(all[i].first, all[i].end))
      found = i;
  }
  return found;
}

/// The record is in this session, which takes in those behind it that are now near.
uint8_t *Placing::join(size_t number) {
  Sessions &all = keys.sessions();
  Session &one = all[number];
  if (one.isParked())
    keys.bringBack(one);
  if (keys.refused)
    return result(0);
  int64_t first = std::min(one.first, record.time), end = std::max(one.end, record.end);
  bool changes = first != one.first || end != one.end;
  if (changes)
    keys.replace(one);
  one.first = first;
  one.end = end;
  one.next = kMinusInfinity;
  for (size_t next = number + 1; changes && next < all.size() && !keys.refused;) {
    Session &other = all[next];
    if (!isLeft(other.end)) { // only its row has not come yet
      ++next;
      continue;
    }
    if (other.first >= one.end || !fits(one.first, std::max(one.end, other.end)))
      break;
    if (other.isParked())
      keys.bringBack(other);
    if (keys.refused)
      break;
    keys.replace(other);
    keys.combine(one.level, other.level);
    keys.release(other.level);
    one.end = std::max(one.end, other.end);
    all.erase(all.begin() + ptrdiff_t(next));
  }
  if (uint8_t *at = keys.slotAt(one.level); !keys.refused) {
    store.setTimes(at, one.first, one.end);
    note(at, one.first, one.end, changes && store.timing.firesAgain);
  }
  if (!keys.refused)
    keys.tidy();
  return result(store.listOf(slot) ? keys.sessions()[number].level : 0);
}

/// The record begins a session.
uint8_t *Placing::begin() {
  Sessions &all = keys.sessions();
  auto behind = std::upper_bound(all.begin(), all.end(), record.time,
                                 [](int64_t time, const Session &session) { return time < session.first; });
  uint32_t level = 0;
  if (behind != all.end())
    level = keys.takeLevel();
  else if (!all.empty()) // the first table is for the newest
    store.ended ? keys.park(all.back()) : keys.move(all.back(), keys.takeLevel());
  all.insert(behind, {record.time, record.end, level});
  uint8_t *at = result(level);
  if (keys.refused)
    return at;
  if (level)
    store.setMore(at, 0, 0); // so that it is found to be in use
  store.setTimes(at, record.time, record.end);
  note(at, record.time, record.end, /*isNew=*/true);
  return at;
}

/// Sessions that have ended are taken out, so that those in slots are left.
uint8_t *Placing::placeOnce() {
  if (store.listOf(slot)) {
    watched = keys.list().armed;
    keys.takeOutEnded(record.watermark);
    if (keys.refused)
      return store.levels[0]->noSlot();
  } else if (store.hasSession(slot) && !isLeft(store.endOf(slot))) {
    watched = store.nextOf(slot, store.endOf(slot), record.watermark);
    store.takeOut(slot, tableToken(store.levels[0], store.levels[0]->positionOf(slot)));
  }
  if (store.listOf(slot)) {
    watched = kPlusInfinity; // the list has it
    keys.makeList();
    if (size_t number = find(keys.sessions()); number < keys.sessions().size())
      return join(number);
  } else if (store.hasSession(slot) && joins(store.firstOf(slot), store.endOf(slot))) {
    return joinOnly();
  }
  if (!isLeft(record.end))
    return countLate();
  if (store.hasSession(slot)) {
    watched = kPlusInfinity;
    keys.makeList();
    return begin();
  }
  store.setTimes(slot, record.time, record.end);
  note(slot, record.time, record.end, /*isNew=*/true);
  return slot;
}

uint8_t *Placing::place() {
  if (slot == store.levels[0]->noSlot()) // memory is refused already
    return slot;
  if (store.ended)
    return placeOnce();
  bool hasOne = store.hasSession(slot), hasMore = store.listOf(slot) != 0;
  if (!hasMore && hasOne && joins(store.firstOf(slot), store.endOf(slot)))
    return joinOnly();
  if (hasMore) {
    keys.makeList();
    if (size_t number = find(keys.sessions()); number < keys.sessions().size())
      return join(number);
  }
  if (!isLeft(record.end))
    return countLate();
  if (hasMore || hasOne) {
    keys.makeList();
    return begin();
  }
  store.setTimes(slot, record.time, record.end);
  note(slot, record.time, record.end, /*isNew=*/true);
  return slot;
}

} // namespace

/// Called by generated code.
extern "C" uint8_t *mr_session_slot(mr_task *task, uint32_t index, uint8_t *slot, mr_session *record) {
  mr_engine &engine = *task->engine;
  return Placing(engine, engine.windows[index], slot, *record).place();
}
