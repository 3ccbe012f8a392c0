//===- ArgExtremes.cpp - argmin and argmax ------------------------------------===//
//
// The value of the record that has the least or the greatest of another one, of
// equal ones the earliest (rule 27): so beside both stands the time, so mapped
// that the earlier is greater and 0 is none.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class ArgExtreme : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    Value mapped = code.createOrFold<arith::XOrIOp>(time, code.word(INT64_MAX));
    Val by = arguments[1];
    take = bothValid(code, take, std::exchange(by.valid, {}));
    keepIfBetter(by, mapped, take, [&] { return arguments[0]; });
  }

  void combine(const Member &from) override {
    const auto &other = static_cast<const ArgExtreme &>(from);
    Value mapped = loadOf(from, code.i64(), place.extra);
    Value isThere = code.cmp(Code::Cmp::ne, mapped, code.word(0));
    keepIfBetter(other.keptAt(byType(), place.by), mapped, isThere, [&] {
      Val value = other.keptValue();
      if (place.null >= 0)
        value.valid = code.invert(flagOf(from, place.null));
      return value;
    });
  }

  Val finish(uint32_t, Value isInUse) override { return withNull(keptValue(), isInUse); }

private:
  bool isMax() const { return member.getFn() == "argmax"; }
  Type byType() const { return valueType(member.getArguments()[1]); }

  /// i1 each: is it better than what is kept, and is it as good? NaN is one value, above all others (rule 26).
  std::pair<Value, Value> compare(const Val &by, const Val &kept) {
    if (isText(byType())) {
      Value order = code.call1(Rt::mr_string_compare, {by.parts[0], by.parts[1], kept.parts[0], kept.parts[1]});
      return {code.cmp(isMax() ? Code::Cmp::sgt : Code::Cmp::slt, order, code.half(0)),
              code.cmp(Code::Cmp::eq, order, code.half(0))};
    }
    Value a = by.scalar(), b = kept.scalar();
    if (isa<FloatType>(byType())) {
      Value aIsNan = code.cmp(Code::CmpF::UNO, a, a), bIsNan = code.cmp(Code::CmpF::UNO, b, b);
      Value above = code.both(isMax() ? aIsNan : bIsNan, code.invert(isMax() ? bIsNan : aIsNan));
      return {code.either(code.cmp(isMax() ? Code::CmpF::OGT : Code::CmpF::OLT, a, b), above),
              code.either(code.cmp(Code::CmpF::OEQ, a, b), code.both(aIsNan, bIsNan))};
    }
    bool isU = isUnsigned(byType());
    Code::Cmp better = isMax() ? (isU ? Code::Cmp::ugt : Code::Cmp::sgt) : (isU ? Code::Cmp::ult : Code::Cmp::slt);
    return {code.cmp(better, a, b), code.cmp(Code::Cmp::eq, a, b)};
  }

  void keepIfBetter(const Val &by, Value mapped, Value take, llvm::function_ref<Val()> value) {
    Value since = pieces.load(code.i64(), place.extra);
    auto [better, equal] = compare(by, keptAt(byType(), place.by));
    Value earlier = code.both(equal, code.cmp(Code::Cmp::ugt, mapped, since));
    Value isNone = code.cmp(Code::Cmp::eq, since, code.word(0));
    Value replace = code.either(isNone, code.either(better, earlier));
    code.when(bothValid(code, replace, take), [&] {
      keep(value());
      keepAt(byType(), place.by, by);
      pieces.store(mapped, place.extra);
    });
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::argExtremeMember(Code &code, const Table &table, unsigned index,
                                                             const Slot &slot) {
  return std::make_unique<ArgExtreme>(code, table, index, slot);
}
