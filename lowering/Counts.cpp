//===- Counts.cpp - counts whose results share records ----------------------------===//
//
// `count n every m` (rule 16): the last n records of a key lie in parts of
// gcd(n, m) records, a ring of them, and beside it what they give together: a
// running result, where parts can be taken away again; else that of its parts,
// the oldest first, made for each result.
//
// The part that is being filled is the slot's own, so that a record touches
// nothing else; what parts give together lies behind it in the slot, and the ring
// is a text of the key's.
//
//===----------------------------------------------------------------------===//
#include "lowering/Aside.h"
#include "lowering/Body.h"
#include "lowering/Kept.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

LogicalResult Body::foldPart(UpdateInHand &update, Value time) {
  const Table &table = update.table;
  if (!table.slot.aside)
    return foldPartInSlot(update, time);
  foldMembers(table, update.slot, update.op.getArgs(), update.op.getFiltered(), update.op.getFilters(), time);
  Value now = SlotPieces(code, table, update.slot).load(code.i64(), table.slot.records); // folding counts them
  Value since = code.sub(now, SlotPieces(code, table, update.slot).load(code.i64(), table.slot.front));
  LogicalResult done = success();
  code.when(code.cmp(Code::Cmp::eq, since, code.word(table.keep().recordsOfPart())),
            [&] { done = completePart(update, now); });
  return done;
}

/// The part in the slot is whole, `now` records of the key have come: it takes its place in the ring, and the slot's is
/// empty.
LogicalResult Body::completePart(UpdateInHand &update, Value now) {
  const Table &table = update.table;
  const SlotLayout &layout = table.slot;
  Slot slot = update.slot;
  unsigned members = unsigned(table.type().getMembers().size());
  bool takesAway = takesPartsAway(table.op);
  auto forMembers = [&](const Slot &to, const Slot &from, void (Member::*put)(const Member &)) {
    for (unsigned i = 0; i < members; ++i)
      (memberOf(code, table, i, to).get()->*put)(*memberOf(code, table, i, from));
  };
  Value ring = keptAsideOrNew(code, table, slot, code.word(layout.parts));
  auto partAt = [&](Value index) { return asideAt(code, table, slot, ring, index); };
  auto ringMod = [&](Value value) { return code.createOrFold<arith::RemUIOp>(value, code.word(layout.parts)); };
  SlotPieces(code, table, slot).store(now, layout.front);
  LogicalResult done = success();
  code.when(code.expect(code.cmp(Code::Cmp::ne, ring, code.word(0)), true), [&] { // else memory was refused
    Value next = code.createOrFold<arith::DivUIOp>(now, code.word(table.keep().recordsOfPart()));
    Slot part = partAt(ringMod(code.sub(next, code.word(1)))), all = wholeIn(code, table, slot);
    if (takesAway)
      code.when(code.cmp(Code::Cmp::ugt, next, code.word(layout.parts)),
                [&] { forMembers(all, part, &Member::remove); });
    copyMembers(code, table, part, slot);
    if (takesAway)
      forMembers(all, slot, &Member::combine);
    for (unsigned i = 0; i < members; ++i)
      memberOf(code, table, i, slot)->clear();
    auto give = [&] {
      update.slot = all;
      update.key = slot.address;
      if (!takesAway) {
        for (unsigned i = 0; i < members; ++i)
          memberOf(code, table, i, all)->clear();
        Value used = code.least(next, code.word(layout.parts));
        code.loop(code.sub(next, used), next,
                  [&](Value each) { forMembers(all, partAt(ringMod(each)), &Member::combine); });
      }
      if (!table.isKeyed()) // whether there was a record is asked then
        SlotPieces(code, table, all).store(now, layout.records);
      done = goOn(update);
      update.slot = slot;
    };
    int64_t every = table.keep().getEvery();
    if (every == table.keep().recordsOfPart())
      give();
    else
      code.when(code.cmp(Code::Cmp::eq, code.createOrFold<arith::RemUIOp>(now, code.word(every)), code.word(0)), give);
  });
  return done;
}

