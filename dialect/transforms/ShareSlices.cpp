//===- ShareSlices.cpp - windows over the same records, of the same slices ---===//
#include "dialect/exec/Exec.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Passes.h"

namespace millrace {
#define GEN_PASS_DEF_SHARESLICES
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;

namespace {
struct ShareSlicesPass : millrace::impl::ShareSlicesBase<ShareSlicesPass> {
  using ShareSlicesBase::ShareSlicesBase;

  void runOnOperation() override {}
};
} // namespace
