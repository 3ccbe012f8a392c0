//===- AggregateSyntax.cpp - one aggregate as it is written -------------------===//
#include "dialect/stream/AggregateSyntax.h"
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

Type stream::aggregateResult(AggregateAttr attr, ArrayRef<Type> arguments, bool neverEmpty) {
  const expr::Aggregate *aggregate = expr::findAggregate(attr.getFn());
  return aggregate ? expr::aggregateType(*aggregate, arguments, attr.getFiltered() || !neverEmpty, attr.getContext(),
                                         attr.getOptions())
                   : Type();
}

std::string stream::argumentsText(const expr::Aggregate &aggregate) {
  if (aggregate.maxArgs() > 2)
    return "at most " + std::to_string(aggregate.maxArgs()) + " values";
  return aggregate.maxArgs() == 0 ? "no argument" : aggregate.maxArgs() == 1 ? "one argument" : "two arguments";
}

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

ParseResult stream::parseFunction(OpAsmParser &p, StringRef &fn, DictionaryAttr &own, bool ofOver) {
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
  std::string lower = fn.lower();
  if (StringRef some = lower; some.consume_back("if") && (some.consume_back("_"), expr::findAggregate(some)))
    return diag << "; which records count stands behind an aggregate: `" << some << (some == "count" ? "()" : "(x)")
                << " where price > 3`";
  if (StringRef meant = expr::aggregateMeant(lower); !meant.empty())
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
    errorAt(p, loc) << "`" << (fn == "count_distinct" ? "count(distinct x)" : fn) << "` takes "
                    << argumentsText(aggregate) << ", but got " << args.size();
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

/// `DISTINCT x`, `distinct` with nothing behind it, and `distinct -x`, which is a difference: each with no field of
/// that name.
static ParseResult guardDistinct(OpAsmParser &p, const expr::ExprBuilder &build, StringRef fn) {
  StringRef word = nextWord(p), written = fn == "count_distinct" ? "count" : fn;
  char behind = *skipBlanks(textAt(p) + word.size());
  if (word.equals_insensitive("distinct") && !llvm::is_contained(build.names(), word)) {
    if (word != "distinct")
      return errorAt(p, p.getCurrentLocation())
             << "`" << word << "` is written in small letters: `" << written << "(distinct x)`";
    if (StringRef("),").contains(behind))
      return errorAt(p, p.getCurrentLocation())
             << "`distinct` needs what is to differ behind it, as in `" << written << "(distinct x)`";
  }
  if (word != "distinct" || behind != '-' || llvm::is_contained(build.names(), "distinct"))
    return success();
  return errorAt(p, p.getCurrentLocation())
         << "`distinct` and a minus are read as a difference, and there is no field `distinct`; of the values with "
         << "their sign turned write `" << written << "(distinct (-x))`";
}

/// A sum of floats that is too large is infinite (rule 46), so there is no overflow to answer.
static void guardOverflow(OpAsmParser &p, const AggregateOptions &options, ArrayRef<expr::Expr> args, Aggregates &all) {
  DictionaryAttr given = options.get();
  if ((!given.contains("overflow_null") && !given.contains("overflow_saturate")) || args.empty() ||
      !expr::isFloat(expr::stripNull(args.front().type)))
    return;
  errorAt(p, args.front().loc) << "`on_overflow` is of sums of integers, but this is " << typeText(args.front().type)
                               << ": a sum of floats that is too large is infinite; leave it out";
  all.bad = true;
}

ParseResult stream::parseAggregate(OpAsmParser &p, expr::ExprBuilder &build, bool neverEmpty, Aggregates &all) {
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
  if (!own && guardDistinct(p, build, fn))
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
  if (!own)
    guardOverflow(p, options, args, all);
  SmallVector<Type> arguments(ValueRange(values).getTypes());
  if (StringRef word = nextWord(p); word.equals_insensitive("filter") && *skipBlanks(textAt(p) + word.size()) == '(')
    return errorAt(p, p.getCurrentLocation())
           << "which records count stands behind `where` alone, as in `n = count() where price > 3`";
  bool filtered = nextWord(p) == "where";
  if (filtered) {
    expr::Expr condition;
    if (guardToken(p) || p.parseKeyword("where") || parser.parse(condition))
      return failure();
    values.push_back(build.condition(condition));
    all.bad |= isa<expr::InvalidType>(values.back().getType());
  }
  auto attr = AggregateAttr::get(p.getContext(), fn, args.size(), filtered, own ? own : options.get());
  Type type = all.bad ? Type() : aggregateResult(attr, arguments, neverEmpty);
  all.names.push_back(name);
  all.places.push_back(place);
  all.types.push_back(type ? type : expr::InvalidType::get(p.getContext()));
  all.attrs.push_back(attr);
  llvm::append_range(all.yields, values);
  return guardComma(p);
}
