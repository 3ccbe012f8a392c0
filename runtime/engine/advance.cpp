//===- advance.cpp - watermarks and the clock move -----------------------------------===//
//
// Where something happens to a window as W or the clock moves, and that it does:
// windows go in topological order, so that what one fires into the next is there
// when that one's turn comes. A window's watermark rises after its panes have
// fired.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/time/window.h"

#include <algorithm>

using namespace millrace;

namespace {

constexpr int64_t kLook = 250'000; ///< microseconds after which a watermark that follows the clock is looked at again

/// Does something happen to it as W moves, before the end of input?
bool followsWatermark(const WindowState &window) {
  return inEventTime(*window.desc) || window.waiting ||
         (window.kept && window.kept->isGlobal && window.desc->firing.emit_unit == MR_EMIT_EVENT_TIME);
}

/// The least watermark at which something happens to the window.
int64_t border(const WindowState &window) {
  bool isBehindBatch = (window.sessions || window.waiting) && !window.desc->prompt;
  if (window.watermark == kPlusInfinity || (isBehindBatch && !window.sessions))
    return kPlusInfinity;
  if (isBehindBatch) { // sessions end at any time: they are looked at where nobody can tell when
    int64_t stride = window.sessions->stride;
    bool isCut = window.watermark != kMinusInfinity && stride < kPlusInfinity - std::max<int64_t>(window.watermark, 0);
    return isCut ? window.watermark + stride : kPlusInfinity;
  }
  if (window.watermark == kMinusInfinity)
    return kMinusInfinity + 1;
  if (window.kept)
    return window.kept->border(window.watermark);
  const mr_window_desc &desc = *window.desc;
  if (window.sessions && !window.sessions->timing.isOnce)
    return window.sessions->nextBorder(window.watermark);
  if (window.sessions || window.waiting)
    return window.watermark + 1;
  WideTime last = window.slices ? window.slices->times.endAfter(WideTime(window.watermark) + 1) - 1
                                : WideTime(firstOpenWindow(window.watermark, desc.size, desc.offset)) + desc.size - 1;
  return last > kPlusInfinity ? kPlusInfinity : int64_t(last);
}

} // namespace

int64_t millrace::firstEnd(const WindowState &window) {
  const WindowTimes *times = window.slices ? &window.slices->times : window.kept ? &window.kept->times : nullptr;
  int64_t passed = std::min<int64_t>(window.watermark, kMaxTime); // what ends before is under way
  WideTime end = window.known  ? times ? times->endAfter(std::max(window.filledTo, WideTime(passed) + 1))
                                       : std::max<WideTime>(window.filledTo, firstOpenWindow(passed, window.desc->size,
                                                                                             window.desc->offset)) +
                                             window.desc->size
                 : window.kept ? window.kept->firstEnd()
                 : window.slices ? window.slices->nextEnd()
                                 : WideTime(window.panes.front().start) + window.desc->size;
  return int64_t(std::min<WideTime>(end, kPlusInfinity));
}

/// The watermark of a window's results as an operator with state behind it sees it: it stands at the borders of the
/// window, between which no result comes. (The engine itself follows W at the borders of all windows.)
int64_t millrace::lastBorder(const WindowState &window) {
  int64_t watermark = window.outWatermark;
  if (!inEventTime(*window.desc) || window.sessions || watermark == kMinusInfinity || watermark == kPlusInfinity)
    return watermark;
  if (window.slices || window.kept) {
    const WindowTimes &times = window.kept ? window.kept->times : window.slices->times;
    return int64_t(std::max<WideTime>(times.endUpTo(WideTime(watermark) + 1) - 1, kMinusInfinity));
  }
  return firstOpenWindow(watermark, window.desc->size, window.desc->offset) - 1;
}

