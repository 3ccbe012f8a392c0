//===- Link.h - from an object to a program -----------------------------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_LINK_H
#define MILLRACE_CODEGEN_LINK_H

#include "llvm/Support/Error.h"
#include <string>

namespace millrace::codegen {

struct LinkOptions {
  std::string output;       ///< where the program goes; an older one is replaced only by a finished one
  bool shared = false;      ///< a shared library that exports `mr_pipeline` instead of a program
  bool keepSymbols = false; ///< do not strip
};

/// Links an object (Emit.h) with the runtime. The program needs nothing but the C library to run. All errors are of
/// the environment: a missing library or linker, a place that cannot be written, a full disk.
llvm::Error linkProgram(llvm::StringRef object, const LinkOptions &options);

} // namespace millrace::codegen

#endif
