//===- Dense.cpp - an array by the key's index --------------------------------===//
//
// The fields of the key are the digits of the index, the first the most
// significant, null the last value of its field: so positions have the order of
// keys. A guard stands before every digit that its type does not bound.
//
//===----------------------------------------------------------------------===//
#include "lowering/table/Keys.h"
#include "lowering/table/TableAccess.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {

class DenseAccess : public TableAccess {
public:
  using TableAccess::TableAccess;

  bool isInKeyOrder() const override { return true; }
  bool isFixed() const override { return true; }
  TableHead makeHead() override { return variables(/*withMask=*/false); }

  std::optional<int64_t> capacity() const override {
    uint64_t positions = 1;
    for (unsigned i = 0; i < type.getKeyTypes().size(); ++i)
      positions *= digits(i);
    return int64_t(positions);
  }

  void prefetch(const TableInHand &in, ArrayRef<Val> keys, Value) override {
    Value inside, index = indexOf(keys, inside);
    LLVM::Prefetch::create(code, at(in, index).address, /*rw=*/1, /*hint=*/3, /*cache=*/1);
  }

  SmallVector<Val> keysAt(const Slot &slot, Value position) override {
    SmallVector<Val> keys(type.getKeyTypes().size());
    for (unsigned i = keys.size(); i-- > 0;) {
      state::KeyRange range = rangeOf(i);
      Value base = code.word(int64_t(digits(i)));
      Value digit = i == 0 ? position : code.createOrFold<arith::RemUIOp>(position, base);
      keys[i] = decodeField(code, type.getKeyTypes()[i], range, digit);
      if (isNullable(type.getKeyTypes()[i])) {
        keys[i].valid = code.cmp(Code::Cmp::ne, digit, code.word(int64_t(range.values)));
        clearUnless(code, keys[i], keys[i].valid);
      }
      if (i)
        position = code.createOrFold<arith::DivUIOp>(position, base);
    }
    return keys;
  }

protected:
  bool isByPosition() const override { return true; }

  Value findSlot(const TableInHand &in, ArrayRef<Val> keys) override {
    Value inside, index = indexOf(keys, inside);
    if (inside) // an invariant: what is outside was an error of the record, so there is nothing to go on with
      code.when(code.expect(code.invert(inside), false),
                [&] { code.call(Rt::mr_dense_reach, {in.get(code), code.word(-1)}); });
    return at(in, index).address;
  }

private:
  uint64_t digits(unsigned field) const { return rangeOf(field).values + isNullable(type.getKeyTypes()[field]); }

  /// Does the type alone keep the field within its range?
  bool isBounded(unsigned field) const {
    auto integer = dyn_cast<IntegerType>(valueType(type.getKeyTypes()[field]));
    state::KeyRange range = rangeOf(field);
    return integer && integer.getWidth() <= 16 && range.values == uint64_t(1) << integer.getWidth();
  }

  /// `inside`: are all fields within their ranges? None: they cannot be outside.
  Value indexOf(ArrayRef<Val> keys, Value &inside) {
    Value index;
    for (unsigned i = 0; i < keys.size(); ++i) {
      state::KeyRange range = rangeOf(i);
      Value digit = encodeField(code, type.getKeyTypes()[i], range, keys[i]);
      if (keys[i].valid)
        digit = code.select(keys[i].valid, digit, code.word(int64_t(range.values)));
      if (!isBounded(i))
        inside = bothValid(code, inside, code.cmp(Code::Cmp::ult, digit, code.word(int64_t(digits(i)))));
      index = index ? code.add(code.mul(index, code.word(int64_t(digits(i)))), digit) : digit;
    }
    return index ? index : code.word(0);
  }
};

} // namespace

std::unique_ptr<TableAccess> millrace::lowering::denseAccess(Code &code, Value task, const Table &table) {
  return std::make_unique<DenseAccess>(code, task, table);
}
