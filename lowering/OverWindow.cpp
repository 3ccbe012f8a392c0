//===- OverWindow.cpp - the window of one key, record by record ------------------===//
//
// Two stacks: behind the older rows lies what each suffix of them gives, in an array
// aside (Aside.h), the shortest first; the slot's own members have the younger ones.
// A row that leaves takes the longest suffix along. Where all older ones have gone,
// the younger ones become the older ones: each is combined once more then.
//
//===----------------------------------------------------------------------===//
#include "lowering/OverWindow.h"

#include "lowering/Aside.h"
#include "lowering/Body.h"
#include "lowering/aggregates/Rank.h"

#include "dialect/expr/AggregateFacts.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

OverWindow::OverWindow(Code &code, exec::ProgramOp program, Table &table, Value task)
    : layout(program, table.op), code(code), table(table), task(task), window(code.half(int32_t(table.index))) {
  for (unsigned i = 0; i < members().size(); ++i)
    ways.push_back(followOf(table.op, i));
  block = code.block(std::max(layout.kept.size, 8u));
  self = code.variable(code.i64());
  if (any(Follow::Taken) || any(Follow::Counted) || any(Follow::Stacked))
    alone = code.block(table.slot.size);
}

//===-- rows --------------------------------------------------------------------===//

/// Texts of a row that is kept lie with its key. `isThere`: else `row` is none of this key's, whose text must not be
/// looked for.
Val OverWindow::keptValue(unsigned field, Type type, Value row, const Slot &slot, Value isThere) {
  Val val = loadField(code, type, layout.kept.fields[field], row);
  if (isText(type)) {
    if (isThere)
      clearUnless(code, val, isThere);
    auto parts = code.call(Rt::mr_over_text, {task, window, slot.address, val.parts[0], val.parts[1]});
    val.parts.assign(parts.begin(), parts.end());
  }
  return val;
}

/// What is kept at the slot; `number` is that of a row.
bool OverWindow::hasKeptTexts() const {
  return llvm::any_of(layout.args, isText) || llvm::any_of(layout.filters, isText);
}

void OverWindow::fetch(const Slot &slot, Fetch what) {
  if (!layout.kept.size)
    return;
  Value kept = keptOf(slot);
  code.call(Rt::mr_over_fetch, {slot.in.get(code), kept, code.half(what == Fetch::Rows)});
  if (what == Fetch::Header || !any(Follow::Stacked))
    return;
  // The suffix that is looked at when the next row has come, and the oldest one has left.
  Rows rows = rowsOf({{}, {}, slot}, code.word(0));
  Value older = code.add(SlotPieces(code, table, slot).load(code.i64(), table.slot.front), rows.self);
  Value array = keptAside(code, table, slot);
  Slot suffix = asideAt(code, table, slot, array, code.sub(older, code.word(2)));
  LLVM::Prefetch::create(code, code.at(suffix.address, table.slot.membersBegin), /*rw=*/0, /*hint=*/3, /*cache=*/1);
}

OverWindow::Rows OverWindow::rowsOf(const OverRecord &record, Value number) {
  auto list = code.call(Rt::mr_over_window, {record.slot.in.get(code), keptOf(record.slot), keptSize(), number, self});
  return {list[0], list[1], code.load(code.i64(), self, Memory::Unknown, 8)};
}

Value OverWindow::rowAt(const Rows &rows, Value number) {
  return code.at(rows.begin, code.mul(number, code.word(layout.kept.size)));
}

//===-- members -------------------------------------------------------------------===//

void OverWindow::forMembers(ArrayRef<Follow> which, llvm::function_ref<void(unsigned)> visit) {
  for (unsigned i = 0; i < members().size(); ++i)
    if (llvm::is_contained(which, way(i)))
      visit(i);
}

/// Does a record count for a member (its condition)? None: all do.
Value OverWindow::taken(unsigned member, Field value) {
  if (!layout.filtered[member])
    return {};
  unsigned filter = layout.filterOf(member);
  Val condition = value(unsigned(layout.args.size()) + filter, layout.filters[filter]);
  return bothValid(code, condition.scalar(), condition.valid);
}

