//===- status.h - what people see while a pipeline runs, and at its end ------------------===//
#ifndef MILLRACE_RUNTIME_METRICS_STATUS_H
#define MILLRACE_RUNTIME_METRICS_STATUS_H

#include <cstdint>
#include <string>

namespace millrace {

struct Statistics;
enum class Progress : uint8_t;

/// What the live line shows beside the counters.
struct Progression {
  int64_t watermark;    ///< the least of all sources; INT64_MIN: none yet, INT64_MAX: at the end
  int64_t now;          ///< processing time
  uint64_t done, total; ///< of the input's bytes or records; total 0: unknown
  bool live;            ///< does the watermark's lag behind the clock mean anything?
};

/// Messages, the live status line and the final statistics, all on one descriptor. Only `say` speaks when quiet.
class Status {
public:
  Status(int fd, Progress progress, bool quiet);

  /// A message (without its line end). The live line makes way.
  void say(const std::string &message);
  /// Is it time for a new live line? At most five a second.
  bool due(int64_t stopwatch) const { return live && stopwatch - lastLine >= kPause; }
  void show(const Statistics &counts, const Progression &progression, int64_t stopwatch);
  /// Takes the live line away.
  void clear();
  bool terminal() const { return isTerminal; }
  /// How many there have been so far.
  uint64_t messages() const { return said; }
  bool shows() const { return live; }

private:
  static constexpr int64_t kPause = 200'000;
  void write(const std::string &text);

  int fd;
  bool isTerminal, live, shown = false;
  int64_t lastLine = 0;
  uint64_t lastRecords = 0, said = 0;
};

/// One line for people: `1,707 records, 3 bad, 0 late in 4 ms (427 K records/s)`.
std::string statisticsLine(const Statistics &counts);
/// The same as one JSON object.
std::string statisticsJson(const char *pipeline, const Statistics &counts, int exitCode);

} // namespace millrace

#endif
