//===- time_functions.cpp - truncate and extract, in UTC ------------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "millrace/abi.h"
#include "runtime/values/calendar.h"

using namespace millrace;

namespace {

enum Unit : uint32_t { Second, Minute, Hour, Day, Week, Month, Quarter, Year };
enum Field : uint32_t { DayOfWeek = 8, DayOfYear = 9, Microsecond = 10 }; // below them as units

/// ISO 8601: week 1 is the one with the year's first Thursday.
int64_t isoWeek(int64_t days) {
  int64_t thursday = days - dayOfWeek(days) + 4;
  return (thursday - daysFromCivil(civilFromDays(thursday).year, 1, 1)) / 7 + 1;
}

} // namespace

extern "C" int64_t mr_time_truncate(int64_t time, uint32_t unit) {
  constexpr int64_t kFixed[] = {kMicrosPerSecond, 60 * kMicrosPerSecond, 3600 * kMicrosPerSecond, kMicrosPerDay};
  if (unit <= Day)
    return time - floorMod(time, kFixed[unit]);
  int64_t days = floorDiv(time, kMicrosPerDay);
  if (unit == Week)
    return (days - dayOfWeek(days) + 1) * kMicrosPerDay;
  CivilDate date = civilFromDays(days);
  uint32_t month = unit == Month ? date.month : unit == Quarter ? (date.month - 1) / 3 * 3 + 1 : 1;
  return daysFromCivil(date.year, month, 1) * kMicrosPerDay;
}

extern "C" int64_t mr_time_extract(int64_t time, uint32_t field) {
  int64_t days = floorDiv(time, kMicrosPerDay), rest = time - days * kMicrosPerDay;
  switch (field) {
  case Second:
    return rest / kMicrosPerSecond % 60;
  case Minute:
    return rest / kMicrosPerSecond / 60 % 60;
  case Hour:
    return rest / kMicrosPerSecond / 3600;
  case Day:
    return civilFromDays(days).day;
  case Week:
    return isoWeek(days);
  case Month:
    return civilFromDays(days).month;
  case Quarter:
    return (civilFromDays(days).month - 1) / 3 + 1;
  case Year:
    return civilFromDays(days).year;
  case DayOfWeek:
    return dayOfWeek(days);
  case DayOfYear:
    return days - daysFromCivil(civilFromDays(days).year, 1, 1) + 1;
  case Microsecond:
    return rest % kMicrosPerSecond;
  }
  __builtin_trap(); // fields are words that the compiler has checked
}
