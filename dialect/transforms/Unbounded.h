//===- Unbounded.h - state that nothing bounds ----------------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_UNBOUNDED_H
#define MILLRACE_DIALECT_TRANSFORMS_UNBOUNDED_H

#include "dialect/transforms/StateRanges.h"
#include <string>

namespace millrace {

/// Rule 35: why the keys of this table may become more and more, and what would bound them; empty if they cannot: keys
/// live for a time, there are few of them, or every input has an end. `ranges`: of the fields of the key.
std::string whyUnbounded(state::TableOp table, llvm::ArrayRef<state::KeyRange> ranges);

} // namespace millrace

#endif
