//===- FlatMap.cpp - a record for each element of a list ----------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

/// The element's type if `type` is a list that may be null.
static Type elementOf(Type type) {
  auto list = dyn_cast<expr::ListType>(expr::stripNull(type));
  return list ? list.getElement() : Type();
}

static ParseResult expectEach(OpAsmParser &p) {
  SMLoc loc = p.getCurrentLocation();
  if (failed(p.parseOptionalKeyword("each")))
    return errorAt(p, loc) << "expected `each NAME in LIST { ... }`, as in `each word in split(text, \" \")`";
  return success();
}

/// `(%t = text) { … yield %list } (%w, %id = id) -> (word, id) { … yield … }`: both regions written out.
static ParseResult parseWrittenOut(OpAsmParser &p, StreamType in, Region &list, Region &body, ArrayAttr &fields,
                                   ArrayAttr &bodyFields, SmallVectorImpl<std::string> &names) {
  SmallVector<OpAsmParser::Argument> arguments;
  SMLoc loc = p.getCurrentLocation();
  if (parseWrittenRegion(p, in, list, fields))
    return failure();
  SmallVector<Type> types = yieldedTypes(list);
  if (types.size() != 1 || !elementOf(types[0]))
    return errorAt(p, loc) << "expected a region that yields one list";
  if (p.parseLParen() || p.parseArgument(arguments.emplace_back()))
    return failure();
  arguments[0].type = elementOf(types[0]);
  SmallVector<Attribute> read;
  while (succeeded(p.parseOptionalComma())) {
    std::string name;
    OpAsmParser::Argument &argument = arguments.emplace_back();
    if (p.parseArgument(argument) || p.parseEqual() || parseField(p, in, name))
      return failure();
    argument.type = in.lookup(name);
    read.push_back(p.getBuilder().getStringAttr(name));
  }
  bodyFields = p.getBuilder().getArrayAttr(read);
  return failure(p.parseRParen() || parseResultNames(p, names) || p.parseRegion(body, arguments));
}

/// `split(text, " ") { word = lower(w) }`, behind `in`.
static ParseResult parseInfix(OpAsmParser &p, OperationState &result, StreamType in, StringRef element, Region &list,
                              Region &body, ArrayAttr &fields, ArrayAttr &bodyFields,
                              SmallVectorImpl<std::string> &names) {
  list.emplaceBlock();
  body.emplaceBlock();
  expr::ExprBuilder buildList(p, list.front(), scopeOf(in));
  expr::Expr e;
  SMLoc loc = p.getCurrentLocation();
  if (expr::ExprParser(p, buildList).parse(e))
    return failure();
  Value v = buildList.value(e);
  Type type = elementOf(v.getType());
  if (!type) {
    if (!isa<expr::InvalidType>(v.getType()))
      errorAt(p, loc) << "expected a list, but this is " << typeText(v.getType());
    markInvalid(p, result);
    type = expr::InvalidType::get(p.getContext());
  }
  buildYield(p, buildList, loc, v);
  fields = buildList.fieldsRead();
  expr::ExprBuilder build(p, body.front(), scopeOf(in));
  build.define(element, body.front().addArgument(type, p.getEncodedSourceLoc(loc)));
  SmallVector<expr::Expr> exprs;
  SmallVector<Value> values;
  loc = p.getCurrentLocation();
  if (peek(p) != '{')
    return errorAt(p, loc) << "expected `{ name = expression, ... }`";
  if (expr::ExprParser(p, build).parseRecord(names, exprs))
    return failure();
  for (const expr::Expr &field : exprs)
    values.push_back(build.value(field));
  buildYield(p, build, loc, values);
  bodyFields = build.fieldsRead();
  return success();
}

