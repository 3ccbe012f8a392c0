//===- exact_sum.h - sums of floats that lose nothing --------------------------===//
//
// Internal. Every f64 is a whole number of units of 2^-1074, so a sum is one too: a
// fixed-point number in two's complement, of which only those words are kept that
// were ever needed (U. Kulisch, Advanced arithmetic for the digital computer, 2002).
// It is one kept text (strings.h); all bytes zero, the empty text, is nothing. NaN
// and the infinities are counted beside it, so that they can be taken away again.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_EXACT_SUM_H
#define MILLRACE_RUNTIME_STATE_EXACT_SUM_H

#include "runtime/state/strings.h"

namespace millrace {

/// The sum with one more value. Empty if memory is refused.
mr_string addExact(StringArena &texts, mr_string stored, double value);
/// With all of `other`, or (`sign` -1) without. `from` is another arena, or the same.
mr_string addExactAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other, int sign);
/// Divided by `divisor` (not 0), and rounded once to the nearest, ties to even; beyond f64 an infinity. Of a sum that
/// is 0 never -0.
double exactSumOf(const StringArena &texts, mr_string stored, uint64_t divisor = 1);

} // namespace millrace

#endif
