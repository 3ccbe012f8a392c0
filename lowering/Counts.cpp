//===- Counts.cpp - counts whose results share records ----------------------------===//
//
// `count n every m` (rule 16): the last n records of a key lie in parts of
// gcd(n, m) records, a ring of them, and beside it what they give together: a
// running result, where parts can be taken away again; else that of its parts,
// the oldest first, made for each result.
//
// The part that is being filled is the slot's own, so that a record touches
// nothing else; what parts give together lies behind it in the slot, and the ring
// is a text of the key's, with the low words of sums only (PartHighs.h).
//
//===----------------------------------------------------------------------===//
#include "lowering/Aside.h"
#include "lowering/Body.h"
#include "lowering/Kept.h"
#include "lowering/PartHighs.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// A number in a slot, in as many bytes as it has there.
static Value loadNumber(Code &code, const SlotPieces &pieces, const Place &place) {
  return code.resize(pieces.load(code.getIntegerType(8 * place.size), place), code.i64(), /*isSigned=*/false);
}
static void storeNumber(Code &code, const SlotPieces &pieces, Value number, const Place &place) {
  pieces.store(code.resize(number, code.getIntegerType(8 * place.size), /*isSigned=*/false), place);
}

LogicalResult Body::foldPart(UpdateInHand &update, Value time) {
  const Table &table = update.table;
  const SlotLayout &layout = table.slot;
  if (!layout.aside)
    return foldPartInSlot(update, time);
  foldMembers(table, update.slot, update.op.getArgs(), update.op.getFiltered(), update.op.getFilters(), time);
  SlotPieces pieces(code, table, update.slot);
  Value filled = code.add(loadNumber(code, pieces, layout.filled), code.word(1));
  storeNumber(code, pieces, filled, layout.filled);
  LogicalResult done = success();
  code.when(code.cmp(Code::Cmp::eq, filled, code.word(table.keep().recordsOfPart())),
            [&] { done = completePart(update); });
  return done;
}

namespace {
/// Where a key's parts go round. Each has a number (`turn`): it tells the part's place in the ring, and whether a
/// result comes behind it. Both come again after so many turns (turnsOf); from twice as many it goes back to that, not
/// to 0: so it also tells whether the ring was ever full, and an empty slot from one in use.
struct Turns {
  Turns(Code &code, const Table &table)
      : code(code), parts(table.slot.parts), every(table.keep().getEvery() / table.keep().recordsOfPart()),
        round(turnsOf(table.keep())) {}

  Value next(Value turn) {
    Value next = code.add(turn, code.word(1));
    if (round > uint64_t(INT64_MAX / 2)) // nobody counts so far
      return next;
    Value last = code.cmp(Code::Cmp::eq, next, code.word(int64_t(2 * round)));
    return code.select(last, code.word(int64_t(round)), next);
  }
  Value inRing(Value turn) {
    if (every != 1)
      return code.createOrFold<arith::RemUIOp>(turn, code.word(parts));
    Value less = code.sub(turn, code.word(parts)); // it is less than two rounds
    return code.select(code.cmp(Code::Cmp::ult, turn, code.word(parts)), turn, less);
  }
  /// How many parts the ring has, behind the part of that number.
  Value inUse(Value turn) { return code.least(code.add(turn, code.word(1)), code.word(parts)); }
  /// Does a result come behind that part? None: always.
  Value gives(Value turn) {
    if (every == 1)
      return {};
    Value number = code.add(turn, code.word(1));
    return code.cmp(Code::Cmp::eq, code.createOrFold<arith::RemUIOp>(number, code.word(every)), code.word(0));
  }

  Code &code;
  int64_t parts, every;
  uint64_t round;
};
} // namespace

/// Asks for the place in the ring of a part that the next record of the key makes whole.
void Body::prefetchPart(const Table &table, const Slot &slot) {
  SlotPieces pieces(code, table, slot);
  Value filled = loadNumber(code, pieces, table.slot.filled), head = pieces.load(code.i64(), table.slot.aside);
  Value last = code.cmp(Code::Cmp::eq, filled, code.word(table.keep().recordsOfPart() - 1));
  code.when(code.both(last, code.cmp(Code::Cmp::ne, head, code.word(0))), [&] {
    Value index = Turns(code, table).inRing(loadNumber(code, pieces, table.slot.turn));
    Value part = asideAt(code, table, slot, keptAside(code, table, slot), index).address;
    LLVM::Prefetch::create(code, code.at(part, table.slot.membersBegin), /*rw=*/1, /*hint=*/3, /*cache=*/1);
  });
}

/// The part in the slot is whole: it takes its place in the ring, and the slot's is empty.
LogicalResult Body::completePart(UpdateInHand &update) {
  const Table &table = update.table;
  const SlotLayout &layout = table.slot;
  const Slot slot = update.slot;
  bool takesAway = takesPartsAway(table.op);
  auto forMembers = [&](const Slot &to, const Slot &from, void (Member::*put)(const Member &)) {
    for (unsigned i = 0; i < table.type().getMembers().size(); ++i)
      (memberOf(code, table, i, to).get()->*put)(*memberOf(code, table, i, from));
  };
  auto clear = [&](const Slot &part) {
    for (unsigned i = 0; i < table.type().getMembers().size(); ++i)
      memberOf(code, table, i, part)->clear();
  };
  SlotPieces pieces(code, table, slot);
  Turns turns(code, table);
  Value ring = keptAsideOrNew(code, table, slot, code.word(layout.parts));
  Value turn = loadNumber(code, pieces, layout.turn), index = turns.inRing(turn);
  storeNumber(code, pieces, code.word(0), layout.filled);
  storeNumber(code, pieces, turns.next(turn), layout.turn);
  LogicalResult done = success();
  code.when(code.expect(code.cmp(Code::Cmp::ne, ring, code.word(0)), true), [&] { // else memory was refused
    PartHighs highs(code, table, slot);
    auto partAt = [&](Value index) {
      highs.enter(index);
      Slot part = asideAt(code, table, slot, ring, index);
      part.cold = highs.element;
      return part;
    };
    Slot part = slot, all = wholeIn(code, table, slot), place = partAt(index);
    part.cold = highs.part;
    all.cold = highs.whole;
    if (takesAway) // a part that was never there is zero, and takes nothing away
      forMembers(all, place, &Member::remove);
    copyMembers(code, table, place, part);
    highs.replace();
    if (takesAway)
      forMembers(all, part, &Member::combine);
    clear(part);
    highs.leave(index);
    auto give = [&] {
      update.slot = all;
      update.key = slot.address;
      if (!takesAway) {
        clear(all);
        Value used = turns.inUse(turn), first = code.sub(code.add(turn, code.word(1)), used);
        code.loop(code.word(0), used,
                  [&](Value each) { forMembers(all, partAt(turns.inRing(code.add(first, each))), &Member::combine); });
      }
      done = goOn(update);
      update.slot = slot;
    };
    Value gives = turns.gives(turn);
    gives ? code.when(gives, give) : give();
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
