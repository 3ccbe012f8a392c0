//===- Distinct.cpp - count(distinct …), approx_count_distinct ----------------===//
//
// What is kept is a text of the table's arena, which the runtime reads as a set
// or a sketch of one (runtime/state/value_set.h).
//
//===----------------------------------------------------------------------===//
#include "lowering/Over.h"
#include "lowering/aggregates/Member.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Distinct : public Member {
public:
  Distinct(Code &code, const Table &table, unsigned index, const Slot &slot)
      : Member(code, table, index, slot), isCounted(countsValues(table, index)) {}

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    auto add = [&] {
      SmallVector<Value, 6> values = textInTable(place.value);
      Rt function = isSketch() ? Rt::mr_sketch_add_word : Rt::mr_set_add_word;
      if (isText(member.getArgument())) {
        function = isSketch() ? Rt::mr_sketch_add_text : Rt::mr_set_add_text;
        llvm::append_range(values, arguments.front().parts);
      } else if (isCounted) {
        function = Rt::mr_counted_add;
        values.push_back(orderWord(member.getArgument(), arguments.front().scalar()));
      } else {
        values.push_back(keyWord(member.getArgument(), arguments.front().scalar()));
      }
      storeText(place.value, code.call(function, values));
    };
    if (take)
      code.when(take, add);
    else
      add();
  }

  void unfold(ArrayRef<Val> arguments, Value take, Value, Member &) override {
    whenTaken(skipNulls(arguments, take), [&] {
      SmallVector<Value, 6> values = textInTable(place.value);
      values.push_back(orderWord(member.getArgument(), arguments.front().scalar()));
      storeText(place.value, code.call(Rt::mr_counted_take, values));
    });
  }

  void combine(const Member &from) override {
    SmallVector<Value, 6> values = textInTable(place.value);
    llvm::append_range(values, textInTable(from, place.value));
    storeText(place.value, code.call(isSketch() ? Rt::mr_sketch_add_all : Rt::mr_set_add_all, values));
  }

  /// Of a running result over slices, which knows of each value in which slice it was last.
  void remove(const Member &from) override {
    assert(!isSketch() && "sketches have no inverse");
    combineText(Rt::mr_set_take_all, place.value, from);
  }

  Val finish(uint32_t, Value) override {
    Val result;
    if (isCounted) {
      SmallVector<Value, 6> values = textInTable(place.value);
      values.push_back(code.boolean(true));
      result.parts = {code.call1(Rt::mr_counted_number, values)};
      return result;
    }
    result.parts = {code.call1(isSketch() ? Rt::mr_sketch_count : Rt::mr_set_count, textInTable(place.value))};
    return result;
  }

private:
  bool isSketch() const { return member.getFn() == "approx_count_distinct"; }

  const bool isCounted; ///< each value with how often it is there
};
} // namespace

std::unique_ptr<Member> millrace::lowering::distinctMember(Code &code, const Table &table, unsigned index,
                                                           const Slot &slot) {
  return std::make_unique<Distinct>(code, table, index, slot);
}
