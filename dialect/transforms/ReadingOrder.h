//===- ReadingOrder.h - which source is read first --------------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_READINGORDER_H
#define MILLRACE_DIALECT_TRANSFORMS_READINGORDER_H

#include "dialect/stream/Demand.h"

namespace millrace {

/// The live sources in the order that decides where their watermarks tie (rule 10): by the operands of live unions;
/// where two unions ask for opposite orders, the one written first decides; else as declared.
llvm::SmallVector<stream::SourceOp> readingOrder(stream::PipelineOp pipeline, const stream::Demand &demand);

} // namespace millrace

#endif
