//===- fire.cpp - watermarks and the panes that fire as they pass ---------------------===//
//
// A tumbling pane [s, s + size) fires when W >= s + size - 1 (rule 12), in the
// order of its end; windows go in topological order, so that what one fires
// into the next is there when that one's turn comes. A window's watermark
// rises after its panes have fired.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"
#include "runtime/time/duration.h"
#include "runtime/time/window.h"
#include "runtime/values/calendar.h"
#include "runtime/values/format.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

constexpr int64_t kLook = 250'000; ///< microseconds after which a watermark that follows the clock is looked at again

bool inEventTime(const mr_window_desc &desc) { return isInTime(desc) && !desc.processing_time; }
bool inProcessingTime(const mr_window_desc &desc) { return isInTime(desc) && desc.processing_time; }

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
  if (window.sessions || window.waiting)
    return window.watermark + 1;
  WideTime last = window.slices ? window.slices->times.endAfter(WideTime(window.watermark) + 1) - 1
                                : WideTime(firstOpenWindow(window.watermark, desc.size, desc.offset)) + desc.size - 1;
  return last > kPlusInfinity ? kPlusInfinity : int64_t(last);
}

/// Where the window that fires next ends. Only if there is one: it holds records, or `fill` has keys for it.
int64_t firstEnd(const WindowState &window) {
  WideTime end = window.known    ? window.slices ? window.slices->times.endAfter(window.filledTo)
                                                 : window.filledTo + window.desc->size
                 : window.kept   ? window.kept->firstEnd()
                 : window.slices ? window.slices->nextEnd()
                                 : WideTime(window.panes.front().start) + window.desc->size;
  return int64_t(std::min<WideTime>(end, kPlusInfinity));
}

std::string timeText(int64_t time) {
  char text[kMaxFormat];
  return std::string(text, formatTimestamp(text, time));
}

} // namespace

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
  for (const WindowState &window : windows)
    if (window.behindLane && followsWatermark(window))
      if (int64_t at = border(window); at <= window.others)
        least = std::min(least, at > kPlusInfinity - window.delay ? kPlusInfinity : at + window.delay);
  return least;
}

bool mr_engine::advance() {
  noteWatermarks();
  for (WindowState &window : windows) {
    if (isState(*window.desc))
      continue;
    int64_t watermark = inputWatermark(window);
    if (window.waiting) {
      if (watermark > window.watermark && !release(window, watermark))
        return false;
      continue;
    }
    if (inEventTime(*window.desc)) {
      if (watermark <= window.watermark && !(window.sessions && window.sessions->behind))
        continue;
      if (!(window.kept       ? fireKept(window, watermark)
            : window.sessions ? fireSessions(window, watermark)
            : window.slices   ? fireSlices(window, watermark, 1)
                              : fireUpTo(window, watermark)))
        return false;
      window.watermark = watermark;
      window.outWatermark = heldBack(window, watermark);
      if (!window.slices && !window.sessions && !window.kept)
        heads[&window - windows.data()].firstOpen = firstOpenWindow(watermark, window.desc->size, window.desc->offset);
    } else if (followsWatermark(window) && watermark != kPlusInfinity) {
      if (watermark > window.watermark && !fireKept(window, watermark))
        return false;
      window.watermark = std::max(window.watermark, watermark);
    } else if (watermark == kPlusInfinity && window.watermark != kPlusInfinity) {
      bool ok = window.kept ? (window.kept->isGlobal ? fireKept(window, watermark) : fireKeptAtEnd(window))
                : window.desc->kind == MR_WINDOW_GLOBAL ? fireGlobal(window)
                                                        : fireProcessing(window, 0, true);
      if (!ok)
        return false;
      window.watermark = window.outWatermark = kPlusInfinity;
    }
  }
  return true;
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
    if (!inProcessingTime(*window.desc) || window.watermark == kPlusInfinity)
      continue;
    if (!window.kept && !fireProcessing(window, now, false))
      return false;
    int64_t watermark = window.kept     ? int64_t(window.kept->times.endUpTo(now)) - 1
                        : window.slices ? int64_t(window.slices->times.endUpTo(now)) - 1
                                        : int64_t(windowStart(now, window.desc->size, window.desc->offset)) - 1;
    moved |= watermark > window.outWatermark;
    window.outWatermark = std::max(window.outWatermark, watermark);
  }
  return !moved || advance();
}

