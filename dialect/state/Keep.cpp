//===- Keep.cpp - state that no window ends: update and admit ---------------===//
#include "dialect/expr/Types.h"
#include "dialect/state/State.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::state;

//===-- names of arguments --------------------------------------------------===//

SmallVector<std::string> state::argumentNames(UpdateOp update) {
  SmallVector<std::string> names;
  if (auto table = SymbolTable::lookupNearestSymbolFrom<TableOp>(update, update.getTableAttr())) {
    for (StringAttr key : table.getType().getKeyNames())
      names.push_back(key.str());
    for (MemberAttr member : table.getType().getMembers())
      names.push_back(member.getName().str());
  }
  if (update.getTime())
    names.push_back("event_time");
  names.resize(update.getBody().getNumArguments());
  return names;
}

void state::nameArguments(Region &region, OpAsmSetValueNameFn fn) {
  auto update = dyn_cast<UpdateOp>(region.getParentOp());
  if (!update || region.empty())
    return;
  for (auto [argument, name] : llvm::zip(region.getArguments(), argumentNames(update)))
    if (!name.empty())
      fn(argument, name);
}

//===-- verifiers -----------------------------------------------------------===//

/// The table of an op that keeps state, if it keeps for such ops and the keys are right.
template <typename OpT> static FailureOr<TableOp> tableOf(OpT op, SymbolTableCollection &symbols, StringRef kinds) {
  auto table = symbols.lookupNearestSymbolFrom<TableOp>(op, op.getTableAttr());
  if (!table)
    return op.emitOpError("keeps in @") << op.getTable() << ", which is no table";
  bool admits = table.getKeep() && table.getKeep().getKind() == KeepKind::First;
  if (!table.getKeep() || admits != isa<AdmitOp>(op))
    return op.emitOpError("needs a table that keeps ") << kinds << ", which @" << op.getTable() << " does not";
  if (!llvm::equal(op.getKeys().getTypes(), table.getType().getKeyTypes()))
    return op.emitOpError("must give the keys of @") << op.getTable() << ", in order";
  if (table.getKeep().getTtl() && !op.getTime())
    return op.emitOpError("needs a time, for the keys of @") << op.getTable() << " live for one";
  return table;
}

template <typename OpT> static LogicalResult verifyTime(OpT op) {
  if (op.getTime() && !isa<expr::TimestampType>(expr::stripNull(op.getTime().getType())))
    return op.emitOpError("needs a timestamp as its time, found ") << op.getTime().getType();
  return success();
}

LogicalResult UpdateOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<TableOp> table = tableOf(*this, symbols, "running aggregates or the last record");
  if (failed(table))
    return failure();
  TableType type = table->getType();
  SmallVector<Type> wanted, given(getBody().getArgumentTypes());
  for (MemberAttr member : type.getMembers())
    if (!isa<NoneType>(member.getArgument()))
      wanted.push_back(member.getArgument());
  if (!llvm::equal(getArgs().getTypes(), wanted))
    return emitOpError("must give an argument for each member of @") << getTable() << " that has one, in order";
  if (getFiltered().size() != type.getMembers().size())
    return emitOpError("must say of each of the ") << type.getMembers().size() << " members whether it is filtered";
  wanted.assign(type.getKeyTypes().begin(), type.getKeyTypes().end());
  for (MemberAttr member : type.getMembers())
    wanted.push_back(member.getResult());
  if (getTime())
    wanted.push_back(getTime().getType());
  if (given == wanted)
    return success();
  auto error = emitOpError("must have a block with the arguments (");
  llvm::interleaveComma(wanted, error);
  error << "), found (";
  llvm::interleaveComma(given, error);
  return error << ")";
}

LogicalResult UpdateOp::verify() {
  if (llvm::count(getFiltered(), true) != int64_t(getFilters().size()))
    return emitOpError("has ") << getFilters().size() << " conditions for " << llvm::count(getFiltered(), true)
                               << " filtered members";
  for (Value condition : getFilters())
    if (!expr::stripNull(condition.getType()).isInteger(1))
      return emitOpError("needs conditions, bool or bool?, found ") << condition.getType();
  return verifyTime(*this);
}

LogicalResult AdmitOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return tableOf(*this, symbols, "the first record");
}

LogicalResult AdmitOp::verify() {
  if (getBody().getNumArguments() != 0)
    return emitOpError("has a block without arguments");
  return verifyTime(*this);
}
