//===- Windows.h - windows and what is in them ---------------------*- C++ -*-===//
//
// Rules 8, 11 to 15, 17 to 19. A window keeps the records that are in it, those
// of each key in the order of arrival; what they give is computed when it fires.
// Nothing is shared between windows: a record that is in ten is kept ten times.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_WINDOWS_H
#define MILLRACE_TEST_REFERENCE_WINDOWS_H

#include "Aggregation.h"
#include "Calendar.h"

#include <map>
#include <set>

namespace millrace::reference {

/// A record whose window would leave the range of timestamps (rule 1). It has no site in the pipeline's text: any other
/// error of the record was written before it.
inline constexpr mr_error windowRangeError = 0x1ffffffeu << 3 | MR_OVERFLOW;
/// The same of a session whose gap comes from the record and is null or not above zero (rule 15).
inline constexpr mr_error gapError = 0x1ffffffeu << 3 | MR_OUT_OF_RANGE;

/// Why a window fires (rule 8).
enum class Timing { Early, OnTime };

/// [start, end), perhaps beyond the range of timestamps.
struct Interval {
  Integer start, end;
};

/// Where the windows of one `stream.window` lie, but for sessions, which lie where the records do.
class WindowTimes {
public:
  /// `problem`: there is no such zone.
  /// `same`: they hold the results of those windows, each its own.
  WindowTimes(stream::WindowAttr shape, bool same, std::string &problem);

  /// All windows that hold `time`.
  std::vector<Interval> holding(int64_t time) const;
  /// Where the slice begins that holds `time`: at an edge of windows, with none behind it up to `time`. Only to compare
  /// with others of the same window.
  Integer sliceOf(int64_t time) const;
  /// The greatest end of a window that is at most `time`.
  Integer lastEnd(Integer time) const;
  /// The window whose end is the next behind `end`, that of a window.
  Interval following(Integer end) const;

private:
  std::vector<Interval> inWhich(int64_t time) const;

  stream::WindowAttr shape;
  bool same;
  std::optional<Calendar> calendar;
};

/// `shape`, or for `same` that of the windows whose results `input` has, seen by event time.
stream::WindowAttr resolve(stream::WindowAttr shape, mlir::Value input);

/// The gap behind a record of a session window, none if its own is null or not above zero. A session is never longer
/// than the longest.
std::optional<Integer> gapOf(stream::WindowAttr shape, const Aggregation::Input &input);
/// May a session be [first, end)?
bool mayBeSession(stream::WindowAttr shape, Integer first, Integer end);

/// The state of one `stream.window` of any kind but count.
class Window {
public:
  /// `params`: the values of the pipeline's params. `problem`: why there cannot be such a window.
  Window(stream::WindowOp op, const Environment &params, std::string &problem);

  enum class Outcome { Folded, Late, Bad, NoWindow };
  /// Takes a row of the input. `watermark` is W before the row, `now` the processing time. `error`: why it is Bad.
  Outcome fold(const Row &row, int64_t watermark, int64_t now, mr_error &error);

  /// Rows of all windows that are due at W (event time), at `now` (processing time) or, with `atEnd`, at the end of
  /// bounded input; by the windows' ends, then by key. The windows are gone afterwards. False, with a message, where a
  /// sum is beyond its type (rule 23).
  bool fire(int64_t watermark, int64_t now, bool atEnd, std::vector<Row> &rows, std::string &problem);

  /// W as results have it where the clock or the watermark is at `time`: what ends up to there has fired. Between two
  /// ends it stands.
  int64_t lastBorder(int64_t time) const;

  stream::WindowOp getOp() const { return op; }
  uint64_t lateRecords() const { return late; }
  /// Records that some of their windows did not get, because they had fired.
  uint64_t partlyLateRecords() const { return partlyLate; }
  /// Records between windows.
  uint64_t recordsInNoWindow() const { return inNoWindow; }

private:
  struct Record {
    Aggregation::Input input;
    int64_t time;     ///< event time, 0 if there is none
    uint64_t arrival; ///< 0, 1, …
    int64_t end = 0;  ///< of its own session
  };
  /// What is in one window of one key.
  struct Contents {
    int64_t start = 0;
    std::vector<Record> records;
  };
  using Pane = std::map<Key, Contents, TotalLess>;
  struct Session {
    int64_t first, end; ///< from its first record to the gap behind the last
    std::vector<Record> records;
  };

  Outcome foldIntoGrid(Record record, int64_t time, int64_t watermark);
  Outcome foldIntoSession(Record record, int64_t watermark);
  void absorb(std::vector<Session> &sessions, size_t into);
  void closeSessions(int64_t watermark);
  bool isDue(int64_t end, int64_t watermark, int64_t now) const;
  void fill(int64_t watermark);
  std::vector<const Record *> inOrder(const std::vector<Record> &records) const;
  bool emit(const Pane &pane, int64_t end, Timing timing, std::vector<Row> &rows, std::string &problem) const;
  std::string describeKey(const Key &key, int64_t start) const;

  mutable stream::WindowOp op; ///< MLIR has no const operations
  stream::WindowAttr shape;
  Aggregation aggregation;
  WindowTimes times;
  std::map<int64_t, Pane> panes;                           ///< by end; a global window's only one at +infinity
  std::map<Key, std::vector<Session>, TotalLess> sessions; ///< that are open, by their first times
  std::optional<int64_t> greatestTime;                     ///< rule 18
  // `fill`, rule 12: the keys of windows that have fired, the end of the last of these, the start of the last window
  // that got a record.
  std::set<Key, TotalLess> known;
  std::optional<int64_t> filledTo;
  int64_t lastStart = minusInfinity;
  uint64_t arrivals = 0, late = 0, partlyLate = 0, inNoWindow = 0;
};

} // namespace millrace::reference
#endif
