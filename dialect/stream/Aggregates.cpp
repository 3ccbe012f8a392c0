//===- Aggregates.cpp - aggregates of window and running as written -----------===//
#include "dialect/stream/Aggregates.h"
#include "dialect/expr/ExprParser.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

static const StringRef aggregateNames[] = {"count", "sum", "min", "max", "avg", "first", "last"};

/// The result of an aggregate over `argument` (null: none): null where no value may have come.
static Type resultOf(StringRef fn, Type argument, bool filtered, bool neverEmpty, MLIRContext *ctx) {
  if (!argument || fn == "count")
    return IntegerType::get(ctx, 64);
  Type type = expr::aggregateType(fn, expr::stripNull(argument));
  return type ? expr::withNull(type, expr::isNullable(argument) || filtered || !neverEmpty) : Type();
}

//===--- reading -----------------------------------------------------------------------------------===//

/// `fn` at the cursor.
static ParseResult parseFunction(OpAsmParser &p, StringRef &fn) {
  SMLoc loc = p.getCurrentLocation();
  if (failed(p.parseOptionalKeyword(&fn)))
    return errorAt(p, loc) << "expected an aggregate, as in `n = count()`";
  if (llvm::is_contained(aggregateNames, fn))
    return success();
  auto diag = errorAt(p, loc) << "no aggregate `" << fn << "`";
  if (StringRef near = nearest(fn, aggregateNames); !near.empty())
    return diag << "; did you mean `" << near << "`?";
  return diag << "; there are " << listed(aggregateNames);
}

/// Checks `fn(args)` and gives the argument's type (null for `count()`), or marks `all` bad after a report.
static Type checkArguments(OpAsmParser &p, SMLoc loc, StringRef fn, ArrayRef<expr::Expr> args, ArrayRef<Value> values,
                           Aggregates &all) {
  if (args.size() > 1 || (args.empty() && fn != "count")) {
    errorAt(p, loc) << "`" << fn << "` takes one argument, but got " << args.size();
    all.bad = true;
    return {};
  }
  if (args.empty())
    return {};
  Type type = values[0].getType();
  if (isa<expr::InvalidType>(type)) {
    all.bad = true;
  } else if (!expr::isScalar(type) || !expr::aggregateType(fn, expr::stripNull(type))) {
    StringRef needs = !expr::isScalar(type) ? "no list" : fn == "sum" || fn == "avg" ? "a number" : "something ordered";
    errorAt(p, args[0].loc) << "`" << fn << "` needs " << needs << ", but this is " << typeText(type);
    all.bad = true;
  }
  return type;
}

/// `name = fn(arg) [where condition]`.
static ParseResult parseAggregate(OpAsmParser &p, expr::ExprBuilder &build, bool neverEmpty, Aggregates &all) {
  expr::ExprParser parser(p, build);
  std::string name;
  StringRef fn;
  SmallVector<expr::Expr> args;
  SmallVector<Value> values;
  if (parser.parseLets() || parseName(p, name))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (failed(p.parseOptionalEqual()))
    return errorAt(p, loc) << "expected `= AGGREGATE`, as in `" << name << " = count()`";
  loc = p.getCurrentLocation();
  if (parseFunction(p, fn) || guardToken(p) || p.parseLParen())
    return failure();
  if (peek(p) != ')')
    do {
      if (parser.parse(args.emplace_back()))
        return failure();
      values.push_back(build.value(args.back()));
    } while (succeeded(p.parseOptionalComma()));
  if (p.parseRParen())
    return failure();
  Type argument = checkArguments(p, loc, fn, args, values, all);
  bool filtered = nextWord(p) == "where";
  if (filtered) {
    expr::Expr condition;
    if (guardToken(p) || p.parseKeyword("where") || parser.parse(condition))
      return failure();
    values.push_back(build.condition(condition));
    all.bad |= isa<expr::InvalidType>(values.back().getType());
  }
  Type type = all.bad ? Type() : resultOf(fn, argument, filtered, neverEmpty, p.getContext());
  all.names.push_back(name);
  all.types.push_back(type ? type : expr::InvalidType::get(p.getContext()));
  all.attrs.push_back(AggregateAttr::get(p.getContext(), fn, args.size(), filtered));
  llvm::append_range(all.yields, values);
  return guardComma(p);
}

