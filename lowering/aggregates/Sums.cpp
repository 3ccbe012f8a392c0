//===- Sums.cpp - sum and avg -------------------------------------------------===//
//
// Sums of integers are exact (rule 23): the low word in the slot, what it does
// not hold in the cold part, which is touched only when the low word wraps.
// Sums of floats add in the order of time (rule 24), and nothing is ever taken
// away from them.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Sum : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    addValue(arguments.front().scalar(), take);
    setSeen(take);
    if (place.extra)
      foldCount(place.extra, take);
  }

  void combine(const Member &from) override {
    if (isFloatSum()) {
      Value sum = pieces.load(code.f64(), place.value);
      pieces.store(code.createOrFold<arith::AddFOp>(sum, loadOf(from, code.f64(), place.value)), place.value);
    } else {
      addExact(loadOf(from, code.i64(), place.value));
      moveHigh(loadOf(from, code.i64(), place.high));
    }
    combineSeen(from);
    if (place.extra)
      addWord(place.extra, from);
  }

  void remove(const Member &from) override {
    assert(!isFloatSum() && place.seen < 0 && "it has an exact inverse, and the layout counts values");
    removeExact(loadOf(from, code.i64(), place.value));
    moveHigh(code.sub(code.word(0), loadOf(from, code.i64(), place.high)));
    if (place.extra)
      removeWord(place.extra, from);
  }

  Val finish(uint32_t overflow, Value isInUse) override {
    if (member.getFn() == "avg")
      return finishAverage();
    Val sum = finishSum(overflow);
    Val result = withNull(sum, isInUse);
    result.valid = bothValid(code, sum.valid, result.valid);
    return result;
  }

private:
  void addValue(Value value, Value take);
  void addExact(Value value);
  void removeExact(Value value);
  void carry(Value wrapped, Value value, bool isTaken);
  void moveHigh(Value by);
  Value highToWrite();
  Type wordAndCarry() { return LLVM::LLVMStructType::getLiteral(code.getContext(), {code.i64(), code.i1()}); }
  Value exactSum();
  Val finishSum(uint32_t overflow);
  Val finishAverage();
  Value saturated();
  bool isFloatSum() const { return isa<FloatType>(valueType(member.getArgument())); }
  bool isUnsignedSum() const { return isUnsigned(member.getArgument()); }
};
} // namespace

//===-- adding and taking away ----------------------------------------------===//

void Sum::addValue(Value value, Value take) {
  if (isFloatSum()) {
    if (!value.getType().isF64())
      value = code.createOrFold<arith::ExtFOp>(code.f64(), value);
    Value sum = pieces.load(code.f64(), place.value);
    Value next = code.createOrFold<arith::AddFOp>(sum, value);
    // What a null has as its value may be NaN: it must not be added.
    pieces.store(take ? code.select(take, next, sum) : next, place.value);
    return;
  }
  if (take)
    value = code.select(take, value, code.constant(value.getType(), 0));
  addExact(code.resize(value, code.i64(), !isUnsignedSum()));
}

/// Where the high word is, which is rarely written: the cold part is made if need be.
Value Sum::highToWrite() {
  if (!place.high.cold || slot.cold)
    return pieces.addressToWrite(place.high);
  return code.at(code.call1(Rt::mr_table_cold_new, {slot.in.get(code), slot.address}), place.high.offset);
}

/// The low word wraps; whenever it does, the high word takes what it lost.
void Sum::addExact(Value value) {
  Value sum = pieces.load(code.i64(), place.value);
  Value both = isUnsignedSum() ? LLVM::UAddWithOverflowOp::create(code, wordAndCarry(), sum, value).getResult()
                               : LLVM::SAddWithOverflowOp::create(code, wordAndCarry(), sum, value).getResult();
  pieces.store(LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{0}), place.value);
  Value wrapped = LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{1});
  carry(wrapped, value, /*isTaken=*/false);
}

/// The high word takes what the low one lost when it wrapped, because `value` was added, or taken away.
void Sum::carry(Value wrapped, Value value, bool isTaken) {
  code.when(code.expect(wrapped, false), [&] {
    Value lost = code.word(isTaken ? -1 : 1);
    if (!isUnsignedSum()) // of a negative one it is the other way about
      lost = code.select(code.cmp(Code::Cmp::slt, value, code.word(0)), code.word(isTaken ? 1 : -1), lost);
    Value high = highToWrite();
    code.store(code.add(code.load(code.i64(), high, Memory::Table, 8), lost), high, Memory::Table, 8);
  });
}

void Sum::removeExact(Value value) {
  Value sum = pieces.load(code.i64(), place.value);
  Value both = isUnsignedSum() ? LLVM::USubWithOverflowOp::create(code, wordAndCarry(), sum, value).getResult()
                               : LLVM::SSubWithOverflowOp::create(code, wordAndCarry(), sum, value).getResult();
  pieces.store(LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{0}), place.value);
  Value wrapped = LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{1});
  carry(wrapped, value, /*isTaken=*/true);
}

/// Adds to the high word, which is not touched (nor made) for 0.
void Sum::moveHigh(Value by) {
  code.when(code.expect(code.cmp(Code::Cmp::ne, by, code.word(0)), false), [&] {
    Value high = highToWrite();
    code.store(code.add(code.load(code.i64(), high, Memory::Table, 8), by), high, Memory::Table, 8);
  });
}

//===-- results -------------------------------------------------------------===//

/// The upper 64 of the sum's 128 bits.
Value Sum::exactSum() {
  Value high = pieces.load(code.i64(), place.high);
  if (isUnsignedSum() || place.highIsUpper)
    return high;
  Value low = pieces.load(code.i64(), place.value);
  return code.add(high, code.createOrFold<arith::ShRSIOp>(low, code.word(63)));
}

Val Sum::finishSum(uint32_t overflow) {
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
  if (member.getOptions().contains("overflow_null"))
    result.valid = code.invert(wrong);
  else if (member.getOptions().contains("overflow_saturate"))
    result.parts = {code.select(wrong, saturated(), low)};
  else
    result.error = errorIf(code, wrong, code.half(int32_t(overflow)));
  return result;
}

/// The value of the result's type that is nearest to a sum which does not fit it.
Value Sum::saturated() {
  if (isUnsigned(member.getResult()))
    return code.word(-1);
  Value isBelow = code.cmp(Code::Cmp::slt, exactSum(), code.word(0));
  return code.select(isBelow, code.word(INT64_MIN), code.word(INT64_MAX));
}

Val Sum::finishAverage() {
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

std::unique_ptr<Member> millrace::lowering::sumMember(Code &code, const Table &table, unsigned index,
                                                      const Slot &slot) {
  return std::make_unique<Sum>(code, table, index, slot);
}
