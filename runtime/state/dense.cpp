//===- dense.cpp - layout: an array by the key's index --------------------------===//
//
// The array is as large as the keys' range; the system makes its pages as they
// are touched. Positions are never given to another key, so there is nothing to
// look for.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/codes.h"
#include "runtime/state/invariant.h"
#include "runtime/state/layouts.h"
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"

using namespace millrace;

namespace {

void begin(mr_table &table, uint64_t) {
  const mr_table_desc &desc = *table.desc;
  table.beginArray(shapeOf(table, 0), *table.account, desc.positions, /*always=*/true);
  table.reach = table.end = desc.positions;
}

/// Keys, counted.
uint64_t count(const mr_table &table) {
  uint64_t count = 0;
  uint32_t size = table.desc->slot_size;
  auto &asked = const_cast<mr_table &>(table);
  for (uint64_t i = 0; (i = mr_table_next(&asked, i, size)) < table.end;)
    for (uint64_t end = std::min(i + (uint64_t(1) << MR_STATE_PAGE_BITS) / size + 1, table.end); i < end; ++i)
      count += isOccupied(*table.desc, table.slotAt(i));
  return count;
}

void key(const mr_table &table, uint64_t position, uint64_t *key) { undoIndex(*table.desc, position, key); }

uint8_t *upsert(mr_table &table, const uint64_t *key) {
  uint8_t *slot = mr_dense_slot(&table, denseIndex(*table.desc, key), table.desc->slot_size);
  table.touch(slot);
  return slot;
}

void erase(mr_table &table, uint64_t position) { table.clear(position); }

} // namespace

bool by_position::inUse(const mr_table &table, uint64_t position) {
  return isOccupied(*table.desc, table.slotAt(position));
}

uint64_t by_position::token(const mr_table &, uint64_t position) { return position; }

void by_position::find(mr_table &table, uint64_t token, StateVector<uint64_t> &positions) {
  if (token < table.end && inUse(table, token))
    positions.push_back(token);
}

const LayoutRow millrace::kDense = {
    "dense",           true,  begin,  count, by_position::inUse, key, upsert, by_position::token,
    by_position::find, erase, nullptr};

extern "C" uint8_t *mr_dense_reach(mr_table *table, uint64_t index) {
  const mr_table_desc &desc = *table->desc;
  if (desc.layout == MR_LAYOUT_BY_ID) {
    uint64_t reach = table->reach * 2 < 64 ? 64 : table->reach * 2;
    reach = reach <= index ? index + 1 : reach;
    if (index == ~uint64_t(0) || !table->reachArray(reach)) // there was no memory for an id, or is none for its slot
      return table->noSlot();
    table->reach = table->end = reach;
    return table->slotAt(index);
  }
  invariant(table->reach == 0 && index < desc.positions, "an index lies within its key's range");
  return table->noSlot(); // there was no memory for the array
}
