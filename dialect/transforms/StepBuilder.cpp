//===- StepBuilder.cpp - the code behind one source or window ---------------===//
#include "dialect/transforms/StepBuilder.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Sites.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

LogicalResult StepBuilder::build(Block &block, Value stream, Record record) {
  return follow(OpBuilder::atBlockEnd(&block), stream, record);
}

LogicalResult StepBuilder::follow(OpBuilder builder, Value stream, const Record &record) {
  FailureOr<SmallVector<Route>> ways = routes.from(stream);
  if (failed(ways))
    return failure();
  if (ways->size() == 1)
    return serve(builder, ways->front(), record);
  for (const Route &way : *ways) {
    auto branch = exec::BranchOp::create(builder, way.front()->getOwner()->getLoc());
    Block &block = branch.getBody().emplaceBlock();
    if (failed(serve(OpBuilder::atBlockEnd(&block), way, record)))
      return failure();
  }
  return success();
}

LogicalResult StepBuilder::serve(OpBuilder builder, const Route &way, Record record) {
  for (OpOperand *use : way) {
    copies += !served.insert(use->getOwner()).second;
    apply(builder, use->getOwner(), record);
  }
  Operation *last = way.back()->getOwner();
  if (isa<SinkOp, WindowOp>(last))
    return success();
  return follow(builder, last->getResult(0), record);
}

SmallVector<Value> StepBuilder::inlineBody(Block &body, ValueRange arguments, OpBuilder &builder) {
  IRMapping map(params);
  map.map(body.getArguments(), arguments);
  for (Operation &op : body.without_terminator())
    builder.clone(op, map);
  SmallVector<Value> yielded;
  for (Value value : body.getTerminator()->getOperands())
    yielded.push_back(map.lookupOrDefault(value));
  return yielded;
}

SmallVector<Value> StepBuilder::read(Value stream, ArrayAttr names, const Record &record) {
  auto type = cast<StreamType>(stream.getType());
  SmallVector<Value> values;
  for (auto name : names.getAsRange<StringAttr>())
    values.push_back(record.fields[type.indexOf(name)]);
  return values;
}

void StepBuilder::fold(OpBuilder &builder, WindowOp window, const Record &record) {
  auto type = cast<StreamType>(window.getInput().getType());
  SmallVector<Value> keys, args, filters;
  for (StringAttr key : type.getKeys())
    keys.push_back(record.fields[type.indexOf(key)]);
  SmallVector<Value> yielded =
      inlineBody(window.getBody().front(), read(window.getInput(), window.getFields(), record), builder);
  SmallVector<bool> filtered;
  ArrayRef<Value> rest = yielded;
  for (auto aggregate : window.getAggregates().getAsRange<AggregateAttr>()) {
    llvm::append_range(args, rest.take_front(aggregate.getNumArgs()));
    rest = rest.drop_front(aggregate.getNumArgs());
    filtered.push_back(aggregate.getFiltered());
    if (aggregate.getFiltered()) {
      filters.push_back(rest.front());
      rest = rest.drop_front();
    }
  }
  Value time = record.time; // in processing time too: `first` and `last` go by it (rule 27)
  state::FoldOp::create(builder, window.getLoc(), operatorName(window), terminalNumber(window), keys, time, args,
                        filters, builder.getDenseBoolArrayAttr(filtered));
}

/// What `op` does with the record; `record` becomes its result, and `builder` stands where that goes on.
void StepBuilder::apply(OpBuilder &builder, Operation *op, Record &record) {
  TypeSwitch<Operation *>(op)
      .Case([&](FilterOp filter) {
        Value condition =
            inlineBody(filter.getBody().front(), read(filter.getInput(), filter.getFields(), record), builder).front();
        exec::KeepOp::create(builder, filter.getLoc(), condition, operatorName(filter));
      })
      .Case([&](MapOp map) {
        record.fields = inlineBody(map.getBody().front(), read(map.getInput(), map.getFields(), record), builder);
      })
      .Case([&](FlatMapOp map) {
        Value list = inlineBody(map.getList().front(), read(map.getInput(), map.getFields(), record), builder).front();
        auto unnest = exec::UnnestOp::create(builder, map.getLoc(), list);
        Block &block = unnest.getBody().emplaceBlock();
        SmallVector<Value> arguments{block.addArgument(map.getBody().front().getArgument(0).getType(), map.getLoc())};
        llvm::append_range(arguments, read(map.getInput(), map.getBodyFields(), record));
        builder.setInsertionPointToEnd(&block);
        record.fields = inlineBody(map.getBody().front(), arguments, builder);
      })
      .Case([&](KeyByOp keyBy) {
        auto type = cast<StreamType>(keyBy.getOutput().getType());
        SmallVector<Value> keys;
        for (StringAttr key : type.getKeys())
          keys.push_back(record.fields[type.indexOf(key)]);
        exec::DemandOp::create(builder, keyBy.getLoc(), keys);
      })
      .Case([&](UnionOp) {})
      .Case([&](WindowOp window) { fold(builder, window, record); })
      .Case([&](SinkOp sink) {
        exec::EmitOp::create(builder, sink.getLoc(), operatorName(sink), terminalNumber(sink), record.fields);
      });
}

//===-- where expressions are computed --------------------------------------===//

static bool isExpression(Operation &op) { return isa<expr::ExprDialect>(op.getDialect()) && !isa<expr::YieldOp>(op); }

/// A terminal uses its values in any case, so a demand of the same values just before it says nothing.
static void dropIdleDemands(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(block)) {
    auto demand = dyn_cast<exec::DemandOp>(op);
    if (!demand)
      continue;
    Operation *next = demand->getNextNode();
    while (next && (isExpression(*next) || isa<exec::KeepOp>(next)))
      next = next->getNextNode();
    if (!next || !isa<exec::EmitOp, state::FoldOp>(next))
      continue;
    SmallVector<Value> left;
    for (Value value : demand.getValues())
      if (!llvm::is_contained(next->getOperands(), value))
        left.push_back(value);
    if (left.empty())
      demand.erase();
    else
      demand.getValuesMutable().assign(left);
  }
}

/// The block in which all uses of `op` are, as deep as possible, and the first operation there that needs it.
static std::pair<Block *, Operation *> placeFor(Operation &op) {
  Block *block = op.getBlock();
  while (true) {
    Operation *first = nullptr;
    bool sameOp = true;
    for (Operation *user : op.getUsers()) {
      Operation *here = block->findAncestorOpInBlock(*user);
      sameOp &= !first || first == here;
      if (!first || here->isBeforeInBlock(first))
        first = here;
    }
    bool inside = sameOp && llvm::none_of(op.getUsers(), [&](Operation *user) { return user == first; });
    if (!inside || !isa<exec::BranchOp>(first)) // not into an unnest: once is cheaper
      return {block, first};
    block = &first->getRegion(0).front();
  }
}

void millrace::placeExpressions(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (!isExpression(op))
      continue;
    if (op.use_empty())
      op.erase();
    else
      op.moveBefore(placeFor(op).second);
  }
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      placeExpressions(region.front());
  dropIdleDemands(block);
}
