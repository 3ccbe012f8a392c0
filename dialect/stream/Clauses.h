//===- Clauses.h - windows and watermarks as they are written -------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_CLAUSES_H
#define MILLRACE_DIALECT_STREAM_CLAUSES_H

#include "dialect/stream/Stream.h"

namespace millrace::stream {

/// `tumbling 1 h offset 30 min in processing_time`, `sliding 1 min every 1 s`, `session gap 30 min`, `global`.
mlir::ParseResult parseWindow(mlir::AsmParser &p, WindowAttr &window);
std::string windowText(WindowAttr window);
/// `bounded 10 min`, `ascending`, `none`: what follows the event time's expression.
mlir::ParseResult parseWatermark(mlir::AsmParser &p, WatermarkAttr &watermark);
std::string watermarkText(WatermarkAttr watermark);

} // namespace millrace::stream

#endif
