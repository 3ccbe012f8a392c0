//===- CountWindow.h - windows of so many records ------------------*- C++ -*-===//
//
// Rule 16: `count n every m` gives a row with each m-th record of a key, over the
// last n of them. An incomplete `count n` gives none.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_COUNTWINDOW_H
#define MILLRACE_TEST_REFERENCE_COUNTWINDOW_H

#include "Aggregation.h"

#include <deque>
#include <map>

namespace millrace::reference {

class CountWindow {
public:
  /// `params`: the values of the pipeline's params.
  CountWindow(stream::WindowOp op, const Environment &params)
      : op(op), shape(op.getWindow()), aggregation(op, params) {}

  enum class Outcome { Taken, Bad, Overflow };
  /// Takes a row of the input and appends the row that it completes, which has its event time. Bad: `error` says why,
  /// nothing else happens. Overflow: `problem` does.
  Outcome take(const Row &row, std::vector<Row> &results, mr_error &error, std::string &problem);

private:
  struct Record {
    Aggregation::Input input;
    int64_t time; ///< event time, 0 if there is none
  };
  struct Entry {
    int64_t seen = 0;
    std::deque<Record> records; ///< the last ones, as many as a window has
  };

  stream::WindowOp op;
  stream::WindowAttr shape;
  Aggregation aggregation;
  std::map<Key, Entry, TotalLess> entries;
};

} // namespace millrace::reference
#endif
