//===- snapshot.h - state to bytes and back ------------------------------------===//
//
// Internal. What an operator keeps, as bytes: a description of its layout, its
// dictionary, and of each table the pages of memory that are in use, as they lie.
// The same layout takes the pages as they are; any other that keeps the same
// pieces for the same keys is filled key by key. There are no addresses in it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_SNAPSHOT_H
#define MILLRACE_RUNTIME_STATE_SNAPSHOT_H

#include "runtime/state/dictionary.h"
#include "runtime/state/table.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

/// A table of an operator, and what tells it from the others (the start of its window; 0 where there is one).
struct SavedTable {
  int64_t start;
  mr_table *table;
};

/// Appends the state of an operator to `bytes`. `dictionary`: only of the layout by_id. Growth that is under way is
/// finished first.
void stateSave(const mr_table_desc &desc, const mr_dictionary *dictionary, const std::vector<SavedTable> &tables,
               std::string &bytes);

/// Makes tables from bytes that stateSave wrote, for the same or another layout, in the order in which they were saved.
/// `dictionary`: new and empty, only for the layout by_id. False: `error` says why, in words that follow "the saved
/// state of `x`"; nothing was made, but the dictionary may have keys. Refused memory is such an error.
bool stateLoad(std::string_view bytes, const mr_table_desc &desc, StateAccount &account, mr_dictionary *dictionary,
               std::vector<SavedTable> &tables, std::string &error);

} // namespace millrace

#endif
