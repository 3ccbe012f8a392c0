//===- Stateless.cpp - filter and map -----------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- filter ------------------------------------------------------------------------------===//

/// `filter %x where CONDITION`, or the condition as a region, `filter %x (%a = a) { … yield %c : i1 }`.
ParseResult FilterOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  ArrayAttr fields;
  Region *body = result.addRegion();
  if (parseInput(p, result, in))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '(') {
    if (parseWrittenRegion(p, in, *body, fields))
      return failure();
  } else {
    if (nextWord(p) != "where")
      return errorAt(p, loc) << "expected `where` and a condition";
    body->emplaceBlock();
    expr::ExprBuilder build(p, body->front(), scopeOf(in));
    expr::ExprParser parser(p, build);
    expr::Expr e;
    if (guardToken(p) || p.parseKeyword("where") || parser.parseLets() || parser.parse(e))
      return failure();
    buildYield(p, build, e.loc, build.condition(e));
    fields = build.fieldsRead();
  }
  result.addAttribute("fields", fields);
  result.addTypes(in);
  return finishStatement(p, result);
}

void FilterOp::print(OpAsmPrinter &p) {
  p << " " << getInput();
  Block &block = getBody().front();
  auto outside = [&](Value v) { return operandText(p, v); };
  expr::ExprPrinter expr(block, fieldTexts(getFields()), outside);
  if (expr.ok()) {
    p << " where ";
    for (const std::string &let : expr.lets())
      p << let << ", ";
    p << expr.text(block.getTerminator()->getOperand(0));
  } else {
    printFieldArguments(p, block.getArguments(), getFields());
    p << " ";
    p.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  }
  printRest(p, *this, {"fields"});
}

LogicalResult FilterOp::verify() {
  auto yield = verifyRegion(*this, getBody(), 1);
  if (failed(yield))
    return failure();
  Type condition = yield->getValues()[0].getType();
  if (isa<expr::InvalidType>(condition))
    return failure();
  if (!expr::isBool(expr::stripNull(condition)))
    return emitOpError("needs a condition, but its region yields ") << typeText(condition);
  if (getOutput().getType() != getInput().getType())
    return emitOpError("keeps the type of its input, but its result is ") << getOutput().getType();
  return failed(verifyReads(*this, getBody(), getInput().getType(), getFields())) ? failure() : verifyLabels(*this);
}

//===--- map -----------------------------------------------------------------------------------===//

/// Rows replace each other by the upsert keys, so a map hands them on as they are: why this one does not, or empty.
static std::string whyKeyIsLost(StreamType in, StreamType out, Region &body, ArrayAttr fields) {
  for (StringAttr key : in.getUpsertKeys()) {
    int at = out.indexOf(key);
    if (at < 0)
      return ("the stream replaces rows by `" + key.getValue() +
              "`, so the map must keep that field under its name; add `")
                 .str() +
             nameText(key) + "` to it; to rename it, do so with `map` before `key_by`";
    auto argument = dyn_cast<BlockArgument>(body.front().getTerminator()->getOperand(at));
    if (!argument || fields[argument.getArgNumber()] != key)
      return ("the stream replaces rows by `" + key.getValue() +
              "`, so the map must keep that field as it is; give what it computes another name, or compute it before "
              "`key_by`")
          .str();
  }
  return "";
}

/// `map %x { *, a, b = EXPR, let t = EXPR }`, or written out, `map %x (%a = a) -> (a, b) { … yield … }`.
ParseResult MapOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  ArrayAttr fields;
  SmallVector<std::string> names;
  SmallVector<Type> types;
  Region *body = result.addRegion();
  if (parseInput(p, result, in))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '{') {
    body->emplaceBlock();
    expr::ExprBuilder build(p, body->front(), scopeOf(in));
    expr::ExprParser parser(p, build);
    SmallVector<expr::Expr> exprs;
    SmallVector<Value> values;
    if (parser.parseRecord(names, exprs))
      return failure();
    for (const expr::Expr &e : exprs)
      values.push_back(build.value(e));
    buildYield(p, build, loc, values);
    types = typesOf(values);
    fields = build.fieldsRead();
  } else {
    if (peek(p) != '(')
      return errorAt(p, loc) << "expected `{ name = expression, ... }`";
    SmallVector<OpAsmParser::Argument> arguments;
    if (parseFieldArguments(p, in, arguments, fields) || parseResultNames(p, names) || p.parseRegion(*body, arguments))
      return failure();
    types = yieldedTypes(*body);
    if (types.size() != names.size())
      return errorAt(p, loc) << "names " << names.size() << " fields, but yields " << types.size();
  }
  result.addAttribute("fields", fields);
  StreamType out = makeStream(p, loc, names, types, in.getTimed());
  if (!out)
    return failure();
  if (std::string why = whyKeyIsLost(in, out, *body, fields); !why.empty())
    return errorAt(p, loc) << why;
  result.addTypes(out.withChanges(in.getChanges(), in.getUpsertKeys()));
  return finishStatement(p, result);
}

