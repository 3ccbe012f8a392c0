//===- PaneWindow.cpp - windows that fire more than once ----------------------===//
#include "PaneWindow.h"
#include "Text.h"
#include "Time.h"

using namespace millrace::reference;
using namespace millrace;
using stream::EmitUnit;
using stream::FiringMode;
using stream::WindowKind;

PaneWindow::PaneWindow(stream::WindowOp op, const Environment &params, std::string &problem)
    : op(op), shape(op.getWindow()), firing(op.getFiringAttr()), aggregation(op, params),
      times(shape, /*same=*/false, problem) {
  // Rule 18: without a key, over empty input, a global window gives one row.
  if (shape.getKind() == WindowKind::Global)
    panes[plusInfinity];
  if (shape.getKind() == WindowKind::Global && !typeOf(op.getInput()).isKeyed())
    panes[plusInfinity].contents[{}];
}

//===-- records ---------------------------------------------------------------===//

bool PaneWindow::hasEnded(int64_t end, int64_t watermark) const {
  if (end == plusInfinity)
    return watermark == plusInfinity;
  return shape.isInEventTime() && watermark >= end - 1;
}

/// Rule 19: from this W on (or this time, for windows of the clock) the window takes no record.
Integer PaneWindow::goneAt(int64_t end) const {
  if (end == plusInfinity || shape.isInProcessingTime())
    return end;
  return Integer(end) - 1 + firing.getLateness();
}

Window::Outcome PaneWindow::fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) {
  error = row.pathError;
  if (row.isBroken)
    return Window::Outcome::Bad;
  Record record{aggregation.evaluate(row), row.time.value_or(0)};
  error = record.input.error;
  int64_t time = shape.isInProcessingTime() ? now : record.time;
  bool hasTime = row.time || shape.isInProcessingTime(); // else it comes from a global window over nothing
  if (hasTime && shape.isInTime())
    for (Interval window : times.holding(time))
      if (!reference::fits(window.start, Kind::Timestamp) || !reference::fits(window.end, Kind::Timestamp))
        error = std::min(error, windowRangeError);
  if (error != MR_NO_ERROR)
    return Window::Outcome::Bad;
  if (shape.getKind() == WindowKind::Global) {
    if (row.time)
      greatestTime = std::max(greatestTime.value_or(*row.time), *row.time);
    add({0, plusInfinity}, record, watermark);
    return Window::Outcome::Folded;
  }
  return hasTime ? take(std::move(record), time, watermark) : Window::Outcome::NoWindow;
}

/// Rule 19: late is what has no window left. What fires at once does so by the ends of its windows.
Window::Outcome PaneWindow::take(Record record, int64_t time, int64_t watermark) {
  std::vector<Interval> windows = times.holding(time);
  llvm::sort(windows, [](const Interval &a, const Interval &b) { return a.end < b.end; });
  if (windows.empty()) {
    ++inNoWindow;
    return Window::Outcome::NoWindow;
  }
  size_t gone = 0;
  for (Interval window : windows) {
    bool isGone = shape.isInEventTime() && watermark >= goneAt(int64_t(window.end));
    gone += isGone;
    if (!isGone)
      add(window, record, watermark);
  }
  late += gone == windows.size();
  partlyLate += gone && gone < windows.size();
  return gone == windows.size() ? Window::Outcome::Late : Window::Outcome::Folded;
}

/// Puts a record into a window that is there or begins. Before the end, `emit every n records` lets each n-th record of
/// the key in this window fire; behind it, every record does (rule 20), but for `refire`, which gathers what changes of
/// a key from the W on that the first late record met, and for `final`.
void PaneWindow::add(Interval window, const Record &record, int64_t watermark) {
  int64_t end = int64_t(window.end);
  Pane &pane = panes[end];
  pane.start = window.start;
  Contents &contents = pane.contents[record.input.key];
  contents.records.push_back(record);
  ++contents.fresh;
  lastStart = std::max(lastStart, int64_t(window.start));
  watermarkOfRecord = watermark;
  if (!hasEnded(end, watermark))
    contents.isDue |= firing.getEmitUnit() == EmitUnit::Records && contents.fresh >= firing.getEmit();
  else if (firing.getRefire())
    contents.pendingSince = contents.pendingSince.value_or(watermark);
  else
    contents.isDue = firing.firesAgain();
}

