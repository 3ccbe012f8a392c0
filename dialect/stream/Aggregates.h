//===- Aggregates.h - aggregates of window and running as written ---*- C++ -*-===//
//
//   { n = count(), worst = max(mag), slow = count() where ms > 2000 }
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_AGGREGATES_H
#define MILLRACE_DIALECT_STREAM_AGGREGATES_H

#include "dialect/stream/OpSyntax.h"
#include <functional>

namespace millrace::stream {

/// The aggregates of one op while it is parsed: one name, type and attribute each, and what the region yields.
struct Aggregates {
  llvm::SmallVector<std::string> names;
  llvm::SmallVector<llvm::SMLoc> places; ///< of the names
  llvm::SmallVector<mlir::Type> types;   ///< `!expr.invalid` after a report
  llvm::SmallVector<mlir::Attribute> attrs;
  llvm::SmallVector<mlir::Value> yields;
  mlir::ArrayAttr fields;             ///< that the region reads
  bool bad = false;                   ///< a mistake was reported
  expr::ExprBuilder *build = nullptr; ///< of the region, where something of it was read before; else none is made yet
  unsigned behind = 0;                ///< values that the region yields behind what the aggregates take
  mlir::Value last;                   ///< that value, where it was read before
  /// Of `over`: reads an item that is no aggregate, if the next one is none. It has the functions of a record's place,
  /// too.
  std::function<mlir::OptionalParseResult()> parseOther;
  bool isOver() const { return bool(parseOther); }
};

/// The aggregates at the cursor, in infix or as a region written out, which becomes `body`. `neverEmpty`: each result
/// has at least one record. Goes on after a mistake that leaves the rest readable (`all.bad`).
mlir::ParseResult parseAggregates(mlir::OpAsmParser &p, StreamType in, bool neverEmpty, mlir::Region &body,
                                  Aggregates &all);

/// The stream of the fields `names`, which the op has without being told, and the aggregates; null after a report at
/// `loc`. An aggregate that is called as a field before it is reported, too (`all.bad`): `origin` of that field says
/// why it is there, as "each row has the keys".
StreamType aggregatedStream(mlir::OpAsmParser &p, llvm::SMLoc loc, llvm::ArrayRef<std::string> names,
                            llvm::ArrayRef<mlir::Type> types, bool timed, Aggregates &all,
                            llvm::function_ref<std::string(llvm::StringRef)> origin);

/// Prints what parseAggregates reads. `op` has `fields` and `aggregates`; the last fields of `out` are their names.
/// `others`: items that stand before the aggregates. `writtenOut`: the region is not to be in infix.
void printAggregates(mlir::OpAsmPrinter &p, mlir::Operation *op, mlir::Region &body, StreamType out,
                     llvm::ArrayRef<std::string> others = {}, bool writtenOut = false);

/// Adds the type of each of `aggregates` to `types`, or reports what does not fit.
mlir::LogicalResult verifyAggregates(mlir::Operation *op, mlir::ArrayAttr aggregates, expr::YieldOp yield,
                                     bool neverEmpty, llvm::SmallVectorImpl<mlir::Type> &types);

/// Reports a result that is not a stream of `types`, the first ones called `names` (what stands before the aggregates),
/// with these changes and this time.
mlir::LogicalResult verifyAggregated(mlir::Operation *op, llvm::ArrayRef<std::string> names,
                                     llvm::ArrayRef<mlir::Type> types, llvm::ArrayRef<mlir::StringAttr> upsertKeys,
                                     bool timed, StreamType out);

} // namespace millrace::stream

#endif
