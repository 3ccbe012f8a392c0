//===- Same.cpp - the windows that rows are results of ------------------------===//
#include "dialect/stream/Same.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Names.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static Origin none(Operation *op, const Twine &why) { return {{}, ("`" + operatorName(op) + "` " + why).str()}; }

/// Of what a window gives.
static Origin originOfWindow(Operation *op, WindowAttr window, FiringAttr firing, Value input) {
  switch (window.getKind()) {
  case WindowKind::Tumbling:
  case WindowKind::Sliding:
  case WindowKind::Cumulate:
  case WindowKind::Calendar:
    if (firing && firing.firesAgain())
      return none(op, "gives a window's results more than once, and what is made of them would be out of date: let it "
                      "be `final`");
    return {window, ""};
  case WindowKind::Same:
    return originOf(input);
  case WindowKind::Session:
    return none(op,
                "gives sessions, which each key has for itself: use a window that all keys share, as `tumbling 1 h`");
  case WindowKind::Count:
    return none(op, "counts records, so its results are of no interval of time: write the window, as `tumbling 1 h`");
  case WindowKind::Global:
    return none(op, "has one window for all time: write `global` here, too");
  }
  llvm_unreachable("covered");
}

static Origin originOfAll(UnionOp all) {
  Origin found;
  for (Value input : all.getInputs()) {
    Origin origin = originOf(input);
    if (!origin.window)
      return origin;
    if (found.window && found.window != origin.window)
      return none(all, "unites results of different windows, `" + windowText(found.window) + "` and `" +
                           windowText(origin.window) + "`: write the window, as `tumbling 1 h`");
    found = origin;
  }
  return found;
}

Origin stream::originOf(Value stream) {
  Operation *op = stream.getDefiningOp();
  if (!op)
    return {{}, "what it reads comes from no window"};
  if (isa<FilterOp, MapOp, FlatMapOp, KeyByOp, DeduplicateOp>(op))
    return originOf(op->getOperand(0));
  if (auto all = dyn_cast<UnionOp>(op))
    return originOfAll(all);
  if (auto top = dyn_cast<TopOp>(op))
    return originOfWindow(op, top.getWindow(), {}, top.getInput());
  auto window = dyn_cast<WindowOp>(op);
  if (!window)
    return none(op, "gives records that come from no window: write the window, as `tumbling 1 h`");
  if (stream != window.getOutput())
    return none(op, "gives late records here, whose windows are gone: write the window, as `tumbling 1 h`");
  return originOfWindow(op, window.getWindow(), window.getFiringAttr(), window.getInput());
}

WindowAttr stream::resolved(WindowAttr window, Value input) {
  if (window.getKind() != WindowKind::Same)
    return window;
  WindowAttr from = originOf(input).window;
  if (!from)
    return from;
  return WindowAttr::get(from.getContext(), from.getKind(), from.getSize(), from.getSlide(), from.getOffset(),
                         TimeDomain::Event, from.getLongest(), from.getUnit(), from.getZone());
}

std::string stream::whyNotSame(StringRef word, Value input) {
  Origin origin = originOf(input);
  return origin.window ? "" : ("`" + word + "` can be `same` only over results of windows, and ").str() + origin.why;
}
