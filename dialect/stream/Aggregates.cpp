//===- Aggregates.cpp - aggregates of window and running as written -----------===//
#include "dialect/stream/Aggregates.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/ExprParser.h"
#include "dialect/expr/Functions.h"
#include "dialect/stream/AggregateOptions.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/UserAggregates.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

/// The result of an aggregate over `arguments`, or null where they do not fit.
static Type resultOf(AggregateAttr attr, ArrayRef<Type> arguments, bool neverEmpty) {
  const expr::Aggregate *aggregate = expr::findAggregate(attr.getFn());
  return aggregate ? expr::aggregateType(*aggregate, arguments, attr.getFiltered() || !neverEmpty, attr.getContext(),
                                         attr.getOptions())
                   : Type();
}

/// "one argument", "two arguments".
static std::string argumentsText(const expr::Aggregate &aggregate) {
  if (aggregate.maxArgs() > 2)
    return "at most " + std::to_string(aggregate.maxArgs()) + " values";
  return aggregate.maxArgs() == 0 ? "no argument" : aggregate.maxArgs() == 1 ? "one argument" : "two arguments";
}

//===--- reading -----------------------------------------------------------------------------------===//

/// Aggregates stand alone: what is to be computed of them has its place behind the window.
static ParseResult explainComputation(OpAsmParser &p, SMLoc loc, StringRef what, bool ofOver) {
  if (ofOver)
    return errorAt(p, loc) << what
                           << "; a `map` before `over` computes with fields, as in `map %in { *, w = v + 1 }`, and one "
                              "behind it with what it gives";
  return errorAt(p, loc) << what
                         << "; an aggregate stands alone, and a `map` behind computes with what it gives, as in "
                            "`map %w { *, mean = total / n }`";
}

/// Reports an operator behind an aggregate, as in `sum(a) / count()`.
static ParseResult guardAlone(OpAsmParser &p, bool ofOver) {
  char next = peek(p);
  if (!StringRef("+-*/%|").contains(next) && nextWord(p) != "mod")
    return success();
  std::string op = nextWord(p) == "mod" ? "mod" : next == '|' ? "||" : std::string(1, next);
  return explainComputation(p, p.getCurrentLocation(), "`" + op + "` does not work on aggregates", ofOver);
}

/// `%name`, an aggregate of one's own: what it is and what stands for it in the options.
static ParseResult parseUserFunction(OpAsmParser &p, StringRef &fn, DictionaryAttr &own) {
  OpAsmParser::UnresolvedOperand operand;
  SMLoc loc = p.getCurrentLocation();
  if (p.parseOperand(operand))
    return failure();
  Value value = resolveAny(p, operand);
  if (!value)
    return failure();
  auto definition = value.getDefiningOp<AggregateOp>();
  if (!definition)
    return errorAt(p, loc) << "`" << operand.name << "` is no aggregate; one is made by `" << operand.name
                           << " = aggregate (x: f64) -> f64 ...`";
  fn = StringAttr::get(p.getContext(), operand.name).getValue();
  own = optionsOf(definition);
  return success();
}

/// `fn` at the cursor; `own`: the options of one's own.
static ParseResult parseFunction(OpAsmParser &p, StringRef &fn, DictionaryAttr &own, bool ofOver) {
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '%')
    return parseUserFunction(p, fn, own);
  if (llvm::isDigit(peek(p)) || peek(p) == '(' || peek(p) == '-')
    return explainComputation(p, loc, "expected an aggregate, as in `n = count()`", ofOver);
  if (failed(p.parseOptionalKeyword(&fn)))
    return errorAt(p, loc) << "expected an aggregate, as in `n = count()`";
  if (expr::findAggregate(fn))
    return success();
  bool isCall = peek(p) == '(' || missingAt(p) != p.getCurrentLocation();
  if (!isCall || expr::findFunction(fn) || fn == "case" || fn == "cast" || fn == "coalesce" || fn == "try")
    return explainComputation(p, loc, ("`" + fn + "` is no aggregate").str(), ofOver);
  auto diag = errorAt(p, loc) << "no aggregate `" << fn << "`";
  if (fn == "lead")
    return diag << "; a record's window ends with it, so what comes behind it is not there yet. Write `lag` for what "
                   "came before";
  if (StringRef meant = expr::aggregateMeant(fn.lower()); !meant.empty())
    return diag << "; it is called `" << meant << "` here";
  if (StringRef near = nearest(fn, expr::aggregateNames()); !near.empty())
    return diag << "; did you mean `" << near << "`?";
  return diag << "; there are " << listed(expr::aggregateNames());
}

