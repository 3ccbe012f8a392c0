//===- value_list.h - lists of rows that a member keeps ------------------------===//
//
// Internal. A list is one kept text (strings.h), so that it is copied, saved and
// given back as every text is: a header, then an entry for each row, one behind
// the other as they arrived. An entry is the row's time, the row (abi.h,
// mr_entry_desc), and the bytes of its strings that are too long to lie in place.
// All bytes zero, the empty text, is the empty list. Adding a row is O(1) on
// average, taking in another list is one copy; who reads sorts first, where times
// did not come in order.
//
// A top is a list whose rows begin with what they are judged by, of which the best
// are kept: now and then it is sorted and cut, and what is worse than the last one
// that was left is not taken in any more.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_VALUE_LIST_H
#define MILLRACE_RUNTIME_STATE_VALUE_LIST_H

#include "runtime/state/strings.h"

#include <functional>

namespace millrace {

/// The list in `stored` with one more row. As it was if memory is refused.
mr_string listAdd(StringArena &texts, mr_string stored, int64_t time, const uint8_t *row, const mr_entry_desc &entry);
/// With all rows of `other`, which has the same kind of rows; they come later, or arrived later. `from` is another
/// arena, or the same.
mr_string listAddAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other);
uint64_t listCount(const StringArena &texts, mr_string stored);
/// Puts the rows into the order of (time, arrival). Where they came so it is O(1).
void listSort(StringArena &texts, mr_string stored, const mr_entry_desc &entry);
/// Calls `take` with the time and the row of each entry as they lie (listSort, topCut). The row's strings are in
/// flight; it is good for the call, their bytes until the list is added to.
void listEach(const StringArena &texts, mr_string stored, const mr_entry_desc &entry,
              const std::function<void(int64_t time, const uint8_t *row)> &take);

/// Of a list of different values: of equal ones only the first by (time, arrival) is left.
void listKeepFirst(StringArena &texts, mr_string stored, const mr_entry_desc &entry);
/// The same if there are about as many as need not be there, so that it costs O(log n) for each row.
void listTrim(StringArena &texts, mr_string stored, const mr_entry_desc &entry);

/// The same of a top. What is not better than all that it has to keep is left out.
mr_string topAdd(StringArena &texts, mr_string stored, int64_t time, const uint8_t *row, const mr_entry_desc &entry);
mr_string topAddAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other,
                    const mr_entry_desc &entry);
/// Leaves only the best rows, the best first, of equal ones by (time, arrival).
void topCut(StringArena &texts, mr_string stored, const mr_entry_desc &entry);

} // namespace millrace

#endif