std::vector<Row> PaneWindow::takePending(std::string &problem) {
  std::vector<Row> rows;
  for (auto &[end, pane] : panes)
    for (auto &[key, contents] : pane.contents)
      if (std::exchange(contents.isDue, false) && problem.empty())
        append(end, key, contents, hasEnded(end, watermarkOfRecord) ? "late" : "early", rows, problem);
  return rows;
}

//===-- what W and the clock make due -----------------------------------------===//

/// Does time, going from `from` to `to`, reach `start` + k * emit for a k > 0? Of a global window, which has no start,
/// any multiple of the duration.
bool PaneWindow::passesEmit(Integer start, Integer from, Integer to) const {
  Integer every = firing.getEmit();
  auto upTo = [&](Integer time) { return (time - start - floorMod(time - start, every)) / every; };
  return upTo(to) > (shape.isInTime() ? std::max(upTo(from), Integer(0)) : upTo(from));
}

bool PaneWindow::moveOne(int64_t end, Pane &pane, int64_t from, int64_t to, std::vector<Row> &rows,
                         std::string &problem) {
  bool isGlobal = end == plusInfinity, isGone = to >= goneAt(end);
  if (!hasEnded(end, to)) {
    bool passes = firing.getEmitUnit() == EmitUnit::Event &&
                  passesEmit(isGlobal ? 0 : pane.start, Integer(from) + 1, Integer(to) + 1);
    return !passes || emit(end, "early", /*all=*/false, rows, problem);
  }
  if (firing.firesAgain() && !hasEnded(end, from) && !emit(end, "on_time", /*all=*/true, rows, problem))
    return false;
  if (!emitPending(end, pane, isGone ? plusInfinity : to, rows, problem))
    return false;
  return !isGone || firing.firesAgain() || emit(end, "", /*all=*/true, rows, problem); // `final`
}

/// `refire`: rows of the keys whose first change is long enough ago, or of all that wait.
bool PaneWindow::emitPending(int64_t end, Pane &pane, int64_t to, std::vector<Row> &rows, std::string &problem) {
  for (auto &[key, contents] : pane.contents) {
    if (!contents.pendingSince || (to != plusInfinity && *contents.pendingSince + firing.getRefire() > to))
      continue;
    contents.pendingSince.reset();
    if (!append(end, key, contents, "late", rows, problem))
      return false;
  }
  return true;
}

/// Rule 12: makes the windows that fire at W `to` although no record came for some known key.
void PaneWindow::fill(int64_t from, int64_t to) {
  auto held = Integer(firing.firesAgain() ? 0 : firing.getLateness());
  while (true) {
    auto first =
        llvm::find_if(panes, [&](const auto &at) { return !firing.firesAgain() || !hasEnded(at.first, from); });
    if (!filledTo && first == panes.end())
      return;
    int64_t end = filledTo ? int64_t(times.following(*filledTo).end) : first->first;
    Integer start = filledTo ? times.following(*filledTo).start : first->second.start;
    if (to == plusInfinity ? start > lastStart
                           : Integer(to) < Integer(end) - 1 + held || !reference::fits(end, Kind::Timestamp))
      return;
    Pane &pane = panes[end];
    pane.start = start;
    for (const auto &[key, contents] : pane.contents)
      known.insert(key);
    for (const Key &key : known)
      pane.contents[key];
    filledTo = end;
  }
}

bool PaneWindow::moveWatermark(int64_t from, int64_t to, std::vector<Row> &rows, std::string &problem) {
  if (shape.isInProcessingTime())
    return to != plusInfinity || close(rows, problem);
  watermarkOfRecord = from;
  // Late rows come first, as their windows do: the keys in them are known then.
  for (auto &[end, pane] : panes)
    if (firing.firesAgain() && hasEnded(end, from) && !moveOne(end, pane, from, to, rows, problem))
      return false;
  if (op.getFill())
    fill(from, to);
  for (auto &[end, pane] : panes)
    if (!(firing.firesAgain() && hasEnded(end, from)) && !moveOne(end, pane, from, to, rows, problem))
      return false;
  std::erase_if(panes, [&](const auto &pane) { return to >= goneAt(pane.first); });
  return true;
}

