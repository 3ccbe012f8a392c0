//===- Jit.h - a pipeline's object code loaded into this process --------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_JIT_H
#define MILLRACE_CODEGEN_JIT_H

#include "millrace/abi.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace millrace::codegen {

/// Machine code of one pipeline in memory; must outlive every use of its description.
class Jit {
public:
  /// Loads an object file (Emit.h). It may call the functions of abi.def and those of this process's shared libraries;
  /// anything else is an error that names the missing symbols.
  static llvm::Expected<Jit> load(llvm::StringRef object);

  /// The pipeline's one exported function.
  mr_pipeline_fn entry() const { return pipeline; }

private:
  std::unique_ptr<llvm::orc::LLJIT> session;
  mr_pipeline_fn pipeline = nullptr;
};

} // namespace millrace::codegen

#endif
