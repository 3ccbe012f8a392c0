//===- Pipelines.h - the passes in their order, as a library --------*- C++ -*-===//
//
// For the driver, the tools and the tests: a module of pipelines in, a module
// of programs out, whose tables are laid out and whose loops are decided.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_PIPELINES_H
#define MILLRACE_DIALECT_TRANSFORMS_PIPELINES_H

#include "dialect/transforms/Passes.h"
#include "dialect/transforms/WindowAlgorithms.h"

namespace mlir {
class OpPassManager;
}

namespace millrace {

struct TransformOptions {
  bool optimize = true;                       ///< false: only what the meaning needs
  bool prune = true;                          ///< stream-prune-fields, state-prune-members
  bool push = true;                           ///< stream-push-filters
  bool shareMembers = true;                   ///< state-share-members
  StagingMode staging = StagingMode::Auto;    ///< exec-stage-loops
  LayoutMode layout = LayoutMode::Auto;       ///< stream-layout-state
  uint64_t memory = 0;                        ///< the same: bytes that state may have, 0: not known
  std::optional<stream::Algorithm> algorithm; ///< stream-specialize-windows: what is forced
  SharingMode sharing = SharingMode::Auto;    ///< stream-share-slices
  std::vector<std::string> likely;            ///< pass rates of filters: `name:percent`
};

/// What the pipeline means, noted before anything changes it. Part of every compilation.
void buildWrittenPipeline(mlir::OpPassManager &manager);
/// From the noted pipeline to a better one: still streams.
void buildStreamPipeline(mlir::OpPassManager &manager, const TransformOptions &options);
/// From streams to programs, ready to be lowered.
void buildExecPipeline(mlir::OpPassManager &manager, const TransformOptions &options);
/// All three: the phase `optimize`.
void buildTransformPipeline(mlir::OpPassManager &manager, const TransformOptions &options);

/// The word for a mode (`auto`, `fused`, `unfused`, `staged`, `branch-free`), and back.
llvm::StringRef stagingName(StagingMode mode);
std::optional<StagingMode> stagingByName(llvm::StringRef name);

/// The same for layouts (`auto`, `dense`, `packed`, `inline`, `by-id`).
llvm::StringRef layoutName(LayoutMode mode);
std::optional<LayoutMode> layoutByName(llvm::StringRef name);

/// The same for sharing slices (`auto`, `off`, `always`).
llvm::StringRef sharingName(SharingMode mode);
std::optional<SharingMode> sharingByName(llvm::StringRef name);

/// Makes the passes, and the pipeline `millrace-transform`, known to tools.
void registerTransforms();

} // namespace millrace

#endif
