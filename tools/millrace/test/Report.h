//===- Report.h - what `millrace test` found, for people and for scripts ---*- C++ -*-===//
#ifndef MILLRACE_TOOLS_MILLRACE_TEST_REPORT_H
#define MILLRACE_TOOLS_MILLRACE_TEST_REPORT_H

#include "Player.h"
#include "Script.h"

#include "llvm/Support/JSON.h"

namespace millrace::script {

/// A test file and what its cases came to.
struct FileResult {
  Script script;
  std::vector<Outcome> outcomes;  ///< one for each case, in their order; none if the file was not played
  llvm::json::Array compilerSaid; ///< --json: messages about the pipeline
  bool wrong = false;             ///< mistakes in the script or in the pipeline: nothing was played
  unsigned updated = 0;           ///< expectations that --update rewrote

  /// Cases that failed; a file that is wrong counts as one.
  unsigned failed() const;
};

/// On standard error, each with its line and a caret.
void printMistakes(const Script &script);

/// Failures with their differences and a line on the file, on standard output.
void printFile(const FileResult &result);

/// The last line: how many files and tests, passed and failed.
void printSummary(llvm::ArrayRef<FileResult> results);

/// {files: [{file, tests: [{name, line, passed, failures: [{line, message, expected, actual}]}], mistakes}], passed,
/// failed}
llvm::json::Object toJson(llvm::ArrayRef<FileResult> results);

/// The file's text with what came in place of what was expected; `changed` counts the expectations that are new.
std::string updatedText(const Script &script, llvm::ArrayRef<Outcome> outcomes, unsigned &changed);

} // namespace millrace::script

#endif
