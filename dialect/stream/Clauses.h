//===- Clauses.h - windows and watermarks as they are written -------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_CLAUSES_H
#define MILLRACE_DIALECT_STREAM_CLAUSES_H

#include "dialect/stream/Stream.h"

namespace millrace::stream {

/// Is it a session whose gap each record gives? The region of such a window yields it behind all else.
inline bool hasOwnGap(WindowAttr window) { return window.getKind() == WindowKind::Session && !window.getSize(); }

/// `tumbling 1 h offset 30 min in processing_time`, `sliding 1 min every 1 s`, `session gap 30 min`, `global`.
/// `parseGap`: reads `(EXPR)`, the gap that a record gives; without it that is written `(...)`.
mlir::ParseResult parseWindow(mlir::AsmParser &p, WindowAttr &window,
                              llvm::function_ref<mlir::ParseResult()> parseGap = {});
/// `gap`: the expression of a gap that records give, where it is known.
std::string windowText(WindowAttr window, llvm::StringRef gap = "...");
/// `last 1 h`, `last 10 rows`, `all`: the windows of `over`.
std::string overText(OverAttr window);
/// How many records before this one a `lag` looks.
int64_t offsetOf(AggregateAttr lag);
/// `bounded 10 min idle 1 min`: what follows the event time's expression. Sets the source's attributes; `punctuation`
/// is its region for a condition and a watermark over the fields of `type`.
mlir::ParseResult parseWatermark(mlir::OpAsmParser &p, mlir::OperationState &result, StreamType type,
                                 mlir::Region &punctuation);
/// The same, with a blank before it.
void printWatermark(mlir::OpAsmPrinter &p, SourceOp source);
std::string watermarkText(WatermarkAttr watermark);

/// The algorithm's name as options take it: `two-stacks`.
inline std::string algorithmText(Algorithm algorithm) {
  std::string text = stringifyAlgorithm(algorithm).str();
  std::replace(text.begin(), text.end(), '_', '-');
  return text;
}

} // namespace millrace::stream

#endif
