//===- Sample.h - a look at the input before compiling ------------------*- C++ -*-===//
//
// Internal to the driver.
//
//===----------------------------------------------------------------------------===//
#ifndef MILLRACE_TOOLS_MILLRACE_SAMPLE_H
#define MILLRACE_TOOLS_MILLRACE_SAMPLE_H

#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace millrace {

/// Learns what the lines of JSON sources look like, so that decoders can be generated for them (lowering/DecodeJson.h):
/// from `sample` if it is not empty, else, with `settings` (`name=value` of params), from the start of each source's
/// own file. Pipes and the like are not touched. False, with a message, if `sample` cannot be read.
bool noteSamples(mlir::ModuleOp module, llvm::StringRef sample, const std::vector<std::string> *settings);

} // namespace millrace

#endif