static SmallVector<Val> argumentsOf(const OverLayout &layout, state::TableType type, unsigned member,
                                    llvm::function_ref<Val(unsigned, Type)> value) {
  SmallVector<Val> values;
  unsigned first = layout.firstArg(type, member);
  for (auto [k, argument] : llvm::enumerate(type.getMembers()[member].getArguments()))
    values.push_back(value(first + unsigned(k), argument));
  return values;
}

/// Folds a record into a member; `value` gives its arguments (then its conditions).
void OverWindow::fold(unsigned member, const Slot &slot, Field value, Value time) {
  memberOf(code, table, member, slot)
      ->fold(argumentsOf(layout, table.type(), member, value), taken(member, value), time);
}

//===-- a record enters -------------------------------------------------------------===//

void OverWindow::keep(const OverRecord &record) {
  SlotPieces pieces(code, table, record.slot);
  if (const Place &at = table.slot.time) {
    Value raw = pieces.load(code.i64(), at);
    pieces.store(code.createOrFold<arith::XOrIOp>(record.time, code.word(INT64_MIN)), at);
    code.when(code.expect(code.cmp(Code::Cmp::eq, raw, code.word(0)), false),
              [&] { code.call(Rt::mr_arm, {task, window, record.slot.address}); });
  }
  const Place &records = table.slot.records;
  pieces.store(code.add(pieces.load(code.i64(), records), code.word(1)), records);
  unsigned first = unsigned(layout.keys.size());
  auto own = [&](unsigned field, Type type) { return waitingValue(first + field, type, record.row); };
  if (!layout.kept.size)
    return forMembers(Follow::InPlace, [&](unsigned i) { fold(i, record.slot, own, record.time); });
  Value in = record.slot.in.get(code), kept = keptOf(record.slot);
  Value leaving = code.call1(Rt::mr_over_leaving, {in, kept, keptSize(), code.word(int64_t(layout.rows)),
                                                   code.word(table.keep().getTtl()), record.time});
  if (any(Follow::Taken) || any(Follow::Counted))
    take(record, leaving);
  if (hasKeptTexts())
    code.call(Rt::mr_over_leave, {task, window, record.slot.address, leaving});
  else
    code.call(Rt::mr_over_drop, {in, kept, code.mul(leaving, code.word(layout.kept.size))});
  if (any(Follow::Stacked))
    code.when(code.cmp(Code::Cmp::ne, leaving, code.word(0)), [&] { turn(record); });
  code.store(keepRow(record, own), code.at(record.row, 8), Memory::Unknown, 8);
  forMembers({Follow::InPlace, Follow::Taken, Follow::Counted, Follow::Stacked},
             [&](unsigned i) { fold(i, record.slot, own, record.time); });
}

/// Gives its number.
Value OverWindow::keepRow(const OverRecord &record, Field own) {
  auto write = [&](Value row) {
    unsigned number = 0;
    code.store(record.time, row, Memory::Unknown, 8);
    for (ArrayRef<Type> types : {ArrayRef<Type>(layout.args), ArrayRef<Type>(layout.filters)})
      for (Type type : types) {
        storeField(code, type, own(number, type), layout.kept.fields[number], row);
        ++number;
      }
  };
  if (hasKeptTexts()) {
    write(block);
    return code.call1(Rt::mr_over_keep, {task, window, record.slot.address, block});
  }
  Value in = record.slot.in.get(code), kept = keptOf(record.slot);
  Value row = code.call1(Rt::mr_over_room, {in, kept, keptSize()});
  Value isThere = code.cmp(Code::Cmp::ne, LLVM::PtrToIntOp::create(code, code.i64(), row).getResult(), code.word(0));
  write(code.select(code.expect(isThere, true), row, block));
  return code.call1(Rt::mr_over_number, {in, kept, keptSize(), row});
}

