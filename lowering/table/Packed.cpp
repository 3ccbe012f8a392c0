//===- Packed.cpp - open addressing by one word that is the key ---------------===//
#include "lowering/table/Keys.h"
#include "lowering/table/TableAccess.h"

#include "dialect/state/Layout.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {

class PackedAccess : public TableAccess {
public:
  using TableAccess::TableAccess;

  TableHead makeHead() override { return variables(/*withMask=*/true); }

  void prefetch(const TableInHand &in, ArrayRef<Val> keys, Value) override { prefetchAt(in, computeHash(keys)); }

  bool knowsHome() const override { return true; }
  Slot home(const TableInHand &in, ArrayRef<Val> keys) override { return firstAt(in, computeHash(keys)); }

  SmallVector<Val> keysAt(const Slot &slot, Value position) override {
    SmallVector<Val> keys(type.getKeyTypes().size());
    Value word = code.call1(Rt::mr_packed_key, {slot.in.get(code), position, slotSize()});
    unsigned shift = 0;
    for (unsigned i = keys.size(); i-- > 0;) {
      Type field = type.getKeyTypes()[i];
      unsigned bits = bitsOf(i);
      auto cut = [&](unsigned from, unsigned width) -> Value {
        if (width == 0)
          return code.word(0);
        Value low = from ? code.createOrFold<arith::ShRUIOp>(word, code.word(from)) : word;
        return width == 64 ? low : code.both(low, code.word(int64_t(~uint64_t(0) >> (64 - width))));
      };
      keys[i] = decodeField(code, field, rangeOf(i), cut(shift, bits));
      shift += bits;
      if (hasNullBit(i))
        keys[i].valid = code.cmp(Code::Cmp::eq, cut(shift++, 1), code.word(0));
      else if (isNullable(field))
        keys[i].valid = code.invert(code.call1(Rt::mr_packed_is_null, {slot.in.get(code), position}));
      if (keys[i].valid)
        clearUnless(code, keys[i], keys[i].valid);
    }
    return keys;
  }

protected:
  Value findSlot(const TableInHand &in, ArrayRef<Val> keys) override {
    FieldCode coded = wordOf(keys);
    // What slots hold is what the loop has; LLVM would compare, and keep for new keys, the word that it came from.
    Value stored = opaque(turn(coded.bits, coded.turn ^ MR_PACKED_MASK));
    // Computed where it is needed: only for a key that is new. (An op of arith would be folded.)
    auto wordAgain = [&] { return LLVM::XOrOp::create(code, stored, code.word(int64_t(MR_PACKED_MASK))).getResult(); };
    Value hash = code.call1(Rt::mr_packed_hash, {wordAgain()});
    auto firstWord = [&](Value address) { return code.load(code.i64(), address, Memory::Table, 8); };
    auto insert = [&] { return code.call1(Rt::mr_packed_insert, {in.get(code), hash, wordAgain()}); };
    auto search = [&] {
      return probe(
          in, hash, [&](Value address) { return code.cmp(Code::Cmp::eq, firstWord(address), stored); },
          [&](Value address) { return code.cmp(Code::Cmp::eq, firstWord(address), code.word(0)); }, insert);
    };
    auto aside = [&](Rt function, ArrayRef<Value> arguments) {
      Value address = code.call1(function, arguments);
      refresh(in.get(code), in.head); // it may have been made just now
      return positionOf(in, address);
    };
    // The one key whose slot would look empty has a position of its own, too.
    auto usual = [&] {
      Value looksEmpty = code.expect(code.cmp(Code::Cmp::eq, stored, code.word(0)), false);
      return choose(looksEmpty, [&] { return aside(Rt::mr_packed_insert, {in.get(code), hash, wordAgain()}); }, search);
    };
    bool nullAside = keys.size() == 1 && isNullable(type.getKeyTypes()[0]) && !hasNullBit(0);
    if (!nullAside || !keys[0].valid)
      return at(in, usual()).address;
    return at(in, choose(keys[0].valid, usual, [&] { return aside(Rt::mr_packed_null, {in.get(code)}); })).address;
  }

private:
  Value computeHash(ArrayRef<Val> keys) {
    FieldCode word = wordOf(keys);
    return code.call1(Rt::mr_packed_hash, {word.turn ? turn(word.bits, word.turn) : word.bits});
  }

  Value choose(Value condition, function_ref<Value()> a, function_ref<Value()> b) {
    auto either = scf::IfOp::create(code, TypeRange{code.i64()}, condition, /*withElseRegion=*/true);
    OpBuilder::InsertionGuard guard(code);
    code.setInsertionPointToEnd(either.thenBlock());
    scf::YieldOp::create(code, a());
    code.setInsertionPointToEnd(either.elseBlock());
    scf::YieldOp::create(code, b());
    return either.getResult(0);
  }

  unsigned bitsOf(unsigned field) const { return *state::packedBits(type.getKeyTypes()[field], rangeOf(field)); }

  /// The null of a single field of 64 bits has a position of its own instead.
  bool hasNullBit(unsigned field) const { return isNullable(type.getKeyTypes()[field]) && bitsOf(field) < 64; }

  Value turn(Value word, uint64_t bits) { return code.createOrFold<arith::XOrIOp>(word, code.word(int64_t(bits))); }

  /// The key's word, in two parts.
  FieldCode wordOf(ArrayRef<Val> keys) {
    FieldCode word;
    for (unsigned i = 0; i < keys.size(); ++i) {
      unsigned bits = bitsOf(i);
      FieldCode coded = codeOfField(code, type.getKeyTypes()[i], rangeOf(i), keys[i]);
      if (bits == 0) // one value
        coded = {code.word(0)};
      if (hasNullBit(i)) {
        Value isNull = code.word(int64_t(uint64_t(1) << bits ^ coded.turn));
        if (keys[i].valid)
          coded.bits = code.select(keys[i].valid, coded.bits, isNull);
        ++bits;
      }
      // Before a field that fills the word there are only fields of one value.
      if (word.bits && bits < 64)
        word = {code.either(code.createOrFold<arith::ShLIOp>(word.bits, code.word(bits)), coded.bits),
                word.turn << bits | coded.turn};
      else
        word = coded;
    }
    return word;
  }
};

} // namespace

std::unique_ptr<TableAccess> millrace::lowering::packedAccess(Code &code, Value task, const Table &table) {
  return std::make_unique<PackedAccess>(code, task, table);
}
