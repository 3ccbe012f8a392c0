//===- CountWindow.cpp - windows of so many records ---------------------------===//
#include "CountWindow.h"

using namespace millrace::reference;
using namespace millrace;

CountWindow::Outcome CountWindow::take(const Row &row, std::vector<Row> &results, mr_error &error,
                                       std::string &problem) {
  error = row.pathError;
  if (row.isBroken)
    return Outcome::Bad;
  Record record{aggregation.evaluate(row), row.time.value_or(0)};
  error = record.input.error;
  if (error != MR_NO_ERROR)
    return Outcome::Bad;
  Entry &entry = entries[record.input.key];
  Row result;
  result.fields = record.input.key;
  ++entry.seen;
  entry.records.push_back(std::move(record));
  if (int64_t(entry.records.size()) > shape.getSize())
    entry.records.pop_front();
  if (entry.seen % shape.getSlide() != 0)
    return Outcome::Taken;

  result.isBehindState = true;
  result.time = row.time;
  Aggregation::Group group = aggregation.none();
  for (const Record &each : entry.records)
    aggregation.fold(group, each.input, each.time);
  if (auto field = aggregation.append(group, result.fields)) {
    stream::StreamType type = typeOf(op.getInput());
    problem = "overflow of `" + *field + "`"; // rule 23
    if (type.isKeyed())
      problem += " at " + keyText(keyOf(row, type, type.getKeys()), type, type.getKeys());
    return Outcome::Overflow;
  }
  results.push_back(std::move(result));
  return Outcome::Taken;
}
