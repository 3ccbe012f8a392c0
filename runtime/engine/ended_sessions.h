//===- ended_sessions.h - sessions that wait for their rows ------------------------------===//
//
// Internal. A session that has ended and fires only once is taken out of its key's
// slot, which is free for the next one then: its bytes lie here until its row is
// written. Texts stay where they are, in the arena of the window's first table.
//
// Rows come by the sessions' ends, those of one end by something that does not
// depend on batches (rules 7 and 10). What has come is put in order in runs, which
// are merged as they fire: so neither takes long at once, however many end together.
//
// A session that is left when its key begins another one lies here, too ("parked"), for
// nearly always no record comes for it any more: then nothing is copied when it has ended.
//
// Generated code fires slots of a table. So those whose turn has come are copied to
// a table that is one for the form only (`rows`): no key is looked for in it.
//
//===--------------------------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_ENDED_SESSIONS_H
#define MILLRACE_RUNTIME_ENGINE_ENDED_SESSIONS_H

#include "runtime/state/state_vector.h"
#include "runtime/state/table.h"

namespace millrace {

struct EndedSession {
  int64_t end, first;
  uint64_t token; ///< of its key: an order that does not depend on where the key lies
  uint64_t place; ///< as EndedSessions::placeOf has it
};

class EndedSessions {
public:
  EndedSessions(const mr_window_desc &desc, StateAccount &account, mr_table *base);
  ~EndedSessions();
  EndedSessions(const EndedSessions &) = delete;
  EndedSessions &operator=(const EndedSessions &) = delete;

  /// Can slots be moved? Not where a key's position tells which key it is.
  static bool suits(const mr_table_desc &desc) {
    return desc.layout == MR_LAYOUT_PACKED || desc.layout == MR_LAYOUT_INLINE;
  }

  /// With those that are parked.
  uint64_t size() const { return count; }
  /// Those that have ended.
  uint64_t ready() const { return count - parked; }
  /// Sessions that are in no run yet.
  uint64_t loose() const { return fresh.size(); }

  /// Copies the session [first, end) at a slot of `table`: of the first table, whose texts it keeps, or of another one
  /// of the same kind; `key`: the key's slot in the first table. The slot itself stays as it is; what it owns is not
  /// its any more if `table` is the first one. False: memory was refused.
  bool add(mr_table *table, const uint8_t *slot, const uint8_t *key, uint64_t token, int64_t first, int64_t end);
  /// Copies the session at a slot of the first table, which has not ended; the slot stays as it is, as of `add`. Where
  /// it lies; kNoPlace: memory was refused.
  uint64_t park(const uint8_t *slot);
  /// A session that was parked has ended.
  void end(uint64_t place, uint64_t token, int64_t first, int64_t end);
  /// A session that was parked is put into the key's slot in another table, which has none.
  void bringBack(uint64_t place, mr_table *table, uint8_t *slot);
  /// The members of a slot of the first table are zero, as of a new key; nothing is given back.
  void clear(uint8_t *slot) const;

  /// Puts those that are in no run in order.
  void order();
  /// Copies the next ones that end at `last` or before to `rows`, and says so in `due`, as rows of this timing. How
  /// many.
  size_t stage(int64_t last, uint32_t timing);
  /// The texts of the first table are those of `rows`, and back again: while these fire.
  void lendTexts();
  /// What was staged has fired.
  void drop();

  static constexpr uint64_t kNoPlace = ~uint64_t(0);

  mr_table *rows;          ///< what is fired
  StateVector<mr_due> due; ///< of it

private:
  /// A piece of memory for slots.
  struct Chunk {
    uint8_t *memory;
    uint64_t used; ///< slots
  };
  struct Run {
    StateVector<EndedSession> all; ///< in order
    size_t next = 0;
  };

  // A place: a slot's number, is there a cold part, and the number of a special position (layout packed) or 0.
  static uint64_t placeOf(uint64_t number, bool cold, uint64_t special) {
    return number << 3 | uint64_t(cold) << 2 | special;
  }
  static uint64_t specialOf(const EndedSession &one) { return one.place & 3; }
  static bool hasCold(const EndedSession &one) { return one.place & 4; }
  uint8_t *at(const EndedSession &one) const {
    uint64_t number = one.place >> 3;
    return chunks[(number >> chunkBits) - firstChunk].memory + (number & ((uint64_t(1) << chunkBits) - 1)) * slotBytes;
  }
  uint64_t copyOut(mr_table *table, const uint8_t *slot, const uint8_t *key);
  uint8_t *newSlot(uint64_t &number);
  void freeSlot(uint64_t number);
  void keepTexts(mr_table *from, uint8_t *copy, bool cold) const;
  void giveTexts(uint8_t *copy, bool cold);
  void keyOf(const EndedSession &one, uint64_t *key) const;
  bool isBefore(const EndedSession &a, const EndedSession &b) const;
  bool comesLater(uint32_t a, uint32_t b) const { return isBefore(front(b), front(a)); }
  const EndedSession &front(uint32_t run) const { return runs[run].all[runs[run].next]; }
  void sort(StateVector<EndedSession> &all) const;
  void copyToRows(const EndedSession &one, uint64_t position);

  const mr_window_desc &desc;
  StateAccount &account;
  mr_table *base;
  uint32_t slotSize, slotBytes, chunkBits; ///< slotBytes: with the cold part
  StateVector<uint64_t> kept;              ///< of each word of a slot: the bits that are not of a session
  StateVector<Chunk> chunks;
  uint64_t firstChunk = 0, nextSlot = 0; ///< numbers
  uint8_t *spare = nullptr;              ///< a chunk
  uint64_t count = 0, parked = 0;
  StateVector<EndedSession> fresh;
  StateVector<Run> runs;
  StateVector<uint32_t> heap;                ///< numbers of runs; the one that comes next is first
  StateVector<uint64_t> staged;              ///< places
  bool hasTexts = false;                     ///< may members have some?
  mutable StateVector<uint64_t> key, other;  ///< for comparing
  mutable StateVector<EndedSession> ordered; ///< for sorting
  mutable StateVector<uint64_t> words;
};

} // namespace millrace

#endif
