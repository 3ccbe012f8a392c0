//===- parse_time.cpp - text as times -------------------------------------===//
#include "runtime/values/calendar.h"
#include "runtime/values/parse.h"

using namespace millrace;

namespace {

/// Takes a text from its front, piece by piece.
struct Reader {
  std::string_view rest;

  bool end() const { return rest.empty(); }
  bool take(char c) {
    if (rest.empty() || rest.front() != c)
      return false;
    rest.remove_prefix(1);
    return true;
  }
  /// Exactly `count` digits.
  bool digits(size_t count, uint32_t &value) {
    if (rest.size() < count)
      return false;
    value = 0;
    for (size_t i = 0; i < count; ++i) {
      uint32_t digit = uint8_t(rest[i] - '0');
      if (digit > 9)
        return false;
      value = value * 10 + digit;
    }
    rest.remove_prefix(count);
    return true;
  }
  /// A second's fraction in microseconds, rounded down; at least one digit. `more`: digits beyond that are not all 0.
  bool fraction(uint32_t &micros, bool &more) {
    size_t n = 0;
    micros = 0;
    more = false;
    for (; n < rest.size() && uint8_t(rest[n] - '0') < 10; ++n) {
      uint32_t digit = uint8_t(rest[n] - '0');
      if (n < 6)
        micros = micros * 10 + digit;
      else
        more |= digit != 0;
    }
    for (size_t i = n; i < 6; ++i)
      micros *= 10;
    rest.remove_prefix(n);
    return n > 0;
  }
};

bool readDate(Reader &in, int64_t &days) {
  uint32_t year, month, day;
  if (!in.digits(4, year) || !in.take('-') || !in.digits(2, month) || !in.take('-') || !in.digits(2, day))
    return false;
  if (month < 1 || month > 12 || day < 1 || day > daysInMonth(year, month))
    return false;
  days = daysFromCivil(year, month, day);
  return true;
}

/// `Z`, `+01:00`, `-23:59`: minutes east of UTC.
bool readZone(Reader &in, int64_t &minutes) {
  minutes = 0;
  if (in.take('Z') || in.take('z'))
    return true;
  bool west = in.take('-');
  uint32_t hour, minute;
  if ((!west && !in.take('+')) || !in.digits(2, hour) || !in.take(':') || !in.digits(2, minute))
    return false;
  minutes = int64_t(hour * 60 + minute) * (west ? -1 : 1);
  return hour < 24 && minute < 60;
}

/// Adds `count` units of `unit` microseconds.
bool addUnits(uint64_t &sum, uint64_t count, uint64_t unit) {
  uint64_t micros;
  return !__builtin_mul_overflow(count, unit, &micros) && !__builtin_add_overflow(sum, micros, &sum);
}

/// A whole number of at least one digit; false in `fits` if it is beyond 64 bits.
bool readCount(Reader &in, uint64_t &count, bool &fits) {
  size_t n = 0;
  count = 0;
  for (uint32_t digit; n < in.rest.size() && (digit = uint8_t(in.rest[n] - '0')) < 10; ++n)
    fits = fits && !__builtin_mul_overflow(count, uint64_t(10), &count) &&
           !__builtin_add_overflow(count, uint64_t(digit), &count);
  in.rest.remove_prefix(n);
  return n > 0;
}

struct Unit {
  char letter;
  bool ofTime; ///< stands behind the T
  uint64_t micros;
};
constexpr Unit kUnits[] = {{'W', false, 7 * uint64_t(kMicrosPerDay)},
                           {'D', false, uint64_t(kMicrosPerDay)},
                           {'H', true, 3600'000'000},
                           {'M', true, 60'000'000},
                           {'S', true, 1'000'000}};

} // namespace

Parse millrace::parseDate(std::string_view text, int32_t &days) {
  Reader in{text};
  int64_t value;
  if (!readDate(in, value) || !in.end())
    return Parse::Syntax;
  days = int32_t(value);
  return Parse::Ok;
}

Parse millrace::parseTimestamp(std::string_view text, int64_t &micros) {
  Reader in{text};
  int64_t days, minutes;
  uint32_t hour, minute, second, fraction = 0;
  bool more;
  if (!readDate(in, days) || !(in.take('T') || in.take('t') || in.take(' ')))
    return Parse::Syntax;
  if (!in.digits(2, hour) || !in.take(':') || !in.digits(2, minute) || !in.take(':') || !in.digits(2, second))
    return Parse::Syntax;
  if (hour > 23 || minute > 59 || second > 59)
    return Parse::Syntax;
  if (in.take('.') &&
      !in.fraction(fraction, more)) // what is beyond microseconds is cut: rounded down, also before 1970
    return Parse::Syntax;
  if (!readZone(in, minutes) || !in.end())
    return Parse::Syntax;
  int64_t seconds = days * 86'400 + int64_t(hour * 3600 + minute * 60 + second) - minutes * 60;
  micros = seconds * kMicrosPerSecond + fraction;
  return micros < kFirstTime || micros > kLastTime ? Parse::Range : Parse::Ok;
}

Parse millrace::parseDuration(std::string_view text, int64_t &micros) {
  Reader in{text};
  bool negative = in.take('-'), ofTime = false, any = false, fits = true, more = false;
  if (!in.take('P'))
    return Parse::Syntax;
  uint64_t sum = 0;
  for (const Unit *unit = kUnits; !in.end();) {
    if (!ofTime && in.take('T')) {
      ofTime = true;
      any = false; // something must follow
      continue;
    }
    uint64_t count;
    uint32_t fraction = 0;
    bool hasFraction = false;
    if (!readCount(in, count, fits))
      return Parse::Syntax;
    if (in.take('.') && !(hasFraction = in.fraction(fraction, more)))
      return Parse::Syntax;
    while (unit != std::end(kUnits) && !(unit->ofTime == ofTime && in.take(unit->letter)))
      ++unit; // units come in their order, each at most once
    if (unit == std::end(kUnits) || (hasFraction && unit->letter != 'S'))
      return Parse::Syntax;
    fits = fits && addUnits(sum, count, unit->micros) && addUnits(sum, fraction, 1);
    ++unit;
    any = true;
  }
  if (!any)
    return Parse::Syntax;
  if (negative && more) // rounded down: away from zero
    fits = fits && addUnits(sum, 1, 1);
  if (!fits || sum > uint64_t(INT64_MAX) + negative)
    return Parse::Range;
  micros = int64_t(negative ? 0 - sum : sum);
  return Parse::Ok;
}
