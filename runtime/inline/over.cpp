//===- over.cpp - windows per record, inlined ------------------------------===//
//
// Called by generated code, with sizes constant. What is kept of a key's records
// is a queue of bytes (runtime/state/byte_queue.h).
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/task.h"
#include "runtime/inline/inline.h"
#include "runtime/state/byte_queue.h"
#include "runtime/state/table.h"

using namespace millrace;

namespace {

/// 0: there is none yet.
__attribute__((always_inline)) inline QueueHeader *queueOf(mr_table *table, const uint8_t *kept) {
  mr_string stored;
  __builtin_memcpy(&stored, kept, sizeof(stored));
  if (__builtin_expect(!stringLength(stored), 0))
    return nullptr;
  return QueueHeader::of(table->texts, stored);
}

} // namespace

MR_INLINE uint8_t *mr_over_wait_plain(mr_task *task, uint32_t window, int64_t time) {
  mr_waiting *waiting = task->windows[window].waiting;
  uint8_t *row = waiting->free, **end = waiting->end;
  if (__builtin_expect(!row || end == waiting->room || time < waiting->lastTime, 0))
    return mr_over_wait(task, window, time);
  __builtin_memcpy(&waiting->free, row, sizeof(uint8_t *));
  uint64_t arrival = waiting->arrivals++;
  __builtin_memcpy(row, &time, sizeof(time));
  __builtin_memcpy(row + sizeof(time), &arrival, sizeof(arrival));
  *end = row;
  waiting->end = end + 1;
  waiting->lastTime = time;
  return row;
}

MR_INLINE void mr_over_goes_on(mr_task *task, const uint8_t *slot) { task->firingSlot = slot; }

MR_INLINE void mr_over_fetch(mr_table *table, const uint8_t *kept, uint32_t stage) {
  QueueHeader *queue = queueOf(table, kept);
  if (!queue)
    return;
  if (stage == 0) {
    __builtin_prefetch(queue, 1);
    return;
  }
  __builtin_prefetch(queue->bytes() + queue->begin, 0);
  __builtin_prefetch(queue->bytes() + queue->end, 1);
}

MR_INLINE uint64_t mr_over_leaving(mr_table *table, const uint8_t *kept, uint32_t size, uint64_t rows, int64_t span,
                                   int64_t time) {
  QueueHeader *queue = queueOf(table, kept);
  if (!queue)
    return 0;
  uint64_t count = (queue->end - queue->begin) / size;
  if (rows)
    return count >= rows ? count - rows + 1 : 0;
  int64_t begin;
  if (__builtin_sub_overflow(time, span, &begin))
    return 0;
  const uint8_t *first = queue->bytes() + queue->begin;
  uint64_t leaving = 0;
  for (; leaving < count; ++leaving) {
    int64_t since;
    __builtin_memcpy(&since, first + leaving * size, sizeof(since));
    if (since >= begin)
      break;
  }
  return leaving;
}

MR_INLINE void mr_over_drop(mr_table *table, const uint8_t *kept, uint64_t bytes) {
  QueueHeader *queue = queueOf(table, kept);
  if (!queue)
    return;
  queue->begin += bytes;
  queue->gone += bytes;
  if (queue->begin == queue->end)
    queue->begin = queue->end = 0;
}

MR_INLINE uint8_t *mr_over_room(mr_table *table, uint8_t *kept, uint32_t size) {
  QueueHeader *queue = queueOf(table, kept);
  if (__builtin_expect(!queue || queue->room - queue->end < size, 0))
    return mr_over_grow(table, kept, size);
  uint8_t *place = queue->bytes() + queue->end;
  queue->end += size;
  return place;
}

MR_INLINE uint64_t mr_over_number(mr_table *table, const uint8_t *kept, uint32_t size, const uint8_t *row) {
  QueueHeader *queue = queueOf(table, kept);
  if (!queue)
    return ~uint64_t(0);
  return (queue->gone + (row ? queue->end - queue->begin : 0)) / size - 1;
}

MR_INLINE mr_list mr_over_window(mr_table *table, const uint8_t *kept, uint32_t size, uint64_t number, int64_t *self) {
  QueueHeader *queue = queueOf(table, kept);
  if (!queue) {
    *self = int64_t(number);
    return {nullptr, 0};
  }
  *self = int64_t(number - queue->gone / size);
  return {queue->bytes() + queue->begin, (queue->end - queue->begin) / size};
}
