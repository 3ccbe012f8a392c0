//===- ExprWords.cpp - words, calls, choices, records -------------------------===//
#include "dialect/expr/ExprParser.h"
#include "dialect/expr/Time.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

ParseResult ExprParser::parseWord(Expr &e) {
  SMLoc loc = p.getCurrentLocation();
  StringRef word;
  if (parseWordOrCompletion(p, word))
    return errorAt(p, loc) << "expected an expression";
  if (word.empty()) {
    offerCompletion(p, build.names());
    return failure();
  }
  if (word == "true" || word == "false") {
    e = build.literal(loc, p.getBuilder().getBoolAttr(word == "true"));
    return success();
  }
  if (word == "null") {
    e = build.null(loc);
    return success();
  }
  if (word == "case")
    return parseCase(e, loc);
  if ((word == "timestamp" || word == "date") && peek(p) == '"')
    return parseTime(e, word, loc);
  if (peek(p) == '(')
    return parseCall(e, word, loc);
  if (isReserved(word))
    return errorAt(p, loc) << "expected an expression before `" << word << "`";
  e = build.name(word, loc);
  return success();
}

ParseResult ExprParser::parseTime(Expr &e, StringRef kind, SMLoc loc) {
  std::string text;
  if (parseText(p, text))
    return failure();
  if (kind == "date") {
    auto days = parseDate(text);
    if (!days)
      return errorAt(p, loc) << "expected a date, as in date \"2018-02-03\"";
    e = build.literal(loc, DateAttr::get(p.getContext(), *days));
    return success();
  }
  auto micros = parseTimestamp(text);
  if (!micros)
    return errorAt(p, loc) << "expected an RFC 3339 time with its zone, as in timestamp \"2018-02-03T04:05:06Z\"";
  e = build.literal(loc, TimestampAttr::get(p.getContext(), *micros));
  return success();
}

ParseResult ExprParser::parseCall(Expr &e, StringRef word, SMLoc loc) {
  if (guardToken(p) || p.parseLParen())
    return failure();
  if (word == "field") { // a field whose name is no word
    std::string name;
    SMLoc inner = p.getCurrentLocation();
    if (parseText(p, name) || close(')'))
      return failure();
    e = build.name(name, inner);
    return success();
  }
  if (word == "cast") {
    Type to;
    SMLoc inner;
    if (parse(e) || p.getCurrentLocation(&inner))
      return failure();
    if (failed(p.parseOptionalKeyword("as")))
      return errorAt(p, inner) << "expected `as` and a type, as in `cast(x as i64)`";
    if (parseBareType(p, to) || close(')'))
      return failure();
    e = build.cast(e, to, loc);
    return success();
  }
  SmallVector<Expr> args;
  if (parseArguments(args, ')'))
    return failure();
  e = build.call(word, args, loc);
  return success();
}

/// `when C then A [when D then B]… [else E] end`, behind `case`.
ParseResult ExprParser::parseCase(Expr &e, SMLoc loc) {
  SmallVector<Expr> conditions, values;
  auto expect = [&](StringRef word) -> ParseResult {
    SMLoc at = p.getCurrentLocation();
    if (nextWord(p) != word)
      return errorAt(p, at) << "expected `" << word << "`, as in `case when a > 0 then \"yes\" else \"no\" end`";
    return failure(guardToken(p) || p.parseKeyword(word));
  };
  do {
    if (expect("when") || parse(conditions.emplace_back()) || expect("then") || parse(values.emplace_back()))
      return failure();
  } while (nextWord(p) == "when");
  SMLoc last = p.getCurrentLocation();
  if (nextWord(p) != "else")
    values.push_back(build.null(last));
  else if (expect("else") || parse(values.emplace_back()))
    return failure();
  if (expect("end"))
    return failure();
  e = build.choose(conditions, values, loc);
  return success();
}

//===--- records ------------------------------------------------------------------------===//

ParseResult ExprParser::parseLets() {
  while (nextWord(p) == "let" && *skipBlanks(textAt(p) + 3) != '=') {
    std::string name;
    Expr e;
    SMLoc loc;
    if (p.parseKeyword("let") || p.getCurrentLocation(&loc) || parseName(p, name) || guardAfter(p, textAt(p) + 1) ||
        p.parseEqual() || parse(e) || p.parseComma())
      return failure();
    if (llvm::is_contained(build.names(), name))
      return errorAt(p, loc) << "`" << name << "` is the name of a field or of another `let` already";
    Value v = build.value(e);
    if (Operation *op = v.getDefiningOp())
      op->setLoc(NameLoc::get(p.getBuilder().getStringAttr(name), op->getLoc()));
    build.define(name, v);
  }
  return success();
}

/// One of `*`, `name`, `name = expression`.
ParseResult ExprParser::parseItem(SmallVectorImpl<std::string> &names, SmallVectorImpl<Expr> &values,
                                  unsigned &fromStar) {
  SMLoc loc = p.getCurrentLocation();
  if (succeeded(p.parseOptionalStar())) {
    if (!names.empty())
      return errorAt(p, loc) << "`*` comes first; fields behind it replace or add";
    for (StringRef field : build.fieldsInScope().names) {
      names.push_back(field.str());
      values.push_back(build.name(field, loc));
    }
    fromStar = names.size();
    return success();
  }
  const char *s = textAt(p);
  StringRef word = wordAt(s);
  if (word.empty() && *s != '"') {
    Expr e;
    if (*s == '}')
      return errorAt(p, loc) << "expected a field: `name` or `name = expression`";
    if (parse(e)) // for its completion and its message
      return failure();
    return errorAt(p, loc) << "expected a field: `name` or `name = expression`";
  }
  char next = *skipBlanks(s + word.size());
  if (StringRef second = word.empty() ? StringRef() : wordAt(skipBlanks(s + word.size())); second == "as") {
    StringRef third = wordAt(skipBlanks(second.end()));
    return errorAt(p, loc) << "a new name stands in front: write `" << (third.empty() ? "name" : third) << " = " << word
                           << "`";
  } else if (!second.empty() && !isReserved(second)) {
    return errorAt(p, SMLoc::getFromPointer(second.data())) << "a comma is missing before `" << second << "`";
  }
  if (!word.empty() && !StringRef("=,}").contains(next))
    return errorAt(p, loc) << "a computed field needs a name: write `name = " << word << "...`";
  std::string name;
  Expr e;
  if (parseName(p, name) || (peek(p) == '=' && guardAfter(p, textAt(p) + 1)))
    return failure();
  if (failed(p.parseOptionalEqual()))
    e = build.name(name, loc);
  else if (parse(e))
    return failure();
  const auto *it = llvm::find(names, name);
  if (it == names.end()) {
    names.push_back(name);
    values.push_back(e);
  } else if (unsigned(it - names.begin()) < fromStar) {
    values[it - names.begin()] = e;
  } else {
    return errorAt(p, loc) << "field `" << name << "` is defined twice";
  }
  return success();
}

ParseResult ExprParser::parseRecord(SmallVectorImpl<std::string> &names, SmallVectorImpl<Expr> &values) {
  unsigned fromStar = 0;
  if (p.parseLBrace())
    return failure();
  do {
    if (parseLets() || parseItem(names, values, fromStar))
      return failure();
  } while (succeeded(p.parseOptionalComma()));
  SMLoc loc = p.getCurrentLocation();
  if (!isReserved(nextWord(p)) && guardComma(p))
    return failure();
  if (peek(p) != '}')
    return errorAt(p, loc) << "expected `,` or `}` behind the field `" << names.back() << "`";
  return p.parseRBrace();
}
