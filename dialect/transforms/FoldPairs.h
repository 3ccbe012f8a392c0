//===- FoldPairs.h - can two folds be one? --------------------------*- C++ -*-===//
//
// For sharing slices (ShareSlices.cpp): two folds get the same records, and an
// error of a record is one for both.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_FOLDPAIRS_H
#define MILLRACE_DIALECT_TRANSFORMS_FOLDPAIRS_H

#include "dialect/state/State.h"

namespace millrace {

/// Do these get the same records, with the same keys and times?
bool isBeside(state::FoldOp a, state::FoldOp b);

/// Is a record that is bad for one of two windows bad for the other, or the end of all (rule 47)?
bool goWrongTogether(state::FoldOp a, state::FoldOp b);

} // namespace millrace

#endif
