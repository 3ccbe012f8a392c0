//===- UserAggregateSyntax.cpp - aggregates of one's own as written -----------===//
//
//   %geomean = aggregate (x: f64) -> f64
//     identity { logs = 0.0, n = 0 }
//     lift     { logs = log(x), n = 1 }
//     combine  { logs = a.logs + b.logs, n = a.n + b.n }
//     lower    exp(logs / n)
//     facts    order_free
//
// A region without infix is written out: `combine written { ^bb0(...): ... }`.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/OpSyntax.h"
#include "dialect/stream/UserAggregates.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

namespace {
/// A region in the making: what its expressions read, and what it gives.
struct Part {
  Part(OpAsmParser &p, StringRef word, Region &region, ArrayRef<std::string> names, ArrayRef<Type> types)
      : p(p), word(word), block(region.emplaceBlock()), build(p, block, scopeOf(names, types)),
        loc(p.getCurrentLocation()) {
    for (const std::string &name : names)
      build.name(name, loc);
  }

  static expr::Scope scopeOf(ArrayRef<std::string> names, ArrayRef<Type> types) {
    return {llvm::map_to_vector(names, [](const std::string &name) { return StringRef(name); }),
            llvm::to_vector(types)};
  }

  OpAsmParser &p;
  StringRef word;
  Block &block;
  expr::ExprBuilder build;
  SMLoc loc;
  SmallVector<std::string> fields;
  SmallVector<expr::Expr> exprs;
};

/// Reads an aggregate.
class Reader {
public:
  Reader(OpAsmParser &p, OperationState &result) : p(p), result(result) {}

  ParseResult parse();

private:
  ParseResult parseParameters();
  ParseResult parseStart();
  ParseResult parseCombining(StringRef word, Region &region);
  ParseResult parseLower(Region &region);
  ParseResult parseFacts();
  ParseResult expectWord(StringRef word, StringRef what);
  bool isWrittenOut();
  ParseResult parseFields(Part &part);
  bool order(Part &part);
  Type jointType(Part &identity, Part &lift, size_t field);
  void finish(Part &part);
  Value fitted(Part &part, const expr::Expr &e, Type want, const Twine &what);

  OpAsmParser &p;
  OperationState &result;
  SmallVector<std::string> parameters, state, both;
  SmallVector<Type> takes, stateTypes, bothTypes;
  Type gives;
  bool bad = false;
};
} // namespace

ParseResult Reader::expectWord(StringRef word, StringRef what) {
  if (nextWord(p) == word)
    return failure(guardToken(p) || p.parseKeyword(word));
  static const StringRef words[] = {"identity", "lift", "combine", "inverse", "lower", "facts"};
  StringRef given = nextWord(p);
  auto diag = errorAt(p, missingAt(p)) << "expected `" << word << "`, " << what;
  return given.empty() || llvm::is_contained(words, given) ? diag : suggest(diag, given, {word});
}

/// `(x: f64, w: f64) -> f64`.
ParseResult Reader::parseParameters() {
  auto one = [&]() -> ParseResult {
    std::string name;
    Type type;
    SMLoc loc = p.getCurrentLocation();
    if (parseName(p, name) || p.parseColon() || expr::parseBareType(p, type))
      return failure();
    if (llvm::is_contained(parameters, name)) {
      errorAt(p, loc) << "`" << name << "` stands here twice";
      bad = true;
    }
    if (expr::isNullable(type)) {
      errorAt(p, loc) << "a record whose argument is null is passed over (rule 28), so here it never is; write `"
                      << name << ": " << typeText(expr::stripNull(type)) << "`";
      bad = true;
      type = expr::stripNull(type);
    }
    if (!expr::isScalar(type)) {
      errorAt(p, loc) << "an aggregate takes scalars, not " << typeText(type);
      bad = true;
    }
    parameters.push_back(name);
    takes.push_back(type);
    return success();
  };
  if (peek(p) != '(')
    return errorAt(p, missingAt(p)) << "expected what it takes, as in `aggregate (x: f64) -> f64`";
  if (p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, one))
    return failure();
  if (failed(p.parseOptionalArrow()))
    return errorAt(p, missingAt(p)) << "expected what it gives, as in `aggregate (x: f64) -> f64`";
  return expr::parseBareType(p, gives);
}

