//===- Pipeline.h - running a pipeline, record by record -----------*- C++ -*-===//
//
// Audience: the tool and tests. This is the definition of what is right: rules
// 4 to 19, 34, 35, 46 to 49.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_PIPELINE_H
#define MILLRACE_TEST_REFERENCE_PIPELINE_H

#include "CountWindow.h"
#include "KeyedState.h"
#include "OverWindow.h"
#include "PaneWindow.h"
#include "SessionWindow.h"
#include "Sources.h"
#include "TopWindow.h"
#include "dialect/stream/Demand.h"
#include "dialect/stream/Sites.h"

#include <deque>
#include <set>

namespace millrace::reference {

/// What stopped a run, or nothing.
struct Stop {
  int exitCode = 0; ///< 0: ran to the end
  std::string message;
  /// How exact it is what was written before: Record, a bad record of a source: nothing of that record, all of those
  /// before. State, a record too, but behind the state of `running` or `deduplicate`: the same, but for deletes on
  /// expiry, which may come later. Turn: what stops behind a firing, within the turn of a record.
  enum class At { Turn, State, Record } at = At::Turn;
};

/// A simulated clock's moves: at a position of the input (records read in all), a time.
using ClockMoves = std::vector<std::pair<uint64_t, int64_t>>;
/// From `0=2024-01-01T00:00:00Z,100=+10s`; before the first position it is 1970.
std::optional<ClockMoves> parseClock(std::string_view spec);

struct RunSettings {
  std::vector<std::pair<std::string, std::string>> params; ///< name, value as text
  ClockMoves clock;
  SourceOptions sources;
};

/// What a sink got: rows of its input's type.
struct SinkResult {
  stream::SinkOp op;
  std::string name;
  std::vector<Row> rows;
};

/// Counters, by the operators' names.
struct Counters {
  std::map<std::string, uint64_t> records, blank, future, bad, late, partlyLate, inNoWindow;
};

/// Where a record comes from, for messages: `in.jsonl:3`.
std::string placeText(const Record &record);

class Pipeline {
public:
  /// `op` is as it was written: verified, not optimised. Numbers its sites and terminals.
  explicit Pipeline(stream::PipelineOp op);

  Stop run(const RunSettings &settings);

  const std::deque<SinkResult> &sinks() const { return results; }
  Counters counters() const;
  /// Values of the params.
  const Environment &values() const { return params; }

private:
  struct Source {
    stream::SourceOp op;
    std::vector<Lane> lanes;
    int64_t watermark() const;
    uint64_t records = 0, blank = 0, bad = 0, future = 0;
  };
  /// What is being pushed through: a record of a source, a dead letter, or what a window fired.
  struct Cause {
    Source *source = nullptr;                       ///< null behind state
    const Record *record = nullptr;                 ///< null for dead letters
    std::string description;                        ///< for messages
    std::map<int32_t, mr_error> bad;                ///< terminal, the least of its errors
    std::map<int32_t, mr_error> badBehindState;     ///< the same, but no policy is for them (rule 47)
    std::string problem;                            ///< of state: a sum is beyond its type
    std::vector<std::pair<SinkResult *, Row>> rows; ///< for sinks, until the cause is judged
  };
  struct Letter {
    std::string op, reason;
  };

  bool judgeShare(Source &source);
  bool setParams(const RunSettings &settings);
  std::vector<stream::SourceOp> readingOrder();
  bool openSources(const RunSettings &settings);
  bool open(const RunSettings &settings);
  void moveClock(const ClockMoves &moves);
  Lane *nextLane(Source *&source);
  bool readChunk(Source &source, Lane &lane, const RunSettings &settings);
  bool readRecord(Source &source, Lane &lane, const Record &record);
  bool judge(Cause &cause);
  bool sendLetters(Source &source, const Record &record, const std::vector<Letter> &letters);
  bool countBad(Source &source, const Record &record, const std::string &reason);
  bool advance();
  bool advance(Window &window);
  bool advance(FiringWindow &window);
  bool firePending();
  bool pushPanes(FiringWindow &window, std::vector<Row> rows, bool good, const std::string &problem);
  bool moveClock(FiringWindow &window, int64_t before);
  bool advance(OverWindow &over);
  bool advance(TopWindow &top);
  bool expire(KeyedState &state);
  bool fire(Window &window, int64_t watermark, bool atEnd);
  bool pushAll(mlir::Value stream, std::vector<Row> rows, const std::string &description);

