//===- Pipeline.cpp - the run: sources, watermarks, firing, bad records -------===//
//
// One record after the other: it is tested against the watermark before it
// moves it (rule 4), goes through all operators in written order, is judged
// where it arrives, then the watermark moves and what is due fires.
//
//===----------------------------------------------------------------------===//
#include "Pipeline.h"
#include "Text.h"
#include "Time.h"
#include "dialect/stream/Names.h"
#include "runtime/engine/errors.h"

using namespace millrace::reference;
using namespace millrace;

Pipeline::Pipeline(stream::PipelineOp op)
    : op(op), sites((mlir::succeeded(stream::nameOperators(op)), stream::numberSites(op))),
      terminals(stream::numberTerminals(op)), demand(op) {}

//===-- before the first record -------------------------------------------===//

bool Pipeline::setParams(const RunSettings &settings) {
  llvm::StringMap<stream::ParamOp> byName;
  for (auto param : op.getOps<stream::ParamOp>()) {
    params[param.getResult()] = literal(param.getValue(), param.getType());
    byName[stream::operatorName(param)] = param;
  }
  for (const auto &[name, text] : settings.params) {
    auto found = byName.find(name);
    if (found == byName.end())
      return stop(2, "there is no param `" + name + "`");
    Fitted fitted = fitText(text, describe(found->second.getType()).kind);
    if (fitted.problem)
      return stop(2, "param `" + name + "` cannot be `" + text + "`");
    params[found->second.getResult()] = fitted.value;
  }
  return true;
}

/// Does something of `source` reach `stream`?
static bool feeds(stream::SourceOp source, mlir::Value stream) {
  mlir::Operation *op = stream.getDefiningOp();
  return op == source || llvm::any_of(op->getOperands(), [&](mlir::Value operand) {
           return llvm::isa<stream::StreamType>(operand.getType()) && feeds(source, operand);
         });
}

using Pairs = std::vector<std::pair<stream::SourceOp, stream::SourceOp>>;
/// Do `pairs` say that `first` is read before `second`, directly or by others between?
static bool comesBefore(const Pairs &pairs, stream::SourceOp first, stream::SourceOp second) {
  return llvm::any_of(pairs, [&](const auto &pair) {
    return pair.first == first && (pair.second == second || comesBefore(pairs, pair.second, second));
  });
}

/// Rule 10: where watermarks tie, the operands of unions decide, earlier unions before later ones; else what was
/// written first.
std::vector<stream::SourceOp> Pipeline::readingOrder() {
  std::vector<stream::SourceOp> left, order;
  for (auto source : op.getOps<stream::SourceOp>())
    if (demand.isLive(source))
      left.push_back(source);
  Pairs pairs;
  for (auto join : op.getOps<stream::UnionOp>())
    for (size_t j = 1; demand.isLive(join) && j < join.getInputs().size(); ++j)
      for (size_t i = 0; i < j; ++i)
        for (stream::SourceOp first : left)
          for (stream::SourceOp second : left)
            if (first != second && feeds(first, join.getInputs()[i]) && feeds(second, join.getInputs()[j]) &&
                !comesBefore(pairs, second, first))
              pairs.emplace_back(first, second);
  while (!left.empty()) {
    auto next = llvm::find_if(left, [&](stream::SourceOp source) {
      return llvm::none_of(left, [&](stream::SourceOp other) { return comesBefore(pairs, other, source); });
    });
    order.push_back(*next);
    left.erase(next);
  }
  return order;
}

bool Pipeline::openSources(const RunSettings &settings) {
  for (stream::SourceOp source : readingOrder()) {
    std::vector<bool> used;
    for (size_t i = 0, n = source.getOutput().getType().getNames().size(); i < n; ++i)
      used.push_back(demand.usedFields(source.getOutput())[unsigned(i)]);
    std::string problem;
    sources.push_back({source, openSource(source, used, params, settings.sources, problem)});
    sourceOf[source] = &sources.back();
    if (!problem.empty())
      return stop(3, problem);
  }
  return true;
}

