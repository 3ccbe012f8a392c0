//===- layouts.cpp - the table of layouts ---------------------------------------===//
#include "runtime/state/layouts.h"

using namespace millrace;

const LayoutRow &millrace::layoutOf(const mr_table_desc &desc) {
  static constexpr const LayoutRow *rows[] = {&kDense, &kPacked, &kInline, &kById}; // by mr_layout
  return *rows[desc.layout];
}

bool millrace::isOccupied(const mr_table_desc &desc, const uint8_t *slot) {
  uint64_t word;
  std::memcpy(&word, slot + desc.occupied_offset, sizeof(word));
  return desc.occupied_bit == 255 ? word != 0 : word >> desc.occupied_bit & 1;
}

SlotShape millrace::shapeOf(const mr_table_desc &desc, uint32_t extra) {
  return {desc.slot_size, desc.cold_size, extra, desc.layout == MR_LAYOUT_PACKED, 1};
}
