//===- Top.cpp - top, and argmin and argmax with ties ---------------------------===//
//
// The best rows by a value, of equal ones the earliest (rule 27); what is best
// together with others is the one best row with its ties. Records where the value
// is null are passed over.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/ListMember.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Top : public ListMember {
public:
  Top(Code &code, const Table &table, unsigned index, const Slot &slot)
      : ListMember(code, table, index, slot, typeOfBy(table.type().getMembers()[index])) {}

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    Val by = arguments[isTop(member) ? 0 : 1];
    take = bothValid(code, take, std::exchange(by.valid, {}));
    SmallVector<Val> values(isTop(member) ? arguments.drop_front() : arguments.take_front());
    if (values.empty()) // of the values themselves
      values.push_back(by);
    whenTaken(take, [&] { change(Rt::mr_top_add, {time, row(&by, values), entry(best())}); });
  }

  void combine(const Member &from) override {
    combineText(Rt::mr_list_add_all, place.value, from);
    SmallVector<Value, 6> list = textInTable(place.value);
    list.push_back(entry(best()));
    code.call(Rt::mr_top_trim, list);
  }

  Val finish(uint32_t, Value) override { return values(Rt::mr_top_values, entry(best())); }

private:
  static bool isTop(state::MemberAttr member) { return member.getFn() == "top"; }
  static Type typeOfBy(state::MemberAttr member) { return valueType(member.getArguments()[isTop(member) ? 0 : 1]); }

  Best best() const {
    DictionaryAttr options = member.getOptions();
    auto limit = options.getAs<IntegerAttr>("limit");
    return {limit ? limit.getInt() : 1, options.contains("ascending") || member.getFn() == "argmin",
            options.contains("with_ties")};
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::topMember(Code &code, const Table &table, unsigned index,
                                                      const Slot &slot) {
  return std::make_unique<Top>(code, table, index, slot);
}
