//===- Window.cpp - aggregates over windows -----------------------------------===//
//
//   %hourly = window %by_net tumbling 1 h [offset D] [in processing_time] {
//     n = count(), worst = max(mag), slow = count() where ms > 2000
//   }
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/OpSyntax.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

static const StringRef aggregateNames[] = {"count", "sum", "min", "max", "avg", "first", "last"};

//===--- types -----------------------------------------------------------------------------------===//

/// The result of an aggregate over `argument` (null: none): null where no value may have come.
static Type resultOf(StringRef fn, Type argument, bool filtered, bool neverEmpty, MLIRContext *ctx) {
  if (!argument || fn == "count")
    return IntegerType::get(ctx, 64);
  Type type = expr::aggregateType(fn, expr::stripNull(argument));
  return type ? expr::withNull(type, expr::isNullable(argument) || filtered || !neverEmpty) : Type();
}

/// Does each result have at least one record? A global window without a key fires over empty input too (rule 18).
static bool isNeverEmpty(StreamType in, WindowAttr window) {
  return in.isKeyed() || window.getKind() == WindowKind::Tumbling;
}

/// The fields before the aggregates: the keys, the window, how it fired.
static void addWindowFields(StreamType in, WindowAttr window, SmallVectorImpl<std::string> &names,
                            SmallVectorImpl<Type> &types) {
  MLIRContext *ctx = in.getContext();
  for (StringAttr key : in.getKeys()) {
    names.push_back(key.str());
    types.push_back(in.lookup(key));
  }
  if (window.getKind() == WindowKind::Global)
    return;
  for (StringRef name : {"window_start", "window_end"}) {
    names.push_back(name.str());
    types.push_back(expr::TimestampType::get(ctx));
  }
  if (window.getDomain() == TimeDomain::Processing) {
    names.push_back("timing");
    types.push_back(expr::StringType::get(ctx));
  }
}

/// A global window over a stream without event time has none to give; every other result has one.
static bool isResultTimed(StreamType in, WindowAttr window) {
  return window.getKind() != WindowKind::Global || in.getTimed();
}

/// Why a window cannot stand over `in`, or empty.
static std::string whyNoWindow(StreamType in, WindowAttr window) {
  if (in.getChanges() != Changes::Insert)
    return "a window needs a stream that only inserts; this one replaces results it gave before, so aggregate before "
           "the op that does so";
  if (window.getKind() == WindowKind::Tumbling && window.getDomain() == TimeDomain::Event && !in.getTimed())
    return "a window in event time needs a stream with event time; write `watermark time bounded 10 s` at its source, "
           "or `in processing_time` here";
  return "";
}

//===--- aggregates --------------------------------------------------------------------------------===//

namespace {
struct Aggregates {
  SmallVector<std::string> names;
  SmallVector<Type> types;
  SmallVector<Attribute> attrs;
  SmallVector<Value> yields;
  bool bad = false;
};
} // namespace

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

//===--- the op ------------------------------------------------------------------------------------===//

ParseResult WindowOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  WindowAttr window;
  ArrayAttr fields;
  Aggregates all;
  Region *body = result.addRegion();
  if (parseInput(p, result, in))
    return failure();
  SMLoc loc = p.getCurrentLocation();
  if (parseWindow(p, window))
    return failure();
  if (std::string why = whyNoWindow(in, window); !why.empty()) {
    errorAt(p, loc) << why;
    all.bad = true;
  }
  bool neverEmpty = isNeverEmpty(in, window);
  loc = p.getCurrentLocation();
  if (peek(p) == '(') {
    SmallVector<OpAsmParser::Argument> arguments;
    if (parseFieldArguments(p, in, arguments, fields) || p.parseArrow() ||
        p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] { return parseWrittenAggregate(p, all); }) ||
        p.parseRegion(*body, arguments))
      return failure();
    all.types = aggregateTypes(all.attrs, yieldedTypes(*body), neverEmpty, p.getContext());
    if (all.types.size() != all.names.size())
      return errorAt(p, loc) << "the region yields another number of values than the aggregates take";
  } else {
    if (peek(p) != '{')
      return errorAt(p, missingAt(p)) << "expected the aggregates: `{ name = count(), ... }`";
    body->emplaceBlock();
    expr::ExprBuilder build(p, body->front(), scopeOf(in));
    if (p.parseCommaSeparatedList(AsmParser::Delimiter::Braces,
                                  [&] { return parseAggregate(p, build, neverEmpty, all); }))
      return failure();
    buildYield(p, build, loc, all.yields);
    fields = build.fieldsRead();
  }
  if (all.bad)
    markInvalid(p, result);
  SmallVector<std::string> names;
  SmallVector<Type> types;
  addWindowFields(in, window, names, types);
  llvm::append_range(names, all.names);
  llvm::append_range(types, all.types);
  StreamType out = makeStream(p, loc, names, types, isResultTimed(in, window));
  if (!out)
    return failure();
  result.addAttribute("window", window);
  result.addAttribute("fields", fields);
  result.addAttribute("aggregates", p.getBuilder().getArrayAttr(all.attrs));
  result.addTypes(out);
  keepNames(p, result);
  return p.parseOptionalAttrDict(result.attributes);
}

