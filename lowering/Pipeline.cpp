//===- Pipeline.cpp - the lowering from end to end ----------------------------===//
#include "lowering/Passes.h"

#include "mlir/Conversion/ArithToLLVM/ArithToLLVM.h"
#include "mlir/Conversion/ControlFlowToLLVM/ControlFlowToLLVM.h"
#include "mlir/Conversion/ReconcileUnrealizedCasts/ReconcileUnrealizedCasts.h"
#include "mlir/Conversion/SCFToControlFlow/SCFToControlFlow.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/ControlFlow/IR/ControlFlow.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Transforms/Passes.h"

namespace millrace::lowering {
#define GEN_PASS_DEF_VERIFYLOWEREDPASS
#define GEN_PASS_REGISTRATION
#include "lowering/Passes.h.inc"
} // namespace millrace::lowering

using namespace mlir;
using namespace millrace;

namespace {

struct VerifyLoweredPass : lowering::impl::VerifyLoweredPassBase<VerifyLoweredPass> {
  using VerifyLoweredPassBase::VerifyLoweredPassBase;

  void runOnOperation() override {
    WalkResult walked = getOperation().walk([&](Operation *op) {
      if (isa<ModuleOp>(op) || isa_and_nonnull<LLVM::LLVMDialect>(op->getDialect()))
        return WalkResult::advance();
      op->emitOpError("is left after lowering; only the llvm dialect may be");
      return WalkResult::interrupt();
    });
    if (walked.wasInterrupted())
      return signalPassFailure();
    if (!getOperation().lookupSymbol<LLVM::LLVMFuncOp>("mr_pipeline")) {
      getOperation().emitError("has no function mr_pipeline after lowering");
      signalPassFailure();
    }
  }
};

} // namespace

void lowering::buildLoweringPipeline(OpPassManager &manager) {
  manager.addPass(createLowerExecPass());
  manager.addPass(createCSEPass()); // errors are computed again where they are reported: the first ones go
  manager.addPass(createSCFToControlFlowPass());
  manager.addPass(createArithToLLVMConversionPass());
  manager.addPass(createConvertControlFlowToLLVMPass());
  manager.addPass(createReconcileUnrealizedCastsPass());
  manager.addPass(createVerifyLoweredPass());
}

void lowering::registerLoweringPasses() {
  registerMillraceLoweringPasses();
  PassPipelineRegistration<>("millrace-lower", "an exec.program to the llvm dialect", buildLoweringPipeline);
}
