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
  uint64_t size() const { return heap.size(); }

  /// Takes all up to W out, in their order; their texts are in flight until giveBack.
  const StateVector<const uint8_t *> &takeDue(int64_t watermark);
  /// Their memory is free again; much that is free goes back.
  void giveBack();

private:
  WaitingRecords(const mr_over_desc &desc, StateAccount &account);
  uint8_t *take();
  void shrink();

  struct Entry {
    int64_t time;
    uint64_t arrival;
    uint8_t *row;
    bool operator<(const Entry &other) const { // the heap's top is the greatest
      return time != other.time ? time > other.time : arrival > other.arrival;
    }
  };

  const mr_over_desc &desc;
  StateAccount &account;
  StringArena texts = {};
  StateVector<Entry> heap;
  StateVector<uint8_t *> chunks, fresh; ///< `fresh`: rows whose texts are not copied yet
  StateVector<const uint8_t *> due;
  StateVector<mr_string> stored; ///< long texts of what is due
  uint8_t *free = nullptr;       ///< rows that are free again, chained by their first bytes
  uint64_t arrivals = 0;
};

} // namespace millrace

#endif
