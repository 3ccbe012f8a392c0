//===- KeptWith.cpp - members that are read out of others ----------------------===//
//
// Their pieces are those of the member that they are kept with (SlotLayout), so
// there is nothing to fold and nothing to combine: who holds them does it.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class KeptWith : public Member {
public:
  KeptWith(Code &code, const Table &table, unsigned index, const Slot &slot)
      : Member(code, table, index, slot), plain(plainMemberOf(code, table, index, slot)) {}

  void fold(ArrayRef<Val>, Value, Value) override {}
  void combine(const Member &) override {}
  void remove(const Member &) override {}
  Val finish(uint32_t overflow, Value isInUse) override { return plain->finish(overflow, isInUse); }

private:
  std::unique_ptr<Member> plain;
};
} // namespace

std::unique_ptr<Member> millrace::lowering::keptWithMember(Code &code, const Table &table, unsigned index,
                                                           const Slot &slot) {
  return std::make_unique<KeptWith>(code, table, index, slot);
}
