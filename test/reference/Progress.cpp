//===- Progress.cpp - watermarks and the clock move, and what is due fires ------===//
#include "Pipeline.h"
#include "Text.h"
#include "Time.h"
#include "dialect/stream/Names.h"
#include "runtime/engine/errors.h"

using namespace millrace::reference;
using namespace millrace;

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
