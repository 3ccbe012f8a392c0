//===- main.cpp - millrace-reference -------------------------------------------===//
//
// Runs a pipeline by the reference interpreter. Rows go where the sinks say, as
// lines (Formats.h) whatever format they name, or with --json into one document.
//
//===----------------------------------------------------------------------===//
#include "Report.h"
#include "dialect/Register.h"
#include "dialect/import/Import.h"

#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"

using namespace millrace::reference;
using namespace millrace;

namespace {
namespace cl = llvm::cl;
cl::opt<std::string> file(cl::Positional, cl::Required, cl::desc("FILE"));
cl::list<std::string> sets("set", cl::desc("a param's value"), cl::value_desc("name=value"));
cl::opt<std::string> clockSpec("clock", cl::desc("simulated processing time, as in 0=2024-01-01T00:00:00Z,100=+10s"));
cl::opt<uint64_t> chunk("chunk", cl::desc("bytes of a partition's turn"), cl::init(1 << 20));
cl::opt<bool> asJson("json", cl::desc("one document with all rows and counters"));
} // namespace

static int fail(const llvm::Twine &message) {
  llvm::errs() << "error: " << message << "\n";
  return 2;
}

/// Writes each sink's rows to its file or to standard output.
static int writeSinks(const Pipeline &pipeline) {
  for (const SinkResult &sink : pipeline.sinks()) {
    stream::SinkOp op = sink.op;
    stream::StreamType type = typeOf(op.getInput());
    Format format = formatOf(op);
    std::string text = format.kind == Format::Kind::Csv && format.header ? csvHeader(format, type) + "\n" : "";
    for (const Row &row : sink.rows)
      text += rowText(format, type, row) + "\n";
    if (op.getConnector() == "stdout") {
      llvm::outs() << text;
    } else if (auto path = optionText(op.getOptions(), op.getArgs(), "path", pipeline.values())) {
      std::error_code problem;
      llvm::raw_fd_ostream os(*path, problem);
      if (problem)
        return fail("cannot write `" + *path + "`: " + problem.message());
      os << text;
    }
  }
  return 0;
}

int main(int argc, char **argv) {
  cl::ParseCommandLineOptions(argc, argv, "the reference interpreter of stream pipelines\n");
  RunSettings settings;
  settings.sources.chunk = chunk;
  for (llvm::StringRef set : sets) {
    auto [name, value] = set.split('=');
    settings.params.emplace_back(name.str(), value.str());
  }
  auto moves = parseClock(clockSpec);
  if (!moves)
    return fail("--clock: `" + clockSpec + "` is no list of moves");
  settings.clock = *moves;
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);
  mlir::OwningOpRef<mlir::ModuleOp> module = parsePipelineFile(file.getValue(), &context);
  if (!module)
    return 1;
  auto pipelines = module->getOps<stream::PipelineOp>();
  if (!llvm::hasSingleElement(pipelines))
    return fail("expected one pipeline in `" + file + "`");
  Pipeline pipeline(*pipelines.begin());
  Stop stop = pipeline.run(settings);
  if (asJson)
    writeReport(pipeline, stop, llvm::outs());
  else if (int code = writeSinks(pipeline))
    return code;
  if (!stop.message.empty())
    llvm::errs() << "error: " << stop.message << "\n";
  return stop.exitCode;
}
