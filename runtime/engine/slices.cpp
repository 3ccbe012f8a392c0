//===- slices.cpp - windows that are cut into slices ---------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/time/window.h"

using namespace millrace;

/// Called by generated code: the slice that holds `time`.
extern "C" mr_table *mr_window_slice(mr_task *task, uint32_t index, int64_t time, uint32_t, mr_interval *slice) {
  const mr_window_desc &desc = *task->engine->windows[index].desc;
  *slice = {int64_t(windowStart(time, desc.size, desc.offset)), uint64_t(desc.size)};
  return mr_window_pane(task, index, slice->start);
}
