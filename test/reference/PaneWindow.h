//===- PaneWindow.h - windows that fire more than once -------------*- C++ -*-===//
//
// Rules 19 to 22: windows that take late records, and that give rows before their
// end. What they decide, where the rules leave it open, is said at each function.
//
// A window is for every key a list of records. At a move of W each window that has
// records does what is due, by the windows' ends and within one by key:
//
//   start + k * emit - 1   early rows of the keys that changed
//   end - 1                a row of each key, on time
//   change + refire        a late row of a key that changed, from its first change on
//   end - 1 + lateness     those that are left, or the only one; then it is gone
//
// One move of W, one row: if it passes several of these times of a window, it fires
// once, on time if its end is reached, else early.
//
// What fires right behind a record (each n-th one, late ones) does so when the record
// of the source has been everywhere: if a flat_map makes several of it, they fire once
// for each key and window.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_PANEWINDOW_H
#define MILLRACE_TEST_REFERENCE_PANEWINDOW_H

#include "FiringWindow.h"

namespace millrace::reference {

/// The state of a `stream.window` with `firing`, of any kind but count and session.
class PaneWindow : public FiringWindow {
public:
  PaneWindow(stream::WindowOp op, const Environment &params, std::string &problem);

  Window::Outcome fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) override;
  std::vector<Row> takePending(std::string &problem) override;
  bool moveWatermark(int64_t from, int64_t to, std::vector<Row> &rows, std::string &problem) override;
  bool moveClock(int64_t from, int64_t to, int64_t watermark, std::vector<Row> &rows, std::string &problem) override;
  /// Rule 8: at the end of the input, open windows of the clock fire with their nominal end, early.
  bool close(std::vector<Row> &rows, std::string &problem);
  int64_t resultWatermark(int64_t watermark) const override;
  int64_t lastBorder(int64_t time) const override;

  stream::WindowOp getOp() const override { return op; }
  bool isInProcessingTime() const override { return shape.isInProcessingTime(); }
  uint64_t lateRecords() const override { return late; }
  uint64_t partlyLateRecords() const override { return partlyLate; }
  uint64_t recordsInNoWindow() const override { return inNoWindow; }

private:
  struct Record {
    Aggregation::Input input;
    int64_t time; ///< event time, 0 if there is none
  };
  /// What is in one window of one key.
  struct Contents {
    std::vector<Record> records;         ///< `discarding`: since the last row
    int64_t rows = 0;                    ///< given so far: the number of the next pane
    int64_t fresh = 0;                   ///< records since the last row
    bool isDue = false;                  ///< behind the record in hand
    std::optional<Integer> pendingSince; ///< W at the first late change that waits for `refire`
  };
  struct Pane {
    Integer start = 0;
    std::map<Key, Contents, TotalLess> contents;
  };
  Window::Outcome take(Record record, int64_t time, int64_t watermark);
  void add(Interval window, const Record &record, int64_t watermark);
  bool hasEnded(int64_t end, int64_t watermark) const;
  Integer goneAt(int64_t end) const;
  bool passesEmit(Integer start, Integer from, Integer to) const;
  bool moveOne(int64_t end, Pane &pane, int64_t from, int64_t to, std::vector<Row> &rows, std::string &problem);
  bool emitPending(int64_t end, Pane &pane, int64_t to, std::vector<Row> &rows, std::string &problem);
  void fill(int64_t from, int64_t to);
  bool emit(int64_t end, llvm::StringRef timing, bool all, std::vector<Row> &rows, std::string &problem);
  bool append(int64_t end, const Key &key, Contents &contents, llvm::StringRef timing, std::vector<Row> &rows,
              std::string &problem);

  mutable stream::WindowOp op; ///< MLIR has no const operations
  stream::WindowAttr shape;
  stream::FiringAttr firing;
  Aggregation aggregation;
  WindowTimes times;
  std::map<int64_t, Pane> panes;             ///< by end; a global window's only one at +infinity
  int64_t watermarkOfRecord = minusInfinity; ///< W that the record in hand met
  std::optional<int64_t> greatestTime;       ///< rule 18
  // `fill`: as in Window. A key that comes first in a late record is known from its row on.
  std::set<Key, TotalLess> known;
  std::optional<int64_t> filledTo;
  int64_t lastStart = minusInfinity;
  uint64_t late = 0, partlyLate = 0, inNoWindow = 0;
};

} // namespace millrace::reference
#endif
