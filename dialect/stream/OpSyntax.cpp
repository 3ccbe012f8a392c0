//===- OpSyntax.cpp - what the statements of a pipeline share -----------------===//
#include "dialect/stream/OpSyntax.h"
#include "dialect/expr/Syntax.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- names ---------------------------------------------------------------------------===//

void stream::nameResults(Operation *op, OpAsmSetValueNameFn fn) {
  auto labels = op->getAttrOfType<ArrayAttr>("labels");
  if (!labels)
    return;
  for (auto [result, label] : llvm::zip(op->getResults(), labels))
    if (auto text = dyn_cast<StringAttr>(label))
      fn(result, text);
}

void stream::nameArguments(Operation *op, Region &region, OpAsmSetValueNameFn fn) {
  auto name = [&](ArrayRef<BlockArgument> arguments, StringRef attribute) {
    if (auto fields = op->getAttrOfType<ArrayAttr>(attribute))
      for (auto [argument, field] : llvm::zip(arguments, fields))
        if (auto text = dyn_cast<StringAttr>(field))
          fn(argument, text);
  };
  ArrayRef<BlockArgument> arguments = region.getArguments();
  auto element = op->getAttrOfType<StringAttr>("element");
  if (!element || region.getRegionNumber() == 0 || arguments.empty())
    return name(arguments, "fields");
  fn(arguments[0], element);
  name(arguments.drop_front(), "body_fields");
}

/// Attribute `labels`: how the results are called.
static void keepNames(OpAsmParser &p, OperationState &result) {
  SmallVector<Attribute> labels;
  for (unsigned i = 0; i < p.getNumResults(); ++i) {
    StringRef name = p.getResultName(i).first;
    if (name.empty() || llvm::isDigit(name[0]))
      return;
    labels.push_back(p.getBuilder().getStringAttr(name));
  }
  if (!labels.empty())
    result.addAttribute("labels", p.getBuilder().getArrayAttr(labels));
}

/// What to say of more names before `word` than the `count` streams that it gives.
static std::string whyNotNamed(StringRef word, size_t count) {
  if (word == "param" || word == "aggregate")
    return ("`" + word + "` gives one value, so one name stands before it").str();
  if (count == 0)
    return ("`" + word + "` gives no stream, so no name stands before it").str();
  if (word == "window" || word == "source")
    return ("`" + word + "` gives two streams at most: its " +
            (word == "window" ? "rows and the records that came too late" : "records and the bad ones"))
        .str();
  StringRef late = word == "over" || word == "top" ? ": its late records are counted and dropped; only `window` hands "
                                                     "them on"
                                                   : ", so one name stands before it";
  return ("`" + word + "` gives one stream" + late).str();
}

ParseResult stream::finishStatement(OpAsmParser &p, OperationState &result) {
  if (p.getNumResults() > result.types.size())
    return errorAt(p, p.getNameLoc()) << whyNotNamed(OperationName(result.name).stripDialect(), result.types.size());
  keepNames(p, result);
  return p.parseOptionalAttrDict(result.attributes);
}

void stream::markInvalid(OpAsmParser &p, OperationState &result) {
  result.attributes.set("stream.invalid", p.getBuilder().getUnitAttr());
}
bool stream::isReported(Operation *op) { return op->hasAttr("stream.invalid"); }

LogicalResult stream::verifyLabels(Operation *op) {
  auto labels = op->getAttrOfType<ArrayAttr>("labels");
  if (labels && labels.size() != op->getNumResults())
    return op->emitOpError("has ") << labels.size() << " labels for " << op->getNumResults() << " results";
  return success();
}

//===--- inputs and fields -----------------------------------------------------------------===//

