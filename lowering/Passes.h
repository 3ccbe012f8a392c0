//===- Passes.h - the lowering as a library --------------------------*- C++ -*-===//
//
// For the driver and the tools: exec, state and expr in; the llvm dialect out.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_PASSES_H
#define MILLRACE_LOWERING_PASSES_H

#include "mlir/Pass/Pass.h"
#include "mlir/Pass/PassRegistry.h"

namespace mlir {
class OpPassManager;
namespace arith {
class ArithDialect;
}
namespace scf {
class SCFDialect;
}
namespace LLVM {
class LLVMDialect;
}
} // namespace mlir

namespace millrace::exec {
class ProgramOp;
}

namespace millrace::lowering {

#define GEN_PASS_DECL
#include "lowering/Passes.h.inc"

/// Bytes of each key's state of a table; `cold`: those that lie aside.
struct StateSize {
  llvm::StringRef table;
  unsigned slot, cold;
};
/// Of a program whose tables are laid out.
llvm::SmallVector<StateSize> stateSizes(exec::ProgramOp program);

/// From a module with one `exec.program` to the llvm dialect.
void buildLoweringPipeline(mlir::OpPassManager &manager);

/// Makes the passes and the pipeline `millrace-lower` known to tools.
void registerLoweringPasses();

} // namespace millrace::lowering

#endif
