//===- window.cpp - what a step asks of its windows, inlined --------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/task.h"
#include "runtime/inline/inline.h"

MR_INLINE int64_t mr_window_first_open(mr_task *task, uint32_t window) { return task->windows[window].firstOpen; }

MR_INLINE void mr_window_count_late(mr_task *task, uint32_t window, uint64_t late) {
  task->windows[window].late += late;
}

MR_INLINE void mr_window_saw(mr_task *task, uint32_t window, int64_t time) {
  mr_window_head *head = &task->windows[window];
  head->greatestTime = time > head->greatestTime ? time : head->greatestTime;
}

MR_INLINE bool mr_halted(mr_task *task) { return task->halted != 0; }

MR_INLINE bool mr_paused(mr_task *task) { return task->paused != 0; }

MR_INLINE int64_t mr_watermark(mr_task *task, uint32_t window) { return task->windows[window].lane; }

MR_INLINE int64_t mr_watermark_floor(mr_task *task, uint32_t window) { return task->windows[window].floor; }

MR_INLINE int64_t mr_watermark_others(mr_task *task, uint32_t window) { return task->windows[window].others; }

MR_INLINE mr_table *mr_state_table(mr_task *task, uint32_t window) { return task->windows[window].table; }
