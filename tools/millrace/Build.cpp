//===- Build.cpp - `millrace build` ---------------------------------------===//
#include "Compilation.h"

#include "codegen/Link.h"

using namespace llvm;

namespace millrace {

int buildProgram(const BuildFlags &flags) {
  Compilation compilation(flags.compile);
  if (int code = compilation.runTo(std::min(flags.compile.until, Phase::Object)))
    return code;
  if (flags.compile.emit != Emit::None)
    return compilation.emitResult();
  PhaseTimer timer("binary", flags.compile.timing);
  codegen::LinkOptions options{flags.compile.output, flags.shared, flags.keepSymbols};
  if (Error error = codegen::linkProgram(compilation.object(), options)) {
    reportError(toString(std::move(error)));
    return kEnvironment;
  }
  return kDone;
}

} // namespace millrace
