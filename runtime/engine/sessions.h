//===- sessions.h - the state of session windows ---------------------------------------===//
//
// Internal. Each session of a key has a slot of its own (its members, its first
// time, its end). Nearly always a key has one open session, which lies in the
// window's first table, where generated code finds and extends it. Others of the
// same key lie in further tables of the same kind, one behind the other ("levels"),
// and a list tells which. The newest is in the first table.
//
// A session has ended for a record when W as the records before have moved it has
// passed its end (rules 4, 12); its row comes when the engine gets to it. Where it
// fires only once and slots can be moved it is taken out of its slot
// (session_once.cpp, ended_sessions.h); elsewhere it stays (session_fire.cpp), so
// until then one that has ended may lie beside one that is open.
//
// Sessions that fire again, or that late records still reach, have in their slots
// the rows that were written of them and the records since the last one
// (mr_firing_desc; here `rows` is their plain number). Where a window whose row was
// written is no more, a ghost of it, its key, its times and the flags of its sinks,
// waits in a table of its own for the delete behind the record in hand
// (session_changes.cpp).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_SESSIONS_H
#define MILLRACE_RUNTIME_ENGINE_SESSIONS_H

#include "runtime/engine/ended_sessions.h"
#include "runtime/engine/errors.h"
#include "runtime/state/table.h"
#include "runtime/time/wheel.h"
#include "runtime/time/window.h"

#include <algorithm>
#include <cstring>
#include <memory>
#include <optional>

struct mr_engine;

namespace millrace {

struct WindowState;
struct SavedState;

/// [first, end): from its first record to the gap behind its last.
struct Session {
  int64_t first, end;
  uint32_t level;                ///< number of the table that has it
  int64_t next = kMinusInfinity; ///< nothing happens to it as long as W is less; of one that is parked: where it lies

  static constexpr uint32_t kParked = UINT32_MAX; ///< as a level: EndedSessions has it
  bool isParked() const { return level == kParked; }
};

using Sessions = StateVector<Session>;

/// The sessions of a key that has more than one, by their first times, and which levels have them: the first table has
/// the newest.
struct SessionList {
  explicit SessionList(StateAccount &account) : all(account), free(account) {}

  Sessions all;
  StateVector<uint32_t> free; ///< levels below `levels` in which the key has none
  uint32_t levels = 1;        ///< from here on it has none, either
  int64_t armed = 0;          ///< what the key's timer is armed for, or later
};

/// A session whose row is due, or that goes.
struct DueSession {
  int64_t end, first;
  uint64_t token;    ///< of its key: an order that does not depend on where the key lies
  uint64_t position; ///< in the table of its level
  uint32_t level;
  uint8_t timing; ///< as of mr_due
  bool fires;     ///< its row is due
  bool goes;      ///< no record can come for it any more
};

/// A session whose row may be due behind the record in hand.
struct ChangedSession {
  uint64_t token; ///< of its key
  int64_t first;
  auto operator<=>(const ChangedSession &) const = default;
};

/// The row of a window that is no more.
struct GhostSession {
  int64_t end, first;
  uint64_t token;
  uint32_t table; ///< number in SessionStore::ghostTables
};

/// A key that has, or had, a session that ends soon.
struct NearSession {
  int64_t due;
  uint64_t token;
};

/// When rows come of sessions (rules 19 to 22).
struct SessionTiming {
  explicit SessionTiming(const mr_window_desc &desc)
      : firing(desc.firing), isOnce(!firing.lateness && !firing.emit_unit),
        isFinal(!isOnce && firing.mode == MR_FIRES_FINAL), firesAgain(!isOnce && !isFinal),
        replaces(firesAgain && firing.mode == MR_FIRES_ACCUMULATING),
        discards(firesAgain && firing.mode == MR_FIRES_DISCARDING), inProcessingTime(desc.processing_time) {}

  const mr_firing_desc &firing;
  bool isOnce, isFinal, firesAgain, replaces, discards, inProcessingTime;

  /// Is it too late even for late records?
  bool isGone(int64_t end, int64_t watermark) const { return watermark >= WideTime(end) - 1 + firing.lateness; }
  /// How often rows before the end have been due when W + 1, or the clock, is at `time`.
  WideTime earlyUpTo(int64_t first, WideTime time) const {
    WideTime since = time - first;
    return since < 0 ? 0 : since / firing.emit;
  }
  /// The next time (as of earlyUpTo) at which one is due.
  WideTime nextEarly(int64_t first, WideTime time) const { return first + (earlyUpTo(first, time) + 1) * firing.emit; }
};

struct SessionStore {
  using Pointer = std::unique_ptr<SessionStore, StateDelete>;

