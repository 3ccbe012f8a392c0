//===- Windows.cpp - windows and what is in them ------------------------------===//
#include "Windows.h"
#include "Text.h"
#include "Time.h"

using namespace millrace::reference;
using namespace millrace;

static stream::StreamType inputType(stream::WindowOp op) {
  return llvm::cast<stream::StreamType>(op.getInput().getType());
}

/// The values that `names` have in a row of type `type`.
static std::vector<Value> pick(const Row &row, stream::StreamType type, llvm::ArrayRef<mlir::StringAttr> names) {
  std::vector<Value> values;
  for (mlir::StringAttr name : names)
    values.push_back(row.fields[size_t(type.indexOf(name))]);
  return values;
}

Window::Window(stream::WindowOp op, const Environment &params) : op(op), params(params), shape(op.getWindow()) {
  // Rule 18: without a key, over empty input, a global window gives one row.
  if (shape.getKind() == stream::WindowKind::Global && !inputType(op).isKeyed())
    panes[0][{}] = newAggregates();
}

std::vector<Aggregate> Window::newAggregates() const {
  std::vector<Aggregate> aggregates;
  mlir::ValueRange values = yielded(op.getBody());
  unsigned next = 0;
  for (auto aggregate : op.getAggregates().getAsRange<stream::AggregateAttr>()) {
    Kind argument = aggregate.getNumArgs() ? describe(values[next].getType()).kind : Kind::Null;
    aggregates.emplace_back(aggregate.getFn(), argument);
    next += aggregate.getNumArgs() + (aggregate.getFiltered() ? 1 : 0);
  }
  return aggregates;
}

/// -0 and +0 are one key, which prints as 0; so are all NaNs (rule 26).
static Value normaliseKey(Value key) {
  if (auto *real = std::get_if<double>(&key.data); real && *real == 0)
    *real = 0;
  return key;
}

Window::Outcome Window::fold(const Row &row, int64_t watermark, int64_t now, mr_error &error) {
  // Rule 47: keys, arguments and conditions are all used, whatever they are.
  error = row.pathError;
  if (row.isBroken)
    return Outcome::Bad;
  stream::StreamType type = inputType(op);
  Key key = pick(row, type, type.getKeys());
  Environment environment = params;
  std::vector<mlir::StringAttr> names;
  for (auto name : op.getFields().getAsRange<mlir::StringAttr>())
    names.push_back(name);
  evaluate(op.getBody(), pick(row, type, names), environment);
  std::vector<Value> values;
  for (mlir::Value value : yielded(op.getBody()))
    values.push_back(environment.lookup(value));
  for (const std::vector<Value> *used : {&key, &values})
    for (const Value &value : *used)
      error = std::min(error, value.error);
  for (Value &value : key)
    value = normaliseKey(value);

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
  std::vector<Aggregate> &aggregates = panes[start].try_emplace(std::move(key), newAggregates()).first->second;
  size_t next = 0;
  for (auto [i, aggregate] : llvm::enumerate(op.getAggregates().getAsRange<stream::AggregateAttr>())) {
    const Value *argument = aggregate.getNumArgs() ? &values[next] : nullptr;
    next += aggregate.getNumArgs();
    bool counts = !aggregate.getFiltered() || values[next].isTrue();
    next += aggregate.getFiltered() ? 1 : 0;
    if (counts)
      aggregates[i].add(argument, row.time.value_or(0));
  }
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
  stream::StreamType type = inputType(op);
  std::string text;
  for (auto [name, value] : llvm::zip_equal(type.getKeys(), key))
    text += (text.empty() ? "" : ", ") + name.str() + " = " + toJson(value, describe(type.lookup(name)).kind);
  if (shape.getKind() == stream::WindowKind::Tumbling)
    text += (text.empty() ? "" : ", ") + std::string("window ") + timestampText(start);
  return text;
}

bool Window::emit(const Pane &pane, int64_t start, Timing timing, std::vector<Row> &rows, std::string &problem) const {
  auto type = llvm::cast<stream::StreamType>(op.getOutput().getType());
  bool inTime = shape.getKind() == stream::WindowKind::Tumbling;
  for (const auto &[key, aggregates] : pane) {
    Row &row = rows.emplace_back();
    row.fields = key;
    if (inTime) {
      row.fields.push_back(Value::ofInteger(start));
      row.fields.push_back(Value::ofInteger(Integer(start) + shape.getSize()));
      if (shape.getDomain() == stream::TimeDomain::Processing)
        row.fields.push_back(Value::ofText(timing == Timing::Early ? "early" : "on_time"));
    }
    row.time = inTime ? std::optional(start + shape.getSize() - 1) : greatestTime; // rules 12 and 18
    for (const Aggregate &aggregate : aggregates) {
      size_t field = row.fields.size();
      std::optional<Value> value = aggregate.result(describe(type.getTypes()[field]).kind);
      if (!value) {
        rows.pop_back();
        problem = "overflow of `" + type.getNames()[field].str() + "` at " + describeKey(key, start);
        return false;
      }
      row.fields.push_back(std::move(*value));
    }
  }
  return true;
}
