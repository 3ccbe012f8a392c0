//===- format.h - the parts of a binary file (format.md) ------------------===//
//
// Internal: what reader and writer share.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_BINARY_FORMAT_H
#define MILLRACE_RUNTIME_IO_BINARY_FORMAT_H

#include "runtime/io/binary/row_layout.h"

#include <cstring>
#include <string>
#include <string_view>

namespace millrace::binary {

inline constexpr uint8_t magic[8] = {0x89, 'M', 'R', 'R', 'O', 'W', '\r', '\n'};
inline constexpr uint32_t version = 1;
inline constexpr uint32_t blockTag = 0x53574f52, endTag = 0x2e444e45; // "ROWS", "END."
inline constexpr uint32_t maxBlock = 1 << 20, minHeader = 32, maxHeader = 1 << 20;

struct HeaderStart {
  uint8_t magic[8];
  uint32_t version, size, rowSize, fields;
};
static_assert(sizeof(HeaderStart) == 24);

struct HeaderField {
  uint8_t type, nullable;
  uint16_t nameSize;
  uint32_t offset, statusOffset;
};
static_assert(sizeof(HeaderField) == 12);

struct BlockHead {
  uint32_t tag, rows, heap, zero;
  uint64_t checksum;
};
static_assert(sizeof(BlockHead) == 24);

struct EndMark {
  uint32_t tag, zero;
  uint64_t rows, checksum;
};
static_assert(sizeof(EndMark) == 24);

constexpr uint64_t padded(uint64_t bytes) { return (bytes + 7) & ~uint64_t(7); }

/// The header of a file with these fields, checksum and all. `names` is by field.
std::string makeHeader(const mr_field_desc *fields, uint32_t count, const RowLayout &layout);

/// XXH3, 64 bits.
uint64_t checksum(const void *bytes, size_t size);
/// Of a block: its head without the checksum, then the rest of it.
uint64_t blockChecksum(const BlockHead &head, const uint8_t *body, size_t size);

/// The name of a type as the language has it.
const char *typeName(uint8_t type);

} // namespace millrace::binary

#endif
