//===- ExprParser.cpp - operators and primaries -------------------------------===//
//
// Words, calls, choices and records are in ExprWords.cpp. MLIR's lexer reads one
// token ahead, so a guard looks at the text behind a token before it is taken.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/ExprParser.h"
#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

static constexpr unsigned maxDepth = 200, maxOperators = 4000;

ParseResult ExprParser::close(char token) {
  if (peek(p) == token && guardToken(p))
    return failure();
  return token == ')' ? p.parseRParen() : p.parseRSquare();
}

//===--- operators --------------------------------------------------------------------===//

/// The infix operator that stands at `s`; null if none does. `==` is read as `=`.
static const Operator *operatorAt(const char *s) {
  if (StringRef word = wordAt(s); !word.empty())
    return word == "or" || word == "and" || word == "mod" ? findOperator(word) : nullptr;
  if (s[0] == '-' && s[1] == '>')
    return nullptr;
  if (const Operator *two = findOperator(StringRef(s, strnlen(s, 2))))
    return two;
  return *s ? findOperator(StringRef(s, 1)) : nullptr;
}

ParseResult ExprParser::parseOperator(const Operator &op) {
  StringRef word;
  const char *s = textAt(p);
  if (llvm::isAlpha(op.text[0]))
    return failure(guardToken(p) || p.parseKeyword(&word));
  bool again = op.text == "=" && s[1] == '=';
  if (guardAfter(p, s + op.text.size() + again))
    return failure();
  for (char c : again ? StringRef("==") : op.text) {
    ParseResult taken = c == '='   ? p.parseEqual()
                        : c == '<' ? p.parseLess()
                        : c == '>' ? p.parseGreater()
                        : c == '+' ? p.parsePlus()
                        : c == '-' ? p.parseMinus()
                        : c == '*' ? p.parseStar()
                        : c == '/' ? p.parseSlash()
                                   : p.parseVerticalBar();
    if (taken)
      return failure();
  }
  return success();
}

ParseResult ExprParser::parseBinary(Expr &e, int least) {
  llvm::scope_exit leave([&] { --depth; });
  if (++depth > 2 * maxDepth) // a level is an operator and an operand
    return errorAt(p, p.getCurrentLocation()) << "this expression is nested more than " << maxDepth << " deep";
  if (parseUnary(e))
    return failure();
  while (true) {
    SMLoc loc = p.getCurrentLocation();
    StringRef word = nextWord(p);
    bool isPredicate = word == "is" || word == "in" || word == "between";
    const Operator *op = isPredicate ? nullptr : operatorAt(textAt(p));
    if (word == "like" || word == "ilike" || word == "rlike" || word == "regexp")
      return errorAt(p, loc) << "no operator `" << word << "`; use the functions starts_with, ends_with or contains";
    if ((!op && !isPredicate) || (op ? op->precedence : int(ComparePrecedence)) < least)
      return success();
    if (++operators > maxOperators)
      return errorAt(p, loc) << "this expression has more than " << maxOperators << " operators";
    if (isPredicate) {
      if (parsePredicate(e, word))
        return failure();
      continue;
    }
    Expr right;
    if (parseOperator(*op) || parseBinary(right, op->precedence + 1))
      return failure();
    e = build.binary(op->text, e, right, loc);
  }
}

/// `is [not] null`, `in (a, b)`, `between a and b` behind `e`.
ParseResult ExprParser::parsePredicate(Expr &e, StringRef word) {
  SMLoc loc = p.getCurrentLocation();
  if (guardToken(p) || p.parseKeyword(word))
    return failure();
  if (word == "is") {
    bool negated = nextWord(p) == "not";
    if ((negated && p.parseKeyword("not")) || guardToken(p))
      return failure();
    SMLoc after = p.getCurrentLocation();
    if (failed(p.parseOptionalKeyword("null")))
      return errorAt(p, after) << "expected `null` after `is`";
    e = build.isNull(e, negated, loc);
    return success();
  }
  if (!e.value) { // used several times: one value
    Value v = build.value(e);
    e = {e.loc, v.getType(), v};
  }
  if (word == "in")
    return parseIn(e, loc);
  Expr low, high;
  SMLoc middle;
  if (parseBinary(low, AddPrecedence) || p.getCurrentLocation(&middle))
    return failure();
  if (nextWord(p) != "and")
    return errorAt(p, middle) << "expected `and`, as in `x between 1 and 3`";
  if (guardToken(p) || p.parseKeyword("and") || parseBinary(high, AddPrecedence))
    return failure();
  e = build.binary("and", build.binary(">=", e, low, low.loc), build.binary("<=", e, high, high.loc), loc);
  return success();
}