/// `lane` is read from now on: what do the other inputs allow each window?
void mr_engine::prepareLane(const SourceState &source, const LaneState &lane) {
  for (WindowState &window : windows) {
    window.others = kPlusInfinity;
    window.behindLane = false;
    window.delay = 0;
    for (uint32_t i = 0; i < window.desc->num_inputs; ++i) {
      mr_input_ref input = window.desc->inputs[i];
      if (input.is_window) {
        const WindowState &before = windows[input.index];
        // The others' results wait for the end, or for the clock.
        bool passes = inEventTime(*before.desc) || isState(*before.desc) || isOver(*before.desc);
        if (anyIdle && passes && !before.behindLane) {
          InputWatermark its;
          addInput(input, /*border=*/false, its);
          if (its.isIdle())
            continue;
        }
        window.others = std::min(window.others, passes ? heldBack(before, before.others) : before.outWatermark);
        window.behindLane |= passes && before.behindLane;
        if (passes && before.behindLane)
          window.delay = std::max(window.delay, before.delay + holdBack(before));
        continue;
      }
      for (const LaneState &other : sources[input.index].lanes) {
        if (&other == &lane)
          window.behindLane = true;
        else if (!other.idle)
          window.others = std::min(window.others, other.watermark);
      }
    }
  }
}

/// The least watermark of the lane in hand at which a window's watermark crosses a border.
int64_t mr_engine::nextBorder() const {
  int64_t least = kPlusInfinity;
  bool waits = anyUnderWay();
  for (const WindowState &window : windows)
    if (window.behindLane && followsWatermark(window) && !(waits && isBehindUnderWay(window)))
      if (int64_t at = border(window); at <= window.others)
        least = std::min(least, at > kPlusInfinity - window.delay ? kPlusInfinity : at + window.delay);
  return least;
}

bool mr_engine::advance() {
  noteWatermarks();
  for (WindowState &window : windows)
    if (!advanceWindow(window))
      return false;
  return true;
}

/// What W makes due in one window.
bool mr_engine::advanceWindow(WindowState &window) {
  const mr_window_desc &desc = *window.desc;
  if (isState(desc))
    return true;
  int64_t watermark = inputWatermark(window);
  if (window.waiting)
    return watermark <= window.watermark || release(window, watermark);
  if (inEventTime(desc)) {
    if (watermark <= window.watermark && !(window.sessions && window.sessions->behind))
      return true;
    if (window.sessions && window.work.isUnderWay()) { // when that is whole, what is due by then follows
      if (watermark != kPlusInfinity)
        return true;
      if (!settle(window))
        return false;
    }
    if (!fireByWatermark(window, watermark))
      return false;
    window.watermark = watermark;
    noteReached(window, heldBack(window, watermark));
    if (!window.slices && !window.sessions && !window.kept)
      heads[&window - windows.data()].firstOpen = firstOpenWindow(watermark, desc.size, desc.offset);
  } else if (followsWatermark(window) && watermark != kPlusInfinity) {
    if (watermark > window.watermark && !fireKept(window, watermark))
      return false;
    window.watermark = std::max(window.watermark, watermark);
  } else if (watermark == kPlusInfinity && window.watermark != kPlusInfinity) {
    bool ok = window.kept       ? (window.kept->isGlobal ? fireKept(window, watermark) : fireKeptAtEnd(window))
              : window.sessions ? fireSessionsAtEnd(window)
              : desc.kind == MR_WINDOW_GLOBAL ? fireGlobal(window)
                                              : fireProcessing(window, 0, true);
    if (!ok)
      return false;
    window.watermark = kPlusInfinity;
    noteReached(window, kPlusInfinity);
  }
  return true;
}

/// As it was when the step in hand began. What its last record has made due since comes behind that record: a session's
/// timer may say so already.
int64_t mr_engine::borderOfStep(const WindowState &window) const {
  bool wasAsked = window.behindLane && !(anyUnderWay() && isBehindUnderWay(window));
  bool isMoved = window.sessions && window.desc->prompt && !window.sessions->timing.isOnce && wasAsked;
  return isMoved ? window.sessions->border : border(window);
}

