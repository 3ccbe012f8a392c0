//===- Emit.cpp - writing the optimised module ----------------------------===//
#include "codegen/Emit.h"

#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace::codegen {

Expected<SmallVector<char, 0>> emit(LlvmModule &compiled, Format format) {
  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  if (format == Format::LlvmText) {
    compiled.module->print(stream, nullptr);
    return bytes;
  }
  if (format == Format::Bitcode) {
    WriteBitcodeToFile(*compiled.module, stream);
    return bytes;
  }
  legacy::PassManager passes;
  auto type = format == Format::Assembly ? CodeGenFileType::AssemblyFile : CodeGenFileType::ObjectFile;
  // The module was verified when it was made; what LLVM does with it is LLVM's.
  if (compiled.target->addPassesToEmitFile(passes, stream, nullptr, type, /*DisableVerify=*/true))
    return createStringError("internal error: this LLVM cannot write machine code");
  passes.run(*compiled.module);
  return bytes;
}

} // namespace millrace::codegen
