//===- Windows.cpp - windows and what is in them ------------------------------===//
#include "Windows.h"
#include "Text.h"
#include "Time.h"

using namespace millrace::reference;
using namespace millrace;

Window::Window(stream::WindowOp op, const Environment &params)
    : op(op), shape(op.getWindow()), aggregation(op, params) {
  // Rule 18: without a key, over empty input, a global window gives one row.
  if (shape.getKind() == stream::WindowKind::Global && !typeOf(op.getInput()).isKeyed())
    panes[0][{}] = aggregation.none();
}

Window::Outcome Window::fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) {
  error = row.pathError;
  if (row.isBroken)
    return Outcome::Bad;
  Aggregation::Input input = aggregation.evaluate(row);
  error = input.error;

  int64_t start = 0;
  bool inTime = shape.getKind() == stream::WindowKind::Tumbling;
  if (inTime) {
    bool processing = shape.getDomain() == stream::TimeDomain::Processing;
    if (!processing && !row.time)
      return error != MR_NO_ERROR ? Outcome::Bad : Outcome::NoWindow; // behind a global window over nothing
    int64_t time = processing ? now : *row.time;
    start = int64_t(time - floorMod(Integer(time) - shape.getOffset(), shape.getSize())); // rule 11
    // A window that leaves the range of timestamps is an error of the record (rule 1).
    if (!fits(start, Kind::Timestamp) || !fits(Integer(start) + shape.getSize(), Kind::Timestamp))
      error = std::min(error, windowRangeError);
  }
  if (error != MR_NO_ERROR)
    return Outcome::Bad;
  // Rules 12 and 19: its window has fired, and its state is gone.
  if (inTime && shape.getDomain() == stream::TimeDomain::Event && watermark >= start + shape.getSize() - 1) {
    ++late;
    return Outcome::Late;
  }
  if (row.time)
    greatestTime = std::max(greatestTime.value_or(*row.time), *row.time);
  Aggregation::Group &group = panes[start].try_emplace(input.key, aggregation.none()).first->second;
  aggregation.fold(group, input, row.time.value_or(0));
  return Outcome::Folded;
}

bool Window::isDue(int64_t start, int64_t watermark, int64_t now) const {
  if (shape.getKind() == stream::WindowKind::Global)
    return watermark == plusInfinity; // rule 18
  int64_t end = start + shape.getSize();
  return shape.getDomain() == stream::TimeDomain::Processing ? now >= end : watermark >= end - 1; // rule 12
}

bool Window::fire(int64_t watermark, int64_t now, bool atEnd, std::vector<Row> &rows, std::string &problem) {
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

std::string Window::describeKey(const Key &key, int64_t start) const {
  stream::StreamType type = typeOf(op.getInput());
  std::string text = keyText(key, type, type.getKeys());
  if (shape.getKind() == stream::WindowKind::Tumbling)
    text += (text.empty() ? "" : ", ") + std::string("window ") + timestampText(start);
  return text;
}

bool Window::emit(const Pane &pane, int64_t start, Timing timing, std::vector<Row> &rows, std::string &problem) const {
  bool inTime = shape.getKind() == stream::WindowKind::Tumbling;
  for (const auto &[key, group] : pane) {
    Row row;
    row.fields = key;
    if (inTime) {
      row.fields.push_back(Value::ofInteger(start));
      row.fields.push_back(Value::ofInteger(Integer(start) + shape.getSize()));
      if (shape.getDomain() == stream::TimeDomain::Processing)
        row.fields.push_back(Value::ofText(timing == Timing::Early ? "early" : "on_time"));
    }
    row.time = inTime ? std::optional(start + shape.getSize() - 1) : greatestTime; // rules 12 and 18
    if (auto field = aggregation.append(group, row.fields)) {
      problem = "overflow of `" + *field + "` at " + describeKey(key, start);
      return false;
    }
    rows.push_back(std::move(row));
  }
  return true;
}
