//===- program.h - a pipeline built by the product, run in this process ---===//
#ifndef MILLRACE_BENCH_PROGRAM_H
#define MILLRACE_BENCH_PROGRAM_H

#include "bench/cases.h"
#include "millrace/abi.h"

namespace bench {

/// A pipeline as a shared library, made by `millrace build --shared --cpu=native`. Leaves the process if that fails.
class Program {
public:
  /// `text`: the pipeline. `toCsv`: rows go to a file instead of to nowhere, to be checked.
  /// `flags`: more arguments of `build`, to force a choice.
  Program(const std::string &millrace, std::string text, const std::vector<std::string> &flags, bool toCsv);
  ~Program();
  Program(const Program &) = delete;

  /// Runs over the whole input; returns the rows that left by sinks.
  uint64_t run(const Input &input, const std::vector<std::string> &settings);
  /// The same, with the rows read back and summed up as the twins do.
  twins::Answer runToCsv(const Input &input, const std::vector<std::string> &settings, const std::string &columns);

  /// Of the last run: the longest time from one batch to the next, in milliseconds, and the most bytes that state had.
  double longestBatch() const;
  /// Of the last run: seconds that this thread was in calls of the step; only if that was asked for beforehand.
  static void timeSteps(bool wanted);
  double stepSeconds() const;
  /// Is the longest batch told by the time that this thread had a processor?
  static void timeByProcessor(bool wanted);
  uint64_t stateBytes() const { return mostState; }

private:
  std::string folder;
  void *library = nullptr;
  mr_pipeline_desc pipeline = {};
  std::vector<mr_source_desc> sources; ///< of `pipeline`, the first with a step that takes the time
  decltype(mr_source_desc::step) step = nullptr;
  uint64_t mostState = 0;
};

/// A pipeline's text: the file, with the case's replacements.
std::string pipelineText(const std::string &file, const std::vector<std::pair<std::string, std::string>> &replacements);

/// The answer of the reference interpreter, which defines what is right: the same pipeline over the same records as
/// JSON lines. `reference` is the interpreter's executable.
twins::Answer runReference(const std::string &reference, std::string text, const Input &input,
                           const std::vector<std::string> &settings, const std::string &columns);

} // namespace bench

#endif
