//===- timing.h - why a row comes ----------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_TIMING_H
#define MILLRACE_RUNTIME_ENGINE_TIMING_H

#include <cstdint>

namespace millrace {

/// As mr_due and mr_timing have it: before the end of its window, at it, or for records that came behind it.
enum Timing : uint8_t { kEarly, kOnTime, kLate };

} // namespace millrace

#endif
