//===- PushFilters.cpp - filters as early as they can be --------------------===//
//
// A filter moves above what stands directly before it and serves it alone: a
// map, if the fields it asks for are passed on or are short expressions (which
// are then computed once all the same, see stream-form-steps), a key_by, a
// union (one copy into each input). State, flat_map and fan-out stop it. Error
// sites move with the expressions, so no reason changes; and the order of
// filters does not matter (rule 47).
//
//===----------------------------------------------------------------------===//
#include "dialect/stream/Demand.h"
#include "dialect/stream/Names.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Passes.h"
#include "mlir/IR/IRMapping.h"

namespace millrace {
#define GEN_PASS_DEF_PUSHFILTERS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static constexpr StringLiteral flag = "stream-push-filters";
static constexpr StringLiteral nameAttr = "stream.name";

/// The expressions in `body` that `values` are computed from, in order.
static SmallVector<Operation *> slice(Block &body, ValueRange values) {
  SmallVector<Value> work(values);
  DenseSet<Operation *> found;
  while (!work.empty()) {
    Operation *op = work.pop_back_val().getDefiningOp();
    if (op && op->getBlock() == &body && found.insert(op).second)
      llvm::append_range(work, op->getOperands());
  }
  SmallVector<Operation *> ordered;
  for (Operation &op : body)
    if (found.contains(&op))
      ordered.push_back(&op);
  return ordered;
}

/// What the map yields for each field that the filter asks for.
static SmallVector<Value> valuesFor(FilterOp filter, MapOp map) {
  auto type = cast<StreamType>(map.getOutput().getType());
  SmallVector<Value> values;
  for (auto field : filter.getFields().getAsRange<StringAttr>())
    values.push_back(map.getBody().front().getTerminator()->getOperand(type.indexOf(field)));
  return values;
}

/// Rewrites the filter's condition in terms of the map's input: the map's expressions come first, then its own.
static void express(FilterOp filter, MapOp map) {
  Block &from = map.getBody().front(), &body = filter.getBody().front();
  SmallVector<Value> values = valuesFor(filter, map);
  SmallVector<Attribute> fields;
  unsigned old = body.getNumArguments();
  IRMapping mapping;
  BitVector arguments = argumentsOf(from, values);
  for (unsigned i : arguments.set_bits()) {
    BlockArgument argument = from.getArgument(i);
    mapping.map(argument, body.addArgument(argument.getType(), argument.getLoc()));
    fields.push_back(map.getFields()[i]);
  }
  OpBuilder builder = OpBuilder::atBlockBegin(&body);
  for (Operation *op : slice(from, values))
    builder.clone(*op, mapping);
  for (unsigned i = 0; i < old; ++i)
    body.getArgument(i).replaceAllUsesWith(mapping.lookupOrDefault(values[i]));
  body.eraseArguments(0, old);
  filter.setFieldsAttr(builder.getArrayAttr(fields));
}

namespace {
struct PushFiltersPass : millrace::impl::PushFiltersBase<PushFiltersPass> {
  using PushFiltersBase::PushFiltersBase;

  void runOnOperation() override {
    SmallVector<FilterOp> filters(getOperation().getOps<FilterOp>());
    for (FilterOp filter : filters)
      push(filter);
  }

  /// Moves the filter up as far as it goes.
  void push(FilterOp filter) {
    while (Operation *before = filter.getInput().getDefiningOp()) {
      if (!isa<MapOp, KeyByOp, UnionOp>(before))
        return;
      if (!before->getResult(0).hasOneUse())
        return report(filter, before, false, "stays behind `" + operatorName(before) + "`, which others read too");
      auto map = dyn_cast<MapOp>(before);
      if (map && slice(map.getBody().front(), valuesFor(filter, map)).size() > longest)
        return report(filter, before, false,
                      "stays behind `" + operatorName(before) + "`: what it asks for is a long expression there");
      report(filter, before, true, "moved above `" + operatorName(before) + "`");
      if (auto all = dyn_cast<UnionOp>(before))
        return pushIntoInputs(filter, all);
      if (map)
        express(filter, map);
      swap(filter, before);
    }
  }

  void report(FilterOp filter, Operation *before, bool done, const Twine &text) {
    numPushed += done;
    decide(filter.getLoc(), flag, operatorName(filter), done, text);
  }

  /// `before` feeds the filter: now the filter feeds `before`.
  static void swap(FilterOp filter, Operation *before) {
    Value input = before->getOperand(0);
    filter.getOutput().replaceAllUsesWith(before->getResult(0));
    before->setOperand(0, filter.getOutput());
    filter.getInputMutable().assign(input);
    filter.getOutput().setType(cast<StreamType>(input.getType()));
    filter->moveBefore(before);
  }

  void pushIntoInputs(FilterOp filter, UnionOp all) {
    OpBuilder builder(all);
    filter->setAttr(nameAttr, builder.getStringAttr(operatorName(filter)));
    filter.removeLabelsAttr();
    filter.getOutput().replaceAllUsesWith(all.getOutput());
    SmallVector<FilterOp> copies;
    for (OpOperand &operand : all.getInputsMutable()) {
      auto copy = cast<FilterOp>(builder.clone(*filter));
      copy.getInputMutable().assign(operand.get());
      copy.getOutput().setType(cast<StreamType>(operand.get().getType()));
      operand.set(copy.getOutput());
      copies.push_back(copy);
    }
    filter.erase();
    for (FilterOp copy : copies)
      push(copy);
  }
};
} // namespace
