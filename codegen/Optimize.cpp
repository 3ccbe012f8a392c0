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

/// Is it a loop within one over records that has very many ways in it (unions of unions: a copy of what is behind for
/// each)? Then passes which forget with each change all that is known of the loops around take time by the square of
/// the ways; they are worth little there.
static bool isTooBroad(StringRef pass, const Any &unit) {
  constexpr unsigned manyBlocks = 1000;
  auto *loop = any_cast<const Loop *>(&unit);
  return loop && (pass == "LoopSimplifyCFGPass" || pass == "SimpleLoopUnswitchPass") &&
         (*loop)->getOutermostLoop()->getNumBlocks() > manyBlocks;
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
    if (isTooBroad(pass, unit))
      return false;
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
  if (compiled.target->getOptLevel() == CodeGenOptLevel::None) {
    builder.buildO0DefaultPipeline(OptimizationLevel::O0).run(*compiled.module, modules);
    return;
  }
  builder.buildPerModuleDefaultPipeline(OptimizationLevel::O3).run(*compiled.module, modules);
}

} // namespace millrace::codegen
