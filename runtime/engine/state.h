//===- state.h - all that the engine knows of one run ----------------------------===//
//
// Internal. One worker: sources are read in the order of rule 10, their batches
// go through the generated steps (feed.cpp; stateful.cpp where rows depend on
// state), bad records are judged (bad.cpp), panes fire as watermarks pass
// (advance.cpp, fire.cpp), keys expire (expire.cpp), rows leave by sinks
// (drain.cpp). loop.cpp holds it together, setup.cpp makes it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_STATE_H
#define MILLRACE_RUNTIME_ENGINE_STATE_H

#include "runtime/engine/arena.h"
#include "runtime/engine/engine.h"
#include "runtime/engine/errors.h"
#include "runtime/engine/expiry.h"
#include "runtime/engine/over.h"
#include "runtime/engine/panes.h"
#include "runtime/engine/params.h"
#include "runtime/engine/sessions.h"
#include "runtime/engine/slices.h"
#include "runtime/engine/task.h"
#include "runtime/engine/work.h"
#include "runtime/io/connectors.h"
#include "runtime/metrics/status.h"
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"
#include "runtime/time/clock.h"
#include "runtime/time/watermark.h"

#include <cstring>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace millrace {

/// A lane of a source, with its watermark (rule 6: before it is opened −∞, at its end +∞).
struct LaneState {
  Lane parts;
  size_t current = 0;
  int64_t watermark = kMinusInfinity;
  bool ended = false, pending = false;
  // Rule 6, in processing time (watermarks.cpp).
  bool idle = false;                  ///< gave nothing for longer than its source allows
  bool ahead = false;                 ///< waits for slower ones
  bool returned = false;              ///< was idle at some time
  int64_t quietSince = kPlusInfinity; ///< it has nothing since then; +∞: not known, or it gives
  int64_t since = kMinusInfinity;     ///< when it became idle, or ended
  int64_t reached = kMinusInfinity;   ///< its watermark before its end
  // `align`: the rest of a batch in which it came too far ahead, from this record on (0: there is none).
  DecodedBatch held;
  uint32_t heldFrom = 0;

  Partition *part() const { return current < parts.size() ? parts[current].get() : nullptr; }
};

/// A bad record on its way to the dead-letter stream.
struct Letter {
  std::string raw;
  const std::string *file = nullptr; ///< 0: not from a file
  int64_t line, byte;                ///< -1: unknown
  std::string op, reason;
};

struct SourceState {
  const mr_source_desc *desc;
  std::vector<LaneState> lanes; ///< of a dead-letter stream: one without parts
  DecodedBatch batch;
  int32_t deadStream = -1; ///< the source that takes its dead letters
  uint64_t records = 0, bad = 0;
  uint64_t doneBefore = 0;     ///< bytes of the partitions that have ended
  std::vector<Letter> letters; ///< of the batch in hand
  uint32_t atOnce = 1;         ///< expanding sources: records that the next step is given
  std::vector<int64_t> times;  ///< event times, where they are an expression
  std::vector<uint8_t> timeStatus;
  std::vector<int64_t> moves; ///< punctuated: to what each record of the batch moves W; kMinusInfinity: it does not
  std::vector<uint8_t> moveStatus;

  /// Of the lanes that are not idle.
  int64_t watermark() const {
    int64_t least = kPlusInfinity;
    for (const LaneState &lane : lanes)
      least = !lane.idle && lane.watermark < least ? lane.watermark : least;
    return least;
  }
};

/// The pane of windows that leave the years 0000 to 9999: made so that a step can go on, thrown away after it.
inline constexpr int64_t kOutOfRange = kPlusInfinity;

struct Pane {
  int64_t start;
  mr_table *table;
};

/// Is it an operator without windows (running, deduplicate)? Its one table is its head's.
inline bool isState(const mr_window_desc &desc) { return desc.kind >= MR_STATE_RUNNING && desc.kind != MR_STATE_OVER; }