/// Takes away what the rows that leave have given.
void OverWindow::take(const OverRecord &record, Value leaving) {
  Rows rows = rowsOf(record, code.word(0));
  code.loop(code.word(0), leaving, [&](Value number) {
    Value row = rowAt(rows, number), time = code.load(code.i64(), row, Memory::Unknown, 8);
    auto value = [&](unsigned field, Type type) { return keptValue(field, type, row, record.slot); };
    LLVM::MemsetOp::create(code, alone, code.constant(code.i8(), 0), code.word(table.slot.size), /*isVolatile=*/false);
    Slot empty{record.slot.in, alone};
    forMembers({Follow::Taken, Follow::Counted}, [&](unsigned i) {
      std::unique_ptr<Member> other = memberOf(code, table, i, empty);
      memberOf(code, table, i, record.slot)
          ->unfold(argumentsOf(layout, table.type(), i, value), taken(i, value), time, *other);
      if (keepsTexts(members()[i]))
        other->clear();
    });
  });
}

/// If one of the younger rows has left, all that are there become the older ones.
void OverWindow::turn(const OverRecord &record) {
  SlotPieces pieces(code, table, record.slot);
  Rows rows = rowsOf(record, code.word(0));
  Value first = code.sub(code.word(0), rows.self); // the number of the first row
  code.when(code.cmp(Code::Cmp::ugt, first, pieces.load(code.i64(), table.slot.front)), [&] {
    pieces.store(code.add(first, rows.size), table.slot.front);
    forMembers(Follow::Stacked, [&](unsigned i) { memberOf(code, table, i, record.slot)->clear(); });
    Value array = keptAside(code, table, record.slot, rows.size);
    Value isThere = code.cmp(Code::Cmp::ne, array, code.word(0));
    code.when(isThere, [&] {
      code.loop(code.word(0), rows.size, [&](Value number) {
        Value row = rowAt(rows, code.sub(code.sub(rows.size, code.word(1)), number));
        Value time = code.load(code.i64(), row, Memory::Unknown, 8);
        auto value = [&](unsigned field, Type type) { return keptValue(field, type, row, record.slot); };
        Slot suffix = asideAt(code, table, record.slot, array, number);
        Slot shorter = asideAt(code, table, record.slot, array, code.sub(number, code.word(1)));
        forMembers(Follow::Stacked, [&](unsigned i) { fold(i, suffix, value, time); });
        code.when(code.cmp(Code::Cmp::ne, number, code.word(0)), [&] {
          forMembers(Follow::Stacked, [&](unsigned i) {
            memberOf(code, table, i, suffix)->combine(*memberOf(code, table, i, shorter));
          });
        });
      });
    });
  });
}

//===-- what its window gives ---------------------------------------------------------===//

/// What both stacks give; `number` is that of the record's row.
Slot OverWindow::together(const OverRecord &record, Value number) {
  Rows rows = rowsOf(record, number);
  Value first = code.sub(number, rows.self);
  Value older = code.sub(SlotPieces(code, table, record.slot).load(code.i64(), table.slot.front), first);
  Value array = keptAside(code, table, record.slot);
  LLVM::MemsetOp::create(code, alone, code.constant(code.i8(), 0), code.word(table.slot.size), /*isVolatile=*/false);
  Slot all{record.slot.in, alone};
  Value isThere =
      code.both(code.cmp(Code::Cmp::sgt, older, code.word(0)), code.cmp(Code::Cmp::ne, array, code.word(0)));
  code.when(isThere, [&] {
    copyMembers(code, table, all, asideAt(code, table, record.slot, array, code.sub(older, code.word(1))));
  });
  forMembers(Follow::Stacked,
             [&](unsigned i) { memberOf(code, table, i, all)->combine(*memberOf(code, table, i, record.slot)); });
  return all;
}

/// In the order of keys, which is that of min and max (rule 26).
Value OverWindow::isBefore(Type type, const Val &a, const Val &b) {
  if (isText(type)) {
    Value order = code.call1(Rt::mr_string_compare, {a.parts[0], a.parts[1], b.parts[0], b.parts[1]});
    return code.cmp(Code::Cmp::slt, order, code.half(0));
  }
  if (isa<FloatType>(a.scalar().getType())) {
    Value isLess = code.cmp(Code::CmpF::OLT, a.scalar(), b.scalar());
    Value aIs = code.cmp(Code::CmpF::ORD, a.scalar(), a.scalar());
    Value bIsNot = code.cmp(Code::CmpF::UNO, b.scalar(), b.scalar());
    return code.either(isLess, code.both(aIs, bIsNot));
  }
  return code.cmp(isUnsigned(type) ? Code::Cmp::ult : Code::Cmp::slt, a.scalar(), b.scalar());
}

