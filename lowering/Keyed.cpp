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

/// The same where sessions are looked at while they are open, and taken out as they end: that needs room there, too.
static constexpr int64_t kPrefetchSessionsAbove = 1 << 20;

/// The same where the best rows of each key are beside its slot, which take ten times as much.
static constexpr int64_t kPrefetchBestAbove = 1 << 18;

/// Asks for the slot of the key of a later record, if that key is only fields. A text that is not there was
/// cleared when it was loaded, so that it can be hashed too.
void Body::prefetch(ValueRange keys, const Table &table, TableAccess &access, const TableInHand &in) {
  auto isField = [](Value key) {
    return isa<BlockArgument>(key) && isa<exec::StepOp>(cast<BlockArgument>(key).getOwner()->getParentOp());
  };
  if (!ahead || nested || keys.empty() || !llvm::all_of(keys, isField))
    return;
  auto ask = [&] {
    auto [later, record] = ahead();
    SmallVector<Val> fields;
    llvm::DenseMap<Value, Val> loaded;
    for (Value key : keys) {
      if (!loaded.contains(key))
        loaded[key] = frame.loadField(cast<BlockArgument>(key), record);
      fields.push_back(loaded[key]);
    }
    access.prefetch(in, fields, later);
  };
  access.keepHashes(place);
  std::optional<int64_t> known = access.capacity();
  bool hasRows = llvm::any_of(table.type().getMembers(), [](state::MemberAttr m) { return state::hasBar(m); });
  int64_t most = table.slot.sessionEnd ? kPrefetchSessionsAbove : hasRows ? kPrefetchBestAbove : kPrefetchAbove;
  if (known && *known * int64_t(table.slot.size) <= most)
    return;
  if (known)
    return ask();
  code.when(code.cmp(Code::Cmp::uge, access.lastPosition(in), code.word(most / table.slot.size)), ask);
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
  Value isInUse; // a slot without a key is read also where nothing was folded (rule 18)
  if (!table.isKeyed())
    isInUse = accessTo(code, frame.task, table)->isInUse(slot);
  SmallVector<Val> results;
  for (unsigned i = 0; i < table.type().getMembers().size(); ++i) {
    Val result = memberOf(code, table, i, slot)->finish((table.firstSite + i) << 3 | MR_OVERFLOW, isInUse);
    overflow = leastError(code, overflow, std::exchange(result.error, {}));
    results.push_back(result);
  }
  return results;
}
