//===- byte_queue.h - bytes that a key keeps, the oldest first to go ------------===//
//
// Internal. A queue is one kept text (strings.h), so that it goes with its key
// and is copied as every text is: a header, then room of which a part is in use.
// All bytes zero, the empty text, is the empty queue. What is put in costs
// constant time, taken over all of it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_BYTE_QUEUE_H
#define MILLRACE_RUNTIME_STATE_BYTE_QUEUE_H

#include "runtime/state/strings.h"

namespace millrace {

/// What is in a queue now. Valid until something is put in.
struct QueuedBytes {
  const uint8_t *bytes = nullptr;
  uint64_t size = 0;
  uint64_t gone = 0; ///< bytes that were taken out so far: the place of the first one
};

constexpr uint64_t kNoPlace = ~uint64_t(0);

QueuedBytes queuedBytes(const StringArena &texts, mr_string stored);

/// The queue in `stored` with `size` bytes (above 0) more behind it; `place` becomes where they begin, counted from the
/// first byte that ever was in it. Where memory is refused the queue stays as it is, and `place` is kNoPlace.
mr_string queueBytes(StringArena &texts, mr_string stored, const void *bytes, uint64_t size, uint64_t &place);

/// Takes the first `size` bytes out, at most as many as there are.
void dropBytes(const StringArena &texts, mr_string stored, uint64_t size);

} // namespace millrace

#endif