/// Does it have windows per record? Its rows come as W passes them.
inline bool isOver(const mr_window_desc &desc) { return desc.kind == MR_STATE_OVER; }

/// Do its windows begin and end at some time?
inline bool isInTime(const mr_window_desc &desc) {
  return !isState(desc) && !isOver(desc) && desc.kind != MR_WINDOW_GLOBAL;
}
inline bool inEventTime(const mr_window_desc &desc) { return isInTime(desc) && !desc.processing_time; }
inline bool inProcessingTime(const mr_window_desc &desc) { return isInTime(desc) && desc.processing_time; }

struct WindowState {
  const mr_window_desc *desc;
  std::unique_ptr<StateAccount> account; ///< memory of its state
  std::vector<Pane> panes;               ///< by start
  std::unique_ptr<SliceReader> slices;   ///< of windows that are cut into slices, instead of panes
  PaneStore::Pointer kept;               ///< of windows that fire again, instead of panes
  int64_t watermark = kMinusInfinity;    ///< what has fired
  int64_t outWatermark = kMinusInfinity; ///< of its results
  uint64_t fired = 0;                    ///< panes
  uint64_t keys = 0;                     ///< of the pane that fired last: what the next one will need
  Work work;                             ///< what fires, while that is under way (pieces.cpp)
  int64_t reaches = kMinusInfinity;      ///< outWatermark once that has come to its end
  uint64_t began = 0;                    ///< it was the so many-th to begin
  uint64_t beganAt = 0;                  ///< in what turn, from 1
  uint64_t turnsBefore = 0;              ///< turns from the beginning of the one before it
  bool runs = false;                     ///< is a piece of it in hand?
  uint64_t spent = 0, spentBefore = 0;   ///< positions that it has gone through so far; that the one before it has
  uint64_t expects = 0;                  ///< of the firing that begins next: at least so many
  std::vector<Pane> due;                 ///< panes that fire
  uint64_t waitingBefore = 0;            ///< windows per record: so many waited when W moved last
  int64_t lastFinite = kMinusInfinity;   ///< the same: the greatest finite W so far
  std::vector<mr_table *> spare;         ///< empty ones, for windows to come
  int64_t hurry = 1;                     ///< so many pieces are one, as the next firing began too soon
  /// Larger pieces are better than all of the rest at once.
  void hurryUp() { hurry = std::min<int64_t>(hurry * 2, 64); }
  uint64_t best = 0; ///< top: the most records of a table that could still come
  // While one lane is read: the greatest watermark that the other inputs allow (kMinusInfinity: this lane alone cannot
  // move the window).
  int64_t others = kMinusInfinity;
  bool behindLane = false;         ///< does the lane that is read reach the window at all?
  int64_t delay = 0;               ///< by how much windows before it hold the lane's watermark back
  Expiry::Pointer expiry;          ///< 0: keys stay
  WaitingRecords::Pointer waiting; ///< of windows per record, instead of panes; the head has the table
  SessionStore::Pointer sessions;  ///< of session windows, instead of panes; the head has the first table
  // `fill`: the keys so far, the end of the window that fired last (only if there are keys), the start of the last
  // slice with records.
  mr_table *known = nullptr; ///< between two firings without state
  WideTime filledTo = 0, lastStart = kMinusInfinity;
  int64_t fillTo = kMinusInfinity; ///< W up to which windows fire that are under way
  WideTime fillLeft = 0;           ///< microseconds that were left of that when W moved on last
  // Stateful steps: the last record that was counted as late, in what counter, and how often.
  uint32_t lateRecord = 0, lateHere = 0;
  uint64_t *lateOf = nullptr;

  /// Is there a window that holds records and has not fired?
  bool isOpen() const {
    return waiting    ? waiting->size() != 0
           : kept     ? kept->isOpen()
           : slices   ? slices->isOpen()
           : sessions ? sessions->keys() != 0
                      : !panes.empty();
  }
};

