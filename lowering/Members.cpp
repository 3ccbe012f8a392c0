//===- Members.cpp - what an aggregate keeps in a key's slot ------------------===//
#include "lowering/Members.h"

#include "dialect/expr/Expr.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

SlotLayout millrace::lowering::layoutSlot(state::TableType table) {
  SlotLayout layout;
  for (Type key : table.getKeyTypes()) {
    ++(isText(key) ? layout.strings : layout.words);
    layout.nullWord |= isNullable(key);
  }
  layout.words += layout.nullWord;
  unsigned flags = 0;
  for (state::MemberAttr member : table.getMembers()) {
    MemberPlace place;
    StringRef fn = member.getFn();
    bool byTime = fn == "first" || fn == "last";
    if (fn == "min" || fn == "max" || byTime || (fn == "sum" && isNullable(member.getResult())))
      place.seen = int(flags++);
    if (byTime && isNullable(member.getArgument()))
      place.null = int(flags++);
    layout.members.push_back(place);
  }
  layout.flags = 8 * (1 + layout.words + 2 * layout.strings);
  unsigned at = layout.flags + llvm::divideCeil(flags, 64) * 8;
  for (auto [place, member] : llvm::zip_equal(layout.members, table.getMembers())) {
    StringRef fn = member.getFn();
    bool isSum = fn == "sum" || fn == "avg";
    place.value = at;
    if (isSum && !isa<FloatType>(valueType(member.getArgument())))
      at += 16; // exact
    else
      at += fn == "count" || isSum ? 8 : llvm::alignTo(sizeOf(member.getArgument()), 8);
    place.extra = at;
    if (fn == "avg" || fn == "first" || fn == "last")
      at += 8;
  }
  layout.size = at;
  return layout;
}

//===-- flags ---------------------------------------------------------------===//

Value Member::flag(int number) {
  Value word = code.load(code.i64(), flagWord(number), Memory::Table, 8);
  Value bit = code.both(word, code.word(int64_t(uint64_t(1) << (number % 64))));
  return code.cmp(Code::Cmp::ne, bit, code.word(0));
}

void Member::setFlag(int number, Value condition) {
  Value bit = code.word(int64_t(uint64_t(1) << (number % 64)));
  if (condition)
    bit = code.select(condition, bit, code.word(0));
  Value word = code.load(code.i64(), flagWord(number), Memory::Table, 8);
  code.store(code.either(word, bit), flagWord(number), Memory::Table, 8);
}

void Member::writeFlag(int number, Value value) {
  int64_t bit = int64_t(uint64_t(1) << (number % 64));
  Value word = code.load(code.i64(), flagWord(number), Memory::Table, 8);
  Value without = code.both(word, code.word(~bit));
  code.store(code.either(without, code.select(value, code.word(bit), code.word(0))), flagWord(number), Memory::Table,
             8);
}

//===-- folding -------------------------------------------------------------===//

void Member::fold(const Val &argument, Value take, Value time, Value table) {
  StringRef fn = member.getFn();
  if (fn == "first" || fn == "last") // these keep nulls (rule 27)
    return foldByTime(argument, take, time, table, fn == "last");
  take = bothValid(code, take, argument.valid); // all others skip them (rule 28)
  if (fn == "count")
    return foldCount(place.value, take);
  if (fn == "min" || fn == "max")
    return foldExtreme(argument, take, table, fn == "max");
  foldSum(argument, take);
  if (fn == "avg")
    foldCount(place.extra, take);
}

void Member::foldCount(unsigned offset, Value take) {
  Value one = take ? code.resize(take, code.i64(), /*isSigned=*/false) : code.word(1);
  storeWord(code.add(loadWord(code.i64(), offset), one), offset);
}

void Member::foldSum(const Val &argument, Value take) {
  Value value = argument.scalar();
  if (isFloatSum()) {
    if (!value.getType().isF64())
      value = code.createOrFold<arith::ExtFOp>(code.f64(), value);
    Value sum = loadWord(code.f64(), place.value);
    Value next = code.createOrFold<arith::AddFOp>(sum, value);
    // What a null has as its value may be NaN: it must not be added.
    storeWord(take ? code.select(take, next, sum) : next, place.value);
  } else {
    if (take)
      value = code.select(take, value, code.constant(value.getType(), 0));
    Value wide = code.resize(value, code.i128(), !isUnsigned(member.getArgument()));
    storeWord(code.add(loadWord(code.i128(), place.value), wide), place.value);
  }
  if (place.seen >= 0)
    setFlag(place.seen, take);
}

