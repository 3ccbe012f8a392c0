//===- PruneFields.cpp - what nobody uses is not built ----------------------===//
//
// A field that a map makes and nobody uses goes. Streams that must have one type
// (a filter's input and output, a union's inputs) keep a field together if one
// of them needs it. Sources keep their fields, since an unused one is still
// checked; what is unused there was noted by stream-note-written. An aggregate of
// running that nobody uses goes if what it takes is judged without it: errors of
// its argument make a record bad all the same (rule 47).
//
//===----------------------------------------------------------------------===//
#include "dialect/stream/Demand.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Sites.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Noted.h"
#include "dialect/transforms/Passes.h"
#include "llvm/ADT/EquivalenceClasses.h"

namespace millrace {
#define GEN_PASS_DEF_PRUNEFIELDS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static constexpr StringLiteral flag = "stream-prune-fields";

namespace {
/// Streams that must have the same fields, and which of them stay.
struct Class {
  SmallVector<Value> members;
  BitVector kept;
};
} // namespace

static std::vector<Class> classesOf(PipelineOp pipeline) {
  llvm::EquivalenceClasses<void *> equal;
  for (Operation &op : pipeline.getBody().front()) {
    for (Value result : op.getResults())
      if (isa<StreamType>(result.getType()))
        equal.insert(result.getAsOpaquePointer());
    if (isa<FilterOp, KeyByOp, UnionOp, DeduplicateOp, TopOp>(op))
      for (Value input : op.getOperands())
        if (isa<StreamType>(input.getType()))
          equal.unionSets(input.getAsOpaquePointer(), op.getResult(0).getAsOpaquePointer());
  }
  std::vector<Class> classes;
  for (auto it = equal.begin(); it != equal.end(); ++it) {
    if (!(*it)->isLeader())
      continue;
    Class &streams = classes.emplace_back();
    for (auto member = equal.member_begin(**it); member != equal.member_end(); ++member)
      streams.members.push_back(Value::getFromOpaquePointer(*member));
    streams.kept.resize(cast<StreamType>(streams.members[0].getType()).getNames().size());
  }
  return classes;
}

/// "`a`, `b`" of the fields in `which`.
static std::string listed(StreamType type, const BitVector &which) {
  std::string text;
  llvm::raw_string_ostream os(text);
  llvm::interleaveComma(which.set_bits(), os, [&](unsigned i) { os << '`' << type.getNames()[i].getValue() << '`'; });
  return text;
}

static StreamType subset(StreamType type, const BitVector &kept) {
  SmallVector<StringAttr> names;
  SmallVector<Type> types;
  for (unsigned i : kept.set_bits()) {
    names.push_back(type.getNames()[i]);
    types.push_back(type.getTypes()[i]);
  }
  return StreamType::get(type.getContext(), names, types, type.getKeys(), type.getChanges(), type.getUpsertKeys(),
                         type.getTimed());
}

/// Removes the expressions of a block whose results nobody uses.
static void eraseUnusedExpressions(Block &block) {
  for (Operation &op : llvm::make_early_inc_range(llvm::reverse(block)))
    if (isOpTriviallyDead(&op))
      op.erase();
}

/// Removes the arguments of `block` that nobody uses, and their names, from number `skip` on.
static ArrayAttr eraseUnusedArguments(Block &block, ArrayAttr names, unsigned skip) {
  SmallVector<Attribute> left;
  for (unsigned i = 0, at = skip; i < names.size(); ++i) {
    if (block.getArgument(at).use_empty()) {
      block.eraseArgument(at);
    } else {
      left.push_back(names[i]);
      ++at;
    }
  }
  return ArrayAttr::get(names.getContext(), left);
}

/// Is each error that `value` can have one of values that are judged?
static bool isJudged(Value value, const DenseSet<Value> &judged) {
  if (judged.contains(value))
    return true;
  Operation *op = value.getDefiningOp();
  return op &&
         (isa<ParamOp>(op) ||
          (!canFail(op) && llvm::all_of(op->getOperands(), [&](Value operand) { return isJudged(operand, judged); })));
}

/// Adds to `kept` those fields of a running's output that have to stay: aggregates which alone judge what they take,
/// and one if there were none left.
static void keepAggregates(RunningOp running, BitVector &kept) {
  Block &body = running.getBody().front();
  StreamType in = running.getInput().getType();
  OperandRange yielded = body.getTerminator()->getOperands();
  unsigned first = running.getOutput().getType().getNames().size() - running.getAggregates().size();
  DenseSet<Value> judged;
  for (auto [argument, field] : llvm::zip(body.getArguments(), running.getFields()))
    if (llvm::is_contained(in.getKeys(), field))
      judged.insert(argument);
  for (bool used : {true, false}) { // what those in use judge counts first
    unsigned at = 0;
    for (auto [i, attr] : llvm::enumerate(running.getAggregates())) {
      auto aggregate = cast<AggregateAttr>(attr);
      OperandRange taken = yielded.slice(at, aggregate.getNumArgs() + aggregate.getFiltered());
      at += taken.size();
      auto isIdle = [&](Value value) { return isJudged(value, judged); };
      if (kept[first + i] != used || (!used && llvm::all_of(taken, isIdle)))
        continue;
      kept.set(first + i);
      judged.insert_range(taken);
    }
  }
  if (kept.find_first_in(first, kept.size()) < 0)
    kept.set(first);
}

/// Removes the aggregates that are not in `kept`.
static void pruneAggregates(RunningOp running, const BitVector &kept) {
  Operation *yield = running.getBody().front().getTerminator();
  unsigned first = kept.size() - running.getAggregates().size(), at = 0;
  BitVector dropped(yield->getNumOperands());
  SmallVector<Attribute> left;
  for (auto [i, attr] : llvm::enumerate(running.getAggregates())) {
    auto aggregate = cast<AggregateAttr>(attr);
    unsigned taken = aggregate.getNumArgs() + aggregate.getFiltered();
    if (kept[first + i])
      left.push_back(attr);
    else
      dropped.set(at, at + taken);
    at += taken;
  }
  yield->eraseOperands(dropped);
  eraseUnusedExpressions(running.getBody().front());
  running.setAggregatesAttr(ArrayAttr::get(running.getContext(), left));
  running.setFieldsAttr(eraseUnusedArguments(running.getBody().front(), running.getFields(), 0));
}

/// Makes a map, flat_map or running give only the fields in `kept`.
static void pruneYield(Operation *op, const BitVector &kept) {
  if (auto running = dyn_cast<RunningOp>(op))
    return pruneAggregates(running, kept);
  if (auto over = dyn_cast<OverOp>(op)) {
    SmallVector<Attribute> passed;
    for (auto [i, name] : llvm::enumerate(over.getPassed()))
      if (kept[i])
        passed.push_back(name);
    return over.setPassedAttr(ArrayAttr::get(op->getContext(), passed));
  }
  auto map = dyn_cast<MapOp>(op);
  Block &body = (map ? map.getBody() : cast<FlatMapOp>(op).getBody()).front();
  BitVector dropped = kept;
  dropped.flip();
  body.getTerminator()->eraseOperands(dropped);
  eraseUnusedExpressions(body);
  if (map)
    map.setFieldsAttr(eraseUnusedArguments(body, map.getFields(), 0));
  else
    cast<FlatMapOp>(op).setBodyFieldsAttr(eraseUnusedArguments(body, cast<FlatMapOp>(op).getBodyFields(), 1));
}

/// The fields of its input that the fields `kept` of a map or flat_map are made of.
static BitVector fieldsBehind(Operation *op, const BitVector &kept) {
  if (auto over = dyn_cast<OverOp>(op)) {
    StreamType in = over.getInput().getType();
    BitVector found(in.getNames().size());
    for (unsigned i : kept.set_bits())
      if (i < over.getPassed().size())
        found.set(in.indexOf(cast<StringAttr>(over.getPassed()[i])));
    return found;
  }
  auto map = dyn_cast<MapOp>(op);
  Block &body = (map ? map.getBody() : cast<FlatMapOp>(op).getBody()).front();
  ArrayAttr names = map ? map.getFields() : cast<FlatMapOp>(op).getBodyFields();
  unsigned first = body.getNumArguments() - names.size(); // a flat_map's element is no field
  auto type = cast<StreamType>(op->getOperand(0).getType());
  SmallVector<Value> values;
  for (unsigned i : kept.set_bits())
    values.push_back(body.getTerminator()->getOperand(i));
  BitVector found(type.getNames().size()), arguments = argumentsOf(body, values);
  for (unsigned i : arguments.set_bits())
    if (i >= first)
      found.set(type.indexOf(cast<StringAttr>(names[i - first])));
  return found;
}

/// What of a class stays, with what is used of its streams. Fields of sources and windows always do.
static void decideClass(Class &streams, DenseMap<Value, BitVector> &used) {
  for (Value member : streams.members) {
    auto type = cast<StreamType>(member.getType());
    streams.kept |= used[member];
    for (ArrayRef<StringAttr> names : {type.getKeys(), type.getUpsertKeys()})
      for (StringAttr name : names)
        streams.kept.set(type.indexOf(name));
    if (auto running = member.getDefiningOp<RunningOp>())
      keepAggregates(running, streams.kept);
    if (auto over = member.getDefiningOp<OverOp>())
      streams.kept.set(over.getPassed().size(), streams.kept.size());
    if (isa<SourceOp, WindowOp>(member.getDefiningOp()))
      streams.kept.set();
  }
  if (streams.kept.none()) // a record without fields could not be written
    streams.kept.set();
}

/// Decides about all classes. A map uses what its fields that stay are made of, also if nobody uses them.
static std::vector<Class> decideClasses(PipelineOp pipeline, const Demand &demand) {
  std::vector<Class> classes = classesOf(pipeline);
  DenseMap<Value, BitVector> used;
  for (Class &streams : classes)
    for (Value member : streams.members)
      used[member] = demand.usedFields(member);
  for (auto window : pipeline.getOps<WindowOp>())
    if (window.getLate()) // late records have the same fields
      used[window.getInput()].set();
  for (bool changed = true; changed;) {
    changed = false;
    for (Class &streams : classes) {
      decideClass(streams, used);
      for (Value member : streams.members) {
        Operation *op = member.getDefiningOp();
        if (!isa<MapOp, FlatMapOp, OverOp>(op))
          continue;
        BitVector &ofInput = used[op->getOperand(0)];
        BitVector before = ofInput;
        ofInput |= fieldsBehind(op, streams.kept);
        changed |= ofInput != before;
      }
    }
  }
  return classes;
}

namespace {
struct PruneFieldsPass : millrace::impl::PruneFieldsBase<PruneFieldsPass> {
  using PruneFieldsBase::PruneFieldsBase;

