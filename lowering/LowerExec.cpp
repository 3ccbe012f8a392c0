//===- LowerExec.cpp - exec-lower-to-scf --------------------------------------===//
#include "lowering/Descriptors.h"
#include "lowering/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace millrace::lowering {
#define GEN_PASS_DEF_LOWEREXECPASS
#include "lowering/Passes.h.inc"
} // namespace millrace::lowering

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace {

struct LowerExecPass : lowering::impl::LowerExecPassBase<LowerExecPass> {
  using LowerExecPassBase::LowerExecPassBase;

  LogicalResult lower(exec::ProgramOp op) {
    Runtime runtime(getOperation());
    Program program(op);
    Context context{getOperation(), runtime, program};
    Block &block = op.getBody().front();
    for (auto time : block.getOps<exec::EventTimeOp>())
      if (failed(lowerEventTime(context, time)))
        return failure();
    for (auto punctuation : block.getOps<exec::PunctuationOp>())
      if (failed(lowerPunctuation(context, punctuation)))
        return failure();
    for (Source &source : program.sources) {
      exec::StepOp step;
      for (auto candidate : block.getOps<exec::StepOp>())
        if (candidate.getInput() == source.op.getSymName())
          step = candidate;
      if (failed(lowerStep(context, source, step)))
        return failure();
    }
    for (auto fire : block.getOps<exec::FireOp>())
      if (failed(lowerFire(context, fire)))
        return failure();
    for (Table &table : program.tables)
      lowerCombine(context, table);
    for (Table &table : program.tables)
      if (table.op.getKeep()) {
        if (failed(lowerExpire(context, table)))
          return failure();
      } else if (!getOperation().lookupSymbol(
                     ((firesByDue(table) ? "fire_due_" : "fire_") + table.op.getSymName()).str()))
        return table.op.emitOpError("has no exec.fire");
    return buildDescriptors(context);
  }

  void runOnOperation() override {
    auto programs = llvm::to_vector(getOperation().getOps<exec::ProgramOp>());
    if (programs.size() != 1) {
      getOperation().emitError() << "expected one exec.program to lower, found " << programs.size();
      return signalPassFailure();
    }
    if (failed(lower(programs.front())))
      return signalPassFailure();
    programs.front().erase();
  }
};

} // namespace
