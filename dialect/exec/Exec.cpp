//===- Exec.cpp - the exec dialect and its verifiers ------------------------===//
#include "dialect/exec/Exec.h"
#include "dialect/expr/Types.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::exec;

#include "dialect/exec/ExecDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/exec/ExecAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/exec/ExecTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/exec/ExecOps.cpp.inc"

namespace {
/// Constants stay in the step, firing or branch that uses them.
struct ExecFolds : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const override { return !isa<ProgramOp>(region->getParentOp()); }
};
} // namespace

void ExecDialect::initialize() {
  addInterfaces<ExecFolds>();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/exec/ExecTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/exec/ExecAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/exec/ExecOps.cpp.inc"
      >();
}

//===-- names of arguments --------------------------------------------------===//

template <typename OpT> static OpT named(Operation *from, FlatSymbolRefAttr symbol) {
  return dyn_cast_or_null<OpT>(SymbolTable::lookupNearestSymbolFrom(from, symbol));
}

static void addFieldNames(Operation *op, FlatSymbolRefAttr symbol, ArrayRef<int32_t> fields,
                          SmallVector<std::string> &names) {
  if (auto source = named<SourceOp>(op, symbol))
    for (int32_t field : fields)
      if (field >= 0 && field < int(source.getType().getNames().size()))
        names.push_back(source.getType().getNames()[field].str());
}

/// Of a record that waited: what it hands on (as the firing says) and the results of its window.
static void addWaitedNames(FireOp fire, state::TableOp table, SmallVector<std::string> &names) {
  auto passed = fire->getAttrOfType<ArrayAttr>(passedNames);
  for (size_t i = 0; i + 1 + table.getType().getMembers().size() < fire.getBody().front().getNumArguments(); ++i)
    names.push_back(passed && i < passed.size() ? cast<StringAttr>(passed[i]).str() : "");
  for (state::MemberAttr member : table.getType().getMembers())
    names.push_back(member.getName().str());
}

static void addFiredNames(FireOp fire, SmallVector<std::string> &names) {
  auto table = named<state::TableOp>(fire, fire.getTableAttr());
  if (table && table.getKeep() && table.getKeep().getKind() == state::KeepKind::Over)
    addWaitedNames(fire, table, names);
  if (!table || !table.getWindow())
    return;
  for (StringAttr key : table.getType().getKeyNames())
    names.push_back(key.str());
  if (table.getWindow().isInTime())
    names.append({"window_start", "window_end"});
  bool hasPanes = table.getFiring() && table.getFiring().firesAgain();
  if (hasPanes)
    names.push_back("pane");
  if (hasPanes || table.getWindow().isInProcessingTime())
    names.push_back("timing");
  for (state::MemberAttr member : table.firedMembers())
    names.push_back(member.getName().str());
}

SmallVector<std::string> exec::argumentNames(Block &block) {
  SmallVector<std::string> names;
  TypeSwitch<Operation *>(block.getParentOp())
      .Case<StepOp, EventTimeOp, PunctuationOp>(
          [&](auto op) { addFieldNames(op, op.getInputAttr(), op.getFields(), names); })
      .Case([&](FireOp fire) { addFiredNames(fire, names); })
      .Case([&](state::UpdateOp update) { names = state::argumentNames(update); })
      .Case([&](UnnestOp) { names.push_back("element"); });
  if (names.size() + 1 == block.getNumArguments())
    names.push_back("event_time");
  names.resize(block.getNumArguments());
  return names;
}

void exec::nameArguments(Region &region, OpAsmSetValueNameFn fn) {
  if (region.empty())
    return;
  for (auto [argument, name] : llvm::zip(region.getArguments(), argumentNames(region.front())))
    if (!name.empty())
      fn(argument, name);
}

/// Into which session a record goes depends on W as the records before it have moved it.
static bool foldsIntoSessions(Operation *op) {
  auto fold = dyn_cast<state::FoldOp>(op);
  auto table =
      fold ? SymbolTable::lookupNearestSymbolFrom<state::TableOp>(fold, fold.getTableAttr()) : state::TableOp();
  return table && table.getAlgorithm() && table.getAlgorithm().getValue() == stream::Algorithm::Sessions;
}

bool exec::isStateful(Operation *code) {
  return code
      ->walk([](Operation *op) {
        return isa<state::AwaitOp, state::UpdateOp, state::AdmitOp>(op) || foldsIntoSessions(op)
                   ? WalkResult::interrupt()
                   : WalkResult::advance();
      })
      .wasInterrupted();
}

bool exec::firesAtOnce(Operation *code) {
  return code
      ->walk([](state::FoldOp fold) {
        auto table = SymbolTable::lookupNearestSymbolFrom<state::TableOp>(fold, fold.getTableAttr());
        return table && state::firesAtOnce(table) ? WalkResult::interrupt() : WalkResult::advance();
      })
      .wasInterrupted();
}

//===-- verifiers -----------------------------------------------------------===//

