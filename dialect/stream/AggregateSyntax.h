//===- AggregateSyntax.h - one aggregate as it is written -----------*- C++ -*-===//
//
//   worst = max(mag), slow = count() where ms > 2000, far = %geomean(distance)
//
// Internal to Aggregates.cpp, which reads lists of them.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_AGGREGATESYNTAX_H
#define MILLRACE_DIALECT_STREAM_AGGREGATESYNTAX_H

#include "dialect/expr/AggregateFacts.h"
#include "dialect/stream/Aggregates.h"

namespace millrace::stream {

/// The result of an aggregate over `arguments`, or null where they do not fit.
mlir::Type aggregateResult(AggregateAttr attr, llvm::ArrayRef<mlir::Type> arguments, bool neverEmpty);
/// "one argument", "two arguments".
std::string argumentsText(const expr::Aggregate &aggregate);

/// `fn` at the cursor; `own`: the options of one's own. `ofOver`: a mistake is one in `over`.
mlir::ParseResult parseFunction(mlir::OpAsmParser &p, llvm::StringRef &fn, mlir::DictionaryAttr &own, bool ofOver);
/// `name = fn(arg) [where condition]`.
mlir::ParseResult parseAggregate(mlir::OpAsmParser &p, expr::ExprBuilder &build, bool neverEmpty, Aggregates &all);

} // namespace millrace::stream

#endif
