//===- Changes.cpp - which streams an op can stand over, and what to do else --===//
//
// Ops with state take streams that only insert (rule 34), most of them keyed
// ones. Parser and verifier say alike what is wrong and what helps.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// The op whose rows come through what hands changes on. A union has but one such op (see whyTwoWriters).
static Operation *writerOf(Value stream) {
  Operation *op = stream.getDefiningOp();
  while (isa_and_nonnull<FilterOp, MapOp, UnionOp>(op) && op->getNumOperands() > 0)
    op = op->getOperand(0).getDefiningOp();
  return op;
}

/// The op that made `stream` one that replaces rows, or null.
static Operation *replacerOf(Value stream) {
  Operation *op = writerOf(stream);
  return isa_and_nonnull<RunningOp, DeduplicateOp, WindowOp>(op) ? op : nullptr;
}

/// How a value is called in the text.
static std::string nameOf(Operation *op) {
  return op && op->hasAttr("labels") ? ("%" + operatorName(op)).str() : "%in";
}

std::string stream::whyOnlyInserts(StringRef word, Value input) {
  auto type = cast<StreamType>(input.getType());
  if (type.getChanges() == Changes::Insert)
    return "";
  std::string text =
      ("`" + word + "` needs a stream that only inserts, but this one replaces rows it gave before").str();
  Operation *replacer = replacerOf(input);
  if (auto window = dyn_cast_or_null<WindowOp>(replacer))
    return text + ": write `discarding` in the window `" + nameOf(window) +
           "`, so that each row is of new records alone" +
           (window.getFiringAttr() && window.getFiringAttr().getLateness()
                ? ", or `final`, which gives one row, when no record can come any more"
                : "");
  if (replacer)
    return text + ": let it read what `" + nameOf(replacer) + "` reads, before `" +
           replacer->getName().stripDialect().str() + "`";
  return text + ": let it stand before the op that does so";
}

std::string stream::whyTwoWriters(Value first, Value other, Operation *&writer) {
  auto type = cast<StreamType>(first.getType());
  writer = writerOf(first);
  Operation *second = writerOf(other);
  if (type.getChanges() == Changes::Insert || writer == second)
    return "";
  std::string keys;
  for (StringAttr key : type.getUpsertKeys())
    keys += (keys.empty() ? "" : ", ") + nameText(key);
  return "`" + nameOf(writer) + "` and `" + nameOf(second) + "` both write rows by " + keys +
         ", so a delete of one would delete the other's row; give each a sink of its own, let one op read a union of "
         "what both read, or add a field that tells them apart to the keys of both";
}

std::string stream::whyNoState(StringRef word, Value input) {
  if (std::string why = whyOnlyInserts(word, input); !why.empty())
    return why;
  auto type = cast<StreamType>(input.getType());
  if (type.isKeyed())
    return "";
  std::string example = "FIELD";
  for (auto [name, field] : llvm::zip(type.fieldNames(), type.getTypes()))
    if (expr::isScalar(field)) {
      example = nameText(name);
      break;
    }
  return ("`" + word + "` works by key, and this stream has none; write `%keyed = key_by ").str() +
         nameOf(input.getDefiningOp()) + " on " + example + "` before it, with the fields that tell keys apart";
}