/// The same where parts have texts, which are to be saved and given back as those of slots are: one ring of parts lies
/// behind the slot's own bytes, and behind it what they give together.
LogicalResult Body::foldPartInSlot(UpdateInHand &update, Value time) {
  const Table &table = update.table;
  state::KeepAttr keep = table.keep();
  const SlotLayout &layout = table.slot;
  Slot whole = update.slot;
  auto partAt = [&](Value index) {
    return Slot{whole.in, code.at(whole.address, code.mul(code.add(index, code.word(1)), code.word(layout.partSize)))};
  };
  auto release = [&](const Slot &part) {
    for (unsigned i = 0; i < table.type().getMembers().size(); ++i)
      memberOf(code, table, i, part)->clear();
  };
  auto clear = [&](const Slot &part) {
    release(part);
    LLVM::MemsetOp::create(code, part.address, code.constant(code.i8(), 0), code.word(layout.partSize),
                           /*isVolatile=*/false);
  };
  auto mod = [&](Value value, int64_t by) { return code.createOrFold<arith::RemUIOp>(value, code.word(by)); };
  SlotPieces pieces(code, table, whole);
  Value before = pieces.load(code.i64(), layout.records), now = code.add(before, code.word(1));
  pieces.store(now, layout.records);
  Value size = code.word(keep.recordsOfPart());
  Value number = code.createOrFold<arith::DivUIOp>(before, size), next = code.add(number, code.word(1));
  Slot part = partAt(mod(number, layout.parts)), all = partAt(code.word(layout.parts));
  bool takesAway = takesPartsAway(table.op);
  auto touch = [&](const Slot &changed) {
    for (int64_t at : {int64_t(0), int64_t(layout.partSize) - 8}) // it may lie in two pages
      code.call(Rt::mr_table_touch, {whole.in.get(code), code.at(changed.address, at)});
  };
  auto forMembers = [&](function_ref<void(Member &, Member &)> visit, const Slot &with) { // what all give, and a part
    for (unsigned i = 0; i < table.type().getMembers().size(); ++i)
      visit(*memberOf(code, table, i, all), *memberOf(code, table, i, with));
  };
  touch(part);
  foldMembers(table, part, update.op.getArgs(), update.op.getFiltered(), update.op.getFilters(), time);
  LogicalResult done = success();
  auto give = [&] {
    update.slot = all;
    if (!takesAway) {
      clear(all);
      Value used = code.least(next, code.word(layout.parts));
      code.loop(code.sub(next, used), next, [&](Value each) {
        forMembers([](Member &sum, Member &each) { sum.combine(each); }, partAt(mod(each, layout.parts)));
      });
    }
    SlotPieces(code, table, all).store(now, layout.records); // so that it is in use
    done = goOn(update);
    if (!takesAway)
      release(all);
    update.slot = whole;
  };
  // Results come where a part is whole. There the place of the next one is emptied, too: of what a record meets, only
  // this branch goes both ways.
  Value left = code.sub(code.mul(next, size), now); // records that the part lacks
  code.when(code.cmp(Code::Cmp::eq, left, code.word(0)), [&] {
    if (takesAway) {
      touch(all);
      forMembers([](Member &sum, Member &newest) { sum.combine(newest); }, part);
    }
    if (keep.getEvery() == keep.recordsOfPart())
      give();
    else
      code.when(code.cmp(Code::Cmp::eq, mod(now, keep.getEvery()), code.word(0)), give);
    Slot oldest = partAt(mod(next, layout.parts));
    if (takesAway)
      code.when(code.cmp(Code::Cmp::uge, next, code.word(layout.parts)),
                [&] { forMembers([](Member &sum, Member &leaving) { sum.remove(leaving); }, oldest); });
    touch(oldest);
    clear(oldest);
  });
  return done;
}
