//===- Names.cpp - what operators are called --------------------------------===//
#include "dialect/stream/Names.h"
#include "dialect/stream/UserAggregates.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace millrace;

static constexpr StringLiteral nameAttr = "stream.name";

/// The i-th name as written, or empty.
static StringRef label(Operation *op, unsigned i) {
  auto labels = op->getAttrOfType<ArrayAttr>("labels");
  return labels && i < labels.size() ? cast<StringAttr>(labels[i]).getValue() : StringRef();
}

StringRef stream::operatorName(Operation *op) {
  if (auto noted = op->getAttrOfType<StringAttr>(nameAttr))
    return noted.getValue();
  StringRef written = label(op, 0);
  return written.empty() ? op->getName().stripDialect() : written;
}

StringRef stream::deadLetterName(SourceOp source) {
  if (auto noted = source->getAttrOfType<StringAttr>("stream.dead_name"))
    return noted.getValue();
  StringRef written = label(source, 1);
  return written.empty() ? StringRef("dead_letters") : written;
}

StringRef stream::lateName(WindowOp window) {
  if (auto noted = window->getAttrOfType<StringAttr>("stream.late_name"))
    return noted.getValue();
  StringRef written = label(window, 1);
  return written.empty() ? StringRef("late") : written;
}

namespace {
/// The names of one pipeline.
struct Namer {
  llvm::StringMap<Operation *> taken;

  LogicalResult claim(Operation *op, StringRef name) {
    auto [at, isNew] = taken.try_emplace(name, op);
    if (isNew)
      return success();
    InFlightDiagnostic error = op->emitError("two operators are called `") << name << "`";
    error.attachNote(at->second->getLoc()) << "the other is here";
    return error;
  }
  /// `name`, or the first of `name_2`, `name_3`, … that is free.
  std::string make(Operation *op, StringRef name) {
    std::string made = name.str();
    for (unsigned n = 2; !taken.try_emplace(made, op).second; ++n)
      made = (name + "_" + Twine(n)).str();
    return made;
  }
};
} // namespace

LogicalResult stream::nameOperators(PipelineOp pipeline) {
  Namer namer;
  bool ok = true;
  for (Operation &op : pipeline.getBody().front())
    for (unsigned i = 0; i < op.getNumResults(); ++i)
      if (StringRef written = label(&op, i); !written.empty())
        ok &= succeeded(namer.claim(&op, written));
  if (!ok)
    return failure();
  Builder builder(pipeline.getContext());
  for (Operation &op : pipeline.getBody().front()) {
    if (auto sink = dyn_cast<SinkOp>(op)) {
      Operation *input = sink.getInput().getDefiningOp();
      auto source = dyn_cast<SourceOp>(input);
      StringRef from = source && sink.getInput() == source.getDead() ? deadLetterName(source) : operatorName(input);
      if (auto window = dyn_cast<WindowOp>(input); window && sink.getInput() == window.getLate())
        from = lateName(window);
      op.setAttr(nameAttr, builder.getStringAttr(namer.make(&op, (from + "_" + sink.getConnector()).str())));
    } else if (label(&op, 0).empty()) {
      op.setAttr(nameAttr, builder.getStringAttr(namer.make(&op, op.getName().stripDialect())));
    }
    auto source = dyn_cast<SourceOp>(op);
    if (source && source.getDead() && label(&op, 1).empty())
      op.setAttr("stream.dead_name", builder.getStringAttr(namer.make(&op, (operatorName(&op) + "_bad").str())));
    auto window = dyn_cast<WindowOp>(op);
    if (window && window.getLate() && label(&op, 1).empty())
      op.setAttr("stream.late_name", builder.getStringAttr(namer.make(&op, (operatorName(&op) + "_late").str())));
  }
  return success();
}

stream::LineColumn stream::lineColumn(Location loc) {
  if (auto file = loc->findInstanceOf<FileLineColLoc>())
    return {file.getLine(), file.getColumn()};
  return {};
}

StringRef stream::argumentName(BlockArgument argument) {
  Operation *op = argument.getOwner()->getParentOp();
  unsigned number = argument.getArgNumber();
  if (auto aggregate = dyn_cast<AggregateOp>(op))
    return aggregateArgumentName(aggregate, argument);
  ArrayAttr names = op->getAttrOfType<ArrayAttr>("fields");
  if (auto flatMap = dyn_cast<FlatMapOp>(op); flatMap && argument.getOwner()->getParent() == &flatMap.getBody()) {
    if (number == 0)
      return flatMap.getElement();
    --number;
    names = flatMap.getBodyFields();
  }
  return names && number < names.size() ? cast<StringAttr>(names[number]).getValue() : StringRef();
}
