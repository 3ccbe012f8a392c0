//===- DistinctValues.cpp - aggregates over the set of different values -------===//
//
// Beside what the aggregate keeps lies the set of its values, which are numbers; a
// value is folded when it is new in there. What another slot has is gone through
// value by value.
//
//===----------------------------------------------------------------------===//
#include "lowering/Over.h"
#include "lowering/aggregates/Member.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class DistinctValues : public Member {
public:
  DistinctValues(Code &code, const Table &table, unsigned index, const Slot &slot)
      : Member(code, table, index, slot), plain(plainMemberOf(code, table, index, slot)),
        isCounted(countsValues(table, index)) {}

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    whenTaken(skipNulls(arguments, take), [&] { foldIfNew(arguments.front(), time); });
  }

  void unfold(ArrayRef<Val> arguments, Value take, Value time, Member &empty) override {
    whenTaken(skipNulls(arguments, take), [&] {
      Value before = number();
      SmallVector<Value, 6> values = textInTable(set());
      values.push_back(orderWord(member.getArgument(), arguments.front().scalar()));
      storeText(set(), code.call(Rt::mr_counted_take, values));
      Val value = arguments.front();
      value.valid = {};
      code.when(code.cmp(Code::Cmp::ne, before, number()),
                [&] { plain->unfold(value, {}, time, *static_cast<DistinctValues &>(empty).plain); });
    });
  }

  void combine(const Member &from) override {
    SmallVector<Value, 6> values = textInTable(from, set());
    code.loop(code.word(0), code.call1(Rt::mr_set_places, values), [&](Value at) {
      SmallVector<Value, 6> each = values;
      each.push_back(at);
      code.when(code.call1(Rt::mr_set_is_at, each), [&] {
        Val value;
        value.parts = {scalarOf(member.getArgument(), code.call1(Rt::mr_set_word_at, each))};
        foldIfNew(value, code.word(0));
      });
    });
  }

  Val finish(uint32_t overflow, Value isInUse) override { return plain->finish(overflow, isInUse); }

private:
  const Place &set() const { return place.words.back(); }

  void foldIfNew(Val value, Value time) {
    value.valid = {};
    Value before = number();
    SmallVector<Value, 6> values = textInTable(set());
    values.push_back(isCounted ? orderWord(member.getArgument(), value.scalar())
                               : keyWord(member.getArgument(), value.scalar()));
    storeText(set(), code.call(isCounted ? Rt::mr_counted_add : Rt::mr_set_add_word, values));
    code.when(code.cmp(Code::Cmp::ne, before, number()), [&] { plain->fold(value, {}, time); });
  }

  /// How many different values there are.
  Value number() {
    SmallVector<Value, 6> values = textInTable(set());
    if (!isCounted)
      return code.call1(Rt::mr_set_count, values);
    values.push_back(code.boolean(true));
    return code.call1(Rt::mr_counted_number, values);
  }

  std::unique_ptr<Member> plain;
  const bool isCounted; ///< each value with how often it is there
};
} // namespace

std::unique_ptr<Member> millrace::lowering::distinctValuesMember(Code &code, const Table &table, unsigned index,
                                                                 const Slot &slot) {
  return std::make_unique<DistinctValues>(code, table, index, slot);
}
