//===- stateful.cpp - steps whose rows depend on state ---------------------------------===//
//
// A step that holds an update or an admit writes state that its own rows depend
// on, so it is never run twice. Batches cannot be observed all the same (rule 7):
// whether a bad record stops the pipeline is judged when it is found, the step
// passes over all that comes after it, and what the record itself has left
// (rows, which carry its number, and late counts) is taken back.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"

#include <algorithm>
#include <cstring>
#include <tuple>

using namespace millrace;

/// The least W of the operator's inputs, the lane and those that are idle apart. Operators without windows pass on what
/// they get.
int64_t mr_engine::othersThan(const WindowState &window, const LaneState &lane) const {
  int64_t least = kPlusInfinity;
  for (uint32_t i = 0; i < window.desc->num_inputs; ++i) {
    mr_input_ref input = window.desc->inputs[i];
    if (input.is_window) {
      const WindowState &before = windows[input.index];
      if (isState(*before.desc)) {
        least = std::min(least, othersThan(before, lane));
        continue;
      }
      InputWatermark its;
      addInput(input, isState(*window.desc) || isOver(*window.desc), its);
      if (!its.isIdle())
        least = std::min(least, its.at(task.now));
      continue;
    }
    for (const LaneState &other : sources[input.index].lanes)
      if (&other != &lane && !other.idle)
        least = std::min(least, other.watermark);
  }
  return least;
}

/// What the step asks of the watermark, and what is gathered while it runs.
void mr_engine::prepareStateful(const Feed &feed, uint32_t from) {
  stateful = &feed;
  stepFrom = from;
  badHere = 0;
  behindState.reset();
  for (size_t i = 0; i < windows.size(); ++i) {
    windows[i].lateHere = 0;
    if (!windows[i].expiry && !windows[i].sessions && !windows[i].waiting)
      continue;
    heads[i].lane = feed.lane->watermark;
    heads[i].others = othersThan(windows[i], *feed.lane);
  }
}

/// Rows of this record and of later ones go: they stand at the end.
void mr_engine::cutFrom(uint32_t record) {
  for (size_t i = 0; i < outs.size(); ++i) {
    mr_out &out = outs[i];
    if (!sinks[i].desc->header)
      continue;
    while (size_t(out.end - out.begin) > marks[i]) {
      uint32_t from;
      std::memcpy(&from, out.end - out.rowSize + 4, sizeof(from));
      if (from < record)
        break;
      out.end -= out.rowSize;
    }
  }
  for (size_t i = 0; i < windows.size(); ++i)
    if (windows[i].lateHere && windows[i].lateRecord >= record)
      *windows[i].lateOf -= windows[i].lateHere;
}

bool mr_engine::runStateful(Feed &feed, uint32_t from, uint32_t &to) {
  prepareStateful(feed, from);
  if (!passStep(feed, from, to))
    return false;
  uint32_t stopAt = to;
  std::string message;
  if (behindState) // nothing is left of a record that stops the pipeline: no row, and no letter of its other ways
    std::erase_if(bad, [&](const BadValue &value) { return value.record >= behindState->record; });
  bool stops = !bad.empty() && !judge(feed, from, stopAt, message);
  if (behindState && !stops) {
    stops = true;
    stopAt = behindState->record;
    message = stateMessage(feed, *behindState);
  }
  uint32_t read = stops ? stopAt - from + 1 : to - from;
  feed.source->records += read;
  counts.records += read;
  if (!stops)
    return true;
  cutFrom(stopAt);
  reachRecord(feed, from, stopAt);
  bad.clear();
  return settleWaiting() && halt(message); // what W has passed before comes before
}

/// A record is bad: does it stop the pipeline? `bad` does not hold it yet.
void mr_engine::haltIfBad(uint32_t record, uint32_t terminal) {
  for (size_t i = bad.size(); i-- && bad[i].record == record;)
    if (bad[i].terminal == terminal)
      return;
  ++badHere;
  const SourceState &source = *stateful->source;
  if (isTooMuch(source, source.bad + badHere, source.records + (record - stepFrom) + 1))
    task.halted = 1;
}

/// Of several errors of the record the one of the first terminal counts, and there the least.
void mr_engine::failBehindState(const StateError &value) {
  task.halted = 1;
  auto rank = [](const BadValue &v) { return std::tie(v.record, v.terminal, v.error); };
  if (!behindState || rank(value) < rank(*behindState))
    behindState = value;
}

/// Called by generated code: an error behind state. While a pane fires that is every error.
extern "C" void mr_fail(mr_task *task, uint32_t record, uint32_t terminal, mr_error error) {
  mr_engine &engine = *task->engine;
  if (engine.firing)
    return mr_bad(task, record, terminal, error);
  engine.failBehindState({{record, terminal, error}, {}, {}});
}

/// Called by generated code in stateful steps, record after record.
extern "C" void mr_window_late_at(mr_task *task, uint32_t index, uint32_t record) {
  countFor(task->engine->windows[index], task->windows[index].late, record);
}
