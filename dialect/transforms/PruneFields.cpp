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

/// Streams that must have the same fields.
using Classes = llvm::EquivalenceClasses<void *>;

static Classes classesOf(PipelineOp pipeline) {
  Classes classes;
  for (Operation &op : pipeline.getBody().front()) {
    for (Value result : op.getResults())
      if (isa<StreamType>(result.getType()))
        classes.insert(result.getAsOpaquePointer());
    if (isa<FilterOp, KeyByOp, UnionOp, DeduplicateOp>(op))
      for (Value input : op.getOperands())
        if (isa<StreamType>(input.getType()))
          classes.unionSets(input.getAsOpaquePointer(), op.getResult(0).getAsOpaquePointer());
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

namespace {
struct PruneFieldsPass : millrace::impl::PruneFieldsBase<PruneFieldsPass> {
  using PruneFieldsBase::PruneFieldsBase;

  void runOnOperation() override {
    PipelineOp pipeline = getOperation();
    Demand demand(pipeline);
    eraseDead(pipeline, demand);
    Classes classes = classesOf(pipeline);
    for (auto it = classes.begin(); it != classes.end(); ++it)
      if ((*it)->isLeader())
        pruneClass(classes, **it, demand);
    for (auto source : pipeline.getOps<SourceOp>())
      reportSource(source);
  }

  void eraseDead(PipelineOp pipeline, const Demand &demand) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(pipeline.getBody().front()))) {
      if (isa<ParamOp>(op) || isa<expr::ExprDialect>(op.getDialect()) || demand.isLive(&op))
        continue;
      decide(op.getLoc(), flag, operatorName(&op), true, "removed: it feeds no sink");
      ++numErased;
      op.erase();
    }
  }

  template <typename NodeT> void pruneClass(Classes &classes, NodeT &leader, const Demand &demand) {
    SmallVector<Value> members;
    BitVector kept;
    for (auto it = classes.member_begin(leader); it != classes.member_end(); ++it) {
      Value member = Value::getFromOpaquePointer(*it);
      if (isa<SourceOp, WindowOp>(member.getDefiningOp()))
        return;
      auto type = cast<StreamType>(member.getType());
      kept.resize(type.getNames().size());
      kept |= demand.usedFields(member);
      for (ArrayRef<StringAttr> names : {type.getKeys(), type.getUpsertKeys()})
        for (StringAttr name : names)
          kept.set(type.indexOf(name));
      members.push_back(member);
    }
    for (Value member : members)
      if (auto running = member.getDefiningOp<RunningOp>())
        keepAggregates(running, kept);
    if (kept.all() || kept.none()) // a record without fields could not be written
      return;
    for (Value member : members) {
      auto type = cast<StreamType>(member.getType());
      Operation *op = member.getDefiningOp();
      if (isa<MapOp, FlatMapOp, RunningOp>(op)) {
        BitVector dropped = kept;
        dropped.flip();
        numPruned += dropped.count();
        decide(op->getLoc(), flag, operatorName(op), true,
               "does not build " + listed(type, dropped) + ": not used behind it");
        pruneYield(op, kept);
      }
      member.setType(subset(type, kept));
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
