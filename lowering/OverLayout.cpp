//===- OverLayout.cpp - rows of windows per record -------------------------------===//
#include "lowering/Over.h"

#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/OverWay.h"
#include "dialect/state/KeptWith.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

//===-- how windows are followed ------------------------------------------------===//

Follow millrace::lowering::followOf(state::TableOp table, unsigned number) {
  ArrayRef<state::MemberAttr> members = table.getType().getMembers();
  state::MemberAttr member = members[state::holderOf(members, number)];
  bool isRank = member.getFn() == "rank";
  if (expr::isPlace(member.getFn()) && !isRank)
    return Follow::Place;
  if (isOverAll(table.getKeep()))
    return Follow::InPlace;
  stream::AlgorithmAttr algorithm = table.getAlgorithm();
  if (!algorithm || algorithm.getValue() == stream::Algorithm::Recompute)
    return Follow::Looked;
  switch (expr::overWay(member.getFn(), member.getArguments(), member.getOptions())) {
  case expr::OverWay::Taken:
    return Follow::Taken;
  case expr::OverWay::Counted:
    return Follow::Counted;
  case expr::OverWay::Stacked: // of one's own a state may have texts
    return keepsTexts(member) ? Follow::Looked : Follow::Stacked;
  case expr::OverWay::Looked:
    return Follow::Looked;
  }
  llvm_unreachable("covered");
}

bool millrace::lowering::anyFollows(state::TableOp table, Follow way) {
  return llvm::any_of(llvm::seq(size_t(0), table.getType().getMembers().size()),
                      [&](size_t i) { return followOf(table, unsigned(i)) == way; });
}

bool millrace::lowering::countsValues(const Table &table, unsigned member) {
  return isOver(table.op) && followOf(table.op, member) == Follow::Counted;
}

//===-- layout ----------------------------------------------------------------===//

bool millrace::lowering::isOver(state::TableOp table) {
  return table.getKeep() && table.getKeep().getKind() == state::KeepKind::Over;
}

bool millrace::lowering::isOverAll(state::KeepAttr keep) { return !keep.getTtl() && !keep.getRecords(); }

/// A row of these types behind a header of so many bytes.
static lowering::RowLayout behind(unsigned header, ArrayRef<Type> types) {
  lowering::RowLayout row = layoutRow(types);
  for (lowering::RowLayout::Field &field : row.fields) {
    field.offset += header;
    field.status += field.status < 0 ? 0 : int(header);
  }
  row.size = unsigned(llvm::alignTo(row.size + header, 8));
  return row;
}

int64_t millrace::lowering::offsetOf(state::MemberAttr lag) {
  auto offset = lag.getOptions().getAs<IntegerAttr>("offset");
  return offset ? offset.getInt() : 1;
}

OverLayout::OverLayout(exec::ProgramOp program, state::TableOp table) {
  state::KeepAttr keep = table.getKeep();
  program.walk([&](state::AwaitOp await) { // all of them have the same types
    if (await.getTable() != table.getSymName())
      return WalkResult::advance();
    llvm::append_range(keys, await.getKeys().getTypes());
    llvm::append_range(args, await.getArgs().getTypes());
    llvm::append_range(filters, await.getFilters().getTypes());
    llvm::append_range(passed, await.getPassed().getTypes());
    filtered.assign(await.getFiltered().begin(), await.getFiltered().end());
    return WalkResult::interrupt();
  });
  SmallVector<Type> all(keys);
  for (ArrayRef<Type> types : {ArrayRef<Type>(args), ArrayRef<Type>(filters), ArrayRef<Type>(passed)})
    all.append(types.begin(), types.end());
  waiting = behind(16, all);
  rows = uint64_t(keep.getRecords());
  if (isOverAll(keep)) // only what `lag` looks back to
    for (state::MemberAttr member : table.getType().getMembers())
      if (member.getFn() == "lag")
        rows = std::max(rows, uint64_t(offsetOf(member)) + 1);
  SmallVector<Type> looked(args);
  looked.append(filters.begin(), filters.end());
  if (rows || keep.getTtl())
    kept = behind(8, looked);
}