/// The position in a program's order: ports, then tables, then code.
static int rank(Operation &op) {
  return TypeSwitch<Operation *, int>(&op)
      .Case<ParamOp>([](auto) { return 0; })
      .Case<SourceOp>([](auto) { return 1; })
      .Case<SinkOp>([](auto) { return 2; })
      .Case<state::AggregateOp, state::TableOp>([](auto) { return 3; })
      .Case<EventTimeOp, PunctuationOp>([](auto) { return 4; })
      .Case<StepOp>([](auto) { return 5; })
      .Case<FireOp>([](auto) { return 6; })
      .Default([](Operation *) { return -1; });
}

/// Sites and terminals are numbers into the program's lists.
static LogicalResult verifyNumbers(ProgramOp program) {
  int64_t sites = program.getSites().size(), terminals = program.getTerminals().size();
  WalkResult result = program.walk([&](Operation *op) -> WalkResult {
    auto site = op->getAttrOfType<IntegerAttr>("expr.site");
    if (site && (site.getInt() < 0 || site.getInt() >= sites))
      return op->emitOpError("has the error site ") << site.getInt() << " of " << sites;
    auto terminal = isa<EmitOp, state::FoldOp, state::AwaitOp, state::UpdateOp, state::AdmitOp>(op)
                        ? op->getAttrOfType<IntegerAttr>("terminal")
                        : IntegerAttr();
    if (terminal && (terminal.getInt() < 0 || terminal.getInt() >= terminals))
      return op->emitOpError("has the number ") << terminal.getInt() << " of " << terminals << " terminals";
    if (auto fold = dyn_cast<state::FoldOp>(op); fold && fold.getAlsoTerminals())
      for (int32_t also : fold.getAlsoTerminalsAttr().asArrayRef())
        if (also < 0 || also >= terminals)
          return op->emitOpError("has the number ") << also << " of " << terminals << " terminals";
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

LogicalResult ProgramOp::verify() {
  int last = 0, params = 0;
  for (Operation &op : getBody().front()) {
    int r = rank(op);
    if (r < 0) // stream.* and others: the border verifiers speak of them
      continue;
    if (r < last)
      return op.emitOpError(
          "stands behind what must follow it: params, sources, sinks, tables, event times, steps, fires");
    last = r;
    if (auto param = dyn_cast<ParamOp>(op))
      if (int(param.getIndex()) != params++)
        return param.emitOpError("has index ") << param.getIndex() << ", but is number " << params - 1;
  }
  return verifyNumbers(*this);
}

LogicalResult SourceOp::verify() {
  size_t fields = getType().getNames().size();
  if (getUsed().size() != fields)
    return emitOpError("has ") << fields << " fields, but `used` has " << getUsed().size();
  if (!getDeadOf() && getColumns().size() != fields)
    return emitOpError("has ") << fields << " fields, but `columns` has " << getColumns().size();
  int time = getEventTime();
  if (time < -2 || time >= int(fields))
    return emitOpError("has no field ") << time << " to be its event time";
  return success();
}

/// The block's arguments must be of `types`, in order.
static LogicalResult verifyArguments(Operation *op, Block &block, ArrayRef<Type> types) {
  if (llvm::equal(block.getArgumentTypes(), types))
    return success();
  auto error = op->emitOpError("must have a block with the arguments (");
  llvm::interleaveComma(types, error);
  error << "), found (";
  llvm::interleaveComma(block.getArgumentTypes(), error);
  return error << ")";
}

/// The types of the fields that a step or an event time reads.
static FailureOr<SmallVector<Type>> readTypes(Operation *op, SourceOp source, ArrayRef<int32_t> fields) {
  SmallVector<Type> types;
  for (int32_t f : fields) {
    if (f < 0 || f >= int(source.getUsed().size()))
      return op->emitOpError("reads field ") << f << ", which @" << source.getSymName() << " does not have";
    if (!source.getUsed()[f])
      return op->emitOpError("reads field ") << f << ", which @" << source.getSymName() << " says is not used";
    types.push_back(source.getType().getTypes()[f]);
  }
  return types;
}

LogicalResult StepOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto source = symbols.lookupNearestSymbolFrom<SourceOp>(*this, getInputAttr());
  if (!source)
    return emitOpError("reads @") << getInput() << ", which is no source";
  FailureOr<SmallVector<Type>> types = readTypes(*this, source, getFields());
  if (failed(types))
    return failure();
  if (int(source.getEventTime()) != -1)
    types->push_back(expr::TimestampType::get(getContext()));
  return verifyArguments(*this, getBody().front(), *types);
}

LogicalResult EventTimeOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto source = symbols.lookupNearestSymbolFrom<SourceOp>(*this, getInputAttr());
  if (!source || int(source.getEventTime()) != -2)
    return emitOpError("gives the time of @") << getInput() << ", which is no source with `event_time = -2`";
  FailureOr<SmallVector<Type>> types = readTypes(*this, source, getFields());
  if (failed(types) || failed(verifyArguments(*this, getBody().front(), *types)))
    return failure();
  if (!isa<expr::YieldOp>(getBody().front().back()) || getBody().front().back().getNumOperands() != 1)
    return emitOpError("must end in an expr.yield of one value");
  return success();
}

LogicalResult PunctuationOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto source = symbols.lookupNearestSymbolFrom<SourceOp>(*this, getInputAttr());
  stream::WatermarkAttr watermark = source ? source.getWatermarkAttr() : stream::WatermarkAttr();
  if (!watermark || watermark.getKind() != stream::WatermarkKind::Punctuated)
    return emitOpError("moves the watermark of @") << getInput() << ", which is no source with a punctuated one";
  FailureOr<SmallVector<Type>> types = readTypes(*this, source, getFields());
  if (failed(types) || failed(verifyArguments(*this, getBody().front(), *types)))
    return failure();
  unsigned count = isa<expr::YieldOp>(getBody().front().back()) ? getBody().front().back().getNumOperands() : 0;
  if (count < 1 || count > 2)
    return emitOpError("must end in an expr.yield of a condition and perhaps a watermark");
  return success();
}

