//===- SlotPieces.cpp - loads and stores of one slot --------------------------===//
#include "lowering/table/SlotPieces.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// Zeros to read instead of a cold part that was not made.
static Value zeros(Code &code, unsigned bytes) {
  Value block = code.block(bytes);
  OpBuilder::InsertionGuard guard(code);
  code.setInsertionPoint(code.getEntry());
  for (unsigned at = 0; at < bytes; at += 8)
    code.store(code.word(0), code.at(block, at), Memory::Unknown, 8);
  return block;
}

Value SlotPieces::addressToRead(const Place &place) const {
  if (!place.cold)
    return code.at(slot.address, place.offset);
  if (slot.cold)
    return code.at(slot.cold, place.offset);
  Value part = code.call1(Rt::mr_table_cold, {slot.in.get(code), slot.address, code.half(int32_t(layout.size)),
                                              code.half(int32_t(layout.coldSize))});
  Value isMade = code.cmp(Code::Cmp::ne, LLVM::PtrToIntOp::create(code, code.i64(), part).getResult(), code.word(0));
  return code.select(isMade, code.at(part, place.offset), zeros(code, llvm::alignTo(place.size, 8)));
}

Value SlotPieces::addressToWrite(const Place &place) const {
  if (!place.cold)
    return code.at(slot.address, place.offset);
  if (slot.cold)
    return code.at(slot.cold, place.offset);
  Value variable = code.variable(code.ptr());
  Value part = code.call1(Rt::mr_table_cold, {slot.in.get(code), slot.address, code.half(int32_t(layout.size)),
                                              code.half(int32_t(layout.coldSize))});
  code.store(part, variable);
  Value isMissing = code.cmp(Code::Cmp::eq, LLVM::PtrToIntOp::create(code, code.i64(), part).getResult(), code.word(0));
  code.when(code.expect(isMissing, false),
            [&] { code.store(code.call1(Rt::mr_table_cold_new, {slot.in.get(code), slot.address}), variable); });
  return code.at(code.load(code.ptr(), variable), place.offset);
}

Value SlotPieces::flag(unsigned number) const {
  FlagPlace place = layout.flag(number);
  Value word = code.load(code.i32(), code.at(slot.address, place.offset), Memory::Table, 4);
  return code.cmp(Code::Cmp::ne, code.both(word, code.half(int32_t(1u << place.bit))), code.half(0));
}

void SlotPieces::setFlag(unsigned number, Value condition) const {
  FlagPlace place = layout.flag(number);
  Value bit = code.half(int32_t(1u << place.bit)), address = code.at(slot.address, place.offset);
  if (condition)
    bit = code.select(condition, bit, code.half(0));
  code.store(code.either(code.load(code.i32(), address, Memory::Table, 4), bit), address, Memory::Table, 4);
}

void SlotPieces::writeFlag(unsigned number, Value value) const {
  FlagPlace place = layout.flag(number);
  int32_t bit = int32_t(1u << place.bit);
  Value address = code.at(slot.address, place.offset);
  Value without = code.both(code.load(code.i32(), address, Memory::Table, 4), code.half(~bit));
  code.store(code.either(without, code.select(value, code.half(bit), code.half(0))), address, Memory::Table, 4);
}
