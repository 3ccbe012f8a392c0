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

static constexpr std::pair<LayoutMode, StringLiteral> layoutNames[] = {{LayoutMode::Auto, "auto"},
                                                                       {LayoutMode::Dense, "dense"},
                                                                       {LayoutMode::Packed, "packed"},
                                                                       {LayoutMode::Inline, "inline"},
                                                                       {LayoutMode::ById, "by-id"}};

static constexpr std::pair<SharingMode, StringLiteral> sharingNames[] = {
    {SharingMode::Auto, "auto"}, {SharingMode::Off, "off"}, {SharingMode::Always, "always"}};

template <typename Mode, size_t count>
static StringRef nameIn(const std::pair<Mode, StringLiteral> (&names)[count], Mode mode) {
  for (auto [known, name] : names)
    if (known == mode)
      return name;
  llvm_unreachable("every mode has a name");
}

template <typename Mode, size_t count>
static std::optional<Mode> modeIn(const std::pair<Mode, StringLiteral> (&names)[count], StringRef name) {
  for (auto [mode, known] : names)
    if (known == name)
      return mode;
  return std::nullopt;
}

StringRef millrace::stagingName(StagingMode mode) { return nameIn(stagingNames, mode); }
StringRef millrace::layoutName(LayoutMode mode) { return nameIn(layoutNames, mode); }
StringRef millrace::sharingName(SharingMode mode) { return nameIn(sharingNames, mode); }

std::optional<StagingMode> millrace::stagingByName(StringRef name) { return modeIn(stagingNames, name); }
std::optional<LayoutMode> millrace::layoutByName(StringRef name) { return modeIn(layoutNames, name); }
std::optional<SharingMode> millrace::sharingByName(StringRef name) { return modeIn(sharingNames, name); }

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
  SpecializeWindowsOptions windows;
  windows.algorithm = algorithmName(options.algorithm).str();
  manager.nest<stream::PipelineOp>().addPass(createSpecializeWindows(windows));
  manager.addPass(createFormSteps());
  manager.addPass(createVerifyFormed());
  OpPassManager &programs = manager.nest<exec::ProgramOp>();
  if (options.optimize) {
    programs.addPass(createCanonicalizerPass());
    programs.addPass(createCSEPass());
    if (options.prune)
      programs.addPass(createPruneMembers());
    if (options.shareMembers)
      programs.addPass(createShareMembers());
    ShareSlicesOptions slices;
    slices.sharing = options.sharing;
    programs.addPass(createShareSlices(slices));
  }
  LayoutStateOptions layout;
  layout.layout = options.layout;
  layout.memory = options.memory;
  programs.addPass(createLayoutState(layout));
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
  Option<std::string> layout{*this, "layout", llvm::cl::desc("auto, dense, packed, inline or by-id"),
                             llvm::cl::init("auto")};
  Option<std::string> algorithm{*this, "window-algorithm", llvm::cl::desc(algorithmHelp()), llvm::cl::init("auto")};
  Option<std::string> sharing{*this, "share-slices", llvm::cl::desc("auto, off or always"), llvm::cl::init("auto")};
  Option<bool> shareMembers{*this, "share-members", llvm::cl::desc("false: each aggregate has its own state"),
                            llvm::cl::init(true)};
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
                                          options.layout = layoutByName(text.layout).value_or(LayoutMode::Auto);
                                          options.algorithm = algorithmByName(text.algorithm).value_or(std::nullopt);
                                          options.sharing = sharingByName(text.sharing).value_or(SharingMode::Auto);
                                          options.shareMembers = text.shareMembers;
                                          options.likely.assign(text.likely.begin(), text.likely.end());
                                          buildTransformPipeline(manager, options);
                                        });
}
