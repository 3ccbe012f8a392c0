//===- Check.cpp - `millrace check` ---------------------------------------===//
#include "Compilation.h"

#include "dialect/stream/Stream.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

using namespace llvm;

namespace millrace {

/// One line on each pipeline that is right.
static void printSummary(mlir::ModuleOp module) {
  for (auto pipeline : module.getOps<stream::PipelineOp>()) {
    std::map<StringRef, unsigned> counts;
    for (mlir::Operation &op : pipeline.getBody().front())
      ++counts[op.getName().stripDialect()];
    std::string parts;
    for (auto [name, count] : counts)
      parts += (parts.empty() ? "" : ", ") + std::to_string(count) + " " + name.str();
    outs() << pipeline.getSymName() << ": no mistakes (" << parts << ")\n";
  }
}

int checkPipeline(const CompileFlags &flags) {
  Compilation compilation(flags, /*collect=*/flags.json);
  int code = compilation.runTo(Phase::Import);
  if (code == kDone)
    code = compilation.checkPlans();
  if (code == kDone && !flags.json)
    printSummary(compilation.module());
  if (flags.json && code != kEnvironment)
    outs() << json::Value(compilation.diagnostics().toJson()) << "\n";
  return code;
}

} // namespace millrace