/// Checks the arguments of `fn`; marks `all` bad after a report.
static void checkArguments(OpAsmParser &p, SMLoc loc, StringRef fn, ArrayRef<expr::Expr> args, ArrayRef<Value> values,
                           Aggregates &all) {
  const expr::Aggregate &aggregate = *expr::findAggregate(fn);
  if (expr::isUserAggregate(fn)) {
    for (Value value : values)
      all.bad |= isa<expr::InvalidType>(value.getType());
    return; // as they were read
  }
  if (args.size() > aggregate.maxArgs() || args.size() < aggregate.minArgs()) {
    errorAt(p, loc) << "`" << fn << "` takes " << argumentsText(aggregate) << ", but got " << args.size();
    all.bad = true;
    return;
  }
  for (auto [i, value] : llvm::enumerate(values)) {
    Type type = value.getType();
    all.bad |= isa<expr::InvalidType>(type);
    if (isa<expr::InvalidType>(type) || expr::takes(aggregate, i, type))
      continue;
    StringRef needs = expr::isScalar(type) ? expr::aggregateNeeds(aggregate.parameter(i)) : "no list";
    errorAt(p, args[i].loc) << "`" << fn << "` needs " << needs << ", but this is " << typeText(type);
    all.bad = true;
  }
}

/// `{ shop, price = price * 2 }` behind an aggregate that can have it: more arguments, and their names.
static ParseResult parseFields(OpAsmParser &p, expr::ExprParser &parser, expr::ExprBuilder &build,
                               const expr::Aggregate &aggregate, AggregateOptions &options,
                               SmallVectorImpl<expr::Expr> &args, SmallVectorImpl<Value> &values) {
  const expr::AggregateOption *fields = expr::findOption(expr::optionFields);
  if (!aggregate.takesOption(*fields))
    return success();
  if (args.size() > 1)
    return errorAt(p, args[1].loc) << "`" << aggregate.name << "` is by one value; what else the records have stands "
                                   << "behind it, as in `" << aggregate.example << "`";
  if (peek(p) != '{')
    return success();
  SmallVector<std::string> names;
  SmallVector<expr::Expr> exprs;
  if (parser.parseRecord(names, exprs))
    return failure();
  for (const expr::Expr &e : exprs) {
    args.push_back(e);
    values.push_back(build.value(e));
  }
  SmallVector<StringRef> texts(names.begin(), names.end());
  options.set(*fields, p.getBuilder().getStrArrayAttr(texts));
  return success();
}

/// The argument of an aggregate of one's own, widened to what it takes.
static Value userArgument(OpAsmParser &p, expr::ExprBuilder &build, StringRef fn, DictionaryAttr own,
                          const expr::Expr &e, unsigned number, Aggregates &all) {
  auto takes = own.getAs<ArrayAttr>(expr::optionTakes);
  if (e.isInvalid() || number >= takes.size())
    return build.value(e);
  Type want = cast<TypeAttr>(takes[number]).getValue();
  bool suits = (e.isLiteral() && !e.isNull() && build.adapt(e, want)) ||
               (!e.isNull() && expr::commonType(expr::stripNull(e.type), want) == want);
  if (suits)
    return build.value(e, want);
  errorAt(p, e.loc) << "`" << fn << "` takes " << typeText(want) << " here, but this is " << typeText(e.type);
  all.bad = true;
  return build.invalid(e.loc).value;
}

