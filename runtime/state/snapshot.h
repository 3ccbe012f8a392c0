//===- snapshot.h - state to bytes and back ------------------------------------===//
//
// Internal. What an operator keeps, as bytes: a description of its layout, the
// times it has reached, its dictionary, and of each table the pages of memory
// that are in use, as they lie. The same layout (and version of the hash) takes
// the pages as they are; any other that keeps the same pieces for the same keys
// is filled key by key. There are no addresses in it. Each section has a checksum
// (snapshot_bytes.h): what was damaged is refused, not read.
//
// Timers of time-to-live are not saved: a slot has its key's time, from which they
// are armed again (Expiry::armAll); saved timers would be as many bytes again.
//
// Saving clears the marks of what was written since (pages.h): what is marked
// after it is what the next snapshot has to copy of slots and cold parts.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_SNAPSHOT_H
#define MILLRACE_RUNTIME_STATE_SNAPSHOT_H

#include "runtime/state/dictionary.h"
#include "runtime/state/table.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

/// A table of an operator, and what tells it from the others (the start of its window; 0 where there is one).
struct SavedTable {
  int64_t start;
  mr_table *table;
  uint32_t owner = 0; ///< of several operators whose state is saved together: whose account it is on
};

/// What an operator keeps.
struct SavedState {
  int64_t watermark = INT64_MIN;    ///< what has fired; with time-to-live: by which keys are gone
  int64_t greatestTime = INT64_MIN; ///< of a global window: the greatest event time that it has seen
  std::vector<SavedTable> tables;
  std::vector<int64_t> numbers; ///< what else there is, in an order that the operator knows
};

/// Appends the state of an operator to `bytes`. `dictionary`: only of the layout by_id. Growth that is under way is
/// finished first.
void stateSave(const mr_table_desc &desc, const mr_dictionary *dictionary, const SavedState &state, std::string &bytes);

/// Makes tables from bytes that stateSave wrote, for the same or another layout, in the order in which they were saved.
/// `owners`: accounts by number. `dictionary`: new and empty, only for the layout by_id. False: `error` says why, in
/// words that follow "the saved state of `x`"; nothing was made, but the dictionary may have keys. Refused memory is
/// such an error.
bool stateLoad(std::string_view bytes, const mr_table_desc &desc, std::span<StateAccount *const> owners,
               mr_dictionary *dictionary, SavedState &state, std::string &error);
/// Of one operator.
inline bool stateLoad(std::string_view bytes, const mr_table_desc &desc, StateAccount &account,
                      mr_dictionary *dictionary, SavedState &state, std::string &error) {
  StateAccount *owner = &account;
  return stateLoad(bytes, desc, {&owner, 1}, dictionary, state, error);
}

} // namespace millrace

#endif
