//===- PruneFields.cpp - what nobody uses is not built ----------------------===//
//
// A field that a map makes and nobody uses goes. Streams that must have one type
// (a filter's input and output, a union's inputs) keep a field together if one
// of them needs it. Sources keep their fields, since an unused one is still
// checked; what is unused there was noted by stream-note-written.
//
//===----------------------------------------------------------------------===//
#include "dialect/stream/Demand.h"
#include "dialect/stream/Names.h"
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

/// Makes a map or flat_map yield only the fields in `kept`.
static void pruneYield(Operation *op, const BitVector &kept) {
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
      if (isa<SourceOp, WindowOp, RunningOp>(member.getDefiningOp()))
        return;
      auto type = cast<StreamType>(member.getType());
      kept.resize(type.getNames().size());
      kept |= demand.usedFields(member);
      for (ArrayRef<StringAttr> names : {type.getKeys(), type.getUpsertKeys()})
        for (StringAttr name : names)
          kept.set(type.indexOf(name));
      members.push_back(member);
    }
    if (kept.all() || kept.none()) // a record without fields could not be written
      return;
    for (Value member : members) {
      auto type = cast<StreamType>(member.getType());
      Operation *op = member.getDefiningOp();
      if (isa<MapOp, FlatMapOp>(op)) {
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
