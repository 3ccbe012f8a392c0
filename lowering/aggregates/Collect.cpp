//===- Collect.cpp - collect ---------------------------------------------------===//
//
// Every value with its time; the result has them by (timestamp, arrival), nulls
// kept unless told otherwise (rule 27).
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/ListMember.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Collect : public ListMember {
public:
  Collect(Code &code, const Table &table, unsigned index, const Slot &slot) : ListMember(code, table, index, slot) {}

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    Val value = arguments.front();
    if (member.getOptions().contains("ignore_nulls"))
      take = bothValid(code, take, std::exchange(value.valid, {}));
    bool isReal = isa<FloatType>(valueType(member.getArgument()));
    if (isDistinct() && isReal) // equal ones are to be equal bytes
      value.parts = {scalarOf(member.getArgument(), keyWord(member.getArgument(), value.scalar()))};
    whenTaken(take, [&] {
      change(Rt::mr_list_add, {time, row({}, value), entry()});
      trim();
    });
  }

  void combine(const Member &from) override {
    combineText(Rt::mr_list_add_all, place.value, from);
    trim();
  }

  Val finish(uint32_t, Value) override { return values(Rt::mr_list_values, entry()); }

private:
  bool isDistinct() const { return member.getOptions().contains("distinct"); }

  /// Of equal values only the first is of use.
  void trim() {
    if (!isDistinct())
      return;
    SmallVector<Value, 6> list = textInTable(place.value);
    list.push_back(entry());
    code.call(Rt::mr_list_trim, list);
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::collectMember(Code &code, const Table &table, unsigned index,
                                                          const Slot &slot) {
  return std::make_unique<Collect>(code, table, index, slot);
}
