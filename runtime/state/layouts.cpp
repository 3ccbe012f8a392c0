//===- layouts.cpp - the table of layouts ---------------------------------------===//
#include "runtime/state/layouts.h"

using namespace millrace;

const LayoutRow &millrace::layoutOf(const mr_table_desc &desc) {
  static constexpr const LayoutRow *rows[] = {&kDense, &kPacked, &kInline, &kById}; // by mr_layout
  return *rows[desc.layout];
}

SlotShape millrace::shapeOf(const mr_table &table, uint32_t extra) {
  const mr_table_desc &desc = *table.desc;
  uint32_t key = 8 + (desc.layout == MR_LAYOUT_INLINE ? 8 * (desc.key_words + 2 * desc.key_strings) : 0);
  return {desc.slot_size, desc.cold_size, extra, desc.layout == MR_LAYOUT_PACKED, 1, 0, key, table.shape.together};
}
