//===- TableParts.h - what the table of an operator with state is made of -*- C++ -*-===//
//
// Internal to stream-form-steps: the operator's aggregates become members, its
// clauses how long a key stays and which records are kept.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_TABLEPARTS_H
#define MILLRACE_DIALECT_TRANSFORMS_TABLEPARTS_H

#include "dialect/state/State.h"
#include "dialect/stream/Stream.h"

namespace millrace {

/// A member for each aggregate of a window, running or over.
template <typename OpT> llvm::SmallVector<state::MemberAttr> membersOf(OpT op);

/// How long a key stays and what of its records, of operators that give rows at once.
state::KeepAttr keepOf(stream::RunningOp running);
state::KeepAttr keepOf(stream::DeduplicateOp one);
state::KeepAttr keepOf(stream::OverOp over);
state::KeepAttr keepOf(stream::WindowOp count);

/// Which records of a table are the best. Adds what its key has behind the group: what is compared, and the arrival.
state::TopAttr addRanks(stream::TopOp op, llvm::SmallVectorImpl<mlir::StringAttr> &keys,
                        llvm::SmallVectorImpl<mlir::Type> &types);

} // namespace millrace

#endif
