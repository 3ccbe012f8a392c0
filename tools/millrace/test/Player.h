//===- Player.h - one case, played to a pipeline --------------------------*- C++ -*-===//
//
// Internal to `millrace test`. The engine runs the compiled pipeline as always;
// only its world is the script's: sources give what the script gives, when it
// gives it, processing time stands still but for `clock`, and sinks write JSON
// into memory, whatever they write elsewhere.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_TEST_PLAYER_H
#define MILLRACE_TOOLS_MILLRACE_TEST_PLAYER_H

#include "Rows.h"
#include "Script.h"

#include "millrace/abi.h"
#include <map>

namespace millrace::script {

struct Failure {
  unsigned line;
  std::string text;
  std::vector<DiffLine> difference;
  std::vector<std::string> expected, actual; ///< rows or numbers, where they are what differs
};

/// What a case came to.
struct Outcome {
  std::vector<Failure> failures;
  /// For --update, by the statement's line: the rows or the number that came instead.
  std::map<unsigned, std::vector<std::string>> rows;
  std::map<unsigned, int64_t> counts;
  /// Rows of sinks behind the last statement that asks for them: sink, rows.
  std::vector<std::pair<std::string, std::vector<std::string>>> left;
  bool interrupted = false; ///< Ctrl-C: nothing is known
};

/// Finds the sources, sinks, counters and params that the script names; what there is not becomes a mistake of it.
void resolve(Script &script, const mr_pipeline_desc &pipeline);

/// Plays a case without mistakes. `batch`: the most records that are taken together.
Outcome play(const Case &each, const mr_pipeline_desc &pipeline, unsigned batch);

} // namespace millrace::script

#endif