bool Pipeline::open(const RunSettings &settings) {
  for (mlir::Operation &inner : op.getBody().front()) {
    if (auto sink = llvm::dyn_cast<stream::SinkOp>(inner)) {
      results.push_back({sink, stream::operatorName(sink).str(), {}});
      sinkOf[sink] = &results.back();
    }
    if (!demand.isLive(&inner))
      continue; // rule 47: what no sink can be reached from counts nothing
    if (auto window = llvm::dyn_cast<stream::WindowOp>(inner)) {
      if (window.getWindow().getKind() == stream::WindowKind::Count) {
        countWindowOf[window] = &countWindows.emplace_back(window, params);
        continue;
      }
      std::string problem;
      watermarks[window] = minusInfinity;
      stream::WindowAttr shape = window.getWindow();
      bool isSession = shape.getKind() == stream::WindowKind::Session;
      if (window.getFiring() || (isSession && shape.isInProcessingTime())) {
        std::unique_ptr<FiringWindow> made;
        if (isSession)
          made = std::make_unique<SessionWindow>(window, params);
        else
          made = std::make_unique<PaneWindow>(window, params, problem);
        firingWindowOf[window] = firingWindows.emplace_back(std::move(made)).get();
        if (!problem.empty())
          return stop(3, problem);
        continue;
      }
      windowOf[window] = &windows.emplace_back(window, params, problem);
      watermarks[window] = minusInfinity;
      if (!problem.empty())
        return stop(3, problem);
    } else if (auto top = llvm::dyn_cast<stream::TopOp>(inner)) {
      std::string problem;
      topWindowOf[top] = &topWindows.emplace_back(top, params, problem);
      watermarks[top] = minusInfinity;
      if (!problem.empty())
        return stop(3, problem);
    } else if (auto over = llvm::dyn_cast<stream::OverOp>(inner)) {
      overWindowOf[over] = &overWindows.emplace_back(over, demand.usedFields(over.getOutput()), params);
      watermarks[over] = minusInfinity;
    } else if (auto running = llvm::dyn_cast<stream::RunningOp>(inner)) {
      stateOf[running] = &states.emplace_back(running, params);
    } else if (auto deduplicate = llvm::dyn_cast<stream::DeduplicateOp>(inner)) {
      stateOf[deduplicate] = &states.emplace_back(deduplicate, demand.usedFields(deduplicate.getOutput()));
    }
  }
  return openSources(settings);
}

//===-- the order of reading (rules 6 and 10) -----------------------------===//

int64_t Pipeline::Source::watermark() const {
  int64_t least = plusInfinity;
  for (const Lane &lane : lanes)
    least = std::min(least, lane.watermark);
  return least;
}

/// The lane that is read next: lowest watermark first, ties by source (see readingOrder), then by file. Null at the
/// end.
Lane *Pipeline::nextLane(Source *&source) {
  Lane *best = nullptr;
  for (Source &candidate : sources)
    for (Lane &lane : candidate.lanes)
      if (lane.watermark != plusInfinity && (!best || lane.watermark < best->watermark)) {
        best = &lane;
        source = &candidate;
      }
  return best;
}

/// Rule 6: the least of the inputs'. A window's results have its own; an operator with time-to-live behind it
/// (`forState`) sees its borders.
int64_t Pipeline::watermarkOf(mlir::Value stream, bool forState) {
  mlir::Operation *from = stream.getDefiningOp();
  if (auto source = llvm::dyn_cast<stream::SourceOp>(from)) {
    int64_t watermark = sourceOf[source]->watermark();
    bool isDead = source.getDead() && stream == source.getDead();
    return isDead && watermark != plusInfinity ? minusInfinity : watermark;
  }
  if (FiringWindow *window = firingWindowOf.lookup(from)) {
    int64_t watermark = window->resultWatermark(watermarks[from]);
    return forState ? window->lastBorder(watermark) : watermark;
  }
  if (Window *window = windowOf.lookup(from))
    return forState ? window->lastBorder(watermarks[from]) : watermarks[from];
  if (TopWindow *top = topWindowOf.lookup(from))
    return forState ? top->lastBorder(watermarks[from]) : watermarks[from];
  if (overWindowOf.contains(from))
    return watermarks[from];
  int64_t least = plusInfinity;
  for (mlir::Value operand : from->getOperands())
    if (llvm::isa<stream::StreamType>(operand.getType()))
      least = std::min(least, watermarkOf(operand, forState));
  return least;
}

