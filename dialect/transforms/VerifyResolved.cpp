//===- VerifyResolved.cpp - the border before lowering ----------------------===//
#include "dialect/transforms/Passes.h"

namespace millrace {
#define GEN_PASS_DEF_VERIFYRESOLVED
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;

namespace {
struct VerifyResolvedPass : millrace::impl::VerifyResolvedBase<VerifyResolvedPass> {
  using VerifyResolvedBase::VerifyResolvedBase;

  void runOnOperation() override {
    for (auto table : getOperation().getOps<state::TableOp>())
      if (!table.getType().isResolved()) {
        table.emitError("the layout of `") << table.getSymName() << "` is not chosen; run stream-layout-state";
        signalPassFailure();
      }
    markAllAnalysesPreserved();
  }
};
} // namespace
