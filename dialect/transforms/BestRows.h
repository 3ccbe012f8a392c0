//===- BestRows.h - how `top` keeps the best records ----------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_BESTROWS_H
#define MILLRACE_DIALECT_TRANSFORMS_BESTROWS_H

#include "dialect/state/State.h"
#include "dialect/stream/Stream.h"

namespace millrace {

/// Does a group keep its best records as one list (state/BestRows.h)? Else each record has a slot of its own, and the
/// table is put in order when it fires (state::TopAttr).
bool keepsBestRows(stream::TopOp top);

/// That member.
state::MemberAttr bestRowsOf(stream::TopOp top);

/// Of a firing: goes through the list that it has in `record`, which becomes the record in hand; gives the block where
/// that goes on.
mlir::Block &unnestBestRows(mlir::OpBuilder &builder, stream::TopOp top, llvm::SmallVector<mlir::Value> &fields);

} // namespace millrace

#endif
