//===- window.h - where tumbling windows lie -----------------------------------===//
//
// Internal: the arithmetic of rules 11 and 12, right for every 64-bit time.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_TIME_WINDOW_H
#define MILLRACE_RUNTIME_TIME_WINDOW_H

#include "runtime/engine/errors.h"

namespace millrace {

/// Start of the window of `size` that holds `time`: time - floormod(time - offset, size). It may lie before all times.
constexpr __int128 windowStart(int64_t time, int64_t size, int64_t offset) {
  __int128 rest = (__int128(time) - offset) % size;
  return __int128(time) - (rest < 0 ? rest + size : rest);
}

/// May records be in the window of `size` that starts at `start`? Its start and its end must be timestamps (rule 1).
constexpr bool windowInRange(__int128 start, int64_t size) { return start >= kMinTime && start + size <= kMaxTime; }

/// The first window that a watermark has not closed: the least start with start + size - 1 > W.
constexpr int64_t firstOpenWindow(int64_t watermark, int64_t size, int64_t offset) {
  if (watermark == kMinusInfinity || watermark == kPlusInfinity)
    return watermark;
  __int128 start = windowStart(watermark + 1, size, offset);
  return start < kMinusInfinity ? kMinusInfinity : int64_t(start);
}

} // namespace millrace

#endif
