//===- Plan.cpp - what a pipeline becomes, and why --------------------------===//
#include "dialect/transforms/Plan.h"
#include "dialect/stream/Names.h"
#include "dialect/transforms/PlanParts.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

//===-- decisions -----------------------------------------------------------===//

namespace {
/// Takes the remarks of the passes.
struct DecisionTaker : remark::detail::MLIRRemarkStreamerBase {
  std::vector<PlanDecision> &into;
  explicit DecisionTaker(std::vector<PlanDecision> &into) : into(into) {}

  void streamOptimizationRemark(const remark::detail::Remark &remark) override {
    PlanDecision decision;
    decision.pass = remark.getCategoryName();
    decision.name = remark.getFunction();
    decision.done = remark.getRemarkName() == "done";
    decision.line = lineColumn(remark.getLocation()).line;
    for (const auto &part : remark.getArgs())
      decision.text += part.val;
    bool known = llvm::any_of(into, [&](const PlanDecision &other) {
      return other.pass == decision.pass && other.name == decision.name && other.text == decision.text;
    });
    if (!known) // the parts of a filter decide alike
      into.push_back(std::move(decision));
  }
};

/// Hands remarks on at once, in their order.
struct TakeAll : remark::detail::RemarkEmittingPolicyBase {
  void reportRemark(const remark::detail::Remark &remark) override { reportImpl(remark); }
  void finalize() override {}
};
} // namespace

static LogicalResult takeDecisions(MLIRContext &context, std::vector<PlanDecision> &into) {
  remark::RemarkCategories all;
  all.passed = all.missed = all.analysis = all.failed = ".*";
  return remark::enableOptimizationRemarks(context, std::make_unique<DecisionTaker>(into), std::make_unique<TakeAll>(),
                                           all);
}

//===-- the graph -----------------------------------------------------------===//

/// The op as it would be written, without what passes noted on it.
static std::string textOf(Operation *op) {
  std::string text;
  llvm::raw_string_ostream os(text);
  op->print(os, OpPrintingFlags().useLocalScope().enableDebugInfo(false));
  std::string prefix = op->getName().getStringRef().str(); // inside a pipeline `stream.` is not written
  if (size_t at = text.find(prefix); at != std::string::npos)
    text.erase(at, strlen("stream."));
  return text;
}

/// Removes what passes noted, so that everything prints as it would be written.
static void dropNotes(Operation *root) {
  root->walk([](Operation *op) {
    for (NamedAttribute attribute : llvm::to_vector(op->getDiscardableAttrs()))
      if (StringRef name = attribute.getName(); name.starts_with("stream.") || name.starts_with("expr."))
        op->removeDiscardableAttr(attribute.getName());
  });
}

/// The operators of a pipeline, and its aggregates, through which no record goes; it loses its notes.
static std::vector<PlanOperator> operatorsOf(PipelineOp pipeline) {
  llvm::StringMap<unsigned> parts;
  DenseMap<Value, std::string> ids;
  std::vector<PlanOperator> operators;
  SmallVector<Operation *> ops;
  for (Operation &op : pipeline.getBody().front()) {
    if (isa<ParamOp>(op))
      continue;
    PlanOperator made;
    made.name = operatorName(&op);
    unsigned part = ++parts[made.name];
    made.id = part == 1 ? made.name : made.name + "#" + std::to_string(part);
    made.kind = op.getName().stripDialect();
    made.line = lineColumn(op.getLoc()).line;
    for (Value operand : op.getOperands())
      if (auto id = ids.find(operand); id != ids.end())
        made.inputs.push_back(id->second);
    for (Value result : op.getResults())
      if (!isa<AggregateOp>(op))
        ids[result] = made.id;
    operators.push_back(std::move(made));
    ops.push_back(&op);
  }
  dropNotes(pipeline); // names are read: now the texts
  for (auto [op, made] : llvm::zip(ops, operators))
    made.text = textOf(op);
  return operators;
}

//===-- all of it -----------------------------------------------------------===//

static LogicalResult run(ModuleOp module, llvm::function_ref<void(OpPassManager &)> build) {
  PassManager manager(module.getContext(), ModuleOp::getOperationName());
  build(manager);
  return manager.run(module);
}

/// The plan of the only pipeline in `module`, which is spent.
static LogicalResult fill(Plan &plan, ModuleOp module, const TransformOptions &options, DescribeState describe) {
  auto pipeline = *module.getOps<PipelineOp>().begin();
  plan.pipeline = pipeline.getSymName();
  if (failed(takeDecisions(*module.getContext(), plan.decisions)))
    return failure();
  OwningOpRef<ModuleOp> written = module.clone();
  auto buildWritten = [&](OpPassManager &manager) { buildWrittenPipeline(manager); };
  auto buildStream = [&](OpPassManager &manager) { buildStreamPipeline(manager, options); };
  if (failed(run(module, buildWritten)))
    return failure();
  addResults(pipeline, plan);
  addWarnings(pipeline, plan);
  if (failed(nameOperators(*written->getOps<PipelineOp>().begin()))) // the passes would have reported it
    return failure();
  plan.written = operatorsOf(*written->getOps<PipelineOp>().begin());
  if (failed(run(module, buildStream)))
    return failure();
  OwningOpRef<ModuleOp> better = module.clone();
  if (failed(run(module, [&](OpPassManager &manager) { buildExecPipeline(manager, options); })))
    return failure();
  plan.optimised = operatorsOf(*better->getOps<PipelineOp>().begin());
  auto program = *module.getOps<exec::ProgramOp>().begin();
  addSteps(program, plan);
  addState(program, plan);
  if (describe)
    describe(program, plan.state);
  return success();
}

FailureOr<std::vector<Plan>> millrace::makePlans(ModuleOp module, const TransformOptions &options,
                                                 DescribeState describe) {
  std::vector<Plan> plans;
  bool ok = true;
  for (auto pipeline : module.getOps<PipelineOp>()) {
    OwningOpRef<ModuleOp> own = ModuleOp::create(module.getLoc());
    own->getBody()->push_back(pipeline->clone());
    ok = ok && succeeded(fill(plans.emplace_back(), *own, options, describe));
  }
  module.getContext()->setRemarkEngine(nullptr);
  if (!ok)
    return failure();
  return plans;
}
