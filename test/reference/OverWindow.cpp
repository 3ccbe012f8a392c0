//===- OverWindow.cpp - windows per record ------------------------------------===//
#include "OverWindow.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/stream/Clauses.h"

using namespace millrace::reference;
using namespace millrace;

OverWindow::Outcome OverWindow::take(const Row &row, int64_t watermark, mr_error &error) {
  error = row.pathError;
  if (row.isBroken)
    return Outcome::Bad;
  stream::StreamType type = typeOf(op.getInput());
  Record record{aggregation.evaluate(row), {}, *row.time};
  error = record.input.error;
  for (auto [i, name] : llvm::enumerate(op.getPassed().getAsRange<mlir::StringAttr>())) {
    record.passed.push_back(row.fields[size_t(type.indexOf(name))]);
    if (used[unsigned(i)]) // rule 47
      error = std::min(error, record.passed.back().error);
  }
  if (error != MR_NO_ERROR)
    return Outcome::Bad;
  if (*row.time <= watermark) {
    ++late;
    return Outcome::Late;
  }
  waiting.emplace(*row.time, std::move(record));
  return Outcome::Taken;
}

/// The place of record `self` among those from `begin` to `end`.
Value OverWindow::placeOf(stream::AggregateAttr what, size_t argument, const Records &records, size_t begin, size_t end,
                          size_t self) const {
  if (what.getFn() == "row_number")
    return Value::ofInteger(Integer(self - begin + 1));
  if (what.getFn() == "lag") {
    auto back = size_t(stream::offsetOf(what));
    return self - begin < back ? Value::null() : records[self - back].input.values[argument];
  }
  const Value &own = records[self].input.values[argument];
  if (own.isNull())
    return Value::null();
  Integer before = 0;
  for (size_t i = begin; i < end; ++i) {
    const Value &other = records[i].input.values[argument];
    int order = other.isNull() ? 0 : compareTotal(other, own);
    before += what.getOptions().contains("descending") ? order > 0 : order < 0;
  }
  return Value::ofInteger(before + 1);
}

std::optional<std::string> OverWindow::append(const Records &records, size_t self, std::vector<Value> &fields) const {
  stream::OverAttr window = op.getWindow();
  size_t begin = 0, end = self + 1;
  if (window.getKind() == stream::OverKind::Time) { // both ends, and all of the record's own time
    while (Integer(records[begin].time) < Integer(records[self].time) - window.getAmount())
      ++begin;
    while (end < records.size() && records[end].time == records[self].time)
      ++end;
  } else if (window.getKind() == stream::OverKind::Rows && end > size_t(window.getAmount())) {
    begin = end - size_t(window.getAmount());
  }
  Aggregation::Group group = aggregation.none();
  for (size_t i = begin; i < end; ++i)
    aggregation.fold(group, records[i].input, records[i].time);
  size_t first = fields.size();
  if (auto problem = aggregation.append(group, fields))
    return problem;
  size_t argument = 0;
  for (auto [i, what] : llvm::enumerate(op.getAggregates().getAsRange<stream::AggregateAttr>())) {
    if (expr::isPlace(what.getFn()))
      fields[first + i] = placeOf(what, argument, records, begin, end, self);
    argument += what.getNumArgs() + (what.getFiltered() ? 1 : 0);
  }
  return std::nullopt;
}

bool OverWindow::release(int64_t watermark, std::vector<Row> &rows, std::string &problem) {
  stream::StreamType type = typeOf(op.getInput());
  auto due = waiting.upper_bound(watermark);
  for (auto it = waiting.begin(); it != due;) {
    // All of one time are in each other's windows.
    auto last = waiting.upper_bound(it->first);
    std::vector<std::pair<Records *, size_t>> together;
    for (; it != last; it = waiting.erase(it)) {
      Records &records = passedBy[it->second.input.key];
      together.emplace_back(&records, records.size());
      records.push_back(std::move(it->second));
    }
    for (auto [records, self] : together) {
      const Record &record = (*records)[self];
      Row row;
      row.fields = record.passed;
      row.time = record.time;
      if (auto field = append(*records, self, row.fields)) {
        problem = "overflow of `" + *field + "`"; // rule 23
        if (type.isKeyed())
          problem += " at " + keyText(record.input.key, type, type.getKeys());
        return false;
      }
      rows.push_back(std::move(row));
    }
  }
  return true;
}
