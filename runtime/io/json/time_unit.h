//===- time_unit.h - how a time is written in a record --------------------===//
//
// Shared with the compiler; header-only.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_TIME_UNIT_H
#define MILLRACE_RUNTIME_IO_JSON_TIME_UNIT_H

#include <cstdint>
#include <string_view>

namespace millrace::json {

/// Text, or a number of units.
enum class TimeUnit : uint8_t { Text, Seconds, Milliseconds, Microseconds, Nanoseconds };

/// `unit` of mr_field_desc and of `stream.column`; empty and `rfc3339` are text.
inline TimeUnit timeUnit(std::string_view unit) {
  return unit == "s"    ? TimeUnit::Seconds
         : unit == "ms" ? TimeUnit::Milliseconds
         : unit == "us" ? TimeUnit::Microseconds
         : unit == "ns" ? TimeUnit::Nanoseconds
                        : TimeUnit::Text;
}

} // namespace millrace::json

#endif
