//===- ExprBuilder.cpp - names, literals, operators ---------------------------===//
//
// Calls, choices and lists are in ExprCalls.cpp.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/ExprBuilder.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Time.h"
#include "dialect/expr/Typing.h"
#include "llvm/ADT/StringExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

//===--- names --------------------------------------------------------------------===//

SmallVector<StringRef> ExprBuilder::names() const {
  SmallVector<StringRef> all = scope.names;
  llvm::append_range(all, letNames);
  return all;
}

void ExprBuilder::define(StringRef name, Value value) {
  if (lets.insert_or_assign(name, value).second)
    letNames.push_back(name.str());
}

Expr ExprBuilder::invalid(SMLoc loc) {
  auto op = InvalidOp::create(b, where(loc), InvalidType::get(b.getContext()));
  op->setDiscardableAttr("expr.reported", b.getUnitAttr());
  return {loc, op.getType(), op};
}

Expr ExprBuilder::name(StringRef name, SMLoc at) {
  if (auto it = lets.find(name); it != lets.end())
    return {at, it->second.getType(), it->second};
  const auto *found = llvm::find(scope.names, name);
  if (auto [outer, inner] = name.rsplit('.'); found == scope.names.end() && knows(outer))
    return field(this->name(outer, at), inner, at);
  if (found == scope.names.end()) {
    auto diag = errorAt(p, at) << "no field `" << name << "` here";
    SmallVector<StringRef> all = names();
    suggest(diag, name, all);
    if (!all.empty())
      diag.attachNote(where(at)) << "the fields are " << listed(all);
    return invalid(at);
  }
  Value &argument = arguments[b.getStringAttr(name)];
  if (!argument) {
    fields.push_back(b.getStringAttr(name));
    argument = block.addArgument(scope.types[found - scope.names.begin()], where(at));
  }
  return {at, argument.getType(), argument};
}

bool ExprBuilder::knows(StringRef name) const { return lets.contains(name) || llvm::is_contained(scope.names, name); }

Expr ExprBuilder::field(const Expr &record, StringRef name, SMLoc at) {
  auto type = dyn_cast<RecordType>(stripNull(record.type));
  int field = type ? type.indexOf(name) : -1;
  if (field >= 0) {
    Type result = withNull(type.getTypes()[field], isNullable(record.type));
    return {at, result, FieldOp::create(b, where(at), result, value(record), b.getStringAttr(name))};
  }
  auto diag = errorAt(p, at);
  if (!type) {
    diag << "only a record has fields, but this is " << typeText(record.type);
  } else {
    diag << "no field `" << name << "` in " << typeText(type);
    suggest(diag, name, llvm::map_to_vector(type.getNames(), [](StringAttr n) { return n.getValue(); }));
  }
  return invalid(at);
}

Expr ExprBuilder::param(SMLoc loc, Value value) {
  if (isScalar(value.getType()))
    return {loc, value.getType(), value};
  errorAt(p, loc) << "expected a param, but this is "
                  << (isa<FunctionType>(value.getType()) ? "an aggregate" : "a stream");
  return invalid(loc);
}

//===--- literals -------------------------------------------------------------------===//

Expr ExprBuilder::integer(SMLoc loc, APInt magnitude) {
  if (magnitude.getActiveBits() > 64) {
    errorAt(p, loc) << "this integer is out of range: the largest is 18446744073709551615";
    return invalid(loc);
  }
  Type type = magnitude.getActiveBits() < 64 ? b.getI64Type() : b.getIntegerType(64, /*isSigned=*/false);
  return {loc, type, {}, IntegerAttr::get(b.getIntegerType(128), magnitude.zextOrTrunc(128))};
}

Expr ExprBuilder::text(SMLoc loc, StringRef text) {
  return {loc, StringType::get(b.getContext()), {}, b.getStringAttr(text)};
}

Expr ExprBuilder::null(SMLoc loc) { return {loc, NullType::get(b.getContext()), {}, b.getUnitAttr()}; }

