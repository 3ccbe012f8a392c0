//===- over.h - records that wait for the watermark --------------------------------===//
//
// Internal. Rule 30: a record of `over` waits until W has passed it, by
// (timestamp, arrival). What is kept of it then, in the window of its key's later
// records, lies in the slot of its key (mr_over_desc).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_OVER_H
#define MILLRACE_RUNTIME_ENGINE_OVER_H

#include "runtime/engine/task.h"
#include "runtime/state/memory.h"
#include "runtime/state/state_vector.h"
#include "runtime/state/strings.h"

#include <memory>
#include <span>

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

/// The records that wait in one operator. What came in order lies in a queue of rows, what did not in a heap.
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
  /// Has W passed one of them?
  bool isDue(int64_t watermark) const { return size() && leastTime() <= watermark; }

  /// Takes all up to W out, in their order: `most` of them, and others of the last one's time. Until giveBack their
  /// texts are in flight, and nothing may be added.
  std::span<const uint8_t *const> takeDue(int64_t watermark, size_t most = SIZE_MAX);
  /// Their memory is free again; much that is free goes back.
  void giveBack();

  mr_waiting head = {}; ///< for steps

private:
  WaitingRecords(const mr_over_desc &desc, StateAccount &account);
  uint8_t *take();
  void shrink();
  void wait(const WaitingEntry &entry);
  void pushLate(const WaitingEntry &entry);
  void pushLast(const WaitingEntry &entry);
  void makeRoom();
  size_t inOrder() const { return size_t(head.end - first); }
  /// Of the queue.
  uint8_t **firstAfter(int64_t watermark) const;
  void takeFirst();
  void readTexts(uint8_t *row);

  const mr_over_desc &desc;
  StateAccount &account;
  StringArena texts = {};
  StateVector<WaitingEntry> heap;
  StateVector<uint8_t *> chunks, fresh; ///< `fresh`: rows whose texts are not copied yet
  StateVector<uint8_t *> queue;         ///< room for it: rows are from `first` to head.end
  uint8_t **first = nullptr;
  StateVector<const uint8_t *> merged; ///< what is due, where some of it was in the heap
  std::span<const uint8_t *const> due;
  StateVector<mr_string> stored; ///< long texts of what is due
};

} // namespace millrace

#endif
