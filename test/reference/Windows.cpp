//===- Windows.cpp - windows and what is in them ------------------------------===//
#include "Windows.h"
#include "Text.h"
#include "Time.h"

using namespace millrace::reference;
using namespace millrace;

//===-- where they lie ------------------------------------------------------===//

WindowTimes::WindowTimes(stream::WindowAttr shape, bool same, std::string &problem) : shape(shape), same(same) {
  if (shape.getKind() == stream::WindowKind::Calendar)
    calendar = Calendar::of(shape.getUnit(), shape.getZone().str(), problem);
}

/// The greatest offset + k * step that is at most `time` (rule 11).
static Integer floorTo(Integer time, Integer step, Integer offset) { return time - floorMod(time - offset, step); }

/// The results of a window have the time just before its end (rule 12), so of the windows that hold it that is theirs
/// which ends with it.
std::vector<Interval> WindowTimes::holding(int64_t time) const {
  std::vector<Interval> found = inWhich(time);
  if (same)
    llvm::erase_if(found, [&](const Interval &window) { return window.end != Integer(time) + 1; });
  return found;
}

std::vector<Interval> WindowTimes::inWhich(int64_t time) const {
  std::vector<Interval> found;
  Integer size = shape.getSize(), slide = shape.getSlide();
  switch (shape.getKind()) {
  case stream::WindowKind::Tumbling:
  case stream::WindowKind::Sliding: // rule 13
    for (Integer start = floorTo(time, slide, shape.getOffset()); start + size > time; start -= slide)
      found.push_back({start, start + size});
    break;
  case stream::WindowKind::Cumulate: { // rule 14
    Integer start = floorTo(time, size, shape.getOffset());
    for (Integer length = slide; length < size; length += slide)
      if (time < start + length)
        found.push_back({start, start + length});
    found.push_back({start, start + size});
    break;
  }
  case stream::WindowKind::Calendar:
    found.push_back(calendar->holding(time));
    break;
  default:
    break;
  }
  return found;
}

Integer WindowTimes::sliceOf(int64_t time) const {
  Integer size = shape.getSize(), slide = shape.getSlide();
  if (same || shape.getKind() == stream::WindowKind::Calendar)
    return 0;
  if (shape.getKind() == stream::WindowKind::Cumulate)
    return floorTo(time, slide, floorTo(time, size, shape.getOffset()));
  return std::max(floorTo(time, slide, shape.getOffset()), floorTo(time - size, slide, shape.getOffset()) + size);
}

Integer WindowTimes::lastEnd(Integer time) const {
  Integer size = shape.getSize(), slide = shape.getSlide();
  switch (shape.getKind()) {
  case stream::WindowKind::Cumulate: {
    Integer start = floorTo(time, size, shape.getOffset());
    return floorTo(time, slide, start); // its own start is the end of the one before
  }
  case stream::WindowKind::Calendar:
    return calendar->holding(int64_t(time)).start;
  case stream::WindowKind::Session: // anywhere
    return time;
  default:
    return floorTo(time - size, slide, shape.getOffset()) + size;
  }
}

stream::WindowAttr millrace::reference::resolve(stream::WindowAttr shape, mlir::Value input) {
  while (shape.getKind() == stream::WindowKind::Same) {
    mlir::Operation *from = input.getDefiningOp();
    input = from->getOperand(0);
    stream::WindowAttr before = shape;
    if (auto window = llvm::dyn_cast<stream::WindowOp>(from))
      before = window.getWindow();
    else if (auto top = llvm::dyn_cast<stream::TopOp>(from))
      before = top.getWindow();
    if (before.getKind() != stream::WindowKind::Same)
      return stream::WindowAttr::get(shape.getContext(), before.getKind(), before.getSize(), before.getSlide(),
                                     before.getOffset(), stream::TimeDomain::Event, 0, before.getUnit(),
                                     before.getZone());
  }
  return shape;
}

static bool isSame(stream::WindowAttr shape) { return shape.getKind() == stream::WindowKind::Same; }

Interval WindowTimes::following(Integer end) const {
  Integer size = shape.getSize(), slide = shape.getSlide();
  if (shape.getKind() == stream::WindowKind::Calendar)
    return calendar->holding(int64_t(end));
  if (shape.getKind() != stream::WindowKind::Cumulate)
    return {end + slide - size, end + slide};
  Integer start = floorTo(end, size, shape.getOffset()); // where the last step has ended the next begins
  return {start, start + std::min(size, floorTo(end - start, slide, 0) + slide)};
}

//===-- records ---------------------------------------------------------------===//

