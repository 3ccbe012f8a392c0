//===- sessions.cpp - which session a record belongs to -----------------------------------===//
//
// The rare cases of rule 15: generated code comes here where a record is not
// plainly in the session that its key has in the first table. A record joins the
// first of its key's open sessions, by time, that it is near to and that does not
// become too long by it; what it bridges becomes one.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/invariant.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>
#include <string_view>

using namespace millrace;

namespace {

/// Where a hidden piece of the slots lies.
uint32_t placeOf(const mr_table_desc &desc, std::string_view name) {
  for (uint32_t i = 0; i < desc.num_pieces; ++i)
    if (desc.pieces[i].name == name && desc.pieces[i].size == 8 && !desc.pieces[i].cold)
      return desc.pieces[i].offset;
  invariant(false, "slots of sessions have their times");
  return 0;
}

} // namespace

SessionStore::SessionStore(const mr_window_desc &desc, StateAccount &account, mr_table *first)
    : account(account), firstAt(placeOf(desc.table, "session.first")), endAt(placeOf(desc.table, "session.end")),
      moreAt(placeOf(desc.table, "session.more")), levels(account), lists(account), free(account), wheel(account),
      key(account), other(account), timers(account), found(account), gone(account), left(account), due(account) {
  levels.push_back(first);
  key.resize(desc.table.key_words + 2 * desc.table.key_strings);
  other.resize(key.size());
}

uint32_t SessionStore::newList() {
  if (!free.empty()) {
    uint32_t number = free.back();
    free.pop_back();
    return number;
  }
  lists.emplace_back(account);
  return uint32_t(lists.size());
}

void SessionStore::freeList(uint32_t number) {
  constexpr size_t few = 8; // sessions, for which a list keeps its memory
  if (list(number).capacity() > few)
    Sessions(account).swap(list(number));
  list(number).clear();
  free.push_back(number);
}

//===-- slots of one key -------------------------------------------------------------------===//

KeySessions::KeySessions(mr_engine &engine, WindowState &window, uint8_t *slot)
    : engine(engine), window(window), store(*window.sessions), base(store.levels[0]), slot(slot) {}

/// A table of the level; made if need be.
mr_table *KeySessions::tableOf(uint32_t level) {
  while (store.levels.size() <= level)
    store.levels.push_back(
        tableNew(window.desc->table, *window.account, engine.heads[&window - engine.windows.data()].dictionary));
  return store.levels[level];
}

uint8_t *KeySessions::slotAt(uint32_t level) {
  if (level == 0)
    return slot;
  tableKey(base, base->positionOf(slot), store.key.data());
  mr_table *table = tableOf(level);
  uint8_t *found = tableUpsert(table, store.key.data());
  if (found == table->noSlot())
    refused = true;
  else
    mr_table_touch(table, found);
  return found;
}

/// What one slot of the key has is added to another, which has what is earlier.
void KeySessions::combine(uint32_t into, uint32_t from) {
  uint8_t *target = slotAt(into), *source = slotAt(from);
  if (refused)
    return;
  if (into) // so that it is found to be in use
    store.setMore(target, 0, 0);
  uint64_t position = store.levels[from]->positionOf(source);
  mr_cursor cursor = {position, 0};
  window.desc->combine(&engine.task, store.levels[into], store.levels[from], position + 1, &cursor);
}

/// The session in this level is gone, or is elsewhere.
void KeySessions::release(uint32_t level) {
  uint8_t *old = slotAt(level);
  if (refused)
    return;
  if (level) {
    tableErase(store.levels[level], store.levels[level]->positionOf(old));
    return;
  }
  uint64_t more;
  std::memcpy(&more, slot + store.moreAt, sizeof(more));
  mr_table_reset(base, slot);
  std::memcpy(slot + store.moreAt, &more, sizeof(more));
}

/// A level in which the key has no session; not the first.
uint32_t KeySessions::freeLevel() const {
  const Sessions &all = sessions();
  for (uint32_t level = 1;; ++level)
    if (std::none_of(all.begin(), all.end(), [&](const Session &s) { return s.level == level; }))
      return level;
}

void KeySessions::move(Session &session, uint32_t to) {
  combine(to, session.level);
  release(session.level);
  session.level = to;
  if (uint8_t *now = slotAt(to); !refused)
    store.setTimes(now, session.first, session.end);
}

void KeySessions::arm(int64_t due) {
  store.setMore(slot, store.listOf(slot), due);
  store.wheel.add({due, tableToken(base, base->positionOf(slot))}); // refused memory stops the pipeline
}

/// A key with one session, in the first table, needs no list; the newest belongs there.
void KeySessions::tidy() {
  Sessions &all = sessions();
  bool isFirstFree = std::none_of(all.begin(), all.end(), [](const Session &s) { return s.level == 0; });
  if (!all.empty() && isFirstFree)
    move(all.back(), 0);
  if (all.size() > 1 || refused)
    return;
  store.freeList(store.listOf(slot));
  store.setList(slot, 0);
}

