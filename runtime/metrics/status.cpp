//===- status.cpp ---------------------------------------------------------------------------===//
#include "runtime/metrics/status.h"
#include "runtime/engine/engine.h"
#include "runtime/io/json_text.h"
#include "runtime/io/table_text.h"
#include "runtime/time/duration.h"
#include "runtime/values/format.h"
#include "runtime/values/size_text.h"

#include <cerrno>
#include <cstdio>
#include <sys/ioctl.h>
#include <unistd.h>

namespace millrace {

namespace {

/// 1707 -> `1,707`
std::string grouped(uint64_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, ",");
  return text;
}

/// Three digits and a unit: `427 K`, `1.25 M`.
std::string rounded(double number) {
  const char *units[] = {"", " K", " M", " G"};
  int unit = 0;
  for (; number >= 999.5 && unit < 3; ++unit)
    number /= 1000;
  char text[32];
  std::snprintf(text, sizeof(text), "%.*f%s",
                unit == 0 || number >= 99.95 ? 0
                : number >= 9.995            ? 1
                                             : 2,
                number, units[unit]);
  return text;
}

/// A watermark further behind the clock than this (30 days) is of old data: how far it lags means nothing.
constexpr int64_t kHistory = int64_t(30) * 86'400 * 1'000'000;

double rateOf(uint64_t records, int64_t micros) { return double(records) * 1e6 / double(micros > 0 ? micros : 1); }

std::string timeText(int64_t time) {
  char text[kMaxFormat];
  return std::string(text, formatTimestamp(text, time / 1'000'000 * 1'000'000));
}

} // namespace

Status::Status(int fd, Progress progress, bool quiet) : fd(fd), isTerminal(isatty(fd)) {
  live = !quiet && (progress == Progress::Always || (progress == Progress::Auto && isTerminal));
}

void Status::write(const std::string &text) {
  size_t done = 0;
  while (done < text.size()) {
    ssize_t count = ::write(fd, text.data() + done, text.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return; // nowhere left to complain to
    done += size_t(count);
  }
}

void Status::clear() {
  if (shown)
    write("\r\x1b[K");
  shown = false;
}

void Status::say(const std::string &message) {
  ++said;
  clear();
  write(message + "\n");
}

void Status::show(const Statistics &counts, const Progression &progression, int64_t stopwatch) {
  std::string line;
  if (progression.total)
    line += std::to_string(progression.done * 100 / progression.total) + " %  ";
  line += grouped(counts.records) + " records";
  if (lastLine)
    line += "  " + rounded(rateOf(counts.records - lastRecords, stopwatch - lastLine)) + "/s";
  if (progression.watermark != INT64_MIN && progression.watermark != INT64_MAX) {
    line += "  watermark " + timeText(progression.watermark);
    if (int64_t lag = progression.now - progression.watermark; progression.live && lag < kHistory)
      line += " (" + writtenDuration(lag / 1'000'000 * 1'000'000) + " behind)";
  }
  line += "  " + grouped(counts.late) + " late  " + grouped(counts.bad) + " bad";
  if (counts.stateBytes)
    line += "  state " + sizeText(counts.stateBytes);
  winsize size = {};
  if (isTerminal && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col) // a line that wraps could not be taken away
    line = cutToWidth(line, size.ws_col - 1);
  write("\r\x1b[K" + line);
  shown = true;
  lastLine = stopwatch;
  lastRecords = counts.records;
}

std::string statisticsLine(const Statistics &counts) {
  std::string text = grouped(counts.records) + (counts.records == 1 ? " record" : " records") + ", " +
                     grouped(counts.bad) + " bad, " + grouped(counts.late) + " late";
  if (counts.partlyLate)
    text += ", " + grouped(counts.partlyLate) + " partly late";
  if (counts.inNoWindow)
    text += ", " + grouped(counts.inNoWindow) + " in no window";
  if (counts.future)
    text += ", " + grouped(counts.future) + " in the future";
  if (counts.blank)
    text += ", " + grouped(counts.blank) + " blank lines";
  text += "; " + grouped(counts.rows) + (counts.rows == 1 ? " row" : " rows") + " out; ";
  char seconds[32];
  std::snprintf(seconds, sizeof(seconds), "%.3f s", double(counts.micros) / 1e6);
  text += std::string(seconds) + ", " + rounded(rateOf(counts.records, counts.micros)) + " records/s";
  return counts.stateBytesMost ? text + "; state " + sizeText(counts.stateBytesMost) + " at most" : text;
}

std::string statisticsJson(const char *pipeline, const Statistics &counts, int exitCode) {
  Buffer text;
  text.append("{\"pipeline\":");
  appendJsonString(pipeline, text);
  auto number = [&](const char *name, uint64_t value) {
    text.append(",\"");
    text.append(name);
    text.append("\":");
    text.append(std::to_string(value));
  };
  number("records", counts.records);
  number("bad", counts.bad);
  number("late", counts.late);
  number("partly_late", counts.partlyLate);
  number("in_no_window", counts.inNoWindow);
  number("future", counts.future);
  number("blank", counts.blank);
  number("rows", counts.rows);
  number("state_bytes", counts.stateBytes);
  number("state_bytes_most", counts.stateBytesMost);
  if (!counts.operators.empty())
    text.append(",\"state\":[");
  for (const StateStatistics &state : counts.operators) {
    text.append(&state == counts.operators.data() ? "{\"operator\":" : ",{\"operator\":");
    appendJsonString(state.name.c_str(), text);
    number("bytes", state.bytes);
    number("bytes_most", state.bytesMost);
    number("keys", state.keys);
    text.append('}');
  }
  if (!counts.operators.empty())
    text.append(']');
  number("micros", uint64_t(counts.micros));
  number("longest_batch_micros", uint64_t(counts.longestBatch));
  number("records_per_second", uint64_t(rateOf(counts.records, counts.micros)));
  number("exit_code", uint64_t(exitCode));
  text.append('}');
  return std::string(text.view());
}

} // namespace millrace
