//===- format.cpp - the parts of a binary file (format.md) ----------------===//
#include "runtime/io/binary/format.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

using namespace millrace;
using namespace millrace::binary;

uint64_t binary::checksum(const void *bytes, size_t size) { return XXH3_64bits(bytes, size); }

uint64_t binary::blockChecksum(const BlockHead &head, const uint8_t *body, size_t size) {
  // The body alone goes through the vector loop; its sum and the head are then summed together.
  uint8_t all[24];
  uint64_t sum = checksum(body, size);
  std::memcpy(all, &head, 16);
  std::memcpy(all + 16, &sum, 8);
  return checksum(all, sizeof all);
}

const char *binary::typeName(uint8_t type) {
  static const char *const names[] = {"bool", "i8",  "i16", "i32",    "i64",   "u8",        "u16",      "u32",
                                      "u64",  "f32", "f64", "string", "bytes", "timestamp", "duration", "date"};
  return type < sizeof names / sizeof *names ? names[type] : "list";
}

std::string binary::makeHeader(const mr_field_desc *fields, uint32_t count, const RowLayout &layout) {
  std::string header(sizeof(HeaderStart), '\0');
  for (uint32_t i = 0; i < count; ++i) {
    std::string_view name = fields[i].name;
    HeaderField field = {fields[i].type, uint8_t(fields[i].nullable != 0), uint16_t(name.size()),
                         layout.places[i].offset, layout.places[i].statusOffset};
    header.append(reinterpret_cast<const char *>(&field), sizeof field);
    header.append(name);
    header.resize(padded(header.size()));
  }
  HeaderStart start = {{}, version, uint32_t(header.size() + 8), layout.size, count};
  std::memcpy(start.magic, magic, sizeof magic);
  std::memcpy(header.data(), &start, sizeof start);
  uint64_t sum = checksum(header.data(), header.size());
  header.append(reinterpret_cast<const char *>(&sum), sizeof sum);
  return header;
}
