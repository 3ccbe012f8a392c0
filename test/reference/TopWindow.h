//===- TopWindow.h - the best records of windows -------------------*- C++ -*-===//
//
// Rules 10, 12, 26, 27: a window keeps all records that came; when it fires,
// those of each key are sorted, and the first of them come out as they are.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_TOPWINDOW_H
#define MILLRACE_TEST_REFERENCE_TOPWINDOW_H

#include "Windows.h"

namespace millrace::reference {

class TopWindow {
public:
  /// `params`: the values of the pipeline's params. `problem`: why there cannot be such a window.
  TopWindow(stream::TopOp op, const Environment &params, std::string &problem);

  /// Takes a row of the input. `watermark` is W before the row. `error`: why it is Bad.
  Window::Outcome fold(const Row &row, int64_t watermark, mr_error &error);
  /// Appends the rows of all windows that are due at W, by the windows' ends, then by key.
  void fire(int64_t watermark, std::vector<Row> &rows);
  /// W as results have it: see Window.
  int64_t lastBorder(int64_t time) const;

  stream::TopOp getOp() const { return op; }
  uint64_t lateRecords() const { return late; }
  uint64_t partlyLateRecords() const { return partlyLate; }
  uint64_t recordsInNoWindow() const { return inNoWindow; }

private:
  struct Record {
    std::vector<Value> by;
    Row row;
    uint64_t arrival; ///< 0, 1, …
  };
  using Pane = std::map<Key, std::vector<Record>, TotalLess>; ///< of each key in the order of arrival

  bool isBefore(const Record &a, const Record &b) const;

  mutable stream::TopOp op; ///< MLIR has no const operations
  const Environment &params;
  stream::WindowAttr shape;
  WindowTimes times;
  std::map<int64_t, Pane> panes;       ///< by end; a global window's only one at +infinity
  std::optional<int64_t> greatestTime; ///< rule 18
  uint64_t arrivals = 0, late = 0, partlyLate = 0, inNoWindow = 0;
};

} // namespace millrace::reference
#endif
