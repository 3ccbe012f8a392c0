//===- Quantile.cpp - quantile, quantile_disc, median, approx_quantile --------===//
//
// What is kept is a text of the table's arena, which the runtime reads as a list
// of ranks or a sketch of one (runtime/state/number_list.h). A rank is a word
// whose order is that of the values.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

#include "dialect/expr/AggregateFacts.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Quantile : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    Value scalar = arguments.front().scalar();
    whenTaken(take, [&] {
      SmallVector<Value, 6> values = textInTable(place.value);
      values.push_back(orderWord(member.getArgument(), scalar));
      storeText(place.value, code.call(isSketch() ? Rt::mr_quantiles_add : Rt::mr_numbers_add, values));
      trim();
    });
    setSeen(take);
  }

  void combine(const Member &from) override {
    combineText(isSketch() ? Rt::mr_quantiles_add_all : Rt::mr_numbers_add_all, place.value, from);
    trim();
    combineSeen(from);
  }

  Val finish(uint32_t, Value isInUse) override {
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
      bool isReal = isa<FloatType>(valueType(member.getArgument()));
      values.push_back(code.half(isReal ? 2 : isUnsigned(member.getArgument()) ? 1 : 0));
      values.push_back(distinct);
      result.parts = {code.call1(Rt::mr_numbers_quantile, values)};
    }
    return withNull(result, isInUse);
  }

private:
  bool isSketch() const { return member.getFn() == "approx_quantile"; }
  bool isDistinct() const { return expr::has(member.getOptions(), "distinct"); }

  /// Of equal numbers one is enough.
  void trim() {
    if (isDistinct())
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
};
} // namespace

std::unique_ptr<Member> millrace::lowering::quantileMember(Code &code, const Table &table, unsigned index,
                                                           const Slot &slot) {
  return std::make_unique<Quantile>(code, table, index, slot);
}
