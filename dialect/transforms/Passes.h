//===- Passes.h - passes from streams to steps ----------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_PASSES_H
#define MILLRACE_DIALECT_TRANSFORMS_PASSES_H

#include "dialect/exec/Exec.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace millrace {

/// Who decides where loops end (exec-stage-loops).
enum class StagingMode { Auto, Fused, Unfused, Staged, BranchFree };

/// Who chooses the layout of tables (stream-layout-state).
enum class LayoutMode { Auto, Dense, Packed, Inline, ById };

/// Who decides which windows are made of the same slices (stream-share-slices).
enum class SharingMode { Auto, Off, Always };

#define GEN_PASS_DECL
#define GEN_PASS_REGISTRATION
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

#endif
