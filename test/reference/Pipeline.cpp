//===- Pipeline.cpp - the run: sources, and one record after the other ----------===//
//
// One record after the other: it is tested against the watermark before it
// moves it (rule 4), goes through all operators in written order, is judged
// where it arrives (BadRecords.cpp), then the watermark moves and what is due
// fires (Progress.cpp).
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
