//===- inline.h - how functions for generated loops are marked ------------===//
//
// Internal. What stands in this folder is compiled twice: into the runtime's
// library, and to bitcode that is linked into every generated program before
// optimisation, so that no call is left in its loops.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_INLINE_INLINE_H
#define MILLRACE_RUNTIME_INLINE_INLINE_H

/// A function of abi.def of kind INLINE.
#define MR_INLINE extern "C" __attribute__((always_inline))

/// Part of an inlined function that is too long to be inlined: stays a call, to code that is optimised with the rest.
#define MR_OUTLINE __attribute__((noinline))

#endif
