//===- value.cpp - values as keys, inlined --------------------------------===//
//
// Called by generated code.
//
//===----------------------------------------------------------------------===//
#include "millrace/abi.h"
#include "runtime/inline/inline.h"

#include <bit>

MR_INLINE uint64_t mr_key_f64(double value) {
  double oneZero = value + 0.0; // -0 + 0 is +0
  return value != value ? 0x7ff8000000000000u : std::bit_cast<uint64_t>(oneZero);
}
