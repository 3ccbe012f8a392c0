//===- command_line.h - options of a built binary ----------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_COMMAND_LINE_H
#define MILLRACE_RUNTIME_ENGINE_COMMAND_LINE_H

#include "runtime/engine/engine.h"

namespace millrace {

/// What a command line asks for.
struct CommandLine {
  RunOptions run;
  int exitCode = -1;  ///< not -1: the program is done (help, version, wrong usage)
  std::string output; ///< then: what to say, on standard output if exitCode is kDone, else on standard error
};

/// Parses a command line. Never throws.
CommandLine parseCommandLine(const mr_pipeline_desc &pipeline, int argc, char **argv);

/// The pipeline's params, sources and sinks, for --help.
std::string describePipeline(const mr_pipeline_desc &pipeline);

} // namespace millrace

#endif
