//===- OverWays.h - how the aggregates of a window per record follow it -*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_OVERWAYS_H
#define MILLRACE_DIALECT_TRANSFORMS_OVERWAYS_H

#include "dialect/expr/OverWay.h"
#include "dialect/stream/Stream.h"

namespace millrace {

/// The aggregates that follow their window in this way, as reasons tell of them, each with `; ` before it; empty: none
/// does.
std::string followed(stream::OverOp op, expr::OverWay way);

/// A warning where a record costs all that its window holds although its row does not show it, and what costs less.
/// Empty: no aggregate is such a one, or the window has few rows.
std::string whySlow(stream::OverOp op);

} // namespace millrace

#endif
