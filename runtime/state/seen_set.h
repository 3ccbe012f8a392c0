//===- seen_set.h - sets of the values that a sliding window has seen -----------===//
//
// Internal. What a running result over slices has instead of a set (value_set.h):
// with each value where the last slice began that had it. A slice that closes is
// added, one that expires takes away what was seen in no later one. So each
// value of a slice is looked up twice, however many slices a window has, and a
// slice may be added in parts, in any order, a part twice.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_SEEN_SET_H
#define MILLRACE_RUNTIME_STATE_SEEN_SET_H

#include "runtime/state/strings.h"

namespace millrace {

/// `stored` with the values of `other`, a set of value_set.h that lies in `from`, seen in `slice` (mr_table::slice, not
/// 0). Its number of values is countOf's. What memory is refused for is left out.
mr_string seeAll(StringArena &texts, mr_string stored, uint64_t slice, const StringArena &from, mr_string other);
/// Without those of `other` that were seen last in `slice`.
mr_string forgetAll(StringArena &texts, mr_string stored, uint64_t slice, const StringArena &from, mr_string other);

/// Positions that seenAhead looks at: so many that those in use, a fifth of them or so, are enough for their misses to
/// overlap.
inline constexpr uint64_t kSeenAhead = 128;
/// Asks for the memory that seeAll or forgetAll will look at for the keys at these positions of a slice, the first
/// kSeenAhead of them. It is a guess: nothing but time hangs on it.
void seenAhead(const mr_table *window, const mr_table *slice, uint64_t begin, uint64_t end);

} // namespace millrace

#endif
