//===- Options.h - options that several subcommands take -----------------*- C++ -*-===//
//
// Includes CLI11, which needs exceptions: for CommandLine.cpp and Options.cpp.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_OPTIONS_H
#define MILLRACE_TOOLS_MILLRACE_OPTIONS_H

#include "CommandLine.h"
#include "llvm/ADT/StringRef.h"

#include <CLI/CLI.hpp>

namespace millrace {

/// `a, b, c`.
std::string joinNames(llvm::ArrayRef<llvm::StringRef> names);
/// A validator for one word of several; the error lists them and suggests the nearest.
CLI::Validator oneOf(std::vector<llvm::StringRef> names);

/// An option that takes one of the names, each standing for a value.
template <typename T>
CLI::Option *addChoice(CLI::App &app, const std::string &name, T &target,
                       std::vector<std::pair<llvm::StringRef, T>> choices, const std::string &help) {
  std::vector<llvm::StringRef> names;
  for (auto &choice : choices)
    names.push_back(choice.first);
  auto assign = [&target, choices](const std::string &word) {
    for (auto &choice : choices)
      if (choice.first == word)
        target = choice.second;
  };
  std::string all;
  for (llvm::StringRef each : names)
    all += (all.empty() ? "" : "|") + each.str();
  return app.add_option_function<std::string>(name, assign, help + ": " + all)->check(oneOf(names))->type_name("WORD");
}

/// Choices of the compiler that can be forced.
void addPlanOptions(CLI::App &app, TransformOptions &options);
/// How messages are shown.
void addDiagnostics(CLI::App &app, CompileFlags &flags);
/// What is compiled, for which processor (`cpu` unless another is named), how far, and what is shown of it.
void addCompileOptions(CLI::App &app, CompileFlags &flags, const char *cpu);
/// How a pipeline runs.
void addEngineOptions(CLI::App &app, RunOptions &options);
/// Settles --emit and --until against each other. Returns false after saying what contradicts.
bool settlePhases(const CLI::App &app, CompileFlags &flags);

} // namespace millrace

#endif
