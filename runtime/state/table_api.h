//===- table_api.h - making and freeing tables ----------------------------===//
//
// Internal: what the engine does with tables. What generated code does with
// them is in abi.def.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_TABLE_API_H
#define MILLRACE_RUNTIME_STATE_TABLE_API_H

#include "runtime/state/table.h"

namespace millrace {

/// An empty table. `slotSize`: bytes of a slot, a multiple of 8, at least 8 * (1 + words + 2 * strings). `keyTypes`:
/// for mr_table_order, one byte for each of the `numKeys` fields of the key (see mr_window_desc), must outlive the
/// table; may be 0 if order is never asked for. `expected`: keys that are expected (0: unknown); makes room for them at
/// once, up to 1 GiB. Ends the program with exit code 3 when memory is exhausted.
mr_table *tableNew(uint32_t slotSize, uint32_t words, uint32_t strings, const uint8_t *keyTypes = nullptr,
                   uint32_t numKeys = 0, uint64_t expected = 0);

/// Frees the table and all that it kept. 0 is allowed.
void tableFree(mr_table *table);

/// Bytes of memory that the table holds: slots, kept strings, order.
uint64_t tableBytes(const mr_table *table);

} // namespace millrace

#endif
