//===- Routes.h - in which order a record reaches its consumers ----*- C++ -*-===//
//
// What a stream with several consumers gives for one record. Consumers are
// served in written order, with one exception (rule 10): copies of one record
// that meet again in a union come in the order of its operands. For one record
// of a source (or one row that a window fires) a union gives what its first
// operand gives, then what its second gives, and so on.
//
// Pushing a record through the graph depth first does not give that order by
// itself, where ways part and meet again. There each way is followed on its
// own, from where they part to the terminal, or to an operator with state that
// gives its rows at once (running, deduplicate): it takes a record once, and its
// rows have ways of their own.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_ROUTES_H
#define MILLRACE_DIALECT_STREAM_ROUTES_H

#include "dialect/stream/Demand.h"

namespace millrace::stream {

/// One way on from a stream: the uses along it. One use alone: its operator's result goes on as that stream's routes
/// say. Several: a whole way to a terminal or to an operator with state, to be followed as it is.
using Route = llvm::SmallVector<mlir::OpOperand *>;

/// Has the operator state, and gives its rows at once for the record in hand? (running, deduplicate, windows of a
/// count)
bool givesAtOnce(mlir::Operation *op);

/// Finds the ways on. Needs the terminals numbered.
class Routes {
public:
  explicit Routes(const Demand &demand) : demand(demand) {}

  /// The ways on from `stream` to live consumers, in the order in which they are to be served. Reports (and fails) if
  /// unions copy a record more than `limit` times, or ask for rows of an operator with state before and behind others.
  mlir::FailureOr<llvm::SmallVector<Route>> from(mlir::Value stream);

  static constexpr size_t limit = 1024;

  /// Does somebody read the late records of the window?
  bool hasLate(WindowOp window) const;

  /// Do ways part at `stream` or behind it and meet again before a sink or window or in one?
  bool meetsAgain(mlir::Value stream);

private:
  llvm::SmallVector<mlir::OpOperand *> uses(mlir::Value stream);
  llvm::SmallVector<llvm::SmallVector<mlir::OpOperand *>> groups(mlir::Value stream);
  mlir::FailureOr<llvm::SmallVector<Route>> oneByOne(llvm::ArrayRef<mlir::OpOperand *> members);
  const llvm::DenseSet<mlir::Operation *> &terminals(mlir::Operation *op);
  bool needsOwnWays(mlir::Operation *op);
  mlir::LogicalResult addWays(mlir::OpOperand *use, Route &way, llvm::SmallVector<Route> &into);

  const Demand &demand;
  llvm::DenseMap<mlir::Operation *, llvm::DenseSet<mlir::Operation *>> reached;
  llvm::DenseMap<mlir::Value, bool> meets;
  llvm::DenseMap<mlir::Operation *, bool> ownWays;
};

} // namespace millrace::stream

#endif
