//===- FiringWindow.h - what windows that fire more than once have in common -*- C++ -*-===//
#ifndef MILLRACE_TEST_REFERENCE_FIRINGWINDOW_H
#define MILLRACE_TEST_REFERENCE_FIRINGWINDOW_H

#include "Windows.h"

namespace millrace::reference {

/// The state of a `stream.window` whose rows W, the clock and single records make due.
class FiringWindow {
public:
  virtual ~FiringWindow() = default;

  /// Takes a row of the input. `watermark` is W before the row, `now` the processing time. `error`: why it is Bad.
  /// What fires at once is pending.
  virtual Window::Outcome fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) = 0;

  /// The rows that records have let fire since the last call, by end and key; deletes before all others. `problem`: a
  /// sum is beyond its type.
  virtual std::vector<Row> takePending(std::string &problem) = 0;

  /// What is due when W goes from `from` to `to`. False, with a message, where a sum is beyond its type.
  virtual bool moveWatermark(int64_t from, int64_t to, std::vector<Row> &rows, std::string &problem) = 0;
  /// The same for the clock, at W `watermark`.
  virtual bool moveClock(int64_t from, int64_t to, int64_t watermark, std::vector<Row> &rows, std::string &problem) = 0;

  /// W of the results where that of the input is `watermark`: that of the rows on time; of `final` it is held back.
  virtual int64_t resultWatermark(int64_t watermark) const = 0;
  /// The end of the last window before `time`, as Window::lastBorder.
  virtual int64_t lastBorder(int64_t time) const = 0;

  virtual stream::WindowOp getOp() const = 0;
  virtual bool isInProcessingTime() const = 0;
  virtual uint64_t lateRecords() const = 0;
  virtual uint64_t partlyLateRecords() const = 0;
  virtual uint64_t recordsInNoWindow() const = 0;
};

} // namespace millrace::reference
#endif