/// Does the output begin with the input's fields, all of them read in order, as `*` makes it?
static bool hasStar(MapOp op) {
  SmallVector<StringRef> in = op.getInput().getType().fieldNames(), out = op.getOutput().getType().fieldNames();
  bool star = in.size() > 1 && out.size() >= in.size() && ArrayRef(out).take_front(in.size()) == ArrayRef(in) &&
              op.getFields().size() == in.size();
  for (size_t i = 0; star && i < in.size(); ++i)
    star = cast<StringAttr>(op.getFields()[i]).getValue() == in[i];
  return star;
}

/// `*` if it fits, then lets and fields as `name` or `name = EXPR`, in the order of their ops: so they are built again
/// in the same order. Behind `*` a field that replaces one may stand anywhere; those that are added keep their order.
static SmallVector<std::string> mapItems(MapOp op, expr::ExprPrinter &expr) {
  struct Item {
    int rank;
    size_t order; ///< as they came
    std::string text;
  };
  SmallVector<Item> items;
  Block &body = op.getBody().front();
  llvm::DenseMap<Operation *, int> position;
  for (auto [i, inner] : llvm::enumerate(body))
    position[&inner] = int(i);
  SmallVector<std::string> lets = expr.lets();
  for (auto [let, text] : llvm::zip(expr.letOps(), lets))
    items.push_back({int(position[let]), items.size(), text});
  OperandRange values = body.getTerminator()->getOperands();
  SmallVector<StringRef> out = op.getOutput().getType().fieldNames();
  auto passed = [&](size_t i) { // the field under its own name
    auto argument = dyn_cast<BlockArgument>(values[i]);
    return argument && argument.getOwner() == &body &&
           cast<StringAttr>(op.getFields()[argument.getArgNumber()]).getValue() == out[i];
  };
  bool star = hasStar(op);
  size_t replaceable = star ? op.getInput().getType().getNames().size() : 0;
  int lastAdded = -1;
  for (auto [i, name] : llvm::enumerate(out)) {
    if (i < replaceable && passed(i))
      continue;
    Operation *made = values[i].getDefiningOp();
    bool named = made && llvm::is_contained(expr.letOps(), made);
    bool placed = made && made->getBlock() == &body && (named || !isa<expr::ConstantOp>(made)); // literals come last
    int rank = placed ? position[made] : -1;
    if (i >= replaceable)
      rank = lastAdded = std::max(lastAdded, rank);
    items.push_back({rank, items.size(), passed(i) ? nameText(name) : nameText(name) + " = " + expr.text(values[i])});
  }
  llvm::sort(items,
             [](const Item &a, const Item &b) { return std::pair(a.rank, a.order) < std::pair(b.rank, b.order); });
  SmallVector<std::string> texts;
  if (star)
    texts.push_back("*");
  for (Item &item : items)
    texts.push_back(std::move(item.text));
  return texts;
}

void MapOp::print(OpAsmPrinter &p) {
  p << " " << getInput();
  auto outside = [&](Value v) { return operandText(p, v); };
  expr::ExprPrinter expr(getBody().front(), fieldTexts(getFields()), outside);
  if (expr.ok()) {
    printBraced(p, mapItems(*this, expr), 24);
  } else {
    printFieldArguments(p, getBody().getArguments(), getFields());
    printResultNames(p, getOutput().getType().getNames());
    p.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  }
  printRest(p, *this, {"fields"});
}

LogicalResult MapOp::verify() {
  StreamType in = getInput().getType(), out = getOutput().getType();
  auto yield = verifyRegion(*this, getBody(), out.getTypes().size());
  if (failed(yield))
    return failure();
  if (out.getTypes().empty())
    return emitOpError("needs at least one field");
  for (auto [name, type, value] : llvm::zip(out.fieldNames(), out.getTypes(), yield->getValues()))
    if (type != value.getType())
      return emitOpError("yields ") << typeText(value.getType()) << " for `" << name << "`, which is "
                                    << typeText(type);
  if (failed(verifyReads(*this, getBody(), in, getFields())))
    return failure();
  if (out.isKeyed())
    return emitOpError("gives a stream that is not keyed; use key_by behind it");
  if (out.getTimed() != in.getTimed() || out.getChanges() != in.getChanges() ||
      out.getUpsertKeys() != in.getUpsertKeys())
    return emitOpError("keeps event time and changes of its input ") << in << ", but its result is " << out;
  if (std::string why = whyKeyIsLost(in, out, getBody(), getFields()); !why.empty())
    return emitOpError() << why;
  return verifyLabels(*this);
}
