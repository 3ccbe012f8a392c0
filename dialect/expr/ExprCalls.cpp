//===- ExprCalls.cpp - calls, choices and lists -------------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/ExprBuilder.h"
#include "dialect/expr/Functions.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Typing.h"
#include "llvm/ADT/StringSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

Type ExprBuilder::common(ArrayRef<Expr> exprs, llvm::Twine what) {
  Type type;
  auto meet = [&](const Expr &e) {
    Type t = stripNull(e.type), met = type ? commonType(type, t) : t;
    if (!met)
      errorAt(p, e.loc) << what << " need one type, but this is " << typeText(e.type) << " and what is before it "
                        << typeText(type);
    type = met;
    return bool(met);
  };
  for (const Expr &e : exprs)
    if (!e.isLiteral() && !meet(e))
      return {};
  for (const Expr &e : exprs)
    if (e.isLiteral() && !e.isNull() && (!type || !adapt(e, type)) && !meet(e))
      return {};
  if (!type)
    errorAt(p, exprs.front().loc) << what << " need a type, but all are null; write `cast(null as i64)`";
  return type;
}

static bool anyInvalid(ArrayRef<Expr> exprs) {
  return llvm::any_of(exprs, [](const Expr &e) { return e.isInvalid(); });
}

Expr ExprBuilder::choose(ArrayRef<Expr> conditions, ArrayRef<Expr> values, SMLoc at) {
  SmallVector<Value> tests, branches;
  for (const Expr &c : conditions)
    tests.push_back(condition(c));
  if (anyInvalid(values) || llvm::any_of(tests, [](Value v) { return isa<InvalidType>(v.getType()); }))
    return invalid(at);
  Type type = common(values, "the branches of `case`");
  if (!type)
    return invalid(at);
  for (const Expr &v : values)
    branches.push_back(value(v, type));
  Value result = branches.back();
  for (size_t i = tests.size(); i-- > 0;) {
    bool nullable = isNullable(result.getType()) || isNullable(branches[i].getType());
    result = SelectOp::create(b, where(at), withNull(type, nullable), tests[i], branches[i], result);
  }
  return {at, result.getType(), result};
}

Expr ExprBuilder::list(ArrayRef<Expr> elements, SMLoc at) {
  if (anyInvalid(elements))
    return invalid(at);
  if (elements.empty()) {
    errorAt(p, at) << "an empty list has no type";
    return invalid(at);
  }
  Type type = common(elements, "the elements of a list");
  if (!type)
    return invalid(at);
  if (!isScalar(type)) {
    errorAt(p, at) << "a list of lists is not supported";
    return invalid(at);
  }
  SmallVector<Value> values;
  bool nullable = false;
  for (const Expr &e : elements) {
    values.push_back(value(e, type));
    nullable |= isNullable(values.back().getType());
  }
  Type result = ListType::get(b.getContext(), withNull(type, nullable));
  return {at, result, ListOp::create(b, where(at), result, values)};
}

Expr ExprBuilder::coalesce(ArrayRef<Expr> args, SMLoc at) {
  if (args.size() < 2) {
    errorAt(p, at) << "`coalesce` takes at least two values, but got " << args.size();
    return invalid(at);
  }
  Type type = common(args, "the values of `coalesce`");
  if (!type)
    return invalid(at);
  SmallVector<Value> values;
  bool nullable = true; // the first that cannot be null ends it
  for (const Expr &e : args) {
    values.push_back(value(e, type));
    nullable &= isNullable(values.back().getType());
  }
  Type result = withNull(type, nullable);
  return {at, result, CoalesceOp::create(b, where(at), result, values)};
}

bool ExprBuilder::checkUnit(StringRef function, const Expr &unit) {
  auto word = dyn_cast_or_null<StringAttr>(unit.literal);
  ArrayRef<StringRef> units = unitsOf(function);
  if (word && llvm::is_contained(units, word.getValue()))
    return true;
  auto diag = errorAt(p, unit.loc) << "`" << function << "` needs one of the units " << listed(units);
  if (word)
    suggest(diag, word, units);
  return false;
}

