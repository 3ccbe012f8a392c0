//===- table.h - keyed state ----------------------------------------------===//
//
// Internal. One table holds the keys of one pane, or of an operator without
// windows. What a slot is depends on the layout (abi.h, mr_layout); each has a
// file of its own here.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_TABLE_H
#define MILLRACE_RUNTIME_STATE_TABLE_H

#include "runtime/state/slots.h"
#include "runtime/state/strings.h"

struct mr_dictionary; // runtime/state/dictionary.h

/// Read by the inlined probes.
struct mr_table : millrace::Slots {
  uint64_t reach; ///< dense, by_id: positions that there are
  uint64_t end;   ///< number of positions, special ones counted
  const mr_table_desc *desc;
  millrace::StringArena texts;                            ///< of members and inline keys
  mr_dictionary *dictionary;                              ///< by_id
  uint64_t *order;                                        ///< of mr_table_order, made when asked for
  uint64_t orderCount, orderBytes, changes, orderChanges; ///< `changes` counts keys that came or went
  uint64_t slice;  ///< where the slice begins whose records these are, its top bit turned so that 0 is none
  bool seesSlices; ///< of many slices: a set then has with each value the last slice that had it (seen_set.h)
};

#endif