Window::Window(stream::WindowOp op, const Environment &params, std::string &problem)
    : op(op), shape(resolve(op.getWindow(), op.getInput())), aggregation(op, params),
      times(shape, isSame(op.getWindow()), problem) {
  // Rule 18: without a key, over empty input, a global window gives one row.
  if (shape.getKind() == stream::WindowKind::Global && !typeOf(op.getInput()).isKeyed())
    panes[plusInfinity][{}] = {};
}

Window::Outcome Window::fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) {
  error = row.pathError;
  if (row.isBroken)
    return Outcome::Bad;
  Record record{aggregation.evaluate(row), row.time.value_or(0), arrivals++};
  error = record.input.error;
  int64_t time = shape.isInProcessingTime() ? now : record.time;
  bool hasTime = row.time || shape.isInProcessingTime(); // else it comes from a global window over nothing
  // A window that leaves the range of timestamps is an error of the record (rule 1).
  auto isTimestamp = [](Integer time) { return reference::fits(time, Kind::Timestamp); };
  if (hasTime && shape.isInTime()) {
    for (Interval window : times.holding(time))
      if (!isTimestamp(window.start) || !isTimestamp(window.end))
        error = std::min(error, windowRangeError);
    if (shape.getKind() == stream::WindowKind::Session && error == MR_NO_ERROR) {
      std::optional<Integer> gap = gapOf(shape, record.input);
      if (!gap)
        error = gapError;
      else if (!isTimestamp(time + *gap))
        error = windowRangeError;
      else
        record.end = int64_t(time + *gap);
    }
  }
  if (error != MR_NO_ERROR)
    return Outcome::Bad;
  if (shape.getKind() == stream::WindowKind::Global) {
    if (row.time)
      greatestTime = std::max(greatestTime.value_or(*row.time), *row.time);
    panes[plusInfinity][record.input.key].records.push_back(std::move(record));
    return Outcome::Folded;
  }
  if (!hasTime)
    return Outcome::NoWindow;
  return shape.getKind() == stream::WindowKind::Session ? foldIntoSession(std::move(record), watermark)
                                                        : foldIntoGrid(std::move(record), time, watermark);
}

/// Rules 12 and 19: windows that have fired are gone; a record is late if all of its windows are.
Window::Outcome Window::foldIntoGrid(Record record, int64_t time, int64_t watermark) {
  std::vector<Interval> windows = times.holding(time);
  if (windows.empty()) {
    ++inNoWindow;
    return Outcome::NoWindow;
  }
  size_t gone = 0;
  for (Interval window : windows) {
    if (shape.isInEventTime() && watermark >= window.end - 1) {
      ++gone;
      continue;
    }
    Contents &contents = panes[int64_t(window.end)][record.input.key];
    contents.start = int64_t(window.start);
    contents.records.push_back(record);
    lastStart = std::max(lastStart, int64_t(window.start));
  }
  late += gone == windows.size();
  partlyLate += gone && gone < windows.size();
  return gone == windows.size() ? Outcome::Late : Outcome::Folded;
}

std::optional<Integer> millrace::reference::gapOf(stream::WindowAttr shape, const Aggregation::Input &input) {
  if (shape.getSize() != 0)
    return shape.getSize();
  const Value &own = input.values.back();
  if (!own.isPresent() || own.integer() <= 0)
    return std::nullopt;
  return shape.getLongest() ? std::min<Integer>(own.integer(), shape.getLongest()) : own.integer();
}

bool millrace::reference::mayBeSession(stream::WindowAttr shape, Integer first, Integer end) {
  return !shape.getLongest() || end - first <= shape.getLongest();
}

/// Rule 15. A record joins the first session, by time, that it is less than the gap away from and that does not become
/// too long by it; what it bridges becomes one, if that is not too long. It is late if it joins none and its own window
/// would be gone (rule 19).
Window::Outcome Window::foldIntoSession(Record record, int64_t watermark) {
  std::vector<Session> &open = sessions[record.input.key];
  for (size_t i = 0; i < open.size(); ++i) {
    bool isNear = record.time < open[i].end && open[i].first < record.end;
    int64_t first = std::min(open[i].first, record.time), end = std::max(open[i].end, record.end);
    if (!isNear || !mayBeSession(shape, first, end))
      continue;
    open[i].first = first;
    open[i].end = end;
    absorb(open, i);
    open[i].records.push_back(std::move(record));
    return Outcome::Folded;
  }
  if (watermark >= record.end - 1) {
    ++late;
    return Outcome::Late;
  }
  Session alone{record.time, record.end, {record}};
  open.insert(llvm::find_if(open, [&](const Session &other) { return other.first > alone.first; }), alone);
  return Outcome::Folded;
}

