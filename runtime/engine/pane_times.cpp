//===- pane_times.cpp - when something happens to windows that fire again -------------------===//
//
// As W moves: at their ends, at the times for rows before them, when late changes
// were gathered for long enough, and when no record can come any more. All but the
// third follow from W alone, so where the next of them is stays known until W is there.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/panes.h"

#include "runtime/engine/state.h"

#include <algorithm>

using namespace millrace;

PaneStore::PaneStore(const mr_window_desc &desc, StateAccount &account)
    : account(account), panes(Panes::allocator_type(account)), desc(desc), firing(desc.firing), times(desc),
      isGlobal(desc.kind == MR_WINDOW_GLOBAL), isInEventTime(!isGlobal && !desc.processing_time),
      waiting(Waiting::allocator_type(account)), due(account), rows(account) {}

/// Counted from the window's start (rule 21), of a global window from 1970 on. A row is due when W has passed the last
/// time before such a border, but when the clock has come to it.
WideTime PaneStore::earlyUpTo(WideTime start, WideTime time) const {
  WideTime from = isGlobal ? 0 : start, passed = firing.emit_unit == MR_EMIT_PROCESSING_TIME ? time : time + 1;
  WideTime since = passed - from;
  WideTime number = since / firing.emit;
  return since < 0 && number * firing.emit != since ? number - 1 : number;
}

bool PaneStore::passesEarly(WideTime start, WideTime from, WideTime to) const {
  WideTime before = earlyUpTo(start, from);
  return earlyUpTo(start, to) > (isGlobal ? before : std::max<WideTime>(before, 0));
}

/// But for late changes. Windows that begin later have none of these before those that begin earlier.
WideTime PaneStore::gridBorder(int64_t watermark) const {
  WideTime least = kPlusInfinity;
  auto consider = [&](WideTime at) {
    if (at > watermark && at < least)
      least = at;
  };
  bool isEarly = firing.emit_unit == MR_EMIT_EVENT_TIME;
  if (isGlobal) {
    if (isEarly)
      consider((earlyUpTo(0, watermark) + 1) * firing.emit - 1);
    return least;
  }
  WideTime end = times.endAfter(WideTime(watermark) + 1);
  consider(end - 1);
  if (firing.lateness)
    consider(times.endAfter(WideTime(watermark) - firing.lateness + 1) - 1 + firing.lateness);
  for (bool isFirst = true; isEarly; end = times.endAfter(end), isFirst = false) {
    WideTime start = times.startOf(end);
    if (!isFirst && start > WideTime(watermark) + 1)
      break;
    WideTime at = start + std::max<WideTime>(earlyUpTo(start, watermark) + 1, 1) * firing.emit - 1;
    if (at < end - 1)
      consider(at);
  }
  return least;
}

int64_t PaneStore::border(int64_t watermark) const {
  if (watermark < gridFrom || watermark >= gridLeast) {
    gridFrom = watermark;
    gridLeast = int64_t(gridBorder(watermark));
  }
  return waiting.empty() ? gridLeast : std::min(gridLeast, std::max(waiting.begin()->first, watermark + 1));
}

void PaneStore::noteClockDue(const KeptPane &pane) {
  WideTime number = earlyUpTo(pane.start, clock) + 1, from = isGlobal ? 0 : pane.start;
  WideTime at = from + (isGlobal ? number : std::max<WideTime>(number, 1)) * firing.emit;
  clockDue = int64_t(std::max<WideTime>(std::min<WideTime>(clockDue, at), kMinusInfinity));
}

void PaneStore::findClockDue() {
  clockDue = kPlusInfinity;
  for (const auto &[end, pane] : panes)
    if (!pane.fired)
      noteClockDue(pane);
}

size_t PaneStore::open() const {
  return size_t(std::count_if(panes.begin(), panes.end(), [](const auto &at) { return !at.second.fired; }));
}

WideTime PaneStore::firstEnd() const {
  for (const auto &[end, pane] : panes)
    if (!pane.fired)
      return end;
  return kPlusInfinity;
}

uint64_t millrace::windowsOfRecord(const mr_window_desc &desc) {
  bool overlap = desc.kind == MR_WINDOW_SLIDING || desc.kind == MR_WINDOW_CUMULATE;
  return overlap ? uint64_t((desc.size + desc.slide - 1) / desc.slide) : 1;
}