void Member::keep(const Val &value, Value table) {
  Val kept = value;
  if (isText(member.getArgument())) {
    // What a null has as its value may be no string.
    SmallVector<Value> text(value.parts.begin(), value.parts.end());
    if (value.valid)
      text = {code.select(value.valid, text[0], code.word(0)), code.select(value.valid, text[1], code.word(0))};
    Val old = loadValue(code, valueType(member.getArgument()), code.at(slot, place.value), Memory::Table, 8);
    auto parts = code.call(Rt::mr_table_replace, {table, old.parts[0], old.parts[1], text[0], text[1]});
    kept.parts.assign(parts.begin(), parts.end());
  }
  storeValue(code, member.getArgument(), kept, code.at(slot, place.value), Memory::Table, 8);
}

void Member::foldExtreme(const Val &argument, Value take, Value table, bool isMax) {
  Type type = valueType(member.getArgument());
  Val current = loadValue(code, type, code.at(slot, place.value), Memory::Table, 8);
  Value better;
  if (isText(type)) {
    Value order =
        code.call1(Rt::mr_string_compare, {argument.parts[0], argument.parts[1], current.parts[0], current.parts[1]});
    better = code.cmp(isMax ? Code::Cmp::sgt : Code::Cmp::slt, order, code.half(0));
  } else if (isa<FloatType>(type)) { // NaN is above all (rule 26)
    Value nan = isMax ? argument.scalar() : current.scalar();
    better = code.either(code.cmp(isMax ? Code::CmpF::OGT : Code::CmpF::OLT, argument.scalar(), current.scalar()),
                         code.cmp(Code::CmpF::UNO, nan, nan));
  } else {
    bool isU = isUnsigned(type);
    auto predicate = isMax ? (isU ? Code::Cmp::ugt : Code::Cmp::sgt) : (isU ? Code::Cmp::ult : Code::Cmp::slt);
    better = code.cmp(predicate, argument.scalar(), current.scalar());
  }
  Value replace = code.either(better, code.invert(flag(place.seen)));
  if (take)
    replace = code.both(replace, take);
  if (isText(type)) {
    code.when(replace, [&] { keep(argument, table); });
  } else {
    Val next = argument;
    next.parts = {code.select(replace, argument.scalar(), current.scalar())};
    storeValue(code, type, next, code.at(slot, place.value), Memory::Table, 8);
  }
  setFlag(place.seen, take);
}

void Member::foldByTime(const Val &argument, Value take, Value time, Value table, bool isLast) {
  // Records come in the order of their arrival: of equal times the first keeps the earlier one, the last the later.
  Value kept = loadWord(code.i64(), place.extra);
  Value better = code.cmp(isLast ? Code::Cmp::sge : Code::Cmp::slt, time, kept);
  Value replace = code.either(better, code.invert(flag(place.seen)));
  if (take)
    replace = code.both(replace, take);
  code.when(replace, [&] {
    keep(argument, table);
    storeWord(time, place.extra);
    if (place.null >= 0)
      writeFlag(place.null, argument.valid ? code.invert(argument.valid) : code.boolean(false));
    setFlag(place.seen, {});
  });
}

//===-- results -------------------------------------------------------------===//

Val Member::finishSum(uint32_t overflow) {
  Val result;
  if (isFloatSum()) {
    result.parts = {loadWord(code.f64(), place.value)};
  } else {
    Value exact = loadWord(code.i128(), place.value);
    Value cut = code.resize(exact, code.i64(), true);
    Value again = code.resize(cut, code.i128(), !isUnsigned(member.getResult()));
    Value wrong = code.cmp(Code::Cmp::ne, exact, again);
    result.parts = {cut};
    result.error = errorIf(code, wrong, code.half(int32_t(overflow)));
  }
  if (place.seen >= 0)
    result.valid = flag(place.seen);
  return result;
}

Val Member::finishAverage() {
  Val result;
  Value count = loadWord(code.i64(), place.extra);
  Value none = code.cmp(Code::Cmp::eq, count, code.word(0));
  Value divisor = code.select(none, code.word(1), count);
  if (isFloatSum())
    result.parts = {code.createOrFold<arith::DivFOp>(loadWord(code.f64(), place.value),
                                                     code.createOrFold<arith::SIToFPOp>(code.f64(), divisor))};
  else
    result.parts = {code.call1(Rt::mr_average,
                               {loadWord(code.i64(), place.value), loadWord(code.i64(), place.value + 8), divisor})};
  if (isNullable(member.getResult()))
    result.valid = code.invert(none);
  return result;
}

Val Member::finish(uint32_t overflow) {
  StringRef fn = member.getFn();
  if (fn == "sum")
    return finishSum(overflow);
  if (fn == "avg")
    return finishAverage();
  if (fn == "count") {
    Val result;
    result.parts = {loadWord(code.i64(), place.value)};
    return result;
  }
  Val result = loadValue(code, member.getArgument(), code.at(slot, place.value), Memory::Table, 8);
  if (isNullable(member.getResult())) {
    result.valid = flag(place.seen);
    if (place.null >= 0)
      result.valid = code.both(result.valid, code.invert(flag(place.null)));
    if (isReference(member.getArgument()))
      clearUnless(code, result, result.valid);
  }
  return result;
}
