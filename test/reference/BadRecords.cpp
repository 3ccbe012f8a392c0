//===- BadRecords.cpp - records that are bad: judged, counted, sent as letters --===//
//
// Rules 47 to 49: what makes a record bad where, what the source's policy does
// with it, and what stops the pipeline.
//
//===----------------------------------------------------------------------===//
#include "Pipeline.h"
#include "Text.h"
#include "Time.h"
#include "dialect/stream/Names.h"
#include "runtime/engine/errors.h"

using namespace millrace::reference;
using namespace millrace;

std::string reference::placeText(const Record &record) {
  return record.origin.file.value_or("input") + (record.origin.line ? ":" + std::to_string(*record.origin.line) : "");
}

std::string Pipeline::reasonOf(mr_error error) const {
  if (error == windowRangeError)
    return reasonText(MR_OVERFLOW, "the window");
  if (error == gapError)
    return reasonText(MR_OUT_OF_RANGE, "the gap, which is null or not above zero");
  return reasonText(error & 7, sites[error >> 3].text);
}

/// Counts a bad record of the source; false if it stops the pipeline.
bool Pipeline::countBad(Source &source, const Record &record, const std::string &reason) {
  ++source.bad;
  std::optional<uint64_t> most = source.op.getMaxBad(), percent = source.op.getMaxBadPercent();
  bool fails = source.op.getOnBad() == stream::BadPolicy::Fail && !most && !percent;
  fails |= most && source.bad > *most;
  // A share is judged from the 1000th record on, and at the end (judgeShare).
  fails |= percent && source.records >= 1000 && source.bad * 100 > source.records * *percent;
  if (fails) {
    stop(1, placeText(record) + ": " + reason);
    stopped.at = Stop::At::Record;
  }
  return !fails;
}

/// Rule 49: at the end of a source its share of bad records is judged, however few records there were.
bool Pipeline::judgeShare(Source &source) {
  std::optional<uint64_t> percent = source.op.getMaxBadPercent();
  if (!percent || source.watermark() != plusInfinity || source.bad * 100 <= source.records * *percent)
    return true;
  stop(1, std::to_string(source.bad) + " of " + std::to_string(source.records) + " records are bad");
  if (sources.size() == 1) // else it may not be exact how far the others were read
    stopped.at = Stop::At::Record;
  return false;
}

/// The cause has been everywhere: its rows go on, unless it stops the pipeline.
bool Pipeline::judge(Cause &cause) {
  auto nameOf = [&](int32_t terminal) { return stream::operatorName(terminals[size_t(terminal)]).str(); };
  if (!cause.problem.empty() || !cause.badBehindState.empty()) {
    std::string problem = cause.problem;
    if (problem.empty()) {
      auto [terminal, error] = *cause.badBehindState.begin();
      problem = reasonOf(error) + ", on the way to `" + nameOf(terminal) + "`";
    }
    stop(1, cause.description + ": " + problem);
    stopped.at = cause.record ? Stop::At::State : Stop::At::Turn;
    return false;
  }
  std::vector<Letter> letters;
  for (auto [terminal, error] : cause.bad) {
    std::string name = nameOf(terminal), reason = reasonOf(error);
    if (!cause.record) // a result of a window, or a dead letter: stops
      return stop(1, cause.description + ": " + reason + ", on the way to `" + name + "`");
    ++badAt[name];
    if (!countBad(*cause.source, *cause.record, reason)) {
      Stop limit = stopped; // what `max_bad` still allowed of this record has its letter
      sendLetters(*cause.source, *cause.record, letters);
      stopped = limit;
      return false;
    }
    letters.push_back({name, reason});
  }
  for (auto &[sink, row] : cause.rows)
    sink->rows.push_back(std::move(row));
  return (letters.empty() || sendLetters(*cause.source, *cause.record, letters)) && firePending();
}

/// Rows that fire right after a record (rules 20 and 21), once it has been everywhere.
bool Pipeline::firePending() {
  for (mlir::Operation &inner : op.getBody().front()) {
    FiringWindow *window = firingWindowOf.lookup(&inner);
    if (!window)
      continue;
    std::string problem, name = stream::operatorName(&inner).str();
    if (!pushAll(inner.getResult(0), window->takePending(problem), "a result of `" + name + "`"))
      return false;
    if (!problem.empty())
      return stop(1, "`" + name + "`: " + problem);
  }
  return true;
}

/// A record of a generator has no bytes: its letter holds it as JSON.
static std::string recordText(stream::SourceOp op, const Record &record) {
  if (!record.origin.raw.empty() || !record.row)
    return record.origin.raw;
  stream::StreamType type = op.getOutput().getType();
  std::string text = "{";
  for (auto [i, name] : llvm::enumerate(type.getNames()))
    text += (i ? "," : "") + quoteJson(name.strref()) + ":" + toJson(record.row->fields[i], type.getTypes()[i]);
  return text + "}";
}

bool Pipeline::sendLetters(Source &source, const Record &record, const std::vector<Letter> &letters) {
  if (source.op.getOnBad() != stream::BadPolicy::DeadLetter || !source.op.getDead())
    return true;
  auto number = [](std::optional<int64_t> value) { return value ? Value::ofInteger(*value) : Value::null(); };
  for (const Letter &letter : letters) {
    Row row;
    row.fields = {Value::ofText(recordText(source.op, record)),
                  record.origin.file ? Value::ofText(*record.origin.file) : Value::null(),
                  number(record.origin.line),
                  number(record.origin.byte),
                  Value::ofText(letter.op),
                  Value::ofText(letter.reason)};
    Cause cause;
    cause.description = "a dead letter of `" + stream::operatorName(source.op).str() + "`";
    push(source.op.getDead(), std::move(row), cause);
    if (!judge(cause))
      return false;
  }
  return true;
}
