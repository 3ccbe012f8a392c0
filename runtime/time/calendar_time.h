//===- calendar_time.h - days, weeks, months, quarters and years of a zone ---------===//
//
// Internal: rule 17. The clocks of the zone come with the pipeline (mr_zone_desc):
// what runs needs no time zone database.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_TIME_CALENDAR_TIME_H
#define MILLRACE_RUNTIME_TIME_CALENDAR_TIME_H

#include "runtime/time/window.h"

namespace millrace {

struct CalendarTime {
  mr_calendar_unit unit = MR_CALENDAR_NONE;
  const mr_zone_desc *zone = nullptr; ///< 0: UTC

  /// The window that holds the time (microseconds; beyond 64 bits: the first or the last there is): from a local
  /// midnight to another.
  WideInterval window(WideTime time) const;

private:
  // Seconds since 1970; days of the zone's calendar since 1970-01-01.
  int64_t inTable(int64_t second) const;
  uint32_t change(int64_t second) const;
  int64_t midnight(int64_t day) const;
  int64_t firstDay(int64_t day) const;
  int64_t nextFirstDay(int64_t day) const;
};

} // namespace millrace

#endif
