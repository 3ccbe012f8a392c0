//===- table.h - open addressing with inline keys -------------------------===//
//
// Internal. One table holds the keys of one pane. A slot is
//   u64 tag        0: empty, else the key's hash
//   u64 key[words] normalised key words
//   mr_string key_strings[strings]
//   members        zero when new
// Linear probing, at most 1/4 (small) to 3/4 (large) full, growth doubles. Keys are never removed:
// the whole table goes when its pane has fired.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_TABLE_H
#define MILLRACE_RUNTIME_STATE_TABLE_H

#include "millrace/abi.h"

namespace millrace {
struct StringArena; // runtime/state/memory.h
}

/// Head of a table, read by the inlined probe.
struct mr_table {
  uint8_t *slots;
  uint64_t mask;  ///< capacity - 1; the capacity is a power of two
  uint64_t count; ///< slots in use
  uint64_t limit; ///< grow when count reaches it
  uint32_t slotSize, keyWords, keyStrings, pad;
  const uint8_t *keyTypes; ///< by field of the key: mr_type and MR_KEY_NULLABLE; for mr_table_order
  uint32_t numKeys, pad2;
  millrace::StringArena *strings;  ///< memory of kept strings, made when first needed
  uint64_t *order;                 ///< of mr_table_order, made when asked for
  uint64_t orderCount, orderBytes; ///< slots and bytes in `order`
  uint64_t mapped;                 ///< bytes at `slots`
};

#endif