/// What a record that waited gives: what went with it, the members' results and its time.
static LogicalResult verifyRecordFired(FireOp fire, state::TableOp table) {
  Block::BlockArgListType given = fire.getBody().front().getArguments();
  ArrayRef<state::MemberAttr> members = table.getType().getMembers();
  bool fits = given.size() > members.size() && isa<expr::TimestampType>(given.back().getType());
  for (size_t i = 0; fits && i < members.size(); ++i)
    fits = given[given.size() - 1 - members.size() + i].getType() == members[i].getResult();
  return fits ? success()
              : fire.emitOpError("must have a block whose last arguments are the members' results and a time");
}

LogicalResult FireOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = symbols.lookupNearestSymbolFrom<state::TableOp>(*this, getTableAttr());
  if (!table)
    return emitOpError("fires @") << getTable() << ", which is no table";
  if (table.getKeep() && table.getKeep().getKind() == state::KeepKind::Over)
    return verifyRecordFired(*this, table);
  if (!table.getWindow())
    return emitOpError("fires @") << getTable() << ", which has no window";
  SmallVector<Type> types = state::firedTypes(table);
  if (table.getWindow().getKind() == stream::WindowKind::Global) { // of records without a time it has none either
    Block::BlockArgListType given = getBody().front().getArguments();
    if (!given.empty() && expr::isNullable(given.back().getType()))
      types.back() = expr::withNull(types.back(), true);
  }
  return verifyArguments(*this, getBody().front(), types);
}

bool FireOp::writesKeys() { return false; }
OperandRange FireOp::keyOperands() { return (*this)->getOperands(); } // there are none
OperandRange FireOp::argumentOperands() { return (*this)->getOperands(); }
SmallVector<unsigned> FireOp::writtenMembers() { return {}; }
SmallVector<unsigned> FireOp::readMembers() {
  auto table = named<state::TableOp>(*this, getTableAttr());
  unsigned members = table ? table.firedMembers().size() : 0;
  Block &block = getBody().front(); // keys, the pane, members, event time
  return state::usedArguments(block, block.getNumArguments() - 1 - members, members);
}

LogicalResult EmitOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto sink = symbols.lookupNearestSymbolFrom<SinkOp>(*this, getSinkAttr());
  if (!sink)
    return emitOpError("emits to @") << getSink() << ", which is no sink";
  if (!llvm::equal(getValues().getTypes(), sink.getType().getTypes()))
    return emitOpError("must give a value for each field of @") << getSink() << ", in order";
  return success();
}

LogicalResult KeepOp::verify() {
  if (!expr::stripNull(getCondition().getType()).isInteger(1))
    return emitOpError("needs a condition, a bool or bool?, found ") << getCondition().getType();
  if (int(getLikely()) < -1 || int(getLikely()) > 100)
    return emitOpError("has `likely` ") << int(getLikely()) << "; it is a percentage, or -1";
  return success();
}

LogicalResult BranchOp::verify() {
  if (getBody().front().getNumArguments() != 0)
    return emitOpError("has a block without arguments");
  return success();
}

LogicalResult UnnestOp::verify() {
  auto list = dyn_cast<expr::ListType>(expr::stripNull(getList().getType()));
  if (!list)
    return emitOpError("needs a list, found ") << getList().getType();
  if (getOperation() != &getOperation()->getBlock()->back())
    return emitOpError("must be the last of its block");
  return verifyArguments(*this, getBody().front(), {list.getElement()});
}

LogicalResult StageOp::verify() {
  Operation *parent = getOperation()->getParentOp();
  while (isa<BranchOp>(parent))
    parent = parent->getParentOp();
  if (!isa<StepOp>(parent))
    return emitOpError("must stand in a step or in its branches");
  if (isStateful(parent) || exec::firesAtOnce(parent))
    return emitOpError(
        "must not stand in a step that keeps state, or behind whose records windows fire: it goes record by record");
  return success();
}