/// By how much the results of a window are behind W: those that come when no record can reach them any more.
inline int64_t holdBack(const WindowState &window) {
  return window.desc->firing.mode == MR_FIRES_FINAL ? window.desc->firing.lateness : 0;
}

inline int64_t heldBack(const WindowState &window, int64_t watermark) {
  if (watermark == kMinusInfinity || watermark == kPlusInfinity)
    return watermark;
  return int64_t(std::max<WideTime>(WideTime(watermark) - holdBack(window), kMinusInfinity + 1));
}

/// Counts a record of the batch in hand that a window does not take, or not in full.
inline void countFor(WindowState &window, uint64_t &counter, uint32_t record) {
  if (window.lateRecord != record || window.lateOf != &counter)
    window.lateHere = 0;
  window.lateRecord = record;
  window.lateOf = &counter;
  ++window.lateHere;
  ++counter;
}

struct SinkState {
  const mr_sink_desc *desc;
  std::unique_ptr<Encoder> encoder; ///< 0: rows are discarded (`null`)
  Output *output = nullptr;
  uint64_t rows = 0;
};

/// What mr_bad was told during a step.
struct BadValue {
  uint32_t record, terminal;
  mr_error error;
};

/// An error behind state, which stops the pipeline.
struct StateError : BadValue {
  std::string key;       ///< what a message says of the key; empty: it is not about one
  std::string_view note; ///< what helps; empty: what helps against errors of expressions
};

/// Event times of a batch; values 0: there are none.
struct EventTimes {
  const uint8_t *values = nullptr;
  uint32_t stride = 0; ///< bytes from one to the next

  explicit operator bool() const { return values; }
  int64_t operator[](uint32_t record) const {
    int64_t time;
    std::memcpy(&time, values + size_t(record) * stride, sizeof(time));
    return time;
  }
};

/// The batch that is being fed.
struct Feed {
  SourceState *source;
  LaneState *lane;
  Partition *partition; ///< 0: dead letters
  const DecodedBatch *batch;
  const Letter *letters = nullptr; ///< of dead letters: what the records were made from
  bool atEdge = false;             ///< may windows of its records leave the range of timestamps?
  uint32_t most = kMaxBatch;       ///< records that a step is given at once
  EventTimes times = {};
  int64_t greatestTime = kMinusInfinity; ///< of the batch, where it has event times
  const int64_t *moves = nullptr;        ///< punctuated: to what each record moves W
  int64_t latest = kPlusInfinity;        ///< records of later event times are in the future (rule 9)
  bool stands = false;                   ///< such a record is in hand: it does not move W
  int64_t pauseAt = kPlusInfinity;       ///< `align`: with a greater watermark the lane waits for the others
  uint32_t from = 0, to = UINT32_MAX;    ///< the records that are fed
  uint32_t rest = UINT32_MAX;            ///< where the records begin that are left for later
};

} // namespace millrace

struct mr_engine {
  const mr_pipeline_desc &pipeline;
  const millrace::RunOptions &options;
  millrace::Storage *storage = nullptr;
  std::unique_ptr<millrace::Storage> ownStorage;
  std::unique_ptr<millrace::Clock> clock;

  mr_task task = {};
  millrace::Params params;
  millrace::Arena arena;
  std::vector<mr_out> outs;
  std::vector<mr_window_head> heads;

  millrace::SystemStateMemory ownMemory;
  millrace::StateMemory *memory = nullptr; ///< of all state

  std::vector<millrace::SourceState> sources;
  std::vector<millrace::WindowState> windows;
  std::vector<millrace::SinkState> sinks;
  std::vector<std::unique_ptr<millrace::Output>> outputs;
  millrace::Output *standardOutput = nullptr;

