//===- watermark.h - how event times move a watermark ----------------------===//
//
// Internal. Rules 4 to 6: W is at -∞ before the first record of a partition, at
// +∞ behind its last, and never goes back.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_TIME_WATERMARK_H
#define MILLRACE_RUNTIME_TIME_WATERMARK_H

#include "millrace/abi.h"

#include <algorithm>
#include <cstdint>

namespace millrace {

/// To what a record of event time `time` moves W, by the strategies that follow the greatest time; −∞ is reserved.
inline int64_t watermarkBehind(int64_t time, int64_t bound) {
  __int128 watermark = __int128(time) - bound - 1;
  return watermark <= INT64_MIN ? INT64_MIN + 1 : int64_t(watermark);
}

/// W of an operator from those of its inputs (rule 6): the least of the active ones. When none is active any more, W
/// first comes to the greatest there is; then it holds, or follows the clock from the moment on in which the last one
/// went idle, if all of them say so. An input that has ended takes no part, but for the moment.
class InputWatermark {
public:
  void addActive(int64_t watermark) {
    anyActive = true;
    least = std::min(least, watermark);
  }
  /// `since`: when it went idle, in processing time.
  void addIdle(int64_t watermark, int64_t since, bool followsClock) {
    anyIdle = true;
    follows &= followsClock;
    addPast(watermark, since);
  }
  /// `watermark` is the last one before its end.
  void addEnded(int64_t watermark, int64_t since) { addPast(watermark, since); }
  void add(const InputWatermark &other) {
    least = std::min(least, other.least);
    greatest = std::max(greatest, other.greatest);
    moment = std::max(moment, other.moment);
    anyActive |= other.anyActive;
    anyIdle |= other.anyIdle;
    follows &= other.follows;
  }

  /// Is no input active, and has one not ended?
  bool isIdle() const { return !anyActive && anyIdle; }
  /// Does W go on by itself?
  bool followsClock() const { return isIdle() && follows && greatest != INT64_MIN; }
  /// When the last input went idle or ended.
  int64_t since() const { return moment; }
  /// W at the processing time `now`; +∞ when all inputs have ended.
  int64_t at(int64_t now) const {
    if (!isIdle())
      return least;
    if (!followsClock() || now <= moment)
      return greatest;
    __int128 watermark = __int128(greatest) + now - moment;
    return watermark >= INT64_MAX ? INT64_MAX - 1 : int64_t(watermark); // +∞ is the end of input
  }

private:
  void addPast(int64_t watermark, int64_t since) {
    greatest = std::max(greatest, watermark);
    moment = std::max(moment, since);
  }

  int64_t least = INT64_MAX, greatest = INT64_MIN, moment = INT64_MIN;
  bool anyActive = false, anyIdle = false, follows = true;
};

} // namespace millrace

#endif