ParseResult stream::parseInput(OpAsmParser &p, OperationState &result, StreamType &type) {
  OpAsmParser::UnresolvedOperand operand;
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) != '%')
    return errorAt(p, loc) << "expected a stream, as in `%quakes`";
  if (p.parseOperand(operand))
    return failure();
  Value v = resolveAny(p, operand);
  if (!v)
    return failure();
  type = dyn_cast<StreamType>(v.getType());
  if (!type)
    return isa<FunctionType>(v.getType())
               ? errorAt(p, loc) << "expected a stream, but `" << operand.name << "` is an aggregate"
               : errorAt(p, loc) << "expected a stream, but `" << operand.name << "` is a param of type "
                                 << typeText(v.getType());
  result.operands.push_back(v);
  return success();
}

ParseResult stream::parseField(OpAsmParser &p, StreamType type, std::string &name) {
  SMLoc loc = p.getCurrentLocation();
  if (parseName(p, name))
    return failure();
  if (type.lookup(name))
    return success();
  auto diag = errorAt(p, loc) << "no field `" << name << "` here";
  suggest(diag, name, type.fieldNames());
  diag.attachNote(p.getEncodedSourceLoc(loc)) << "the fields are " << listed(type.fieldNames());
  return failure();
}

expr::Scope stream::scopeOf(StreamType type) { return {type.fieldNames(), llvm::to_vector(type.getTypes())}; }

StreamType stream::makeStream(OpAsmParser &p, SMLoc loc, ArrayRef<std::string> names, ArrayRef<Type> types,
                              bool timed) {
  SmallVector<StringAttr> fields;
  for (const std::string &name : names)
    fields.push_back(p.getBuilder().getStringAttr(name));
  return StreamType::getChecked([&] { return errorAt(p, loc); }, p.getContext(), ArrayRef<StringAttr>(fields), types,
                                ArrayRef<StringAttr>(), Changes::Insert, ArrayRef<StringAttr>(), timed);
}

SmallVector<Type> stream::typesOf(ArrayRef<Value> values) {
  return llvm::map_to_vector(values, [](Value v) { return v.getType(); });
}

//===--- regions -----------------------------------------------------------------------------===//

void stream::buildYield(OpAsmParser &p, expr::ExprBuilder &build, SMLoc loc, ArrayRef<Value> values) {
  expr::YieldOp::create(build.b, p.getEncodedSourceLoc(loc), values);
}

ParseResult stream::parseFieldArguments(OpAsmParser &p, StreamType type,
                                        SmallVectorImpl<OpAsmParser::Argument> &arguments, ArrayAttr &fields) {
  SmallVector<Attribute> names;
  auto one = [&]() -> ParseResult {
    std::string name;
    OpAsmParser::Argument &argument = arguments.emplace_back();
    if (p.parseArgument(argument) || p.parseEqual() || parseField(p, type, name))
      return failure();
    argument.type = type.lookup(name);
    names.push_back(p.getBuilder().getStringAttr(name));
    return success();
  };
  if (p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, one))
    return failure();
  fields = p.getBuilder().getArrayAttr(names);
  return success();
}

ParseResult stream::parseWrittenRegion(OpAsmParser &p, StreamType type, Region &body, ArrayAttr &fields) {
  SmallVector<OpAsmParser::Argument> arguments;
  return failure(parseFieldArguments(p, type, arguments, fields) || p.parseRegion(body, arguments));
}

ParseResult stream::parseResultNames(OpAsmParser &p, SmallVectorImpl<std::string> &names) {
  return failure(p.parseArrow() || p.parseCommaSeparatedList(AsmParser::Delimiter::Paren,
                                                             [&] { return parseName(p, names.emplace_back()); }));
}

SmallVector<Type> stream::yieldedTypes(Region &body) {
  if (!body.empty() && !body.front().empty())
    if (auto yield = dyn_cast<expr::YieldOp>(body.front().back()))
      return llvm::to_vector(yield.getValues().getTypes());
  return {};
}

SmallVector<std::string> stream::fieldTexts(ArrayAttr fields) {
  return llvm::map_to_vector(fields, [](Attribute f) { return expr::fieldText(cast<StringAttr>(f).getValue()); });
}

std::string stream::operandText(OpAsmPrinter &p, Value value) {
  std::string text;
  llvm::raw_string_ostream os(text);
  p.printOperand(value, os);
  return text;
}

