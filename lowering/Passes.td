//===- Passes.td - passes of the lowering ----------------------*- tablegen -*-===//
#ifndef MILLRACE_LOWERING_PASSES_TD
#define MILLRACE_LOWERING_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerExecPass : Pass<"exec-lower-to-scf", "::mlir::ModuleOp"> {
  let summary = "steps, firings and tables to functions in scf, arith and llvm";
  let description = [{
    The module's one `exec.program` becomes a private function for each step,
    firing and event time, constant tables of descriptors (`millrace/abi.h`),
    and the exported `mr_pipeline`, which returns their address.

    ```mlir
    exec.program @p sites [] terminals ["out"] { exec.source … exec.step @in fields [0] { … } }
    // ⇒
    llvm.func internal @step_in(%task, %batch, %cursor, %limit) -> i32 { … scf.for … }
    llvm.func @mr_pipeline() -> !llvm.ptr { … }
    ```
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect", "::mlir::LLVM::LLVMDialect"];
}

def VerifyLoweredPass : Pass<"exec-verify-lowered", "::mlir::ModuleOp"> {
  let summary = "the border below this folder: only the llvm dialect is left, and `mr_pipeline` is there";
}

#endif
