//===- Emit.h - an LLVM module as text, bitcode, assembly or object -----*- C++ -*-===//
#ifndef MILLRACE_CODEGEN_EMIT_H
#define MILLRACE_CODEGEN_EMIT_H

#include "codegen/LlvmModule.h"
#include "llvm/ADT/SmallVector.h"
#include <string>

namespace millrace::codegen {

enum class Format { LlvmText, Bitcode, Assembly, Object };

/// The module in one of the four forms. For assembly and object the module is consumed: LLVM's code generation
/// changes it. The same module gives the same bytes.
llvm::Expected<llvm::SmallVector<char, 0>> emit(LlvmModule &compiled, Format format);

} // namespace millrace::codegen

#endif
