//===- engine.h - running a pipeline -----------------------------------------===//
//
// Called by the host: by mr_main (a built binary) and by `millrace run`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_ENGINE_H
#define MILLRACE_RUNTIME_ENGINE_ENGINE_H

#include "millrace/abi.h"
#include "runtime/io/source.h"

#include <string>
#include <vector>

namespace millrace {

class Host;
class StateMemory;
class Storage;

/// When to show a live status line on standard error. Auto: when it is a terminal.
enum class Progress : uint8_t { Auto, Always, Never };

/// Exit codes of programs.
enum ExitCode : int { kDone = 0, kWrong = 1, kUsage = 2, kEnvironment = 3, kInterrupted = 130 };

/// Few milliseconds, where memory is not in the caches and rows are written as JSON.
inline constexpr uint32_t kPiece = 16384;

/// Of --memory, in programs and in the driver alike.
inline constexpr const char *kMemoryHelp =
    "most memory that state may take, as 512m or 2g; beyond it the pipeline stops with exit code 3";

struct RunOptions {
  std::vector<std::string> settings; ///< of params: `name=value`
  uint32_t batch = kMaxBatch;        ///< records, 1 to kMaxBatch
  uint32_t piece = kPiece;           ///< positions of state that a firing goes through between two batches
  bool drain = false;                ///< Ctrl-C counts as the end of input: open windows fire
  DecodePath decode = DecodePath::Auto;
  Simd simd = Simd::Auto;
  std::string clock;        ///< simulated processing time (clock.h); empty: the real one
  bool stats = false;       ///< final statistics even where standard error is no terminal
  bool json = false;        ///< final statistics as one JSON object on standard error
  bool quiet = false;       ///< errors only
  uint64_t stateBudget = 0; ///< bytes that all state may take (--memory); 0: no limit
  Progress progress = Progress::Auto;

  MemoryInputs memory;                ///< for hosts: what `source memory("name")` reads
  StateMemory *stateMemory = nullptr; ///< for tests; 0: the machine's
  Storage *storage = nullptr;         ///< for tests and hosts; 0: the machine's files
  Host *host = nullptr;               ///< for hosts that give the records and the time themselves
  int messages = 2;                   ///< descriptor for messages, statistics, status
};

/// Memory of one operator's state.
struct StateStatistics {
  std::string name;       ///< the operator's
  uint64_t bytes = 0;     ///< when the run ended
  uint64_t bytesMost = 0; ///< the most that it was
  uint64_t keys = 0;      ///< when the run ended
};

/// Exact counters of a run.
struct Statistics {
  uint64_t records = 0;                   ///< read: well-formed and malformed ones
  uint64_t bad = 0;                       ///< once per operator (rule 47), malformed ones too
  uint64_t late = 0;                      ///< rule 19, over all windows
  uint64_t partlyLate = 0;                ///< rule 19: some of the record's windows had fired already, over all windows
  uint64_t inNoWindow = 0;                ///< rule 13: records between windows
  uint64_t future = 0;                    ///< rule 9: too far beyond the clock: dropped, or kept without moving W
  uint64_t blank = 0;                     ///< blank lines
  uint64_t rows = 0;                      ///< that left by sinks
  uint64_t stateBytes = 0;                ///< memory of state: now, or when the run ended
  uint64_t stateBytesMost = 0;            ///< the most that it was
  int64_t micros = 0;                     ///< wall clock from start to end
  int64_t longestBatch = 0;               ///< microseconds: the most that a batch and what it let fire took
  std::vector<StateStatistics> operators; ///< those with state, when the run has ended
};

/// Runs to the end of input, or until it is interrupted (SIGINT, SIGTERM). Returns an exit code; says on
/// `options.messages` why if it is not kDone. Not reentrant: one pipeline at a time in a process.
int runPipeline(const mr_pipeline_desc &pipeline, const RunOptions &options, Statistics *statistics = nullptr);

} // namespace millrace

/// main() of a built binary: parses the command line and runs the pipeline. Returns the exit code.
extern "C" int mr_main(const mr_pipeline_desc *pipeline, int argc, char **argv);

#endif
