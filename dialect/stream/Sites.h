//===- Sites.h - where errors arise, and where they are judged -----*- C++ -*-===//
//
// An error of a record is its site and its kind (rule 46); of several on one
// path the one written first counts (rule 47). Sites are numbered here, once,
// on the pipeline as it is written, so no pass can change a reason; terminals
// (sinks, windows, running, deduplicate) are numbered likewise. The reference interpreter uses the
// same numbers.
//
// Written order: operators from top to bottom; in a source its fields, in order,
// then its event time; in an expression operands before the operation that
// takes them (`a / b + c / d`: the two quotients, then the sum).
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_SITES_H
#define MILLRACE_DIALECT_STREAM_SITES_H

#include "dialect/stream/Stream.h"
#include <string>

namespace millrace::stream {

struct Site {
  std::string op, text;
  unsigned line = 0, column = 0;
};

/// Names of the discardable attributes that carry what was numbered.
inline constexpr llvm::StringLiteral siteAttr = "expr.site";              // i32, on an expression op
inline constexpr llvm::StringLiteral firstSiteAttr = "stream.sites_from"; // i32, on a source: the site of field 0
inline constexpr llvm::StringLiteral terminalAttr = "stream.terminal";    // i32, on a terminal

/// Can this op of an expression give an error that none of its operands had?
bool canFail(mlir::Operation *op);

/// Numbers the error sites (attributes `expr.site`, `stream.sites_from`) and gives them in order.
llvm::SmallVector<Site> numberSites(PipelineOp pipeline);

/// Are the errors of a path judged at `op`? At sinks, and at what keeps state: behind that a new path begins (rule 47).
bool isTerminal(mlir::Operation *op);

/// Numbers the terminals (attribute `stream.terminal`) and gives them in order.
llvm::SmallVector<mlir::Operation *> numberTerminals(PipelineOp pipeline);

/// The number of a terminal; numberTerminals has run.
int32_t terminalNumber(mlir::Operation *terminal);

/// How the expression that gives `value` is written, in infix; long texts are cut (80 bytes and `…`). `leaf` names what
/// is no expression op; without it, a region's arguments are named after their fields, params as `%name`.
std::string expressionText(mlir::Value value, llvm::function_ref<std::string(mlir::Value)> leaf = nullptr);

} // namespace millrace::stream

#endif
