//===- TableAccess.cpp - what all layouts have in common ----------------------===//
#include "lowering/Members.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

std::unique_ptr<TableAccess> millrace::lowering::accessTo(Code &code, Value task, const Table &table) {
  switch (table.slot.kind) {
  case state::LayoutKind::Dense:
    return denseAccess(code, task, table);
  case state::LayoutKind::Packed:
    return packedAccess(code, task, table);
  case state::LayoutKind::Inline:
    return inlineAccess(code, task, table);
  case state::LayoutKind::ById:
    return byIdAccess(code, task, table);
  }
  llvm_unreachable("covered");
}

state::KeyRange TableAccess::rangeOf(unsigned field) const {
  ArrayRef<state::KeyRange> ranges = type.getLayout().getRanges();
  return field < ranges.size() ? ranges[field] : state::KeyRange();
}

Value TableAccess::slotsOf(const TableInHand &in) {
  return in.slots ? in.slots : code.call1(Rt::mr_table_slots, {in.table});
}

Slot TableAccess::at(const TableInHand &in, Value position) {
  return {in, code.at(slotsOf(in), code.mul(position, code.word(layout.size)))};
}

Slot TableAccess::find(const TableInHand &in, ArrayRef<Val> keys) {
  Slot slot{in, findSlot(in, keys)};
  code.call(Rt::mr_table_touch, {in.table, slot.address});
  if (layout.occupiedFlag >= 0)
    SlotPieces(code, table, slot).setFlag(unsigned(layout.occupiedFlag), {});
  return slot;
}

Value TableAccess::isInUse(const Slot &slot) {
  if (layout.occupiedFlag < 0)
    return code.cmp(Code::Cmp::ne, code.load(code.i64(), code.at(slot.address, layout.occupied), Memory::Table, 8),
                    code.word(0));
  return SlotPieces(code, table, slot).flag(unsigned(layout.occupiedFlag));
}
