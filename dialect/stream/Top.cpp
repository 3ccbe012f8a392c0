//===- Top.cpp - the best records of a window ---------------------------------===//
//
//   %hot = top %counts by num desc, auction asc limit 3 [with ties] same
//
// The kinds of windows are in WindowClause.cpp, what `same` means in Same.cpp.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/MisplacedClauses.h"
#include "dialect/stream/OpSyntax.h"
#include "dialect/stream/Same.h"
#include "dialect/stream/Zones.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

//===--- what it may be ----------------------------------------------------------------------------===//

/// Why the best of `input` by such a window cannot be had, or empty.
static std::string whyNoTop(Value input, WindowAttr window) {
  if (std::string why = whyOnlyInserts("top", input); !why.empty())
    return why;
  auto in = cast<StreamType>(input.getType());
  for (auto [name, type] : llvm::zip(in.fieldNames(), in.getTypes()))
    if (!expr::isScalar(type) && !isa<expr::InvalidType>(expr::stripNull(type)))
      return ("`" + name + "` is " + typeText(type) + ", and `top` keeps scalars only: leave it out by a map before")
          .str();
  switch (window.getKind()) {
  case WindowKind::Same:
    return whyNotSame("top", input);
  case WindowKind::Session:
  case WindowKind::Count:
    return ("`top` goes by windows that all keys share, and each key has its own `" +
            stringifyWindowKind(window.getKind()) + "` windows: write `tumbling 1 h`, or `same` behind a window")
        .str();
  case WindowKind::Global:
    return "";
  default:
    break;
  }
  if (window.isInProcessingTime())
    return "`top` goes by event time; over what a window in processing time gives, write `same`";
  if (std::string why = whyNoZone(window.getZone()); !why.empty())
    return why;
  return in.getTimed() ? "" : whyNotTimed("`top` by a window in event time needs a stream with event time", input);
}

static StreamType resultOf(StreamType in, WindowAttr window) {
  bool timed = window.isInTime() || in.getTimed();
  return StreamType::get(in.getContext(), in.getNames(), in.getTypes(), {}, Changes::Insert, {}, timed);
}

//===--- reading -----------------------------------------------------------------------------------===//

static ParseResult parseDirection(OpAsmParser &p, SmallVectorImpl<bool> &descending) {
  static const StringRef words[] = {"desc", "asc"};
  SMLoc loc = missingAt(p);
  StringRef word = loc == p.getCurrentLocation() ? nextWord(p) : StringRef();
  if (word != "desc" && word != "asc") {
    auto diag = errorAt(p, loc) << "expected `desc` (the greatest first) or `asc` behind what `top` goes by";
    for (StringRef meant : words) // `descending`
      if (word.starts_with_insensitive(meant))
        return diag << "; did you mean `" << meant << "`?";
    return suggest(diag, word, words);
  }
  descending.push_back(word == "desc");
  return failure(guardToken(p) || p.parseKeyword(word));
}

/// `num desc, auction asc`.
static ParseResult parseOrder(OpAsmParser &p, OperationState &result, StreamType in, Region &body, ArrayAttr &fields,
                              SmallVectorImpl<bool> &descending) {
  body.emplaceBlock();
  expr::ExprBuilder build(p, body.front(), scopeOf(in));
  expr::ExprParser parser(p, build);
  SmallVector<Value> values;
  SMLoc loc = p.getCurrentLocation();
  do {
    SMLoc at = p.getCurrentLocation();
    expr::Expr e;
    if (parser.parse(e))
      return failure();
    values.push_back(build.value(e));
    Type type = expr::stripNull(values.back().getType());
    if (isa<expr::InvalidType>(type)) {
      markInvalid(p, result);
    } else if (!expr::isScalar(type)) {
      errorAt(p, at) << "expected a scalar to go by, but this is " << typeText(type);
      markInvalid(p, result);
    }
    if (parseDirection(p, descending))
      return failure();
  } while (succeeded(p.parseOptionalComma()));
  buildYield(p, build, loc, values);
  fields = build.fieldsRead();
  return success();
}

/// Not an expression in parentheses, as `(%param || name)`.
static bool isWrittenOut(AsmParser &p) {
  if (peek(p) != '(')
    return false;
  const char *at = skipBlanks(textAt(p) + 1);
  if (*at != '%')
    return *at == ')';
  do
    ++at;
  while (llvm::isAlnum(*at) || StringRef("_$.-").contains(*at));
  return *skipBlanks(at) == '=';
}

/// `(%n = num) -> (desc) { … yield … }`.
static ParseResult parseWrittenOrder(OpAsmParser &p, StreamType in, Region &body, ArrayAttr &fields,
                                     SmallVectorImpl<bool> &descending) {
  SmallVector<OpAsmParser::Argument> arguments;
  auto parseOne = [&] { return parseDirection(p, descending); };
  return failure(parseFieldArguments(p, in, arguments, fields) || p.parseArrow() ||
                 p.parseCommaSeparatedList(AsmParser::Delimiter::Paren, parseOne) || p.parseRegion(body, arguments));
}