  static constexpr int64_t kNoStride = INT64_MAX, kNotPending = INT64_MIN;
  static constexpr uint64_t kBuckets = 64, kParts = 64; // of a bucket

  /// `first`: the table of level 0.
  static Pointer make(const mr_window_desc &desc, StateAccount &account, mr_table *first) {
    return Pointer(new (account.takeAlways(sizeof(SessionStore))) SessionStore(desc, account, first),
                   StateDelete{&account});
  }

  // What a slot has beside its members. Zero bytes: no session.
  int64_t firstOf(const uint8_t *slot) const { return time(slot + firstAt); }
  int64_t endOf(const uint8_t *slot) const { return time(slot + endAt); }
  bool hasSession(const uint8_t *slot) const { return word(slot + endAt) != 0; }
  void setTimes(uint8_t *slot, int64_t first, int64_t end) const {
    setTime(slot + firstAt, first);
    setTime(slot + endAt, end);
  }
  void clearTimes(uint8_t *slot) const {
    std::memset(slot + firstAt, 0, 8);
    std::memset(slot + endAt, 0, 8);
  }
  /// Number of the key's list + 1, only in the first table; 0: it has none.
  uint32_t listOf(const uint8_t *slot) const { return uint32_t(word(slot + moreAt) >> 32); }
  bool isNew(const uint8_t *slot) const { return word(slot + moreAt) == 0; }
  /// Is the key's timer the one that was armed for this time? (By its lower half: one taken for it costs a look more.)
  bool isArmedFor(const uint8_t *slot, int64_t due) const { return uint32_t(word(slot + moreAt)) == armedFor(due); }
  void setMore(uint8_t *slot, uint32_t list, int64_t due) const {
    uint64_t more = uint64_t(list) << 32 | armedFor(due);
    std::memcpy(slot + moreAt, &more, sizeof(more));
  }
  void setList(uint8_t *slot, uint32_t list) const {
    uint64_t more = uint64_t(list) << 32 | uint32_t(word(slot + moreAt));
    std::memcpy(slot + moreAt, &more, sizeof(more));
  }

  // What `more` says of a key whose sessions are taken out as they end (session_once.cpp).
  /// The key has no session, and no timer: it stays for its next one.
  bool isIdle(const uint8_t *slot) const { return word(slot + moreAt) == kIdle; }
  /// A new key, or one of which nothing is left, is idle from here on.
  void makeIdle(uint8_t *slot) {
    idle += !isIdle(slot);
    setWord(slot + moreAt, kIdle);
  }
  void setMark(uint8_t *slot, uint32_t mark) const {
    setWord(slot + moreAt, (word(slot + moreAt) & ~uint64_t(UINT32_MAX)) | mark);
  }
  bool hasMark(const uint8_t *slot, uint32_t mark) const { return uint32_t(word(slot + moreAt)) == mark; }
  /// The key is in a bucket; it is among those that are near.
  static uint32_t inBucket(int64_t bucket) { return uint32_t(bucket) << 2 | 3; }
  static uint32_t isNear(int64_t due) { return uint32_t(due) << 2 | 2; }
  /// The key is looked at when something is due at `due`. Of a slot with a session.
  void watch(uint8_t *slot, uint64_t token, int64_t due) {
    idle -= isIdle(slot);
    putInBucket(slot, token, std::max(due >> bucketBits, opened));
  }
  void putInBucket(uint8_t *slot, uint64_t token, int64_t bucket) {
    setMark(slot, inBucket(bucket));
    if (uint64_t(bucket) - uint64_t(opened) >= kBuckets) {
      wheel.add({bucket, token}); // refused memory stops the pipeline
      return;
    }
    buckets[bucket & (kBuckets - 1)].push_back(token);
    used |= uint64_t(1) << (bucket & (kBuckets - 1));
  }
  /// The same of one in the bucket that W is in.
  void watchNear(uint8_t *slot, uint64_t token, int64_t due);
  /// No session ends, or goes, before this.
  int64_t nextDue() const;
  /// No key that is near is due before this; kPlusInfinity: there is none.
  int64_t nextNear() const { return std::min(nextPart(), near.empty() ? kPlusInfinity : near.front().due); }
  int64_t nextPart() const;
  /// The first bucket that may hold a key; INT64_MAX: there is none.
  int64_t nextBucket() const;
  /// Takes the session at a slot of the first table, or of another level, out; `key`: the key's slot in the first
  /// table. False: memory was refused.
  bool takeOut(uint8_t *slot, uint64_t token);
  bool takeOut(uint32_t level, uint8_t *slot, const uint8_t *key);
  /// Sessions that have no row yet, and keys that have none.
  uint64_t keys() const;
  /// Of idle keys some go, where they are many in a large table.
  void sweep(uint64_t ended);

