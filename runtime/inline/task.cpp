//===- task.cpp - params, times and the arena, inlined --------------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/task.h"
#include "runtime/inline/inline.h"

MR_INLINE uint64_t mr_param_bits(mr_task *task, uint32_t param) { return task->params[param].bits.head; }

MR_INLINE mr_string mr_param_string(mr_task *task, uint32_t param) { return task->params[param].bits; }

MR_INLINE int64_t mr_now(mr_task *task) { return task->now; }

MR_INLINE int64_t mr_quiet_from(mr_task *task) { return task->quietFrom; }

MR_INLINE uint64_t mr_quiet_span(mr_task *task) { return task->quietSpan; }

MR_INLINE void mr_saw_times(mr_task *task, int64_t greatest) { task->greatestTime = greatest; }

MR_INLINE uint8_t *mr_arena(mr_task *task, uint64_t size) {
  uint64_t rounded = (size + 7) & ~uint64_t(7);
  uint8_t *memory = task->arena;
  // `rounded < size` when the sum wrapped: mr_arena_grow ends such a program with a message.
  if (__builtin_expect(rounded < size || rounded > uint64_t(task->arenaLimit - memory), 0))
    return mr_arena_grow(task, size);
  task->arena = memory + rounded;
  return memory;
}
