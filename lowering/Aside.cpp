//===- Aside.cpp - what is kept of a key's members outside its slot ---------------===//
#include "lowering/Aside.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// Bytes that mr_table_room leaves before what it makes.
static constexpr int64_t kHead = 8;

static Value bytesFor(Code &code, const Table &table, Value entries) {
  return code.mul(entries, code.word(table.slot.asideSize()));
}

namespace {
/// The two words of the text.
struct Stored {
  Stored(Code &code, const Table &table, const Slot &slot) : code(code), table(table), slot(slot) {
    SlotPieces pieces(code, table, slot);
    at = pieces.addressToWrite(table.slot.aside);
    head = code.load(code.i64(), at, Memory::Table, 8);
    tail = code.load(code.i64(), code.at(at, 8), Memory::Table, 8);
  }

  Value isThere() { return code.cmp(Code::Cmp::ne, head, code.word(0)); }

  void make(Value room) {
    auto made = code.call(Rt::mr_table_room, {slot.in.get(code), head, tail, bytesFor(code, table, room)});
    code.store(made[0], at, Memory::Table, 8);
    code.store(made[1], code.at(at, 8), Memory::Table, 8);
  }

  Value address() {
    auto text = code.call(Rt::mr_table_text, {slot.in.get(code), head, tail});
    return code.select(isThere(), code.add(text[1], code.word(kHead)), code.word(0));
  }

  Code &code;
  const Table &table;
  const Slot &slot;
  Value at, head, tail;
};
} // namespace

Value millrace::lowering::keptAside(Code &code, const Table &table, const Slot &slot, Value room) {
  if (room)
    Stored(code, table, slot).make(room);
  return Stored(code, table, slot).address();
}

Value millrace::lowering::keptAsideOrNew(Code &code, const Table &table, const Slot &slot, Value room) {
  Stored stored(code, table, slot);
  code.when(code.expect(code.invert(stored.isThere()), false), [&] { stored.make(room); });
  return keptAside(code, table, slot);
}

Slot millrace::lowering::asideAt(Code &code, const Table &table, const Slot &slot, Value array, Value index) {
  Value begin = code.add(array, bytesFor(code, table, index));
  Value address = code.sub(begin, code.word(table.slot.membersBegin)); // as if the whole slot were there
  return {slot.in, LLVM::IntToPtrOp::create(code, code.ptr(), address)};
}

Slot millrace::lowering::wholeIn(Code &code, const Table &table, const Slot &slot) {
  const SlotLayout &layout = table.slot;
  return {slot.in, code.at(slot.address, int64_t(layout.size - layout.asideSize()) - int64_t(layout.membersBegin))};
}

void millrace::lowering::copyMembers(Code &code, const Table &table, const Slot &to, const Slot &from) {
  constexpr unsigned few = 64;
  unsigned begin = table.slot.membersBegin, size = table.slot.asideSize();
  if (size > few) {
    LLVM::MemcpyOp::create(code, code.at(to.address, begin), code.at(from.address, begin), code.word(size),
                           /*isVolatile=*/false);
    return;
  }
  for (unsigned at = begin; at < begin + size; at += 8) // as they were written: wider loads would wait for that
    code.store(code.load(code.i64(), code.at(from.address, at), Memory::Table, 8), code.at(to.address, at),
               Memory::Table, 8);
}
