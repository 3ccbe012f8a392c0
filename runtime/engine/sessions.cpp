//===- sessions.cpp - the sessions of a window, and those of one key -----------------------===//
//
// Where a key's sessions lie, and what is done with them as a whole: moved from one
// table to another, combined, released. Which session a record belongs to is in
// session_place.cpp, when rows come in session_fire.cpp.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/invariant.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>
#include <bit>
#include <string_view>

using namespace millrace;

//===-- of a window --------------------------------------------------------------------------===//

namespace {

const mr_piece_desc *pieceOf(const mr_table_desc &desc, std::string_view name) {
  for (uint32_t i = 0; i < desc.num_pieces; ++i)
    if (desc.pieces[i].name == name)
      return &desc.pieces[i];
  return nullptr;
}

/// Where a hidden piece of the slots lies.
uint32_t placeOf(const mr_table_desc &desc, std::string_view name) {
  const mr_piece_desc *piece = pieceOf(desc, name);
  invariant(piece && piece->size == 8 && !piece->cold, "slots of sessions have their times");
  return piece->offset;
}

/// Does the piece tell whether the key's row is in a sink? (Flags of members have a dot in their names.)
bool isFlagOfSink(const mr_piece_desc &piece) {
  return piece.kind == MR_PIECE_BIT && std::string_view(piece.name).find('.') == std::string_view::npos;
}

} // namespace

SessionStore::SessionStore(const mr_window_desc &desc, StateAccount &account, mr_table *first)
    : account(account), timing(desc), firstAt(placeOf(desc.table, "session.first")),
      endAt(placeOf(desc.table, "session.end")), moreAt(placeOf(desc.table, "session.more")), levels(account),
      lists(account), free(account), wheel(account), key(account), other(account), flags(account), clockWheel(account),
      ghostTables(account), ghosts(account), changed(account), timers(account), found(account), gone(account),
      left(account), due(account), buckets(account), parts(account), near(account) {
  levels.push_back(first);
  if (!timing.firesAgain && EndedSessions::suits(desc.table)) {
    constexpr uint64_t kInGap = 8, kUsual = 1 << 20; // buckets; a gap that records give, in microseconds
    ended.emplace(desc, account, first);
    uint64_t gap = std::max(desc.size > 0 ? uint64_t(desc.size) : kUsual, kInGap);
    bucketBits = uint32_t(std::bit_width(gap)) - uint32_t(std::bit_width(kInGap));
    buckets.resize(kBuckets, StateVector<uint64_t>(account));
    partBits = bucketBits - std::min<uint32_t>(bucketBits, std::bit_width(kParts) - 1);
    parts.resize(kParts, StateVector<NearSession>(account));
  }
  key.resize(desc.table.key_words + 2 * desc.table.key_strings);
  other.resize(key.size());
  members = uint32_t(pieceOf(desc.table, "session.first") - desc.table.pieces);
  if (desc.firing.refire)
    pendingAt = placeOf(desc.table, "session.pending");
  if (timing.firesAgain)
    armedAt = placeOf(desc.table, "session.armed");
  if (hasClock())
    clockAt = placeOf(desc.table, "session.clock");
  for (uint32_t i = members; timing.replaces && i < desc.table.num_pieces; ++i)
    if (isFlagOfSink(desc.table.pieces[i]))
      flags.push_back(desc.table.pieces[i]);
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
  SessionList &list = this->list(number);
  if (list.all.capacity() > few || list.free.capacity() > few)
    list = SessionList(account);
  list.all.clear();
  list.free.clear();
  list.levels = 1;
  free.push_back(number);
}

void SessionStore::trim(StateVector<mr_table *> &tables) {
  constexpr size_t few = 8; // so that a key that needs them now and then does not make them anew each time
  while (tables.size() > few && tableCount(tables.back()) == 0 && tableCount(tables[tables.size() - few]) == 0) {
    tableFree(tables.back());
    tables.pop_back();
  }
}

int64_t SessionStore::nextBorder(int64_t watermark) {
  return border = std::max(watermark < kPlusInfinity ? watermark + 1 : watermark, nextDue());
}

int64_t SessionStore::nextByClock() const {
  int64_t next = clockWheel.next(), end = timing.inProcessingTime ? nextDue() : kPlusInfinity;
  return std::min(next, end == kPlusInfinity ? end : end + 1);
}

