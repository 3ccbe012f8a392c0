//===- hash_long.cpp - the hash of a text that is not in place ----------------------===//
//
// Called by what is inlined (runtime/inline/keyed.cpp): in generated code it would
// be a tenth of all that is compiled.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/hash.h"

#include "millrace/abi.h"

#include <cstring>

using namespace millrace;

/// Called by generated code.
extern "C" uint64_t mr_hash_long(const uint8_t *bytes, uint64_t length) {
  uint64_t hash = kSeed ^ length, a, b;
  for (uint64_t i = 0; i + 16 <= length; i += 16) {
    std::memcpy(&a, bytes + i, 8);
    std::memcpy(&b, bytes + i + 8, 8);
    hash = mix(hash ^ a ^ kStep, b ^ kLast);
  }
  // The last 16 bytes, which may overlap what was read; longer than 12 is all that is known.
  if (length >= 16) {
    std::memcpy(&a, bytes + length - 16, 8);
    std::memcpy(&b, bytes + length - 8, 8);
  } else {
    std::memcpy(&a, bytes, 8);
    std::memcpy(&b, bytes + length - 8, 8);
  }
  return mix(hash ^ a ^ kLast, b ^ kStep);
}
