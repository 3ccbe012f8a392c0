//===- Manifest.h - the manifest in a finished program ------------------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_MANIFEST_H
#define MILLRACE_CODEGEN_MANIFEST_H

#include "llvm/Support/Error.h"
#include <string>

namespace millrace::codegen {

/// The manifest (JSON) out of a program or shared library that `build` made, without running it. Fails for files that
/// cannot be read, are no ELF files, or carry none; a damaged file is never trusted.
llvm::Expected<std::string> readManifest(llvm::StringRef path);

} // namespace millrace::codegen

#endif
