//===- cases.h - what is measured -----------------------------------------===//
#ifndef MILLRACE_BENCH_CASES_H
#define MILLRACE_BENCH_CASES_H

#include "bench/inputs.h"

#include <vector>

namespace bench {

/// The same work, done otherwise.
struct Rival {
  std::string against; ///< `hand-written`, `simdjson`, `std::unordered_map`…
  std::function<twins::Answer(const Input &)> run;
  int rounds = 99; ///< at most: of what is slow and only stands beside, few will do
  /// Instead of `run`: the case's pipeline with these replacements, of which only the steps are timed, as of the case.
  std::vector<std::pair<std::string, std::string>> steps = {};
};

struct Case {
  std::string name, pipeline;
  std::function<InputPtr()> input;
  std::vector<Rival> rivals; ///< the first is the twin, whose answer is compared row by row; there may be none
  std::string columns;       ///< of the output: i integer, f float, t time, s text (its first 8 bytes), S text (hashed)
  uint64_t checked;          ///< records on which the rows are compared
  std::vector<std::string> settings = {};                             ///< of params
  std::vector<std::pair<std::string, std::string>> replacements = {}; ///< in the pipeline's text, each once
  std::string sample = {}; ///< lines for `build --sample`, a path in the project; empty: none
  double ideal = 0;       ///< keyed state: bytes of a key and its members (of one window); 0: no state that is measured
  std::string group = {}; ///< of what is taken together in a mean
  int rounds = 9;         ///< at most
  uint64_t warmUp = 0; ///< records at the input's beginning that are not measured; its twins say when they are behind
  uint64_t keys = 0;   ///< of which bytes a key are told, where there is no twin that knows
  std::function<InputPtr()> checkedOn = {}; ///< what the rows are compared on, where it is not the input's beginning
};

std::vector<Case> cases();
/// Count, sum and maximum for each key, in every layout.
std::vector<Case> keyedCases();
/// Windows of all kinds.
std::vector<Case> windowCases();
/// How long what fires holds the input back.
std::vector<Case> latencyCases();

} // namespace bench

#endif
