//===- Compilation.h - a pipeline on its way through the phases ---------*- C++ -*-===//
//
// Internal to the driver: what run, build, check and explain have in common.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_COMPILATION_H
#define MILLRACE_TOOLS_MILLRACE_COMPILATION_H

#include "CommandLine.h"
#include "Diagnostics.h"

#include "codegen/LlvmModule.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/IR/OwningOpRef.h"
#include <chrono>
#include <memory>

namespace mlir {
class OpPassManager;
}

namespace millrace {

/// One file, compiled phase by phase. Failures are reported where they happen; functions return an exit code.
class Compilation {
public:
  /// `collect`: messages are kept for Diagnostics::toJson instead of being printed. Those of CompileFlags::listMessages
  /// are printed when the compilation is over, be there any or not.
  Compilation(const CompileFlags &flags, bool collect = false);
  ~Compilation();

  /// Runs the phases that are still to be run up to `last` (at most Object).
  int runTo(Phase last);

  /// After Import: the file holds at least one pipeline.
  int requirePipelines();

  /// After Import: only the pipeline that --pipeline names stays; without the flag there must be one.
  int selectPipeline();

  /// After Import: what --likely names must be filters.
  int checkLikely();

  /// After Import: plans every pipeline of the file, only to find what is wrong with it. The module stays as it is.
  int checkPlans();

  /// Prints what `--emit` asks for to `--output`; the phase it comes from must have run.
  int emitResult();

  mlir::ModuleOp module() { return *parsed; }
  /// Machine code; after Object.
  llvm::StringRef object() const { return {objectBytes.data(), objectBytes.size()}; }
  Diagnostics &diagnostics() { return *messages; }

private:
  int readFile();
  int importFile();
  int optimize();
  void warnOfLayouts();
  int lower();
  int runPasses(mlir::ModuleOp module, llvm::function_ref<void(mlir::OpPassManager &)> build);
  int toLlvm();
  int toObject();
  int runPhase(Phase phase);
  int internalError(llvm::Error error);

  const CompileFlags &flags;
  std::string source, text; ///< the file's name in messages, and what is in it
  std::unique_ptr<mlir::MLIRContext> context;
  std::unique_ptr<Diagnostics> messages;
  mlir::OwningOpRef<mlir::ModuleOp> parsed;
  codegen::LlvmModule llvmModule;
  llvm::SmallVector<char, 0> objectBytes;
  int nextPhase = 0;
};

/// Says how long something took if it is asked for, on standard error.
class PhaseTimer {
public:
  PhaseTimer(llvm::StringRef name, bool enabled);
  ~PhaseTimer();

private:
  llvm::StringRef name;
  bool enabled;
  std::chrono::steady_clock::time_point start;
};

} // namespace millrace

#endif
