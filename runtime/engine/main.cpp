//===- main.cpp - a built binary's main, behind start.cpp ---------------------------------------===//
#include "runtime/engine/command_line.h"
#include "runtime/io/storage.h"

#include <cstdio>

using namespace millrace;

extern "C" int mr_main(const mr_pipeline_desc *pipeline, int argc, char **argv) {
  holdStandardStreams();
  CommandLine command = parseCommandLine(*pipeline, argc, argv);
  if (command.exitCode < 0)
    return runPipeline(*pipeline, command.run);
  std::FILE *to = command.exitCode == kDone ? stdout : stderr;
  std::fputs(command.output.c_str(), to);
  return std::fflush(to) == 0 ? command.exitCode : int(kEnvironment);
}
