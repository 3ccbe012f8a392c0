//===- Plan.h - what a pipeline becomes, and why --------------------*- C++ -*-===//
//
// For `millrace explain`: the operators as written and after optimisation, what
// each step does, each decision with its reason, whether each result is the same
// in every run, and what may surprise. As text, JSON and Graphviz.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_PLAN_H
#define MILLRACE_DIALECT_TRANSFORMS_PLAN_H

#include "dialect/transforms/Pipelines.h"
#include "llvm/Support/JSON.h"
#include <string>
#include <vector>

namespace millrace {

/// An operator of the graph before or after optimisation, or an aggregate that the pipeline defines, which no edge
/// leads to.
struct PlanOperator {
  std::string id;   ///< unique in its graph: the name, for a later part of a split filter with `#2`, …
  std::string name; ///< as messages and metrics call it
  std::string kind; ///< the op's word: source, filter, map, flat_map, key_by, union, window, aggregate, …
  std::string text; ///< as it would be written, one or more lines
  std::vector<std::string> inputs; ///< ids
  unsigned line = 0;               ///< where it is written, from 1; 0: unknown
};

/// A loop over a source's batches or a window's rows.
struct PlanStep {
  std::string behind; ///< the source or window
  bool fires = false; ///< behind a window
  std::vector<std::string> reads;
  std::vector<std::string> does; ///< lines, indented by two blanks inside branches
};

struct PlanDecision {
  std::string pass, name, text;
  bool done = true; ///< false: considered, and not done
  unsigned line = 0;
};

/// A part of the state of each key.
struct PlanMember {
  std::string name, text, keptWith;           ///< `keptWith`: the member that it is read out of; empty: its own state
  std::vector<std::string> writtenBy, readBy; ///< steps: the source or window behind which they are
};

/// The state of one operator.
struct PlanState {
  std::string name;
  std::string lives; ///< its window, or what it keeps and for how long
  std::string layout, reason;
  std::string algorithm, algorithmReason; ///< of a window over slices; empty: each record goes into its window
  std::string sharing;    ///< who else reads the slices, or why nobody does; empty: no other has the records
  bool perRecord = false; ///< windows per record, and counts, which have no slices
  unsigned slotBytes = 0, coldBytes = 0; ///< of each key; 0: not known, none
  std::vector<PlanMember> members;
};

/// Is a result the same in every run over the same input?
struct PlanResult {
  std::string sink;
  bool deterministic = true;
  std::string reason;
};

struct Plan {
  std::string pipeline;
  std::vector<PlanOperator> written, optimised;
  std::vector<PlanStep> steps;
  std::vector<PlanState> state;
  std::vector<PlanDecision> decisions;
  std::vector<PlanResult> results;
  std::vector<std::string> warnings;
};

/// Tells more of a plan's state than is known here, from its program.
using DescribeState = llvm::function_ref<void(exec::ProgramOp, std::vector<PlanState> &)>;

/// Plans the pipelines of a verified module, which is left as it is. Takes the context's remark engine away: decisions
/// go into the plan. Fails where a pass reports an error.
mlir::FailureOr<std::vector<Plan>> makePlans(mlir::ModuleOp module, const TransformOptions &options,
                                             DescribeState describe = nullptr);

/// The plan without what optimisation makes of it: the operators as written, their results and what may surprise.
Plan beforeOptimisation(Plan plan);

// What is empty is left out of texts and graphs.
void printText(const Plan &plan, llvm::raw_ostream &os);
llvm::json::Object toJson(const Plan &plan);
/// One digraph, as written beside optimised.
void printGraphviz(const Plan &plan, llvm::raw_ostream &os);

} // namespace millrace

#endif