Attribute ExprBuilder::adapt(const Expr &e, Type want) {
  MLIRContext *ctx = b.getContext();
  if (auto integer = dyn_cast<IntegerAttr>(e.literal); integer && !isa<BoolAttr>(e.literal)) {
    const APInt &n = integer.getValue();
    if (isFloat(want)) {
      APFloat f(cast<FloatType>(want).getFloatSemantics());
      f.convertFromAPInt(n, /*IsSigned=*/true, APFloat::rmNearestTiesToEven);
      return FloatAttr::get(want, f);
    }
    if (!expr::isInteger(want))
      return {};
    unsigned width = want.getIntOrFloatBitWidth();
    bool fits = want.isUnsignedInteger() ? !n.isNegative() && n.isIntN(width) : n.isSignedIntN(width);
    return fits ? IntegerAttr::get(want, n.trunc(width)) : Attribute();
  }
  if (auto f = dyn_cast<FloatAttr>(e.literal); f && isFloat(want)) {
    APFloat number = f.getValue();
    bool inexact;
    number.convert(cast<FloatType>(want).getFloatSemantics(), APFloat::rmNearestTiesToEven, &inexact);
    return number.isFinite() ? FloatAttr::get(want, number) : Attribute();
  }
  if (auto text = dyn_cast<StringAttr>(e.literal)) {
    if (isa<TimestampType>(want))
      if (auto micros = parseTimestamp(text))
        return TimestampAttr::get(ctx, *micros);
    if (isa<DateType>(want))
      if (auto days = parseDate(text))
        return DateAttr::get(ctx, *days);
  }
  return e.type == want ? e.literal : Attribute();
}

Value ExprBuilder::value(const Expr &e, Type want) {
  if (e.isInvalid() || (want && isa<InvalidType>(want)))
    return e.value ? e.value : invalid(e.loc).value;
  if (!e.isLiteral()) {
    Value v = e.fixed ? ConstantOp::create(b, where(e.loc), e.type, e.literal) : e.value;
    if (!want || stripNull(want) == stripNull(e.type))
      return v;
    return CastOp::create(b, where(e.loc), withNull(stripNull(want), isNullable(e.type)), v);
  }
  if (e.isNull()) {
    if (want)
      return ConstantOp::create(b, where(e.loc), withNull(want, true), e.literal);
    errorAt(p, e.loc) << "null has no type here; give it one, as in `cast(null as i64)`";
    return invalid(e.loc).value;
  }
  Type type = want ? stripNull(want) : e.type;
  Attribute literal = adapt(e, type);
  if (literal)
    return ConstantOp::create(b, where(e.loc), type, literal);
  if (!adapt(e, e.type)) { // -9223372036854775809
    errorAt(p, e.loc) << "this integer is out of range";
    return invalid(e.loc).value;
  }
  return CastOp::create(b, where(e.loc), type, ConstantOp::create(b, where(e.loc), e.type, adapt(e, e.type)));
}

Value ExprBuilder::condition(const Expr &e) {
  if (e.isInvalid())
    return value(e);
  if (e.isNull() || !isBool(stripNull(e.type))) {
    errorAt(p, e.loc) << "expected a condition, but this is " << typeText(e.type);
    return invalid(e.loc).value;
  }
  return value(e);
}

//===--- operators --------------------------------------------------------------------===//

/// Reports that `op` does not work between these, with the remedy where one is known.
Expr ExprBuilder::mismatch(StringRef op, const Expr &lhs, const Expr &rhs, SMLoc at) {
  Type l = stripNull(lhs.type), r = stripNull(rhs.type);
  if (lhs.isNull() || rhs.isNull()) {
    bool equality = op == "=" || op == "<>";
    auto diag = errorAt(p, at) << "`" << op << "` with null is always null";
    if (equality)
      diag << "; write `is " << (op == "=" ? "" : "not ") << "null`";
    return invalid(at);
  }
  auto diag = errorAt(p, at) << "`" << op << "` does not work between " << typeText(lhs.type) << " and "
                             << typeText(rhs.type);
  auto isTime = [](Type t) { return isa<DurationType, TimestampType>(t); };
  if ((isTime(l) && expr::isInteger(r) && op != "*" && op != "/") || (isTime(r) && expr::isInteger(l) && op != "*"))
    diag << "; give the number a unit, as in `10 s`";
  else if (isa<DurationType>(l) && isa<TimestampType>(r) && op == "+")
    diag << "; write the timestamp first";
  else if (isa<DurationType>(r) && expr::isInteger(l) && op == "*")
    diag << "; write the duration first";
  else if (isa<StringType>(l) && isa<StringType>(r) && op == "+")
    diag << "; texts are joined by `||`";
  else if (expr::isInteger(l) && expr::isInteger(r) && !commonNumber(l, r))
    diag << ": no integer type holds both; cast one of them";
  else if ((isa<TimestampType, DateType>(l) && rhs.isLiteral()) || (isa<TimestampType, DateType>(r) && lhs.isLiteral()))
    diag << "; a time in quotes is written as in \"2018-02-03T04:05:06Z\", a date as in \"2018-02-03\"";
  else if ((isTime(l) && isa<DateType>(r)) || (isTime(r) && isa<DateType>(l)))
    diag << "; cast the date to a timestamp";
  return invalid(at);
}

