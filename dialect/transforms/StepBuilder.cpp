//===- StepBuilder.cpp - the code behind one source or window ---------------===//
#include "dialect/transforms/StepBuilder.h"
#include "dialect/expr/Types.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Sites.h"
#include "dialect/stream/UserAggregates.h"
#include "dialect/transforms/BestRows.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

LogicalResult StepBuilder::build(Block &block, Value stream, Record record) {
  kept.clear();
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
    Operation *op = use->getOwner();
    copies += !served.insert(op).second;
    if (givesAtOnce(op) && failed(checkOnce(op, *builder.getBlock())))
      return failure();
    apply(builder, op, record);
  }
  Operation *last = way.back()->getOwner();
  if (auto window = dyn_cast<WindowOp>(last); window && routes.hasLate(window))
    return followLate(builder, window, record);
  if (isa<SinkOp, WindowOp, TopOp, OverOp>(last) && !givesAtOnce(last))
    return success();
  return follow(builder, last->getResult(0), record);
}

/// A union gives what its first operand has for a record, then what its second has (rule 10). Where an operator with
/// state gives several rows for one record, and the ways behind it meet again, its rows would have to be remembered.
LogicalResult StepBuilder::checkOnce(Operation *keeper, Block &block) {
  bool again = !kept.insert(keeper).second;
  for (Operation *around = block.getParentOp(); around && !isa<exec::ProgramOp>(around); around = around->getParentOp())
    again |= isa<exec::UnnestOp>(around);
  if (!again || !routes.meetsAgain(keeper->getResult(0)))
    return success();
  return keeper->emitError("`") << operatorName(keeper)
                                << "` gives several rows for one record here, whose copies would have to reach a union "
                                   "before and behind others of the same record: unite before `"
                                << keeper->getName().stripDialect() << "`, or give each way a sink of its own";
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

SmallVector<Value> StepBuilder::keysOf(Value stream, const Record &record) {
  auto type = cast<StreamType>(stream.getType());
  SmallVector<Value> keys;
  for (StringAttr key : type.getKeys())
    keys.push_back(record.fields[type.indexOf(key)]);
  return keys;
}

StepBuilder::Taken StepBuilder::take(OpBuilder &builder, Operation *op, ArrayAttr aggregates, ArrayRef<Value> yielded) {
  Taken taken;
  for (auto aggregate : aggregates.getAsRange<AggregateAttr>()) {
    ArrayRef<Value> arguments = yielded.take_front(aggregate.getNumArgs());
    yielded = yielded.drop_front(arguments.size());
    Value condition = aggregate.getFiltered() ? yielded.front() : Value();
    yielded = yielded.drop_front(aggregate.getFiltered());
    if (AggregateOp own = definitionOf(op, aggregate.getFn())) {
      lift(builder, own, arguments, condition, taken);
      continue;
    }
    llvm::append_range(taken.args, arguments);
    taken.filtered.push_back(aggregate.getFiltered());
    if (condition)
      taken.filters.push_back(condition);
  }
  return taken;
}

/// Of an aggregate of one's own the state of the record is computed here: its errors are those of the record. It is
/// that of none where the record is not taken in, because an argument is null or the condition does not hold; what is
/// wrong with these is judged anyway (rule 47).
void StepBuilder::lift(OpBuilder &builder, AggregateOp aggregate, ValueRange arguments, Value condition, Taken &taken) {
  Location loc = aggregate.getLoc();
  Type flag = builder.getI1Type();
  SmallVector<Value> judged(arguments), given;
  if (condition)
    judged.push_back(condition);
  if (!judged.empty())
    exec::DemandOp::create(builder, loc, judged);
  Value isTaken = condition;
  for (auto [argument, type] : llvm::zip(arguments, aggregate.getSignature().getInputs())) {
    if (!expr::isNullable(argument.getType())) {
      given.push_back(argument);
      continue;
    }
    Value isThere =
        expr::NotOp::create(builder, loc, flag, expr::IsNullOp::create(builder, loc, flag, argument).getResult());
    isTaken = isTaken ? expr::AndOp::create(builder, loc, isTaken.getType(), isTaken, isThere).getResult() : isThere;
    given.push_back(expr::CoalesceOp::create(builder, loc, type, ValueRange{argument, anyValue(builder, loc, type)}));
  }
  SmallVector<Value> values = inlineBody(aggregate.getLift().front(), given, builder);
  taken.filtered.push_back(bool(isTaken));
  if (isTaken) {
    taken.filters.push_back(isTaken);
    SmallVector<Value> none = inlineBody(aggregate.getIdentity().front(), {}, builder);
    for (auto [value, other] : llvm::zip(values, none)) {
      Type type = expr::withNull(value.getType(), expr::isNullable(other.getType()));
      value = expr::SelectOp::create(builder, loc, type, isTaken, value, other);
    }
  }
  llvm::append_range(taken.args, values);
}

void StepBuilder::fold(OpBuilder &builder, WindowOp window, const Record &record) {
  SmallVector<Value> yielded =
      inlineBody(window.getBody().front(), read(window.getInput(), window.getFields(), record), builder);
  Taken taken = take(builder, window, window.getAggregates(), yielded);
  if (hasOwnGap(window.getWindow()))
    taken.args.push_back(yielded.back());
  Value time = record.time; // in processing time too: `first` and `last` go by it (rule 27)
  SmallVector<Type, 2> late;
  if (routes.hasLate(window))
    late = {builder.getI1Type(), expr::StringType::get(builder.getContext())};
  state::FoldOp::create(builder, window.getLoc(), late, operatorName(window), terminalNumber(window),
                        keysOf(window.getInput(), record), time, taken.args, taken.filters, taken.filtered, ArrayAttr(),
                        DenseI32ArrayAttr());
}

SmallVector<Attribute> millrace::usedOfPassed(OverOp over) {
  auto uses = over->getAttrOfType<ArrayAttr>(usesAttr);
  SmallVector<Attribute> used;
  for (Attribute name : over.getPassed())
    if (!uses || llvm::is_contained(uses, name))
      used.push_back(name);
  return used;
}

/// What is used behind it is judged here (rule 47).
void StepBuilder::wait(OpBuilder &builder, OverOp over, const Record &record) {
  Taken taken = take(builder, over, over.getAggregates(),
                     inlineBody(over.getBody().front(), read(over.getInput(), over.getFields(), record), builder));
  SmallVector<Value> keys = keysOf(over.getInput(), record);
  SmallVector<Value> passed = read(over.getInput(), builder.getArrayAttr(usedOfPassed(over)), record);
  if (auto uses = over->getAttrOfType<ArrayAttr>(usesAttr))
    if (SmallVector<Value> judged = read(over.getInput(), uses, record); !judged.empty())
      exec::DemandOp::create(builder, over.getLoc(), judged);
  state::AwaitOp::create(builder, over.getLoc(), operatorName(over), terminalNumber(over), keys, record.time,
                         taken.args, taken.filters, taken.filtered, passed);
}

/// A record whose first value is null is passed over (rule 27), where it would be kept: it may be late, or bad.
void StepBuilder::rank(OpBuilder &builder, TopOp top, const Record &record) {
  SmallVector<Value> by = inlineBody(top.getBody().front(), read(top.getInput(), top.getFields(), record), builder);
  SmallVector<Value> keys = keysOf(top.getInput(), record), args;
  bool isList = keepsBestRows(top);
  llvm::append_range(isList ? args : keys, by);
  llvm::append_range(args, record.fields);
  SmallVector<bool> filtered(isList ? 1 : args.size(), false);
  state::FoldOp::create(builder, top.getLoc(), TypeRange(), operatorName(top), terminalNumber(top), keys, record.time,
                        args, ValueRange(), filtered, ArrayAttr(), DenseI32ArrayAttr());
}

/// What stands behind the late stream of a window, where the fold has just been built (rule 19).
LogicalResult StepBuilder::followLate(OpBuilder builder, WindowOp window, Record record) {
  auto fold = cast<state::FoldOp>(builder.getBlock()->back());
  auto branch = exec::BranchOp::create(builder, window.getLoc());
  OpBuilder inside = OpBuilder::atBlockEnd(&branch.getBody().emplaceBlock());
  exec::KeepOp::create(inside, window.getLoc(), fold.getLate()[0], operatorName(window));
  record.fields.push_back(fold.getLate()[1]);
  record.time = {};
  return follow(inside, window.getLate(), record);
}

/// Makes the body of an update, whose arguments are added, and goes on in it. Gives the arguments but for the time.
static SmallVector<Value> enter(OpBuilder &builder, state::UpdateOp update, TypeRange results, Record &record) {
  Block &block = update.getBody().emplaceBlock();
  SmallVector<Value> arguments;
  for (TypeRange types : {TypeRange(update.getKeys().getTypes()), results})
    for (Type type : types)
      arguments.push_back(block.addArgument(type, update.getLoc()));
  if (record.time)
    record.time = block.addArgument(record.time.getType(), update.getLoc());
  record.upsertKeys.assign(arguments.begin(), arguments.begin() + update.getKeys().size());
  builder.setInsertionPointToEnd(&block);
  return arguments;
}

/// Aggregates that give a row at once: running ones for each record, those of a count for some.
template <typename OpT> void StepBuilder::update(OpBuilder &builder, OpT running, Record &record) {
  Taken taken =
      take(builder, running, running.getAggregates(),
           inlineBody(running.getBody().front(), read(running.getInput(), running.getFields(), record), builder));
  auto update = state::UpdateOp::create(builder, running.getLoc(), operatorName(running), terminalNumber(running),
                                        keysOf(running.getInput(), record), record.time, taken.args, taken.filters,
                                        taken.filtered);
  auto out = cast<StreamType>(running.getOutput().getType());
  record.fields = enter(builder, update, out.getTypes().drop_front(update.getKeys().size()), record);
}

/// What is used behind it is judged here (rule 47), so that nothing of the record can go wrong there.
void StepBuilder::deduplicate(OpBuilder &builder, DeduplicateOp one, Record &record) {
  auto type = cast<StreamType>(one.getOutput().getType());
  SmallVector<Value> keys = keysOf(one.getInput(), record), judged;
  if (auto uses = one->getAttrOfType<ArrayAttr>(usesAttr))
    for (auto field : uses.getAsRange<StringAttr>())
      if (int at = type.indexOf(field); at >= 0 && !llvm::is_contained(keys, record.fields[at]))
        judged.push_back(record.fields[at]);
  if (!judged.empty())
    exec::DemandOp::create(builder, one.getLoc(), judged);
  if (one.getKept() == Kept::First) {
    auto admit =
        state::AdmitOp::create(builder, one.getLoc(), operatorName(one), terminalNumber(one), keys, record.time);
    builder.setInsertionPointToEnd(&admit.getBody().emplaceBlock());
    return;
  }
  auto update = state::UpdateOp::create(builder, one.getLoc(), operatorName(one), terminalNumber(one), keys,
                                        record.time, ValueRange(), ValueRange(), ArrayRef<bool>());
  enter(builder, update, {}, record); // the row is the record itself
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
      .Case([&](KeyByOp keyBy) { exec::DemandOp::create(builder, keyBy.getLoc(), keysOf(keyBy.getOutput(), record)); })
      .Case([&](UnionOp) {})
      .Case([&](WindowOp window) {
        if (!givesAtOnce(window))
          return fold(builder, window, record);
        update(builder, window, record);
        record.upsertKeys.clear(); // it only inserts
      })
      .Case([&](TopOp top) { rank(builder, top, record); })
      .Case([&](OverOp over) { wait(builder, over, record); })
      .Case([&](RunningOp running) { update(builder, running, record); })
      .Case([&](DeduplicateOp one) { deduplicate(builder, one, record); })
      .Case([&](SinkOp sink) {
        auto type = cast<StreamType>(sink.getInput().getType());
        for (auto [name, key] : llvm::zip(type.getUpsertKeys(), record.upsertKeys))
          record.fields[type.indexOf(name)] = key;
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
    while (next && (isExpression(*next) || isa<exec::KeepOp, exec::DemandOp>(next)))
      next = next->getNextNode();
    if (!next || !isa<exec::EmitOp, state::FoldOp, state::AwaitOp, state::UpdateOp, state::AdmitOp>(next))
      continue;
    SmallVector<Value> left;
    OperandRange used = next->getOperands();
    if (auto await = dyn_cast<state::AwaitOp>(next)) // what else it hands on it does not use
      used = used.drop_back(await.getPassed().size());
    for (Value value : demand.getValues())
      if (!llvm::is_contained(used, value))
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

/// Removes what nobody uses, the innermost first.
static void eraseUnused(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    for (Region &region : op.getRegions())
      eraseUnused(region.front());
    if (isExpression(op) && op.use_empty())
      op.erase();
  }
}

static void place(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block))) {
    if (!isExpression(op))
      continue;
    op.moveBefore(placeFor(op).second);
  }
  for (Operation &op : block)
    for (Region &region : op.getRegions())
      place(region.front());
  dropIdleDemands(block);
}

void millrace::placeExpressions(Block &block) {
  eraseUnused(block);
  place(block);
}
