//===- Members.cpp - what an aggregate keeps in a key's slot ------------------===//
#include "lowering/Members.h"

#include "dialect/expr/Expr.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

//===-- folding -------------------------------------------------------------===//

void Member::fold(const Val &argument, Value take, Value time) {
  StringRef fn = member.getFn();
  if (fn == "first" || fn == "last") // these keep nulls (rule 27)
    return foldByTime(argument, take, time, fn == "last");
  take = bothValid(code, take, argument.valid); // all others skip them (rule 28)
  if (fn == "count")
    return foldCount(place.value, take);
  if (fn == "min" || fn == "max")
    return isText(member.getArgument()) ? foldTextExtreme(argument, take, fn == "max")
                                        : foldNumericExtreme(argument, take, fn == "max");
  foldSum(argument, take);
  if (fn == "avg")
    foldCount(place.extra, take);
}

void Member::foldCount(const Place &count, Value take) {
  Value one = take ? code.resize(take, code.i64(), /*isSigned=*/false) : code.word(1);
  pieces.store(code.add(pieces.load(code.i64(), count), one), count);
}

void Member::foldSum(const Val &argument, Value take) {
  Value value = argument.scalar();
  if (isFloatSum()) {
    if (!value.getType().isF64())
      value = code.createOrFold<arith::ExtFOp>(code.f64(), value);
    Value sum = pieces.load(code.f64(), place.value);
    Value next = code.createOrFold<arith::AddFOp>(sum, value);
    // What a null has as its value may be NaN: it must not be added.
    pieces.store(take ? code.select(take, next, sum) : next, place.value);
  } else {
    if (take)
      value = code.select(take, value, code.constant(value.getType(), 0));
    addExact(code.resize(value, code.i64(), !isUnsigned(member.getArgument())));
  }
  if (place.seen >= 0)
    pieces.setFlag(place.seen, take);
}

/// The low word wraps; whenever it does, the high word takes what it lost.
void Member::addExact(Value value) {
  bool isU = isUnsigned(member.getArgument());
  Value sum = pieces.load(code.i64(), place.value);
  Type type = LLVM::LLVMStructType::getLiteral(code.getContext(), {code.i64(), code.i1()});
  Value both = isU ? LLVM::UAddWithOverflowOp::create(code, type, sum, value).getResult()
                   : LLVM::SAddWithOverflowOp::create(code, type, sum, value).getResult();
  pieces.store(LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{0}), place.value);
  Value wrapped = LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{1});
  code.when(code.expect(wrapped, false), [&] {
    Value lost = code.word(1);
    if (!isU)
      lost = code.select(code.cmp(Code::Cmp::slt, value, code.word(0)), code.word(-1), lost);
    Value high = code.at(code.call1(Rt::mr_table_cold_new, {slot.in.get(code), slot.address}), place.high.offset);
    code.store(code.add(code.load(code.i64(), high, Memory::Table, 8), lost), high, Memory::Table, 8);
  });
}

Value Member::mapExtreme(Value scalar, bool isMax) {
  Type type = scalar.getType();
  if (auto f =
          dyn_cast<FloatType>(type)) { // what max is better than: -Infinity; min: NaN, which is above all (rule 26)
    const llvm::fltSemantics &semantics = f.getFloatSemantics();
    APFloat worst = isMax ? APFloat::getInf(semantics, /*Negative=*/true) : APFloat::getQNaN(semantics);
    Type bits = code.getIntegerType(f.getWidth());
    Value mask = code.constant(bits, int64_t(worst.bitcastToAPInt().getZExtValue()));
    Value mapped = arith::XOrIOp::create(code, code.createOrFold<arith::BitcastOp>(bits, scalar), mask);
    return mapped;
  }
  unsigned width = cast<IntegerType>(type).getWidth();
  bool isU = isUnsigned(member.getArgument());
  uint64_t mask = isU ? 0 : uint64_t(1) << (width - 1);
  if (!isMax)
    mask = ~mask;
  return mask ? code.createOrFold<arith::XOrIOp>(scalar, code.constant(type, int64_t(mask))) : scalar;
}

void Member::foldNumericExtreme(const Val &argument, Value take, bool isMax) {
  Value value = argument.scalar(), next;
  if (auto f = dyn_cast<FloatType>(value.getType())) {
    Type bits = code.getIntegerType(f.getWidth());
    Value stored = pieces.load(bits, place.value);
    Value current =
        code.createOrFold<arith::BitcastOp>(f, mapExtreme(code.createOrFold<arith::BitcastOp>(f, stored), isMax));
    Value nan = isMax ? value : current;
    Value better = code.either(code.cmp(isMax ? Code::CmpF::OGT : Code::CmpF::OLT, value, current),
                               code.cmp(Code::CmpF::UNO, nan, nan));
    next = code.select(bothValid(code, better, take), mapExtreme(value, isMax), stored);
  } else {
    bool isBool = value.getType().isInteger(1); // takes a byte
    Value mapped = mapExtreme(value, isMax);
    if (isBool)
      mapped = code.resize(mapped, code.i8(), false);
    if (take)
      mapped = code.select(take, mapped, code.zero(mapped.getType()));
    next = code.createOrFold<arith::MaxUIOp>(pieces.load(mapped.getType(), place.value), mapped);
  }
  pieces.store(next, place.value);
  if (place.seen >= 0)
    pieces.setFlag(place.seen, take);
}

