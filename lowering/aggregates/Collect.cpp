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
  Collect(Code &code, const Table &table, unsigned index, const Slot &slot)
      : ListMember(code, table, index, slot, Type()) {}

  void fold(ArrayRef<Val> arguments, Value take, Value time) override {
    Val value = arguments.front();
    if (member.getOptions().contains("ignore_nulls"))
      take = bothValid(code, take, std::exchange(value.valid, {}));
    whenTaken(take, [&] { change(Rt::mr_list_add, {time, row(nullptr, value), entry()}); });
  }

  void combine(const Member &from) override { combineText(Rt::mr_list_add_all, place.value, from); }

  Val finish(uint32_t, Value) override { return values(Rt::mr_list_values, entry()); }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::collectMember(Code &code, const Table &table, unsigned index,
                                                          const Slot &slot) {
  return std::make_unique<Collect>(code, table, index, slot);
}
