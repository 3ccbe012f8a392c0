//===- Target.h - the processor a program is made for -------------------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_TARGET_H
#define MILLRACE_CODEGEN_TARGET_H

#include "llvm/Support/Error.h"
#include "llvm/Target/TargetMachine.h"
#include <memory>
#include <string>

namespace llvm {
class Module;
}

namespace millrace::codegen {

/// What `build` makes programs for unless told otherwise: nothing of the building machine gets into them.
inline constexpr const char *kBaselineCpu = "x86-64-v3";

/// The processor at hand, with all its features: what `run` uses, and `--cpu=native`.
inline constexpr const char *kNativeCpu = "native";

/// A target machine for position-independent code for `cpu`: an LLVM name (`x86-64-v3`, `znver4`) or `native`.
/// An unknown name is an error that suggests the nearest known one. `quick`: code is made fast instead of fast code.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTarget(llvm::StringRef cpu, bool quick = false);

/// Makes every function of the module be for the target's processor and features, whatever it was for. Without this,
/// functions that come from bitcode differ from the generated ones in their attributes and silently stay calls.
void stampTarget(llvm::Module &module, const llvm::TargetMachine &target);

} // namespace millrace::codegen

#endif