  SessionList &list(uint32_t number) { return lists[number - 1]; }
  uint32_t newList();
  void freeList(uint32_t number);

  // Of sessions that fire again.
  /// What the key's timer is armed for; kPlusInfinity: it has none. By the clock, the same.
  int64_t armedOf(const uint8_t *slot) const { return timerAt(slot + armedAt); }
  int64_t clockArmedOf(const uint8_t *slot) const { return timerAt(slot + clockAt); }
  void setArmed(uint8_t *slot, int64_t due) const { setTimer(slot + armedAt, due); }
  void setClockArmed(uint8_t *slot, int64_t due) const { setTimer(slot + clockAt, due); }
  bool hasClock() const { return timing.firing.emit_unit == MR_EMIT_PROCESSING_TIME; }
  uint64_t rowsOf(const uint8_t *slot) const { return word(slot + timing.firing.rows_offset); }
  uint64_t freshOf(const uint8_t *slot) const { return word(slot + timing.firing.fresh_offset); }
  void setRows(uint8_t *slot, uint64_t rows) const {
    std::memcpy(slot + timing.firing.rows_offset, &rows, sizeof(rows));
  }
  void setFresh(uint8_t *slot, uint64_t fresh) const {
    std::memcpy(slot + timing.firing.fresh_offset, &fresh, sizeof(fresh));
  }
  /// W at the first change that waits for `refire`; kNotPending: none does.
  int64_t pendingOf(const uint8_t *slot) const { return timing.firing.refire ? time(slot + pendingAt) : kNotPending; }
  void setPending(uint8_t *slot, int64_t since) const {
    if (timing.firing.refire)
      setTime(slot + pendingAt, since);
  }
  /// The least W above `watermark` at which something may happen to a session that there is.
  int64_t nextBorder(int64_t watermark);
  /// The least time of the clock at which something may happen.
  int64_t nextByClock() const;
  /// The next W at which something may happen to the session of a slot, where it has come to `watermark`.
  int64_t nextOf(const uint8_t *slot, int64_t end, int64_t watermark) const;
  /// The row of the session has been written.
  void noteRow(mr_table *table, uint8_t *slot) const;
  /// The flags of `from` are those of `to` as well.
  void copyFlags(uint8_t *to, const uint8_t *from) const;
  void clearFlags(uint8_t *slot) const;
  /// Is there something to be done behind the record in hand?
  bool isChanged() const { return !ghosts.empty() || !changed.empty(); }
  void forgetChanges();
  /// Gives back the last ones as long as they are empty, all but a few.
  static void trim(StateVector<mr_table *> &tables);

  // sessions_saved.cpp: for snapshots. What else there is follows from it.
  /// Before: what is parked comes back to tables. False: memory was refused.
  bool bringAllBack(mr_engine &engine, WindowState &window);
  void save(const WindowState &window, SavedState &state) const;
  void load(mr_engine &engine, WindowState &window, const SavedState &state);

