//===- Check.cpp - `millrace check` ---------------------------------------===//
#include "Compilation.h"

#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace {

int checkPipeline(const CompileFlags &flags) {
  Compilation compilation(flags, /*collect=*/flags.json);
  int code = compilation.runTo(Phase::Import);
  if (code == kEnvironment)
    return code;
  if (flags.json)
    outs() << json::Value(compilation.diagnostics().toJson()) << "\n";
  return code;
}

} // namespace millrace