/// `written {`, where a region follows as MLIR has it.
bool Reader::isWrittenOut() {
  return nextWord(p) == "written" && *skipBlanks(textAt(p) + StringRef("written").size()) == '{';
}

ParseResult Reader::parseFields(Part &part) {
  expr::ExprParser parser(p, part.build);
  if (peek(p) != '{')
    return errorAt(p, missingAt(p)) << "expected the state in braces, as in `" << part.word << " { n = "
                                    << (part.word == "identity" ? "0"
                                        : part.word == "lift"   ? "1"
                                                                : "a.n + b.n")
                                    << " }`";
  part.loc = p.getCurrentLocation();
  return parser.parseRecord(part.fields, part.exprs);
}

/// Puts the fields of a part into the order that `identity` has them in. False after a report.
bool Reader::order(Part &part) {
  SmallVector<expr::Expr> ordered(state.size());
  SmallVector<bool> seen(state.size(), false);
  SmallVector<StringRef> names(state.begin(), state.end());
  bool ok = true;
  for (auto [name, e] : llvm::zip(part.fields, part.exprs)) {
    const auto *found = llvm::find(state, name);
    if (found == state.end()) {
      auto diag = errorAt(p, e.loc) << "no `" << name << "` in the state that `identity` gives";
      suggest(diag, name, names);
      ok = false;
      continue;
    }
    ordered[found - state.begin()] = e;
    seen[found - state.begin()] = true;
  }
  for (size_t i = 0; ok && i < state.size(); ++i)
    if (!seen[i]) {
      errorAt(p, part.loc) << "`" << part.word << "` does not give `" << state[i] << "` of the state";
      ok = false;
    }
  part.exprs = ordered;
  return ok;
}

/// A literal takes the type of the other one; of two others it is the one that both can be widened to.
Type Reader::jointType(Part &identity, Part &lift, size_t field) {
  const expr::Expr &none = identity.exprs[field], &one = lift.exprs[field];
  if (none.isInvalid() || one.isInvalid())
    return expr::InvalidType::get(p.getContext());
  Type a = expr::stripNull(none.type), b = expr::stripNull(one.type), type;
  if (none.isNull())
    type = b;
  else if (one.isNull())
    type = a;
  else if (none.isLiteral() && !one.isLiteral() && identity.build.adapt(none, b))
    type = b;
  else if (one.isLiteral() && !none.isLiteral() && lift.build.adapt(one, a))
    type = a;
  else
    type = expr::commonType(a, b);
  bool nullable = none.isNull() || one.isNull() || expr::isNullable(none.type) || expr::isNullable(one.type);
  if (type && expr::isScalar(type) && !isa<expr::BytesType, expr::NullType>(type))
    return expr::withNull(type, nullable);
  auto diag = errorAt(p, one.loc) << "`" << state[field] << "` of the state ";
  if (type)
    diag << "is " << typeText(type) << ", which a state cannot have";
  else
    diag << "is " << typeText(none.type) << " in `identity`, but " << typeText(one.type) << " here";
  return expr::InvalidType::get(p.getContext());
}

Value Reader::fitted(Part &part, const expr::Expr &e, Type want, const Twine &what) {
  Type plain = expr::stripNull(want);
  bool isInvalid = e.isInvalid() || isa<expr::InvalidType>(want);
  if (isInvalid) {
    bad = true;
    return part.build.invalid(e.loc).value;
  }
  bool suits = e.isNull() || (e.isLiteral() && part.build.adapt(e, plain)) ||
               expr::commonType(expr::stripNull(e.type), plain) == plain;
  if (!suits) {
    errorAt(p, e.loc) << what << " is " << typeText(want) << ", but this is " << typeText(e.type);
    bad = true;
    return part.build.invalid(e.loc).value;
  }
  if ((e.isNull() || expr::isNullable(e.type)) && !expr::isNullable(want)) {
    auto diag = errorAt(p, e.loc) << what << " is " << typeText(want) << ", but this may be null; ";
    if (part.word == "lower")
      diag << "write `-> " << typeText(want) << "?`, or `coalesce`";
    else
      diag << "begin with `cast(null as " << typeText(want) << ")` in `identity`, or write `coalesce`";
    bad = true;
    return part.build.invalid(e.loc).value;
  }
  return part.build.value(e, plain);
}

