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

/// An empty table. `desc` must outlive it. `expected`: keys that are expected (0: unknown); makes room for them at
/// once, up to 1 GiB. Ends the program with exit code 3 when memory is exhausted.
mr_table *tableNew(const mr_table_desc &desc, uint64_t expected = 0);

/// Frees the table and all that it kept. 0 is allowed.
void tableFree(mr_table *table);

/// Bytes of memory that the table holds: slots, kept strings, order.
uint64_t tableBytes(const mr_table *table);

/// Keys in the table.
uint64_t tableCount(const mr_table *table);

/// Is the slot at a position (< mr_table_capacity) in use?
bool tableInUse(const mr_table *table, uint64_t position);

/// The normalised key (abi.h) of a position in use, to `key`, with room for key_words + 2 * key_strings words; strings
/// are valid as long as mr_table_text says.
void tableKey(const mr_table *table, uint64_t position, uint64_t *key);

} // namespace millrace

#endif
