//===- Access.cpp - which state an op touches -------------------------------===//
#include "dialect/state/State.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::state;

SmallVector<unsigned> state::usedArguments(Block &block, unsigned first, unsigned count) {
  SmallVector<unsigned> used;
  for (unsigned i = 0; i < count && first + i < block.getNumArguments(); ++i)
    if (!block.getArgument(first + i).use_empty())
      used.push_back(i);
  return used;
}

static SmallVector<unsigned> upTo(size_t count) { return llvm::to_vector(llvm::seq(0u, unsigned(count))); }

bool FoldOp::writesKeys() { return true; }
OperandRange FoldOp::keyOperands() { return getKeys(); }
OperandRange FoldOp::argumentOperands() { return getArgs(); }
SmallVector<unsigned> FoldOp::writtenMembers() { return upTo(getFiltered().size()); }
SmallVector<unsigned> FoldOp::readMembers() { return {}; }

bool AwaitOp::writesKeys() { return true; }
OperandRange AwaitOp::keyOperands() { return getKeys(); }
OperandRange AwaitOp::argumentOperands() { return getArgs(); }
SmallVector<unsigned> AwaitOp::writtenMembers() { return upTo(getFiltered().size()); }
SmallVector<unsigned> AwaitOp::readMembers() { return {}; }

bool UpdateOp::writesKeys() { return true; }
OperandRange UpdateOp::keyOperands() { return getKeys(); }
OperandRange UpdateOp::argumentOperands() { return getArgs(); }
SmallVector<unsigned> UpdateOp::writtenMembers() { return upTo(getFiltered().size()); }
SmallVector<unsigned> UpdateOp::readMembers() {
  return usedArguments(getBody().front(), getKeys().size(), getFiltered().size());
}

bool AdmitOp::writesKeys() { return true; }
OperandRange AdmitOp::keyOperands() { return getKeys(); }
OperandRange AdmitOp::argumentOperands() { return (*this)->getOperands().take_front(0); }
SmallVector<unsigned> AdmitOp::writtenMembers() { return {}; }
SmallVector<unsigned> AdmitOp::readMembers() { return {}; }