/// Written out: `(n = count/0, worst = max/1 where)`.
static ParseResult parseWrittenAggregate(OpAsmParser &p, Aggregates &all) {
  std::string name;
  StringRef fn;
  unsigned count;
  if (parseName(p, name) || p.parseEqual() || parseFunction(p, fn) || p.parseSlash() || p.parseInteger(count))
    return failure();
  bool filtered = succeeded(p.parseOptionalKeyword("where"));
  all.names.push_back(name);
  all.attrs.push_back(AggregateAttr::get(p.getContext(), fn, count, filtered));
  return success();
}

/// The aggregates' types from what the region yields; null types where it does not fit, which the verifier reports.
static SmallVector<Type> aggregateTypes(ArrayRef<Attribute> attrs, ArrayRef<Type> yielded, bool neverEmpty,
                                        MLIRContext *ctx) {
  SmallVector<Type> types;
  size_t at = 0;
  for (Attribute attr : attrs) {
    auto aggregate = cast<AggregateAttr>(attr);
    size_t taken = aggregate.getNumArgs() + aggregate.getFiltered();
    if (at + taken > yielded.size())
      return {};
    Type argument = aggregate.getNumArgs() ? yielded[at] : Type();
    Type type = argument && !expr::isScalar(argument)
                    ? Type()
                    : resultOf(aggregate.getFn(), argument, aggregate.getFiltered(), neverEmpty, ctx);
    types.push_back(type ? type : expr::InvalidType::get(ctx));
    at += taken;
  }
  return at == yielded.size() ? types : SmallVector<Type>();
}

/// The region and the aggregates written out: `(%m = mag) -> (worst = max/1) { … }`.
static ParseResult parseWrittenOut(OpAsmParser &p, StreamType in, bool neverEmpty, Region &body, Aggregates &all) {
  SMLoc loc = p.getCurrentLocation();
  SmallVector<OpAsmParser::Argument> arguments;
  if (parseFieldArguments(p, in, arguments, all.fields) || p.parseArrow() ||
      p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] { return parseWrittenAggregate(p, all); }) ||
      p.parseRegion(body, arguments))
    return failure();
  all.types = aggregateTypes(all.attrs, yieldedTypes(body), neverEmpty, p.getContext());
  if (all.types.size() != all.names.size())
    return errorAt(p, loc) << "the region yields another number of values than the aggregates take";
  return success();
}

ParseResult stream::parseAggregates(OpAsmParser &p, StreamType in, bool neverEmpty, Region &body, Aggregates &all) {
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '(')
    return parseWrittenOut(p, in, neverEmpty, body, all);
  if (peek(p) != '{')
    return errorAt(p, missingAt(p)) << "expected the aggregates: `{ name = count(), ... }`";
  body.emplaceBlock();
  expr::ExprBuilder build(p, body.front(), scopeOf(in));
  if (p.parseCommaSeparatedList(AsmParser::Delimiter::Braces,
                                [&] { return parseAggregate(p, build, neverEmpty, all); }))
    return failure();
  buildYield(p, build, loc, all.yields);
  all.fields = build.fieldsRead();
  return success();
}

//===--- writing -----------------------------------------------------------------------------------===//

static SmallVector<std::string> itemTexts(Region &body, ArrayRef<StringAttr> names, ArrayAttr aggregates,
                                          expr::ExprPrinter &expr) {
  SmallVector<std::string> items = expr.lets();
  OperandRange values = body.front().getTerminator()->getOperands();
  unsigned next = 0;
  for (auto [name, attr] : llvm::zip(names, aggregates)) {
    auto aggregate = cast<AggregateAttr>(attr);
    std::string text = nameText(name) + " = " + aggregate.getFn().str() + "(";
    for (unsigned i = 0; i < aggregate.getNumArgs(); ++i)
      text += (i ? ", " : "") + expr.text(values[next++]);
    text += ")";
    if (aggregate.getFiltered())
      text += " where " + expr.text(values[next++]);
    items.push_back(text);
  }
  return items;
}

