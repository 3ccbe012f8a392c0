//===- sessions.h - the state of session windows ---------------------------------------===//
//
// Internal. Each session of a key has a slot of its own (its members, its first
// time, its end). Nearly always a key has one open session, which lies in the
// window's first table, where generated code finds and extends it. Others of the
// same key lie in further tables of the same kind, one behind the other ("levels"),
// and a list tells which. The newest is in the first table.
//
// A session has ended for a record when W as the records before have moved it has
// passed its end (rules 4, 12); its row comes when the engine gets to it
// (session_fire.cpp), so until then one that has ended may lie beside one that is
// open.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_SESSIONS_H
#define MILLRACE_RUNTIME_ENGINE_SESSIONS_H

#include "runtime/engine/errors.h"
#include "runtime/state/table.h"
#include "runtime/time/wheel.h"

#include <cstring>
#include <memory>

struct mr_engine;

namespace millrace {

struct WindowState;

/// [first, end): from its first record to the gap behind its last.
struct Session {
  int64_t first, end;
  uint32_t level; ///< number of the table that has it
};

using Sessions = StateVector<Session>;

/// A session whose row is due.
struct DueSession {
  int64_t end, first;
  uint64_t token;    ///< of its key: an order that does not depend on where the key lies
  uint64_t position; ///< in the table of its level
  uint32_t level;
};

struct SessionStore {
  using Pointer = std::unique_ptr<SessionStore, StateDelete>;

  static constexpr int64_t kNoStride = INT64_MAX;

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

  Sessions &list(uint32_t number) { return lists[number - 1]; }
  uint32_t newList();
  void freeList(uint32_t number);

  StateAccount &account;
  uint32_t firstAt, endAt, moreAt;  ///< places in a slot
  StateVector<mr_table *> levels;   ///< the first is the window head's
  StateVector<Sessions> lists;      ///< of keys with more than one session, by their first times
  StateVector<uint32_t> free;       ///< lists that nobody has
  Wheel wheel;                      ///< timers of keys: none of its sessions ends before the one that counts
  bool behind = false;              ///< is a timer due although W has not moved?
  int64_t stride = kNoStride;       ///< microseconds of W at most from one firing to the next (session_fire.cpp)
  StateVector<uint64_t> key, other; ///< for looking up and comparing
  // While they fire.
  StateVector<Timer> timers;
  StateVector<uint64_t> found, gone, left; ///< positions in the first table
  StateVector<DueSession> due;

private:
  SessionStore(const mr_window_desc &desc, StateAccount &account, mr_table *first);

  static constexpr uint64_t kSign = uint64_t(1) << 63;
  static uint32_t armedFor(int64_t due) { return uint32_t(due) | 1; } // so a slot in use is never zero here
  static uint64_t word(const uint8_t *at) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    return word;
  }
  static int64_t time(const uint8_t *at) { return int64_t(word(at) ^ kSign); }
  static void setTime(uint8_t *at, int64_t time) {
    uint64_t word = uint64_t(time) ^ kSign;
    std::memcpy(at, &word, sizeof(word));
  }
};

/// The sessions of one key.
class KeySessions {
public:
  /// `slot`: the key's in the first table; no key comes to or goes from there meanwhile.
  KeySessions(mr_engine &engine, WindowState &window, uint8_t *slot);

  /// Only with a list.
  Sessions &sessions() { return store.list(store.listOf(slot)); }
  const Sessions &sessions() const { return store.list(store.listOf(slot)); }
  /// The key's slot in the table of the level, made if need be.
  uint8_t *slotAt(uint32_t level);
  void makeList();
  void tidy();
  void arm(int64_t due);
  void combine(uint32_t into, uint32_t from);
  void release(uint32_t level);
  void move(Session &session, uint32_t to);
  uint32_t freeLevel() const;

  bool refused = false; ///< there is no memory: the pipeline stops

private:
  mr_table *tableOf(uint32_t level);

  mr_engine &engine;
  WindowState &window;
  SessionStore &store;
  mr_table *base;
  uint8_t *slot;
};

/// Has a session that ends at `end` ended where W is `watermark`? (Rule 12.)
inline bool hasEnded(int64_t end, int64_t watermark) { return watermark >= end - 1; }

} // namespace millrace

#endif
