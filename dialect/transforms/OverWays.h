//===- OverWays.h - how the aggregates of a window per record follow it -*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_OVERWAYS_H
#define MILLRACE_DIALECT_TRANSFORMS_OVERWAYS_H

#include "dialect/expr/OverWay.h"
#include "dialect/stream/Stream.h"

namespace millrace {

/// The aggregates that follow their window in this way, as reasons tell of them, each with `; ` before it; empty: none
/// does.
std::string followed(stream::OverOp op, expr::OverWay way);

} // namespace millrace

#endif
