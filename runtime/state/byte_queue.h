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

/// What a queue begins with. The first four bytes of a text lie beside its length too, so they never change.
struct QueueHeader {
  uint32_t never = 0, pad = 0;
  uint64_t begin = 0, end = 0; ///< of what is in use, in bytes behind the header
  uint64_t room = 0;           ///< bytes behind the header
  uint64_t gone = 0;

  uint8_t *bytes() { return reinterpret_cast<uint8_t *>(this + 1); }
  static QueueHeader *of(const StringArena &texts, mr_string stored) {
    return reinterpret_cast<QueueHeader *>(const_cast<char *>(texts.at(stored.tail)));
  }
};
static_assert(sizeof(QueueHeader) == 40);

inline QueuedBytes queuedBytes(const StringArena &texts, mr_string stored) {
  if (!stringLength(stored))
    return {};
  QueueHeader *header = QueueHeader::of(texts, stored);
  return {header->bytes() + header->begin, header->end - header->begin, header->gone};
}

/// The queue in `stored` with `size` bytes (above 0) more behind it; `place` becomes where they begin, counted from the
/// first byte that ever was in it. Where memory is refused the queue stays as it is, and `place` is kNoPlace.
mr_string queueBytes(StringArena &texts, mr_string stored, const void *bytes, uint64_t size, uint64_t &place);

/// The same without bytes: what they are is still to be written.
mr_string roomInQueue(StringArena &texts, mr_string stored, uint64_t size, uint64_t &place);

/// Takes the first `size` bytes out, at most as many as there are.
void dropBytes(const StringArena &texts, mr_string stored, uint64_t size);

} // namespace millrace

#endif
