//===- table.h - keyed state ----------------------------------------------===//
//
// Internal. One table holds the keys of one pane, or of an operator without
// windows. What a slot is depends on the layout (abi.h, mr_layout).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_TABLE_H
#define MILLRACE_RUNTIME_STATE_TABLE_H

#include "millrace/abi.h"

namespace millrace {
struct StringArena; // runtime/state/memory.h
} // namespace millrace

/// Head of a table, read by the inlined probes.
struct mr_table {
  uint8_t *slots;
  uint64_t mask;    ///< hash layouts: capacity - 1; the capacity is a power of two
  uint64_t reach;   ///< dense, by_id: positions that there are
  uint8_t *touched; ///< by 4 KiB page of slots: bit 0 written since the last snapshot, bit 1 since the table was made
  uint8_t *cold;    ///< cold parts by position; 0: not made yet
  uint64_t end;     ///< number of positions, special ones counted
  uint64_t count;   ///< slots in use (hash layouts)
  uint64_t limit;   ///< hash layouts: grow when count reaches it
  const mr_table_desc *desc;
  millrace::StringArena *strings;  ///< memory of kept strings, made when first needed
  uint64_t *order;                 ///< of mr_table_order, made when asked for
  uint64_t orderCount, orderBytes; ///< slots and bytes in `order`
  uint64_t mapped;                 ///< bytes at `slots`
  uint64_t touchedBytes, coldBytes;
};

/// Slots of one page share a byte of `touched`; a slot belongs to the page in which it begins.
#define MR_STATE_PAGE_BITS 12
#define MR_STATE_TOUCHED 3

#endif
