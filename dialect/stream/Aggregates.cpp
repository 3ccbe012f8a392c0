//===- Aggregates.cpp - aggregates of window and running as written -----------===//
#include "dialect/stream/Aggregates.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Functions.h"
#include "dialect/expr/Syntax.h"
#include "dialect/stream/AggregateSyntax.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/UserAggregates.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- reading -----------------------------------------------------------------------------------===//

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
    Type type = fits ? aggregateResult(aggregate, yielded.slice(at, aggregate.getNumArgs()), neverEmpty) : Type();
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
    types.push_back(aggregateResult(aggregate, arguments, neverEmpty));
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
