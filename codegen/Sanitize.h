//===- Sanitize.h - AddressSanitizer in generated code ----------*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_SANITIZE_H
#define MILLRACE_CODEGEN_SANITIZE_H

#include "llvm/ADT/ArrayRef.h"

namespace llvm {
class PassBuilder;
}

namespace millrace::codegen {

/// Adds AddressSanitizer to the end of `builder`'s pipelines if this compiler was built with it; else does nothing.
void instrumentWhenChecked(llvm::PassBuilder &builder);

/// The sanitizer's archives, linked whole into programs whose code is checked (a shared library has its host's); empty
/// in an ordinary build.
llvm::ArrayRef<const char *> checkedArchives();

} // namespace millrace::codegen

#endif
