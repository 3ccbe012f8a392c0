//===- set.cpp - how many values a set has, inlined -----------------------===//
//
// Called by generated code: of each key, when a window fires.
//
//===----------------------------------------------------------------------===//
#include "runtime/inline/inline.h"
#include "runtime/state/set_block.h"
#include "runtime/state/table.h"

using namespace millrace;

MR_INLINE uint64_t mr_set_count(mr_table *table, mr_string stored) {
  uint64_t count = isOneWord(stored) ? 1 : countBeside(stored);
  if (count || !stringLength(stored))
    return count;
  return setIn(table->texts, stored).header().count;
}
