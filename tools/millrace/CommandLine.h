//===- CommandLine.h - what the user asked the driver for ---------------*- C++ -*-===//
//
// Internal to the driver. The grammar of all subcommands is in CommandLine.cpp;
// each subcommand is a function in its own file, called with its flags.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_COMMANDLINE_H
#define MILLRACE_TOOLS_MILLRACE_COMMANDLINE_H

#include "dialect/transforms/Phase.h"
#include "dialect/transforms/Pipelines.h"
#include "runtime/engine/engine.h"
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace millrace {

/// What `--emit` can show. Each is the result of a phase.
enum class Emit { None, Mlir, Exec, LlvmMlir, LlvmText, Bitcode, Assembly, Object };

/// What every subcommand that compiles takes.
struct CompileFlags {
  std::string file;                ///< the pipeline; "-": standard input
  std::optional<std::string> text; ///< its text, if that is known already; `file` is then only its name
  std::string cpu;                 ///< LLVM's name, or `native`
  Phase from = Phase::Import;      ///< what the file holds: a pipeline, or (Lower) the llvm dialect
  Phase until = Phase::Binary;     ///< the last phase to run
  Emit emit = Emit::None;          ///< print this form instead of running or linking
  std::string output;              ///< -o; "" or "-": standard output, for text
  std::string pipeline;            ///< which of the file's pipelines; "": the only one
  std::string sample;              ///< a file with example input, to learn the shape of its lines
  const std::vector<std::string> *settings = nullptr; ///< `run`: what --set says; then the input itself is a sample
  TransformOptions transforms;                        ///< forced choices, for tests and measurements
  bool quickCode = false;                             ///< compile fast instead of for speed, for tests
  const bool *quiet = nullptr;                        ///< `run`: is it said that only errors are to be shown?
  bool json = false;                                  ///< diagnostics as JSON, on standard output
  bool listMessages = false;                          ///< diagnostics as JSON, one list on standard error
  bool remarks = false;                               ///< show decisions
  bool timing = false;                                ///< show how long each phase took
};

struct RunFlags {
  CompileFlags compile;
  RunOptions engine;
};

struct BuildFlags {
  CompileFlags compile;
  bool shared = false;
  bool keepSymbols = false;
};

enum class PlanForm { Text, Json, Graphviz };

struct ExplainFlags {
  CompileFlags compile;
  PlanForm form = PlanForm::Text;
  bool before = false; ///< only what is written
};

struct FormatFlags {
  std::vector<std::string> files; ///< "-": standard input to standard output
  bool check = false;             ///< change nothing, say what would change
};

struct InspectFlags {
  CompileFlags compile; ///< `file`: a program, or a pipeline that is compiled as far as its manifest
  bool json = false, state = false, svg = false;
  std::vector<std::string> choices; ///< options that were given and say something only of pipelines
};

struct TestFlags {
  std::vector<std::string> paths; ///< files, or folders of them
  unsigned batch = kMaxBatch;     ///< records taken together; changes no result
  bool json = false;              ///< the results as JSON
  bool update = false;            ///< write what came in place of what was expected
  TransformOptions transforms;    ///< forced choices
};

/// Parses the command line and runs what it asks for; the exit code: 0 done, 1 pipeline or input wrong, 2 usage,
/// 3 the environment failed, 130 interrupted.
int runCommandLine(int argc, char **argv);

int runPipelineFile(const RunFlags &flags);
int buildProgram(const BuildFlags &flags);
int checkPipeline(const CompileFlags &flags);
int checkFacts(const CompileFlags &flags);
int explainPipeline(const ExplainFlags &flags);
int formatFiles(const FormatFlags &flags);
int inspectProgram(const InspectFlags &flags);
int testPipelines(const TestFlags &flags);

} // namespace millrace

#endif
