//===- Names.h - what operators are called -------------------------*- C++ -*-===//
//
// Every operator has a name, by which its state, its metrics, its dead letters
// and the plan speak of it. The rules:
//
//  1. An operator with a result is called as its (first) SSA result was
//     written; a dead-letter stream, or one of late records, as the second. A sink is called
//     `<input>_<connector>`, where `input` is the operator it reads as written.
//     What has no name of its own is called by its op's word (`filter`). Of
//     equal names that were made so, the later ones get `_2`, `_3`, ….
//  2. Names that were written are unique in their pipeline.
//  3. `stream-note-written` notes the names before any pass changes something.
//     Passes keep them: the parts of a split filter keep its name (they count
//     as one operator), a filter that is moved or copied (push-down, the
//     branches of a union) keeps its name, what is pruned or replaced by an
//     equal operator loses it, nothing gets a new one.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_NAMES_H
#define MILLRACE_DIALECT_STREAM_NAMES_H

#include "dialect/stream/Stream.h"

namespace millrace::stream {

/// The name noted by nameOperators, else the label as written, else the op's word.
llvm::StringRef operatorName(mlir::Operation *op);

/// The name of a source's dead-letter stream.
llvm::StringRef deadLetterName(SourceOp source);

/// The name of a window's stream of late records.
llvm::StringRef lateName(WindowOp window);

/// Notes the name of each operator without a label (attribute `stream.name`). Reports equal names that were written,
/// and fails.
mlir::LogicalResult nameOperators(PipelineOp pipeline);

/// Line and column of a location, 0 if it has none.
struct LineColumn {
  unsigned line = 0, column = 0;
};
LineColumn lineColumn(mlir::Location loc);

/// The name of a region's argument: the field it reads, or the element of a flat_map. Empty elsewhere.
llvm::StringRef argumentName(mlir::BlockArgument argument);

} // namespace millrace::stream

#endif
