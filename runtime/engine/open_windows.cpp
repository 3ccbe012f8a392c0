//===- open_windows.cpp - what windows that have not fired wait for ------------------===//
#include "runtime/engine/state.h"
#include "runtime/time/duration.h"
#include "runtime/values/calendar.h"
#include "runtime/values/format.h"

using namespace millrace;

std::string millrace::timeText(int64_t time) {
  char text[kMaxFormat];
  return std::string(text, formatTimestamp(text, time));
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

/// What of it has not fired: sessions, which end at any time; windows, with the end of the first.
static std::string openSessions(size_t count) {
  return "holds " + std::to_string(count) + (count == 1 ? " open session" : " open sessions");
}

static std::string openWindows(const WindowState &window) {
  size_t count = window.kept ? window.kept->open() : window.panes.size();
  return "holds " + (window.slices ? "" : std::to_string(count) + " ") +
         (count == 1 ? "open window, which ends at " : "open windows, the first of which ends at ") +
         timeText(firstEnd(window));
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
      bool isOne = window.waiting->size() == 1;
      note += "holds " + std::to_string(window.waiting->size()) +
              (isOne ? " record that waits for the watermark" : " records that wait for the watermark");
      std::string reason = neverMoves(window);
      note += reason.empty() ? "\n"
                             : "; " + reason + (isOne ? ", so it waits" : ", so they wait") + " for the end of input\n";
      continue;
    }
    note += window.sessions ? openSessions(keysOf(window)) : openWindows(window);
    int64_t watermark = inputWatermark(window);
    if (inProcessingTime(*window.desc))
      note += " by the clock\n";
    else if (std::string reason = neverMoves(window); !reason.empty())
      note += "; " + reason + ", so it waits for the end of input\n";
    else if (watermark == kMinusInfinity)
      note += "; there is no watermark yet, so it waits for the end of input\n";
    else
      note += "; the watermark is at " + timeText(watermark) +
              (window.sessions ? "" : ", " + writtenDuration(firstEnd(window) - 1 - watermark) + " before") +
              ": later records will move it\n";
  }
  return note;
}
