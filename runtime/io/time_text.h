//===- time_text.h - many timestamps as text, quickly ------------------------------===//
//
// Internal. Same text as formatTimestamp (runtime/values/format.h); remembers
// the last day, because the calendar is most of the work and times come in
// order.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_TIME_TEXT_H
#define MILLRACE_RUNTIME_IO_TIME_TEXT_H

#include "runtime/values/calendar.h"
#include "runtime/values/format.h"

#include <cstdint>
#include <cstring>

namespace millrace {

class TimeText {
public:
  /// Writes at most kMaxFormat bytes and returns their end.
  uint8_t *write(uint8_t *to, int64_t micros) {
    uint64_t ofDay = uint64_t(micros) - uint64_t(dayStart);
    if (ofDay >= uint64_t(kMicrosPerDay)) {
      if (micros < kFirstTime || micros > kLastTime)
        return reinterpret_cast<uint8_t *>(formatTimestamp(reinterpret_cast<char *>(to), micros));
      int64_t days = floorDiv(micros, kMicrosPerDay);
      dayStart = days * kMicrosPerDay;
      ofDay = uint64_t(micros - dayStart);
      formatDate(text, days);
    }
    std::memcpy(to, text, sizeof(text));
    uint32_t seconds = uint32_t(ofDay / 1'000'000), fraction = uint32_t(ofDay % 1'000'000);
    pair(to + 11, seconds / 3600);
    to[13] = ':';
    pair(to + 14, seconds / 60 % 60);
    to[16] = ':';
    pair(to + 17, seconds % 60);
    to += 19;
    if (fraction) {
      *to++ = '.';
      for (uint32_t unit = 100'000; unit >= (fraction % 1000 ? 1u : 1000u); unit /= 10)
        *to++ = uint8_t('0' + fraction / unit % 10);
    }
    *to++ = 'Z';
    return to;
  }

private:
  static void pair(uint8_t *to, uint32_t number) {
    to[0] = uint8_t('0' + number / 10);
    to[1] = uint8_t('0' + number % 10);
  }

  int64_t dayStart = 0; ///< of the day whose date is in `text`
  char text[11] = {'1', '9', '7', '0', '-', '0', '1', '-', '0', '1', 'T'};
};

} // namespace millrace

#endif
