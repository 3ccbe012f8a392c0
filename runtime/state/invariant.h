//===- invariant.h - what must hold, in release too ------------------------------===//
//
// Internal. State that is wrong must not go on: not into results, and not into
// what is saved. Checked where state changes hands (insertions, what goes, what
// is given back), never in the loops that find a key that is there.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_INVARIANT_H
#define MILLRACE_RUNTIME_STATE_INVARIANT_H

#include <cstdint>
#include <source_location>

namespace millrace {

/// Ends the program by abort, with a message that names the place in the source.
[[noreturn, gnu::cold]] void brokenInvariant(const char *what, std::source_location at);

/// `what` says what is expected: "no more memory is given back than was taken".
inline void invariant(bool holds, const char *what, std::source_location at = std::source_location::current()) {
  if (__builtin_expect(!holds, 0))
    brokenInvariant(what, at);
}

} // namespace millrace

#endif
