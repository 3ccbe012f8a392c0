//===- out.cpp - room for output rows, inlined ----------------------------===//
//
// Called by generated code. A loop takes a position by mr_out_begin, writes
// rows behind one another and hands the position back by mr_out_end.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/task.h"
#include "runtime/inline/inline.h"

MR_INLINE uint8_t *mr_out_begin(mr_task *task, uint32_t sink, uint64_t rows) {
  mr_out *out = &task->outs[sink];
  if (__builtin_expect(uint64_t(out->limit - out->end) < rows * out->rowSize, 0))
    return mr_out_grow(task, sink, out->end, rows);
  return out->end;
}

MR_INLINE uint8_t *mr_out_room(mr_task *task, uint32_t sink, uint8_t *end, uint64_t rows) {
  mr_out *out = &task->outs[sink];
  if (__builtin_expect(uint64_t(out->limit - end) < rows * out->rowSize, 0))
    return mr_out_grow(task, sink, end, rows);
  return end;
}

MR_INLINE void mr_out_end(mr_task *task, uint32_t sink, uint8_t *end) {
  mr_out *out = &task->outs[sink];
  task->outBytes += uint64_t(end - out->end);
  out->end = end;
}

MR_INLINE bool mr_out_full(mr_task *task) { return task->outBytes >= task->outBudget; }
