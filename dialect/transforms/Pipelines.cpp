//===- Pipelines.cpp - the passes in their order ----------------------------===//
#include "dialect/transforms/Pipelines.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassOptions.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace millrace;

static constexpr std::pair<StagingMode, StringLiteral> stagingNames[] = {{StagingMode::Auto, "auto"},
                                                                         {StagingMode::Fused, "fused"},
                                                                         {StagingMode::Unfused, "unfused"},
                                                                         {StagingMode::Staged, "staged"},
                                                                         {StagingMode::BranchFree, "branch-free"}};

StringRef millrace::stagingName(StagingMode mode) {
  for (auto [known, name] : stagingNames)
    if (known == mode)
      return name;
  llvm_unreachable("every mode has a name");
}

std::optional<StagingMode> millrace::stagingByName(StringRef name) {
  for (auto [mode, known] : stagingNames)
    if (known == name)
      return mode;
  return std::nullopt;
}

void millrace::buildWrittenPipeline(OpPassManager &manager) {
  OpPassManager &pipelines = manager.nest<stream::PipelineOp>();
  pipelines.addPass(createNoteWritten());
  pipelines.addPass(createSplitFilters());
}

void millrace::buildStreamPipeline(OpPassManager &manager, const TransformOptions &options) {
  if (!options.optimize)
    return;
  OpPassManager &pipelines = manager.nest<stream::PipelineOp>();
  pipelines.addPass(createCanonicalizerPass());
  pipelines.addPass(createCSEPass());
  if (options.push)
    pipelines.addPass(createPushFilters());
  if (options.prune)
    pipelines.addPass(createPruneFields());
}

void millrace::buildExecPipeline(OpPassManager &manager, const TransformOptions &options) {
  manager.addPass(createFormSteps());
  manager.addPass(createVerifyFormed());
  OpPassManager &programs = manager.nest<exec::ProgramOp>();
  if (options.optimize) {
    programs.addPass(createCanonicalizerPass());
    programs.addPass(createCSEPass());
  }
  programs.addPass(createResolveLayout());
  programs.addPass(createVerifyResolved());
  StageLoopsOptions staging;
  staging.mode = options.staging;
  staging.likely = SmallVector<std::string>(options.likely.begin(), options.likely.end());
  programs.addPass(createStageLoops(staging));
}

void millrace::buildTransformPipeline(OpPassManager &manager, const TransformOptions &options) {
  buildWrittenPipeline(manager);
  buildStreamPipeline(manager, options);
  buildExecPipeline(manager, options);
}

namespace {
/// The options of `millrace-transform`, as a tool reads them.
struct TextOptions : PassPipelineOptions<TextOptions> {
  Option<bool> optimize{*this, "optimize", llvm::cl::desc("false: only what the meaning needs"), llvm::cl::init(true)};
  Option<std::string> staging{*this, "staging", llvm::cl::desc("auto, fused, unfused, staged or branch-free"),
                              llvm::cl::init("auto")};
  ListOption<std::string> likely{*this, "likely", llvm::cl::desc("pass rates of filters: name:percent")};
};
} // namespace

void millrace::registerTransforms() {
  registerTransformsPasses();
  PassPipelineRegistration<TextOptions>("millrace-transform", "from pipelines to programs: the phase `optimize`",
                                        [](OpPassManager &manager, const TextOptions &text) {
                                          TransformOptions options;
                                          options.optimize = text.optimize;
                                          options.staging = stagingByName(text.staging).value_or(StagingMode::Auto);
                                          options.likely.assign(text.likely.begin(), text.likely.end());
                                          buildTransformPipeline(manager, options);
                                        });
}