void stream::printAggregates(OpAsmPrinter &p, Operation *op, Region &body, StreamType out) {
  auto fields = op->getAttrOfType<ArrayAttr>("fields"), aggregates = op->getAttrOfType<ArrayAttr>("aggregates");
  ArrayRef<StringAttr> names = out.getNames().take_back(aggregates.size());
  auto outside = [&](Value v) { return operandText(p, v); };
  expr::ExprPrinter expr(body.front(), fieldTexts(fields), outside);
  if (expr.ok())
    return printBraced(p, itemTexts(body, names, aggregates, expr), 44);
  printFieldArguments(p, body.getArguments(), fields);
  p << " -> (";
  llvm::interleaveComma(llvm::zip(names, aggregates), p, [&](auto pair) {
    auto aggregate = cast<AggregateAttr>(std::get<1>(pair));
    p << nameText(std::get<0>(pair)) << " = " << aggregate.getFn() << "/" << aggregate.getNumArgs()
      << (aggregate.getFiltered() ? " where" : "");
  });
  p << ") ";
  p.printRegion(body, /*printEntryBlockArgs=*/false);
}

//===--- constraints -------------------------------------------------------------------------------===//

LogicalResult stream::verifyAggregates(Operation *op, ArrayAttr aggregates, expr::YieldOp yield, bool neverEmpty,
                                       SmallVectorImpl<Type> &types) {
  if (aggregates.empty())
    return op->emitOpError("needs at least one aggregate");
  size_t next = 0;
  OperandRange values = yield.getValues();
  for (Attribute attr : aggregates) {
    auto aggregate = dyn_cast<AggregateAttr>(attr);
    if (!aggregate || !llvm::is_contained(aggregateNames, aggregate.getFn()))
      return op->emitOpError("has an aggregate ") << attr << ", which is none of " << listed(aggregateNames);
    bool count = aggregate.getFn() == "count";
    if (aggregate.getNumArgs() > 1 || (!count && aggregate.getNumArgs() != 1))
      return op->emitOpError("`") << aggregate.getFn() << "` takes one argument, but has " << aggregate.getNumArgs();
    size_t taken = aggregate.getNumArgs() + aggregate.getFiltered();
    if (next + taken > values.size())
      return op->emitOpError("yields fewer values than its aggregates take");
    Type argument = aggregate.getNumArgs() ? values[next].getType() : Type();
    if (argument && (!expr::isScalar(argument) || !expr::aggregateType(aggregate.getFn(), expr::stripNull(argument))))
      return op->emitOpError("`") << aggregate.getFn() << "` does not work on " << typeText(argument);
    if (aggregate.getFiltered() && !expr::isBool(expr::stripNull(values[next + taken - 1].getType())))
      return op->emitOpError("needs a condition behind `where`, but its region yields ")
             << typeText(values[next + taken - 1].getType());
    types.push_back(resultOf(aggregate.getFn(), argument, aggregate.getFiltered(), neverEmpty, op->getContext()));
    next += taken;
  }
  if (next != values.size())
    return op->emitOpError("yields more values than its aggregates take");
  return success();
}

LogicalResult stream::verifyAggregated(Operation *op, ArrayRef<std::string> names, ArrayRef<Type> types,
                                       ArrayRef<StringAttr> upsertKeys, bool timed, StreamType out) {
  bool fits = out.getTypes() == types && out.getTimed() == timed && !out.isKeyed() &&
              out.getChanges() == (upsertKeys.empty() ? Changes::Insert : Changes::Upsert) &&
              out.getUpsertKeys() == upsertKeys;
  for (size_t i = 0; fits && i < names.size(); ++i)
    fits = out.getNames()[i] == names[i];
  if (fits)
    return success();
  std::string text;
  for (auto [i, type] : llvm::enumerate(types))
    text += (i ? ", " : "") + (i < names.size() ? names[i] + ": " : "") + typeText(type);
  for (auto [i, key] : llvm::enumerate(upsertKeys))
    text += (i ? ", " : " upsert by ") + key.str();
  return op->emitOpError("gives a stream of ") << text << (timed ? " timed" : "") << ", but its result is " << out;
}
