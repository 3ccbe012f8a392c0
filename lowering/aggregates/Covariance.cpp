//===- Covariance.cpp - covar_pop, covar_samp, corr ---------------------------===//
//
// In f64, by the formulas of Variance.cpp for the product of two distances to
// their means. Pairs of which one is null are passed over (rule 28).
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Covariance : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    Value x = asReal(arguments[0], 0), y = asReal(arguments[1], 1);
    foldCount(place.extra, take);
    Value count = real(pieces.load(code.i64(), place.extra));
    Moments now = load(*this), next;
    Value offX = sub(x, now.mean1), offY = sub(y, now.mean2);
    next.mean1 = add(now.mean1, div(offX, count));
    next.mean2 = add(now.mean2, div(offY, count));
    Value restX = sub(x, next.mean1), restY = sub(y, next.mean2);
    next.products = add(now.products, mul(offX, restY));
    if (isCorr()) {
      next.squares1 = add(now.squares1, mul(offX, restX));
      next.squares2 = add(now.squares2, mul(offY, restY));
    }
    store(take ? choose(take, next, now) : next);
  }

  void combine(const Member &from) override {
    Value mine = pieces.load(code.i64(), place.extra), more = loadOf(from, code.i64(), place.extra);
    Value all = code.add(mine, more), share = div(real(more), real(all)), weight = mul(real(mine), share);
    Moments a = load(*this), b = load(from), next;
    Value offX = sub(b.mean1, a.mean1), offY = sub(b.mean2, a.mean2);
    next.mean1 = add(a.mean1, mul(offX, share));
    next.mean2 = add(a.mean2, mul(offY, share));
    next.products = add(add(a.products, b.products), mul(mul(offX, offY), weight));
    if (isCorr()) {
      next.squares1 = add(add(a.squares1, b.squares1), mul(mul(offX, offX), weight));
      next.squares2 = add(add(a.squares2, b.squares2), mul(mul(offY, offY), weight));
    }
    next = choose(code.cmp(Code::Cmp::eq, mine, code.word(0)), b, next);
    store(choose(code.cmp(Code::Cmp::eq, more, code.word(0)), a, next));
    pieces.store(all, place.extra);
  }

  Val finish(uint32_t, Value) override {
    Value count = pieces.load(code.i64(), place.extra);
    bool isSample = member.getFn() == "covar_samp";
    Value enough = code.cmp(Code::Cmp::ugt, count, code.word(isSample ? 1 : 0));
    Moments now = load(*this);
    Val result;
    if (isCorr()) {
      Value root = mul(code.createOrFold<LLVM::SqrtOp>(code.f64(), now.squares1),
                       code.createOrFold<LLVM::SqrtOp>(code.f64(), now.squares2));
      result.parts = {clamp(div(now.products, root))};
      for (Value squares : {now.squares1, now.squares2}) // a line has no slope to speak of
        enough = code.both(enough, code.cmp(Code::CmpF::UNE, squares, code.real(code.f64(), 0)));
    } else {
      result.parts = {div(now.products, real(isSample ? code.sub(count, code.word(1)) : count))};
    }
    if (isNullable(member.getResult()))
      result.valid = enough;
    return result;
  }

private:
  struct Moments {
    Value mean1, mean2, products, squares1, squares2; ///< the last two only of corr
  };

  bool isCorr() const { return member.getFn() == "corr"; }

  Moments load(const Member &of) const {
    SmallVector<Value, 5> values;
    for (const Place &word : place.words)
      values.push_back(loadOf(of, code.f64(), word));
    values.resize(5);
    return {values[0], values[1], values[2], values[3], values[4]};
  }

  void store(const Moments &moments) {
    Value values[] = {moments.mean1, moments.mean2, moments.products, moments.squares1, moments.squares2};
    for (auto [word, value] : llvm::zip(place.words, values))
      pieces.store(value, word);
  }

  Moments choose(Value condition, const Moments &a, const Moments &b) {
    auto pick = [&](Value x, Value y) { return x ? code.select(condition, x, y) : Value(); };
    return {pick(a.mean1, b.mean1), pick(a.mean2, b.mean2), pick(a.products, b.products), pick(a.squares1, b.squares1),
            pick(a.squares2, b.squares2)};
  }

  /// Rounding may lead a little beyond 1.
  Value clamp(Value value) {
    for (auto [limit, beyond] : {std::pair(1.0, Code::CmpF::OGT), std::pair(-1.0, Code::CmpF::OLT)}) {
      Value most = code.real(code.f64(), limit);
      value = code.select(code.cmp(beyond, value, most), most, value);
    }
    return value;
  }

  Value asReal(const Val &argument, unsigned number) {
    Value value = argument.scalar();
    if (value.getType().isF64())
      return value;
    if (isa<FloatType>(value.getType()))
      return code.createOrFold<arith::ExtFOp>(code.f64(), value);
    return isUnsigned(member.getArguments()[number]) ? code.createOrFold<arith::UIToFPOp>(code.f64(), value)
                                                     : code.createOrFold<arith::SIToFPOp>(code.f64(), value);
  }

  Value real(Value count) { return code.createOrFold<arith::UIToFPOp>(code.f64(), count); }
  Value add(Value a, Value b) { return code.createOrFold<arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) { return code.createOrFold<arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) { return code.createOrFold<arith::MulFOp>(a, b); }
  Value div(Value a, Value b) { return code.createOrFold<arith::DivFOp>(a, b); }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::covarianceMember(Code &code, const Table &table, unsigned index,
                                                             const Slot &slot) {
  return std::make_unique<Covariance>(code, table, index, slot);
}