void Member::foldTextExtreme(const Val &argument, Value take, bool isMax) {
  Val current = keptText(kept());
  Value order =
      code.call1(Rt::mr_string_compare, {argument.parts[0], argument.parts[1], current.parts[0], current.parts[1]});
  Value replace = code.cmp(isMax ? Code::Cmp::sgt : Code::Cmp::slt, order, code.half(0));
  if (!isMax) // the empty string is the least: of max it is the identity, of min it has to be told
    replace = code.either(replace, code.invert(pieces.flag(place.seen)));
  replace = bothValid(code, replace, take);
  code.when(replace, [&] { keep(argument); });
  if (place.seen >= 0)
    pieces.setFlag(place.seen, take);
}

void Member::foldByTime(const Val &argument, Value take, Value time, bool isLast) {
  // Records come in the order of their arrival: of equal times the first keeps the earlier one, the last the later.
  Value mapped = code.createOrFold<arith::XOrIOp>(time, code.word(isLast ? INT64_MIN : INT64_MAX));
  Value replace = code.cmp(isLast ? Code::Cmp::uge : Code::Cmp::ugt, mapped, pieces.load(code.i64(), place.extra));
  code.when(bothValid(code, replace, take), [&] {
    keep(argument);
    pieces.store(mapped, place.extra);
  });
}

//===-- values kept ---------------------------------------------------------===//

Val Member::kept() {
  return loadValue(code, member.getArgument(), pieces.addressToRead(place.value), Memory::Table,
                   pieces.alignOf(place.value));
}

Val Member::keptText(const Val &stored) {
  Val text = stored;
  auto parts = code.call(Rt::mr_table_text, {slot.in.get(code), stored.parts[0], stored.parts[1]});
  text.parts.assign(parts.begin(), parts.end());
  return text;
}

void Member::keep(const Val &value) {
  Val kept = value;
  Value address = pieces.addressToWrite(place.value);
  if (isText(member.getArgument())) {
    // What a null has as its value may be no string.
    SmallVector<Value> text(value.parts.begin(), value.parts.end());
    if (value.valid)
      text = {code.select(value.valid, text[0], code.word(0)), code.select(value.valid, text[1], code.word(0))};
    Val old = loadValue(code, valueType(member.getArgument()), address, Memory::Table, 8);
    auto parts = code.call(Rt::mr_table_replace, {slot.in.get(code), old.parts[0], old.parts[1], text[0], text[1]});
    kept.parts.assign(parts.begin(), parts.end());
  }
  storeValue(code, member.getArgument(), kept, address, Memory::Table, pieces.alignOf(place.value));
  if (place.null >= 0)
    pieces.writeFlag(place.null, value.valid ? code.invert(value.valid) : code.boolean(false));
}

//===-- results -------------------------------------------------------------===//

/// The upper 64 of the sum's 128 bits.
Value Member::exactSum() {
  Value high = pieces.load(code.i64(), place.high);
  if (isUnsigned(member.getArgument()))
    return high;
  Value low = pieces.load(code.i64(), place.value);
  return code.add(high, code.createOrFold<arith::ShRSIOp>(low, code.word(63)));
}

Val Member::finishSum(uint32_t overflow) {
  Val result;
  if (isFloatSum()) {
    result.parts = {pieces.load(code.f64(), place.value)};
    return result;
  }
  Value low = pieces.load(code.i64(), place.value);
  Value extended =
      isUnsigned(member.getResult()) ? code.word(0) : code.createOrFold<arith::ShRSIOp>(low, code.word(63));
  Value wrong = code.cmp(Code::Cmp::ne, exactSum(), extended);
  result.parts = {low};
  result.error = errorIf(code, wrong, code.half(int32_t(overflow)));
  return result;
}

Val Member::finishAverage() {
  Val result;
  Value count = pieces.load(code.i64(), place.extra);
  Value none = code.cmp(Code::Cmp::eq, count, code.word(0));
  Value divisor = code.select(none, code.word(1), count);
  if (isFloatSum())
    result.parts = {code.createOrFold<arith::DivFOp>(pieces.load(code.f64(), place.value),
                                                     code.createOrFold<arith::SIToFPOp>(code.f64(), divisor))};
  else
    result.parts = {code.call1(Rt::mr_average, {pieces.load(code.i64(), place.value), exactSum(), divisor})};
  if (isNullable(member.getResult()))
    result.valid = code.invert(none);
  return result;
}

Val Member::finish(uint32_t overflow, Value isInUse) {
  StringRef fn = member.getFn();
  if (fn == "avg")
    return finishAverage();
  Val result;
  if (fn == "count") {
    result.parts = {pieces.load(code.i64(), place.value)};
    return result;
  }
  bool isExtreme = fn == "min" || fn == "max";
  Type argument = valueType(member.getArgument());
  if (fn == "sum") {
    result = finishSum(overflow);
  } else if (isExtreme && !isText(argument)) {
    Type part = partTypes(argument, code.getContext()).front();
    if (auto f = dyn_cast<FloatType>(part)) {
      Value stored =
          code.createOrFold<arith::BitcastOp>(part, pieces.load(code.getIntegerType(f.getWidth()), place.value));
      result.parts = {code.createOrFold<arith::BitcastOp>(part, mapExtreme(stored, fn == "max"))};
    } else {
      Value stored = pieces.load(part.isInteger(1) ? code.i8() : part, place.value);
      result.parts = {mapExtreme(code.resize(stored, part, false), fn == "max")};
    }
  } else {
    result = isText(argument) ? keptText(kept()) : kept();
  }
  if (!isNullable(member.getResult()))
    return result;
  if (place.seen >= 0)
    result.valid = pieces.flag(place.seen);
  else if (place.extra) // a time is never 0
    result.valid = code.cmp(Code::Cmp::ne, pieces.load(code.i64(), place.extra), code.word(0));
  else
    result.valid = isInUse;
  if (place.null >= 0)
    result.valid = bothValid(code, result.valid, code.invert(pieces.flag(place.null)));
  if (isReference(argument))
    clearUnless(code, result, result.valid);
  return result;
}
