//===- Timed.cpp - streams and rows without event time, and what to do about it -===//
//
// What goes by event time needs a stream that has it. Parser and verifier say
// alike where it is missing and what gives it.
//
//===----------------------------------------------------------------------===//
#include "dialect/stream/Timed.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/OpSyntax.h"

#include "llvm/ADT/SmallPtrSet.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// What gives `stream` an event time, or why nothing does.
static std::string remedyOf(Value stream) {
  Operation *op = stream.getDefiningOp();
  if (auto window = dyn_cast_or_null<WindowOp>(op))
    if (stream == window.getLate())
      return ("late records, as `" + operatorName(window) +
              "` hands them on, are behind the watermark and have none; a longer `lateness` there makes fewer of them")
          .str();
  if (auto source = dyn_cast_or_null<SourceOp>(op); source && stream != source->getResult(0))
    return "bad records have none";
  if (op && !isa<SourceOp>(op))
    for (Value operand : op->getOperands())
      if (auto type = dyn_cast<StreamType>(operand.getType()); type && !type.getTimed())
        return remedyOf(operand);
  return "write `watermark time bounded 10 s` at its source";
}

std::string stream::whyNotTimed(StringRef what, Value input) { return (what + "; ").str() + remedyOf(input); }

std::string stream::whyNoTimeToLive(StringRef clause, int64_t micros, Value input) {
  if (micros <= 0)
    return ("expected the duration behind `" + clause + "` to be above zero").str();
  if (cast<StreamType>(input.getType()).getTimed())
    return "";
  return whyNotTimed(("`" + clause + "` goes by event time, and this stream has none").str(), input);
}

/// Do the rows of `op` have a time of their own, and not that of its records? `global` windows and counts of records
/// have theirs (rules 16 and 18), windows in time have their end.
static bool givesOwnTime(Operation *op) {
  if (auto window = dyn_cast<WindowOp>(op))
    return window.getWindow().getKind() != WindowKind::Global && window.getWindow().getKind() != WindowKind::Count;
  auto top = dyn_cast<TopOp>(op);
  return top && top.getWindow().getKind() != WindowKind::Global;
}

/// The window whose row over no records reaches `stream` without time (rule 18), or null. `seen`: what has been asked.
static WindowOp givesNoTime(Value stream, llvm::SmallPtrSetImpl<Operation *> &seen) {
  Operation *op = stream.getDefiningOp();
  if (!op || givesOwnTime(op) || !seen.insert(op).second)
    return {};
  if (auto window = dyn_cast<WindowOp>(op))
    if (window.getWindow().getKind() == WindowKind::Global && !cast<StreamType>(window.getInput().getType()).isKeyed())
      return window;
  for (Value operand : op->getOperands())
    if (isa<StreamType>(operand.getType()))
      if (WindowOp window = givesNoTime(operand, seen))
        return window;
  return {};
}

bool stream::mayLackTime(Value stream) {
  llvm::SmallPtrSet<Operation *, 8> seen;
  return bool(givesNoTime(stream, seen));
}

std::string stream::whyTimeMayLack(StringRef clause, Value input) {
  if (!cast<StreamType>(input.getType()).getTimed())
    return "";
  llvm::SmallPtrSet<Operation *, 8> seen;
  WindowOp window = givesNoTime(input, seen);
  if (!window)
    return "";
  return ("`" + clause + "` goes by event time, and the row that `" + operatorName(window) +
          "` gives over no records has none; use a window with a size, or key its input")
      .str();
}
