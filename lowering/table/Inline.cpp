//===- Inline.cpp - open addressing with the key in the slot ------------------===//
#include "lowering/table/Keys.h"
#include "lowering/table/TableAccess.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {

class InlineAccess : public TableAccess {
public:
  using TableAccess::TableAccess;

  /// Keys without strings are compared here; with strings all else costs little beside them.
  TableHead makeHead() override { return layout.strings ? TableHead() : variables(/*withMask=*/true); }

  Value isInUse(const Slot &slot) override {
    Value tag = code.load(code.i32(), code.at(slot.address, 4), Memory::Table, 4);
    return code.cmp(Code::Cmp::ne, tag, code.half(0));
  }

  void prefetch(const TableInHand &in, ArrayRef<Val> keys, Value later) override {
    Value hash = hashOf(inMemory(code, normalisedKey(code, type.getKeyTypes(), keys, layout)), later);
    prefetchAt(in, code.createOrFold<arith::ShRUIOp>(hash, code.word(32)));
  }

  bool knowsHome() const override { return layout.strings == 0; }
  Slot home(const TableInHand &in, ArrayRef<Val> keys) override {
    Value hash = hashOf(inMemory(code, normalisedKey(code, type.getKeyTypes(), keys, layout)));
    return firstAt(in, code.createOrFold<arith::ShRUIOp>(hash, code.word(32)));
  }

  SmallVector<Val> keysAt(const Slot &slot, Value position) override {
    return readNormalisedKey(
        code, type.getKeyTypes(), layout, code.at(slot.address, 8), Memory::Table,
        [&](Value head, Value tail) { return code.call(Rt::mr_table_text, {slot.in.get(code), head, tail}); });
  }

protected:
  Value findSlot(const TableInHand &in, ArrayRef<Val> keys) override {
    SmallVector<Value> words = normalisedKey(code, type.getKeyTypes(), keys, layout);
    Value key = inMemory(code, words), hash = hashOf(key);
    if (!layout.strings && layout.words)
      return findWords(in, hash, words);
    return code.call1(Rt::mr_table_upsert, {in.get(code), hash, key, code.half(int32_t(layout.words)),
                                            code.half(int32_t(layout.strings)), slotSize()});
  }

private:
  Value findWords(const TableInHand &in, Value hash, ArrayRef<Value> words) {
    // The lower half of a hash of words is 0: of both, the loop has the tag only.
    Value tag = opaque(code.createOrFold<arith::ShRUIOp>(hash, code.word(32)));
    auto tagOf = [&](Value address) { return code.load(code.i32(), code.at(address, 4), Memory::Table, 4); };
    // All words at once: one branch, which is nearly always the same.
    auto matches = [&](Value address) {
      Value differs = code.createOrFold<arith::XOrIOp>(code.resize(tagOf(address), code.i64(), false), tag);
      for (auto [i, wanted] : llvm::enumerate(words)) {
        Value stored = code.load(code.i64(), code.at(address, int64_t(8 * (1 + i))), Memory::Table, 8);
        differs = code.either(differs, code.createOrFold<arith::XOrIOp>(stored, wanted));
      }
      return code.cmp(Code::Cmp::eq, differs, code.word(0));
    };
    Value position = probe(
        in, tag, matches, [&](Value address) { return code.cmp(Code::Cmp::eq, tagOf(address), code.half(0)); },
        // Only here is the key needed in memory: what was hashed is never there.
        [&] {
          Value again = code.createOrFold<arith::ShLIOp>(tag, code.word(32));
          return code.call1(Rt::mr_table_insert, {in.get(code), again, inMemory(code, words)});
        });
    return at(in, position).address;
  }
};

} // namespace

std::unique_ptr<TableAccess> millrace::lowering::inlineAccess(Code &code, Value task, const Table &table) {
  return std::make_unique<InlineAccess>(code, task, table);
}
