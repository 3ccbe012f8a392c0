//===- SplitFilters.cpp - each conjunct is a filter of its own --------------===//
#include "dialect/stream/Demand.h"
#include "dialect/stream/Names.h"
#include "dialect/transforms/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace millrace {
#define GEN_PASS_DEF_SPLITFILTERS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static constexpr StringLiteral splitMark = "stream.split";

/// Copies `value` and what it is computed from in its block to the builder's place.
static Value copySlice(OpBuilder &builder, Value value, Block &from, IRMapping &map) {
  if (Value known = map.lookupOrNull(value))
    return known;
  Operation *op = value.getDefiningOp();
  if (!op || op->getBlock() != &from)
    return value;
  for (Value operand : op->getOperands())
    copySlice(builder, operand, from, map);
  builder.clone(*op, map);
  return map.lookup(value);
}

/// A filter of `input` by the one conjunct `condition` of `whole`.
static FilterOp makePart(OpBuilder &builder, FilterOp whole, Value input, Value condition) {
  Block &body = whole.getBody().front();
  SmallVector<Attribute> fields;
  BitVector needed = argumentsOf(body, condition);
  for (unsigned i : needed.set_bits())
    fields.push_back(whole.getFields()[i]);
  auto part =
      FilterOp::create(builder, condition.getLoc(), input.getType(), input, builder.getArrayAttr(fields), nullptr);
  part->setAttr("stream.name", builder.getStringAttr(operatorName(whole)));
  OpBuilder::InsertionGuard guard(builder);
  Block *block = builder.createBlock(&part.getBody());
  IRMapping map;
  for (unsigned i : needed.set_bits())
    map.map(body.getArgument(i), block->addArgument(body.getArgument(i).getType(), body.getArgument(i).getLoc()));
  Value copy = copySlice(builder, condition, body, map);
  expr::YieldOp::create(builder, whole.getLoc(), copy);
  return part;
}

namespace {
struct SplitFiltersPass : millrace::impl::SplitFiltersBase<SplitFiltersPass> {
  using SplitFiltersBase::SplitFiltersBase;

  void runOnOperation() override {
    PipelineOp pipeline = getOperation();
    if (pipeline->hasAttr(splitMark)) // once, on what was written
      return;
    pipeline->setAttr(splitMark, UnitAttr::get(&getContext()));
    for (auto filter : llvm::make_early_inc_range(pipeline.getOps<FilterOp>())) {
      SmallVector<Value> parts = conjuncts(filter);
      if (parts.size() == 1)
        continue;
      numSplit += parts.size();
      OpBuilder builder(filter);
      Value stream = filter.getInput();
      FilterOp part;
      for (Value condition : parts)
        stream = (part = makePart(builder, filter, stream, condition)).getOutput();
      if (filter.getLabelsAttr())
        part.setLabelsAttr(filter.getLabelsAttr());
      filter.getOutput().replaceAllUsesWith(stream);
      filter.erase();
    }
  }
};
} // namespace
