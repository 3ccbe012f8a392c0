//===- table_clear.cpp - a table that is used again -------------------------------===//
//
// Slices of windows come and go, each a table: an empty one that has its memory
// already costs less than a new one.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/dictionary.h"
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

/// Only pages that were touched since it was made hold something.
bool Slots::clearSome(uint64_t &page, uint64_t bytes) {
  uint32_t size = shape.slotSize;
  for (uint64_t cleared = 0; page << MR_STATE_PAGE_BITS < now.total * size; ++page) {
    if (!now.touched[page])
      continue;
    if (cleared >= bytes)
      return false;
    cleared += uint64_t(1) << MR_STATE_PAGE_BITS;
    now.touched[page] = 0;
    auto slotFrom = [&](uint64_t byte) { return std::min((byte + size - 1) / size, now.total); };
    uint64_t first = slotFrom(page << MR_STATE_PAGE_BITS), end = slotFrom((page + 1) << MR_STATE_PAGE_BITS);
    showSlots(now, first, end - first);
    std::memset(now.slots + first * size, 0, (end - first) * size);
    if (now.cold)
      std::memset(now.cold + first * shape.coldSize, 0, (end - first) * shape.coldSize);
  }
  return true;
}

void Slots::clearAll() {
  give(old);
  give(next);
  giveAll();
  left = count = 0;
  uint64_t page = 0;
  clearSome(page, ~uint64_t(0));
  hideFree(now);
}

/// By id, a dictionary looks into all tables that are there.
void millrace::tablePutAway(mr_table *table) {
  if (table->desc->layout != MR_LAYOUT_BY_ID)
    table->hide();
}

void millrace::tableTakeOut(mr_table *table) {
  if (table->desc->layout != MR_LAYOUT_BY_ID)
    table->show();
}

bool millrace::tableClear(mr_table *table) {
  constexpr uint64_t kSmall = uint64_t(64) << 10, kSparse = 64;
  uint64_t bytes = table->now.total * table->desc->slot_size;
  bool isArray = table->desc->layout == MR_LAYOUT_DENSE || table->desc->layout == MR_LAYOUT_BY_ID;
  if (!isArray && bytes > kSmall && table->count < table->now.total / kSparse)
    return false;
  tableSettle(table); // what was made for its old keys goes
  StateAccount *account = table->account;
  table->texts.clear();
  table->texts.account = account;
  table->clearAll();
  ++table->changes;
  if (mr_dictionary *ids = table->dictionary) // there may be some that no table uses now
    ids->toLookAt = ids->ids;
  return true;
}
