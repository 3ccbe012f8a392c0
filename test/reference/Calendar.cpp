//===- Calendar.cpp - days to years in a zone ---------------------------------===//
#include "Calendar.h"
#include "Time.h"
#include "Windows.h"

#include <cstdlib>
#include <ctime>
#include <filesystem>

using namespace millrace::reference;
using namespace millrace;

static constexpr int64_t secondsPerDay = 86'400;

std::optional<Calendar> Calendar::of(stream::CalendarUnit unit, std::string zone, std::string &problem) {
  const char *folder = std::getenv("TZDIR");
  std::filesystem::path path = std::filesystem::path(folder ? folder : "/usr/share/zoneinfo") / zone;
  if (!zone.empty() && !std::filesystem::is_regular_file(path)) {
    problem = "there is no zone `" + zone + "`";
    return std::nullopt;
  }
  return Calendar(unit, std::move(zone));
}

/// Seconds that the zone's clocks are before UTC's.
int64_t Calendar::offsetAt(int64_t second) const {
  if (zone.empty())
    return 0;
  static std::string current; // the C library knows one zone at a time
  if (current != zone) {
    setenv("TZ", (":" + zone).c_str(), /*overwrite=*/1);
    tzset();
    current = zone;
  }
  time_t time = second;
  tm local{};
  localtime_r(&time, &local);
  return local.tm_gmtoff;
}

/// The first day of the unit that holds `day`; days are counted from 1970-01-01, and weeks start on Monday.
int64_t Calendar::firstDay(int64_t day) const {
  CivilDate date = civilFromDays(day);
  switch (unit) {
  case stream::CalendarUnit::None:
  case stream::CalendarUnit::Day:
    return day;
  case stream::CalendarUnit::Week:
    return day - (dayOfWeek(day) - 1);
  case stream::CalendarUnit::Month:
    return daysFromCivil({date.year, date.month, 1});
  case stream::CalendarUnit::Quarter:
    return daysFromCivil({date.year, (date.month - 1) / 3 * 3 + 1, 1});
  case stream::CalendarUnit::Year:
    return daysFromCivil({date.year, 1, 1});
  }
  llvm_unreachable("every unit has a first day");
}

int64_t Calendar::nextFirstDay(int64_t day) const {
  int64_t next = day + 1;
  while (firstDay(next) == firstDay(day))
    ++next;
  return next;
}

/// When the day begins, in seconds since 1970: the first moment at which the local clocks show its midnight or more.
int64_t Calendar::midnight(int64_t day) const {
  if (auto known = midnights.find(day); known != midnights.end())
    return known->second;
  int64_t wanted = day * secondsPerDay;
  auto isReached = [&](int64_t second) { return second + offsetAt(second) >= wanted; };
  // No zone is as far as 26 hours from UTC. Clocks that are set back soon after midnight show it twice: so not by
  // halves.
  int64_t second = wanted - 26 * 3600;
  while (!isReached(second + 60))
    second += 60;
  while (!isReached(second + 1))
    ++second;
  return midnights[day] = second + 1;
}

Interval Calendar::holding(int64_t time) const {
  int64_t second = int64_t(floorDiv(time, microsPerSecond));
  // The local date; just after clocks were set back over midnight it is one too early.
  int64_t day = firstDay(int64_t(floorDiv(second + offsetAt(second), secondsPerDay)));
  while (midnight(nextFirstDay(day)) <= second)
    day = nextFirstDay(day);
  return {Integer(midnight(day)) * microsPerSecond, Integer(midnight(nextFirstDay(day))) * microsPerSecond};
}
