//===- Quantile.cpp - quantile, quantile_disc, median, approx_quantile --------===//
//
// What is kept is a text of the table's arena, which the runtime reads as a list
// of ranks or a sketch of one (runtime/state/number_list.h). A rank is a word
// whose order is that of the values.
//
//===----------------------------------------------------------------------===//
#include "lowering/Over.h"
#include "lowering/aggregates/Member.h"

#include "dialect/expr/AggregateFacts.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Quantile : public Member {
public:
  Quantile(Code &code, const Table &table, unsigned index, const Slot &slot)
      : Member(code, table, index, slot), isCounted(countsValues(table, index)) {}

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    Value scalar = arguments.front().scalar();
    whenTaken(take, [&] {
      SmallVector<Value, 6> values = textInTable(place.value);
      values.push_back(orderWord(member.getArgument(), scalar));
      storeText(place.value, code.call(isCounted    ? Rt::mr_counted_add
                                       : isSketch() ? Rt::mr_quantiles_add
                                                    : Rt::mr_numbers_add,
                                       values));
      trim();
    });
    setSeen(take);
  }

  void unfold(ArrayRef<Val> arguments, Value take, Value, Member &) override {
    Value scalar = arguments.front().scalar();
    whenTaken(skipNulls(arguments, take), [&] {
      SmallVector<Value, 6> values = textInTable(place.value);
      values.push_back(orderWord(member.getArgument(), scalar));
      storeText(place.value, code.call(Rt::mr_counted_take, values));
    });
  }

  void combine(const Member &from) override {
    combineText(isSketch() ? Rt::mr_quantiles_add_all : Rt::mr_numbers_add_all, place.value, from);
    trim();
    combineSeen(from);
  }

  Val finish(uint32_t, Value isInUse) override {
    if (isCounted)
      return finishCounted();
    SmallVector<Value, 6> values = textInTable(place.value);
    values.push_back(code.real(code.f64(), fraction()));
    Value distinct = code.boolean(isDistinct());
    Val result;
    if (isSketch()) {
      result.parts = {valueOf(code.call1(Rt::mr_quantiles_at, values))};
    } else if (member.getFn() == "quantile_disc") {
      values.push_back(distinct);
      result.parts = {valueOf(code.call1(Rt::mr_numbers_discrete, values))};
    } else {
      values.push_back(kindOfRanks());
      values.push_back(distinct);
      result.parts = {code.call1(Rt::mr_numbers_quantile, values)};
    }
    return withNull(result, isInUse);
  }

private:
  /// With the values at hand a sketch of them needs no estimate.
  Val finishCounted() {
    SmallVector<Value, 6> values = textInTable(place.value);
    Value distinct = code.boolean(isDistinct());
    Val result;
    if (isNullable(member.getResult())) {
      SmallVector<Value, 6> number = values;
      number.push_back(distinct);
      result.valid = code.cmp(Code::Cmp::ne, code.call1(Rt::mr_counted_number, number), code.word(0));
    }
    values.push_back(code.real(code.f64(), fraction()));
    bool isDiscrete = isSketch() || member.getFn() == "quantile_disc";
    if (!isDiscrete)
      values.push_back(kindOfRanks());
    values.push_back(distinct);
    result.parts = {isDiscrete ? valueOf(code.call1(Rt::mr_counted_discrete, values))
                               : code.call1(Rt::mr_counted_quantile, values)};
    return result;
  }

  Value kindOfRanks() {
    bool isReal = isa<FloatType>(valueType(member.getArgument()));
    return code.half(isReal ? 2 : isUnsigned(member.getArgument()) ? 1 : 0);
  }

  bool isSketch() const { return member.getFn() == "approx_quantile"; }
  bool isDistinct() const { return expr::has(member.getOptions(), "distinct"); }

  /// Of equal numbers one is enough.
  void trim() {
    if (isDistinct() && !isCounted)
      storeText(place.value, code.call(Rt::mr_numbers_trim, textInTable(place.value)));
  }

  double fraction() const {
    auto given = member.getOptions().getAs<FloatAttr>("fraction");
    return given ? given.getValueAsDouble() : 0.5;
  }

  /// The value of an orderWord.
  Value valueOf(Value rank) {
    if (isa<FloatType>(valueType(member.getArgument()))) {
      Value sign = code.createOrFold<arith::ShRSIOp>(rank, code.word(63));
      Value mask = code.createOrFold<arith::XOrIOp>(sign, code.word(-1));
      rank = code.createOrFold<arith::XOrIOp>(rank, code.either(mask, code.word(INT64_MIN)));
    } else if (!isUnsigned(member.getArgument())) {
      rank = code.createOrFold<arith::XOrIOp>(rank, code.word(INT64_MIN));
    }
    return scalarOf(member.getArgument(), rank);
  }

  const bool isCounted; ///< each value with how often it is there
};
} // namespace

std::unique_ptr<Member> millrace::lowering::quantileMember(Code &code, const Table &table, unsigned index,
                                                           const Slot &slot) {
  return std::make_unique<Quantile>(code, table, index, slot);
}