//===-- the run -----------------------------------------------------------===//

Stop Pipeline::run(const RunSettings &settings) {
  if (!setParams(settings) || !open(settings))
    return stopped;
  moveClock(settings.clock);
  Source *source = nullptr;
  while (Lane *lane = stopped.exitCode ? nullptr : nextLane(source))
    if (!readChunk(*source, *lane, settings))
      break;
  return stopped;
}

bool Pipeline::stop(int code, std::string message) {
  stopped = {code, std::move(message), Stop::At::Turn};
  return false;
}

/// One lane's turn: the records of its chunk, or its end.
bool Pipeline::readChunk(Source &source, Lane &lane, const RunSettings &settings) {
  uint64_t chunk = lane.ended() ? 0 : lane.records[lane.next].chunk;
  while (!lane.ended() && lane.records[lane.next].chunk == chunk) {
    const Record &record = lane.records[lane.next++];
    source.blank += record.blankBefore;
    ++source.records;
    ++position;
    if (!readRecord(source, lane, record))
      return false;
    moveClock(settings.clock);
    if (stopped.exitCode)
      return false;
  }
  if (!lane.ended())
    return true;
  source.blank += lane.blankAtEnd;
  lane.watermark = plusInfinity; // rules 6 and 8
  return judgeShare(source) && advance();
}

static std::string placeText(const Record &record) {
  return record.origin.file.value_or("input") + (record.origin.line ? ":" + std::to_string(*record.origin.line) : "");
}

bool Pipeline::readRecord(Source &source, Lane &lane, const Record &record) {
  std::string name = stream::operatorName(source.op).str();
  if (!record.row) {
    // Rule 48: not well-formed. It reaches no operator and does not move the watermark.
    ++badAt[name];
    if (!countBad(source, record, record.reason.empty() ? "not well-formed" : record.reason))
      return false;
    return sendLetters(source, record, {{name, record.reason}});
  }
  // Rule 9. The clock tells nothing before it has been set.
  std::optional<stream::WatermarkAttr> strategy = source.op.getWatermark();
  bool isFuture = false;
  if (record.row->time && strategy && strategy->getMaxFuture() && nextMove)
    isFuture = Integer(*record.row->time) > Integer(now) + strategy->getMaxFuture();
  source.future += isFuture;
  if (isFuture && strategy->getFuturePolicy() == stream::FuturePolicy::Drop)
    return true;
  Cause cause;
  cause.source = &source;
  cause.record = &record;
  cause.description = placeText(record);
  push(source.op.getOutput(), *record.row, cause);
  if (!judge(cause))
    return false;
  // Rules 4 and 5: the record has been tested, now it moves W.
  if (!record.row->time || !strategy || strategy->getKind() == stream::WatermarkKind::None || isFuture)
    return true;
  if (strategy->getKind() == stream::WatermarkKind::Punctuated) {
    lane.watermark = std::max(lane.watermark, record.punctuation.value_or(minusInfinity));
    return advance();
  }
  int64_t bound = strategy->getKind() == stream::WatermarkKind::Bounded ? strategy->getBound() : 0;
  Integer watermark = std::max(Integer(*record.row->time) - bound - 1, Integer(minusInfinity) + 1);
  lane.watermark = std::max(lane.watermark, int64_t(watermark));
  return advance();
}

//===-- bad records (rules 47 to 49) --------------------------------------===//

std::string Pipeline::reasonOf(mr_error error) const {
  if (error == windowRangeError)
    return reasonText(MR_OVERFLOW, "the window");
  if (error == gapError)
    return reasonText(MR_OUT_OF_RANGE, "the gap");
  return reasonText(error & 7, sites[error >> 3].text);
}

/// Counts a bad record of the source; false if it stops the pipeline.
bool Pipeline::countBad(Source &source, const Record &record, const std::string &reason) {
  ++source.bad;
  std::optional<uint64_t> most = source.op.getMaxBad(), percent = source.op.getMaxBadPercent();
  bool fails = source.op.getOnBad() == stream::BadPolicy::Fail && !most && !percent;
  fails |= most && source.bad > *most;
  // A share is judged from the 1000th record on, and at the end (judgeShare).
  fails |= percent && source.records >= 1000 && source.bad * 100 > source.records * *percent;
  if (fails) {
    stop(1, placeText(record) + ": " + reason);
    stopped.at = Stop::At::Record;
  }
  return !fails;
}

