//===- duration.h - durations as pipelines write them ---------------------===//
//
// Internal: `10 s`, `1 h 30 min`, `250ms`, in options and on the command line.
// (What data holds is ISO 8601, runtime/values/parse.h.)
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_TIME_DURATION_H
#define MILLRACE_RUNTIME_TIME_DURATION_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace {

/// Microseconds. Units: us, ms, s, min, h, d. Nothing if the text is no duration or beyond 64 bits.
std::optional<int64_t> parseWrittenDuration(std::string_view text);

/// For people: `1 h 30 min`, `0 s`; never more than two units.
std::string writtenDuration(int64_t micros);

} // namespace millrace

#endif