  millrace::Statistics counts;
  millrace::Status status;
  bool stopped = false; ///< set together with exitCode
  int exitCode = 0;
  bool turns = false;   ///< several lanes are read in turns
  bool anyIdle = false; ///< is a lane idle?
  bool aligns = false;  ///< does a source say `align`?
  bool hasProcessingTime = false;
  bool unreadTold = false;              ///< has it been said that nobody reads an output?
  uint64_t messagesSeen = 0;            ///< of Status::messages
  int64_t openSince = -1;               ///< stopwatch: since when input is awaited while a window has not fired
  bool explained = false;               ///< has it been said what the windows wait for?
  int64_t lastWrite = 0, lastRetry = 0; ///< stopwatch
  int64_t batchBegan = 0;               ///< the same: when it was asked for

  // During a step.
  std::vector<millrace::BadValue> bad;
  const millrace::Feed *feeding = nullptr;         ///< the batch in hand
  const millrace::Feed *stateful = nullptr;        ///< of a stateful step: what is bad is judged at once
  uint32_t stepFrom = 0;                           ///< its first record
  uint64_t badHere = 0;                            ///< different ones (record and terminal) in `bad`
  std::optional<millrace::StateError> behindState; ///< the one that stops the pipeline
  std::vector<size_t> marks;                       ///< bytes in each out before it
  std::vector<uint64_t> lateMarks;                 ///< late counts before it
  bool outOfRange = false;                         ///< has a window been asked for that leaves the range of timestamps?
  // While a pane fires.
  const millrace::WindowState *firing = nullptr;
  const mr_table *firingTable = nullptr;
  const mr_due *firingDue = nullptr; ///< rows that are due one by one; 0: all of the table's
  uint64_t firingDueCount = 0;
  std::vector<size_t> firingMarks; ///< bytes in each out that go out if it stops the pipeline
  int64_t firingStart = 0, firingEnd = 0;
  uint32_t timing = 1;
  int64_t arrivals = 0;    ///< records folded into tables of the best
  int64_t pieceLeft = 0;   ///< positions that the piece of a firing in hand may still go through
  uint64_t firings = 0;    ///< that have begun, of those that may go on behind later records
  uint64_t turnsTaken = 0; ///< pieces that each of those under way was given
  std::string failure;     ///< why the call in hand stops the pipeline; empty: it does not, or it has been said

  mr_engine(const mr_pipeline_desc &pipeline, const millrace::RunOptions &options);
  ~mr_engine();