/// Yields the state.
void Reader::finish(Part &part) {
  SmallVector<Value> values;
  for (auto [name, type, e] : llvm::zip(state, stateTypes, part.exprs))
    values.push_back(fitted(part, e, type, "`" + name + "` of the state"));
  buildYield(p, part.build, part.loc, values);
}

/// `identity { … } lift { … }`, which make the state.
ParseResult Reader::parseStart() {
  Region &none = *result.addRegion(), &one = *result.addRegion();
  if (expectWord("identity", "the state of no record, as in `identity { n = 0 }`"))
    return failure();
  if (isWrittenOut()) {
    if (p.parseKeyword("written") ||
        p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, [&] { return parseName(p, state.emplace_back()); }) ||
        p.parseRegion(none, {}))
      return failure();
    stateTypes = yieldedTypes(none);
    SmallVector<OpAsmParser::Argument> arguments;
    if (expectWord("lift", "the state of a record") || p.parseKeyword("written") || p.parseRegion(one, arguments))
      return failure();
    for (auto [i, type] : llvm::enumerate(yieldedTypes(one)))
      if (i < stateTypes.size() && expr::isNullable(type))
        stateTypes[i] = type;
    return success();
  }
  Part identity(p, "identity", none, {}, {});
  if (parseFields(identity))
    return failure();
  state = identity.fields;
  if (expectWord("lift", "the state of a record, as in `lift { n = 1 }`"))
    return failure();
  Part lift(p, "lift", one, parameters, takes);
  if (parseFields(lift))
    return failure();
  bool ok = order(lift);
  for (size_t i = 0; i < state.size(); ++i) {
    stateTypes.push_back(ok ? jointType(identity, lift, i) : expr::InvalidType::get(p.getContext()));
    bad |= isa<expr::InvalidType>(stateTypes.back());
  }
  if (!ok)
    lift.exprs = identity.exprs;
  finish(identity);
  finish(lift);
  return success();
}

ParseResult Reader::parseCombining(StringRef word, Region &region) {
  if (isWrittenOut()) {
    SmallVector<OpAsmParser::Argument> arguments;
    return failure(p.parseKeyword("written") || p.parseRegion(region, arguments));
  }
  Part part(p, word, region, both, bothTypes);
  if (parseFields(part))
    return failure();
  if (order(part)) {
    finish(part);
    return success();
  }
  bad = true;
  buildYield(p, part.build, part.loc, {});
  return success();
}

ParseResult Reader::parseLower(Region &region) {
  if (isWrittenOut()) {
    SmallVector<OpAsmParser::Argument> arguments;
    return failure(p.parseKeyword("written") || p.parseRegion(region, arguments));
  }
  Part part(p, "lower", region, state, stateTypes);
  expr::Expr e;
  expr::ExprParser parser(p, part.build);
  if (parser.parseLets() || parser.parse(e))
    return failure();
  Value value = fitted(part, e, gives, "what it gives");
  buildYield(p, part.build, part.loc, {value});
  return success();
}

ParseResult Reader::parseFacts() {
  if (nextWord(p) != "facts")
    return success();
  if (guardToken(p) || p.parseKeyword("facts"))
    return failure();
  do {
    SMLoc loc = p.getCurrentLocation();
    StringRef word = nextWord(p);
    if (!llvm::is_contained(expr::userFacts(), word)) {
      auto diag = errorAt(p, loc) << "expected a fact, one of " << listed(expr::userFacts());
      return word.empty() ? diag : suggest(diag, word, expr::userFacts());
    }
    if (guardToken(p) || p.parseKeyword(word))
      return failure();
    if (result.attributes.get(word)) {
      errorAt(p, loc) << "`" << word << "` stands here twice";
      bad = true;
    }
    result.attributes.set(word, p.getBuilder().getUnitAttr());
  } while (succeeded(p.parseOptionalComma()));
  return success();
}