  void push(mlir::Value stream, Row row, Cause &cause);
  std::vector<Row> apply(mlir::Operation *op, const std::vector<Row> &rows);
  std::vector<Row> filter(stream::FilterOp op, const std::vector<Row> &rows);
  bool isRejected(stream::FilterOp op, Row &row);
  bool becomesDelete(stream::FilterOp op, Row &row, bool rejected);
  std::vector<Row> map(stream::MapOp op, const std::vector<Row> &rows);
  std::vector<Row> flatMap(stream::FlatMapOp op, const std::vector<Row> &rows);
  std::vector<Row> keyBy(stream::KeyByOp op, const std::vector<Row> &rows);
  bool isToldOf(stream::SinkOp op, const Row &row);
  void sink(stream::SinkOp op, const std::vector<Row> &rows, Cause &cause);
  std::vector<Row> fold(stream::WindowOp op, const std::vector<Row> &rows, Cause &cause);
  void wait(OverWindow &over, const std::vector<Row> &rows, Cause &cause);
  void rank(TopWindow &top, const std::vector<Row> &rows, Cause &cause);
  std::vector<Row> count(CountWindow &window, stream::WindowOp op, const std::vector<Row> &rows, Cause &cause);
  std::vector<Row> keep(KeyedState &state, const std::vector<Row> &rows, Cause &cause);
  int64_t watermarkOf(mlir::Value stream, bool forState = false);
  std::string reasonOf(mr_error error) const;
  bool stop(int code, std::string message);

  stream::PipelineOp op;
  llvm::SmallVector<stream::Site> sites;
  llvm::SmallVector<mlir::Operation *> terminals;
  stream::Demand demand;
  Environment params;
  std::deque<Source> sources;
  std::deque<SinkResult> results;
  std::deque<Window> windows;
  std::deque<std::unique_ptr<FiringWindow>> firingWindows;
  std::deque<CountWindow> countWindows;
  std::deque<OverWindow> overWindows;
  std::deque<TopWindow> topWindows;
  std::deque<KeyedState> states;
  llvm::DenseMap<mlir::Operation *, SinkResult *> sinkOf;
  llvm::DenseMap<mlir::Operation *, Window *> windowOf;
  llvm::DenseMap<mlir::Operation *, FiringWindow *> firingWindowOf;
  llvm::DenseMap<mlir::Operation *, CountWindow *> countWindowOf;
  llvm::DenseMap<mlir::Operation *, OverWindow *> overWindowOf;
  llvm::DenseMap<mlir::Operation *, TopWindow *> topWindowOf;
  llvm::DenseMap<mlir::Operation *, KeyedState *> stateOf;
  /// Rule 34: by filter over an upsert stream, for each route to it, the keys whose rows it has let through.
  llvm::DenseMap<mlir::Operation *, std::map<std::string, std::set<Key, TotalLess>>> letThrough;
  /// By sink of an upsert stream and state: the ways (routes) by which the row of each key is in it.
  std::map<std::pair<mlir::Operation *, mlir::Operation *>, std::map<Key, std::set<std::string>, TotalLess>> waysIn;
  llvm::DenseMap<mlir::Operation *, Source *> sourceOf;
  /// W of each window's results: that of a window in event time is its own; a global one's comes with its end; one in
  /// processing time follows the clock. Results of count windows have that of the input.
  llvm::DenseMap<mlir::Operation *, int64_t> watermarks;
  std::map<std::string, uint64_t> badAt; ///< by terminal
  int64_t now = 0;
  uint64_t position = 0; ///< records read
  size_t nextMove = 0;
  Stop stopped;
};

} // namespace millrace::reference
#endif