ParseResult FlatMapOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  ArrayAttr fields, bodyFields;
  std::string element;
  SmallVector<std::string> names;
  Region *list = result.addRegion(), *body = result.addRegion();
  SMLoc loc = p.getCurrentLocation();
  if (parseInput(p, result, in))
    return failure();
  if (std::string why = whyOnlyInserts("flat_map", result.operands.back()); !why.empty()) {
    errorAt(p, loc) << why;
    markInvalid(p, result);
  }
  if (expectEach(p) || p.getCurrentLocation(&loc) || parseName(p, element))
    return failure();
  if (in.lookup(element))
    return errorAt(p, loc) << "`" << element << "` is the name of a field already";
  SMLoc at = p.getCurrentLocation();
  if (nextWord(p) != "in")
    return errorAt(p, at) << "expected `in` and a list";
  if (guardToken(p) || p.parseKeyword("in"))
    return failure();
  bool written = peek(p) == '(' && StringRef("%)").contains(*skipBlanks(textAt(p) + 1));
  if (written ? parseWrittenOut(p, in, *list, *body, fields, bodyFields, names)
              : parseInfix(p, result, in, element, *list, *body, fields, bodyFields, names))
    return failure();
  SmallVector<Type> types = yieldedTypes(*body);
  if (types.size() != names.size())
    return errorAt(p, loc) << "names " << names.size() << " fields, but yields " << types.size();
  StreamType out = makeStream(p, loc, names, types, in.getTimed());
  if (!out)
    return failure();
  result.addAttribute("element", p.getBuilder().getStringAttr(element));
  result.addAttribute("fields", fields);
  result.addAttribute("body_fields", bodyFields);
  result.addTypes(out);
  return finishStatement(p, result);
}

void FlatMapOp::print(OpAsmPrinter &p) {
  p << " " << getInput() << " each " << nameText(getElement()) << " in";
  auto outside = [&](Value v) { return operandText(p, v); };
  Block &body = getBody().front();
  SmallVector<std::string> names = fieldTexts(getBodyFields());
  names.insert(names.begin(), expr::fieldText(getElement()));
  expr::ExprPrinter list(getList().front(), fieldTexts(getFields()), outside), record(body, names, outside);
  if (list.ok() && record.ok() && list.lets().empty()) {
    p << " " << list.text(getList().front().getTerminator()->getOperand(0));
    SmallVector<std::string> items = record.lets();
    for (auto [name, v] : llvm::zip(getOutput().getType().fieldNames(), body.getTerminator()->getOperands())) {
      std::string text = record.text(v);
      items.push_back(text == expr::fieldText(name) ? nameText(name) : nameText(name) + " = " + text);
    }
    printBraced(p, items, 44);
  } else {
    printFieldArguments(p, getList().getArguments(), getFields());
    p << " ";
    p.printRegion(getList(), /*printEntryBlockArgs=*/false);
    p << " (";
    p.printRegionArgument(body.getArgument(0), {}, /*omitType=*/true);
    for (auto [argument, field] : llvm::zip(body.getArguments().drop_front(), getBodyFields())) {
      p << ", ";
      p.printRegionArgument(argument, {}, /*omitType=*/true);
      p << " = " << nameText(cast<StringAttr>(field).getValue());
    }
    p << ")";
    printResultNames(p, getOutput().getType().getNames());
    p.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  }
  printRest(p, *this, {"element", "fields", "body_fields"});
}

LogicalResult FlatMapOp::verify() {
  if (isReported(*this))
    return failure();
  StreamType in = getInput().getType(), out = getOutput().getType();
  auto list = verifyRegion(*this, getList(), 1);
  auto body = verifyRegion(*this, getBody(), out.getTypes().size());
  if (failed(list) || failed(body))
    return failure();
  Type element = elementOf(list->getValues()[0].getType());
  if (!element)
    return emitOpError("needs a list, but its first region yields ") << typeText(list->getValues()[0].getType());
  if (getBody().getNumArguments() == 0 || getBody().getArgument(0).getType() != element)
    return emitOpError("needs the element, ") << typeText(element) << ", as the first argument of its second region";
  if (!llvm::equal(out.getTypes(), body->getValues().getTypes()))
    return emitOpError("yields other types than its result names");
  if (out.getTypes().empty())
    return emitOpError("needs at least one field");
  if (failed(verifyReads(*this, getList(), in, getFields())) ||
      failed(verifyReads(*this, getBody(), in, getBodyFields(), /*first=*/1)))
    return failure();
  if (std::string why = whyOnlyInserts("flat_map", getInput()); !why.empty())
    return emitOpError() << why;
  if (out.isKeyed() || out.getTimed() != in.getTimed() || out.getChanges() != Changes::Insert)
    return emitOpError("gives a stream that is not keyed and as timed as its input, but its result is ") << out;
  return verifyLabels(*this);
}
