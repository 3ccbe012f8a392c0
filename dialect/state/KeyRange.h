//===- KeyRange.h - the values that a field of a key can have -------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STATE_KEYRANGE_H
#define MILLRACE_DIALECT_STATE_KEYRANGE_H

#include "llvm/ADT/Hashing.h"
#include <cstdint>

namespace millrace::state {

/// The integers from `least` on, `values` of them, null not counted; 0 values: not known, whatever the type allows.
struct KeyRange {
  int64_t least = 0;
  uint64_t values = 0;

  bool isKnown() const { return values != 0; }
  /// Only of a known range.
  int64_t greatest() const { return int64_t(uint64_t(least) + values - 1); }
  bool operator==(const KeyRange &other) const { return least == other.least && values == other.values; }
};

inline llvm::hash_code hash_value(const KeyRange &range) { return llvm::hash_combine(range.least, range.values); }

} // namespace millrace::state

#endif
