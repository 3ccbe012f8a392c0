//===- Aggregates.h - what a window computes for a key -------------*- C++ -*-===//
//
// Rules 23 to 28.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_AGGREGATES_H
#define MILLRACE_TEST_REFERENCE_AGGREGATES_H

#include "Value.h"

#include <optional>

namespace millrace::reference {

/// One aggregate of one key in one window.
class Aggregate {
public:
  /// `fn`: count, sum, min, max, avg, first, last; `argument` is the kind of its argument.
  Aggregate(llvm::StringRef fn, Kind argument) : fn(fn), argument(argument) {}

  /// A record for which the aggregate's `where` holds. `value` is its argument, nothing for count(); `time` its event
  /// time, if the stream has one. Calls come in the order of arrival.
  void add(const Value *value, int64_t time);

  /// The result; null where there is none. Nothing if an exact sum is beyond `kind`, the kind of the result (rule 23).
  std::optional<Value> result(Kind kind) const;

private:
  std::string fn;
  Kind argument;
  Integer count = 0;         ///< records, or values that are not null
  Integer exactSum = 0;      ///< of integers
  double floatSum = 0;       ///< of floats, in the order of arrival (rule 24)
  std::optional<Value> best; ///< of min, max, first, last
  int64_t bestTime = 0;
};

/// sum / count, rounded once to the nearest f64 (rule 25). count > 0.
double exactAverage(Integer sum, Integer count);

} // namespace millrace::reference
#endif