ParseResult ExprParser::parseIn(Expr &e, SMLoc at) {
  SmallVector<Expr> items;
  SMLoc loc = p.getCurrentLocation();
  if (peek(p) != '(')
    return errorAt(p, loc) << "expected a list in parentheses, as in `x in (1, 2)`";
  if (guardToken(p) || p.parseLParen() || parseArguments(items, ')'))
    return failure();
  if (items.empty())
    return errorAt(p, loc) << "`in` needs at least one value";
  Expr all;
  for (auto [i, item] : llvm::enumerate(items)) {
    Expr same = build.binary("=", e, item, item.loc);
    all = i == 0 ? same : build.binary("or", all, same, at);
  }
  e = all;
  return success();
}

ParseResult ExprParser::parseUnary(Expr &e) {
  SMLoc loc = p.getCurrentLocation();
  llvm::scope_exit leave([&] { --depth; });
  if (++depth > 2 * maxDepth) // a level is an operator and an operand
    return errorAt(p, loc) << "this expression is nested more than " << maxDepth << " deep";
  if (peek(p) == '-') {
    if (guardAfter(p, textAt(p) + 1) || p.parseMinus() || parseUnary(e))
      return failure();
    e = build.negate(e, loc);
    return success();
  }
  if (nextWord(p) == "not") {
    if (guardToken(p) || p.parseKeyword("not") || parseBinary(e, ComparePrecedence))
      return failure();
    e = build.logicalNot(e, loc);
    return success();
  }
  return parsePrimary(e);
}

//===--- primaries ------------------------------------------------------------------------===//

/// `1e6` and `1e-6`, which MLIR's lexer sees as an integer and a word: put together.
ParseResult ExprParser::parseExponent(Expr &e, const char *start, SMLoc loc) {
  StringRef exponent;
  APInt digits;
  if (guardToken(p) || p.parseKeyword(&exponent))
    return failure();
  const char *end = exponent.end();
  if (exponent == "e" && *end != ' ') {
    if (succeeded(p.parseOptionalMinus()) || succeeded(p.parseOptionalPlus())) {
      end = textAt(p);
      while (llvm::isDigit(*end))
        ++end;
      if (guardToken(p) || failed(*p.parseOptionalInteger(digits)))
        return failure();
    }
  }
  double number;
  if (StringRef(start, end - start).getAsDouble(number) || std::isinf(number))
    return errorAt(p, loc) << "`" << StringRef(start, end - start) << "` is no number";
  e = build.literal(loc, p.getBuilder().getF64FloatAttr(number));
  return success();
}

ParseResult ExprParser::parseNumber(Expr &e) {
  SMLoc loc = p.getCurrentLocation();
  const char *start = textAt(p), *end = start;
  while (llvm::isDigit(*end))
    ++end;
  if (*end == '.') {
    double number;
    if (p.parseFloat(number))
      return failure();
    if (std::isinf(number))
      return errorAt(p, loc) << "this number is out of range";
    e = build.literal(loc, p.getBuilder().getF64FloatAttr(number));
    return success();
  }
  bool unit = llvm::isAlpha(*end) && *end != 'e' && *end != 'x';
  if (unit || isDurationUnit(wordAt(skipBlanks(end)))) {
    int64_t micros;
    if (parseDuration(p, micros))
      return failure();
    e = build.literal(loc, DurationAttr::get(p.getContext(), micros));
    return success();
  }
  APInt integer;
  OptionalParseResult parsed = p.parseOptionalInteger(integer);
  if (!parsed.has_value() || failed(*parsed))
    return errorAt(p, loc) << "expected a number";
  if (*end == 'e')
    return parseExponent(e, start, loc);
  e = build.integer(loc, integer);
  return success();
}

ParseResult ExprParser::parseParam(Expr &e) {
  OpAsmParser::UnresolvedOperand operand;
  if (p.parseOperand(operand))
    return failure();
  Value v = resolveAny(p, operand);
  if (!v)
    return failure();
  e = build.param(operand.location, v);
  return success();
}

ParseResult ExprParser::parseArguments(SmallVectorImpl<Expr> &args, char token) {
  if (peek(p) != token) {
    while (true) {
      if (parse(args.emplace_back()))
        return failure();
      if (peek(p) != ',')
        break;
      if (guardToken(p) || p.parseComma())
        return failure();
    }
  }
  return close(token);
}

ParseResult ExprParser::parseList(Expr &e) {
  SMLoc loc = p.getCurrentLocation();
  SmallVector<Expr> elements;
  if (p.parseLSquare() || parseArguments(elements, ']'))
    return failure();
  e = build.list(elements, loc);
  return success();
}

ParseResult ExprParser::parsePrimary(Expr &e) {
  SMLoc loc = p.getCurrentLocation();
  if (guardToken(p))
    return failure();
  char c = peek(p);
  if (llvm::isDigit(c))
    return parseNumber(e);
  if (c == '%')
    return parseParam(e);
  if (c == '[')
    return parseList(e);
  if (c == '"') {
    std::string text;
    if (parseText(p, text))
      return failure();
    e = build.text(loc, text);
    return success();
  }
  if (c == '(')
    return failure(p.parseLParen() || parse(e) || close(')'));
  return parseWord(e);
}