/// Goes through the window. `before`: variables, how many come before the record by what `rank` compares.
void OverWindow::look(const OverRecord &record, const Rows &all, ArrayRef<Value> before) {
  forMembers(Follow::Looked, [&](unsigned i) { memberOf(code, table, i, record.slot)->clear(); });
  code.loop(code.word(0), all.size, [&](Value number) {
    Value row = rowAt(all, number), time = code.load(code.i64(), row, Memory::Unknown, 8);
    auto value = [&](unsigned field, Type type) { return keptValue(field, type, row, record.slot); };
    forMembers(Follow::Looked, [&](unsigned i) {
      if (!isRank(i))
        return fold(i, record.slot, value, time);
      unsigned argument = layout.firstArg(table.type(), i);
      Type type = members()[i].getArgument();
      Val other = value(argument, type);
      Val own = waitingValue(unsigned(layout.keys.size()) + argument, type, record.row);
      bool descends = expr::has(members()[i].getOptions(), "descending");
      Value comes = isBefore(valueType(type), descends ? own : other, descends ? other : own);
      comes = bothValid(code, comes, other.valid);
      Value sum = code.add(code.load(code.i64(), before[i]), code.resize(comes, code.i64(), false));
      code.store(sum, before[i]);
    });
  });
}

/// What tells of the record's place among others.
Val OverWindow::place(const OverRecord &record, const Rows &all, unsigned number, Value before) {
  state::MemberAttr member = members()[number];
  Val result;
  if (member.getFn() == "row_number") {
    result.parts = {isAll() ? SlotPieces(code, table, record.slot).load(code.i64(), table.slot.records)
                            : code.add(all.self, code.word(1))};
    return result;
  }
  unsigned argument = layout.firstArg(table.type(), number);
  if (member.getFn() == "rank") {
    Val own = waitingValue(unsigned(layout.keys.size()) + argument, member.getArgument(), record.row);
    Value others = before ? code.load(code.i64(), before) : rankMember(code, table, number, record.slot)->before(own);
    result.parts = {code.add(others, code.word(1))};
    result.valid = own.valid;
    return result;
  }
  Value index = code.sub(all.self, code.word(offsetOf(member)));
  Value isThere = code.cmp(Code::Cmp::sge, index, code.word(0));
  Value row = rowAt(all, index);
  result = keptValue(argument, member.getArgument(), code.select(isThere, row, block), record.slot, isThere);
  result.valid = bothValid(code, isThere, result.valid);
  if (isReference(member.getResult()))
    clearUnless(code, result, result.valid);
  return lasting(code, task, member.getResult(), result);
}

SmallVector<Val> OverWindow::results(const OverRecord &record, Value &overflow) {
  Rows all;
  Slot both;
  if (layout.kept.size) {
    Value number = code.load(code.i64(), code.at(record.row, 8), Memory::Unknown, 8);
    if (any(Follow::Stacked))
      both = together(record, number);
    all = rowsOf(record, number);
  }
  SmallVector<Value> before(members().size());
  forMembers(Follow::Looked, [&](unsigned i) {
    if (isRank(i))
      before[i] = code.variable(code.i64());
  });
  for (Value variable : before)
    if (variable)
      code.store(code.word(0), variable);
  if (any(Follow::Looked))
    look(record, all, before);
  SmallVector<Val> results;
  for (unsigned i = 0; i < members().size(); ++i) {
    if (way(i) == Follow::Place || isRank(i)) {
      results.push_back(place(record, all, i, before[i]));
      continue;
    }
    const Slot &slot = way(i) == Follow::Stacked ? both : record.slot;
    Val result = memberOf(code, table, i, slot)->finish((table.firstSite + i) << 3 | MR_OVERFLOW, {});
    overflow = leastError(code, overflow, std::exchange(result.error, {}));
    results.push_back(lasting(code, task, members()[i].getResult(), result));
  }
  return results;
}
