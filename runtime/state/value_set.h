//===- value_set.h - sets of values that a member keeps ------------------------===//
//
// Internal. A set is one kept text (strings.h), so that it is copied, saved and
// given back as every text is: a header, slots of an open addressing, and of texts
// a pool with their bytes. All bytes zero, the empty text, is the empty set; a word
// alone is a text that lies in place.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_VALUE_SET_H
#define MILLRACE_RUNTIME_STATE_VALUE_SET_H

#include "runtime/state/hash.h"
#include "runtime/state/strings.h"

#include <functional>

namespace millrace {

/// The set of 64-bit words in `stored` with one more. Empty if memory is refused.
mr_string addWord(StringArena &texts, mr_string stored, uint64_t word);
/// The same of a set of texts.
mr_string addText(StringArena &texts, mr_string stored, mr_string text);
/// With all that are in `other`, a set of the same kind. `from` is another arena, or the same.
mr_string addAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other);
/// Of a set of words.
void eachWord(const StringArena &texts, mr_string stored, const std::function<void(uint64_t)> &take);
/// Number of different values.
uint64_t countOf(const StringArena &texts, mr_string stored);

/// 64 bits, all of which depend on all of the value's.
inline uint64_t spreadWord(uint64_t word) { return mix(word ^ kSeed, mix(word ^ kLast, kStep)); }
uint64_t spreadText(mr_string text);

/// The sketch in `stored` with one more value, given by its spread bits: exact up to 256 different values, beyond them
/// HyperLogLog with 4096 registers of a byte (standard error 1.6 %). Flajolet, Fusy, Gandouet, Meunier, HyperLogLog:
/// the analysis of a near-optimal cardinality estimation algorithm (2007).
mr_string sketchWord(StringArena &texts, mr_string stored, uint64_t spread);
mr_string sketchAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other);
/// The estimate of O. Ertl, New cardinality estimation algorithms for HyperLogLog sketches (2017), which needs no
/// table.
uint64_t estimateOf(const StringArena &texts, mr_string stored);

} // namespace millrace

#endif