/// The arguments of an aggregate of one's own, up to the `)`.
static ParseResult parseUserArguments(OpAsmParser &p, expr::ExprParser &parser, expr::ExprBuilder &build, SMLoc loc,
                                      StringRef fn, DictionaryAttr own, SmallVectorImpl<expr::Expr> &args,
                                      SmallVectorImpl<Value> &values, Aggregates &all) {
  if (nextWord(p) == "distinct" && !StringRef(",)").contains(*skipBlanks(textAt(p) + 8)))
    return errorAt(p, p.getCurrentLocation())
           << "`distinct` is not there for `" << fn << "`: its state has no values left that could be told apart";
  if (peek(p) != ')')
    do {
      if (parser.parse(args.emplace_back()))
        return failure();
      values.push_back(userArgument(p, build, fn, own, args.back(), args.size() - 1, all));
    } while (succeeded(p.parseOptionalComma()));
  size_t wanted = own.getAs<ArrayAttr>(expr::optionTakes).size();
  if (args.size() == wanted)
    return success();
  errorAt(p, loc) << "`" << fn << "` takes " << wanted << (wanted == 1 ? " argument" : " arguments") << ", but got "
                  << args.size();
  all.bad = true;
  return success();
}

/// `name = fn(arg) [where condition]`.
static ParseResult parseAggregate(OpAsmParser &p, expr::ExprBuilder &build, bool neverEmpty, Aggregates &all) {
  expr::ExprParser parser(p, build);
  std::string name;
  StringRef fn;
  SmallVector<expr::Expr> args;
  SmallVector<Value> values;
  if (parser.parseLets())
    return failure();
  SMLoc place = p.getCurrentLocation();
  if (parseName(p, name))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (failed(p.parseOptionalEqual()))
    return errorAt(p, loc) << "expected `= AGGREGATE`, as in `" << name << " = count()`";
  loc = p.getCurrentLocation();
  AggregateOptions options(p);
  DictionaryAttr own;
  if (parseFunction(p, fn, own, all.isOver()) || guardToken(p) || p.parseLParen())
    return failure();
  if (own ? parseUserArguments(p, parser, build, loc, fn, own, args, values, all) : options.parseBefore(fn))
    return failure();
  if (peek(p) == '*')
    return errorAt(p, p.getCurrentLocation())
           << (fn == "count" ? "write `count()`: without an argument it counts records"
                             : "`*` stands for no value here; `count()` counts records");
  if (peek(p) != ')' && !own)
    do {
      if (options.areLast(args.size())) {
        if (options.parseLast())
          return failure();
        break;
      }
      if (parser.parse(args.emplace_back()) || options.parseBehind())
        return failure();
      values.push_back(build.value(args.back()));
    } while (succeeded(p.parseOptionalComma()));
  if ((!own && options.finish(loc)) || p.parseRParen() ||
      (!own && parseFields(p, parser, build, *expr::findAggregate(fn), options, args, values)) ||
      guardAlone(p, all.isOver()))
    return failure();
  if (expr::isPlace(fn) && !all.parseOther) {
    errorAt(p, loc) << "`" << fn << "` tells of one record's place among others, and this has a row for all of them; "
                    << "write `over %stream last 10 rows { *, " << expr::findAggregate(fn)->example << " }`";
    all.bad = true;
  }
  checkArguments(p, loc, fn, args, values, all);
  SmallVector<Type> arguments(ValueRange(values).getTypes());
  bool filtered = nextWord(p) == "where";
  if (filtered) {
    expr::Expr condition;
    if (guardToken(p) || p.parseKeyword("where") || parser.parse(condition))
      return failure();
    values.push_back(build.condition(condition));
    all.bad |= isa<expr::InvalidType>(values.back().getType());
  }
  auto attr = AggregateAttr::get(p.getContext(), fn, args.size(), filtered, own ? own : options.get());
  Type type = all.bad ? Type() : resultOf(attr, arguments, neverEmpty);
  all.names.push_back(name);
  all.places.push_back(place);
  all.types.push_back(type ? type : expr::InvalidType::get(p.getContext()));
  all.attrs.push_back(attr);
  llvm::append_range(all.yields, values);
  return guardComma(p);
}