ParseResult Reader::parse() {
  SMLoc loc = p.getNameLoc();
  if (parseParameters() || parseStart())
    return failure();
  for (StringRef side : {"a.", "b."})
    for (auto [name, type] : llvm::zip(state, stateTypes)) {
      both.push_back(side.str() + name);
      bothTypes.push_back(type);
    }
  if (expectWord("combine", "how two states become one, as in `combine { n = a.n + b.n }`") ||
      parseCombining("combine", *result.addRegion()))
    return failure();
  Region &inverse = *result.addRegion();
  if (nextWord(p) == "inverse")
    if (guardToken(p) || p.parseKeyword("inverse") || parseCombining("inverse", inverse))
      return failure();
  if (expectWord("lower", "the result, as in `lower total / n`") || parseLower(*result.addRegion()) || parseFacts())
    return failure();
  result.addAttribute("parameters",
                      p.getBuilder().getStrArrayAttr(SmallVector<StringRef>(parameters.begin(), parameters.end())));
  result.addAttribute("state", p.getBuilder().getStrArrayAttr(SmallVector<StringRef>(state.begin(), state.end())));
  result.addTypes(FunctionType::get(p.getContext(), takes, gives));
  if (bad)
    markInvalid(p, result);
  if (finishStatement(p, result))
    return failure();
  if (!result.attributes.get("labels")) {
    errorAt(p, loc) << "an aggregate needs a name, by which it is used: `%mine = aggregate ...`";
    markInvalid(p, result);
  }
  return success();
}

ParseResult AggregateOp::parse(OpAsmParser &p, OperationState &result) { return Reader(p, result).parse(); }

//===--- writing -----------------------------------------------------------------------------------===//

/// A region's fields as they are written; it is written out where that does not go.
static void printPart(OpAsmPrinter &p, AggregateOp op, StringRef word, Region &region, bool writtenOut) {
  p.printNewline();
  p << word;
  auto outside = [&](Value v) { return operandText(p, v); };
  SmallVector<std::string> names;
  for (BlockArgument argument : region.getArguments())
    names.push_back(expr::fieldText(aggregateArgumentName(op, argument)));
  expr::ExprPrinter expr(region.front(), names, outside);
  if (writtenOut) {
    p << " written ";
    if (word == "identity") {
      p << "(";
      llvm::interleaveComma(op.getState(), p, [&](Attribute name) { p << nameText(cast<StringAttr>(name)); });
      p << ") ";
    }
    return p.printRegion(region, /*printEntryBlockArgs=*/true);
  }
  SmallVector<std::string> items = expr.lets();
  OperandRange values = region.front().getTerminator()->getOperands();
  if (word == "lower") {
    items.push_back(expr.text(values.front()));
    p << " " << llvm::join(items, ", ");
    return;
  }
  for (auto [name, value] : llvm::zip(op.getState(), values))
    items.push_back(nameText(cast<StringAttr>(name)) + " = " + expr.text(value));
  printBraced(p, items, 12);
}

/// Can all of it be written in infix?
static bool isInfix(OpAsmPrinter &p, AggregateOp op) {
  auto outside = [&](Value v) { return operandText(p, v); };
  return llvm::all_of(op->getRegions(), [&](Region &region) {
    if (region.empty())
      return true;
    SmallVector<std::string> names(region.getNumArguments(), "x");
    return expr::ExprPrinter(region.front(), names, outside).ok();
  });
}

void AggregateOp::print(OpAsmPrinter &p) {
  p << " (";
  llvm::interleaveComma(llvm::zip(getParameters(), getSignature().getInputs()), p, [&](auto pair) {
    p << nameText(cast<StringAttr>(std::get<0>(pair))) << ": " << typeText(std::get<1>(pair));
  });
  p << ") -> " << typeText(getSignature().getResult(0));
  bool writtenOut = !isInfix(p, *this);
  p.increaseIndent();
  printPart(p, *this, "identity", getIdentity(), writtenOut);
  printPart(p, *this, "lift", getLift(), writtenOut);
  printPart(p, *this, "combine", getCombine(), writtenOut);
  if (!getInverse().empty())
    printPart(p, *this, "inverse", getInverse(), writtenOut);
  printPart(p, *this, "lower", getLower(), writtenOut);
  SmallVector<StringRef> facts;
  for (StringRef fact : expr::userFacts())
    if ((*this)->hasAttr(fact))
      facts.push_back(fact);
  if (!facts.empty()) {
    p.printNewline();
    p << "facts ";
    llvm::interleaveComma(facts, p);
  }
  p.decreaseIndent();
  printRest(p, *this, {"parameters", "state", "order_free", "idempotent", "exact_inverse"});
}
