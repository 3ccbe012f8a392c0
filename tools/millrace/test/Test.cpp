//===- Test.cpp - `millrace test` ---------------------------------------------===//
#include "Player.h"
#include "Report.h"

#include "../Compilation.h"
#include "codegen/Jit.h"
#include "dialect/stream/Stream.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace {

using namespace script;

static constexpr StringRef kSuffix = ".mtest";

/// Records come as JSON lines, whatever a source reads elsewhere: bytes of another format, or what a generator makes.
static void readJson(mlir::ModuleOp module) {
  module.walk([](stream::SourceOp source) {
    if (source.getFormat() && *source.getFormat() == "json")
      return;
    mlir::Builder build(source.getContext());
    source.getArgsMutable().clear();
    source.setConnector("memory");
    source.setOptionsAttr(build.getDictionaryAttr(build.getNamedAttr("name", build.getStringAttr("test"))));
    source.setFormat("json");
    source.removeFormatOptionsAttr();
  });
}

/// Compiles the pipeline of a script and loads it. Messages are printed or, with --json, kept in the result.
static int compile(const TestFlags &flags, FileResult &result, std::unique_ptr<codegen::Jit> &jit) {
  CompileFlags compile;
  compile.file = result.script.file;
  compile.cpu = codegen::kNativeCpu;
  compile.transforms = flags.transforms;
  if (result.script.path.empty()) {
    compile.text = result.script.pipelineText;
  } else {
    SmallString<128> path(sys::path::parent_path(result.script.file));
    sys::path::append(path, result.script.path);
    compile.file = sys::path::is_absolute(result.script.path) ? result.script.path : path.str().str();
    compile.pipeline = result.script.pipelineName;
  }
  Compilation compilation(compile, /*collect=*/flags.json);
  int code = compilation.runTo(Phase::Import);
  if (code == kDone && (code = compilation.selectPipeline()) == kDone) {
    readJson(compilation.module());
    code = compilation.runTo(Phase::Object);
  }
  if (flags.json)
    result.compilerSaid = compilation.diagnostics().toJson();
  if (code != kDone && !flags.json && !result.script.path.empty())
    errs() << result.script.file << ":" << result.script.pipelineLine << ":1: note: the pipeline is named here\n";
  if (code != kDone)
    return code;
  Expected<codegen::Jit> loaded = codegen::Jit::load(compilation.object());
  if (!loaded) {
    reportError(result.script.file + ": internal error: " + toString(loaded.takeError()));
    return kWrong;
  }
  jit = std::make_unique<codegen::Jit>(std::move(*loaded));
  return kDone;
}

/// Writes what came into the file.
static int update(FileResult &result) {
  unsigned changed = 0;
  std::string text = updatedText(result.script, result.outcomes, changed);
  if (!changed)
    return kDone;
  std::error_code problem;
  raw_fd_ostream file(result.script.file, problem);
  if (!problem) {
    file << text;
    file.close();
    problem = file.error();
    file.clear_error();
  }
  if (problem) {
    reportError("cannot write `" + result.script.file + "`: " + problemText(problem));
    return kEnvironment;
  }
  result.updated = changed;
  return kDone;
}

/// One test file. Returns kDone also where tests fail: the result says so.
static int testFile(const TestFlags &flags, StringRef path, FileResult &result) {
  auto buffer = MemoryBuffer::getFile(path, /*IsText=*/false);
  if (!buffer) {
    reportError("cannot read `" + path + "`: " + problemText(buffer.getError()));
    return kEnvironment;
  }
  result.script = parseScript(path, (*buffer)->getBuffer());
  auto isWrong = [&] {
    result.wrong = !result.script.mistakes.empty();
    if (result.wrong && !flags.json)
      printMistakes(result.script);
    return result.wrong;
  };
  if (isWrong())
    return kDone;
  std::unique_ptr<codegen::Jit> jit;
  if (int code = compile(flags, result, jit)) {
    result.wrong = true;
    return code == kEnvironment ? code : kDone;
  }
  const mr_pipeline_desc &pipeline = *jit->entry()();
  resolve(result.script, pipeline);
  if (isWrong())
    return kDone;
  for (const Case &each : result.script.cases) {
    result.outcomes.push_back(play(each, pipeline, flags.batch));
    if (result.outcomes.back().interrupted)
      return kInterrupted;
  }
  return flags.update ? update(result) : kDone;
}

/// The files that are meant: a folder stands for all test files below it, by name.
static int findFiles(const TestFlags &flags, std::vector<std::string> &files) {
  for (const std::string &path : flags.paths) {
    if (!sys::fs::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    std::error_code problem;
    for (sys::fs::recursive_directory_iterator entry(path, problem, /*follow_symlinks=*/false), end;
         !problem && entry != end; entry.increment(problem))
      if (StringRef(entry->path()).ends_with(kSuffix))
        found.push_back(entry->path());
    if (problem) {
      reportError("cannot read `" + path + "`: " + problemText(problem));
      return kEnvironment;
    }
    if (found.empty()) {
      reportError("there is no test in `" + path + "`: no file whose name ends in `" + kSuffix + "`");
      return kUsage;
    }
    llvm::sort(found);
    files.insert(files.end(), found.begin(), found.end());
  }
  return kDone;
}

int testPipelines(const TestFlags &flags) {
  std::vector<std::string> files;
  if (int code = findFiles(flags, files))
    return code;
  std::vector<FileResult> results(files.size());
  int worst = kDone;
  for (auto [path, result] : zip(files, results)) {
    int code = testFile(flags, path, result);
    if (code == kInterrupted) {
      reportError("interrupted");
      return code;
    }
    if (code != kDone) {
      worst = code;
      result.script.file = path;
      result.wrong = true;
    }
    if (!flags.json)
      printFile(result);
  }
  if (flags.json)
    outs() << json::Value(toJson(results)) << "\n";
  else if (files.size() > 1)
    printSummary(results);
  if (worst != kDone)
    return worst;
  return any_of(results, [](const FileResult &result) { return result.failed() > 0; }) ? kWrong : kDone;
}

} // namespace millrace
