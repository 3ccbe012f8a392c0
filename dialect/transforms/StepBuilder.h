//===- StepBuilder.h - the code behind one source or window --------*- C++ -*-===//
//
// Internal to stream-form-steps. Pushes a record, held as SSA values, through
// the operators behind a stream, and appends to a block what they do with it.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_STEPBUILDER_H
#define MILLRACE_DIALECT_TRANSFORMS_STEPBUILDER_H

#include "dialect/exec/Exec.h"
#include "dialect/stream/Routes.h"
#include "mlir/IR/IRMapping.h"

namespace millrace {

/// A record on its way: a value for each field of the stream's type, its event time (null if it has none), and of an
/// upsert stream the fields that it is by, as the state behind it has them.
struct Record {
  llvm::SmallVector<mlir::Value> fields;
  mlir::Value time;
  llvm::SmallVector<mlir::Value> upsertKeys;
};

/// The fields that a record hands on through `over` and that are used behind it: these wait with it.
llvm::SmallVector<mlir::Attribute> usedOfPassed(stream::OverOp over);

class StepBuilder {
public:
  /// `params` maps the pipeline's params to the program's.
  StepBuilder(stream::Routes &routes, const mlir::IRMapping &params) : routes(routes), params(params) {}

  /// Appends to the end of `block` everything behind `stream` for `record`. Fails with a report.
  mlir::LogicalResult build(mlir::Block &block, mlir::Value stream, Record record);

  /// What the aggregates of an operator take of what its region yields, as fold and update have it.
  struct Taken {
    llvm::SmallVector<mlir::Value> args, filters;
    llvm::SmallVector<bool> filtered;
  };
  Taken take(mlir::OpBuilder &builder, mlir::Operation *op, mlir::ArrayAttr aggregates,
             llvm::ArrayRef<mlir::Value> yielded);

  /// Copies the expression region `body` (whose arguments are `arguments`) and gives its yielded values.
  llvm::SmallVector<mlir::Value> inlineBody(mlir::Block &body, mlir::ValueRange arguments, mlir::OpBuilder &builder);

  /// Operators that were copied more than once.
  unsigned copies = 0;

private:
  mlir::LogicalResult follow(mlir::OpBuilder builder, mlir::Value stream, const Record &record);
  mlir::LogicalResult serve(mlir::OpBuilder builder, const stream::Route &route, Record record);
  void apply(mlir::OpBuilder &builder, mlir::Operation *op, Record &record);
  void fold(mlir::OpBuilder &builder, stream::WindowOp window, const Record &record);
  mlir::LogicalResult followLate(mlir::OpBuilder builder, stream::WindowOp window, Record record);
  template <typename OpT> void update(mlir::OpBuilder &builder, OpT aggregating, Record &record);
  void rank(mlir::OpBuilder &builder, stream::TopOp top, const Record &record);
  void wait(mlir::OpBuilder &builder, stream::OverOp over, const Record &record);
  void deduplicate(mlir::OpBuilder &builder, stream::DeduplicateOp one, Record &record);
  mlir::LogicalResult checkOnce(mlir::Operation *keeper, mlir::Block &block);
  void lift(mlir::OpBuilder &builder, stream::AggregateOp aggregate, mlir::ValueRange arguments, mlir::Value condition,
            Taken &taken);
  llvm::SmallVector<mlir::Value> keysOf(mlir::Value stream, const Record &record);
  llvm::SmallVector<mlir::Value> read(mlir::Value stream, mlir::ArrayAttr names, const Record &record);

  stream::Routes &routes;
  const mlir::IRMapping &params;
  llvm::DenseSet<mlir::Operation *> served;
  llvm::DenseSet<mlir::Operation *> kept; ///< the operators with state that the step in hand has served
};

/// After all is built: removes expressions nobody uses, and moves each to where its first use needs it, so that what a
/// filter rejects is not computed.
void placeExpressions(mlir::Block &block);

} // namespace millrace

#endif