  void runOnOperation() override {
    PipelineOp pipeline = getOperation();
    Demand demand(pipeline);
    eraseDead(pipeline, demand);
    for (const Class &streams : decideClasses(pipeline, demand))
      prune(streams);
    for (auto source : pipeline.getOps<SourceOp>())
      reportSource(source);
  }

  void eraseDead(PipelineOp pipeline, const Demand &demand) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(pipeline.getBody().front()))) {
      if (isa<ParamOp, AggregateOp>(op) || isa<expr::ExprDialect>(op.getDialect()) || demand.isLive(&op))
        continue;
      decide(op.getLoc(), flag, operatorName(&op), true, "removed: it feeds no sink");
      ++numErased;
      op.erase();
    }
  }

  void prune(const Class &streams) {
    if (streams.kept.all())
      return;
    for (Value member : streams.members) {
      auto type = cast<StreamType>(member.getType());
      Operation *op = member.getDefiningOp();
      if (isa<MapOp, FlatMapOp, OverOp, RunningOp>(op)) {
        BitVector dropped = streams.kept;
        dropped.flip();
        numPruned += dropped.count();
        decide(op->getLoc(), flag, operatorName(op), true,
               "does not build " + listed(type, dropped) + ": not used behind it");
        pruneYield(op, streams.kept);
      }
      member.setType(subset(type, streams.kept));
    }
  }

  void reportSource(SourceOp source) {
    auto used = source->getAttrOfType<DenseBoolArrayAttr>(usedNote);
    if (!used)
      return;
    BitVector unused(used.size());
    for (int i = 0; i < used.size(); ++i)
      unused[i] = !used[i];
    numUnused += unused.count();
    if (unused.any())
      decide(source.getLoc(), flag, operatorName(source), true,
             "checks the syntax of " + listed(source.getOutput().getType(), unused) +
                 " and does not build it: nobody uses it");
  }
};
} // namespace
