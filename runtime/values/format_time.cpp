//===- format_time.cpp - times as text ------------------------------------===//
#include "runtime/values/calendar.h"
#include "runtime/values/format.h"

using namespace millrace;

namespace {

/// `value` in exactly `width` digits.
char *digits(char *out, uint64_t value, int width) {
  for (int i = width; i-- > 0; value /= 10)
    out[i] = char('0' + value % 10);
  return out + width;
}

/// One part of a duration, if there is any.
char *part(char *out, uint64_t count, char unit) {
  if (!count)
    return out;
  out = formatU64(out, count);
  *out++ = unit;
  return out;
}

} // namespace

char *millrace::formatDate(char *out, int64_t days) {
  CivilDate date = civilFromDays(days);
  if (date.year < 0 || date.year > 9999) // no value has such a year; should one arise, its text is still right
    out = formatI64(out, date.year);
  else
    out = digits(out, uint64_t(date.year), 4);
  *out++ = '-';
  out = digits(out, date.month, 2);
  *out++ = '-';
  return digits(out, date.day, 2);
}

char *millrace::formatTimestamp(char *out, int64_t micros) {
  int64_t days = floorDiv(micros, kMicrosPerDay);
  uint64_t rest = uint64_t(micros) - uint64_t(days) * uint64_t(kMicrosPerDay); // the product may lie before all times
  uint64_t seconds = rest / kMicrosPerSecond, fraction = rest % kMicrosPerSecond;
  out = formatDate(out, days);
  *out++ = 'T';
  out = digits(out, seconds / 3600, 2);
  *out++ = ':';
  out = digits(out, seconds / 60 % 60, 2);
  *out++ = ':';
  out = digits(out, seconds % 60, 2);
  if (fraction) {
    *out++ = '.';
    out = fraction % 1000 == 0 ? digits(out, fraction / 1000, 3) : digits(out, fraction, 6);
  }
  *out++ = 'Z';
  return out;
}

char *millrace::formatDuration(char *out, int64_t micros) {
  uint64_t rest = micros < 0 ? 0 - uint64_t(micros) : uint64_t(micros);
  if (micros < 0)
    *out++ = '-';
  *out++ = 'P';
  out = part(out, rest / kMicrosPerDay, 'D');
  rest %= kMicrosPerDay;
  if (rest == 0 && out[-1] != 'P')
    return out;
  *out++ = 'T';
  uint64_t seconds = rest / kMicrosPerSecond, fraction = rest % kMicrosPerSecond;
  out = part(out, seconds / 3600, 'H');
  out = part(out, seconds / 60 % 60, 'M');
  if (!fraction) {
    if (seconds % 60 || out[-1] == 'T')
      *(out = formatU64(out, seconds % 60))++ = 'S';
    return out;
  }
  out = formatU64(out, seconds % 60);
  *out++ = '.';
  out = digits(out, fraction, 6);
  while (out[-1] == '0')
    --out;
  *out++ = 'S';
  return out;
}
