//===- Optimize.cpp - LLVM's O3 over a pipeline's module ------------------===//
#include "codegen/LlvmModule.h"
#include "codegen/Sanitize.h"

#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/CGSCCPassManager.h"
#include "llvm/Analysis/LazyCallGraph.h"
#include "llvm/Analysis/LoopAnalysisManager.h"
#include "llvm/Analysis/LoopInfo.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/Passes/PassBuilder.h"

using namespace llvm;

namespace millrace::codegen {

/// The function that a pass is about to work on; null for passes over more than one.
static const Function *functionOf(const Any &unit) {
  if (auto *function = any_cast<const Function *>(&unit))
    return *function;
  if (auto *loop = any_cast<const Loop *>(&unit))
    return (*loop)->getHeader()->getParent();
  return nullptr;
}

/// What makes the code of a rarely executed function small; all else only takes time there.
static bool servesColdCode(StringRef pass) {
  return StringSwitch<bool>(pass)
      .Cases({"SROAPass", "EarlyCSEPass", "SimplifyCFGPass", "PostOrderFunctionAttrsPass"}, true)
      .Cases({"ADCEPass", "LowerExpectIntrinsicPass"}, true)
      .Default(false);
}

void optimize(LlvmModule &compiled) {
  PipelineTuningOptions tuning;
  tuning.LoopVectorization = true;
  // In steps it finds nothing, and decoders are vectors already; it would take a fifth of the whole time.
  tuning.SLPVectorization = false;
  tuning.LoopUnrolling = true;

  PassInstrumentationCallbacks callbacks;
  callbacks.registerShouldRunOptionalPassCallback([](StringRef pass, const Any &unit) {
    const Function *function = functionOf(unit);
    return !function || !function->hasFnAttribute(Attribute::Cold) || servesColdCode(pass);
  });

  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PassBuilder builder(compiled.target.get(), tuning, std::nullopt, &callbacks);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  instrumentWhenChecked(builder);
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3).run(*compiled.module, modules);
}

} // namespace millrace::codegen
