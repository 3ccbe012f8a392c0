//===- hand_pipeline.h - a pipeline as the compiler would make it, by hand ---===//
//
// Reads {key: string, time: timestamp in ms, value: i64?} as JSON lines, keeps
// records with a value >= 0 (rejects null), and goes to
//   sink `all`      every kept record {key, time, double = value * 2}
//   window `per10`  tumbling 10 s by key: count, sum(value) -> sink `sums`
// with `value * 2` as a site that can overflow. Tests change descriptions
// before they run it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_HAND_PIPELINE_H
#define MILLRACE_TEST_UNIT_RUNTIME_HAND_PIPELINE_H

#include "runtime/engine/engine.h"
#include "runtime/engine/errors.h"
#include "simulated_storage.h"

#include <string>
#include <vector>

struct HandPipeline {
  HandPipeline();
  HandPipeline(const HandPipeline &) = delete;

  /// Runs it and takes what came out apart: `output` and files in `storage`, messages in `messages`.
  int run();

  std::vector<mr_option> sourceOptions;
  mr_source_desc sources[3] = {};
  mr_sink_desc sinks[3] = {};
  mr_window_desc windows[2] = {};
  mr_pipeline_desc pipeline = {};
  std::vector<mr_param_desc> params;

  SimulatedStorage storage;
  millrace::RunOptions options;
  millrace::Statistics counts;
  std::string messages;
};

/// One input line.
std::string record(const char *key, int64_t millis, int64_t value);
std::string record(const char *key, int64_t millis, const char *value);

#endif
