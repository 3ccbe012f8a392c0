//===- VerifyFormed.cpp - the border between streams and steps --------------===//
#include "dialect/transforms/Passes.h"

namespace millrace {
#define GEN_PASS_DEF_VERIFYFORMED
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;

namespace {
struct VerifyFormedPass : millrace::impl::VerifyFormedBase<VerifyFormedPass> {
  using VerifyFormedBase::VerifyFormedBase;

  void runOnOperation() override {
    getOperation().walk([&](Operation *op) {
      if (!isa<stream::StreamDialect>(op->getDialect()))
        return;
      op->emitError("`") << op->getName() << "` is left after steps were formed";
      signalPassFailure();
    });
    markAllAnalysesPreserved();
  }
};
} // namespace
