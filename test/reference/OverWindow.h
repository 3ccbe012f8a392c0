//===- OverWindow.h - windows per record ---------------------------*- C++ -*-===//
//
// Rule 30: a record waits until the watermark has passed it; then its own window
// is taken from all records of its key that there were, and what is asked for is
// computed of that anew.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_OVERWINDOW_H
#define MILLRACE_TEST_REFERENCE_OVERWINDOW_H

#include "Aggregation.h"
#include "llvm/ADT/BitVector.h"

#include <map>

namespace millrace::reference {

class OverWindow {
public:
  /// `used`: those fields of the output that the pipeline as written uses. `params`: the values of its params.
  OverWindow(stream::OverOp op, const llvm::BitVector &used, const Environment &params)
      : op(op), used(used), aggregation(op, params) {}

  enum class Outcome { Taken, Late, Bad };
  /// Takes a row of the input; `watermark` is W before it. Bad: `error` says why.
  Outcome take(const Row &row, int64_t watermark, mr_error &error);

  /// Appends a row for each record that W has passed, by (timestamp, arrival). False, with a message, where a sum is
  /// beyond its type (rule 23).
  bool release(int64_t watermark, std::vector<Row> &rows, std::string &problem);

  stream::OverOp getOp() const { return op; }
  uint64_t lateRecords() const { return late; }

private:
  struct Record {
    Aggregation::Input input;
    std::vector<Value> passed; ///< fields that go on
    int64_t time;
  };
  using Records = std::vector<Record>; ///< of one key, by (timestamp, arrival)

  std::optional<std::string> append(const Records &records, size_t self, std::vector<Value> &fields) const;
  Value placeOf(stream::AggregateAttr what, size_t argument, const Records &records, size_t begin, size_t end,
                size_t self) const;

  mutable stream::OverOp op; ///< MLIR has no const operations
  llvm::BitVector used;
  Aggregation aggregation;
  std::multimap<int64_t, Record> waiting; ///< by time; of equal times in the order of arrival
  std::map<Key, Records, TotalLess> passedBy;
  uint64_t late = 0;
};

} // namespace millrace::reference
#endif
