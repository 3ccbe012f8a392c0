//===- Program.cpp - a program's ports and tables by number -------------------===//
#include "lowering/Program.h"
#include "dialect/state/Layout.h"
#include "dialect/stream/Firing.h"

#include "lowering/Kept.h"
#include "lowering/Passes.h"

#include "runtime/io/binary/row_layout.h"

#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

lowering::RowLayout millrace::lowering::layoutRow(ArrayRef<Type> types) {
  SmallVector<RowField> rowFields;
  for (Type type : types)
    rowFields.push_back({mrTypeOf(type), isNullable(type)});
  millrace::RowLayout shared = millrace::layoutRow(rowFields);
  lowering::RowLayout row;
  row.size = shared.size;
  std::vector<bool> used(shared.size);
  for (auto [place, type] : llvm::zip_equal(shared.places, types)) {
    row.fields.push_back({place.offset, place.statusOffset == UINT32_MAX ? -1 : int(place.statusOffset)});
    std::fill_n(used.begin() + place.offset, sizeOf(type), true);
    if (place.statusOffset != UINT32_MAX)
      used[place.statusOffset] = true;
  }
  for (unsigned at = 0; at < row.size; ++at)
    if (!used[at])
      row.padding.push_back(at);
  return row;
}

/// Rows lie as they were read; all other formats and generators fill a column for each field.
static SmallVector<Column> columnsOf(exec::SourceOp op, unsigned rowSize) {
  bool isBinary = op.getFormat() == "binary", isText = op.getFormat() && !isBinary;
  SmallVector<Column> columns;
  for (Type type : op.getType().getTypes()) {
    if (isBinary)
      columns.push_back({rowSize, isNullable(type) ? rowSize : 0, 1, false});
    else
      columns.push_back({sizeOf(type), isText || isNullable(type) ? 1u : 0u, std::min(sizeOf(type), 8u), isText});
  }
  return columns;
}

/// What folds into a table need of its slots.
static SlotNeeds needsOf(exec::ProgramOp program, state::TableOp table) {
  SlotNeeds needs;
  needs.filtered.resize(table.getType().getMembers().size());
  needs.removes = table.getAlgorithm() && table.getAlgorithm().getValue() == stream::Algorithm::Subtract;
  needs.session = table.getAlgorithm() && table.getAlgorithm().getValue() == stream::Algorithm::Sessions;
  stream::FiringAttr firing = table.getFiring();
  needs.fires = state::keepsPanes(table) || (needs.session && stream::hasPanes(firing));
  needs.clock = firing && firing.getEmitUnit() == stream::EmitUnit::Processing;
  needs.refires = (needs.session || state::keepsPanes(table)) && firing && firing.getRefire();
  if (table.getSlicesOf()) {
    needs.shared = true;
    needs.removes = false;
    needs.removed.resize(table.getType().getMembers().size());
    for (auto other : program.getBody().getOps<state::TableOp>()) {
      if (other.getSlicesOf() != table.getSymName() || !other.getAlgorithm() ||
          other.getAlgorithm().getValue() != stream::Algorithm::Subtract)
        continue;
      needs.removes = true;
      for (int32_t member : other.getOwnAttr().asArrayRef())
        needs.removed[size_t(member)] = true;
    }
  }
  program.walk([&](state::FoldOp fold) {
    if (fold.getTable() != table.getSymName())
      return;
    for (auto [i, isFiltered] : llvm::enumerate(fold.getFiltered()))
      needs.filtered[i] |= isFiltered;
  });
  bool mayBeEmpty = firing && firing.mayBeEmpty();
  if (table->hasAttr(state::fillNote) || mayBeEmpty) // a slot is there also where nothing was folded
    needs.filtered.assign(needs.filtered.size(), true);
  addNeeds(program, table, needs);
  return needs;
}

