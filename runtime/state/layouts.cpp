//===- layouts.cpp - the table of layouts ---------------------------------------===//
#include "runtime/state/layouts.h"

using namespace millrace;

const LayoutRow &millrace::layoutOf(const mr_table_desc &desc) {
  static constexpr const LayoutRow *rows[] = {&kDense, &kPacked, &kInline, &kById}; // by mr_layout
  return *rows[desc.layout];
}

SlotShape millrace::shapeOf(const mr_table_desc &desc, uint32_t extra) {
  return {desc.slot_size, desc.cold_size, extra, desc.layout == MR_LAYOUT_PACKED, 1, 0};
}
