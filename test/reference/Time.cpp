//===- Time.cpp - the calendar and the text of times --------------------------===//
//
// Written the plain way: years are counted, not computed by formulas, where
// that is short enough to read.
//
//===----------------------------------------------------------------------===//
#include "Time.h"

#include <cstdio>

using namespace millrace::reference;

__int128 millrace::reference::floorDiv(__int128 a, __int128 b) { return a / b - (a % b < 0 ? 1 : 0); }
__int128 millrace::reference::floorMod(__int128 a, __int128 b) { return a - floorDiv(a, b) * b; }

static bool isLeap(int64_t year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

static int64_t monthDays(int64_t year, int64_t month) {
  static const int64_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && isLeap(year) ? 29 : days[month - 1];
}

/// Days from 0000-01-01 to `year`-01-01: 365 for each year before, and one for each leap year among them. Works for the
/// year -1 too, to which a week's Monday can reach back.
static int64_t yearStart(int64_t year) {
  int64_t before = year - 1; // years 0 … before, and year 0 is a leap year
  int64_t leaps = int64_t(floorDiv(before, 4) - floorDiv(before, 100) + floorDiv(before, 400)) + 1;
  return 365 * year + leaps;
}

int64_t millrace::reference::daysFromCivil(CivilDate date) {
  int64_t days = firstDate + yearStart(date.year);
  for (int64_t month = 1; month < date.month; ++month)
    days += monthDays(date.year, month);
  return days + date.day - 1;
}

CivilDate millrace::reference::civilFromDays(int64_t days) {
  int64_t sinceZero = days - firstDate;
  int64_t year = int64_t(floorDiv(sinceZero, 366)); // not beyond the year in question
  while (yearStart(year + 1) <= sinceZero)
    ++year;
  int64_t rest = sinceZero - yearStart(year), month = 1;
  for (; rest >= monthDays(year, month); ++month)
    rest -= monthDays(year, month);
  return {year, month, rest + 1};
}

int64_t millrace::reference::dayOfWeek(int64_t days) { return int64_t(floorMod(days + 3, 7)) + 1; } // 1970: Thursday

int64_t millrace::reference::dayOfYear(int64_t days) {
  return days - daysFromCivil({civilFromDays(days).year, 1, 1}) + 1;
}

/// ISO 8601: the week belongs to the year of its Thursday.
int64_t millrace::reference::isoWeek(int64_t days) { return (dayOfYear(days - dayOfWeek(days) + 4) - 1) / 7 + 1; }

int64_t millrace::reference::truncateTime(int64_t time, std::string_view unit) {
  auto floorTo = [&](int64_t micros) { return int64_t(floorDiv(time, micros)) * micros; };
  if (unit == "second")
    return floorTo(microsPerSecond);
  if (unit == "minute")
    return floorTo(60 * microsPerSecond);
  if (unit == "hour")
    return floorTo(3600 * microsPerSecond);
  int64_t days = int64_t(floorDiv(time, microsPerDay));
  if (unit == "day")
    return days * microsPerDay;
  if (unit == "week")
    return (days - dayOfWeek(days) + 1) * microsPerDay;
  CivilDate date = civilFromDays(days);
  int64_t month = unit == "month" ? date.month : unit == "quarter" ? (date.month - 1) / 3 * 3 + 1 : 1;
  return daysFromCivil({date.year, month, 1}) * microsPerDay;
}

int64_t millrace::reference::extractTime(int64_t time, std::string_view part) {
  int64_t days = int64_t(floorDiv(time, microsPerDay)), micros = int64_t(floorMod(time, microsPerDay));
  int64_t seconds = micros / microsPerSecond;
  if (part == "microsecond")
    return micros % microsPerSecond;
  if (part == "second")
    return seconds % 60;
  if (part == "minute")
    return seconds / 60 % 60;
  if (part == "hour")
    return seconds / 3600;
  if (part == "day_of_week")
    return dayOfWeek(days);
  if (part == "day_of_year")
    return dayOfYear(days);
  if (part == "week")
    return isoWeek(days);
  CivilDate date = civilFromDays(days);
  return part == "day" ? date.day : part == "month" ? date.month : part == "quarter" ? (date.month + 2) / 3 : date.year;
}

//===-- writing -----------------------------------------------------------===//

std::string millrace::reference::dateText(int64_t days) {
  CivilDate date = civilFromDays(days);
  char text[40];
  snprintf(text, sizeof text, "%04lld-%02lld-%02lld", (long long)date.year, (long long)date.month, (long long)date.day);
  return text;
}

std::string millrace::reference::timestampText(int64_t micros) {
  int64_t rest = int64_t(floorMod(micros, microsPerDay)), seconds = rest / microsPerSecond;
  int fraction = int(rest % microsPerSecond);
  char clock[40];
  snprintf(clock, sizeof clock, "T%02d:%02d:%02d", int(seconds / 3600), int(seconds / 60 % 60), int(seconds % 60));
  std::string text = dateText(int64_t(floorDiv(micros, microsPerDay))) + clock;
  if (fraction % 1000 != 0)
    snprintf(clock, sizeof clock, ".%06d", fraction);
  else
    snprintf(clock, sizeof clock, ".%03d", fraction / 1000);
  return text + (fraction ? clock : "") + "Z";
}

std::string millrace::reference::durationText(int64_t micros) {
  __int128 rest = micros < 0 ? -__int128(micros) : __int128(micros);
  std::string text = micros < 0 ? "-P" : "P", clock;
  auto part = [](__int128 count, const char *unit) {
    return count ? std::to_string((long long)count) + unit : std::string();
  };
  text += part(rest / microsPerDay, "D");
  rest %= microsPerDay;
  __int128 seconds = rest / microsPerSecond;
  clock = part(seconds / 3600, "H") + part(seconds / 60 % 60, "M");
  if (int fraction = int(rest % microsPerSecond)) {
    char digits[16];
    snprintf(digits, sizeof digits, "%06d", fraction);
    std::string trimmed = digits;
    trimmed.erase(trimmed.find_last_not_of('0') + 1);
    clock += std::to_string((long long)(seconds % 60)) + "." + trimmed + "S";
  } else {
    clock += part(seconds % 60, "S");
  }
  if (micros == 0)
    clock = "0S";
  return text + (clock.empty() ? "" : "T") + clock;
}

//===-- reading -----------------------------------------------------------===//

namespace {
/// Takes text apart from its front.
struct Scanner {
  std::string_view text;
  bool take(char c) {
    bool is = !text.empty() && text.front() == c;
    if (is)
      text.remove_prefix(1);
    return is;
  }
  bool takeAny(std::string_view set) {
    for (char c : set)
      if (take(c))
        return true;
    return false;
  }
  static bool isDigit(char c) { return c >= '0' && c <= '9'; }
  /// Exactly `count` digits.
  std::optional<int64_t> digits(size_t count) {
    if (text.size() < count)
      return std::nullopt;
    int64_t value = 0;
    for (size_t i = 0; i < count; ++i) {
      if (!isDigit(text[i]))
        return std::nullopt;
      value = value * 10 + (text[i] - '0');
    }
    text.remove_prefix(count);
    return value;
  }
  /// All digits that follow.
  std::string_view run() {
    size_t n = 0;
    while (n < text.size() && isDigit(text[n]))
      ++n;
    std::string_view found = text.substr(0, n);
    text.remove_prefix(n);
    return found;
  }
  std::optional<int64_t> date() {
    auto year = digits(4);
    if (!year || !take('-'))
      return std::nullopt;
    auto month = digits(2);
    if (!month || !take('-') || *month < 1 || *month > 12)
      return std::nullopt;
    auto day = digits(2);
    if (!day || *day < 1 || *day > monthDays(*year, *month))
      return std::nullopt;
    return daysFromCivil({*year, *month, *day});
  }
};

/// The first six of `digits` as microseconds, and whether anything but zeros follows them.
int64_t fractionMicros(std::string_view digits, bool &more) {
  int64_t micros = 0;
  for (size_t i = 0; i < 6; ++i)
    micros = micros * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  more = digits.size() > 6 && digits.substr(6).find_first_not_of('0') != digits.npos;
  return micros;
}
} // namespace

std::optional<int64_t> millrace::reference::parseDate(std::string_view text) {
  Scanner in{text};
  auto days = in.date();
  return in.text.empty() ? days : std::nullopt;
}

/// May give a time outside the years 0000 to 9999: an offset can carry it there.
std::optional<int64_t> millrace::reference::parseTimestamp(std::string_view text) {
  Scanner in{text};
  auto days = in.date();
  if (!days || !in.takeAny("Tt "))
    return std::nullopt;
  auto hour = in.digits(2);
  if (!hour || !in.take(':'))
    return std::nullopt;
  auto minute = in.digits(2);
  if (!minute || !in.take(':'))
    return std::nullopt;
  auto second = in.digits(2);
  if (!second || *hour > 23 || *minute > 59 || *second > 59)
    return std::nullopt;
  int64_t micros = *days * microsPerDay + ((*hour * 60 + *minute) * 60 + *second) * microsPerSecond;
  bool finer = false;
  if (in.take('.')) {
    std::string_view fraction = in.run();
    if (fraction.empty())
      return std::nullopt;
    micros += fractionMicros(fraction, finer); // downwards: later than the second's start, so cutting is right
  }
  if (!in.takeAny("Zz")) {
    bool west = in.take('-');
    if (!west && !in.take('+'))
      return std::nullopt;
    auto offsetHour = in.digits(2);
    if (!offsetHour || !in.take(':'))
      return std::nullopt;
    auto offsetMinute = in.digits(2);
    if (!offsetMinute || *offsetHour > 23 || *offsetMinute > 59)
      return std::nullopt;
    micros -= (west ? -1 : 1) * (*offsetHour * 60 + *offsetMinute) * 60 * microsPerSecond;
  }
  return in.text.empty() ? std::optional(micros) : std::nullopt;
}

/// One half of a duration, before or behind its `T`: numbers with units out of `units`, in their order, each at most
/// once. Only seconds may have a fraction. Adds to `total`; `finer`: digits below microseconds were cut.
static bool addParts(Scanner &in, std::string_view units, __int128 &total, bool &finer) {
  size_t next = 0;
  do {
    std::string_view whole = in.run(), fraction;
    bool dotted = in.take('.');
    if (dotted)
      fraction = in.run();
    if (whole.empty() || in.text.empty() || (dotted && (fraction.empty() || in.text.front() != 'S')))
      return false;
    size_t unit = units.find(in.text.front(), next);
    if (unit == units.npos)
      return false;
    __int128 seconds = 1, count = 0;
    switch (units[unit]) {
    case 'W':
      seconds = 604'800;
      break;
    case 'D':
      seconds = 86'400;
      break;
    case 'H':
      seconds = 3600;
      break;
    case 'M':
      seconds = 60;
      break;
    }
    for (char c : whole)
      count = count > INT64_MAX ? count : count * 10 + (c - '0'); // beyond this it is out of range whatever follows
    total += count * seconds * microsPerSecond + fractionMicros(fraction, finer);
    in.text.remove_prefix(1);
    next = unit + 1;
  } while (!in.text.empty() && in.text.front() != 'T');
  return true;
}

/// ISO 8601 with weeks, days, hours, minutes and seconds, at least one of them; years and months have no fixed length.
std::optional<__int128> millrace::reference::parseDuration(std::string_view text) {
  Scanner in{text};
  bool negative = in.take('-'), finer = false;
  __int128 total = 0;
  if (!in.take('P'))
    return std::nullopt;
  bool dateHalf = !in.text.empty() && in.text.front() != 'T';
  if (dateHalf && !addParts(in, "WD", total, finer))
    return std::nullopt;
  if (in.take('T') ? !addParts(in, "HMS", total, finer) : !dateHalf)
    return std::nullopt;
  if (!in.text.empty())
    return std::nullopt;
  return negative ? -total - (finer ? 1 : 0) : total; // down, not towards zero
}
