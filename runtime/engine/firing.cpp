//===- firing.cpp - a call of what is generated behind a window ----------------------===//
//
// Its rows go out as they come. An error behind state stops the pipeline (rule
// 47), once what began to fire before it is whole.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <utility>

using namespace millrace;

bool mr_engine::fireDue(WindowState &window, mr_table *table, const mr_due *due, uint64_t count) {
  firingDue = due;
  firingDueCount = count;
  bool ok = runFiring(window, table,
                      [&](mr_cursor &cursor) { return window.desc->fire_due(&task, table, due, count, &cursor); });
  firingDue = nullptr;
  return ok;
}

/// Calls a generated function until all of its rows are written. False: the pipeline stops.
bool mr_engine::runFiring(WindowState &window, mr_table *table, const FireFunction &fire) {
  mr_cursor cursor = {0, 0};
  mr_status status = MR_MORE;
  while (status == MR_MORE)
    status = callFiring(window, table, cursor, fire);
  return status == MR_DONE;
}

/// Calls it once, and writes its rows. MR_FAILED: the pipeline stops.
mr_status mr_engine::callFiring(WindowState &window, mr_table *table, mr_cursor &cursor, const FireFunction &fire) {
  if (!drain())
    return MR_FAILED;
  if (givenUp()) {
    stop(kInterrupted, "error: interrupted while `" + std::string(window.desc->name) +
                           "` fired: not all of its results were written");
    return MR_FAILED;
  }
  firing = &window;
  firingMarks.assign(outs.size(), 0);
  for (size_t i = 0; i < windows.size(); ++i)
    if (windows[i].expiry || windows[i].sessions || windows[i].waiting) {
      heads[i].lane = kPlusInfinity;
      heads[i].others = inputWatermark(windows[i]);
    }
  firingTable = table;
  mr_status status = fire(cursor);
  if (status == MR_FAILED)
    stop(kWrong, "error: `" + std::string(window.desc->name) + "` failed while a window fired");
  keepsBudget();
  keepBest();
  if (outOfRange)
    failFiring("error: `" + std::string(window.desc->name) +
               "`: overflow: the window that a result belongs to leaves the years 0000 to 9999");
  if (stopped) // nothing that came with an error goes out
    discardTo(firingMarks);
  if (drain() && task.paused)
    fireAtOnce();
  firing = nullptr;
  if (!failure.empty())
    stopAfter(window);
  return stopped ? MR_FAILED : status;
}

/// An error of what fires now: the pipeline stops, but the message waits (stopAfter).
void mr_engine::failFiring(std::string message) {
  if (stopped)
    return;
  stopped = true;
  exitCode = kWrong;
  failure = std::move(message);
}

/// Says why `failed` stops the pipeline, behind what began to fire before. An error of that is an earlier one: it is
/// said instead.
void mr_engine::stopAfter(const WindowState &failed) {
  std::string message = std::exchange(failure, {});
  stopped = false;
  exitCode = kDone;
  if (fireBefore(failed))
    stop(kWrong, message);
}

/// An error behind state stops the pipeline (rule 47), before anything of that firing that is still here goes out.
void mr_engine::stopFiring(uint32_t slot, mr_error error, std::string_view note) {
  const mr_window_desc &desc = *firing->desc;
  const mr_site_desc &site = pipeline.sites[error >> 3];
  std::string text = "error: `" + std::string(site.op) + "`: " + reasonText(error & 7, site.text);
  for (uint64_t i = 0; firingDue && i < firingDueCount; ++i)
    if (uint32_t(firingDue[i].position) == slot)
      firingStart = firingDue[i].start, firingEnd = firingDue[i].end;
  if (firing->waiting || firing->sessions) // they go one by one: what those before this one gave goes out
    for (size_t i = 0; i < outs.size(); ++i)
      firingMarks[i] = size_t(outs[i].end - outs[i].begin);
  if (firing->waiting) // of the record in hand, if that is known
    slot = task.firingSlot ? uint32_t(firingTable->positionOf(task.firingSlot)) : UINT32_MAX;
  if (isInTime(desc))
    text += ", in the window from " + timeText(firingStart) + " to " + timeText(firingEnd);
  if (desc.table.num_keys && slot < firingTable->end && tableInUse(firingTable, slot))
    text += ", for the key " + keyText(firingTable, slot);
  if (site.line)
    text += " (at " + std::to_string(site.line) + ":" + std::to_string(site.column) + " of the pipeline)";
  if (!note.empty())
    text.append("\nnote: ").append(note);
  failFiring(std::move(text));
}

/// Called by generated code while a pane fires.
extern "C" uint32_t mr_timing(mr_task *task) { return task->engine->timing; }