  StateAccount &account;
  SessionTiming timing;
  uint32_t firstAt, endAt, moreAt;  ///< places in a slot
  uint32_t pendingAt = 0;           ///< the same, with `refire`
  uint32_t armedAt = 0;             ///< the same, of those that fire again
  uint32_t clockAt = 0;             ///< the same, with `emit ... in processing_time`
  uint32_t members = 0;             ///< the first pieces of a slot, which are of its members
  StateVector<mr_table *> levels;   ///< the first is the window head's
  StateVector<SessionList> lists;   ///< of keys with more than one session
  StateVector<uint32_t> free;       ///< lists that nobody has
  Wheel wheel;                      ///< timers of keys: none of its sessions ends before the one that counts
  bool behind = false;              ///< is a timer due although W has not moved?
  int64_t stride = kNoStride;       ///< microseconds of W at most from one firing to the next (session_fire.cpp)
  StateVector<uint64_t> key, other; ///< for looking up and comparing
  StateVector<mr_piece_desc> flags; ///< of a slot: in which sinks its row is
  int64_t firedTo = kMinusInfinity; ///< W at which all that was due had its row, or the last record saw
  int64_t border = kMinusInfinity;  ///< the next W at which something was due when the step in hand was begun
  // `emit ... in processing_time`: a timer for each key with a session that is open, and the clock's last time.
  Wheel clockWheel;
  int64_t clock = kMinusInfinity;
  // What has to be done behind the record in hand.
  StateVector<mr_table *> ghostTables; ///< the n-th has the n-th ghost of a key
  StateVector<GhostSession> ghosts;
  StateVector<ChangedSession> changed;
  // While they fire.
  StateVector<Timer> timers;
  StateVector<uint64_t> found, gone, left; ///< positions in the first table
  StateVector<DueSession> due;
  int64_t step = 1'000'000; ///< microseconds of W for which sessions are gathered at once, where nobody can tell
  // Of sessions that are taken out of their slots as they end (session_once.cpp).
  std::optional<EndedSessions> ended; ///< nothing: those of this window are not
  uint32_t bucketBits = 0;            ///< numbers of buckets are times without so many low bits
  StateVector<StateVector<uint64_t>>
      buckets;                ///< tokens of keys, those of the next kBuckets; of later ones in the wheel
  uint64_t used = 0;          ///< bit i: there may be something in buckets[i]
  int64_t opened = INT64_MIN; ///< the bucket in hand; those before are empty
  size_t drained = 0;         ///< so much of it has been looked at
  // Keys that buckets have given out because something of them is due in the bucket that W is in: by parts of it.
  uint32_t partBits = 0; ///< numbers of parts are times without so many low bits
  StateVector<StateVector<NearSession>> parts;
  uint64_t usedParts = 0;        ///< bit i: there may be something in parts[i]
  int64_t openPart = INT64_MIN;  ///< the part in hand; those before are empty
  size_t partDrained = 0;        ///< so much of it has been looked at
  StateVector<NearSession> near; ///< of the part in hand and other ones: a heap, what is due first is first
  uint64_t idle = 0;             ///< keys in the first table that have no session and no timer
  uint64_t sweptTo = 0;          ///< position

private:
  SessionStore(const mr_window_desc &desc, StateAccount &account, mr_table *first);

  static constexpr uint64_t kIdle = 1;
  static constexpr uint64_t kSign = uint64_t(1) << 63;
  static uint32_t armedFor(int64_t due) { return uint32_t(due) | 1; } // so a slot in use is never zero here
  static uint64_t word(const uint8_t *at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
  static void setWord(uint8_t *at, uint64_t word) { std::memcpy(at, &word, sizeof(word)); }
  static int64_t time(const uint8_t *at) { return int64_t(word(at) ^ kSign); }
  static void setTime(uint8_t *at, int64_t time) {
    uint64_t word = uint64_t(time) ^ kSign;
    std::memcpy(at, &word, sizeof(word));
  }
  static int64_t timerAt(const uint8_t *at) { return word(at) ? time(at) : kPlusInfinity; }
  static void setTimer(uint8_t *at, int64_t due) {
    due == kPlusInfinity ? void(std::memset(at, 0, 8)) : setTime(at, std::max(due, INT64_MIN + 1));
  }
};

/// Has a session that ends at `end` ended where W is `watermark`? (Rule 12.)
inline bool hasEnded(int64_t end, int64_t watermark) { return watermark >= end - 1; }

/// The sessions of one key.
class KeySessions {
public:
  /// `slot`: the key's in the first table; no key comes to or goes from there meanwhile.
  KeySessions(mr_engine &engine, WindowState &window, uint8_t *slot);

  /// Only with a list.
  SessionList &list() { return store.list(store.listOf(slot)); }
  Sessions &sessions() { return list().all; }
  /// The key's slot in the table of the level, made if need be.
  uint8_t *slotAt(uint32_t level);
  void makeList();
  void tidy();
  /// Of a key with a list, where sessions are taken out as they end: those that have ended when W is `watermark` are.
  void takeOutEnded(int64_t watermark);
  void arm(int64_t due);
  /// Arms the key for `due`, if what it is armed for is later.
  void armBy(int64_t due);
  /// The same by the clock; with `emit ... in processing_time`.
  void armClockBy(int64_t due);
  void combine(uint32_t into, uint32_t from);
  void release(uint32_t level);
  void move(Session &session, uint32_t to);
  /// The session in the first table leaves it: where sessions are taken out as they end.
  void park(Session &session);
  /// One that was parked is in a table again.
  void bringBack(Session &session);
  uint32_t takeLevel();
  /// The session's window is no more: its rows are to be deleted, and count no more.
  void replace(const Session &session);

  bool refused = false; ///< there is no memory: the pipeline stops

private:
  mr_table *tableOf(StateVector<mr_table *> &tables, uint32_t number);
  void makeGhost(const uint8_t *of, const Session &session);

  mr_engine &engine;
  WindowState &window;
  SessionStore &store;
  mr_table *base;
  uint8_t *slot;
};

/// Writes the rows of sessions, in their order, and notes that they have had them.
bool fireDueSessions(mr_engine &engine, WindowState &window, StateVector<DueSession> &due);

} // namespace millrace

#endif