/// The type (without `?`) `e` comes in with beside `other`: a literal takes its neighbour's if it fits.
static Type offered(ExprBuilder &build, const Expr &e, const Expr &other) {
  if (e.isLiteral() && !other.isLiteral())
    if (Type t = stripNull(other.type); build.adapt(e, t))
      return t;
  return stripNull(e.type);
}

Expr ExprBuilder::binary(StringRef op, Expr lhs, Expr rhs, SMLoc at) {
  if (lhs.isInvalid() || rhs.isInvalid())
    return invalid(at);
  if (op == "||")
    return builtin("concat", {lhs, rhs}, at);
  const Operator *info = findOperator(op);
  bool ordered = info->isCompare() && op != "=" && op != "<>";
  bool logic = op == "and" || op == "or";
  Type l = offered(*this, lhs, rhs), r = offered(*this, rhs, lhs);
  if (logic && lhs.isNull())
    l = b.getI1Type();
  if (logic && rhs.isNull())
    r = b.getI1Type();
  auto signature = signatureOf(info->mnemonic, l, r, ordered);
  if (!signature)
    return mismatch(op, lhs, rhs, at);
  Value x = value(lhs, signature->lhs), y = value(rhs, signature->rhs);
  Type type = withNull(signature->result, isNullable(x.getType()) || isNullable(y.getType()));
  if (info->isCompare())
    return {lhs.loc, type, CmpOp::create(b, where(at), type, predicateOf(op), x, y)};
  OperationState state(where(at), ("expr." + info->mnemonic).str(), {x, y}, type);
  return {lhs.loc, type, b.create(state)->getResult(0)};
}

Expr ExprBuilder::negate(Expr e, SMLoc at) {
  if (e.isInvalid())
    return invalid(at);
  Attribute literal = e.isLiteral() ? e.literal : Attribute();
  if (auto i = dyn_cast_or_null<IntegerAttr>(literal); i && !isa<BoolAttr>(literal)) {
    APInt n = -i.getValue();
    return {at, b.getI64Type(), {}, IntegerAttr::get(i.getType(), n)};
  }
  if (auto f = dyn_cast_or_null<FloatAttr>(literal))
    return {at, e.type, {}, FloatAttr::get(f.getType(), -f.getValue())};
  if (auto d = dyn_cast_or_null<DurationAttr>(literal))
    return {at, e.type, {}, DurationAttr::get(b.getContext(), -d.getMicros())};
  Type t = stripNull(e.type);
  if (!isNumber(t) && !isa<DurationType>(t)) {
    errorAt(p, at) << "`-` needs a number or a duration, but this is " << typeText(e.type);
    return invalid(at);
  }
  if (t.isUnsignedInteger()) {
    errorAt(p, at) << "`-` does not work on " << typeText(e.type) << ", which has no sign; cast it to a signed integer";
    return invalid(at);
  }
  return {at, e.type, NegOp::create(b, where(at), e.type, value(e))};
}

Expr ExprBuilder::logicalNot(Expr e, SMLoc at) {
  Value v = condition(e);
  if (isa<InvalidType>(v.getType()))
    return {at, v.getType(), v};
  return {at, v.getType(), NotOp::create(b, where(at), v.getType(), v)};
}

Expr ExprBuilder::isNull(Expr e, bool negated, SMLoc at) {
  if (e.isInvalid())
    return invalid(at);
  if (!isNullable(e.type)) {
    errorAt(p, at) << "`is null` can never hold: this is " << typeText(e.type) << ", which is not nullable";
    return invalid(at);
  }
  Expr test{e.loc, b.getI1Type(), IsNullOp::create(b, where(at), b.getI1Type(), value(e))};
  return negated ? logicalNot(test, at) : test;
}

Expr ExprBuilder::cast(Expr e, Type to, SMLoc at) {
  if (e.isInvalid())
    return invalid(at);
  Type plain = stripNull(to);
  if (e.isNull())
    return {at, withNull(to, true), {}, e.literal, /*fixed=*/true};
  if (e.isLiteral() && !isNullable(to) && !isa<StringAttr>(e.literal) && adapt(e, plain))
    return {at, to, {}, adapt(e, plain), /*fixed=*/true};
  if (!isCastable(stripNull(e.type), plain)) {
    errorAt(p, at) << "there is no cast from " << typeText(e.type) << " to " << typeText(to);
    return invalid(at);
  }
  Type type = withNull(to, isNullable(e.type));
  if (type == e.type && !e.isLiteral())
    return e;
  return {at, type, CastOp::create(b, where(at), type, value(e))};
}
