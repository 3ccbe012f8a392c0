//===- Locate.h - where the runtime's files lie -------------------------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_LOCATE_H
#define MILLRACE_CODEGEN_LOCATE_H

#include "llvm/Support/Error.h"
#include <string>

namespace millrace::codegen {

/// The path of a file of the runtime (`millrace_rt.bc`, `libmillrace_rt.a`): in the directory that the environment
/// variable MILLRACE_RUNTIME_DIR names, else in `../lib` beside the running program's directory. The error says where
/// it was looked for.
llvm::Expected<std::string> findRuntimeFile(llvm::StringRef name);

/// ld.lld: what the environment variable MILLRACE_LINKER names, else the one of the LLVM that this program was built
/// with, else the first of `ld.lld-22` and `ld.lld` in PATH.
llvm::Expected<std::string> findLinker();

} // namespace millrace::codegen

#endif