/// The key has a list from here on, which says what its slots say.
void KeySessions::makeList() {
  if (!store.listOf(slot)) {
    store.setList(slot, store.newList());
    if (store.hasSession(slot))
      sessions().push_back({store.firstOf(slot), store.endOf(slot), 0});
    return;
  }
  for (Session &session : sessions()) // generated code extends the one in the first table
    if (session.level == 0)
      session.first = store.firstOf(slot), session.end = store.endOf(slot);
}

//===-- a record ---------------------------------------------------------------------------===//

namespace {

class Placing {
public:
  Placing(mr_engine &engine, WindowState &window, uint8_t *slot, mr_session &record)
      : engine(engine), window(window), store(*window.sessions), keys(engine, window, slot), slot(slot),
        record(record) {}

  /// The slot that the record is to be folded into; null: it is late.
  uint8_t *place();

private:
  bool isOpen(int64_t end) const { return !hasEnded(end, record.watermark); }
  bool fits(int64_t first, int64_t end) const { return !window.desc->longest || end - first <= window.desc->longest; }
  /// Does the record belong to an open session that is [first, end) so far?
  bool joins(int64_t first, int64_t end) const {
    return isOpen(end) && record.time < end && first < record.end &&
           fits(std::min(first, record.time), std::max(end, record.end));
  }
  uint8_t *countLate();
  uint8_t *join(size_t number);
  uint8_t *begin();
  uint8_t *result(uint32_t level);

  mr_engine &engine;
  WindowState &window;
  SessionStore &store;
  KeySessions keys;
  uint8_t *slot;
  mr_session &record;
};

uint8_t *Placing::countLate() {
  countFor(window, engine.heads[&window - engine.windows.data()].late, uint32_t(record.record));
  if (store.isNew(slot)) { // a key without a session goes with the next that fire
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

/// The record is in this session, which takes in those behind it that are now near.
uint8_t *Placing::join(size_t number) {
  Sessions &all = keys.sessions();
  Session &one = all[number];
  one.first = std::min(one.first, record.time);
  one.end = std::max(one.end, record.end);
  for (size_t next = number + 1; next < all.size();) {
    Session &other = all[next];
    if (!isOpen(other.end)) { // gone: only its row has not come yet
      ++next;
      continue;
    }
    if (other.first >= one.end || !fits(one.first, std::max(one.end, other.end)))
      break;
    keys.combine(one.level, other.level);
    keys.release(other.level);
    one.end = std::max(one.end, other.end);
    all.erase(all.begin() + ptrdiff_t(next));
  }
  if (uint8_t *at = keys.slotAt(one.level); !keys.refused)
    store.setTimes(at, one.first, one.end);
  keys.tidy();
  return result(store.listOf(slot) ? keys.sessions()[number].level : 0);
}

/// The record begins a session.
uint8_t *Placing::begin() {
  Sessions &all = keys.sessions();
  bool isFirstToEnd = std::none_of(all.begin(), all.end(), [&](const Session &s) { return s.end <= record.end; });
  auto behind = std::find_if(all.begin(), all.end(), [&](const Session &s) { return s.first > record.time; });
  uint32_t level = keys.freeLevel();
  if (behind == all.end()) { // the newest: the first table is for it
    for (Session &session : all)
      if (session.level == 0)
        keys.move(session, level);
    level = 0;
  }
  all.insert(behind, {record.time, record.end, level});
  uint8_t *at = result(level);
  if (keys.refused)
    return at;
  if (level)
    store.setMore(at, 0, 0); // so that it is found to be in use
  store.setTimes(at, record.time, record.end);
  if (isFirstToEnd)
    keys.arm(record.end - 1);
  return at;
}

uint8_t *Placing::place() {
  if (slot == store.levels[0]->noSlot()) // memory is refused already
    return slot;
  bool hasOne = store.hasSession(slot), hasMore = store.listOf(slot) != 0;
  if (!hasMore && hasOne && joins(store.firstOf(slot), store.endOf(slot))) {
    store.setTimes(slot, std::min(store.firstOf(slot), record.time), std::max(store.endOf(slot), record.end));
    return slot;
  }
  if (hasMore) {
    keys.makeList();
    Sessions &all = keys.sessions();
    for (size_t i = 0; i < all.size(); ++i)
      if (joins(all[i].first, all[i].end))
        return join(i);
  }
  if (!isOpen(record.end))
    return countLate();
  if (hasMore || hasOne) {
    keys.makeList();
    return begin();
  }
  store.setTimes(slot, record.time, record.end);
  keys.arm(record.end - 1);
  return slot;
}

} // namespace

/// Called by generated code.
extern "C" uint8_t *mr_session_slot(mr_task *task, uint32_t index, uint8_t *slot, mr_session *record) {
  mr_engine &engine = *task->engine;
  return Placing(engine, engine.windows[index], slot, *record).place();
}