/// The lane's W has moved, but not so far that anything is due: what fires now, at a record or as W moves on, goes into
/// windows that see the same W wherever a batch began.
void mr_engine::noteQuietMoves() {
  for (WindowState &window : windows) {
    int64_t watermark = inEventTime(*window.desc) ? inputWatermark(window) : kMinusInfinity;
    bool isBehindBatch = window.sessions && !window.desc->prompt;
    if (watermark > window.watermark && !isBehindBatch && borderOfStep(window) > watermark)
      noteReached(window, heldBack(window, watermark));
  }
}

/// In event time.
bool mr_engine::fireByWatermark(WindowState &window, int64_t watermark) {
  if (window.kept)
    return fireKept(window, watermark);
  if (window.sessions)
    return fireSessions(window, watermark);
  if (window.work.isUnderWay()) {
    if (border(window) > watermark) // nothing is due
      return true;
    if (window.desc->fill && !window.slices)
      return fireFilled(window, watermark); // behind it
    if (!window.desc->fill && !settle(window))
      return false;
  }
  return window.slices ? fireSlices(window, watermark, 1) : fireUpTo(window, watermark);
}

/// The results of the window have come up to `watermark`, or what is under way comes up to it.
void mr_engine::noteReached(WindowState &window, int64_t watermark) {
  int64_t &reached = window.work.isUnderWay() ? window.reaches : window.outWatermark;
  reached = std::max(reached, watermark);
}

bool mr_engine::advanceClock(int64_t now) {
  task.now = now;
  if (!noteVirtualTime(now) || (anyIdle && !advance())) // W may follow the clock
    return false;
  if (!hasProcessingTime)
    return true;
  bool moved = false;
  for (WindowState &window : windows) {
    if (window.kept && window.watermark != kPlusInfinity && !fireKeptByClock(window, now))
      return false;
    if (window.sessions && window.watermark != kPlusInfinity && !fireSessionsByClock(window, now))
      return false;
    if (!inProcessingTime(*window.desc) || window.watermark == kPlusInfinity)
      continue;
    if (!window.kept && !window.sessions && !fireProcessing(window, now, false))
      return false;
    int64_t watermark = window.sessions ? now - 1
                        : window.kept   ? int64_t(window.kept->times.endUpTo(now)) - 1
                        : window.slices ? int64_t(window.slices->times.endUpTo(now)) - 1
                                        : int64_t(windowStart(now, window.desc->size, window.desc->offset)) - 1;
    int64_t before = window.outWatermark;
    noteReached(window, watermark);
    moved |= window.outWatermark > before;
  }
  return !moved || advance();
}

int64_t mr_engine::nextClockBorder() const {
  int64_t least = INT64_MAX;
  for (const WindowState &window : windows)
    if (window.isOpen() && window.sessions) {
      least = std::min(least, window.sessions->nextByClock());
    } else if (window.isOpen()) {
      if (inProcessingTime(*window.desc))
        least = std::min(least, firstEnd(window));
      if (window.desc->firing.emit_unit == MR_EMIT_PROCESSING_TIME)
        least = std::min(least, window.kept->clockDue);
    }
  return least;
}

/// When watermarks that follow the clock reach the end of a window that is open.
int64_t mr_engine::nextFollowed() const {
  int64_t least = kPlusInfinity;
  for (const WindowState &window : windows) {
    InputWatermark inputs;
    if (!anyIdle || !(window.expiry || window.waiting || window.known || window.isOpen()))
      continue;
    addInputs(window, /*border=*/false, inputs);
    if (!inputs.followsClock())
      continue;
    int64_t at = task.now + kLook; // keys and sessions have many ends
    if (inEventTime(*window.desc) &&
        (window.known || (window.slices ? window.slices->isOpen() : !window.panes.empty())))
      at = std::max<int64_t>(
          task.now, int64_t(std::min<WideTime>(
                        WideTime(inputs.since()) + firstEnd(window) - 1 - inputs.at(inputs.since()), kPlusInfinity)));
    least = std::min(least, at);
  }
  return least;
}
