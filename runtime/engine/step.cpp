//===- step.cpp - calling the step behind a source -----------------------------------===//
//
// A step's output waits until its bad records are judged: if one of them stops
// the pipeline, the output goes, and the step runs again up to that record.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"
#include "runtime/time/window.h"

#include <algorithm>
#include <utility>

using namespace millrace;

/// A source whose records become many is fed with at most this many at a time, and with no more after one that made
/// much, so that the rows of one call stay few.
static constexpr uint32_t kExpanding = 64;
static constexpr size_t kMuchMade = size_t(1) << 20; ///< bytes of rows or of new strings

/// After a step of a source whose records become many: how many will the next one be given? One as soon as much was
/// made, then slowly more again.
void mr_engine::adapt(SourceState &source) {
  size_t made = arena.bytes();
  for (size_t i = 0; i < outs.size(); ++i)
    made = std::max(made, size_t(outs[i].end - outs[i].begin) - marks[i]);
  source.atOnce = made > kMuchMade ? 1 : std::min(source.atOnce * 2, kExpanding);
}

/// `to` becomes where the step ended, if that was earlier (see mr_source_desc.watches and pauses). `again`: the records
/// were run before; only their rows count, which they give to the last one.
mr_status mr_engine::callStep(Feed &feed, uint32_t from, uint32_t &to, bool again) {
  bad.clear();
  outOfRange = false;
  task.halted = 0;
  forgetDue();
  mr_cursor cursor = {from, 0};
  mr_status status = MR_DONE;
  while (from < to) {
    status = feed.source->desc->step(&task, &feed.batch->batch, &cursor, to);
    if (again && status == MR_DONE && cursor.position < to) {
      forgetDue();
      continue;
    }
    if (status != MR_MORE)
      break;
    task.outBytes = 0; // the output waits until the call is judged: its size is bounded by the few records
  }
  if ((feed.source->desc->watches || feed.source->desc->pauses) && status == MR_DONE && from < to)
    to = uint32_t(cursor.position);
  return status;
}

/// A window that leaves the range of timestamps is an error before it is late: for such a record it counts as open.
/// Returns the heads as they were.
std::vector<mr_window_head> mr_engine::openForErrors(int64_t time) {
  std::vector<mr_window_head> before = heads;
  for (size_t i = 0; i < windows.size(); ++i) {
    const mr_window_desc &desc = *windows[i].desc;
    if (desc.kind == MR_WINDOW_TUMBLING && !desc.processing_time &&
        !windowInRange(windowStart(time, desc.size, desc.offset), desc.size))
      heads[i].firstOpen = kMinusInfinity;
  }
  return before;
}

/// Throws away what was folded into windows that leave the range of timestamps. Was there something?
static bool takeOutside(WindowState &window) {
  mr_table *table = window.kept     ? std::exchange(window.kept->outside, nullptr)
                    : window.slices ? std::exchange(window.slices->outside, nullptr)
                                    : nullptr;
  if (!window.panes.empty() && window.panes.back().start == kOutOfRange) {
    table = window.panes.back().table;
    window.panes.pop_back();
  }
  tableFree(table);
  return table;
}

/// The record, which went alone (see nearTheEdge), has a window that leaves the years 0000 to 9999 (rule 1): it is bad
/// for that window, and what was folded goes.
void mr_engine::noteOutOfRange(uint32_t record) {
  outOfRange = false; // what the record makes fire has no part in it
  for (WindowState &window : windows)
    if (takeOutside(window)) {
      for (uint32_t i = 0; i < pipeline.num_terminals; ++i) {
        if (std::string_view(pipeline.terminals[i]) != window.desc->name)
          continue;
        if (window.desc->behind_state)
          failBehindState({{record, i, kWindowError}, {}, {}});
        else
          bad.push_back({record, i, kWindowError});
      }
    }
}

/// Calls the step. False: the pipeline stops, whatever the step says of its records.
bool mr_engine::passStep(Feed &feed, uint32_t from, uint32_t &to) {
  mr_status status = callStep(feed, from, to);
  stateful = nullptr;
  if (!keepsBudget()) {
    discardTo(marks);
    return false;
  }
  if (status == MR_FAILED)
    return stop(kWrong, "error: a step behind `" + std::string(feed.source->desc->name) + "` failed");
  if (outOfRange)
    noteOutOfRange(from);
  if (!keepBest()) {
    discardTo(marks);
    return false;
  }
  return true;
}

bool mr_engine::runStep(Feed &feed, uint32_t from, uint32_t &to) {
  for (size_t i = 0; i < outs.size(); ++i)
    marks[i] = outs[i].end - outs[i].begin;
  for (size_t i = 0; i < heads.size(); ++i)
    lateMarks[i] = heads[i].late;
  for (WindowState &window : windows)
    if (window.kept)
      window.kept->countsBefore = window.kept->counts;
    else if (window.slices)
      window.slices->countsBefore = window.slices->counts;
  if (feed.source->desc->stateful)
    return runStateful(feed, from, to);
  if (!passStep(feed, from, to))
    return false;
  uint32_t stopAt = to;
  std::string message;
  if (!bad.empty() && !judge(feed, from, stopAt, message)) {
    discardTo(marks);
    for (size_t i = 0; i < heads.size(); ++i)
      heads[i].late = lateMarks[i];
    for (WindowState &window : windows)
      if (window.kept)
        window.kept->counts = window.kept->countsBefore;
      else if (window.slices)
        window.slices->counts = window.slices->countsBefore;
    callStep(feed, from, stopAt, /*again=*/true);
    forgetDue();
    bad.clear();
    reachRecord(feed, from, stopAt);
    feed.source->records += stopAt - from + 1;
    counts.records += stopAt - from + 1;
    return halt(message);
  }
  feed.source->records += to - from;
  counts.records += to - from;
  return true;
}
