//===- PlanResults.cpp - is a result the same in every run? -----------------===//
//
// The same input gives the same output, whatever the batch size, the number of
// workers, the optimisations and the restarts, wherever the input itself has an
// order (rules 7 and 10). What takes that away: the clock, and several inputs of
// which one is read as it comes.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/stream/Demand.h"
#include "dialect/stream/Names.h"
#include "dialect/transforms/PlanParts.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// Is the source read as its records come, without an end that is known?
static bool isLive(SourceOp source) { return source.getConnector() == "stdin"; }

namespace {
/// What a sink's rows come from.
struct Origin {
  SmallVector<SourceOp> sources;
  SmallVector<WindowOp> windows;

  explicit Origin(Value stream) { visit(stream); }
  void visit(Value stream) {
    Operation *op = stream.getDefiningOp();
    if (!seen.insert(op).second)
      return;
    if (auto source = dyn_cast<SourceOp>(op))
      sources.push_back(source);
    if (auto window = dyn_cast<WindowOp>(op))
      windows.push_back(window);
    for (Value operand : op->getOperands())
      if (isa<StreamType>(operand.getType()))
        visit(operand);
  }

private:
  DenseSet<Operation *> seen;
};
} // namespace

/// What of the source's watermark makes results depend on when its records come; empty: nothing. Files are always
/// there, so they are never idle.
static std::string clockClause(SourceOp source, const Origin &origin) {
  std::optional<WatermarkAttr> watermark = source.getWatermark();
  if (!watermark)
    return {};
  if (isLive(source) && watermark->getIdle() && !origin.windows.empty())
    return "idle " + durationText(watermark->getIdle());
  if (watermark->getMaxFuture() && watermark->getMaxFuture() != INT64_MAX)
    return "max_future " + durationText(watermark->getMaxFuture());
  return {};
}

static PlanResult resultOf(SinkOp sink) {
  PlanResult result{operatorName(sink).str(), true, "the same input gives the same output (rules 7 and 10)"};
  Origin origin(sink.getInput());
  for (WindowOp window : origin.windows)
    if (window.getWindow().getDomain() == TimeDomain::Processing)
      return {
          result.sink, false,
          ("`" + operatorName(window) + "` is a window in processing time: what is in it depends on the clock (rule 3)")
              .str()};
  for (SourceOp source : origin.sources)
    if (std::string clause = clockClause(source, origin); !clause.empty())
      return {
          result.sink, false,
          ("`" + operatorName(source) + "` says `" + clause + "`: that depends on the clock (rules 6 and 9)").str()};
  for (WindowOp window : origin.windows)
    if (FiringAttr firing = window.getFiringAttr(); firing && firing.getEmitUnit() == EmitUnit::Processing)
      return {result.sink, false,
              ("`" + operatorName(window) +
               "` has rows by the clock before its end: how many, and what is in them, depends "
               "on it (rule 3)")
                  .str()};
  if (origin.sources.size() > 1)
    for (SourceOp source : origin.sources)
      if (isLive(source))
        return {
            result.sink, false,
            ("`" + operatorName(source) + "` is read as it comes, beside others: they have no common order (rule 10)")
                .str()};
  if (cast<StreamType>(sink.getInput().getType()).getChanges() == Changes::Upsert)
    result.reason =
        "the same input gives the same rows of each key in the same order; that among keys is open (rule 7)";
  return result;
}

void millrace::addResults(PipelineOp pipeline, Plan &plan) {
  for (auto sink : pipeline.getOps<SinkOp>())
    plan.results.push_back(resultOf(sink));
}

/// Rule 6: an input that gives nothing holds its windows back, unless it may be idle.
template <typename OpT> static void warnOfWindow(OpT window, Plan &plan) {
  std::string name = ("`" + operatorName(window) + "`").str();
  Origin origin(window.getInput());
  for (SourceOp source : origin.sources) {
    std::string input = ("`" + operatorName(source) + "`").str();
    if constexpr (!std::is_same_v<OpT, OverOp>)
      if (!window.getWindow().isInEventTime())
        continue;
    if (isLive(source) && (!source.getWatermark() || !source.getWatermark()->getIdle()))
      plan.warnings.push_back(
          name + " waits for the watermark of " + input +
          ": while no record comes, nothing fires; `idle 1 min` behind its watermark " +
          (origin.sources.size() > 1 ? "lets the other inputs go on" : "with `clock` lets the clock go on for it"));
    if (!source.getWatermark() || source.getWatermark()->getKind() == WatermarkKind::None)
      plan.warnings.push_back(name + " fires only at the end of " + input + ", which has no watermark");
  }
}

void millrace::addWarnings(PipelineOp pipeline, Plan &plan) {
  Demand demand(pipeline);
  for (auto window : pipeline.getOps<WindowOp>())
    if (demand.isLive(window) && window.getWindow().getKind() != WindowKind::Same)
      warnOfWindow(window, plan);
  for (auto top : pipeline.getOps<TopOp>())
    if (demand.isLive(top) && top.getWindow().getKind() != WindowKind::Same)
      warnOfWindow(top, plan);
  for (auto over : pipeline.getOps<OverOp>())
    if (demand.isLive(over))
      warnOfWindow(over, plan);
  for (Operation &op : pipeline.getBody().front())
    if (!isa<ParamOp, AggregateOp>(op) && !demand.isLive(&op))
      plan.warnings.push_back(("`" + operatorName(&op) + "` feeds no sink, so it is not run").str());
}
