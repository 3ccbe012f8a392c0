//===- pane_changes.cpp - which keys of a window have new records ---------------------------===//
//
// Generated code tells of a key when it gets its first new record. Its position is
// noted, so that a row for few of many keys costs as much as these. A table that
// grows moves its slots: then they are looked for once, by what slots have beside
// their members.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/panes.h"

#include "runtime/state/table.h"

using namespace millrace;

/// Are positions those of the keys for ever?
static bool isByPosition(const mr_table *table) {
  return table->desc->layout == MR_LAYOUT_DENSE || table->desc->layout == MR_LAYOUT_BY_ID;
}

void ChangedSlots::add(const mr_table *table, const uint8_t *slot, uint64_t most) {
  if (lost)
    return;
  if (all.empty())
    slots = table->now.slots;
  if (!isKnown(table) || all.size() >= most)
    return forget();
  all.push_back(table->positionOf(slot));
}

bool ChangedSlots::isKnown(const mr_table *table) const {
  return !lost && (all.empty() || slots == table->now.slots || isByPosition(table));
}

void ChangedSlots::clear() {
  all.clear();
  lost = false;
}

void ChangedSlots::set(const mr_table *table, StateVector<uint64_t> &&positions) {
  all = std::move(positions);
  slots = table->now.slots;
  lost = false;
}
