//===- SharedCut.h - where time is cut for several windows ----------*- C++ -*-===//
//
// Internal. Windows that share slices have slices between the edges of all of
// them: what does that make of each?
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_SHAREDCUT_H
#define MILLRACE_DIALECT_TRANSFORMS_SHAREDCUT_H

#include "dialect/stream/Stream.h"

namespace millrace {

struct SharedCut {
  bool isKnown = false; ///< else their edges repeat too seldom, or are too many
  bool cutsAny = false; ///< does an edge of one lie within a slice that another has alone?
};

/// For tumbling, sliding and cumulating windows.
SharedCut cutShared(llvm::ArrayRef<stream::WindowAttr> windows);

} // namespace millrace

#endif
