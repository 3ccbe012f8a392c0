//===- Explain.cpp - `millrace explain` -----------------------------------===//
#include "Compilation.h"

#include "dialect/transforms/Plan.h"
#include "lowering/Passes.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace {

static void printPlans(ArrayRef<Plan> plans, PlanForm form) {
  if (form == PlanForm::Json) {
    json::Array all;
    for (const Plan &plan : plans)
      all.push_back(toJson(plan));
    outs() << formatv("{0:2}", json::Value(std::move(all))) << "\n";
    return;
  }
  bool first = true;
  for (const Plan &plan : plans) {
    if (!first)
      outs() << "\n";
    first = false;
    form == PlanForm::Graphviz ? printGraphviz(plan, outs()) : printText(plan, outs());
  }
}

/// The lowering knows how many bytes a key takes.
static void addSizes(exec::ProgramOp program, std::vector<PlanState> &states) {
  for (const lowering::StateSize &size : lowering::stateSizes(program))
    for (PlanState &state : states)
      if (state.name == size.table) {
        state.slotBytes = size.slot;
        state.coldBytes = size.cold;
      }
}

int explainPipeline(const ExplainFlags &flags) {
  Compilation compilation(flags.compile);
  if (int code = compilation.runTo(Phase::Import))
    return code;
  if (int code = flags.compile.pipeline.empty() ? compilation.requirePipelines() : compilation.selectPipeline())
    return code;
  if (int code = compilation.checkLikely())
    return code;
  auto plans = makePlans(compilation.module(), flags.compile.transforms, addSizes);
  if (failed(plans))
    return kWrong;
  if (flags.before)
    for (Plan &plan : *plans)
      plan = beforeOptimisation(std::move(plan));
  printPlans(*plans, flags.form);
  return kDone;
}

} // namespace millrace
