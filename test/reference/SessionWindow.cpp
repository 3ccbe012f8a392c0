//===- SessionWindow.cpp - sessions that fire more than once ------------------===//
#include "SessionWindow.h"
#include "Text.h"
#include "Time.h"

using namespace millrace::reference;
using namespace millrace;
using stream::EmitUnit;

SessionWindow::SessionWindow(stream::WindowOp op, const Environment &params)
    : op(op), shape(op.getWindow()), firing(op.getFiringAttr()), aggregation(op, params) {
  if (!firing)
    return;
  lateness = firing.getLateness();
  firesAgain = firing.firesAgain();
  replaces = firing.replaces();
  discards = firing.getMode() == stream::FiringMode::Discarding;
}

//===-- records -----------------------------------------------------------------===//

/// The first session that a record with the window [time, end) belongs to: all that are left are kept.
SessionWindow::Session *SessionWindow::find(Sessions &all, Integer time, Integer end) {
  auto found = llvm::find_if(all, [&](const Session &session) {
    bool isNear = time < session.end && session.first < end;
    return isNear && mayBeSession(shape, std::min(session.first, time), std::max(session.end, end));
  });
  return found == all.end() ? nullptr : &*found;
}

Window::Outcome SessionWindow::fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) {
  error = row.pathError;
  if (row.isBroken)
    return Window::Outcome::Bad;
  Record record{aggregation.evaluate(row), row.time.value_or(0), arrivals++};
  error = record.input.error;
  bool inProcessingTime = shape.isInProcessingTime();
  if (!row.time && !inProcessingTime) // it comes from a global window over nothing
    return error == MR_NO_ERROR ? Window::Outcome::NoWindow : Window::Outcome::Bad;
  if (error != MR_NO_ERROR)
    return Window::Outcome::Bad;
  Integer time = inProcessingTime ? now : record.time;
  // What has ended by the clock has ended for a record that comes when the clock is at the end.
  Integer passed = inProcessingTime ? Integer(now) - 1 : Integer(watermark);
  std::optional<Integer> gap = gapOf(shape, record.input);
  if (!gap)
    error = gapError;
  else if (!reference::fits(time + *gap, Kind::Timestamp))
    error = windowRangeError;
  if (error != MR_NO_ERROR)
    return Window::Outcome::Bad;
  Integer end = time + *gap;
  Key key = record.input.key;
  Sessions &all = sessions[key];
  Session *session = find(all, time, end);
  if (session) {
    size_t number = size_t(session - all.data());
    grow(key, all, number, std::min(session->first, time), std::max(session->end, end));
    take(all[number], std::move(record), passed);
    return Window::Outcome::Folded;
  }
  Session alone;
  alone.first = time;
  alone.end = end;
  if (isGone(alone, passed)) {
    ++late;
    return Window::Outcome::Late;
  }
  auto behind = llvm::find_if(all, [&](const Session &other) { return other.first > time; });
  take(*all.insert(behind, alone), std::move(record), passed);
  return Window::Outcome::Folded;
}

/// The window of the session is no more: what was written of it goes.
void SessionWindow::replace(const Key &key, const Session &session) {
  if (session.rows && replaces)
    replaced.emplace_back(key, session);
}

/// The session becomes [first, end), and takes in those behind it that are now less than the gap away: their records
/// behind its own, as those of slices are (rule 24), and before the record that makes it grow.
void SessionWindow::grow(const Key &key, Sessions &all, size_t number, Integer first, Integer end) {
  Session one = all[number];
  if (one.first == first && one.end == end)
    return;
  replace(key, one);
  one.first = first;
  one.end = end;
  one.rows = 0;
  while (number + 1 < all.size()) {
    const Session &next = all[number + 1];
    if (next.first >= one.end || !mayBeSession(shape, one.first, std::max(one.end, next.end)))
      break;
    replace(key, next);
    one.end = std::max(one.end, next.end);
    one.fresh += next.fresh;
    one.isDue |= next.isDue;
    if (next.pendingSince)
      one.pendingSince = std::min(one.pendingSince.value_or(*next.pendingSince), *next.pendingSince);
    one.records.insert(one.records.end(), next.records.begin(), next.records.end());
    all.erase(all.begin() + ptrdiff_t(number) + 1);
  }
  all[number] = std::move(one);
}

void SessionWindow::take(Session &session, Record record, Integer watermark) {
  session.records.push_back(std::move(record));
  ++session.fresh;
  watermarkOfRecord = watermark;
  if (!firesAgain)
    return;
  if (!hasEnded(session, watermark)) {
    session.pendingSince.reset(); // its rows come at its end
    session.isDue = firing.getEmitUnit() == EmitUnit::Records && session.fresh >= firing.getEmit();
  } else if (firing.getRefire()) {
    session.pendingSince = session.pendingSince.value_or(watermark);
    session.isDue = false;
  } else {
    session.isDue = true;
  }
}

/// Deletes by end, start and key, then rows by end and key.
std::vector<Row> SessionWindow::takePending(std::string &problem) {
  std::vector<Row> rows;
  llvm::sort(replaced, [](const auto &a, const auto &b) {
    if (a.second.end != b.second.end)
      return a.second.end < b.second.end;
    return a.second.first != b.second.first ? a.second.first < b.second.first : TotalLess()(a.first, b.first);
  });
  for (const auto &[key, session] : replaced) {
    Row &row = rows.emplace_back();
    row.origin = op;
    row.isDelete = true;
    row.fields = key;
    row.fields.push_back(Value::ofInteger(session.first));
    row.fields.push_back(Value::ofInteger(session.end));
    row.fields.resize(typeOf(op.getOutput()).getNames().size(), Value::null());
    row.time = int64_t(session.end - 1);
  }
  replaced.clear();
  std::vector<DueRow> due;
  for (auto &[key, all] : sessions)
    for (Session &session : all)
      if (std::exchange(session.isDue, false))
        due.push_back({&session, &key, hasEnded(session, watermarkOfRecord) ? "late" : "early"});
  emit(due, rows, problem);
  return rows;
}

