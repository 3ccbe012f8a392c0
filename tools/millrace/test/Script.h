//===- Script.h - what a test file says -----------------------------------*- C++ -*-===//
//
// Internal to `millrace test`. A test file is a pipeline, or the path of one,
// and one or several cases; a case is a list of statements. docs/testing.md
// describes the format for users, Script.cpp reads it.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_TEST_SCRIPT_H
#define MILLRACE_TOOLS_MILLRACE_TEST_SCRIPT_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>
#include <vector>

namespace millrace::script {

/// Something that is wrong with a test file. Lines and columns (bytes) count from 1.
struct Mistake {
  unsigned line, column;
  std::string text;
};

/// A line under a statement: a record to give, or a row to expect, without its indentation.
struct Line {
  unsigned number;
  std::string text;
};

enum class Act : uint8_t {
  Give,      ///< records to a source
  Watermark, ///< of a source, to a time
  Clock,     ///< processing time, to a time or by a step
  End,       ///< of one source, or of all
  Rows,      ///< of a sink since it was last asked for
  Count,     ///< a counter of the run so far
  Exit       ///< the pipeline has ended, with a code and perhaps a message
};

struct Statement {
  explicit Statement(Act act) : act(act) {}

  Act act;
  unsigned line = 0, column = 0; ///< where it stands, and where its name does
  std::string name;              ///< of a source, sink or counter; "" of End: all sources
  uint32_t index = 0;            ///< of that source or sink, or of the counter; set when the pipeline is known
  int64_t time = 0;              ///< microseconds since 1970, or (a step) of time
  bool isStep = false;           ///< Clock: forward by `time`; `resolve` makes a time of it
  bool inOrder = false;          ///< Rows: their order counts, between keys too
  bool nothing = false;          ///< Rows: `nothing` is written
  int64_t number = 0;            ///< Count, Exit
  std::string text;              ///< Exit: part of the message
  std::vector<Line> lines;       ///< Give, Rows

  bool expects() const { return act >= Act::Rows; }
};

/// `name=value`, as --set takes it.
struct Setting {
  std::string text;
  unsigned line;
};

struct Case {
  std::string name;      ///< "": the file's only one
  unsigned line = 1;     ///< where it begins
  unsigned lastLine = 1; ///< of its last statement, with what stands under it
  std::vector<Setting> settings;
  std::vector<Statement> statements;
};

struct Script {
  std::string file, text;
  std::string pipelineText; ///< with as many lines before it as in the file, so that places agree; "": see `path`
  std::string path;         ///< of the pipeline's file, as written
  std::string pipelineName; ///< behind the path: which of the file's pipelines; "": the only one
  unsigned pipelineLine = 0;
  std::vector<Case> cases;
  std::vector<Mistake> mistakes; ///< in the order of lines
};

/// Reads a test file; what is wrong with it is in `mistakes`.
Script parseScript(llvm::StringRef file, llvm::StringRef text);

/// ", did you mean `x`?" or, if nothing is near, what there is.
std::string suggestion(llvm::StringRef word, llvm::ArrayRef<llvm::StringRef> known);

} // namespace millrace::script

#endif
