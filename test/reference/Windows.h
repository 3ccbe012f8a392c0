//===- Windows.h - windows and what is in them ---------------------*- C++ -*-===//
//
// Rules 8, 11, 12, 18 and 19: one map for each window, one entry for each key.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_WINDOWS_H
#define MILLRACE_TEST_REFERENCE_WINDOWS_H

#include "Aggregation.h"

#include <map>

namespace millrace::reference {

/// A record whose window would leave the range of timestamps (rule 1). It has no site in the pipeline's text: any other
/// error of the record was written before it.
inline constexpr mr_error windowRangeError = 0x1ffffffeu << 3 | MR_OVERFLOW;

/// Why a pane fires (rule 8).
enum class Timing { Early, OnTime };

/// The state of one `stream.window`.
class Window {
public:
  /// `params`: the values of the pipeline's params.
  Window(stream::WindowOp op, const Environment &params);

  enum class Outcome { Folded, Late, Bad, NoWindow };
  /// Folds a row of the input. `watermark` is W before the row, `now` the processing time. `error`: why it is Bad.
  Outcome fold(const Row &row, int64_t watermark, int64_t now, mr_error &error);

  /// Rows of all panes that are due at W (event time), at `now` (processing time) or, with `atEnd`, at the end of
  /// bounded input; panes in the order of time, keys in theirs. The panes are gone afterwards. False, with a message,
  /// where a sum is beyond its type (rule 23).
  bool fire(int64_t watermark, int64_t now, bool atEnd, std::vector<Row> &rows, std::string &problem);

  stream::WindowOp getOp() const { return op; }
  uint64_t lateRecords() const { return late; }

private:
  using Pane = std::map<Key, Aggregation::Group, TotalLess>;

  bool isDue(int64_t start, int64_t watermark, int64_t now) const;
  bool emit(const Pane &pane, int64_t start, Timing timing, std::vector<Row> &rows, std::string &problem) const;
  std::string describeKey(const Key &key, int64_t start) const;

  mutable stream::WindowOp op; ///< MLIR has no const operations
  stream::WindowAttr shape;
  Aggregation aggregation;
  std::map<int64_t, Pane> panes;       ///< by start; a global window's only one at 0
  std::optional<int64_t> greatestTime; ///< rule 18
  uint64_t late = 0;
};

} // namespace millrace::reference
#endif
