//===- LlvmModule.h - from the llvm dialect to an optimised LLVM module -*- C++ -*-===//
//
// The first half of this folder: translate, link the runtime's bitcode, optimise. Emit.h, Jit.h and Link.h take it
// from here.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_CODEGEN_LLVMMODULE_H
#define MILLRACE_CODEGEN_LLVMMODULE_H

#include "codegen/Target.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

namespace mlir {
class DialectRegistry;
}

namespace millrace::codegen {

/// The one symbol that a compiled pipeline exports (millrace/abi.h).
inline constexpr const char *kEntry = "mr_pipeline";

/// The global that holds the manifest, if the lowering made one: it gets a section of its own for `millrace inspect`.
inline constexpr const char *kManifestGlobal = "mr_manifest";
inline constexpr const char *kManifestSection = ".millrace.manifest";

/// An LLVM module with what it lives in. Movable; the module goes before its context.
struct LlvmModule {
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::TargetMachine> target;
  std::unique_ptr<llvm::Module> module;
};

/// What translateToLlvm needs to be registered.
void registerTranslations(mlir::DialectRegistry &registry);

/// A module of llvm-dialect operations as LLVM IR for `target`; it must define `mr_pipeline`.
llvm::Expected<LlvmModule> translateToLlvm(mlir::ModuleOp module, std::unique_ptr<llvm::TargetMachine> target);

/// Links the functions of the runtime's bitcode file that the module calls, makes all but the entry internal and
/// everything for the target's processor. A call whose signature differs from the callee's is an error: it would not
/// be inlined.
llvm::Error linkBitcode(LlvmModule &compiled, llvm::StringRef bitcodePath);

/// LLVM's O3 pipeline for the target, with the loop vectoriser; for a quick target only what must be done.
void optimize(LlvmModule &compiled);

} // namespace millrace::codegen

#endif
