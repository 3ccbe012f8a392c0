//===- type_size.h - bytes of a value -------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_TYPE_SIZE_H
#define MILLRACE_RUNTIME_VALUES_TYPE_SIZE_H

#include "millrace/abi.h"

namespace millrace {

/// Bytes of a value of an mr_type, in a column or a row.
constexpr uint32_t typeSize(uint8_t type) {
  constexpr uint8_t sizes[] = {1, 1, 2, 4, 8, 1, 2, 4, 8, 4, 8, 16, 16, 8, 8, 4, 16, 8};
  return sizes[type];
}

} // namespace millrace

#endif