/// A session that grew takes in those behind it that are now less than the gap away: their records behind its own, as
/// those of slices are (rule 24), and before the record that makes it grow.
void Window::absorb(std::vector<Session> &open, size_t into) {
  Session &one = open[into];
  while (into + 1 < open.size()) {
    Session &next = open[into + 1];
    if (next.first >= one.end || !mayBeSession(shape, one.first, std::max(one.end, next.end)))
      return;
    one.end = std::max(one.end, next.end);
    one.records.insert(one.records.end(), next.records.begin(), next.records.end());
    open.erase(open.begin() + ptrdiff_t(into) + 1);
  }
}

//===-- firing ----------------------------------------------------------------===//

/// Sessions whose window has ended become panes as others are.
void Window::closeSessions(int64_t watermark) {
  for (auto &[key, open] : sessions) {
    for (const Session &session : open)
      if (isDue(session.end, watermark, 0))
        panes[session.end][key] = {session.first, session.records};
    llvm::erase_if(open, [&](const Session &s) { return isDue(s.end, watermark, 0); });
  }
}

bool Window::isDue(int64_t end, int64_t watermark, int64_t now) const {
  if (end == plusInfinity)
    return watermark == plusInfinity;                                    // rule 18
  return shape.isInProcessingTime() ? now >= end : watermark >= end - 1; // rule 12
}

/// Rule 12: from a key's first window on each has it, up to the last one that W has passed; at the end of input up to
/// the last one that got a record, if that is later.
void Window::fill(int64_t watermark) {
  if (panes.empty() && known.empty())
    return;
  int64_t end = filledTo ? int64_t(times.following(*filledTo).end) : panes.begin()->first;
  while (isDue(end, watermark, 0)) {
    Interval window =
        filledTo ? times.following(*filledTo) : Interval{panes.begin()->second.begin()->second.start, end};
    if (watermark == plusInfinity ? window.start > lastStart : !reference::fits(window.end, Kind::Timestamp))
      return;
    Pane &pane = panes[end];
    for (const auto &[key, contents] : pane)
      known.insert(key);
    for (const Key &key : known)
      pane[key].start = int64_t(window.start);
    filledTo = end;
    end = int64_t(times.following(end).end);
  }
}

bool Window::fire(int64_t watermark, int64_t now, bool atEnd, std::vector<Row> &rows, std::string &problem) {
  closeSessions(watermark);
  if (op.getFill())
    fill(watermark);
  while (!panes.empty()) {
    auto first = panes.begin();
    bool due = isDue(first->first, watermark, now);
    if (!due && !atEnd)
      return true;
    if (!emit(first->second, first->first, due ? Timing::OnTime : Timing::Early, rows, problem))
      return false;
    panes.erase(first);
  }
  return true;
}

int64_t Window::lastBorder(int64_t time) const {
  if (shape.getKind() == stream::WindowKind::Global || time == minusInfinity || time == plusInfinity)
    return time;
  if (shape.isInProcessingTime())
    return int64_t(times.lastEnd(time) - 1);
  return int64_t(times.lastEnd(Integer(time) + 1) - 1);
}

std::string Window::describeKey(const Key &key, int64_t start) const {
  stream::StreamType type = typeOf(op.getInput());
  std::string text = keyText(key, type, type.getKeys());
  if (shape.isInTime())
    text += (text.empty() ? "" : ", ") + std::string("window ") + timestampText(start);
  return text;
}

/// Rule 24: in the order of arrival within a slice, slices in the order of time.
std::vector<const Window::Record *> Window::inOrder(const std::vector<Record> &records) const {
  std::vector<const Record *> order;
  for (const Record &record : records)
    order.push_back(&record);
  bool isSliced = shape.getKind() == stream::WindowKind::Sliding || shape.getKind() == stream::WindowKind::Cumulate;
  if (isSliced && !shape.isInProcessingTime())
    llvm::sort(order, [&](const Record *a, const Record *b) {
      return std::pair(times.sliceOf(a->time), a->arrival) < std::pair(times.sliceOf(b->time), b->arrival);
    });
  return order;
}

bool Window::emit(const Pane &pane, int64_t end, Timing timing, std::vector<Row> &rows, std::string &problem) const {
  for (const auto &[key, contents] : pane) {
    Row row;
    row.fields = key;
    if (shape.isInTime()) {
      row.fields.push_back(Value::ofInteger(contents.start));
      row.fields.push_back(Value::ofInteger(end));
    }
    if (shape.isInProcessingTime())
      row.fields.push_back(Value::ofText(timing == Timing::Early ? "early" : "on_time"));
    row.time = shape.isInTime() ? std::optional(end - 1) : greatestTime; // rules 12 and 18
    Aggregation::Group group = aggregation.none();
    for (const Record *record : inOrder(contents.records))
      aggregation.fold(group, record->input, record->time);
    if (auto field = aggregation.append(group, row.fields)) {
      problem = "overflow of `" + *field + "` at " + describeKey(key, contents.start);
      return false;
    }
    rows.push_back(std::move(row));
  }
  return true;
}