/// Rule 49: at the end of a source its share of bad records is judged, however few records there were.
bool Pipeline::judgeShare(Source &source) {
  std::optional<uint64_t> percent = source.op.getMaxBadPercent();
  if (!percent || source.watermark() != plusInfinity || source.bad * 100 <= source.records * *percent)
    return true;
  stop(1, std::to_string(source.bad) + " of " + std::to_string(source.records) + " records are bad");
  if (sources.size() == 1) // else it may not be exact how far the others were read
    stopped.at = Stop::At::Record;
  return false;
}

/// The cause has been everywhere: its rows go on, unless it stops the pipeline.
bool Pipeline::judge(Cause &cause) {
  auto nameOf = [&](int32_t terminal) { return stream::operatorName(terminals[size_t(terminal)]).str(); };
  if (!cause.problem.empty() || !cause.badBehindState.empty()) {
    std::string problem = cause.problem;
    if (problem.empty()) {
      auto [terminal, error] = *cause.badBehindState.begin();
      problem = reasonOf(error) + ", on the way to `" + nameOf(terminal) + "`";
    }
    stop(1, cause.description + ": " + problem);
    stopped.at = cause.record ? Stop::At::State : Stop::At::Turn;
    return false;
  }
  std::vector<Letter> letters;
  for (auto [terminal, error] : cause.bad) {
    std::string name = nameOf(terminal), reason = reasonOf(error);
    if (!cause.record) // a result of a window, or a dead letter: stops
      return stop(1, cause.description + ": " + reason + ", on the way to `" + name + "`");
    ++badAt[name];
    if (!countBad(*cause.source, *cause.record, reason)) {
      Stop limit = stopped; // what `max_bad` still allowed of this record has its letter
      sendLetters(*cause.source, *cause.record, letters);
      stopped = limit;
      return false;
    }
    letters.push_back({name, reason});
  }
  for (auto &[sink, row] : cause.rows)
    sink->rows.push_back(std::move(row));
  return (letters.empty() || sendLetters(*cause.source, *cause.record, letters)) && firePending();
}

/// Rows that fire right after a record (rules 20 and 21), once it has been everywhere.
bool Pipeline::firePending() {
  for (mlir::Operation &inner : op.getBody().front()) {
    FiringWindow *window = firingWindowOf.lookup(&inner);
    if (!window)
      continue;
    std::string problem, name = stream::operatorName(&inner).str();
    if (!pushAll(inner.getResult(0), window->takePending(problem), "a result of `" + name + "`"))
      return false;
    if (!problem.empty())
      return stop(1, "`" + name + "`: " + problem);
  }
  return true;
}

/// A record of a generator has no bytes: its letter holds it as JSON.
static std::string recordText(stream::SourceOp op, const Record &record) {
  if (!record.origin.raw.empty() || !record.row)
    return record.origin.raw;
  stream::StreamType type = op.getOutput().getType();
  std::string text = "{";
  for (auto [i, name] : llvm::enumerate(type.getNames()))
    text += (i ? "," : "") + quoteJson(name.strref()) + ":" + toJson(record.row->fields[i], type.getTypes()[i]);
  return text + "}";
}

bool Pipeline::sendLetters(Source &source, const Record &record, const std::vector<Letter> &letters) {
  if (source.op.getOnBad() != stream::BadPolicy::DeadLetter || !source.op.getDead())
    return true;
  auto number = [](std::optional<int64_t> value) { return value ? Value::ofInteger(*value) : Value::null(); };
  for (const Letter &letter : letters) {
    Row row;
    row.fields = {Value::ofText(recordText(source.op, record)),
                  record.origin.file ? Value::ofText(*record.origin.file) : Value::null(),
                  number(record.origin.line),
                  number(record.origin.byte),
                  Value::ofText(letter.op),
                  Value::ofText(letter.reason)};
    Cause cause;
    cause.description = "a dead letter of `" + stream::operatorName(source.op).str() + "`";
    push(source.op.getDead(), std::move(row), cause);
    if (!judge(cause))
      return false;
  }
  return true;
}

