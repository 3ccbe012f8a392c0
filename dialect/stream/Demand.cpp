//===- Demand.cpp - what a pipeline uses, as written ------------------------===//
#include "dialect/stream/Demand.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static StreamType typeOf(Value stream) { return cast<StreamType>(stream.getType()); }

Demand::Demand(PipelineOp pipeline) {
  Block &body = pipeline.getBody().front();
  for (Operation &op : body)
    for (Value result : op.getResults())
      if (isa<StreamType>(result.getType()))
        used.try_emplace(result, typeOf(result).getNames().size());
  for (Operation &op : llvm::reverse(body))
    visit(&op);
}

void Demand::useAll(Value stream) { used[stream].set(); }

void Demand::useNames(Value stream, ArrayAttr names) {
  for (auto name : names.getAsRange<StringAttr>())
    if (int i = typeOf(stream).indexOf(name); i >= 0)
      used[stream].set(i);
}

void Demand::useKeys(Value stream) {
  for (StringAttr key : typeOf(stream).getKeys())
    used[stream].set(typeOf(stream).indexOf(key));
}

BitVector stream::argumentsOf(Block &block, ValueRange values) {
  BitVector found(block.getNumArguments());
  SmallVector<Value> work(values);
  DenseSet<Value> seen;
  while (!work.empty()) {
    Value value = work.pop_back_val();
    if (!seen.insert(value).second)
      continue;
    if (auto argument = dyn_cast<BlockArgument>(value)) {
      if (argument.getOwner() == &block)
        found.set(argument.getArgNumber());
    } else if (value.getDefiningOp()->getBlock() == &block) {
      llvm::append_range(work, value.getDefiningOp()->getOperands());
    }
  }
  return found;
}

/// The names of those fields that the used values of a yield are computed from.
static SmallVector<Attribute> namesBehind(Block &body, const BitVector &usedFields, ArrayAttr names, unsigned skip) {
  SmallVector<Value> values;
  for (unsigned i : usedFields.set_bits())
    values.push_back(body.getTerminator()->getOperand(i));
  SmallVector<Attribute> found;
  BitVector arguments = argumentsOf(body, values); // a loop over a temporary's bits would outlive it
  for (unsigned i : arguments.set_bits())
    if (i >= skip)
      found.push_back(names[i - skip]);
  return found;
}

void Demand::visit(Operation *op) {
  bool isSink = isa<SinkOp>(op);
  bool feedsLive = llvm::any_of(op->getUsers(), [&](Operation *user) { return live.contains(user); });
  if (!isSink && !feedsLive)
    return;
  live.insert(op);
  Builder builder(op->getContext());
  auto pass = [&](Value from, Value to) { used[to] |= BitVector(used[from]); };
  TypeSwitch<Operation *>(op)
      .Case([&](SinkOp sink) { useAll(sink.getInput()); })
      .Case([&](TopOp top) { useAll(top.getInput()); })
      .Case([&](FilterOp filter) {
        pass(filter.getOutput(), filter.getInput());
        useNames(filter.getInput(), filter.getFields());
      })
      .Case([&](KeyByOp keyBy) {
        pass(keyBy.getOutput(), keyBy.getInput());
        for (StringAttr key : typeOf(keyBy.getOutput()).getKeys())
          used[keyBy.getInput()].set(typeOf(keyBy.getInput()).indexOf(key));
      })
      .Case([&](UnionOp all) {
        for (Value input : all.getInputs())
          pass(all.getOutput(), input);
      })
      .Case([&](MapOp map) {
        auto names = namesBehind(map.getBody().front(), usedFields(map.getOutput()), map.getFields(), 0);
        useNames(map.getInput(), builder.getArrayAttr(names));
      })
      .Case([&](FlatMapOp map) {
        auto names = namesBehind(map.getBody().front(), usedFields(map.getOutput()), map.getBodyFields(), 1);
        useNames(map.getInput(), builder.getArrayAttr(names));
        useNames(map.getInput(), map.getFields());
      })
      .Case<WindowOp, RunningOp>([&](auto state) {
        useKeys(state.getInput());
        useNames(state.getInput(), state.getFields());
        if (auto window = dyn_cast<WindowOp>(op); window && window.getLate())
          for (StringAttr name : typeOf(window.getInput()).getNames()) // late records have the same fields
            if (int at = typeOf(window.getLate()).indexOf(name); at >= 0 && used[window.getLate()][at])
              used[window.getInput()].set(typeOf(window.getInput()).indexOf(name));
      })
      .Case([&](OverOp over) {
        useKeys(over.getInput());
        useNames(over.getInput(), over.getFields());
        StreamType out = typeOf(over.getOutput());
        for (unsigned i : usedFields(over.getOutput()).set_bits())
          if (i < over.getPassed().size())
            useNames(over.getInput(), builder.getArrayAttr({out.getNames()[i]}));
        if (auto noted = over->getAttrOfType<ArrayAttr>(usesAttr))
          useNames(over.getInput(), noted);
      })
      .Case([&](DeduplicateOp one) {
        pass(one.getOutput(), one.getInput());
        useKeys(one.getInput());
        if (auto noted = one->getAttrOfType<ArrayAttr>(usesAttr))
          useNames(one.getInput(), noted);
      })
      .Case([&](SourceOp source) {
        useNames(source.getOutput(), source.getFields());
        if (auto fields = source.getPunctuationFields())
          useNames(source.getOutput(), *fields);
      });
}

static void addConjuncts(Value condition, SmallVector<Value> &into) {
  if (auto both = condition.getDefiningOp<expr::AndOp>()) {
    addConjuncts(both.getLhs(), into);
    addConjuncts(both.getRhs(), into);
  } else {
    into.push_back(condition);
  }
}

SmallVector<Value> stream::conjuncts(FilterOp filter) {
  SmallVector<Value> found;
  addConjuncts(filter.getBody().front().getTerminator()->getOperand(0), found);
  return found;
}