state::TableType Table::type() const {
  state::TableType all = state::TableOp(op).getType();
  if (!left)
    return all;
  ArrayRef<state::MemberAttr> members = all.getMembers().drop_back(left);
  SmallVector<StringAttr> cold;
  for (state::MemberAttr member : members)
    if (all.getLayout().isCold(member.getName()))
      cold.push_back(member.getName());
  auto layout = state::LayoutAttr::get(all.getContext(), all.getLayout().getKind(), all.getLayout().getRanges(), cold);
  return state::TableType::get(all.getContext(), all.getKeyNames(), all.getKeyTypes(), members, layout);
}

bool Table::isShared() const {
  state::TableOp table = op;
  return table.getSlicesOf() && !table.readsOthers();
}

Table Table::fired() const {
  Table seen = *this;
  if (!isShared())
    return seen;
  ArrayRef<int32_t> own = state::TableOp(op).getOwnAttr();
  seen.left = unsigned(type().getMembers().size() - own.size());
  seen.slot = onlyMembers(slot, own);
  return seen;
}

static bool needsHeader(exec::ProgramOp program, exec::SinkOp sink) {
  if (sink.getType().getChanges() != stream::Changes::Insert)
    return true;
  for (auto step : program.getBody().getOps<exec::StepOp>())
    if (exec::isStateful(step) && step.walk([&](exec::EmitOp emit) {
                                        return emit.getSink() == sink.getSymName() ? WalkResult::interrupt()
                                                                                   : WalkResult::advance();
                                      })
                                      .wasInterrupted())
      return true;
  return false;
}

static lowering::RowLayout behindHeader(lowering::RowLayout row) {
  constexpr unsigned size = 8;
  for (lowering::RowLayout::Field &field : row.fields) {
    field.offset += size;
    field.status += field.status < 0 ? 0 : int(size);
  }
  for (unsigned &offset : row.padding)
    offset += size;
  row.size += size;
  return row;
}

Program::Program(exec::ProgramOp program) : op(program) {
  unsigned nextSite = program.getSites().size();
  for (Operation &child : program.getBody().front()) {
    llvm::TypeSwitch<Operation *>(&child)
        .Case([&](exec::ParamOp o) { params.push_back(o); })
        .Case([&](exec::SourceOp o) {
          unsigned rowSize = layoutRow(o.getType().getTypes()).size;
          sources.push_back({o, unsigned(sources.size()), columnsOf(o, rowSize), rowSize});
        })
        .Case([&](exec::SinkOp o) {
          bool header = needsHeader(program, o);
          RowLayout row = layoutRow(o.getType().getTypes());
          sinks.push_back({o, unsigned(sinks.size()), header ? behindHeader(row) : row, header});
        })
        .Case([&](state::TableOp o) {
          SlotLayout slot = o.readsOthers() ? onlyMembers(this->table(*o.getSlicesOf()).slot, o.getOwnAttr())
                                            : layoutSlot(o.getType(), needsOf(program, o));
          Table table{o, unsigned(tables.size()), std::move(slot), 0, nextSite};
          nextSite += o.getType().getMembers().size();
          tables.push_back(std::move(table));
        });
  }
}

/// The names were verified with the exec ops.
template <typename All> static auto &byName(All &all, StringRef name) {
  for (auto &one : all)
    if (one.op.getSymName() == name)
      return one;
  llvm::report_fatal_error("lowering: an unknown name passed the verifiers");
}

Source &Program::source(StringRef name) { return byName(sources, name); }
Sink &Program::sink(StringRef name) { return byName(sinks, name); }
Table &Program::table(StringRef name) { return byName(tables, name); }

SmallVector<StateSize> millrace::lowering::stateSizes(exec::ProgramOp op) {
  SmallVector<StateSize> sizes;
  Program program(op);
  for (Table &table : program.tables)
    sizes.push_back({table.op.getSymName(), table.slot.size, table.slot.coldSize});
  return sizes;
}