/// Windows of the clock that have ended fire on time; the others early, also those in event time, if the clock passes a
/// time for it. What has ended and is kept has no early rows.
bool PaneWindow::moveClock(int64_t from, int64_t to, int64_t watermark, std::vector<Row> &rows, std::string &problem) {
  for (auto &[end, pane] : panes) {
    bool passes =
        firing.getEmitUnit() == EmitUnit::Processing && passesEmit(end == plusInfinity ? 0 : pane.start, from, to);
    bool isOver = shape.isInProcessingTime() && end <= to;
    if (isOver && !emit(end, "on_time", /*all=*/true, rows, problem))
      return false;
    if (!isOver && passes && !hasEnded(end, watermark) && !emit(end, "early", /*all=*/false, rows, problem))
      return false;
  }
  if (shape.isInProcessingTime())
    std::erase_if(panes, [&](const auto &pane) { return pane.first <= to; });
  return true;
}

bool PaneWindow::close(std::vector<Row> &rows, std::string &problem) {
  for (const auto &[end, pane] : panes)
    if (!emit(end, "early", /*all=*/true, rows, problem))
      return false;
  panes.clear();
  return true;
}

/// Rows of one window, by key: of those that changed, or of all.
bool PaneWindow::emit(int64_t end, llvm::StringRef timing, bool all, std::vector<Row> &rows, std::string &problem) {
  for (auto &[key, contents] : panes[end].contents)
    if ((all || contents.fresh > 0) && !append(end, key, contents, timing, rows, problem))
      return false;
  return true;
}

bool PaneWindow::append(int64_t end, const Key &key, Contents &contents, llvm::StringRef timing, std::vector<Row> &rows,
                        std::string &problem) {
  Row row;
  row.origin = op;
  row.fields = key;
  if (shape.isInTime()) {
    row.fields.push_back(Value::ofInteger(panes[end].start));
    row.fields.push_back(Value::ofInteger(end));
  }
  if (firing.firesAgain())
    row.fields.push_back(Value::ofInteger(contents.rows));
  if (firing.firesAgain() || shape.isInProcessingTime())
    row.fields.push_back(Value::ofText(timing.str()));
  row.time = shape.isInTime() ? std::optional(end - 1) : greatestTime; // rules 12 and 18
  Aggregation::Group group = aggregation.none();
  for (const Record &record : contents.records)
    aggregation.fold(group, record.input, record.time);
  if (auto field = aggregation.append(group, row.fields)) {
    stream::StreamType type = typeOf(op.getInput());
    std::string where = keyText(key, type, type.getKeys());
    if (shape.isInTime())
      where += (where.empty() ? "" : ", ") + std::string("window ") + timestampText(int64_t(panes[end].start));
    problem = "overflow of `" + *field + "` at " + where;
    return false;
  }
  rows.push_back(std::move(row));
  if (op.getFill() && timing == "late") {
    known.insert(key);
    filledTo = filledTo.value_or(int64_t(times.lastEnd(Integer(watermarkOfRecord) + 1)));
  }
  ++contents.rows;
  contents.fresh = 0;
  if (firing.getMode() == FiringMode::Discarding)
    contents.records.clear();
  return true;
}

//===-- W of the results ------------------------------------------------------===//

int64_t PaneWindow::lastBorder(int64_t time) const {
  if (shape.getKind() == WindowKind::Global || time == minusInfinity || time == plusInfinity)
    return time;
  return int64_t(times.lastEnd(shape.isInProcessingTime() ? Integer(time) : Integer(time) + 1) - 1);
}

int64_t PaneWindow::resultWatermark(int64_t watermark) const {
  if (watermark == minusInfinity || watermark == plusInfinity)
    return watermark;
  if (shape.getKind() == WindowKind::Global)
    return minusInfinity;
  Integer held = firing.firesAgain() ? 0 : firing.getLateness();
  return int64_t(std::max(Integer(watermark) - held, Integer(minusInfinity) + 1));
}