int64_t SessionStore::nextOf(const uint8_t *slot, int64_t end, int64_t watermark) const {
  if (timing.isOnce)
    return end - 1;
  WideTime next = WideTime(end) - 1;
  if (timing.isFinal || hasEnded(end, watermark)) {
    next += timing.firing.lateness;
    if (int64_t pending = timing.firesAgain ? pendingOf(slot) : kNotPending; pending != kNotPending)
      next = std::min<WideTime>(next, WideTime(pending) + timing.firing.refire);
  } else if (timing.firing.emit_unit == MR_EMIT_EVENT_TIME) {
    next = std::min(next, timing.nextEarly(firstOf(slot), WideTime(watermark) + 1) - 1);
  }
  return int64_t(std::min<WideTime>(next, kPlusInfinity));
}

void SessionStore::noteRow(mr_table *table, uint8_t *slot) const {
  if (timing.discards) // the members begin anew
    tableResetPieces(table, slot, members);
  setRows(slot, rowsOf(slot) + 1);
  setFresh(slot, 0);
  mr_table_touch(table, slot);
}

void SessionStore::copyFlags(uint8_t *to, const uint8_t *from) const {
  for (const mr_piece_desc &flag : flags) {
    uint64_t there = word(from + flag.offset) & uint64_t(1) << flag.bit, now = word(to + flag.offset) | there;
    std::memcpy(to + flag.offset, &now, sizeof(now));
  }
}

void SessionStore::clearFlags(uint8_t *slot) const {
  for (const mr_piece_desc &flag : flags) {
    uint64_t now = word(slot + flag.offset) & ~(uint64_t(1) << flag.bit);
    std::memcpy(slot + flag.offset, &now, sizeof(now));
  }
}

//===-- of a key -----------------------------------------------------------------------------===//

KeySessions::KeySessions(mr_engine &engine, WindowState &window, uint8_t *slot)
    : engine(engine), window(window), store(*window.sessions), base(store.levels[0]), slot(slot) {}

/// One of several tables of the same kind; made if need be.
mr_table *KeySessions::tableOf(StateVector<mr_table *> &tables, uint32_t number) {
  while (tables.size() <= number)
    tables.push_back(
        tableNew(window.desc->table, *window.account, engine.heads[&window - engine.windows.data()].dictionary));
  return tables[number];
}

uint8_t *KeySessions::slotAt(uint32_t level) {
  if (level == 0)
    return slot;
  tableKey(base, base->positionOf(slot), store.key.data());
  mr_table *table = tableOf(store.levels, level);
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
  mr_status status = window.desc->combine(&engine.task, store.levels[into], store.levels[from], position + 1, &cursor);
  invariant(status == MR_DONE && cursor.position == position + 1, "a session is combined in one call");
  if (!store.timing.firesAgain)
    return;
  store.setFresh(target, store.freshOf(target) + store.freshOf(source));
  int64_t mine = store.pendingOf(target), its = store.pendingOf(source);
  if (its != SessionStore::kNotPending)
    store.setPending(target, mine == SessionStore::kNotPending ? its : std::min(mine, its));
}

/// The session in this level is gone, or is elsewhere.
void KeySessions::release(uint32_t level) {
  uint8_t *old = slotAt(level);
  if (refused)
    return;
  if (level) {
    tableErase(store.levels[level], store.levels[level]->positionOf(old));
    list().free.push_back(level);
    return;
  }
  uint64_t ofKey[3] = {};
  const uint32_t places[3] = {store.moreAt, store.armedAt, store.clockAt}; // 0: there is none
  for (int i = 0; i < 3; ++i)
    std::memcpy(&ofKey[i], slot + places[i], sizeof(uint64_t));
  mr_table_reset(base, slot);
  for (int i = 0; i < 3; ++i)
    if (places[i])
      std::memcpy(slot + places[i], &ofKey[i], sizeof(uint64_t));
}

/// A level in which the key has no session; not the first.
uint32_t KeySessions::takeLevel() {
  SessionList &mine = list();
  if (mine.free.empty())
    return mine.levels++;
  uint32_t level = mine.free.back();
  mine.free.pop_back();
  invariant(level && level < mine.levels, "a level that is taken is one of the key's");
  return level;
}

void KeySessions::move(Session &session, uint32_t to) {
  uint32_t from = session.level;
  combine(to, from);
  if (refused)
    return;
  uint8_t *now = slotAt(to);
  if (store.timing.firesAgain) {
    store.setRows(now, store.rowsOf(slotAt(from)));
    store.copyFlags(now, slotAt(from));
  }
  release(from);
  session.level = to;
  store.setTimes(slotAt(to), session.first, session.end);
}

