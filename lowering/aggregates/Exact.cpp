//===- Exact.cpp - sum and avg of floats of which nothing is lost -------------===//
//
// What is kept is a text of the table's arena, which the runtime reads as a
// number with as many bits as it takes (runtime/state/exact_sum.h). So it can be
// taken away again, and the order does not matter (rule 24).
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class ExactSum : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    Value value = arguments.front().scalar();
    if (!value.getType().isF64())
      value = code.createOrFold<arith::ExtFOp>(code.f64(), value);
    whenTaken(take, [&] {
      SmallVector<Value, 6> values = textInTable(place.value);
      values.push_back(value);
      storeText(place.value, code.call(Rt::mr_exact_add, values));
    });
    setSeen(take);
    if (place.extra)
      foldCount(place.extra, take);
  }

  void combine(const Member &from) override {
    combineText(Rt::mr_exact_add_all, place.value, from);
    combineSeen(from);
    if (place.extra)
      addWord(place.extra, from);
  }

  void remove(const Member &from) override {
    combineText(Rt::mr_exact_take_all, place.value, from);
    if (place.extra)
      removeWord(place.extra, from);
  }

  Val finish(uint32_t, Value isInUse) override {
    Val result;
    SmallVector<Value, 6> stored = textInTable(place.value);
    if (member.getFn() != "avg") {
      result.parts = {code.call1(Rt::mr_exact_sum, stored)};
      return withNull(result, isInUse);
    }
    // By what is divided lies in the halves of the two words that are zero (runtime/state/exact_sum.cpp): so it is
    // rounded once.
    Value count = pieces.load(code.i64(), place.extra), half = code.word(32);
    Value none = code.cmp(Code::Cmp::eq, count, code.word(0));
    Value upper = code.createOrFold<arith::ShLIOp>(code.createOrFold<arith::ShRUIOp>(count, half), half);
    stored[1] = code.either(stored[1], code.createOrFold<arith::ShLIOp>(count, half));
    stored[2] = code.either(stored[2], upper);
    result.parts = {code.call1(Rt::mr_exact_sum, stored)};
    if (isNullable(member.getResult()))
      result.valid = code.invert(none);
    return result;
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::exactSumMember(Code &code, const Table &table, unsigned index,
                                                           const Slot &slot) {
  return std::make_unique<ExactSum>(code, table, index, slot);
}
