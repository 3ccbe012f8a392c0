//===- table.cpp - slots of all layouts, inlined --------------------------===//
//
// Called by generated code, with `slotSize` and `coldSize` constant.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/table.h"
#include "runtime/inline/inline.h"

using namespace millrace;

MR_INLINE uint8_t *mr_table_slots(mr_table *table) { return table->now.slots; }

MR_INLINE uint64_t mr_table_mask(mr_table *table) { return table->now.mask; }

MR_INLINE uint8_t *mr_table_marks(mr_table *table) { return table->now.touched; }

MR_INLINE uint64_t mr_table_capacity(mr_table *table) { return table->end; }

MR_INLINE uint64_t mr_table_next(mr_table *table, uint64_t position, uint32_t slotSize) {
  uint64_t end = table->end;
  const uint8_t *touched = table->now.touched;
  while (position < end) {
    uint64_t page = position * slotSize >> MR_STATE_PAGE_BITS;
    if (__builtin_expect(touched[page] != 0, 1))
      return position;
    position = (((page + 1) << MR_STATE_PAGE_BITS) + slotSize - 1) / slotSize;
  }
  return end;
}

MR_INLINE void mr_table_touch(mr_table *table, uint8_t *slot) {
  table->now.touched[uint64_t(slot - table->now.slots) >> MR_STATE_PAGE_BITS] = MR_STATE_TOUCHED;
}

MR_INLINE uint8_t *mr_table_cold(mr_table *table, uint8_t *slot, uint32_t slotSize, uint32_t coldSize) {
  uint8_t *cold = table->now.cold;
  return cold ? cold + uint64_t(slot - table->now.slots) / slotSize * coldSize : nullptr;
}

MR_INLINE mr_string mr_table_text(mr_table *table, mr_string stored) { return table->texts.text(stored); }
