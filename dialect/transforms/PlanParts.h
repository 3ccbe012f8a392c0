//===- PlanParts.h - the parts of a plan ----------------------------*- C++ -*-===//
//
// Internal to the plan.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_PLANPARTS_H
#define MILLRACE_DIALECT_TRANSFORMS_PLANPARTS_H

#include "dialect/transforms/Plan.h"

namespace millrace {

/// Of each sink of the noted pipeline: is it the same in every run?
void addResults(stream::PipelineOp pipeline, Plan &plan);
/// What may surprise: windows that wait, operators that are not run.
void addWarnings(stream::PipelineOp pipeline, Plan &plan);
/// Where the program keeps state, who touches it, and what of it nothing bounds.
void addState(exec::ProgramOp program, Plan &plan);
/// The window of a table: `tumbling 1 h`, `same: tumbling 1 h` over its results.
std::string windowOf(state::TableOp table);
/// How long what is kept lives: `keep running, ttl 1 h`, `count 100`, `of each record last 1 h`.
std::string livesText(state::KeepAttr keep);
/// What the steps of the program do.
void addSteps(exec::ProgramOp program, Plan &plan);

} // namespace millrace

#endif
