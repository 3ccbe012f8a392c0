//===- Distinct.cpp - count(distinct …), approx_count_distinct ----------------===//
//
// What is kept is a text of the table's arena, which the runtime reads as a set
// or a sketch of one (runtime/state/value_set.h).
//
//===----------------------------------------------------------------------===//
#include "lowering/aggregates/Member.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {
class Distinct : public Member {
public:
  using Member::Member;

  void fold(ArrayRef<Val> arguments, Value take, Value) override {
    take = skipNulls(arguments, take);
    auto add = [&] {
      SmallVector<Value, 5> values = inTable();
      Rt function = isSketch() ? Rt::mr_sketch_add_word : Rt::mr_set_add_word;
      if (isText(member.getArgument())) {
        function = isSketch() ? Rt::mr_sketch_add_text : Rt::mr_set_add_text;
        llvm::append_range(values, arguments.front().parts);
      } else {
        values.push_back(asWord(arguments.front().scalar()));
      }
      store(code.call(function, values));
    };
    if (take)
      code.when(take, add);
    else
      add();
  }

  void combine(const Member &from) override {
    SmallVector<Value, 6> values = inTable();
    llvm::append_range(values, static_cast<const Distinct &>(from).inTable());
    store(code.call(isSketch() ? Rt::mr_sketch_add_all : Rt::mr_set_add_all, values));
  }

  Val finish(uint32_t, Value) override {
    Val result;
    result.parts = {code.call1(isSketch() ? Rt::mr_sketch_count : Rt::mr_set_count, inTable())};
    return result;
  }

private:
  bool isSketch() const { return member.getFn() == "approx_count_distinct"; }

  /// The table, and the two words of the set in it.
  SmallVector<Value, 5> inTable() const {
    Value address = pieces.addressToRead(place.value);
    return {slot.in.get(code), code.load(code.i64(), address, Memory::Table, 8),
            code.load(code.i64(), code.at(address, 8), Memory::Table, 8)};
  }

  void store(ArrayRef<Value> words) {
    Value address = pieces.addressToWrite(place.value);
    code.store(words[0], address, Memory::Table, 8);
    code.store(words[1], code.at(address, 8), Memory::Table, 8);
  }

  /// One word for each value: of floats one NaN and one zero (rule 26).
  Value asWord(Value scalar) {
    if (isa<FloatType>(scalar.getType())) {
      if (!scalar.getType().isF64())
        scalar = code.createOrFold<arith::ExtFOp>(code.f64(), scalar);
      return code.call1(Rt::mr_key_f64, {scalar});
    }
    return code.resize(scalar, code.i64(), !isUnsigned(member.getArgument()));
  }
};
} // namespace

std::unique_ptr<Member> millrace::lowering::distinctMember(Code &code, const Table &table, unsigned index,
                                                           const Slot &slot) {
  return std::make_unique<Distinct>(code, table, index, slot);
}
