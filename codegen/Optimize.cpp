//===- Optimize.cpp - LLVM's O3 over a pipeline's module ------------------===//
#include "codegen/LlvmModule.h"

#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;

namespace millrace::codegen {

void optimize(LlvmModule &compiled) {
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  // In steps it finds nothing, and decoders are vectors already; it would take a fifth of the whole time.
  tuning.SLPVectorization = false;
  tuning.LoopUnrolling = true;

  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PassBuilder builder(compiled.target.get(), tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3).run(*compiled.module, modules);
}

} // namespace millrace::codegen
