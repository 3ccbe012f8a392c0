//===- clock.h - processing time, real and simulated ----------------------===//
//
// Internal. Processing time is an input (rule 3): read once per batch, never
// decreasing. A simulated clock stands still and moves at given positions of
// the input, where batches then end.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_TIME_CLOCK_H
#define MILLRACE_RUNTIME_TIME_CLOCK_H

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace millrace {

class Clock {
public:
  virtual ~Clock() = default;

  /// Microseconds since 1970-01-01T00:00:00Z; never less than before.
  virtual int64_t now() = 0;
  /// `records` records have been read in all (malformed ones too). Moves a simulated clock.
  virtual void reached(uint64_t records) = 0;
  /// The position at which the clock moves next: no batch goes beyond it. UINT64_MAX: nowhere.
  virtual uint64_t nextMove() const = 0;
  /// Does time pass by itself?
  virtual bool real() const = 0;
  /// Is it the time of something? A simulated clock that did not move yet stands at 1970, which says nothing.
  virtual bool isSet() const { return true; }
};

std::unique_ptr<Clock> makeRealClock();

/// From `0=2024-01-01T00:00:00Z,100=+10s`: at record position, a time or a step forward. Positions ascend; before the
/// first one it is 1970. Null with a message if the text is wrong or time would go back.
std::unique_ptr<Clock> makeSimulatedClock(std::string_view spec, std::string &error);

/// Microseconds that only serve to measure: what passes between two calls.
int64_t stopwatch();

} // namespace millrace

#endif
