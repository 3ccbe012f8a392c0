//===- SystemFiles.h - what the system gives to link a program ----------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_SYSTEMFILES_H
#define MILLRACE_CODEGEN_SYSTEMFILES_H

#include "llvm/Support/Error.h"
#include <string>

namespace millrace::codegen {

/// Directories of the C library's start files and of GCC's static libraries.
struct SystemFiles {
  std::string crtDirectory; ///< has Scrt1.o, crti.o, crtn.o, libc.so
  std::string gccDirectory; ///< has crtbeginS.o, crtendS.o, libgcc.a, libgcc_eh.a, libstdc++.a
};

/// Looks at the usual places; of several GCCs the newest that has all files. The error names the Debian package.
llvm::Expected<SystemFiles> findSystemFiles();

} // namespace millrace::codegen

#endif
