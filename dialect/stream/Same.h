//===- Same.h - the windows that rows are results of ---------------*- C++ -*-===//
//
// `window %counts same` and `top … same` work on the windows that their input
// came from: no other pass over time, no second wait. Which these are is known
// when compiling: ops between that hand event times on hand windows on, too.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_STREAM_SAME_H
#define MILLRACE_DIALECT_STREAM_SAME_H

#include "dialect/stream/Stream.h"

namespace millrace::stream {

/// The windows that the rows of a stream are results of.
struct Origin {
  WindowAttr window; ///< never of the kind `same`; null: there are none
  std::string why;   ///< why there are none, with what helps
};
Origin originOf(mlir::Value stream);

/// What `window` is over `input`: itself, or if it is `same` the windows that the input came from, by event time (the
/// results of windows in processing time have one). Null: there are none.
WindowAttr resolved(WindowAttr window, mlir::Value input);

/// Why `word` cannot be `same` over `input`, or empty.
std::string whyNotSame(llvm::StringRef word, mlir::Value input);

} // namespace millrace::stream

#endif