int64_t mr_engine::nextClockBorder() const {
  int64_t least = INT64_MAX;
  for (const WindowState &window : windows)
    if (window.isOpen()) {
      if (inProcessingTime(*window.desc))
        least = std::min(least, firstEnd(window));
      if (window.desc->firing.emit_unit == MR_EMIT_PROCESSING_TIME)
        least = std::min(least, int64_t((window.kept->earlyUpTo(0, task.now) + 1) * window.desc->firing.emit));
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

bool mr_engine::fireUpTo(WindowState &window, int64_t watermark) {
  if (window.desc->fill)
    return fireFilled(window, watermark);
  size_t count = 0;
  while (count < window.panes.size() && window.panes[count].start + window.desc->size - 1 <= watermark)
    ++count;
  std::vector<Pane> due(window.panes.begin(), window.panes.begin() + count);
  window.panes.erase(window.panes.begin(), window.panes.begin() + count);
  bool ok = true;
  for (Pane pane : due) {
    int64_t end = pane.start + window.desc->size;
    ok = ok && firePane(window, pane, end, end - 1, 1);
    tableFree(pane.table);
  }
  return ok;
}

bool mr_engine::fireProcessing(WindowState &window, int64_t now, bool atEnd) {
  if (window.slices)
    return fireSlices(window, atEnd ? kPlusInfinity : now - 1, atEnd ? 0 : 1);
  bool ok = true;
  while (ok && !window.panes.empty()) {
    Pane pane = window.panes.front();
    int64_t end = pane.start + window.desc->size;
    if (!atEnd && end > now)
      break;
    window.panes.erase(window.panes.begin());
    ok = firePane(window, pane, end, end - 1, atEnd ? 0 : 1);
    tableFree(pane.table);
  }
  return ok;
}

bool mr_engine::fireGlobal(WindowState &window) {
  const mr_window_desc &desc = *window.desc;
  uint32_t index = uint32_t(&window - windows.data());
  if (window.panes.empty() && !desc.keyed) { // one row even over empty input (rule 18)
    mr_table *table = mr_window_pane(&task, index, 0);
    if (desc.table.layout == MR_LAYOUT_DENSE)
      mr_table_touch(table, mr_dense_slot(table, 0, desc.table.slot_size));
    else
      mr_table_upsert(table, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, desc.table.slot_size);
  }
  bool ok = true;
  for (Pane pane : std::exchange(window.panes, {})) {
    ok = ok && firePane(window, pane, 0, heads[index].greatestTime, 1);
    tableFree(pane.table);
  }
  return ok;
}

bool mr_engine::firePane(WindowState &window, Pane pane, int64_t end, int64_t time, uint32_t why) {
  firingStart = pane.start;
  firingEnd = end;
  timing = why;
  ++window.fired;
  tableSettle(pane.table);
  window.keys = tableCount(pane.table);
  if (window.desc->top && !tableOrderTop(pane.table, *window.desc->top))
    return keepsBudget();
  return runFiring(window, pane.table, [&](mr_cursor &cursor) {
    return window.desc->fire(&task, pane.table, pane.start, end, time, &cursor);
  });
}

bool mr_engine::fireDue(WindowState &window, mr_table *table, const mr_due *due, uint64_t count) {
  firingDue = due;
  firingDueCount = count;
  bool ok = runFiring(window, table,
                      [&](mr_cursor &cursor) { return window.desc->fire_due(&task, table, due, count, &cursor); });
  firingDue = nullptr;
  return ok;
}

/// Calls a generated function until all of its rows are written. False: the pipeline stops.
bool mr_engine::runFiring(WindowState &window, mr_table *table, const std::function<mr_status(mr_cursor &)> &fire) {
  if (!drain())
    return false;
  firing = &window;
  firingMarks.assign(outs.size(), 0);
  for (size_t i = 0; i < windows.size(); ++i)
    if (windows[i].expiry || windows[i].sessions || windows[i].waiting) {
      heads[i].lane = kPlusInfinity;
      heads[i].others = inputWatermark(windows[i]);
    }
  firingTable = table;
  mr_cursor cursor = {0, 0};
  mr_status status = MR_MORE;
  while (status == MR_MORE && !stopped) {
    if (givenUp()) {
      stop(kInterrupted, "error: interrupted while `" + std::string(window.desc->name) +
                             "` fired: not all of its results were written");
      break;
    }
    status = fire(cursor);
    if (status == MR_FAILED)
      stop(kWrong, "error: `" + std::string(window.desc->name) + "` failed while a window fired");
    keepsBudget();
    keepBest();
    if (outOfRange)
      stop(kWrong, "error: `" + std::string(window.desc->name) +
                       "`: overflow: the window that a result belongs to leaves the years 0000 to 9999");
    if (stopped) // nothing that came with an error goes out
      discardTo(firingMarks);
    if (drain() && task.paused)
      fireAtOnce();
  }
  firing = nullptr;
  return !stopped;
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
    slot = firingSlot ? uint32_t(firingTable->positionOf(firingSlot)) : UINT32_MAX;
  if (isInTime(desc))
    text += ", in the window from " + timeText(firingStart) + " to " + timeText(firingEnd);
  if (desc.table.num_keys && slot < firingTable->end && tableInUse(firingTable, slot))
    text += ", for the key " + keyText(firingTable, slot);
  if (site.line)
    text += " (at " + std::to_string(site.line) + ":" + std::to_string(site.column) + " of the pipeline)";
  if (!note.empty())
    text.append("\nnote: ").append(note);
  stop(kWrong, text);
}

/// Does the window's watermark stand still until the end of input? Then it is said why, else it is empty.
std::string mr_engine::neverMoves(const WindowState &window) const {
  for (uint32_t i = 0; i < window.desc->num_inputs; ++i) {
    mr_input_ref input = window.desc->inputs[i];
    std::string reason;
    if (input.is_window) {
      const WindowState &before = windows[input.index];
      if (before.desc->kind == MR_WINDOW_GLOBAL)
        reason = "`" + std::string(before.desc->name) + "` gives its results at the end";
      else if (inEventTime(*before.desc) || before.waiting)
        reason = neverMoves(before);
    } else if (const SourceState &source = sources[input.index];
               source.desc->watermark == MR_WATERMARK_NONE && source.watermark() != kPlusInfinity) {
      reason = "`" + std::string(source.desc->name) + "` has no watermark before its end";
    }
    if (!reason.empty())
      return reason;
  }
  return {};
}

/// What the windows that have records wait for; not `all`: only those that never fired.
std::string mr_engine::openWindowsNote(bool all) const {
  std::string note;
  for (const WindowState &window : windows) {
    if (!window.isOpen() || (!all && window.fired))
      continue;
    note += "note: `" + std::string(window.desc->name) + "` ";
    if (window.desc->kind == MR_WINDOW_GLOBAL) {
      note += "waits for the end of input\n";
      continue;
    }
    if (window.waiting) {
      note += "holds " + std::to_string(window.waiting->size()) + " records that wait for the watermark";
      std::string reason = neverMoves(window);
      note += reason.empty() ? "\n" : "; " + reason + ", so they wait for the end of input\n";
      continue;
    }
    size_t count = window.sessions ? keysOf(window) : window.kept ? window.kept->open() : window.panes.size();
    int64_t watermark = inputWatermark(window);
    if (window.sessions) {
      note += "holds " + std::to_string(count) + (count == 1 ? " open session" : " open sessions");
      if (std::string reason = neverMoves(window); !reason.empty())
        note += "; " + reason + ", so it waits for the end of input\n";
      else if (watermark == kMinusInfinity)
        note += "; there is no watermark yet, so it waits for the end of input\n";
      else
        note += "; the watermark is at " + timeText(watermark) + ": later records will move it\n";
      continue;
    }
    int64_t end = firstEnd(window);
    note +=
        "holds " + (window.slices ? "" : std::to_string(count) + " ") + (count == 1 ? "open window" : "open windows");
    note += count == 1 ? ", which ends at " + timeText(end) : ", the first of which ends at " + timeText(end);
    if (inProcessingTime(*window.desc))
      note += " by the clock\n";
    else if (std::string reason = neverMoves(window); !reason.empty())
      note += "; " + reason + ", so it waits for the end of input\n";
    else if (watermark == kMinusInfinity)
      note += "; there is no watermark yet, so it waits for the end of input\n";
    else
      note += "; the watermark is at " + timeText(watermark) + ", " + writtenDuration(end - 1 - watermark) +
              " before: later records will move it\n";
  }
  return note;
}

/// Called by generated code: the pane that starts at `start`.
extern "C" mr_table *mr_window_pane(mr_task *task, uint32_t index, int64_t start) {
  WindowState &window = task->engine->windows[index];
  std::vector<Pane> &panes = window.panes;
  if (!panes.empty() && panes.back().start == start) // by far the most frequent
    return panes.back().table;
  auto at = std::lower_bound(panes.begin(), panes.end(), start,
                             [](const Pane &pane, int64_t start) { return pane.start < start; });
  if (at != panes.end() && at->start == start)
    return at->table;
  const mr_window_desc &desc = *window.desc;
  if (inEventTime(desc) && !windowInRange(start, desc.size)) {
    task->engine->outOfRange = true; // the step goes on with some table; the engine then judges the record
    start = kOutOfRange;
    if (!panes.empty() && panes.back().start == start)
      return panes.back().table;
    at = panes.end();
  }
  mr_table *table = tableNew(desc.table, *window.account, task->windows[index].dictionary, window.keys);
  return panes.insert(at, {start, table})->table;
}

/// Called by generated code while a pane fires.
extern "C" uint32_t mr_timing(mr_task *task) { return task->engine->timing; }
