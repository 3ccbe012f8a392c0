//===- Calendar.h - days to years in a zone ------------------------*- C++ -*-===//
//
// Rule 17. How far a zone's clocks are from UTC is asked of the C library, second
// by second; the compiler and the runtime read the zones' files themselves.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_CALENDAR_H
#define MILLRACE_TEST_REFERENCE_CALENDAR_H

#include "Value.h"
#include "dialect/stream/Stream.h"

#include <map>
#include <optional>

namespace millrace::reference {

struct Interval;

/// The days, weeks, months, quarters or years of a zone.
class Calendar {
public:
  /// `zone` is empty for UTC. Nothing, with a `problem`, if there is no such zone.
  static std::optional<Calendar> of(stream::CalendarUnit unit, std::string zone, std::string &problem);

  /// From one local midnight to another, in microseconds since 1970; perhaps beyond the range of timestamps.
  Interval holding(int64_t time) const;

private:
  Calendar(stream::CalendarUnit unit, std::string zone) : unit(unit), zone(std::move(zone)) {}
  int64_t offsetAt(int64_t second) const;
  int64_t firstDay(int64_t day) const;
  int64_t nextFirstDay(int64_t day) const;
  int64_t midnight(int64_t day) const;

  stream::CalendarUnit unit;
  std::string zone;
  mutable std::map<int64_t, int64_t> midnights; ///< by day, in seconds: they are expensive
};

} // namespace millrace::reference
#endif