/// Written out: `(n = count/0, worst = max/1 where, total = sum/1 {exact})`.
static ParseResult parseWrittenAggregate(OpAsmParser &p, Aggregates &all) {
  std::string name;
  StringRef fn;
  unsigned count;
  DictionaryAttr own;
  SMLoc place = p.getCurrentLocation();
  if (parseName(p, name) || p.parseEqual() || parseFunction(p, fn, own, all.isOver()) || p.parseSlash() ||
      p.parseInteger(count))
    return failure();
  bool filtered = succeeded(p.parseOptionalKeyword("where"));
  NamedAttrList options;
  if (p.parseOptionalAttrDict(options))
    return failure();
  all.names.push_back(name);
  all.places.push_back(place);
  all.attrs.push_back(
      AggregateAttr::get(p.getContext(), fn, count, filtered, own ? own : options.getDictionary(p.getContext())));
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
    bool fits = expr::whyNotOptions(*expr::findAggregate(aggregate.getFn()), aggregate.getOptions()).empty();
    Type type = fits ? resultOf(aggregate, yielded.slice(at, aggregate.getNumArgs()), neverEmpty) : Type();
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
  SmallVector<Type> yielded(yieldedTypes(body));
  yielded.truncate(yielded.size() - std::min<size_t>(all.behind, yielded.size()));
  all.types = aggregateTypes(all.attrs, yielded, neverEmpty, p.getContext());
  if (all.types.size() != all.names.size())
    return errorAt(p, loc) << "the region yields another number of values than the aggregates take";
  return success();
}

ParseResult stream::parseAggregates(OpAsmParser &p, StreamType in, bool neverEmpty, Region &body, Aggregates &all) {
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) == '(' && all.build)
    return errorAt(p, loc) << "a region that is written out yields the gap, too: write `gap (...)`";
  if (peek(p) == '(')
    return parseWrittenOut(p, in, neverEmpty, body, all);
  if (peek(p) != '{')
    return errorAt(p, missingAt(p)) << "expected the aggregates: `{ name = count(), ... }`";
  if (all.behind && !all.build)
    return errorAt(p, loc) << "expected the gap in the parentheses, as in `gap (pause)`";
  std::optional<expr::ExprBuilder> own;
  if (!all.build) {
    body.emplaceBlock();
    own.emplace(p, body.front(), scopeOf(in));
  }
  expr::ExprBuilder &build = all.build ? *all.build : *own;
  if (p.parseCommaSeparatedList(AsmParser::Delimiter::Braces, [&]() -> ParseResult {
        if (all.parseOther)
          if (OptionalParseResult other = all.parseOther(); other.has_value())
            return *other;
        return parseAggregate(p, build, neverEmpty, all);
      }))
    return failure();
  if (all.last)
    all.yields.push_back(all.last);
  buildYield(p, build, loc, all.yields);
  all.fields = build.fieldsRead();
  return success();
}

StreamType stream::aggregatedStream(OpAsmParser &p, SMLoc loc, ArrayRef<std::string> names, ArrayRef<Type> types,
                                    bool timed, Aggregates &all, function_ref<std::string(StringRef)> origin) {
  SmallVector<std::string> fields(names);
  SmallVector<Type> fieldTypes(types);
  for (auto [name, place, type] : llvm::zip(all.names, all.places, all.types)) {
    if (!llvm::is_contained(fields, name)) {
      fields.push_back(name);
      fieldTypes.push_back(type);
      continue;
    }
    auto diag = errorAt(p, place);
    if (llvm::is_contained(names, name))
      diag << "the name `" << name << "` is taken: " << origin(name);
    else
      diag << "two aggregates are called `" << name << "`";
    all.bad = true;
  }
  return makeStream(p, loc, fields, fieldTypes, timed);
}

//===--- writing -----------------------------------------------------------------------------------===//

static SmallVector<std::string> itemTexts(Region &body, ArrayRef<StringAttr> names, ArrayAttr aggregates,
                                          expr::ExprPrinter &expr) {
  SmallVector<std::string> items = expr.lets();
  OperandRange values = body.front().getTerminator()->getOperands();
  unsigned next = 0;
  for (auto [name, attr] : llvm::zip(names, aggregates)) {
    auto aggregate = cast<AggregateAttr>(attr);
    std::string text = nameText(name) + " = " + expr::aggregateOpening(aggregate.getFn(), aggregate.getOptions());
    SmallVector<std::string> arguments;
    for (unsigned i = 0; i < aggregate.getNumArgs(); ++i)
      arguments.push_back(expr.text(values[next++]));
    text += expr::argumentsText(arguments, aggregate.getOptions());
    if (aggregate.getFiltered())
      text += " where " + expr.text(values[next++]);
    items.push_back(text);
  }
  return items;
}

