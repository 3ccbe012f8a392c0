//===- ResolveLayout.cpp - choose the layout of each table ------------------===//
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Passes.h"

namespace millrace {
#define GEN_PASS_DEF_RESOLVELAYOUT
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;

namespace {
struct ResolveLayoutPass : millrace::impl::ResolveLayoutBase<ResolveLayoutPass> {
  using ResolveLayoutBase::ResolveLayoutBase;

  void runOnOperation() override {
    for (auto table : getOperation().getOps<state::TableOp>()) {
      state::TableType type = table.getType();
      if (type.getLayout() != state::Layout::Unresolved)
        continue;
      table.setType(state::TableType::get(&getContext(), type.getKeyNames(), type.getKeyTypes(), type.getMembers(),
                                          state::Layout::OpenAddressing));
      ++numResolved;
      decide(table.getLoc(), "state-resolve-layout", table.getSymName(), true,
             type.getKeyNames().empty()
                 ? "open addressing with one slot: there is no key"
                 : "open addressing: the range of the key is not known, which a dense array would need");
    }
  }
};
} // namespace