unsigned OverLayout::firstArg(state::TableType type, unsigned member) const {
  unsigned first = 0;
  for (unsigned i = 0; i < member; ++i)
    first += unsigned(type.getMembers()[i].getArguments().size());
  return first;
}

unsigned OverLayout::filterOf(unsigned member) const {
  return unsigned(llvm::count(llvm::ArrayRef(filtered).take_front(member), true));
}

//===-- rows ------------------------------------------------------------------===//

Val millrace::lowering::loadField(Code &code, Type type, const lowering::RowLayout::Field &field, Value row) {
  Val val = loadValue(code, type, code.at(row, int64_t(field.offset)), Memory::Unknown, std::min(sizeOf(type), 8u));
  if (field.status >= 0) {
    Value status = code.load(code.i8(), code.at(row, int64_t(field.status)), Memory::Unknown, 1);
    val.valid = code.cmp(Code::Cmp::eq, status, code.constant(code.i8(), MR_VALUE));
  }
  return val;
}

void millrace::lowering::storeField(Code &code, Type type, Val val, const lowering::RowLayout::Field &field,
                                    Value row) {
  if (val.valid)
    clearUnless(code, val, val.valid);
  storeValue(code, type, val, code.at(row, int64_t(field.offset)), Memory::Unknown, std::min(sizeOf(type), 8u));
  if (field.status < 0)
    return;
  Value status = val.valid ? code.resize(code.invert(val.valid), code.i8(), false) : code.constant(code.i8(), MR_VALUE);
  code.store(status, code.at(row, int64_t(field.status)), Memory::Unknown, 1);
}

//===-- told to the runtime -------------------------------------------------------===//

static Constant textPlaces(ConstantTable &constants, StringRef name, ArrayRef<Type> types,
                           ArrayRef<lowering::RowLayout::Field> fields, int64_t &number) {
  SmallVector<Constant> places;
  for (auto [type, field] : llvm::zip(types, fields))
    if (isText(type))
      places.push_back(Constant::integer(32, field.offset));
  number = int64_t(places.size());
  return constants.array(name, places);
}

Constant millrace::lowering::describeOver(ConstantTable &constants, exec::ProgramOp program, const Table &table) {
  if (!isOver(table.op))
    return Constant::null();
  OverLayout layout(program, table.op);
  std::string name = state::TableOp(table.op).getSymName().str();
  SmallVector<Type> looked(layout.args);
  looked.append(layout.filters.begin(), layout.filters.end());
  SmallVector<Type> waiting(layout.keys);
  for (ArrayRef<Type> types : {ArrayRef<Type>(looked), ArrayRef<Type>(layout.passed)})
    waiting.append(types.begin(), types.end());
  int64_t numTexts = 0, numKept = 0;
  StructConstant desc(sizeof(mr_over_desc));
  MR_FIELD(desc, mr_over_desc, texts, textPlaces(constants, "texts_" + name, waiting, layout.waiting.fields, numTexts));
  MR_FIELD(desc, mr_over_desc, kept_texts,
           textPlaces(constants, "kept_texts_" + name, looked, layout.kept.fields, numKept));
  MR_FIELD(desc, mr_over_desc, num_texts, numTexts);
  MR_FIELD(desc, mr_over_desc, num_kept_texts, numKept);
  MR_FIELD(desc, mr_over_desc, rows, int64_t(layout.rows));
  MR_FIELD(desc, mr_over_desc, row_size, layout.waiting.size);
  MR_FIELD(desc, mr_over_desc, kept_size, layout.kept.size);
  MR_FIELD(desc, mr_over_desc, rows_offset, table.slot.keptRows.offset);
  MR_FIELD(desc, mr_over_desc, kept_texts_offset, table.slot.keptTexts.offset);
  MR_FIELD(desc, mr_over_desc, release, Constant::address("release_" + name));
  return constants.array("over_" + name, desc);
}
