//===- watermarks.cpp - watermarks of inputs, and inputs that give nothing --------------===//
//
// Rule 6. A partition is idle when it was asked and gave nothing for longer than
// its source's timeout. The time counts from the first such answer behind its
// last record, so it stands still while the engine does something else. Virtual
// time (a host's) does not pass while the engine works; there it counts from the
// record itself.
//
// Partitions that are further ahead than `align` allows are not asked, so they
// are not idle either.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/host.h"
#include "runtime/engine/state.h"

#include <algorithm>

using namespace millrace;

/// Adds one input of an operator. `border`: an operator with state is asking; it sees a window's results at the borders
/// of the window only.
void mr_engine::addInput(mr_input_ref input, bool border, InputWatermark &into) const {
  if (!input.is_window) {
    for (const LaneState &lane : sources[input.index].lanes)
      addLane(sources[input.index], lane, into);
    return;
  }
  const WindowState &before = windows[input.index];
  if (isState(*before.desc))
    return addInputs(before, border, into);
  int64_t watermark = border ? lastBorder(before) : before.outWatermark;
  if (!anyIdle || !(isInTime(*before.desc) || isOver(*before.desc)) || before.desc->processing_time)
    return into.addActive(watermark);
  InputWatermark its;
  addInputs(before, false, its);
  if (its.isIdle() && !its.followsClock())
    into.addIdle(watermark, its.since(), false);
  else
    into.addActive(watermark);
}

void mr_engine::addInputs(const WindowState &window, bool border, InputWatermark &into) const {
  for (uint32_t i = 0; i < window.desc->num_inputs; ++i)
    addInput(window.desc->inputs[i], border, into);
}

void mr_engine::addLane(const SourceState &source, const LaneState &lane, InputWatermark &into) const {
  if (lane.ended)
    into.addEnded(lane.reached, lane.since);
  else if (lane.idle)
    into.addIdle(lane.watermark, lane.since, source.desc->idle_policy == MR_IDLE_CLOCK);
  else
    into.addActive(lane.watermark);
}

/// W of the operator's inputs; never less than it was.
int64_t mr_engine::inputWatermark(const WindowState &window) const {
  InputWatermark inputs;
  addInputs(window, isState(*window.desc) || isOver(*window.desc), inputs);
  return std::max(inputs.at(task.now), heads[&window - windows.data()].floor);
}

//===-- idle ----------------------------------------------------------------===//

/// The lane was asked and has nothing. False: the pipeline stops.
bool mr_engine::noteNothing(SourceState &source, LaneState &lane, int64_t now) {
  if (!source.desc->idle || lane.idle || lane.ended)
    return true;
  if (lane.quietSince == kPlusInfinity)
    lane.quietSince = now;
  if (now - lane.quietSince <= source.desc->idle)
    return true;
  lane.idle = anyIdle = true;
  lane.since = lane.quietSince + source.desc->idle;
  return advance();
}

/// Virtual time has passed: who gave nothing in it? Nobody needs to be asked: the host gives what there is.
bool mr_engine::noteVirtualTime(int64_t now) {
  if (!options.host)
    return true;
  for (SourceState &source : sources)
    for (LaneState &lane : source.lanes)
      if (source.desc->dead_of < 0 && !lane.ahead && !noteNothing(source, lane, now))
        return false;
  return true;
}

/// The lane gives something. Its operators go on from where they are, so its records may be late.
void mr_engine::noteRecords(SourceState &source, LaneState &lane, int64_t now) {
  lane.quietSince = options.host ? now : kPlusInfinity;
  if (!lane.idle) {
    if (anyIdle) // another one has become idle since
      prepareLane(source, lane);
    return;
  }
  for (size_t i = 0; i < windows.size(); ++i)
    heads[i].floor = std::max(heads[i].floor, inputWatermark(windows[i]));
  lane.idle = false;
  lane.returned = true;
  anyIdle = std::any_of(sources.begin(), sources.end(), [](const SourceState &s) {
    return std::any_of(s.lanes.begin(), s.lanes.end(), [](const LaneState &l) { return l.idle; });
  });
  prepareLane(source, lane);
}

/// Would a record of the lane be late for the window only because the others went on without it?
bool mr_engine::isAfterIdle(const LaneState &lane, const WindowState &window) const {
  return lane.returned && lane.watermark < heads[&window - windows.data()].floor;
}

int64_t mr_engine::caughtUp(const LaneState &lane) const {
  int64_t least = kPlusInfinity;
  for (size_t i = 0; lane.returned && i < windows.size(); ++i)
    if (lane.watermark < heads[i].floor)
      least = std::min(least, heads[i].floor);
  return least;
}

/// When a lane that has nothing becomes idle, or a watermark that follows the clock reaches the end of a window.
int64_t mr_engine::nextIdle() const {
  int64_t least = kPlusInfinity;
  for (const SourceState &source : sources)
    for (const LaneState &lane : source.lanes)
      if (source.desc->idle && !lane.idle && !lane.ended && lane.quietSince != kPlusInfinity)
        least = std::min(least, lane.quietSince + source.desc->idle + 1);
  return std::min(least, nextFollowed());
}

//===-- alignment -------------------------------------------------------------===//

/// With a greater watermark the partition has to wait for the slowest of the others.
int64_t mr_engine::mostAhead(const SourceState &source, const LaneState &lane) const {
  int64_t least = kPlusInfinity;
  for (const SourceState &each : sources)
    for (const LaneState &other : each.lanes)
      if (each.desc->align && !other.ended && !other.idle && &other != &lane)
        least = std::min(least, other.watermark);
  return int64_t(std::min<__int128>(__int128(least) + source.desc->align, kPlusInfinity));
}

/// Which partitions have to wait for the slowest?
void mr_engine::alignLanes() {
  if (!aligns)
    return;
  int64_t least = kPlusInfinity;
  for (const SourceState &source : sources)
    for (const LaneState &lane : source.lanes)
      if (source.desc->align && !lane.ended && !lane.idle)
        least = std::min(least, lane.watermark);
  for (SourceState &source : sources)
    for (LaneState &lane : source.lanes) {
      if (!source.desc->align)
        continue;
      bool wasAhead = lane.ahead;
      lane.ahead = !lane.ended && __int128(lane.watermark) - least > source.desc->align;
      if (lane.ahead)
        lane.quietSince = kPlusInfinity;
      else if (wasAhead && options.host)
        lane.quietSince = clock->now();
    }
}
