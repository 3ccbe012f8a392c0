//===- over.h - records that wait for the watermark --------------------------------===//
//
// Internal. Rule 30: a record of `over` waits until W has passed it, by
// (timestamp, arrival). What is kept of it then, in the window of its key's later
// records, lies in the slot of its key (mr_over_desc).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_OVER_H
#define MILLRACE_RUNTIME_ENGINE_OVER_H

#include "millrace/abi.h"
#include "runtime/state/memory.h"
#include "runtime/state/state_vector.h"
#include "runtime/state/strings.h"

#include <memory>

namespace millrace {

/// One of them.
struct WaitingEntry {
  int64_t time;
  uint64_t arrival;
  uint8_t *row;
  bool operator<(const WaitingEntry &other) const { // the heap's top is the greatest
    return time != other.time ? time > other.time : arrival > other.arrival;
  }
};

/// The records that wait in one operator.
class WaitingRecords {
public:
  using Pointer = std::unique_ptr<WaitingRecords, StateDelete>;
  static Pointer make(const mr_over_desc &desc, StateAccount &account);
  ~WaitingRecords();

  /// Room for a record of this time: desc.row_size bytes, of which the first 16 are filled.
  uint8_t *add(int64_t time);
  /// Copies the texts of what was added since: the memory that they are in is used for others behind a drain.
  void settle();
  /// The least time that waits; kPlusInfinity: none does.
  int64_t leastTime() const;
  uint64_t size() const;

  /// Takes all up to W out, in their order; their texts are in flight until giveBack.
  const StateVector<const uint8_t *> &takeDue(int64_t watermark);
  /// Their memory is free again; much that is free goes back.
  void giveBack();

private:
  WaitingRecords(const mr_over_desc &desc, StateAccount &account);
  uint8_t *take();
  void shrink();
  void wait(const WaitingEntry &entry);
  /// The first one that waits, by (time, arrival); none does: null.
  const WaitingEntry *first() const;
  void takeInOrder(int64_t watermark);
  void readTexts(uint8_t *row);

  const mr_over_desc &desc;
  StateAccount &account;
  StringArena texts = {};
  StateVector<WaitingEntry> heap;
  StateVector<uint8_t *> chunks, fresh; ///< `fresh`: rows whose texts are not copied yet
  StateVector<const uint8_t *> due;
  StateVector<mr_string> stored; ///< long texts of what is due
  uint8_t *free = nullptr;       ///< rows that are free again, chained by their first bytes
  uint64_t arrivals = 0;
  StateVector<WaitingEntry> queue; ///< what came in order, from `begin` on; what did not is in the heap
  size_t begin = 0;
};

} // namespace millrace

#endif