void stream::printAggregates(OpAsmPrinter &p, Operation *op, Region &body, StreamType out, ArrayRef<std::string> others,
                             bool writtenOut) {
  auto fields = op->getAttrOfType<ArrayAttr>("fields"), aggregates = op->getAttrOfType<ArrayAttr>("aggregates");
  ArrayRef<StringAttr> names = out.getNames().take_back(aggregates.size());
  auto outside = [&](Value v) { return operandText(p, v); };
  expr::ExprPrinter expr(body.front(), fieldTexts(fields), outside);
  if (expr.ok() && !writtenOut) {
    SmallVector<std::string> items(others.begin(), others.end());
    llvm::append_range(items, itemTexts(body, names, aggregates, expr));
    return printBraced(p, items, 44);
  }
  if (!others.empty())
    p << " keep (" << llvm::join(others, ", ") << ")";
  printFieldArguments(p, body.getArguments(), fields);
  p << " -> (";
  llvm::interleaveComma(llvm::zip(names, aggregates), p, [&](auto pair) {
    auto aggregate = cast<AggregateAttr>(std::get<1>(pair));
    p << nameText(std::get<0>(pair)) << " = " << aggregate.getFn() << "/" << aggregate.getNumArgs()
      << (aggregate.getFiltered() ? " where" : "");
    if (!aggregate.getOptions().empty() && !expr::isUserAggregate(aggregate.getFn()))
      p << " " << aggregate.getOptions();
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
  if (auto window = dyn_cast<WindowOp>(op); window && hasOwnGap(window.getWindow())) {
    if (values.empty() || !isa<expr::DurationType>(expr::stripNull(values.back().getType())))
      return op->emitOpError("must yield the gap of its sessions, a duration, behind what its aggregates take");
    values = values.drop_back();
  }
  for (Attribute attr : aggregates) {
    auto aggregate = dyn_cast<AggregateAttr>(attr);
    const expr::Aggregate *facts = aggregate ? expr::findAggregate(aggregate.getFn()) : nullptr;
    if (!facts)
      return op->emitOpError("has an aggregate ") << attr << ", which is none of " << listed(expr::aggregateNames());
    if (aggregate.getNumArgs() > facts->maxArgs() || aggregate.getNumArgs() < facts->minArgs())
      return op->emitOpError("`") << aggregate.getFn() << "` takes " << argumentsText(*facts) << ", but has "
                                  << aggregate.getNumArgs();
    if (expr::isPlace(aggregate.getFn()) && !isa<OverOp>(op))
      return op->emitOpError("`") << aggregate.getFn() << "` is for `over`";
    if (expr::isUserAggregate(aggregate.getFn())) {
      AggregateOp definition = definitionOf(op, aggregate.getFn());
      if (!definition)
        return op->emitOpError("has the aggregate `") << aggregate.getFn() << "`, which its pipeline does not define";
      if (isReported(definition))
        return failure();
      if (optionsOf(definition) != aggregate.getOptions())
        return op->emitOpError("has the aggregate `")
               << aggregate.getFn() << "` with other options than its definition";
    }
    if (std::string why = expr::whyNotOptions(*facts, aggregate.getOptions()); !why.empty())
      return op->emitOpError("`") << aggregate.getFn() << "` " << why;
    size_t taken = aggregate.getNumArgs() + aggregate.getFiltered();
    if (next + taken > values.size())
      return op->emitOpError("yields fewer values than its aggregates take");
    SmallVector<Type> arguments(values.slice(next, aggregate.getNumArgs()).getTypes());
    for (auto [i, argument] : llvm::enumerate(arguments))
      if (!expr::takes(*facts, i, argument))
        return op->emitOpError("`") << aggregate.getFn() << "` does not work on " << typeText(argument);
    if (aggregate.getFiltered() && !expr::isBool(expr::stripNull(values[next + taken - 1].getType())))
      return op->emitOpError("needs a condition behind `where`, but its region yields ")
             << typeText(values[next + taken - 1].getType());
    types.push_back(resultOf(aggregate, arguments, neverEmpty));
    if (!types.back())
      return op->emitOpError("`") << aggregate.getFn() << "` does not take these arguments";
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