/// The names of the aggregates: the last fields of the result.
static ArrayRef<StringAttr> aggregateFields(WindowOp op) {
  return op.getOutput().getType().getNames().take_back(op.getAggregates().size());
}

static SmallVector<std::string> windowItems(WindowOp op, expr::ExprPrinter &expr) {
  SmallVector<std::string> items = expr.lets();
  OperandRange values = op.getBody().front().getTerminator()->getOperands();
  unsigned next = 0;
  for (auto [name, attr] : llvm::zip(aggregateFields(op), op.getAggregates())) {
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

void WindowOp::print(OpAsmPrinter &p) {
  p << " " << getInput() << " " << windowText(getWindow());
  Block &block = getBody().front();
  auto outside = [&](Value v) { return operandText(p, v); };
  expr::ExprPrinter expr(block, fieldTexts(getFields()), outside);
  if (expr.ok()) {
    printBraced(p, windowItems(*this, expr), 44);
  } else {
    printFieldArguments(p, block.getArguments(), getFields());
    p << " -> (";
    llvm::interleaveComma(llvm::zip(aggregateFields(*this), getAggregates()), p, [&](auto pair) {
      auto aggregate = cast<AggregateAttr>(std::get<1>(pair));
      p << nameText(std::get<0>(pair)) << " = " << aggregate.getFn() << "/" << aggregate.getNumArgs()
        << (aggregate.getFiltered() ? " where" : "");
    });
    p << ") ";
    p.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  }
  printRest(p, *this, {"window", "fields", "aggregates"});
}

//===--- constraints -------------------------------------------------------------------------------===//

static LogicalResult verifyAggregates(WindowOp op, expr::YieldOp yield, SmallVectorImpl<Type> &types) {
  if (op.getAggregates().empty())
    return op.emitOpError("needs at least one aggregate");
  size_t next = 0;
  OperandRange values = yield.getValues();
  for (Attribute attr : op.getAggregates()) {
    auto aggregate = dyn_cast<AggregateAttr>(attr);
    if (!aggregate || !llvm::is_contained(aggregateNames, aggregate.getFn()))
      return op.emitOpError("has an aggregate ") << attr << ", which is none of " << listed(aggregateNames);
    bool count = aggregate.getFn() == "count";
    if (aggregate.getNumArgs() > 1 || (!count && aggregate.getNumArgs() != 1))
      return op.emitOpError("`") << aggregate.getFn() << "` takes one argument, but has " << aggregate.getNumArgs();
    size_t taken = aggregate.getNumArgs() + aggregate.getFiltered();
    if (next + taken > values.size())
      return op.emitOpError("yields fewer values than its aggregates take");
    Type argument = aggregate.getNumArgs() ? values[next].getType() : Type();
    if (argument && (!expr::isScalar(argument) || !expr::aggregateType(aggregate.getFn(), expr::stripNull(argument))))
      return op.emitOpError("`") << aggregate.getFn() << "` does not work on " << typeText(argument);
    if (aggregate.getFiltered() && !expr::isBool(expr::stripNull(values[next + taken - 1].getType())))
      return op.emitOpError("needs a condition behind `where`, but its region yields ")
             << typeText(values[next + taken - 1].getType());
    types.push_back(resultOf(aggregate.getFn(), argument, aggregate.getFiltered(),
                             isNeverEmpty(op.getInput().getType(), op.getWindow()), op.getContext()));
    next += taken;
  }
  if (next != values.size())
    return op.emitOpError("yields more values than its aggregates take");
  return success();
}

LogicalResult WindowOp::verify() {
  if (isReported(*this))
    return failure();
  StreamType in = getInput().getType(), out = getOutput().getType();
  if (std::string why = whyNoWindow(in, getWindow()); !why.empty())
    return emitOpError() << why;
  auto yield = verifyRegion(*this, getBody());
  if (failed(yield) || failed(verifyReads(*this, getBody(), in, getFields())))
    return failure();
  SmallVector<std::string> names;
  SmallVector<Type> types;
  addWindowFields(in, getWindow(), names, types);
  size_t before = names.size();
  if (failed(verifyAggregates(*this, *yield, types)))
    return failure();
  bool fits = out.getTypes() == ArrayRef<Type>(types) && out.getTimed() == isResultTimed(in, getWindow()) &&
              !out.isKeyed() && out.getChanges() == Changes::Insert;
  for (size_t i = 0; fits && i < before; ++i)
    fits = out.getNames()[i] == names[i];
  if (!fits) {
    std::string text;
    for (auto [i, type] : llvm::enumerate(types))
      text += (i ? ", " : "") + (i < before ? names[i] + ": " : "") + typeText(type);
    return emitOpError("gives a stream of ")
           << text << (isResultTimed(in, getWindow()) ? " timed" : "") << ", but its result is " << out;
  }
  return verifyLabels(*this);
}
