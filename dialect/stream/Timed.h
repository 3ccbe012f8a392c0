//===- Timed.h - streams whose records have an event time -----------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_STREAM_TIMED_H
#define MILLRACE_DIALECT_STREAM_TIMED_H

#include "dialect/stream/Stream.h"

namespace millrace::stream {

/// May `stream`, which has event time, bring a row without one? A global window without a key gives such a row over no
/// records (rule 18), and what takes its time from its records hands that on.
bool mayLackTime(mlir::Value stream);

} // namespace millrace::stream

#endif
