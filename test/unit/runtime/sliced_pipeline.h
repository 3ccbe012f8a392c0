//===- sliced_pipeline.h - windows of slices as the compiler would make them, by hand ---===//
//
// The hand-made pipeline (hand_pipeline.h) with its window cut into slices: by key the number of records, the sum of
// their values, the greatest, and a number in which the order of the values shows. The records are those of the lines
// of `in.jsonl`; times are milliseconds.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_SLICED_PIPELINE_H
#define MILLRACE_TEST_UNIT_RUNTIME_SLICED_PIPELINE_H

#include "hand_pipeline.h"

#include <functional>

struct SlicedPipeline : HandPipeline {
  /// `size` and `slide` in microseconds.
  SlicedPipeline(mr_window_kind kind, mr_window_algorithm algorithm, int64_t size, int64_t slide, int64_t offset = 0);

  decltype(mr_source_desc::step) stepByClock; ///< instead of the source's, for windows in processing time
};

/// What a key has in a window.
struct SlicedValue {
  int64_t n = 0, sum = 0, most = 0, order = 0;

  void add(int64_t value);
  void add(const SlicedValue &later);
};

/// The row of a window; subtract knows no greatest value and no order.
std::string slicedRow(const char *key, int64_t start, int64_t end, const SlicedValue &value, bool subtract);

/// A record of this value is folded, and then bad.
inline constexpr int64_t kStops = 77777;

// What generated code does: a key's state at a position, and a value into it.
mr_string slicedKey(mr_table *table, uint64_t position);
SlicedValue &slicedValue(mr_table *table, uint64_t position);
void slicedFold(mr_table *table, mr_string key, int64_t value);

/// Called in each call of combine; none by default.
extern std::function<void()> onCombine;

#endif