void KeySessions::park(Session &session) {
  invariant(session.level == 0, "what is parked is the key's newest session so far");
  uint64_t place = store.ended->park(slot);
  store.ended->clear(slot);
  refused |= place == EndedSessions::kNoPlace;
  session.level = Session::kParked;
  session.next = int64_t(place);
}

void KeySessions::bringBack(Session &session) {
  uint32_t level = takeLevel();
  uint8_t *at = slotAt(level);
  if (refused)
    return;
  store.setMore(at, 0, 0); // so that it is found to be in use
  store.ended->bringBack(uint64_t(session.next), store.levels[level], at);
  session.level = level;
  session.next = kMinusInfinity;
}

/// A time is to be watched before the one that is: half the way there. So a time that comes nearer with each record
/// makes as many timers as a number has bits, not one for each record.
static int64_t nearer(int64_t now, int64_t due) {
  return due <= now ? due : int64_t(WideTime(now) + (WideTime(due) - now + 1) / 2);
}

void KeySessions::arm(int64_t due) {
  store.setMore(slot, store.listOf(slot), due);
  if (store.timing.firesAgain)
    store.setArmed(slot, due);
  if (store.listOf(slot))
    list().armed = due;
  store.wheel.add({due, tableToken(base, base->positionOf(slot))}); // refused memory stops the pipeline
}

void KeySessions::armBy(int64_t due) {
  if (store.ended) {
    if (store.listOf(slot) && due >= list().armed)
      return;
    store.watch(slot, tableToken(base, base->positionOf(slot)), due);
    if (store.listOf(slot))
      list().armed = due;
    return;
  }
  if (store.timing.firesAgain) {
    if (int64_t armed = store.armedOf(slot); due < armed)
      arm(armed == kPlusInfinity ? due : nearer(store.firedTo, due));
    return;
  }
  if (!store.listOf(slot) || due < list().armed)
    arm(due);
}

void KeySessions::armClockBy(int64_t due) {
  int64_t armed = store.clockArmedOf(slot);
  if (due >= armed)
    return;
  due = armed == kPlusInfinity ? due : nearer(engine.task.now, due);
  store.setClockArmed(slot, due);
  store.clockWheel.add({due, tableToken(base, base->positionOf(slot))});
}

/// A key with one session, in the first table, needs no list; the newest belongs there.
void KeySessions::tidy() {
  Sessions &all = sessions();
  if (!all.empty() && all.back().isParked())
    bringBack(all.back());
  if (!all.empty() && all.back().level != 0 && !refused)
    move(all.back(), 0);
  if (all.size() > 1 || refused)
    return;
  store.freeList(store.listOf(slot));
  store.setList(slot, 0);
}

/// The key has a list from here on, which says what its slots say.
void KeySessions::makeList() {
  bool isNew = !store.listOf(slot);
  if (isNew) {
    store.setList(slot, store.newList());
    list().armed = kPlusInfinity;
    if (!store.hasSession(slot))
      return;
    sessions().push_back({store.firstOf(slot), store.endOf(slot), 0});
    list().armed = store.nextOf(slot, store.endOf(slot), store.firedTo);
    return;
  }
  invariant(!sessions().empty() && sessions().back().level == 0, "a key's newest session is in the first table");
  Session &newest = sessions().back(); // generated code extends it
  newest.first = store.firstOf(slot);
  newest.end = store.endOf(slot);
}

void KeySessions::replace(const Session &session) {
  uint8_t *at = store.timing.firesAgain ? slotAt(session.level) : nullptr;
  if (!at || refused || !store.rowsOf(at))
    return;
  if (store.timing.replaces)
    makeGhost(at, session);
  store.setRows(at, 0);
  store.clearFlags(at);
}

/// What a delete has to know of the session whose slot is `of`.
void KeySessions::makeGhost(const uint8_t *of, const Session &session) {
  tableKey(base, base->positionOf(slot), store.key.data());
  for (uint32_t number = 0;; ++number) {
    mr_table *table = tableOf(store.ghostTables, number);
    uint8_t *ghost = tableUpsert(table, store.key.data());
    if (ghost == table->noSlot()) {
      refused = true;
      return;
    }
    if (store.hasSession(ghost)) // the key has one already
      continue;
    mr_table_touch(table, ghost);
    store.setMore(ghost, 0, 0); // so that it is found to be in use
    store.setTimes(ghost, session.first, session.end);
    store.copyFlags(ghost, of);
    store.ghosts.push_back({session.end, session.first, tableToken(table, table->positionOf(ghost)), number});
    engine.pause();
    return;
  }
}
