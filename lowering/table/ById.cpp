//===- ById.cpp - an array by the number of the key ---------------------------===//
//
// The operator's dictionary gives each key a small number, once for all of its
// panes; a pane is an array by that number.
//
//===----------------------------------------------------------------------===//
#include "lowering/table/Keys.h"
#include "lowering/table/TableAccess.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {

class ByIdAccess : public TableAccess {
public:
  using TableAccess::TableAccess;

  /// Of what has to be fetched for a key the dictionary's slot comes first.
  void prefetch(const TableInHand &in, ArrayRef<Val> keys, Value later) override {
    code.call(Rt::mr_id_prefetch, {task, number(), hashOf(keyOf(keys), later)});
  }

  SmallVector<Val> keysAt(const Slot &slot, Value position) override {
    Value key = code.call1(Rt::mr_id_key, {slot.in.get(code), position, words(), strings()});
    return readNormalisedKey(code, type.getKeyTypes(), layout, key, Memory::Unknown, [&](Value head, Value tail) {
      return code.call(Rt::mr_id_text, {slot.in.get(code), head, tail});
    });
  }

protected:
  bool isByPosition() const override { return true; }

  Value findSlot(const TableInHand &in, ArrayRef<Val> keys) override {
    Value key = keyOf(keys);
    Value id = code.call1(Rt::mr_id_of, {task, number(), hashOf(key), key, words(), strings()});
    return code.call1(Rt::mr_dense_slot, {in.get(code), id, slotSize()});
  }

private:
  Value number() { return code.half(int32_t(table.index)); }
  Value words() { return code.half(int32_t(layout.words)); }
  Value strings() { return code.half(int32_t(layout.strings)); }

  /// The normalised key, in memory of the function.
  Value keyOf(ArrayRef<Val> keys) { return inMemory(code, normalisedKey(code, type.getKeyTypes(), keys, layout)); }
};

} // namespace

std::unique_ptr<TableAccess> millrace::lowering::byIdAccess(Code &code, Value task, const Table &table) {
  return std::make_unique<ByIdAccess>(code, task, table);
}