//===-- what W and the clock make due -------------------------------------------===//

/// Does time, going from `from` to `to`, reach the session's start + k * emit for a k > 0?
bool SessionWindow::passesEmit(const Session &session, Integer from, Integer to) const {
  Integer every = firing.getEmit();
  auto upTo = [&](Integer time) { return (time - session.first - floorMod(time - session.first, every)) / every; };
  return upTo(to) > std::max(upTo(from), Integer(0));
}

/// Why the session's row comes when W goes from `from` to `to`; null: it does not.
const char *SessionWindow::duePassing(Session &session, Integer from, Integer to) const {
  if (!hasEnded(session, to)) {
    bool passes = firing.getEmitUnit() == EmitUnit::Event && passesEmit(session, from + 1, to + 1);
    return passes && session.fresh ? "early" : nullptr;
  }
  if (!firesAgain)
    return isGone(session, to) ? "" : nullptr;
  if (!hasEnded(session, from))
    return "on_time";
  if (!session.pendingSince || !(isGone(session, to) || *session.pendingSince + firing.getRefire() <= to))
    return nullptr;
  session.pendingSince.reset();
  return session.fresh ? "late" : nullptr;
}

void SessionWindow::drop(Integer watermark) {
  for (auto next = sessions.begin(); next != sessions.end();) {
    llvm::erase_if(next->second, [&](const Session &session) { return isGone(session, watermark); });
    next = next->second.empty() ? sessions.erase(next) : std::next(next);
  }
}

bool SessionWindow::moveWatermark(int64_t from, int64_t to, std::vector<Row> &rows, std::string &problem) {
  std::vector<DueRow> due;
  if (shape.isInProcessingTime()) { // rule 8: at the end of the input with their nominal end, early
    if (to != plusInfinity)
      return true;
    for (auto &[key, all] : sessions)
      for (Session &session : all)
        due.push_back({&session, &key, "early"});
    bool good = emit(due, rows, problem);
    sessions.clear();
    return good;
  }
  for (auto &[key, all] : sessions)
    for (Session &session : all)
      if (const char *timing = duePassing(session, from, to))
        due.push_back({&session, &key, timing});
  bool good = emit(due, rows, problem);
  drop(to);
  return good;
}

bool SessionWindow::moveClock(int64_t from, int64_t to, int64_t watermark, std::vector<Row> &rows,
                              std::string &problem) {
  bool inProcessingTime = shape.isInProcessingTime();
  std::vector<DueRow> due;
  for (auto &[key, all] : sessions)
    for (Session &session : all) {
      bool isOver = inProcessingTime && session.end <= to;
      bool isEarly = !isOver && firing && firing.getEmitUnit() == EmitUnit::Processing && session.fresh &&
                     (inProcessingTime || !hasEnded(session, watermark)) && passesEmit(session, from, to);
      if (isOver)
        due.push_back({&session, &key, "on_time"});
      else if (isEarly)
        due.push_back({&session, &key, "early"});
    }
  bool good = emit(due, rows, problem);
  if (inProcessingTime)
    drop(Integer(to) - 1);
  return good;
}

/// By end and key.
bool SessionWindow::emit(std::vector<DueRow> due, std::vector<Row> &rows, std::string &problem) {
  llvm::sort(due, [](const DueRow &a, const DueRow &b) {
    if (a.session->end != b.session->end)
      return a.session->end < b.session->end;
    return TotalLess()(*a.key, *b.key) || (!TotalLess()(*b.key, *a.key) && a.session->first < b.session->first);
  });
  for (const DueRow &one : due)
    if (!append(one, rows, problem))
      return false;
  return true;
}

bool SessionWindow::append(const DueRow &due, std::vector<Row> &rows, std::string &problem) {
  Session &session = *due.session;
  Row row;
  row.origin = op;
  row.fields = *due.key;
  row.fields.push_back(Value::ofInteger(session.first));
  row.fields.push_back(Value::ofInteger(session.end));
  if (firesAgain)
    row.fields.push_back(Value::ofInteger(session.rows));
  if (firesAgain || shape.isInProcessingTime())
    row.fields.push_back(Value::ofText(due.timing));
  row.time = int64_t(session.end - 1); // rule 12
  Aggregation::Group group = aggregation.none();
  for (const Record &record : session.records)
    aggregation.fold(group, record.input, record.time);
  if (auto field = aggregation.append(group, row.fields)) {
    stream::StreamType type = typeOf(op.getInput());
    std::string where = keyText(*due.key, type, type.getKeys());
    where += (where.empty() ? "" : ", ") + std::string("window ") + timestampText(int64_t(session.first));
    problem = "overflow of `" + *field + "` at " + where;
    return false;
  }
  rows.push_back(std::move(row));
  ++session.rows;
  session.fresh = 0;
  if (discards)
    session.records.clear();
  return true;
}

//===-- W of the results ----------------------------------------------------------===//

int64_t SessionWindow::lastBorder(int64_t time) const {
  bool isFinite = time != minusInfinity && time != plusInfinity;
  return isFinite && shape.isInProcessingTime() ? time - 1 : time;
}

int64_t SessionWindow::resultWatermark(int64_t watermark) const {
  if (watermark == minusInfinity || watermark == plusInfinity || firesAgain)
    return watermark;
  return int64_t(std::max(Integer(watermark) - lateness, Integer(minusInfinity) + 1));
}
