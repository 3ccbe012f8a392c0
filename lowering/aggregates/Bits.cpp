//===- Bits.cpp - any, all, bit_and, bit_or, bit_xor --------------------------===//
//
// What is kept of any, bit_or and bit_xor is the result; of all and bit_and its
// bits are turned, so that zero is the identity there too.
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Bits : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    Value bits = turned(arguments.front().scalar());
    if (take)
      bits = code.select(take, bits, code.zero(bits.getType()));
    add(asStored(bits));
    setSeen(take);
    if (place.extra)
      foldCount(place.extra, take);
  }

  void combine(const Member &from) override {
    add(loadOf(from, storedType(), place.value));
    combineSeen(from);
    if (place.extra)
      addWord(place.extra, from);
  }

  void remove(const Member &from) override {
    assert(isXor() && "of these only bit_xor has an inverse, itself");
    add(loadOf(from, storedType(), place.value));
    if (place.extra)
      removeWord(place.extra, from);
  }

  Val finish(uint32_t, Value isInUse) override {
    Val result;
    result.parts = {turned(code.resize(pieces.load(storedType(), place.value), partType(), /*isSigned=*/false))};
    return withNull(result, isInUse);
  }

private:
  bool isXor() const { return member.getFn() == "bit_xor"; }
  bool isTurned() const { return member.getFn() == "all" || member.getFn() == "bit_and"; }
  Type partType() const { return partTypes(member.getArgument(), code.getContext()).front(); }
  /// A bool takes a byte.
  Type storedType() const { return partType().isInteger(1) ? code.i8() : partType(); }
  Value asStored(Value bits) { return code.resize(bits, storedType(), /*isSigned=*/false); }

  Value turned(Value bits) {
    if (!isTurned())
      return bits;
    bool isBool = bits.getType().isInteger(1);
    return code.createOrFold<arith::XOrIOp>(bits, isBool ? code.boolean(true) : code.constant(bits.getType(), -1));
  }

  void add(Value bits) {
    Value now = pieces.load(storedType(), place.value);
    pieces.store(isXor() ? code.createOrFold<arith::XOrIOp>(now, bits) : code.either(now, bits), place.value);
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::bitsMember(Code &code, const Table &table, unsigned index,
                                                       const Slot &slot) {
  return std::make_unique<Bits>(code, table, index, slot);
}
