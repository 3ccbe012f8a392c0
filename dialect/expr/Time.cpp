//===- Time.cpp - points in time as text --------------------------------------===//
#include "dialect/expr/Time.h"
#include "llvm/ADT/StringExtras.h"
#include <cstdio>

using namespace millrace;
using llvm::StringRef;

namespace {
struct Civil {
  int year, month, day;
};
} // namespace

static int64_t daysOf(Civil c) {
  int64_t y = c.year - (c.month <= 2);
  int64_t era = (y >= 0 ? y : y - 399) / 400;
  int64_t yearOfEra = y - era * 400;
  int64_t dayOfYear = (153 * (c.month + (c.month > 2 ? -3 : 9)) + 2) / 5 + c.day - 1;
  return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

static Civil civilOf(int64_t days) {
  days += 719468;
  int64_t era = (days >= 0 ? days : days - 146096) / 146097;
  int64_t dayOfEra = days - era * 146097;
  int64_t yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365;
  int64_t dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  int64_t shifted = (5 * dayOfYear + 2) / 153;
  int month = int(shifted < 10 ? shifted + 3 : shifted - 9);
  return {int(yearOfEra + era * 400 + (month <= 2)), month, int(dayOfYear - (153 * shifted + 2) / 5 + 1)};
}

/// Takes exactly `count` digits off the front.
static std::optional<int> digits(StringRef &text, unsigned count) {
  int value = 0;
  if (text.size() < count)
    return std::nullopt;
  for (char c : text.take_front(count)) {
    if (!llvm::isDigit(c))
      return std::nullopt;
    value = value * 10 + (c - '0');
  }
  text = text.drop_front(count);
  return value;
}

static std::optional<int64_t> takeDate(StringRef &text) {
  static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  auto year = digits(text, 4);
  if (!year || !text.consume_front("-"))
    return std::nullopt;
  auto month = digits(text, 2);
  if (!month || *month < 1 || *month > 12 || !text.consume_front("-"))
    return std::nullopt;
  auto day = digits(text, 2);
  bool leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
  if (!day || *day < 1 || *day > lengths[*month - 1] + (*month == 2 && leap))
    return std::nullopt;
  return daysOf({*year, *month, *day});
}

/// `Z` or `+hh:mm`, as seconds east of UTC.
static std::optional<int> takeZone(StringRef &text) {
  if (text.consume_front("Z") || text.consume_front("z"))
    return 0;
  int sign = text.starts_with("-") ? -1 : 1;
  if (!text.consume_front("+") && !text.consume_front("-"))
    return std::nullopt;
  auto hours = digits(text, 2);
  if (!hours || *hours > 23 || !text.consume_front(":"))
    return std::nullopt;
  auto minutes = digits(text, 2);
  if (!minutes || *minutes > 59)
    return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<int64_t> expr::parseTimestamp(StringRef text) {
  auto days = takeDate(text);
  if (!days || !(text.consume_front("T") || text.consume_front("t") || text.consume_front(" ")))
    return std::nullopt;
  auto hour = digits(text, 2);
  if (!hour || *hour > 23 || !text.consume_front(":"))
    return std::nullopt;
  auto minute = digits(text, 2);
  if (!minute || *minute > 59 || !text.consume_front(":"))
    return std::nullopt;
  auto second = digits(text, 2);
  if (!second || *second > 59)
    return std::nullopt;
  int64_t micros = 0;
  if (text.consume_front(".")) {
    StringRef fraction = text.take_while([](char c) { return llvm::isDigit(c); });
    if (fraction.empty())
      return std::nullopt;
    for (unsigned i = 0; i < 6; ++i)
      micros = micros * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    text = text.drop_front(fraction.size());
  }
  auto zone = takeZone(text);
  if (!zone || !text.empty())
    return std::nullopt;
  int64_t seconds = *days * 86400 + *hour * 3600 + *minute * 60 + *second - *zone;
  int64_t result = seconds * 1000000 + micros;
  if (result < minTimestamp || result > maxTimestamp)
    return std::nullopt;
  return result;
}

std::string expr::timestampText(int64_t micros) {
  int64_t dayLength = 86400000000, days = micros / dayLength, rest = micros % dayLength;
  if (rest < 0) {
    rest += dayLength;
    --days;
  }
  int64_t seconds = rest / 1000000, fraction = rest % 1000000;
  std::string text = dateText(int32_t(days));
  char clock[32];
  std::snprintf(clock, sizeof clock, "T%02d:%02d:%02d", int(seconds / 3600), int(seconds / 60 % 60), int(seconds % 60));
  text += clock;
  if (fraction) {
    std::snprintf(clock, sizeof clock, ".%06d", int(fraction));
    text += StringRef(clock).rtrim('0');
  }
  return text + "Z";
}

std::optional<int32_t> expr::parseDate(StringRef text) {
  auto days = takeDate(text);
  if (!days || !text.empty())
    return std::nullopt;
  return int32_t(*days);
}

std::string expr::dateText(int32_t days) {
  Civil c = civilOf(days);
  char text[40];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", c.year, c.month, c.day);
  return text;
}