  // setup.cpp
  bool setUp();
  // loop.cpp
  void loop();
  void finish();
  // feed.cpp: false once the pipeline stops
  bool feed(millrace::Feed &feed);
  bool feedLetters(millrace::SourceState &source);
  void stopFiring(uint32_t slot, mr_error error, std::string_view note = {});
  void failFiring(std::string message);
  // stateful.cpp: steps that are never run twice
  void haltIfBad(uint32_t record, uint32_t terminal);
  void failBehindState(const millrace::StateError &error);
  // expire.cpp
  /// Keys whose time is over go; `all`: to the last, else a piece that takes some milliseconds at most.
  bool expire(bool all);
  bool anyBehind() const;
  void noteWatermarks();
  // budget.cpp
  /// Was memory of state refused since? Then the pipeline stops; the rows of the call that asked for it are discarded
  /// first.
  bool keepsBudget();
  uint64_t keysOf(const millrace::WindowState &window) const;
  /// What state takes goes to the statistics.
  void countState();
  // watermarks.cpp
  int64_t inputWatermark(const millrace::WindowState &window) const;
  /// Is a record of the lane late for the window, if it is, only since the others went on while the lane was idle?
  bool isAfterIdle(const millrace::LaneState &lane, const millrace::WindowState &window) const;
  /// The least watermark of the lane with which that is no longer so for a window. +∞: there is no such window.
  int64_t caughtUp(const millrace::LaneState &lane) const;
  // advance.cpp: watermarks and the clock have moved
  void prepareLane(const millrace::SourceState &source, const millrace::LaneState &lane);
  int64_t nextBorder() const;
  int64_t borderOfStep(const millrace::WindowState &window) const;
  /// Does the window [start, end) of an operator with `fill` fire at `watermark`, be it without records?
  bool fillsUpTo(const millrace::WindowState &window, millrace::WideTime start, millrace::WideTime end,
                 int64_t watermark) const;
  /// Gives `table`, of the window that ends at `end`, all keys that there have been, without state.
  millrace::Work fillKeys(millrace::WindowState &window, mr_table *table, millrace::WideTime end);
  millrace::Work addKeys(const millrace::WindowState &window, mr_table *from, mr_table *into);
  /// `fill`: there has been the key of this slot. Windows that come to their end from now on have it.
  void learnKey(millrace::WindowState &window, mr_table *table, uint64_t position);
  /// Rows of slots of `table`, each for itself.
  bool fireDue(millrace::WindowState &window, mr_table *table, const mr_due *due, uint64_t count);
  // fire.cpp
  millrace::Work firePane(millrace::WindowState &window, millrace::Pane pane, int64_t end, int64_t time, uint32_t why);
  /// Makes what mr_table_order gives, of the best records if `top` says so.
  millrace::Work putInOrder(mr_table *table, const mr_top_desc *top);
  /// Frees a table.
  millrace::Work leave(millrace::OwnTable table);
  /// The same, or keeps it for the next one: the system would have to make its memory ready, as the first records touch
  /// pages all over it.
  millrace::Work leave(millrace::OwnTable table, millrace::WindowState &window);
  /// An empty table of the window's.
  mr_table *takeTable(millrace::WindowState &window, uint64_t expected);
  // pieces.cpp: what fires goes on behind later records, where nobody can tell
  /// A piece of all that is under way; what is whole is seen by the windows behind it.
  bool fireSome();
  /// All that is under way, to its end.
  bool fireRest();
  /// All that is under way and began before `failed`, of which a firing stops the pipeline, to its end.
  bool fireBefore(const millrace::WindowState &failed);
  bool anyUnderWay() const;
  bool followUp(millrace::WindowState &window);
  /// What is under way of the window comes to its end, before what fires next.
  bool settle(millrace::WindowState &window);
  /// So much of a piece has been done.
  millrace::Pause spend(uint64_t positions) { return {pieceLeft, int64_t(positions)}; }
  /// To the end, at once.
  bool runWhole(millrace::Work work);
  /// A record, or the input, stops the pipeline: what is due comes before. Returns false.
  bool halt(const std::string &message, int code = millrace::kWrong);
  // panes.cpp, pane_fire.cpp: windows that fire again
  /// Is the record in hand late for the window only because its lane was idle (rule 6)?
  bool isLateAfterIdle(const millrace::WindowState &window) const {
    return feeding && !firing && isAfterIdle(*feeding->lane, window);
  }
  /// A window has to fire before the next record.
  void pause();
  /// It does so now.
  bool fireAtOnce();
  /// The session at a slot has so many new records that its row is due.
  void noteSessionDue(millrace::WindowState &window, mr_table *table, const uint8_t *slot);
  /// What was found to be due is not: the records that made it so are run again.
  void forgetDue();
  bool fireKept(millrace::WindowState &window, int64_t watermark);
  bool fireKeptByClock(millrace::WindowState &window, int64_t now);
  bool fireKeptAtEnd(millrace::WindowState &window);
  // advance.cpp
  bool advance();
  bool advanceClock(int64_t now);
  int64_t nextClockBorder() const;
  // open_windows.cpp
  std::string openWindowsNote(bool all) const;
  std::string neverMoves(const millrace::WindowState &window) const;
  // over.cpp
  bool release(millrace::WindowState &window, int64_t watermark);
  bool releaseSome(millrace::WindowState &window, uint64_t &most);
  millrace::Work releaseDue(millrace::WindowState &window);
  bool settleWaiting();
  // top.cpp
  /// Records that cannot be among the best of their window any more go, if they are many.
  bool keepBest();
  bool keepBest(millrace::WindowState &window, mr_table *&table);
  /// Makes a table of what could be among the best of a window.
  millrace::Work cutToBest(millrace::WindowState &window, mr_table *table, millrace::OwnTable &left);
  // drain.cpp
  bool drain();
  bool givenUp() const;
  bool encodeRows(millrace::SinkState &sink, const uint8_t *from, size_t rows);
  void discardTo(const std::vector<size_t> &marks);
  bool writeOutputs(bool flushEncoders);
  void noteDisplaced();
  void writeOutput(millrace::Output &output);
  // bad.cpp
  /// Counts what mr_bad gathered and makes letters of it. False: record `stopAt` stops the pipeline with `message`.
  bool judge(millrace::Feed &feed, uint32_t from, uint32_t &stopAt, std::string &message);
  /// Would one more bad record, the `bad`-th of the source among `records`, stop the pipeline?
  bool isTooMuch(const millrace::SourceState &source, uint64_t bad, uint64_t records) const;
  /// The message of an error behind state (rule 47) that a record of the batch, or a key that fires, came to.
  std::string stateMessage(const millrace::Feed &feed, const millrace::StateError &error) const;
  std::string whereText(const millrace::BadValue &value) const;
  bool judgeShare(const millrace::SourceState &source);
  bool noteMalformed(millrace::Feed &feed, const millrace::MalformedRecord &record);
  bool noteBadTime(millrace::Feed &feed, uint32_t record, uint8_t status);
  bool noteBadWatermark(millrace::Feed &feed, uint32_t record, uint8_t status);
  /// Stops the pipeline with a message. Returns false.
  bool stop(int code, const std::string &message);

private:
  bool noteNoTime(millrace::Feed &feed, uint32_t record, std::string reason);
  bool feedLetterBatch(millrace::SourceState &dead, const millrace::Letter *letters, uint32_t count);
  bool runRange(millrace::Feed &feed, uint32_t from, uint32_t to);
  bool runSplit(millrace::Feed &feed, uint32_t from, uint32_t to);
  bool runWatched(millrace::Feed &feed, uint32_t from, uint32_t to);
  bool passFuture(millrace::Feed &feed, uint32_t record);
  bool runStep(millrace::Feed &feed, uint32_t from, uint32_t &to);
  bool runStateful(millrace::Feed &feed, uint32_t from, uint32_t &to);
  void prepareStateful(const millrace::Feed &feed, uint32_t from);
  void cutFrom(uint32_t record);
  void reachRecord(millrace::Feed &feed, uint32_t from, uint32_t to);
  bool expirePiece(millrace::WindowState &window);
  bool expireSome(millrace::WindowState &window);
  bool writeDeletes(const millrace::WindowState &window, mr_table *table);
  int64_t othersThan(const millrace::WindowState &window, const millrace::LaneState &lane) const;
  void adapt(millrace::SourceState &source);
  mr_status callStep(millrace::Feed &feed, uint32_t from, uint32_t &to, bool again = false);
  bool firePaused(millrace::Feed &feed, uint32_t from, uint32_t to);
  bool passStep(millrace::Feed &feed, uint32_t from, uint32_t &to);
  std::vector<mr_window_head> openForErrors(int64_t time);
  void noteOutOfRange(uint32_t record);
  // firing.cpp
  using FireFunction = std::function<mr_status(mr_cursor &)>;
  bool runFiring(millrace::WindowState &window, mr_table *table, const FireFunction &fire);
  mr_status callFiring(millrace::WindowState &window, mr_table *table, mr_cursor &cursor, const FireFunction &fire);
  void stopAfter(const millrace::WindowState &failed);
  // advance.cpp
  void noteQuietMoves();
  bool advanceWindow(millrace::WindowState &window);
  bool advanceBehind(const millrace::WindowState &window);
  bool fireByWatermark(millrace::WindowState &window, int64_t watermark);
  void noteReached(millrace::WindowState &window, int64_t watermark);
  // pieces.cpp
  bool begin(millrace::WindowState &window, millrace::Work work, int64_t reaches);
  bool goOn(millrace::WindowState &window, bool whole);
  int64_t pieceOf(const millrace::WindowState &window) const;
  bool isBehindUnderWay(const millrace::WindowState &window) const;
  millrace::Work fireDuePanes(millrace::WindowState &window, bool atEnd);
  bool fireUpTo(millrace::WindowState &window, int64_t watermark);
  // fill.cpp
  bool fireFilled(millrace::WindowState &window, int64_t watermark);
  millrace::Work fireDueFilled(millrace::WindowState &window);
  bool fireSlices(millrace::WindowState &window, int64_t watermark, uint32_t why);
  millrace::Work fireDueSlices(millrace::WindowState &window, millrace::WideTime fired, int64_t watermark,
                               uint32_t why);
  // session_fire.cpp
  bool fireSessions(millrace::WindowState &window, int64_t watermark);
  /// In processing time, or by the clock (`emit every ... in processing_time`).
  bool fireSessionsByClock(millrace::WindowState &window, int64_t now);
  // session_once.cpp
  millrace::Work fireEnded(millrace::WindowState &window, int64_t to, bool isEnd);
  bool fireEndedSessions(millrace::WindowState &window, int64_t watermark);
  /// Those that are left at the end of the input, of windows in processing time (rule 8).
  bool fireSessionsAtEnd(millrace::WindowState &window);
  // session_rows.cpp
  bool fireSessionsNow(millrace::WindowState &window);
  void settleSessions();
  bool fireGlobal(millrace::WindowState &window);
  bool fireProcessing(millrace::WindowState &window, int64_t now, bool atEnd);
  millrace::LaneState *choose(millrace::SourceState *&source);
  void read(millrace::SourceState &source, millrace::LaneState &lane);
  void readLastLine(millrace::SourceState &source, millrace::LaneState &lane);
  // watermarks.cpp
  void addInput(mr_input_ref input, bool border, millrace::InputWatermark &into) const;
  void addInputs(const millrace::WindowState &window, bool border, millrace::InputWatermark &into) const;
  void addLane(const millrace::SourceState &source, const millrace::LaneState &lane,
               millrace::InputWatermark &into) const;
  bool noteNothing(millrace::SourceState &source, millrace::LaneState &lane, int64_t now);
  bool noteVirtualTime(int64_t now);
  void noteRecords(millrace::SourceState &source, millrace::LaneState &lane, int64_t now);
  int64_t nextIdle() const;
  int64_t nextFollowed() const;
  void alignLanes();
  int64_t mostAhead(const millrace::SourceState &source, const millrace::LaneState &lane) const;
  void endLane(millrace::SourceState &source, millrace::LaneState &lane);
  void wait();
  void explain(int64_t time);
  bool housekeeping(int64_t now);
  void makeState();
  bool openSinks();
  bool openSources();
  bool openSink(millrace::SinkState &sink);
  void showStatus(int64_t time);
  void countLate();
  std::string hintAtDrain() const;
};

namespace millrace {

/// The watermark of a window's results as an operator with state behind it sees it: it stands at the window's borders.
int64_t lastBorder(const WindowState &window);

/// Where the window that fires next ends. Only if there is one: it holds records, or `fill` has keys for it.
int64_t firstEnd(const WindowState &window);

std::string timeText(int64_t time);

/// What a message shows of something long: one line, cut after 160 bytes, nothing that speaks to a terminal.
std::string excerpt(std::string_view raw);

/// The key of a slot for people: its fields' values.
std::string keyText(const mr_table *table, uint64_t position);

} // namespace millrace

#endif
