//===- TopWindow.cpp - the best records of windows ----------------------------===//
#include "TopWindow.h"

using namespace millrace::reference;
using namespace millrace;

TopWindow::TopWindow(stream::TopOp op, const Environment &params, std::string &problem)
    : op(op), params(params), shape(resolve(op.getWindow(), op.getInput())),
      times(shape, op.getWindow().getKind() == stream::WindowKind::Same, problem) {}

Window::Outcome TopWindow::fold(const Row &row, int64_t watermark, mr_error &error) {
  error = row.pathError;
  if (row.isBroken)
    return Window::Outcome::Bad;
  stream::StreamType type = typeOf(op.getInput());
  Environment environment = params;
  std::vector<mlir::StringAttr> names(op.getFields().getAsRange<mlir::StringAttr>().begin(),
                                      op.getFields().getAsRange<mlir::StringAttr>().end());
  evaluate(op.getBody(), pick(row, type, names), environment);
  Record record{{}, row, arrivals++};
  for (mlir::Value value : yielded(op.getBody())) {
    record.by.push_back(environment.lookup(value));
    error = std::min(error, record.by.back().error);
  }
  bool isPassedOver = record.by.front().isNull(); // but it may be bad, or late
  for (const Value &field : row.fields)
    error = std::min(error, field.error);
  std::vector<Interval> windows;
  if (shape.isInTime() && row.time)
    windows = times.holding(*row.time);
  for (Interval window : windows)
    if (!reference::fits(window.start, Kind::Timestamp) || !reference::fits(window.end, Kind::Timestamp))
      error = std::min(error, windowRangeError);
  if (error != MR_NO_ERROR)
    return Window::Outcome::Bad;
  Key key = keyOf(row, type, type.getKeys());
  if (!shape.isInTime()) {
    if (row.time)
      greatestTime = std::max(greatestTime.value_or(*row.time), *row.time);
    if (!isPassedOver)
      panes[plusInfinity][key].push_back(record);
    return Window::Outcome::Folded;
  }
  if (windows.empty()) {
    inNoWindow += row.time.has_value();
    return Window::Outcome::NoWindow;
  }
  size_t gone = 0;
  for (Interval window : windows) {
    if (watermark >= window.end - 1)
      ++gone;
    else if (!isPassedOver)
      panes[int64_t(window.end)][key].push_back(record);
  }
  late += gone == windows.size();
  partlyLate += gone && gone < windows.size();
  return gone == windows.size() ? Window::Outcome::Late : Window::Outcome::Folded;
}

/// Nulls come last, whatever the direction.
bool TopWindow::isBefore(const Record &a, const Record &b) const {
  for (auto [i, descending] : llvm::enumerate(op.getDescending())) {
    int order = compareTotal(a.by[i], b.by[i]);
    bool turned = descending && !a.by[i].isNull() && !b.by[i].isNull();
    if (order)
      return turned ? order > 0 : order < 0;
  }
  return false;
}

void TopWindow::fire(int64_t watermark, std::vector<Row> &rows) {
  while (!panes.empty()) {
    auto &[end, pane] = *panes.begin();
    if (end == plusInfinity ? watermark != plusInfinity : watermark < end - 1)
      return;
    for (auto &[key, records] : pane) {
      llvm::sort(records, [&](const Record &a, const Record &b) {
        return isBefore(a, b) || (!isBefore(b, a) && a.arrival < b.arrival);
      });
      for (size_t i = 0; i < records.size(); ++i) {
        bool isTie =
            i >= size_t(op.getLimit()) && op.getTies() && !isBefore(records[size_t(op.getLimit()) - 1], records[i]);
        if (i >= size_t(op.getLimit()) && !isTie)
          break;
        Row row;
        row.fields = records[i].row.fields;
        row.time = shape.isInTime() ? std::optional(end - 1) : greatestTime; // rules 12 and 18
        rows.push_back(std::move(row));
      }
    }
    panes.erase(panes.begin());
  }
}

int64_t TopWindow::lastBorder(int64_t time) const {
  if (!shape.isInTime() || time == minusInfinity || time == plusInfinity)
    return time;
  return int64_t(times.lastEnd(Integer(time) + 1) - 1);
}