/// `limit N [with ties]`.
static ParseResult parseLimit(OpAsmParser &p, OperationState &result) {
  if (missingAt(p) != p.getCurrentLocation() || failed(p.parseOptionalKeyword("limit"))) {
    bool isWindow = missingAt(p) == p.getCurrentLocation() && symbolizeWindowKind(nextWord(p));
    return errorAt(p, missingAt(p)) << "expected `limit N`, as in `limit 10`"
                                    << (isWindow ? ", before the window" : "");
  }
  SMLoc loc = p.getCurrentLocation();
  int64_t limit = 0;
  if (!llvm::isDigit(peek(p)))
    return errorAt(p, loc) << "expected a number of records behind `limit`, as in `limit 10`";
  if (guardToken(p) || p.parseInteger(limit))
    return failure();
  if (limit < 1) {
    errorAt(p, loc) << "expected a limit of at least one record, but found " << limit;
    markInvalid(p, result);
  }
  result.addAttribute("limit", p.getBuilder().getI64IntegerAttr(limit));
  if (nextWord(p) != "with")
    return success();
  if (p.parseKeyword("with"))
    return failure();
  if (failed(p.parseOptionalKeyword("ties")))
    return errorAt(p, missingAt(p)) << "expected `with ties`: all records that are equal to the last one come, too";
  result.addAttribute("ties", p.getBuilder().getUnitAttr());
  return success();
}

ParseResult TopOp::parse(OpAsmParser &p, OperationState &result) {
  StreamType in;
  WindowAttr window;
  ArrayAttr fields;
  SmallVector<bool> descending;
  Region *body = result.addRegion();
  if (parseInput(p, result, in))
    return failure();
  SMLoc loc = missingAt(p);
  if (loc != p.getCurrentLocation() || nextWord(p) != "by")
    return errorAt(p, loc) << "expected `by EXPRESSION desc`, as in `by num desc limit 3`";
  if (guardToken(p) || p.parseKeyword("by"))
    return failure();
  if ((isWrittenOut(p) ? parseWrittenOrder(p, in, *body, fields, descending)
                       : parseOrder(p, result, in, *body, fields, descending)) ||
      parseLimit(p, result))
    return failure();
  loc = missingAt(p);
  if (nextWord(p) == "per")
    return errorAt(p, p.getCurrentLocation())
           << "`top` has a limit for each key: write `key_by` before it, instead of `per`";
  if (parseWindow(p, window) || refuseClauses(p, "top"))
    return failure();
  if (std::string why = whyNoTop(result.operands.back(), window); !why.empty()) {
    errorAt(p, loc) << why;
    markInvalid(p, result);
  }
  result.addAttribute("window", window);
  result.addAttribute("fields", fields);
  result.addAttribute("descending", p.getBuilder().getDenseBoolArrayAttr(descending));
  result.addTypes(resultOf(in, window));
  return finishStatement(p, result);
}

//===--- writing -----------------------------------------------------------------------------------===//

static StringRef directionText(bool descending) { return descending ? "desc" : "asc"; }

void TopOp::print(OpAsmPrinter &p) {
  p << " " << getInput() << " by ";
  auto outside = [&](Value v) { return operandText(p, v); };
  expr::ExprPrinter expr(getBody().front(), fieldTexts(getFields()), outside);
  if (expr.ok() && expr.lets().empty()) {
    OperandRange values = getBody().front().getTerminator()->getOperands();
    llvm::interleaveComma(llvm::zip(values, getDescending()), p, [&](auto pair) {
      p << expr.text(std::get<0>(pair)) << " " << directionText(std::get<1>(pair));
    });
  } else {
    printFieldArguments(p, getBody().getArguments(), getFields());
    p << " -> (";
    llvm::interleaveComma(getDescending(), p, [&](bool descending) { p << directionText(descending); });
    p << ") ";
    p.printRegion(getBody(), /*printEntryBlockArgs=*/false);
  }
  p << " limit " << getLimit() << (getTies() ? " with ties " : " ") << windowText(getWindow());
  printRest(p, *this, {"window", "fields", "descending", "limit", "ties"});
}

//===--- constraints -------------------------------------------------------------------------------===//

LogicalResult TopOp::verify() {
  if (isReported(*this))
    return failure();
  if (std::string why = whyNoTop(getInput(), getWindow()); !why.empty())
    return emitOpError() << why;
  if (int64_t(getLimit()) < 1)
    return emitOpError("needs a limit of at least one record");
  auto yield = verifyRegion(*this, getBody());
  if (failed(yield) || failed(verifyReads(*this, getBody(), getInput().getType(), getFields())))
    return failure();
  if (yield->getValues().empty() || yield->getValues().size() != getDescending().size())
    return emitOpError("goes by ") << yield->getValues().size() << " values, but has " << getDescending().size()
                                   << " directions";
  constexpr size_t mostFields = 64; // of a key of state, with the arrival
  if (size_t fields = getInput().getType().getKeys().size() + yield->getValues().size() + 1; fields > mostFields)
    return emitOpError("goes by ") << yield->getValues().size() << " values of each key, which are " << fields
                                   << " with the key's fields and the arrival, more than " << mostFields;
  for (Value value : yield->getValues())
    if (!expr::isScalar(value.getType()))
      return emitOpError("goes by ") << typeText(value.getType()) << ", which is no scalar";
  if (StreamType out = resultOf(getInput().getType(), getWindow()); getOutput().getType() != out)
    return emitOpError("gives a stream ") << out << ", but its result is " << getOutput().getType();
  return verifyLabels(*this);
}