Expr ExprBuilder::builtin(StringRef name, ArrayRef<Expr> args, SMLoc at) {
  const Function *f = findFunction(name);
  unsigned least = f->minArgs(), most = f->maxArgs();
  if (args.size() < least || args.size() > most) {
    auto diag = errorAt(p, at) << "`" << name << "` takes " << least;
    if (most != least)
      diag << " or " << most;
    diag << (most == 1 ? " argument" : " arguments") << ", but got " << args.size() << "; for example " << f->example;
    return invalid(at);
  }
  SmallVector<Value> values;
  SmallVector<Type> types;
  for (auto [i, arg] : llvm::enumerate(args)) {
    char letter = f->parameter(i);
    Type want = arg.isNull() ? Type() : parameterType(letter, stripNull(arg.type));
    if (!want && arg.isLiteral() && letter == 't' && adapt(arg, TimestampType::get(b.getContext())))
      want = TimestampType::get(b.getContext());
    if (!want) {
      errorAt(p, arg.loc) << "`" << name << "` needs " << parameterText(letter) << " here, but this is "
                          << typeText(arg.type);
      return invalid(at);
    }
    if (letter == 'U' && !checkUnit(name, arg))
      return invalid(at);
    values.push_back(value(arg, want));
    types.push_back(values.back().getType());
    if (isa<InvalidType>(types.back()))
      return invalid(at);
  }
  Type type = resultType(*f, types);
  return {args[0].loc, type, CallOp::create(b, where(at), type, name, values)};
}

/// What a function of other languages is called here, or empty.
static StringRef elsewhere(StringRef name) {
  return llvm::StringSwitch<StringRef>(name.lower())
      .Cases({"len", "strlen", "char_length", "character_length"}, "the length of a text is `length(text)`")
      .Cases({"lcase", "tolower", "to_lower"}, "it is called `lower` here")
      .Cases({"ucase", "toupper", "to_upper"}, "it is called `upper` here")
      .Cases({"substr", "mid"}, "it is called `substring` here")
      .Cases({"instr", "strpos", "locate", "indexof"}, "it is called `position` here")
      .Cases({"if", "iff", "iif"}, "write `case when condition then a else b end`")
      .Cases({"nvl", "ifnull", "isnull"}, "write `coalesce(a, b)`")
      .Cases({"ceiling"}, "it is called `ceil` here")
      .Cases({"to_int", "int", "to_string", "str", "float"}, "write `cast(x as i64)`, with the type that you want")
      .Default("");
}

Expr ExprBuilder::call(StringRef name, ArrayRef<Expr> args, SMLoc at) {
  if (anyInvalid(args))
    return invalid(at);
  if (name == "coalesce")
    return coalesce(args, at);
  if (name == "try") {
    if (args.size() != 1 || args[0].isNull()) {
      errorAt(p, at) << "`try` takes one value, as in `try(a / b)`";
      return invalid(at);
    }
    Value v = value(args[0]);
    Type type = withNull(v.getType(), true);
    return {at, type, TryOp::create(b, where(at), type, v)};
  }
  if (name == "concat" && args.size() > 2)
    return builtin(name, {call(name, args.drop_back(), at), args.back()}, at);
  if (args.size() == 1 && llvm::is_contained(unitsOf("extract"), name)) // hour(t)
    return builtin("extract", {args[0], text(at, name)}, at);
  if (findFunction(name)) {
    Expr e = builtin(name, args, at);
    e.loc = at;
    return e;
  }
  if (StringRef aggregate = aggregateMeant(name); !aggregate.empty()) {
    if (isPlace(aggregate))
      errorAt(p, at) << "`" << aggregate << "` is a value of its own of `over`, and no part of another: a `map` or a "
                     << "window behind computes with it, as in `over %x last 10 rows { *, a = " << aggregate
                     << "(...) }`";
    else
      errorAt(p, at) << "`" << aggregate
                     << "` is an aggregate: it stands in a window, as in `window %x global { a = " << aggregate
                     << "(...) }`";
    return invalid(at);
  }
  auto diag = errorAt(p, at) << "no function `" << name << "`";
  if (StringRef meant = elsewhere(name); !meant.empty()) {
    diag << "; " << meant;
    return invalid(at);
  }
  SmallVector<StringRef> known = functionNames();
  llvm::append_range(known, unitsOf("extract"));
  if (nearest(name, known).empty())
    diag.attachNote(p.getEncodedSourceLoc(at)) << "the functions are " << listed(functionNames());
  suggest(diag, name, known);
  return invalid(at);
}
