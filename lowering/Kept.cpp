//===- Kept.cpp - state that no window ends -----------------------------------===//
#include "lowering/Kept.h"

#include "lowering/Over.h"

#include "dialect/state/Shape.h"

#include "llvm/Support/ErrorHandling.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// Rows in `block`; `asked`: does a filter before it decide about them?
static void collectRows(Block &block, bool asked, unsigned &flags, SmallVector<KeptRow> &rows) {
  for (Operation &op : block) {
    asked |= isa<exec::KeepOp>(op);
    if (auto emit = dyn_cast<exec::EmitOp>(op))
      rows.push_back({emit, asked ? int(flags++) : -1});
    for (Region &region : op.getRegions())
      collectRows(region.front(), asked, flags, rows);
  }
}

SmallVector<KeptRow> millrace::lowering::rowsBehind(Block &body) {
  SmallVector<KeptRow> rows;
  unsigned flags = 0;
  collectRows(body, false, flags, rows);
  return rows;
}
SmallVector<KeptRow> millrace::lowering::rowsBehind(state::UpdateOp update) {
  return rowsBehind(update.getBody().front());
}

SmallVector<state::UpdateOp> millrace::lowering::updatesOf(exec::ProgramOp program, state::TableOp table) {
  SmallVector<state::UpdateOp> updates;
  program.walk([&](state::UpdateOp update) {
    if (update.getTable() == table.getSymName())
      updates.push_back(update);
  });
  return updates;
}

bool millrace::lowering::takesPartsAway(state::TableOp table) {
  stream::AlgorithmAttr algorithm = table.getAlgorithmAttr();
  return algorithm && algorithm.getValue() == stream::Algorithm::Subtract && table.getKeep() &&
         table.getKeep().getKind() == state::KeepKind::Count;
}

uint64_t millrace::lowering::turnsOf(state::KeepAttr keep) {
  return llvm::SaturatingMultiply(uint64_t(keep.parts()), uint64_t(keep.getEvery() / keep.recordsOfPart()));
}

void millrace::lowering::addNeeds(exec::ProgramOp program, state::TableOp table, SlotNeeds &needs) {
  state::KeepAttr keep = table.getKeep();
  if (stream::FiringAttr firing = table.getFiring(); firing && firing.replaces())
    program.walk([&](exec::FireOp fire) {
      if (fire.getTable() == table.getSymName())
        needs.in =
            unsigned(llvm::count_if(rowsBehind(fire.getBody().front()), [](auto &row) { return row.flag >= 0; }));
    });
  if (!keep)
    return;
  needs.time = keep.getTtl() != 0;
  if (keep.getKind() == state::KeepKind::Over) {
    needs.keepsRows = true;
    needs.stacks = anyFollows(table, Follow::Stacked);
    for (auto [i, member] : llvm::enumerate(table.getType().getMembers())) {
      Follow way = followOf(table, unsigned(i));
      needs.removed.push_back(way == Follow::Taken || (way == Follow::Counted && state::keepsSet(member)));
    }
    program.walk([&](state::AwaitOp await) {
      for (auto [i, isFiltered] : llvm::enumerate(await.getFiltered()))
        if (await.getTable() == table.getSymName())
          needs.filtered[i] |= isFiltered;
    });
    return;
  }
  if (keep.getKind() == state::KeepKind::First) {
    needs.in = needs.time ? 0 : 1; // has a record passed?
    return;
  }
  for (state::UpdateOp update : updatesOf(program, table)) {
    for (auto [i, isFiltered] : llvm::enumerate(update.getFiltered()))
      needs.filtered[i] |= isFiltered;
    needs.time |= keep.getKind() == state::KeepKind::Last && update.getTime();
    needs.counts = keep.getKind() == state::KeepKind::Count;
    if (needs.counts) { // its rows only insert
      needs.parts = unsigned(keep.parts());
      needs.removes = takesPartsAway(table);
      needs.mostTurns = std::max(llvm::SaturatingMultiply(turnsOf(keep), uint64_t(2)), uint64_t(keep.recordsOfPart()));
      needs.aside = needs.parts && llvm::none_of(table.getType().getMembers(), keepsTexts);
      continue;
    }
    unsigned in = 0;
    for (const KeptRow &row : rowsBehind(update))
      in += row.flag >= 0;
    needs.in = std::max(needs.in, in);
  }
}

SmallVector<std::pair<unsigned, unsigned>> millrace::lowering::keyFields(KeptRow row, Block &body, size_t keys,
                                                                         exec::SinkOp sink) {
  stream::StreamType type = sink.getType();
  SmallVector<std::pair<unsigned, unsigned>> fields;
  for (StringAttr key : type.getUpsertKeys()) {
    unsigned field = unsigned(type.indexOf(key));
    auto argument = dyn_cast<BlockArgument>(row.emit.getValues()[field]);
    if (!argument || argument.getOwner() != &body || argument.getArgNumber() >= keys)
      llvm::report_fatal_error("lowering: a field of an upsert stream's key is not the key");
    fields.push_back({field, argument.getArgNumber()});
  }
  return fields;
}
