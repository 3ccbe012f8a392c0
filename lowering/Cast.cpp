//===- Cast.cpp - conversions (rule 46) ---------------------------------------===//
//
// What does not fit is an error. A float is compared with the range of the
// integer type before it is converted, since LLVM's conversion of a value
// outside is poison.
//
//===----------------------------------------------------------------------===//
#include "lowering/Expressions.h"

#include <cmath>

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

static constexpr int64_t kMicrosOfDay = 86'400'000'000;

/// Does the integer `value` lie outside `to`? None if it cannot.
static Value outside(Code &code, Type from, Type to, Value value) {
  unsigned width = cast<IntegerType>(value.getType()).getWidth(), toWidth = cast<IntegerType>(to).getWidth();
  bool fromU = isUnsigned(from), toU = isUnsigned(to);
  unsigned usable = width - !fromU, toUsable = toWidth - !toU; // bits of the magnitude
  Value bad;
  if (usable > toUsable) {
    APInt limit = APInt::getLowBitsSet(width, toUsable);
    Value highest = arith::ConstantOp::create(code, IntegerAttr::get(value.getType(), limit));
    bad = code.cmp(fromU ? Code::Cmp::ugt : Code::Cmp::sgt, value, highest);
  }
  if (fromU || (!toU && width <= toWidth))
    return bad;
  APInt limit = toU ? APInt(width, 0) : APInt::getSignedMinValue(toWidth).sext(width);
  Value lowest = arith::ConstantOp::create(code, IntegerAttr::get(value.getType(), limit));
  Value below = code.cmp(Code::Cmp::slt, value, lowest);
  return bad ? code.either(bad, below) : below;
}

static Value floatToInteger(Code &code, Type to, Value value, Value &bad) {
  unsigned width = cast<IntegerType>(to).getWidth();
  bool toU = isUnsigned(to);
  if (!value.getType().isF64())
    value = code.createOrFold<arith::ExtFOp>(code.f64(), value);
  Value whole = LLVM::FTruncOp::create(code, value);
  Value low = code.real(code.f64(), toU ? 0.0 : -std::ldexp(1.0, int(width) - 1));
  Value high = code.real(code.f64(), std::ldexp(1.0, int(width) - !toU));
  // Ordered comparisons: NaN is in no range.
  Value fits = code.both(code.cmp(Code::CmpF::OGE, whole, low), code.cmp(Code::CmpF::OLT, whole, high));
  bad = code.invert(fits);
  Value safe = code.select(fits, whole, code.real(code.f64(), 0.0));
  Type part = code.getIntegerType(width);
  return toU ? code.createOrFold<arith::FPToUIOp>(part, safe) : code.createOrFold<arith::FPToSIOp>(part, safe);
}

/// Between numbers, and bool to integer. `bad`: where it does not fit; none if it always does.
Value Expressions::castNumber(Type from, Type to, Value value, Value &bad) {
  Type part = partTypes(to, code.getContext()).front();
  bool fromFloat = isa<FloatType>(from), toFloat = isa<FloatType>(to);
  if (fromFloat && toFloat) {
    if (part == value.getType())
      return value;
    return part.isF64() ? code.createOrFold<arith::ExtFOp>(part, value)
                        : code.createOrFold<arith::TruncFOp>(part, value);
  }
  if (fromFloat)
    return floatToInteger(code, to, value, bad);
  if (toFloat)
    return isUnsigned(from) ? code.createOrFold<arith::UIToFPOp>(part, value)
                            : code.createOrFold<arith::SIToFPOp>(part, value);
  bad = outside(code, from, to, value);
  return code.resize(value, part, !isUnsigned(from));
}

LogicalResult Expressions::castText(expr::CastOp op, Val &result) {
  Type from = valueType(op.getValue().getType()), to = valueType(op.getResult().getType());
  const Val &value = get(op.getValue());
  if (isText(from) && isText(to)) {
    result.parts = value.parts;
    if (isa<expr::BytesType>(from) && isa<expr::StringType>(to)) {
      Value valid = code.call1(Rt::mr_string_valid, {value.parts[0], value.parts[1]});
      fail(op, result, code.invert(valid), MR_BAD_CAST);
      clearUnless(code, result, valid);
    }
    return success();
  }
  if (isText(to)) {
    auto text = code.call(Rt::mr_format, {task, toWord(code, from, value.scalar()), code.half(mrTypeOf(from))});
    result.parts.assign(text.begin(), text.end());
    if (Value there = present(code, result))
      clearUnless(code, result, there);
    return success();
  }
  auto parsed = code.call(Rt::mr_parse, {value.parts[0], value.parts[1], code.half(mrTypeOf(to))});
  result.parts = {fromWord(code, to, parsed[0])};
  // The runtime says which kind: 0 none, else 1 + kind.
  Value bad = code.cmp(Code::Cmp::ne, parsed[1], code.word(0));
  if (Value there = present(code, result))
    bad = code.both(bad, there);
  Value kind = code.sub(code.resize(parsed[1], code.i32(), false), code.half(1));
  Value own = code.either(kind, code.half(int32_t(errorCode(op, mr_error_kind(0)))));
  result.error = leastError(code, result.error, errorIf(code, bad, own));
  return success();
}

LogicalResult Expressions::castTime(expr::CastOp op, Val &result) {
  Type from = valueType(op.getValue().getType()), to = valueType(op.getResult().getType());
  Value value = get(op.getValue()).scalar();
  if (isa<expr::TimestampType>(from) && isa<expr::DateType>(to)) {
    Value days = code.createOrFold<arith::DivSIOp>(code.floorTo(value, kMicrosOfDay), code.word(kMicrosOfDay));
    result.parts = {code.resize(days, code.i32(), true)};
  } else if (isa<expr::DateType>(from) && isa<expr::TimestampType>(to)) {
    result.parts = {code.mul(code.resize(value, code.i64(), true), code.word(kMicrosOfDay))};
  } else if (value.getType().isInteger(64) && sizeOf(to) == 8 && !isa<FloatType>(to)) { // microseconds
    result.parts = {value};
    checkRange(op, result, to, MR_BAD_CAST);
  } else {
    return op.emitOpError("from ") << from << " to " << to << " has no lowering";
  }
  return success();
}

LogicalResult Expressions::lowerCast(expr::CastOp op) {
  Type from = valueType(op.getValue().getType()), to = valueType(op.getResult().getType());
  if (isa<expr::NullType>(from)) {
    define(op, nullOf(code, to));
    return success();
  }
  Val result = strict(op.getValue());
  LogicalResult done = success();
  if (from == to) {
    result.parts = get(op.getValue()).parts;
  } else if (isText(from) || isText(to)) {
    done = castText(op, result);
  } else if (from.isIntOrFloat() && to.isIntOrFloat()) {
    Value bad;
    result.parts = {castNumber(from, to, get(op.getValue()).scalar(), bad)};
    if (bad)
      fail(op, result, bad, MR_BAD_CAST);
  } else {
    done = castTime(op, result);
  }
  define(op, result);
  return done;
}
