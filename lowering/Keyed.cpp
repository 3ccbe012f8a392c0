//===- Keyed.cpp - what is done with a key's state ----------------------------===//
//
// Shared by folds into windows, updates of state without windows, and fires.
//
//===----------------------------------------------------------------------===//
#include "lowering/Body.h"

#include "dialect/state/BestRows.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

SmallVector<Val> Body::valuesOf(ValueRange values) const {
  SmallVector<Val> all;
  for (Value value : values)
    all.push_back(expressions.get(value));
  return all;
}

/// Of tables of more bytes than this (of which at most a quarter is in use up to here), what is in use does not fit the
/// second-level cache: slots are asked for some records beforehand.
static constexpr int64_t kPrefetchAbove = 3 << 20;

/// The same where sessions are looked at while they are open, and taken out as they end, where parts of counts lie
/// beside the slots, or where keys that have changed are gone to: that needs room there, too.
static constexpr int64_t kPrefetchBesideAbove = 1 << 20;

/// The same where the best rows of each key are beside its slot, which take ten times as much.
static constexpr int64_t kPrefetchBestAbove = 1 << 18;

/// Tables that records come to in turn, and which share the caches: of the slices of a window.
static int64_t tablesInTurn(state::TableOp table) {
  stream::WindowAttr window = table.getWindow();
  auto algorithm = table.getAlgorithm() ? table.getAlgorithm().getValue() : stream::Algorithm::Same;
  bool isOfSlices = algorithm == stream::Algorithm::Recompute || algorithm == stream::Algorithm::Subtract ||
                    algorithm == stream::Algorithm::TwoStacks;
  if (!isOfSlices || !window || window.getSlide() <= 0 || window.getSize() <= window.getSlide())
    return 1;
  return window.getSize() / window.getSlide();
}

/// Asks for the slot of the key of a later record, if that key is only fields. A text that is not there was
/// cleared when it was loaded, so that it can be hashed too.
void Body::prefetch(ValueRange keys, const Table &table, TableAccess &access, const TableInHand &in) {
  auto isField = [](Value key) {
    return isa<BlockArgument>(key) && isa<exec::StepOp>(cast<BlockArgument>(key).getOwner()->getParentOp());
  };
  if (!ahead || nested || keys.empty() || !llvm::all_of(keys, isField))
    return;
  auto fieldsOf = [&](Value record) {
    SmallVector<Val> fields;
    llvm::DenseMap<Value, Val> loaded;
    for (Value key : keys) {
      if (!loaded.contains(key))
        loaded[key] = frame.loadField(cast<BlockArgument>(key), record);
      fields.push_back(loaded[key]);
    }
    return fields;
  };
  bool hasRows = llvm::any_of(table.type().getMembers(), [](state::MemberAttr m) { return state::hasBar(m); });
  auto ask = [&] {
    auto [later, record] = ahead(table.slot.filled ? kSlotOfPartsAhead : kSlotAhead);
    access.prefetch(in, fieldsOf(record), later);
    if (table.slot.filled && access.knowsHome())
      prefetchPart(table, access.home(in, fieldsOf(ahead(kPartAhead).second)));
    if (hasRows && access.knowsHome())
      prefetchBest(table, access.home(in, fieldsOf(ahead(kAsideAhead).second)));
  };
  access.keepHashes(place);
  std::optional<int64_t> known = access.capacity();
  bool hasMuchBeside = table.slot.sessionEnd || table.slot.filled || table.slot.fresh;
  int64_t most = hasMuchBeside ? kPrefetchBesideAbove : hasRows ? kPrefetchBestAbove : kPrefetchAbove;
  most /= tablesInTurn(table.op);
  if (known && *known * int64_t(table.slot.size) <= most)
    return;
  if (known)
    return ask();
  code.when(code.cmp(Code::Cmp::uge, access.lastPosition(in), code.word(most / table.slot.size)), ask);
}

/// The best rows of the key that is at home in a slot, as far as a few lines go.
void Body::prefetchBest(const Table &table, const Slot &slot) {
  constexpr int64_t kLine = 64, kLines = 10;
  for (auto [member, place] : llvm::zip_equal(table.type().getMembers(), table.slot.members)) {
    if (!state::hasBar(member) || place.value.cold)
      continue;
    Value head = code.load(code.i64(), code.at(slot.address, place.value.offset), Memory::Table, 8);
    Value tail = code.load(code.i64(), code.at(slot.address, place.value.offset + 8), Memory::Table, 8);
    code.when(code.cmp(Code::Cmp::ne, head, code.word(0)), [&] {
      Value text = code.call(Rt::mr_table_text, {slot.in.get(code), head, tail})[1];
      Value rows = LLVM::IntToPtrOp::create(code, code.ptr(), text);
      for (int64_t line = 0; line < kLines; ++line)
        LLVM::Prefetch::create(code, code.at(rows, line * kLine), /*rw=*/1, /*hint=*/3, /*cache=*/1);
    });
  }
}

void Body::foldMembers(const Table &table, const Slot &slot, ValueRange args, ArrayRef<bool> filtered,
                       ValueRange filters, Value time) {
  unsigned argument = 0, filter = 0;
  for (auto [i, member] : llvm::enumerate(table.type().getMembers())) {
    size_t taken = member.getArguments().size();
    SmallVector<Val> values = valuesOf(args.slice(argument, taken));
    argument += taken;
    Value take;
    if (i < filtered.size() && filtered[i]) {
      const Val &condition = expressions.get(filters[filter++]);
      take = bothValid(code, condition.scalar(), condition.valid);
    }
    memberOf(code, table, i, slot)->fold(values, take, time);
  }
  if (const Place &records = table.slot.records) {
    SlotPieces pieces(code, table, slot);
    pieces.store(code.add(pieces.load(code.i64(), records), code.word(1)), records);
  }
}

SmallVector<Val> Body::finishMembers(const Table &table, const Slot &slot, Value &overflow) {
  // A slot without a key is read also where nothing was folded (rule 18), but not that of a count.
  Value isInUse;
  if (!table.isKeyed())
    isInUse = table.slot.filled ? code.boolean(true) : accessTo(code, frame.task, table)->isInUse(slot);
  SmallVector<Val> results;
  for (unsigned i = 0; i < table.type().getMembers().size(); ++i) {
    Val result = memberOf(code, table, i, slot)->finish((table.firstSite + i) << 3 | MR_OVERFLOW, isInUse);
    overflow = leastError(code, overflow, std::exchange(result.error, {}));
    results.push_back(result);
  }
  return results;
}
