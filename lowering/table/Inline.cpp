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

  Value isInUse(const Slot &slot) override {
    Value tag = code.load(code.i32(), code.at(slot.address, 4), Memory::Table, 4);
    return code.cmp(Code::Cmp::ne, tag, code.half(0));
  }

  void prefetch(const TableInHand &in, ArrayRef<Val> keys) override {
    Value hash, key = keyOf(keys, hash);
    (void)key;
    code.call(Rt::mr_table_prefetch, {in.table, hash, slotSize()});
  }

  SmallVector<Val> keysAt(const Slot &slot, Value position) override {
    return readNormalisedKey(
        code, type.getKeyTypes(), layout, code.at(slot.address, 8), Memory::Table,
        [&](Value head, Value tail) { return code.call(Rt::mr_table_text, {slot.in.table, head, tail}); });
  }

protected:
  Value findSlot(const TableInHand &in, ArrayRef<Val> keys) override {
    Value hash, key = keyOf(keys, hash);
    return code.call1(Rt::mr_table_upsert, {in.table, hash, key, code.half(int32_t(layout.words)),
                                            code.half(int32_t(layout.strings)), slotSize()});
  }

private:
  /// The normalised key, in memory of the function.
  Value keyOf(ArrayRef<Val> keys, Value &hash) {
    Value memory = code.block(std::max(8u, 8 * (layout.words + 2 * layout.strings)));
    writeNormalisedKey(code, type.getKeyTypes(), keys, layout, memory);
    hash = code.call1(Rt::mr_key_hash, {memory, code.half(int32_t(layout.words)), code.half(int32_t(layout.strings))});
    return memory;
  }
};

} // namespace

std::unique_ptr<TableAccess> millrace::lowering::inlineAccess(Code &code, Value task, const Table &table) {
  return std::make_unique<InlineAccess>(code, task, table);
}
