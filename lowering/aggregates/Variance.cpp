//===- Variance.cpp - var_pop, var_samp, stddev_pop, stddev_samp --------------===//
//
// Of integers the exact sum and the exact sum of squares (rule 25): a square has
// 128 bits, and there are fewer than 2^63 of them, so 192 hold all; one division
// of what the runtime makes of them rounds once. Of floats by Welford, of two
// slots by Chan: B. P. Welford, Note on a method for calculating corrected sums
// of squares and products (1962); Chan, Golub, LeVeque, Updating formulae and a
// pairwise algorithm for computing sample variances (1979).
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Variance : public Member {
public:
  using Member::Member;

  Val finish(uint32_t, Value) override {
    Value count = pieces.load(code.i64(), place.extra);
    Val result;
    Value square = variance(count);
    result.parts = {member.getFn().starts_with("stddev_") ? code.createOrFold<LLVM::SqrtOp>(code.f64(), square)
                                                          : square};
    if (isNullable(member.getResult()))
      result.valid = code.cmp(Code::Cmp::ugt, count, code.word(isSample() ? 1 : 0));
    return result;
  }

protected:
  /// Of anything where there are too few.
  virtual Value variance(Value count) = 0;
  bool isSample() const { return member.getFn().ends_with("_samp"); }
};

class IntegerVariance : public Variance {
public:
  using Variance::Variance;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    bool isSigned = !isUnsigned(member.getArgument());
    Value value = arguments.front().scalar();
    if (take)
      value = code.select(take, value, code.zero(value.getType()));
    // The square of 32 bits fits into 64, of 64 into 128, as if it had no sign.
    Type twice = cast<IntegerType>(value.getType()).getWidth() <= 32 ? code.i64() : code.i128();
    Value wide = code.resize(value, twice, isSigned);
    add(sum(), code.resize(value, code.i128(), isSigned));
    add(squares(), code.resize(code.mul(wide, wide), squaresType(), /*isSigned=*/false));
    foldCount(place.extra, take);
  }

  void combine(const Member &from) override {
    add(sum(), loadOf(from, code.i128(), sum()));
    add(squares(), loadOf(from, squaresType(), squares()));
    addWord(place.extra, from);
  }

  void remove(const Member &from) override {
    take(sum(), loadOf(from, code.i128(), sum()));
    take(squares(), loadOf(from, squaresType(), squares()));
    removeWord(place.extra, from);
  }

private:
  Value variance(Value count) override {
    return code.call1(Rt::mr_variance,
                      {count, pieces.addressToRead(sum()), pieces.addressToRead(squares()), code.boolean(isSample())});
  }

  const Place &sum() const { return place.words[0]; }
  const Place &squares() const { return place.words[1]; }
  Type squaresType() const { return code.getIntegerType(192); }
  void add(const Place &to, Value value) { pieces.store(code.add(pieces.load(value.getType(), to), value), to); }
  void take(const Place &of, Value value) { pieces.store(code.sub(pieces.load(value.getType(), of), value), of); }
};

class FloatVariance : public Variance {
public:
  using Variance::Variance;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    Value value = arguments.front().scalar();
    if (!value.getType().isF64())
      value = code.createOrFold<arith::ExtFOp>(code.f64(), value);
    foldCount(place.extra, take);
    Value count = code.createOrFold<arith::UIToFPOp>(code.f64(), pieces.load(code.i64(), place.extra));
    Value before = pieces.load(code.f64(), mean()), sum = pieces.load(code.f64(), squares());
    Value off = sub(value, before);
    Value after = add(before, div(off, count));
    Value more = add(sum, mul(off, sub(value, after)));
    pieces.store(take ? code.select(take, after, before) : after, mean());
    pieces.store(take ? code.select(take, more, sum) : more, squares());
  }

  void combine(const Member &from) override {
    Value mine = pieces.load(code.i64(), place.extra), more = loadOf(from, code.i64(), place.extra);
    Value all = code.add(mine, more);
    Value a = real(mine), b = real(more), n = real(all);
    Value meanA = pieces.load(code.f64(), mean()), meanB = loadOf(from, code.f64(), mean());
    Value sumA = pieces.load(code.f64(), squares()), sumB = loadOf(from, code.f64(), squares());
    Value off = sub(meanB, meanA);
    Value share = div(b, n);
    Value nextMean = add(meanA, mul(off, share));
    Value nextSum = add(add(sumA, sumB), mul(mul(off, off), mul(a, share)));
    Value isFirst = code.cmp(Code::Cmp::eq, mine, code.word(0)),
          isNothing = code.cmp(Code::Cmp::eq, more, code.word(0));
    auto choose = [&](Value own, Value other, Value next) {
      return code.select(isNothing, own, code.select(isFirst, other, next));
    };
    pieces.store(choose(meanA, meanB, nextMean), mean());
    pieces.store(choose(sumA, sumB, nextSum), squares());
    pieces.store(all, place.extra);
  }

private:
  Value variance(Value count) override {
    Value divisor = isSample() ? code.sub(count, code.word(1)) : count;
    Value sum = pieces.load(code.f64(), squares());
    // Below zero only where the distance of two values is beyond f64: then it is not known.
    Value isKnown = code.cmp(Code::CmpF::OGE, sum, code.real(code.f64(), 0));
    return code.select(isKnown, div(sum, real(divisor)),
                       code.real(code.f64(), std::numeric_limits<double>::quiet_NaN()));
  }

  const Place &mean() const { return place.words[0]; }
  const Place &squares() const { return place.words[1]; }
  Value real(Value count) { return code.createOrFold<arith::UIToFPOp>(code.f64(), count); }
  Value add(Value a, Value b) { return code.createOrFold<arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) { return code.createOrFold<arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) { return code.createOrFold<arith::MulFOp>(a, b); }
  Value div(Value a, Value b) { return code.createOrFold<arith::DivFOp>(a, b); }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::varianceMember(Code &code, const Table &table, unsigned index,
                                                           const Slot &slot) {
  if (isa<FloatType>(valueType(table.type().getMembers()[index].getArgument())))
    return std::make_unique<FloatVariance>(code, table, index, slot);
  return std::make_unique<IntegerVariance>(code, table, index, slot);
}
