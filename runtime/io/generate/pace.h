//===- pace.h - records when they are due ---------------------------------===//
//
// Internal. Generators run as fast as they are asked, or, with `pace = true`,
// in real time: record k is due k / rate after the first was asked for.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_GENERATE_PACE_H
#define MILLRACE_RUNTIME_IO_GENERATE_PACE_H

#include <cstdint>

namespace millrace {

class Pace {
public:
  /// `rate`: records per second, > 0.
  Pace(bool on, int64_t rate) : on(on), rate(rate) {}

  /// How many records may have been made by `now` (microseconds, never going back). `paced`: see Generator::poll.
  uint64_t allowed(int64_t now, bool paced) {
    if (!on || !paced)
      return UINT64_MAX;
    if (begin == INT64_MIN)
      begin = now;
    return uint64_t(__int128(now - begin) * rate / 1'000'000) + 1;
  }

  bool isOn() const { return on; }

  /// When record `k` is due; `allowed` was asked before.
  int64_t due(uint64_t k) const { return begin + int64_t((__int128(k) * 1'000'000 + rate - 1) / rate); }

private:
  bool on;
  int64_t rate, begin = INT64_MIN;
};

} // namespace millrace

#endif
