//===- Count.cpp - count: of records, or of values ----------------------------===//
#include "lowering/aggregates/Member.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Count : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override { foldCount(place.value, skipNulls(arguments, take)); }
  void combine(const Member &from) override { addWord(place.value, from); }
  void remove(const Member &from) override { removeWord(place.value, from); }

  Val finish(uint32_t, Value) override {
    Val result;
    result.parts = {pieces.load(code.i64(), place.value)};
    return result;
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::countMember(Code &code, const Table &table, unsigned index,
                                                        const Slot &slot) {
  return std::make_unique<Count>(code, table, index, slot);
}
