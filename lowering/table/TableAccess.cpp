//===- TableAccess.cpp - what all layouts have in common ----------------------===//
#include "lowering/table/SlotPieces.h"
#include "runtime/state/pages.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

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
  if (in.slots)
    return in.slots;
  return in.head.slots ? code.load(code.ptr(), in.head.slots) : code.call1(Rt::mr_table_slots, {in.get(code)});
}

Value TableAccess::maskOf(const TableInHand &in) {
  return in.head.mask ? code.load(code.i64(), in.head.mask) : code.call1(Rt::mr_table_mask, {in.get(code)});
}

Value TableAccess::lastPosition(const TableInHand &in) {
  return in.head.mask ? maskOf(in) : code.call1(Rt::mr_table_capacity, {in.get(code)});
}

TableHead TableAccess::variables(bool withMask) {
  TableHead head;
  head.slots = code.variable(code.ptr(), code.zero(code.ptr()));
  head.marks = code.variable(code.ptr(), code.zero(code.ptr()));
  if (withMask)
    head.mask = code.variable(code.i64(), code.word(0));
  return head;
}

void TableAccess::refresh(Value table, const TableHead &head) {
  for (auto [variable, function] : {std::pair(head.slots, Rt::mr_table_slots), std::pair(head.mask, Rt::mr_table_mask),
                                    std::pair(head.marks, Rt::mr_table_marks)})
    if (variable)
      code.store(code.call1(function, {table}), variable);
}

static Value distance(Code &code, Value to, Value from) {
  return code.sub(LLVM::PtrToIntOp::create(code, code.i64(), to), LLVM::PtrToIntOp::create(code, code.i64(), from));
}

void TableAccess::touch(const Slot &slot) {
  if (!slot.in.head.marks) {
    code.call(Rt::mr_table_touch, {slot.in.get(code), slot.address});
    return;
  }
  Value offset = distance(code, slot.address, slotsOf(slot.in));
  Value page = code.createOrFold<arith::ShRUIOp>(offset, code.word(MR_STATE_PAGE_BITS));
  code.store(code.constant(code.i8(), MR_STATE_TOUCHED), code.at(code.load(code.ptr(), slot.in.head.marks), page),
             Memory::Table, 1);
}

static constexpr unsigned kCacheLine = 64;

void TableAccess::prefetchAt(const TableInHand &in, Value hash) {
  Value slot = firstAt(in, hash).address;
  LLVM::Prefetch::create(code, slot, /*rw=*/1, /*hint=*/3, /*cache=*/1);
  if (kCacheLine % layout.size != 0) // it may lie in two lines
    LLVM::Prefetch::create(code, code.at(slot, layout.size - 8), /*rw=*/1, /*hint=*/3, /*cache=*/1);
}

Value TableAccess::computeHash(Value key) {
  return code.call1(Rt::mr_key_hash, {key, code.half(int32_t(layout.words)), code.half(int32_t(layout.strings))});
}

Value TableAccess::hashOf(Value key) {
  return ring ? ring->get([&] { return computeHash(key); }) : computeHash(key);
}

Value TableAccess::hashOf(Value key, Value later) {
  Value hash = computeHash(key);
  if (ring)
    ring->put(later, hash);
  return hash;
}

Value TableAccess::positionOf(const TableInHand &in, Value address) {
  return code.createOrFold<arith::DivUIOp>(distance(code, address, slotsOf(in)), code.word(layout.size));
}

Value TableAccess::opaque(Value word) {
  return LLVM::InlineAsmOp::create(code, word.getType(), word, /*asm_string=*/"", /*constraints=*/"=r,0",
                                   /*has_side_effects=*/false, /*is_align_stack=*/false,
                                   LLVM::tailcallkind::TailCallKind::None, LLVM::AsmDialectAttr(), ArrayAttr())
      .getResult(0);
}

Value TableAccess::probe(const TableInHand &in, Value hash, function_ref<Value(Value)> matches,
                         function_ref<Value(Value)> isEmpty, function_ref<Value()> insert) {
  auto addressOf = [&](Value position) { return at(in, position).address; };
  auto enter = [&](OpBuilder &inside) { code.restoreInsertionPoint(inside.saveInsertionPoint()); };
  // The slot of a new key is taken as it is: where memory is refused it is one that never matches.
  auto loop = scf::WhileOp::create(
      code, TypeRange{code.i64(), code.i1()}, ValueRange{code.both(hash, maskOf(in)), code.boolean(false)},
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        enter(inside);
        Value found = code.expect(code.either(at[1], matches(addressOf(at[0]))), true);
        scf::ConditionOp::create(code, code.invert(found), at);
      },
      [&](OpBuilder &inside, Location, ValueRange at) {
        OpBuilder::InsertionGuard guard(code);
        enter(inside);
        Value empty = code.expect(isEmpty(addressOf(at[0])), false);
        auto either = scf::IfOp::create(code, TypeRange{code.i64()}, empty, /*withElseRegion=*/true);
        {
          OpBuilder::InsertionGuard inIf(code);
          code.setInsertionPointToEnd(either.thenBlock());
          Value added = insert();
          refresh(in.get(code), in.head);
          scf::YieldOp::create(code, positionOf(in, added));
          code.setInsertionPointToEnd(either.elseBlock());
          scf::YieldOp::create(code, code.both(code.add(at[0], code.word(1)), maskOf(in)));
        }
        scf::YieldOp::create(code, ValueRange{either.getResult(0), empty});
      });
  return loop.getResult(0);
}

Slot TableAccess::at(const TableInHand &in, Value position) {
  return {in, code.at(slotsOf(in), code.mul(position, code.word(layout.size)))};
}

void TableAccess::use(const Slot &slot) {
  touch(slot);
  if (layout.occupiedFlag >= 0)
    SlotPieces(code, table, slot).setFlag(unsigned(layout.occupiedFlag), {});
}

Slot TableAccess::find(const TableInHand &in, ArrayRef<Val> keys) {
  Slot slot{in, findSlot(in, keys)};
  use(slot);
  return slot;
}

Value TableAccess::prepareSame(TableInHand &in, Value end) {
  in.head = makeHead();
  if (!isByPosition()) {
    refresh(in.table, in.head);
    return end;
  }
  Value isShort = code.cmp(Code::Cmp::ult, code.call1(Rt::mr_table_capacity, {in.table}), end);
  code.when(code.expect(isShort, false),
            [&] { code.call(Rt::mr_dense_reach, {in.table, code.sub(end, code.word(1))}); });
  refresh(in.table, in.head);
  in.slots = code.call1(Rt::mr_table_slots, {in.table});
  return code.least(end, code.call1(Rt::mr_table_capacity, {in.table}));
}

Slot TableAccess::findSame(const TableInHand &in, const Slot &slot, Value position) {
  if (!isByPosition())
    return find(in, keysAt(slot, position));
  Slot same = at(in, position);
  use(same);
  return same;
}

Value TableAccess::isInUse(const Slot &slot) {
  if (layout.occupiedFlag < 0)
    return code.cmp(Code::Cmp::ne, code.load(code.i64(), code.at(slot.address, layout.occupied), Memory::Table, 8),
                    code.word(0));
  return SlotPieces(code, table, slot).flag(unsigned(layout.occupiedFlag));
}
