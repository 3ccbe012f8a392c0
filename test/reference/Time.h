//===- Time.h - the calendar and the text of times ----------------*- C++ -*-===//
//
// Rule 1: a timestamp counts microseconds since 1970-01-01T00:00:00Z in the
// years 0000 to 9999 of the proleptic Gregorian calendar, in UTC.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_TIME_H
#define MILLRACE_TEST_REFERENCE_TIME_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace::reference {

inline constexpr int64_t microsPerSecond = 1'000'000;
inline constexpr int64_t microsPerDay = 86'400 * microsPerSecond;
inline constexpr int64_t firstDate = -719'528; ///< 0000-01-01
inline constexpr int64_t lastDate = 2'932'896; ///< 9999-12-31
inline constexpr int64_t firstTimestamp = firstDate * microsPerDay;
inline constexpr int64_t lastTimestamp = (lastDate + 1) * microsPerDay - 1;

/// Division and remainder that round towards minus infinity; `b` > 0.
__int128 floorDiv(__int128 a, __int128 b);
__int128 floorMod(__int128 a, __int128 b);

struct CivilDate {
  int64_t year, month, day;
};
CivilDate civilFromDays(int64_t days);
int64_t daysFromCivil(CivilDate date);
/// 1 = Monday to 7 = Sunday.
int64_t dayOfWeek(int64_t days);
int64_t dayOfYear(int64_t days);
int64_t isoWeek(int64_t days);

/// `unit` as in the function `truncate`. May leave the range of timestamps (the week of 0000-01-01).
int64_t truncateTime(int64_t time, std::string_view unit);
/// `part` as in the function `extract`.
int64_t extractTime(int64_t time, std::string_view part);

/// RFC 3339 in UTC; a fraction only if there is one.
std::string timestampText(int64_t micros);
std::string dateText(int64_t days);
/// ISO 8601: `PT1H30M`, `-PT0.5S`.
std::string durationText(int64_t micros);

/// Strict readers: the whole text, or nothing. Digits finer than microseconds round down. What they give may lie
/// outside the type's range: an offset carries a timestamp out of the years, and a duration may be any number.
std::optional<int64_t> parseTimestamp(std::string_view text);
std::optional<int64_t> parseDate(std::string_view text);
std::optional<__int128> parseDuration(std::string_view text);

} // namespace millrace::reference
#endif
