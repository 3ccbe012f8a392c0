//===- SessionWindow.h - sessions that fire more than once ---------*- C++ -*-===//
//
// Rules 15 and 19 to 22, and sessions of the clock. What the rules leave open:
//
// A record that changes a session's window (it grows, or several become one) makes
// another window of it, from pane 0 on. Accumulating, each row that was written of
// a window that is no more is deleted, right behind the record of the source, all
// of them before any row, by the windows' ends and starts. The new window fires as
// any other: in its time, or, where W has passed its end, at once (or gathered by
// `refire`) and late. Discarding, nothing is deleted: a row is of the records since
// the last row of any of the sessions that have become this one.
//
// Records since the last row, which `emit every n records` counts and which make a
// session worth a row, are those of all the sessions that have become this one.
// What waits for `refire` waits from the first of their changes on.
//
// A record that joins a session that is kept is not late (rule 19), whatever its own
// window would be.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_SESSIONWINDOW_H
#define MILLRACE_TEST_REFERENCE_SESSIONWINDOW_H

#include "FiringWindow.h"

namespace millrace::reference {

class SessionWindow : public FiringWindow {
public:
  /// With a firing, or in processing time, or both.
  SessionWindow(stream::WindowOp op, const Environment &params);

  Window::Outcome fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) override;
  std::vector<Row> takePending(std::string &problem) override;
  bool moveWatermark(int64_t from, int64_t to, std::vector<Row> &rows, std::string &problem) override;
  bool moveClock(int64_t from, int64_t to, int64_t watermark, std::vector<Row> &rows, std::string &problem) override;
  int64_t resultWatermark(int64_t watermark) const override;
  int64_t lastBorder(int64_t time) const override;

  stream::WindowOp getOp() const override { return op; }
  bool isInProcessingTime() const override { return shape.isInProcessingTime(); }
  uint64_t lateRecords() const override { return late; }
  uint64_t partlyLateRecords() const override { return 0; }
  uint64_t recordsInNoWindow() const override { return 0; }

private:
  struct Record {
    Aggregation::Input input;
    int64_t time; ///< event time, 0 if there is none
    uint64_t arrival;
  };
  struct Session {
    Integer first = 0, end = 0;          ///< from its first record to the gap behind the last
    std::vector<Record> records;         ///< `discarding`: since the last row
    int64_t rows = 0;                    ///< given of this window
    int64_t fresh = 0;                   ///< records since the last row
    bool isDue = false;                  ///< behind the record in hand
    std::optional<Integer> pendingSince; ///< W at the first late change that waits for `refire`
  };
  using Sessions = std::vector<Session>; ///< of a key, by their first times
  struct DueRow {
    Session *session;
    const Key *key;
    const char *timing;
  };

  Session *find(Sessions &all, Integer time, Integer end);
  void replace(const Key &key, const Session &session);
  void grow(const Key &key, Sessions &all, size_t number, Integer first, Integer end);
  void take(Session &session, Record record, Integer watermark);
  bool hasEnded(const Session &session, Integer watermark) const { return watermark >= session.end - 1; }
  bool isGone(const Session &session, Integer watermark) const { return watermark >= session.end - 1 + lateness; }
  bool passesEmit(const Session &session, Integer from, Integer to) const;
  const char *duePassing(Session &session, Integer from, Integer to) const;
  bool emit(std::vector<DueRow> due, std::vector<Row> &rows, std::string &problem);
  bool append(const DueRow &due, std::vector<Row> &rows, std::string &problem);
  void drop(Integer watermark);

  mutable stream::WindowOp op; ///< MLIR has no const operations
  stream::WindowAttr shape;
  stream::FiringAttr firing; ///< null: once, of the clock
  Aggregation aggregation;
  Integer lateness = 0;
  bool firesAgain = false, replaces = false, discards = false;
  std::map<Key, Sessions, TotalLess> sessions;
  std::vector<std::pair<Key, Session>> replaced; ///< windows whose rows are to be deleted
  Integer watermarkOfRecord = minusInfinity;     ///< W that the record in hand met
  uint64_t arrivals = 0, late = 0;
};

} // namespace millrace::reference
#endif
