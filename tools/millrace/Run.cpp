//===- Run.cpp - `millrace run` -------------------------------------------===//
#include "Compilation.h"

#include "codegen/Jit.h"

using namespace llvm;

namespace millrace {

static bool readsStandardInput(const mr_pipeline_desc &pipeline) {
  for (uint32_t i = 0; i < pipeline.num_sources; ++i)
    if (StringRef(pipeline.sources[i].connector) == "stdin")
      return true;
  return false;
}

int runPipelineFile(const RunFlags &flags) {
  std::unique_ptr<codegen::Jit> jit;
  {
    CompileFlags compile = flags.compile;
    compile.transforms.memory = flags.engine.stateBudget; // no array that goes beyond it is chosen
    Compilation compilation(compile);
    if (int code = compilation.runTo(std::min(flags.compile.until, Phase::Object)))
      return code;
    if (flags.compile.emit != Emit::None)
      return compilation.emitResult();
    PhaseTimer timer("load", flags.compile.timing);
    auto loaded = codegen::Jit::load(compilation.object());
    if (!loaded) {
      reportError(flags.compile.file + ": internal error: " + toString(loaded.takeError()));
      return kWrong;
    }
    jit = std::make_unique<codegen::Jit>(std::move(*loaded));
  } // the compiler's memory is not needed while the pipeline runs
  const mr_pipeline_desc &pipeline = *jit->entry()();
  if (flags.compile.file == "-" && readsStandardInput(pipeline)) {
    reportError("`-` takes the pipeline from standard input, so a source that reads `stdin` would get nothing; put the "
                "pipeline into a file");
    return kUsage;
  }
  return runPipeline(pipeline, flags.engine);
}

} // namespace millrace
