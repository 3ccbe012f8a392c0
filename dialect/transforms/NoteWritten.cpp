//===- NoteWritten.cpp - note what depends on how a pipeline is written -----===//
#include "dialect/stream/Demand.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Sites.h"
#include "dialect/transforms/Noted.h"
#include "dialect/transforms/Passes.h"

namespace millrace {
#define GEN_PASS_DEF_NOTEWRITTEN
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static DenseBoolArrayAttr flags(Builder &builder, const BitVector &bits) {
  SmallVector<bool> values;
  for (unsigned i = 0; i < bits.size(); ++i)
    values.push_back(bits[i]);
  return builder.getDenseBoolArrayAttr(values);
}

/// A site as an attribute: `[op, text, line, column]`.
static Attribute siteNote(Builder &builder, const Site &site) {
  return builder.getArrayAttr({builder.getStringAttr(site.op), builder.getStringAttr(site.text),
                               builder.getI32IntegerAttr(site.line), builder.getI32IntegerAttr(site.column)});
}

namespace {
struct NoteWrittenPass : millrace::impl::NoteWrittenBase<NoteWrittenPass> {
  using NoteWrittenBase::NoteWrittenBase;

  void runOnOperation() override {
    PipelineOp pipeline = getOperation();
    if (pipeline->hasAttr(sitesNote)) // has run: the pipeline may no longer be as it was written
      return;
    if (failed(nameOperators(pipeline)))
      return signalPassFailure();
    Demand demand(pipeline);
    if (failed(warnOfDead(pipeline, demand)))
      return signalPassFailure();
    Builder builder(&getContext());
    SmallVector<Attribute> sites;
    for (const Site &site : numberSites(pipeline))
      sites.push_back(siteNote(builder, site));
    numSites += sites.size();
    pipeline->setAttr(sitesNote, builder.getArrayAttr(sites));
    SmallVector<StringRef> terminals;
    for (Operation *terminal : numberTerminals(pipeline))
      terminals.push_back(operatorName(terminal));
    pipeline->setAttr(terminalsNote, builder.getStrArrayAttr(terminals));
    for (auto one : pipeline.getOps<DeduplicateOp>()) {
      auto type = cast<StreamType>(one.getOutput().getType());
      SmallVector<StringRef> names;
      for (unsigned i : demand.usedFields(one.getOutput()).set_bits())
        names.push_back(type.getNames()[i]);
      one->setAttr(usesAttr, builder.getStrArrayAttr(names));
    }
    for (auto over : pipeline.getOps<OverOp>()) {
      SmallVector<StringRef> names;
      for (unsigned i : demand.usedFields(over.getOutput()).set_bits())
        if (i < over.getPassed().size())
          names.push_back(cast<StringAttr>(over.getPassed()[i]).getValue());
      over->setAttr(usesAttr, builder.getStrArrayAttr(names));
    }
    for (auto source : pipeline.getOps<SourceOp>()) {
      source->setAttr(usedNote, flags(builder, demand.usedFields(source.getOutput())));
      if (source.getDead())
        source->setAttr(deadUsedNote, flags(builder, demand.usedFields(source.getDead())));
    }
  }

  LogicalResult warnOfDead(PipelineOp pipeline, const Demand &demand) {
    bool hasSink = false;
    for (Operation &op : pipeline.getBody().front()) {
      hasSink |= isa<SinkOp>(op);
      if (isa<ParamOp, AggregateOp>(op) || demand.isLive(&op))
        continue;
      ++numDead;
      op.emitWarning("`") << operatorName(&op) << "` feeds no sink, so it is not run";
    }
    if (!hasSink)
      return pipeline.emitError("nothing leaves this pipeline; give it a sink, such as `sink %x to stdout`");
    return success();
  }
};
} // namespace
