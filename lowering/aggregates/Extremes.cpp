//===- Extremes.cpp - min and max ---------------------------------------------===//
#include "lowering/aggregates/Member.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
/// Of numbers, times and bools: kept so mapped that all bytes zero is what every value is better than.
class NumericExtreme : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    Value value = arguments.front().scalar();
    if (isa<FloatType>(value.getType())) {
      // The zeros are one (rule 26): with 0 added both are +0, so that it does not matter which one came first.
      Value one = arith::AddFOp::create(code, value, code.real(value.getType(), 0));
      pieces.store(betterFloat(one, take), place.value);
    } else {
      Value mapped = map(value);
      if (value.getType().isInteger(1)) // takes a byte
        mapped = code.resize(mapped, code.i8(), false);
      if (take)
        mapped = code.select(take, mapped, code.zero(mapped.getType()));
      keepGreater(mapped);
    }
    setSeen(take);
  }

  void combine(const Member &from) override {
    Type part = partType();
    if (auto f = dyn_cast<FloatType>(part)) {
      Value stored = loadOf(from, code.getIntegerType(f.getWidth()), place.value);
      pieces.store(betterFloat(asFloat(f, stored), {}), place.value);
    } else {
      keepGreater(loadOf(from, part.isInteger(1) ? code.i8() : part, place.value));
    }
    combineSeen(from);
  }

  Val finish(uint32_t, Value isInUse) override {
    Type part = partType();
    Val result;
    if (auto f = dyn_cast<FloatType>(part)) {
      result.parts = {asFloat(f, pieces.load(code.getIntegerType(f.getWidth()), place.value))};
    } else {
      Value stored = pieces.load(part.isInteger(1) ? code.i8() : part, place.value);
      result.parts = {map(code.resize(stored, part, false))};
    }
    return withNull(result, isInUse);
  }

private:
  bool isMax() const { return member.getFn() == "max"; }
  Type partType() const { return partTypes(member.getArgument(), code.getContext()).front(); }

  /// Integers: so mapped that the greater unsigned one is better and 0 is none; floats, whose bits come out: so that 0
  /// is what every value is better than. The same function maps back.
  Value map(Value scalar) {
    if (auto f = dyn_cast<FloatType>(scalar.getType())) {
      // what max is better than: -Infinity; min: NaN, which is above all (rule 26)
      const llvm::fltSemantics &semantics = f.getFloatSemantics();
      APFloat worst = isMax() ? APFloat::getInf(semantics, /*Negative=*/true) : APFloat::getQNaN(semantics);
      Type bits = code.getIntegerType(f.getWidth());
      Value mask = code.constant(bits, int64_t(worst.bitcastToAPInt().getZExtValue()));
      return arith::XOrIOp::create(code, code.createOrFold<arith::BitcastOp>(bits, scalar), mask);
    }
    unsigned width = cast<IntegerType>(scalar.getType()).getWidth();
    uint64_t mask = isUnsigned(member.getArgument()) ? 0 : uint64_t(1) << (width - 1);
    if (!isMax())
      mask = ~mask;
    return mask ? code.createOrFold<arith::XOrIOp>(scalar, code.constant(scalar.getType(), int64_t(mask))) : scalar;
  }

  Value asFloat(FloatType type, Value stored) {
    return code.createOrFold<arith::BitcastOp>(type, map(code.createOrFold<arith::BitcastOp>(type, stored)));
  }

  /// The better one of a float and the one kept, as it is stored.
  Value betterFloat(Value value, Value take) {
    auto f = cast<FloatType>(value.getType());
    Value stored = pieces.load(code.getIntegerType(f.getWidth()), place.value);
    Value current = asFloat(f, stored);
    Value nan = isMax() ? value : current;
    Value better = code.either(code.cmp(isMax() ? Code::CmpF::OGT : Code::CmpF::OLT, value, current),
                               code.cmp(Code::CmpF::UNO, nan, nan));
    return code.select(bothValid(code, better, take), map(value), stored);
  }

  void keepGreater(Value mapped) {
    pieces.store(code.createOrFold<arith::MaxUIOp>(pieces.load(mapped.getType(), place.value), mapped), place.value);
  }
};

class TextExtreme : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    keepBetter(arguments.front(), skipNulls(arguments, take));
  }

  void combine(const Member &from) override {
    keepBetter(static_cast<const TextExtreme &>(from).keptValue(),
               place.seen >= 0 ? flagOf(from, place.seen) : Value());
  }

  Val finish(uint32_t, Value isInUse) override { return withNull(keptValue(), isInUse); }

private:
  void keepBetter(const Val &value, Value take) {
    bool isMax = member.getFn() == "max";
    Val current = keptValue();
    Value order =
        code.call1(Rt::mr_string_compare, {value.parts[0], value.parts[1], current.parts[0], current.parts[1]});
    Value replace = code.cmp(isMax ? Code::Cmp::sgt : Code::Cmp::slt, order, code.half(0));
    if (!isMax) // the empty string is the least: of max it is the identity, of min it has to be told
      replace = code.either(replace, code.invert(pieces.flag(unsigned(place.seen))));
    replace = bothValid(code, replace, take);
    code.when(replace, [&] { keep(value); });
    setSeen(take);
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::extremeMember(Code &code, const Table &table, unsigned index,
                                                          const Slot &slot) {
  if (isText(table.type().getMembers()[index].getArgument()))
    return std::make_unique<TextExtreme>(code, table, index, slot);
  return std::make_unique<NumericExtreme>(code, table, index, slot);
}
