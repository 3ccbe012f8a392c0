//===- Demand.h - what a pipeline uses, as written -----------------*- C++ -*-===//
//
// Rule 47: a record is bad for what the pipeline *as written* uses. This
// analysis tells what that is; pruning and the reference interpreter ask it
// alike.
//
//  - An operator is live if a sink can be reached from it. What is not live is
//    removed, counts nothing and makes no record bad.
//  - A live sink uses all fields of its input; a window or running its keys, and
//    all arguments and conditions of its aggregates; a deduplicate its keys and
//    the fields used behind it; a filter its condition; a key_by its keys; a
//    flat_map its list. A map or flat_map uses those fields
//    that the expressions of its own used fields name. A source uses the fields
//    of its event time.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_DEMAND_H
#define MILLRACE_DIALECT_STREAM_DEMAND_H

#include "dialect/stream/Stream.h"
#include "llvm/ADT/BitVector.h"

namespace millrace::stream {

/// Discardable attribute of a deduplicate, once noted: the fields used behind it as written, which it judges.
inline constexpr llvm::StringLiteral usesAttr = "stream.uses";

class Demand {
public:
  explicit Demand(PipelineOp pipeline);

  bool isLive(mlir::Operation *op) const { return live.contains(op); }
  /// Which fields of the stream are used, by position.
  const llvm::BitVector &usedFields(mlir::Value stream) const { return used.find(stream)->second; }

private:
  void visit(mlir::Operation *op);
  void useAll(mlir::Value stream);
  void useNames(mlir::Value stream, mlir::ArrayAttr names);
  void useKeys(mlir::Value stream);

  llvm::DenseSet<mlir::Operation *> live;
  llvm::DenseMap<mlir::Value, llvm::BitVector> used;
};

/// The conjuncts of a filter's condition, as written: each is a filter of its own (rule 46).
llvm::SmallVector<mlir::Value> conjuncts(FilterOp filter);

/// Which of `block`'s arguments the given values of it are computed from.
llvm::BitVector argumentsOf(mlir::Block &block, mlir::ValueRange values);

} // namespace millrace::stream

#endif
