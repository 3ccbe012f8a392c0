//===- calendar_time.cpp - days, weeks, months, quarters and years of a zone -------===//
#include "runtime/time/calendar_time.h"

#include "runtime/values/calendar.h"

#include <algorithm>

using namespace millrace;

namespace {

constexpr int64_t kSecondsPerDay = 86'400;

/// The Gregorian calendar, weekdays included, begins anew after so many seconds.
constexpr int64_t kCycle = 146'097 * kSecondsPerDay;

/// No clock is further from UTC.
constexpr int64_t kMostOffset = 26 * 3600;

} // namespace

/// A time of the table at which the clocks do what they do at `second`.
int64_t CalendarTime::inTable(int64_t second) const {
  int64_t last = zone->since[zone->num_changes - 1];
  return zone->repeats && second >= last ? last - kCycle + (second - last) % kCycle : second;
}

/// The number of the change that made the clocks what they are at a second of the table.
uint32_t CalendarTime::change(int64_t second) const {
  return uint32_t(std::upper_bound(zone->since, zone->since + zone->num_changes, second) - zone->since) - 1;
}

/// The first second at which it is this day in the zone, or a later one: of two midnights the first; of none what is
/// first after.
int64_t CalendarTime::midnight(int64_t day) const {
  int64_t local = day * kSecondsPerDay;
  if (!zone)
    return local;
  for (int64_t from = local - kMostOffset;;) {
    int64_t same = inTable(from), moved = from - same;
    uint32_t number = change(same);
    int64_t at = std::max(from, local - zone->offset[number]);
    if (number + 1 == zone->num_changes || at < zone->since[number + 1] + moved)
      return at;
    from = zone->since[number + 1] + moved;
  }
}

/// The first day of the unit that holds the day.
int64_t CalendarTime::firstDay(int64_t day) const {
  CivilDate date = civilFromDays(day);
  switch (unit) {
  case MR_CALENDAR_WEEK:
    return day - (dayOfWeek(day) - 1);
  case MR_CALENDAR_MONTH:
    return daysFromCivil(date.year, date.month, 1);
  case MR_CALENDAR_QUARTER:
    return daysFromCivil(date.year, (date.month - 1) / 3 * 3 + 1, 1);
  case MR_CALENDAR_YEAR:
    return daysFromCivil(date.year, 1, 1);
  default:
    return day;
  }
}

/// The first day of the next unit; `day` is a first one.
int64_t CalendarTime::nextFirstDay(int64_t day) const {
  switch (unit) { // some day of the next one, whatever the lengths
  case MR_CALENDAR_WEEK:
    return day + 7;
  case MR_CALENDAR_MONTH:
    return firstDay(day + 31);
  case MR_CALENDAR_QUARTER:
    return firstDay(day + 92);
  case MR_CALENDAR_YEAR:
    return firstDay(day + 366);
  default:
    return day + 1;
  }
}

WideInterval CalendarTime::window(WideTime time) const {
  int64_t micros = int64_t(std::clamp<WideTime>(time, INT64_MIN, INT64_MAX));
  int64_t second = floorDiv(micros, kMicrosPerSecond);
  int64_t local = second + (zone ? zone->offset[change(inTable(second))] : 0);
  int64_t first = firstDay(floorDiv(local, kSecondsPerDay)), next = nextFirstDay(first);
  // Clocks that are turned back across midnight show a day again that is over.
  while (second < midnight(first))
    next = first, first = firstDay(first - 1);
  while (second >= midnight(next))
    first = next, next = nextFirstDay(next);
  return {WideTime(midnight(first)) * kMicrosPerSecond, WideTime(midnight(next)) * kMicrosPerSecond};
}