//===-- watermarks and the clock move -------------------------------------===//

/// State in written order, which is upstream first: what one window fires reaches the next operators before their W
/// moves.
bool Pipeline::advance() {
  for (mlir::Operation &inner : op.getBody().front()) {
    if (Window *window = windowOf.lookup(&inner); window && !advance(*window))
      return false;
    if (FiringWindow *window = firingWindowOf.lookup(&inner); window && !advance(*window))
      return false;
    if (TopWindow *top = topWindowOf.lookup(&inner); top && !advance(*top))
      return false;
    if (OverWindow *over = overWindowOf.lookup(&inner); over && !advance(*over))
      return false;
    if (KeyedState *state = stateOf.lookup(&inner); state && !expire(*state))
      return false;
  }
  return true;
}

bool Pipeline::advance(Window &window) {
  mlir::Operation *self = window.getOp();
  int64_t watermark = watermarkOf(window.getOp().getInput());
  bool inEventTime = window.getOp().getWindow().isInEventTime();
  if (watermark <= watermarks[self] || (!inEventTime && watermark != plusInfinity))
    return true;
  if (!fire(window, watermark, watermark == plusInfinity && !inEventTime))
    return false;
  watermarks[self] = watermark;
  return true;
}

bool Pipeline::advance(FiringWindow &window) {
  mlir::Operation *self = window.getOp();
  int64_t watermark = watermarkOf(window.getOp().getInput());
  if (watermark <= watermarks[self] || (window.isInProcessingTime() && watermark != plusInfinity))
    return true;
  std::vector<Row> rows;
  std::string problem;
  bool good = window.moveWatermark(watermarks[self], watermark, rows, problem);
  if (!pushPanes(window, std::move(rows), good, problem))
    return false;
  watermarks[self] = watermark;
  return true;
}

/// What `window` fired; `good`: there is no `problem`.
bool Pipeline::pushPanes(FiringWindow &window, std::vector<Row> rows, bool good, const std::string &problem) {
  std::string name = stream::operatorName(window.getOp()).str();
  return pushAll(window.getOp().getOutput(), std::move(rows), "a result of `" + name + "`") &&
         (good || stop(1, "`" + name + "`: " + problem));
}

bool Pipeline::advance(TopWindow &top) {
  mlir::Operation *self = top.getOp();
  int64_t watermark = watermarkOf(top.getOp().getInput());
  bool isGlobal = top.getOp().getWindow().getKind() == stream::WindowKind::Global;
  if (watermark <= watermarks[self] || (isGlobal && watermark != plusInfinity))
    return true;
  std::vector<Row> rows;
  top.fire(watermark, rows);
  if (!pushAll(top.getOp().getOutput(), std::move(rows), "a result of `" + stream::operatorName(self).str() + "`"))
    return false;
  watermarks[self] = watermark;
  return true;
}

/// Rule 30: what W has passed goes on, then W.
bool Pipeline::advance(OverWindow &over) {
  mlir::Operation *self = over.getOp();
  int64_t watermark = watermarkOf(over.getOp().getInput(), /*forState=*/true);
  if (watermark <= watermarks[self])
    return true;
  std::vector<Row> rows;
  std::string problem, name = stream::operatorName(self).str();
  bool good = over.release(watermark, rows, problem);
  if (!pushAll(over.getOp().getOutput(), std::move(rows), "a result of `" + name + "`"))
    return false;
  watermarks[self] = watermark;
  return good || stop(1, "`" + name + "`: " + problem);
}

bool Pipeline::fire(Window &window, int64_t watermark, bool atEnd) {
  std::vector<Row> rows;
  std::string problem;
  bool good = window.fire(watermark, now, atEnd, rows, problem);
  std::string name = stream::operatorName(window.getOp()).str();
  if (!pushAll(window.getOp().getOutput(), std::move(rows), "a result of `" + name + "`"))
    return false;
  return good || stop(1, "`" + name + "`: " + problem);
}

/// Rule 35: what is gone at W is deleted now, for every sink that has it.
bool Pipeline::expire(KeyedState &state) {
  std::vector<Row> rows;
  state.expire(watermarkOf(state.getInput(), /*forState=*/true), rows);
  std::string name = stream::operatorName(state.getOp()).str();
  return pushAll(state.getOutput(), std::move(rows), "a delete of `" + name + "`");
}

