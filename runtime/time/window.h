//===- window.h - where windows and their slices lie ------------------------------===//
//
// Internal: the arithmetic of rules 11 to 14, right for every 64-bit time.
//
// Time is cut at every edge of a window. What lies between two edges is a slice:
// all its times are in the same windows, which are consecutive. Windows that are
// due follow from their ends alone.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_TIME_WINDOW_H
#define MILLRACE_RUNTIME_TIME_WINDOW_H

#include "runtime/engine/errors.h"

namespace millrace {

/// Microseconds, also beyond 64 bits: windows of times near the ends may begin before all times, and end behind them.
using WideTime = __int128;

/// The greatest offset + k * size that is <= time.
constexpr WideTime floorTime(WideTime time, int64_t size, int64_t offset) {
  WideTime rest = (time - offset) % size;
  return time - (rest < 0 ? rest + size : rest);
}

/// Start of the window of `size` that holds `time`: time - floormod(time - offset, size). It may lie before all times.
constexpr WideTime windowStart(int64_t time, int64_t size, int64_t offset) { return floorTime(time, size, offset); }

/// May records be in the window of `size` that starts at `start`? Its start and its end must be timestamps (rule 1).
constexpr bool windowInRange(WideTime start, int64_t size) { return start >= kMinTime && start + size <= kMaxTime; }

/// The first window that a watermark has not closed: the least start with start + size - 1 > W.
constexpr int64_t firstOpenWindow(int64_t watermark, int64_t size, int64_t offset) {
  if (watermark == kMinusInfinity || watermark == kPlusInfinity)
    return watermark;
  WideTime start = windowStart(watermark + 1, size, offset);
  return start < kMinusInfinity ? kMinusInfinity : int64_t(start);
}

/// [start, end).
struct WideInterval {
  WideTime start, end;
};

/// Sliding and cumulating windows (tumbling ones are sliding ones whose slide is their size).
struct SlicedTime {
  int64_t size, slide, offset; ///< microseconds; size, slide > 0; cumulate: `slide` is a step
  bool cumulate;

  /// The slice that holds the time. It is in a window if firstEnd(time) <= lastEnd(time).
  constexpr WideInterval slice(WideTime time) const {
    WideTime start = floorTime(time, cumulate ? size : slide, offset);
    if (cumulate) {
      WideTime from = floorTime(time - start, slide, 0), to = from + slide;
      return {start + from, start + (to < size ? to : size)};
    }
    int64_t cut = slide > size ? size : size % slide; // of the two slices of a slide; 0: there is one
    return time - start < cut ? WideInterval{start, start + cut} : WideInterval{start + cut, start + slide};
  }

  /// Ends of the first and of the last window that holds the time, if one does.
  constexpr WideTime firstEnd(WideTime time) const {
    return cumulate ? slice(time).end : floorTime(time - size, slide, offset) + slide + size;
  }
  constexpr WideTime lastEnd(WideTime time) const { return floorTime(time, cumulate ? size : slide, offset) + size; }

  constexpr bool inWindow(WideTime time) const { return firstEnd(time) <= lastEnd(time); }

  /// Where the window begins that ends at `end`.
  constexpr WideTime startOf(WideTime end) const { return cumulate ? floorTime(end - 1, size, offset) : end - size; }

  /// Rule 1: every window that holds the time begins and ends at a timestamp.
  constexpr bool inRange(WideTime time) const {
    return startOf(firstEnd(time)) >= kMinTime && lastEnd(time) <= kMaxTime;
  }

  /// The least end of a window that is > `time`, and the greatest one that is <= `time`.
  constexpr WideTime endAfter(WideTime time) const {
    return cumulate ? slice(time).end : floorTime(time - size, slide, offset) + slide + size;
  }
  constexpr WideTime endUpTo(WideTime time) const {
    return cumulate ? slice(time).start : floorTime(time - size, slide, offset) + size;
  }
};

} // namespace millrace

#endif
