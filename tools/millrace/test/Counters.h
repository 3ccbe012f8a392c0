//===- Counters.h - the counters that a script can ask for ----------------*- C++ -*-===//
#ifndef MILLRACE_TOOLS_MILLRACE_TEST_COUNTERS_H
#define MILLRACE_TOOLS_MILLRACE_TEST_COUNTERS_H

#include "runtime/engine/engine.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace millrace::script {

/// `expect NAME N`: of the whole run so far.
struct Counter {
  llvm::StringRef name;
  uint64_t Statistics::*value;
};

llvm::ArrayRef<Counter> counters();

} // namespace millrace::script

#endif
