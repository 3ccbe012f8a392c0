//===- row_layout.h - where a row's fields lie ----------------------------===//
//
// Shared with the compiler; header-only. One rule for the rows of sinks and of
// the binary format (format.md): fields in the order in which they are
// declared, each aligned to its size, at most 8; then one status byte for each
// nullable field, in the same order; then up to a multiple of 8.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_BINARY_ROW_LAYOUT_H
#define MILLRACE_RUNTIME_IO_BINARY_ROW_LAYOUT_H

#include "millrace/abi.h"

#include <vector>

namespace millrace {

struct RowField {
  mr_type type;
  bool nullable;
};

struct RowPlace {
  uint32_t offset;       ///< of the value
  uint32_t statusOffset; ///< of the status byte, UINT32_MAX without one
};

struct RowLayout {
  std::vector<RowPlace> places; ///< by field
  uint32_t size = 0;            ///< of a row, a multiple of 8
};

/// Bytes of a value (abi.h, mr_type).
constexpr uint32_t rowValueSize(mr_type type) {
  switch (type) {
  case MR_BOOL:
  case MR_I8:
  case MR_U8:
    return 1;
  case MR_I16:
  case MR_U16:
    return 2;
  case MR_I32:
  case MR_U32:
  case MR_F32:
  case MR_DATE:
    return 4;
  case MR_I64:
  case MR_U64:
  case MR_F64:
  case MR_TIMESTAMP:
  case MR_DURATION:
    return 8;
  case MR_STRING:
  case MR_BYTES:
  case MR_LIST:
    return 16;
  case MR_RECORD:
    break;
  }
  return 8;
}

/// `fields` is any range of RowField.
template <typename Fields> RowLayout layoutRow(const Fields &fields) {
  RowLayout layout;
  uint32_t at = 0;
  for (const RowField &field : fields) {
    uint32_t size = rowValueSize(field.type), alignment = size > 8 ? 8 : size;
    at = (at + alignment - 1) & ~(alignment - 1);
    layout.places.push_back({at, UINT32_MAX});
    at += size;
  }
  size_t i = 0;
  for (const RowField &field : fields)
    if (RowPlace &place = layout.places[i++]; field.nullable)
      place.statusOffset = at++;
  layout.size = (at + 7) & ~uint32_t(7);
  return layout;
}

} // namespace millrace

#endif
