//===- Keep.cpp - state that no window ends: update and admit ---------------===//
#include "dialect/expr/Types.h"
#include "dialect/state/State.h"
#include "dialect/state/Verify.h"

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

LogicalResult UpdateOp::verifySymbolUses(SymbolTableCollection &symbols) {
  FailureOr<TableOp> table = tableOf(*this, symbols, "running aggregates, the last record or a count");
  if (failed(table))
    return failure();
  TableType type = table->getType();
  if (failed(verifyArguments(*this, type)))
    return failure();
  SmallVector<Type> wanted(type.getKeyTypes()), given(getBody().getArgumentTypes());
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

LogicalResult UpdateOp::verify() { return failed(verifyConditions(*this)) ? failure() : verifyTime(*this); }

LogicalResult AwaitOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto table = symbols.lookupNearestSymbolFrom<TableOp>(*this, getTableAttr());
  if (!table || !table.getKeep() || table.getKeep().getKind() != KeepKind::Over)
    return emitOpError("needs a table that keeps windows per record, which @") << getTable() << " does not";
  if (!llvm::equal(getKeys().getTypes(), table.getType().getKeyTypes()))
    return emitOpError("must give the keys of @") << getTable() << ", in order";
  return verifyArguments(*this, table.getType());
}

LogicalResult AwaitOp::verify() {
  if (!isa<expr::TimestampType>(getTime().getType()))
    return emitOpError("needs a timestamp as its time, found ") << getTime().getType();
  return verifyConditions(*this);
}

LogicalResult AdmitOp::verifySymbolUses(SymbolTableCollection &symbols) {
  return tableOf(*this, symbols, "the first record");
}

LogicalResult AdmitOp::verify() {
  if (getBody().getNumArguments() != 0)
    return emitOpError("has a block without arguments");
  return verifyTime(*this);
}