void stream::printFieldArguments(OpAsmPrinter &p, ArrayRef<BlockArgument> arguments, ArrayAttr fields) {
  p << " (";
  llvm::interleaveComma(llvm::zip(arguments, fields), p, [&](auto pair) {
    p.printRegionArgument(std::get<0>(pair), {}, /*omitType=*/true);
    p << " = " << nameText(cast<StringAttr>(std::get<1>(pair)).getValue());
  });
  p << ")";
}

void stream::printResultNames(OpAsmPrinter &p, ArrayRef<StringAttr> names) {
  p << " -> (";
  llvm::interleaveComma(names, p, [&](StringAttr name) { p << nameText(name); });
  p << ") ";
}

void stream::printBraced(OpAsmPrinter &p, ArrayRef<std::string> items, size_t before) {
  constexpr size_t width = 84;
  size_t length = before;
  for (const std::string &item : items)
    length += item.size() + 2;
  if (length <= width) {
    p << " { ";
    llvm::interleaveComma(items, p);
    p << " }";
    return;
  }
  p << " {";
  p.increaseIndent();
  auto isLet = [](StringRef item) { return item.starts_with("let "); };
  auto headOf = [&](StringRef item) { return isLet(item) ? StringRef::npos : item.find(" = "); };
  size_t widest = 0;
  for (StringRef item : items)
    if (size_t head = headOf(item); head != StringRef::npos && head <= 24)
      widest = std::max(widest, head);
  for (auto [i, item] : llvm::enumerate(items)) {
    p.printNewline();
    size_t head = headOf(item);
    if (head < widest)
      p << StringRef(item).take_front(head) << std::string(widest - head, ' ') << StringRef(item).drop_front(head);
    else
      p << item;
    p << (i + 1 < items.size() ? "," : "");
  }
  p.decreaseIndent();
  p.printNewline();
  p << "}";
}

void stream::printRest(OpAsmPrinter &p, Operation *op, ArrayRef<StringRef> elided) {
  SmallVector<StringRef> all(elided);
  llvm::append_range(all, ArrayRef<StringRef>{"labels", "operandSegmentSizes", "resultSegmentSizes"});
  p.printOptionalAttrDict(op->getAttrs(), all);
}

LogicalResult stream::verifyReads(Operation *op, Region &body, StreamType input, ArrayAttr fields, unsigned first) {
  ArrayRef<BlockArgument> arguments = body.getArguments();
  if (arguments.size() != fields.size() + first)
    return op->emitOpError("reads ") << fields.size() << " fields, but its region has "
                                     << int(arguments.size()) - int(first) << " arguments for them";
  for (auto [argument, field] : llvm::zip(arguments.drop_front(first), fields)) {
    StringRef name = cast<StringAttr>(field).getValue();
    Type type = input.lookup(name);
    if (!type) {
      auto diag = op->emitOpError("reads the field `") << name << "`, which its input does not have";
      return suggest(diag, name, input.fieldNames());
    }
    if (type != argument.getType())
      return op->emitOpError("reads `") << name << "` as " << typeText(argument.getType()) << ", but it is "
                                        << typeText(type);
  }
  return success();
}

FailureOr<expr::YieldOp> stream::verifyRegion(Operation *op, Region &body, int count) {
  if (!body.hasOneBlock() || body.front().empty())
    return op->emitOpError("needs a region of one block that ends in expr.yield");
  for (Operation &inner : body.front())
    if (inner.getDialect() != op->getContext()->getLoadedDialect<expr::ExprDialect>())
      return inner.emitOpError("does not belong into an expression: only ops of `expr` do");
  auto yield = dyn_cast<expr::YieldOp>(body.front().back());
  if (!yield)
    return op->emitOpError("needs a region that ends in expr.yield");
  if (count >= 0 && yield.getValues().size() != size_t(count))
    return op->emitOpError("needs ") << count << (count == 1 ? " value" : " values") << ", but its region yields "
                                     << yield.getValues().size();
  return yield;
}
