//===- cases.h - what is measured -----------------------------------------===//
#ifndef MILLRACE_BENCH_CASES_H
#define MILLRACE_BENCH_CASES_H

#include "bench/twins/twins.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace bench {

/// Input in memory: rows of twins::Bid, or JSON lines with padding on both sides.
struct Input {
  const uint8_t *bytes;
  size_t size;
  uint64_t records;
  const char *name; ///< as the pipeline names it: `memory("bids")`
  std::shared_ptr<std::vector<uint8_t>> owner;

  /// The first records of it.
  Input part(uint64_t records) const;
};

struct Case {
  std::string name, against, pipeline;
  std::shared_ptr<const Input> input;
  std::vector<std::string> settings; ///< of params
  std::string columns;               ///< of the output: i integer, f float, t time, s text (its first 8 bytes)
  std::function<twins::Answer(const Input &)> twin;
  uint64_t checked;   ///< records on which the rows are compared
  std::string sample; ///< lines for `build --sample`, a path in the project; empty: none
};

/// Inputs are made when a case is first asked for.
std::vector<Case> cases();

} // namespace bench

#endif
