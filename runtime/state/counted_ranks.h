//===- counted_ranks.h - numbers of which each may go again, in order -----------===//
//
// Internal. What windows per record keep of the values in them: each different
// one with how often it is there, so that a record that leaves takes its own along.
// Adding, taking out and finding a place all cost the logarithm of how many
// different ones there are. All of it is one kept text (strings.h): a treap, whose
// nodes know each other by number and balance by the bits of their ranks alone, so
// that what is saved and loaded again behaves as before. All bytes zero, the empty
// text, is the empty one.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_COUNTED_RANKS_H
#define MILLRACE_RUNTIME_STATE_COUNTED_RANKS_H

#include "runtime/state/strings.h"

namespace millrace {

/// One more of the rank. Where memory is refused, what is stored stays as it is.
mr_string addCounted(StringArena &texts, mr_string stored, uint64_t rank);
/// One less, if there is one: where memory was refused before there may be none.
void takeCounted(const StringArena &texts, mr_string stored, uint64_t rank);

/// What is in there; valid until it changes.
class CountedRanks {
public:
  CountedRanks(const StringArena &texts, mr_string stored);

  /// How many there are; `distinct`: different ones.
  uint64_t size(bool distinct) const;
  /// How many are less than a rank, and how many are not greater.
  uint64_t below(uint64_t rank) const;
  uint64_t upTo(uint64_t rank) const;
  /// The one that is number `place` (< size), from 0.
  uint64_t at(uint64_t place, bool distinct) const;

private:
  const struct CountedHeader *header = nullptr; ///< none: nothing is in there
};

} // namespace millrace

#endif
