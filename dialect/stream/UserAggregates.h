//===- UserAggregates.h - aggregates of one's own -------------------*- C++ -*-===//
//
//   %geomean = aggregate (x: f64) -> f64 identity { … } lift { … } combine { … } lower …
//   … { geo = %geomean(temp) where temp > 0.0 }
//
// Where it is used, the aggregate's function is `%` and its name, and its options
// say what it takes and gives and what is claimed of it: so whoever only asks for
// facts does not look for the definition.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_USERAGGREGATES_H
#define MILLRACE_DIALECT_STREAM_USERAGGREGATES_H

#include "dialect/stream/Stream.h"

namespace millrace::stream {

/// The definition that a use of it anywhere in a pipeline means; null if there is none.
AggregateOp definitionOf(mlir::Operation *user, llvm::StringRef function);

/// What a use of it has as options.
mlir::DictionaryAttr optionsOf(AggregateOp aggregate);

/// The name of a region's argument: `x` in `lift`, `a.logs` in `combine`.
llvm::StringRef aggregateArgumentName(AggregateOp aggregate, mlir::BlockArgument argument);

/// A value of this type for where none is looked at: zero, an empty text.
mlir::Value anyValue(mlir::OpBuilder &builder, mlir::Location loc, mlir::Type type);

} // namespace millrace::stream

#endif
