//===- PartHighs.cpp - what sums of a count's parts rarely need -------------------===//
#include "lowering/PartHighs.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// Bytes that mr_table_room leaves before what it makes.
static constexpr int64_t kHead = 8;

PartHighs::PartHighs(Code &code, const Table &table, const Slot &slot) : code(code), table(table), slot(slot) {
  unsigned size = table.slot.highSize();
  if (size == 0)
    return;
  for (Value *block : {&part, &whole, &element}) {
    *block = code.block(size);
    clear(*block);
  }
  Value cold = coldPart();
  code.when(code.expect(isThere(cold), false), [&] {
    copy(part, cold);
    copy(whole, code.at(cold, table.slot.wholeHigh.offset));
  });
}

void PartHighs::enter(Value index) {
  if (!element)
    return;
  clear(element);
  Value cold = coldPart();
  code.when(code.expect(isThere(cold), false), [&] {
    Value text = code.at(cold, table.slot.highs.offset);
    Value isKept = code.cmp(Code::Cmp::ne, code.load(code.i64(), text, Memory::Table, 8), code.word(0));
    code.when(isKept, [&] { copy(element, entryOf(text, index)); });
  });
}

void PartHighs::replace() {
  if (element)
    copy(element, part);
}

void PartHighs::leave(Value index) {
  if (!element)
    return;
  Value isWide = code.cmp(Code::Cmp::ne, anyOf(element), code.word(0));
  Value any = code.either(isWide, code.cmp(Code::Cmp::ne, anyOf(whole), code.word(0)));
  code.when(code.expect(code.either(any, isThere(coldPart())), false), [&] {
    code.when(any, [&] { code.call(Rt::mr_table_cold_new, {slot.in.get(code), slot.address}); });
    Value cold = coldPart();
    code.when(isThere(cold), [&] { // else memory was refused, which stops the pipeline
      clear(cold);
      copy(code.at(cold, table.slot.wholeHigh.offset), whole);
      Value text = code.at(cold, table.slot.highs.offset);
      auto head = [&] { return code.load(code.i64(), text, Memory::Table, 8); };
      Value isMissing = code.cmp(Code::Cmp::eq, head(), code.word(0));
      code.when(code.both(isMissing, isWide), [&] {
        Value bytes = code.word(int64_t(table.slot.parts) * table.slot.highSize());
        auto made = code.call(Rt::mr_table_room, {slot.in.get(code), code.word(0), code.word(0), bytes});
        code.store(made[0], text, Memory::Table, 8);
        code.store(made[1], code.at(text, 8), Memory::Table, 8);
      });
      code.when(code.cmp(Code::Cmp::ne, head(), code.word(0)), [&] { copy(entryOf(text, index), element); });
    });
  });
}

Value PartHighs::coldPart() {
  return code.call1(Rt::mr_table_cold, {slot.in.get(code), slot.address, code.half(int32_t(table.slot.size)),
                                        code.half(int32_t(table.slot.coldSize))});
}

Value PartHighs::isThere(Value address) {
  return code.cmp(Code::Cmp::ne, LLVM::PtrToIntOp::create(code, code.i64(), address).getResult(), code.word(0));
}

Value PartHighs::entryOf(Value text, Value index) {
  Value head = code.load(code.i64(), text, Memory::Table, 8),
        tail = code.load(code.i64(), code.at(text, 8), Memory::Table, 8);
  Value begin = code.call(Rt::mr_table_text, {slot.in.get(code), head, tail})[1];
  Value address = code.add(code.add(begin, code.word(kHead)), code.mul(index, code.word(table.slot.highSize())));
  return LLVM::IntToPtrOp::create(code, code.ptr(), address);
}

void PartHighs::copy(Value to, Value from) {
  for (unsigned at = 0; at < table.slot.highSize(); at += 8)
    code.store(code.load(code.i64(), code.at(from, at), Memory::Table, 8), code.at(to, at), Memory::Table, 8);
}

void PartHighs::clear(Value block) {
  for (unsigned at = 0; at < table.slot.highSize(); at += 8)
    code.store(code.word(0), code.at(block, at), Memory::Table, 8);
}

Value PartHighs::anyOf(Value block) {
  Value any = code.word(0);
  for (unsigned at = 0; at < table.slot.highSize(); at += 8)
    any = code.either(any, code.load(code.i64(), code.at(block, at), Memory::Table, 8));
  return any;
}
