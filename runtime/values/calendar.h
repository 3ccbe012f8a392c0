//===- calendar.h - the proleptic Gregorian calendar ----------------------===//
//
// Internal. Days and civil dates, after Howard Hinnant's "chrono-compatible
// low-level date algorithms"; right for every year, negative days included.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_CALENDAR_H
#define MILLRACE_RUNTIME_VALUES_CALENDAR_H

#include <cstdint>

namespace millrace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
constexpr int64_t kMicrosPerDay = 86'400 * kMicrosPerSecond;

/// A date: month 1–12, day 1–31.
struct CivilDate {
  int64_t year;
  uint32_t month, day;
};

/// The quotient rounded down, and what is left (never negative). b > 0.
constexpr int64_t floorDiv(int64_t a, int64_t b) { return a / b - (a % b < 0); }
constexpr int64_t floorMod(int64_t a, int64_t b) { return a % b + (a % b < 0 ? b : 0); }

/// Days since 1970-01-01.
constexpr int64_t daysFromCivil(int64_t year, uint32_t month, uint32_t day) {
  year -= month <= 2; // years run from March, so that the leap day is their last
  int64_t era = floorDiv(year, 400);
  uint32_t yearOfEra = uint32_t(year - era * 400);
  uint32_t dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  uint32_t dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return era * 146097 + int64_t(dayOfEra) - 719468;
}

constexpr CivilDate civilFromDays(int64_t days) {
  days += 719468;
  int64_t era = floorDiv(days, 146097);
  uint32_t dayOfEra = uint32_t(days - era * 146097);
  uint32_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  uint32_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  uint32_t shifted = (5 * dayOfYear + 2) / 153;
  uint32_t month = shifted < 10 ? shifted + 3 : shifted - 9;
  return {int64_t(yearOfEra) + era * 400 + (month <= 2), month, dayOfYear - (153 * shifted + 2) / 5 + 1};
}

constexpr bool isLeapYear(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

constexpr uint32_t daysInMonth(int64_t year, uint32_t month) {
  return month == 2 ? 28 + isLeapYear(year) : 30 + ((month + (month >> 3)) & 1);
}

/// Monday 1 … Sunday 7.
constexpr uint32_t dayOfWeek(int64_t days) { return uint32_t(floorMod(days + 3, 7)) + 1; }

/// The first and the last timestamp and date there is (rule 1): years 0000–9999.
constexpr int64_t kFirstDay = daysFromCivil(0, 1, 1), kLastDay = daysFromCivil(9999, 12, 31);
constexpr int64_t kFirstTime = kFirstDay * kMicrosPerDay, kLastTime = (kLastDay + 1) * kMicrosPerDay - 1;
static_assert(kFirstTime == -62'167'219'200'000'000 && kLastTime == 253'402'300'799'999'999);

} // namespace millrace

#endif
