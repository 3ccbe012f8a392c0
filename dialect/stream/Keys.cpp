//===- Keys.cpp - key_by and union --------------------------------------------===//
#include "dialect/expr/Syntax.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

static StreamType keyedBy(StreamType in, ArrayRef<StringAttr> keys) {
  return StreamType::get(in.getContext(), in.getNames(), in.getTypes(), keys, in.getChanges(), in.getUpsertKeys(),
                         in.getTimed());
}

//===--- key_by ---------------------------------------------------------------------------------===//

/// `key_by %x on a, b`.
ParseResult KeyByOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  SmallVector<StringAttr> keys;
  SMLoc loc = p.getCurrentLocation();
  if (parseInput(p, result, in))
    return failure();
  if (std::string why = whyOnlyInserts("key_by", result.operands.back()); !why.empty()) {
    errorAt(p, loc) << why;
    markInvalid(p, result);
    in = in.withChanges(Changes::Insert, {}); // what follows is judged as if it were
  }
  loc = p.getCurrentLocation();
  if (failed(p.parseOptionalKeyword("on")))
    return errorAt(p, loc) << "expected `on` and the fields of the key, as in `on net`";
  auto one = [&]() -> ParseResult {
    std::string name;
    SMLoc at = p.getCurrentLocation();
    if (parseField(p, in, name))
      return failure();
    if (llvm::is_contained(keys, p.getBuilder().getStringAttr(name)))
      return errorAt(p, at) << "`" << name << "` is in the key twice";
    if (!expr::isScalar(in.lookup(name)))
      return errorAt(p, at) << "a key cannot be a list or a record, but `" << name << "` is "
                            << typeText(in.lookup(name));
    keys.push_back(p.getBuilder().getStringAttr(name));
    return success();
  };
  if (p.parseCommaSeparatedList(one))
    return failure();
  result.addTypes(keyedBy(in, keys));
  return finishStatement(p, result);
}

void KeyByOp::print(OpAsmPrinter &p) {
  p << " " << getInput() << " on ";
  llvm::interleaveComma(getOutput().getType().getKeys(), p, [&](StringAttr key) { p << nameText(key); });
  printRest(p, *this, {});
}

LogicalResult KeyByOp::verify() {
  if (isReported(*this))
    return failure();
  if (std::string why = whyOnlyInserts("key_by", getInput()); !why.empty())
    return emitOpError() << why;
  StreamType in = getInput().getType(), out = getOutput().getType();
  if (!out.isKeyed())
    return emitOpError("needs a result that is keyed, but it is ") << out;
  if (out != keyedBy(in, out.getKeys()))
    return emitOpError("changes nothing but the key of ") << in << ", but its result is " << out;
  for (auto [i, key] : llvm::enumerate(out.getKeys())) {
    if (!expr::isScalar(out.lookup(key)))
      return emitOpError("a key cannot be a list or a record, but `")
             << key.getValue() << "` is " << typeText(out.lookup(key));
    if (llvm::is_contained(out.getKeys().take_front(i), key))
      return emitOpError("`") << key.getValue() << "` is in the key twice";
  }
  return verifyLabels(*this);
}

//===--- union ----------------------------------------------------------------------------------===//

/// The map that would give one of two streams the fields of the other, as the end of a sentence; empty if none does.
static std::string remedy(StreamType a, StreamType b) {
  auto mapped = [](StreamType from, StreamType to) -> std::string {
    std::string items;
    for (auto [name, type] : llvm::zip(to.fieldNames(), to.getTypes())) {
      Type has = from.lookup(name);
      if (!has || (has != type && (expr::stripNull(has) != expr::stripNull(type) || !expr::isNullable(type))))
        return "";
      items += (items.empty() ? "" : ", ") + nameText(name);
      if (has != type)
        items += " = cast(" + nameText(name) + " as " + typeText(type) + ")";
    }
    return "{ " + items + " }";
  };
  if (std::string items = mapped(b, a); !items.empty())
    return "; put `map` before it: " + items;
  std::string items = mapped(a, b);
  return items.empty() ? "" : "; put `map` before the first one: " + items;
}

/// Why two streams cannot be united, as the end of a sentence.
static std::string difference(StreamType a, StreamType b) {
  auto fields = [](StreamType t) {
    std::string text;
    for (auto [name, type] : llvm::zip(t.fieldNames(), t.getTypes()))
      text += (text.empty() ? "" : ", ") + nameText(name) + ": " + typeText(type);
    return "{" + text + "}";
  };
  if (a.getNames() != b.getNames() || a.getTypes() != b.getTypes())
    return "expected " + fields(a) + " as the first one has, but found " + fields(b) + remedy(a, b);
  if (a.getKeys() != b.getKeys())
    return "they are keyed differently; use key_by behind the union";
  if (a.getTimed() != b.getTimed())
    return "one has an event time and the other has none; give both sources a `watermark`";
  auto changes = [](StreamType t) -> std::string {
    if (t.getChanges() != Changes::Upsert)
      return t.getChanges() == Changes::Insert ? "only inserts" : "carries changes of all kinds";
    std::string text = "replaces rows by ";
    for (auto [i, key] : llvm::enumerate(t.getUpsertKeys()))
      text += (i ? ", " : "") + nameText(key);
    return text;
  };
  return "the first one " + changes(a) + ", and this one " + changes(b) + "; give each a sink of its own";
}

/// Reports, if rows of `other` would replace those of another op that reach the union before it.
static LogicalResult verifyOneWriter(Value first, Value other, function_ref<InFlightDiagnostic()> emitError) {
  Operation *writer = nullptr;
  std::string why = whyTwoWriters(first, other, writer);
  if (why.empty())
    return success();
  InFlightDiagnostic diag = emitError() << "the rows of a union that replace each other come from one op: " << why;
  if (writer)
    diag.attachNote(writer->getLoc()) << "the first op";
  return diag;
}

/// `union %a, %b`.
ParseResult UnionOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType first, other;
  SMLoc loc = p.getCurrentLocation();
  if (parseInput(p, result, first))
    return failure();
  while (succeeded(p.parseOptionalComma())) {
    SMLoc at = p.getCurrentLocation();
    if (parseInput(p, result, other))
      return failure();
    if (other != first)
      return errorAt(p, at) << "the streams of a union need one type: " << difference(first, other);
    if (failed(verifyOneWriter(result.operands.front(), result.operands.back(), [&] { return errorAt(p, at); })))
      return failure();
  }
  if (result.operands.size() < 2)
    return errorAt(p, loc) << "a union needs at least two streams";
  result.addTypes(first);
  return finishStatement(p, result);
}

void UnionOp::print(OpAsmPrinter &p) {
  p << " ";
  p.printOperands(getInputs());
  printRest(p, *this, {});
}

LogicalResult UnionOp::verify() {
  if (getInputs().size() < 2)
    return emitOpError("needs at least two streams");
  for (Value v : getInputs())
    if (v.getType() != getOutput().getType())
      return emitOpError("needs streams of one type: ")
             << difference(getOutput().getType(), cast<StreamType>(v.getType()));
  for (Value v : getInputs().drop_front())
    if (failed(verifyOneWriter(getInputs().front(), v, [&] { return emitOpError(); })))
      return failure();
  return verifyLabels(*this);
}