/// Rows that no record of a source is the cause of.
bool Pipeline::pushAll(mlir::Value stream, std::vector<Row> rows, const std::string &description) {
  for (Row &row : rows) {
    Cause cause;
    cause.description = description;
    push(stream, std::move(row), cause);
    if (!judge(cause))
      return false;
  }
  return true;
}

std::optional<ClockMoves> millrace::reference::parseClock(std::string_view spec) {
  ClockMoves moves;
  int64_t now = 0;
  for (llvm::StringRef rest = spec; !rest.empty();) {
    auto [move, more] = rest.split(',');
    auto [position, time] = move.split('=');
    uint64_t records = 0;
    if (position.getAsInteger(10, records) || time.empty())
      return std::nullopt;
    if (time.consume_front("+")) {
      llvm::StringRef unit = time.ltrim("0123456789");
      int64_t count = 0;
      int64_t micros = llvm::StringSwitch<int64_t>(unit.trim())
                           .Case("us", 1)
                           .Case("ms", 1000)
                           .Case("s", 1'000'000)
                           .Case("min", 60'000'000)
                           .Case("h", 3'600'000'000)
                           .Case("d", microsPerDay)
                           .Default(0);
      if (time.drop_back(unit.size()).getAsInteger(10, count) || !micros)
        return std::nullopt;
      now += count * micros;
    } else if (auto at = parseTimestamp(time)) {
      now = *at;
    } else {
      return std::nullopt;
    }
    moves.emplace_back(records, now);
    rest = more;
  }
  return moves;
}

/// Rule 3: the clock stands where `position` records have been read.
void Pipeline::moveClock(const ClockMoves &moves) {
  while (nextMove < moves.size() && moves[nextMove].first <= position) {
    int64_t before = now;
    now = moves[nextMove++].second;
    for (std::unique_ptr<FiringWindow> &window : firingWindows)
      if (!moveClock(*window, before))
        return;
    for (Window &window : windows) {
      mlir::Operation *self = window.getOp();
      if (!window.getOp().getWindow().isInProcessingTime() || watermarks[self] == plusInfinity)
        continue;
      if (!fire(window, minusInfinity, false))
        return;
      watermarks[self] = window.lastBorder(now);
      if (!advance())
        return;
    }
  }
}

bool Pipeline::moveClock(FiringWindow &window, int64_t before) {
  mlir::Operation *self = window.getOp();
  if (watermarks[self] == plusInfinity)
    return true;
  std::vector<Row> rows;
  std::string problem;
  bool good = window.moveClock(before, now, watermarks[self], rows, problem);
  if (!pushPanes(window, std::move(rows), good, problem))
    return false;
  if (!window.isInProcessingTime())
    return true;
  watermarks[self] = window.lastBorder(now);
  return advance();
}

Counters Pipeline::counters() const {
  Counters counters;
  for (const Source &source : sources) {
    std::string name = stream::operatorName(source.op).str();
    counters.records[name] = source.records;
    counters.blank[name] = source.blank;
    counters.future[name] = source.future;
  }
  counters.bad = badAt;
  for (const std::unique_ptr<FiringWindow> &window : firingWindows) {
    std::string name = stream::operatorName(window->getOp()).str();
    counters.late[name] = window->lateRecords();
    counters.partlyLate[name] = window->partlyLateRecords();
    counters.inNoWindow[name] = window->recordsInNoWindow();
  }
  for (const Window &window : windows) {
    std::string name = stream::operatorName(window.getOp()).str();
    counters.late[name] = window.lateRecords();
    counters.partlyLate[name] = window.partlyLateRecords();
    counters.inNoWindow[name] = window.recordsInNoWindow();
  }
  for (const TopWindow &top : topWindows) {
    std::string name = stream::operatorName(top.getOp()).str();
    counters.late[name] = top.lateRecords();
    counters.partlyLate[name] = top.partlyLateRecords();
    counters.inNoWindow[name] = top.recordsInNoWindow();
  }
  for (const OverWindow &over : overWindows)
    counters.late[stream::operatorName(over.getOp()).str()] = over.lateRecords();
  return counters;
}
