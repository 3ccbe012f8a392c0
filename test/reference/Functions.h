//===- Functions.h - the built-in functions ------------------------*- C++ -*-===//
#ifndef MILLRACE_TEST_REFERENCE_FUNCTIONS_H
#define MILLRACE_TEST_REFERENCE_FUNCTIONS_H

#include "Value.h"

namespace millrace::reference {

/// The meaning of a row of dialect/expr/Functions.def. No argument is null or an error. `kind` is the kind of the
/// result, `site` that of its errors.
Value callFunction(llvm::StringRef name, const std::vector<Value> &args, Kind kind, uint32_t site);

} // namespace millrace::reference
#endif
