//===- ShareMembers.cpp - what several aggregates keep alike is kept once ----===//
//
// A mean has a sum and a count, a variance of integers both: who asks for all of
// them of the same values pays for the largest. Which state holds which is
// dialect/state/KeptWith; here it is found out who takes the same values.
// Results do not change by a bit.
//
//===----------------------------------------------------------------------===//
#include "dialect/exec/Exec.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Types.h"
#include "dialect/state/KeptWith.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/GivenValues.h"
#include "dialect/transforms/Passes.h"
#include "llvm/ADT/StringMap.h"

namespace millrace {
#define GEN_PASS_DEF_SHAREMEMBERS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;

static constexpr StringLiteral flag = "state-share-members";

namespace {
/// The members of one table, and by what records go into it.
class Members {
public:
  Members(state::TableOp table, ArrayRef<Operation *> writers)
      : all(table.getType().getMembers()), given(writers.size()) {
    for (auto [writer, into] : llvm::zip_equal(writers, given))
      for (unsigned i = 0; i < all.size(); ++i)
        into.push_back(isa<state::FoldOp>(writer) ? givenFor(cast<state::FoldOp>(writer), all, i)
                                                  : givenFor(cast<state::UpdateOp>(writer), all, i));
  }

  /// Who has its own state and holds that of the `number`-th; that itself if nobody does.
  unsigned holderOf(unsigned number) const {
    for (unsigned i = 0; i < all.size(); ++i)
      if (i != number && isHeldBy(number, i) && hasOwn(i))
        return i;
    return number;
  }

private:
  bool isHeldBy(unsigned number, unsigned holder) const {
    return state::holds(all[holder], all[number]) &&
           llvm::all_of(given, [&](ArrayRef<Given> values) { return isSameFor(values, holder, number); });
  }

  /// Nobody holds it, or only such as it holds, too, and that come behind it.
  bool hasOwn(unsigned number) const {
    for (unsigned i = 0; i < all.size(); ++i)
      if (i != number && isHeldBy(number, i) && (i < number || !isHeldBy(i, number)))
        return false;
    return true;
  }

  /// Does one record give both the same values?
  bool isSameFor(ArrayRef<Given> values, unsigned holder, unsigned number) const {
    auto same = [](Value a, Value b) { return isSame(a, b, /*evenErrors=*/true); };
    const Given &its = values[holder], &own = values[number];
    if (!same(its.filter, own.filter))
      return false;
    if (!state::countsOnly(all[number]))
      return llvm::equal(its.args, own.args, same);
    // What is never null is counted with every record.
    auto passes = [&](const Given &a, const Given &b) {
      return llvm::all_of(a.args, [&](Value value) {
        return !expr::isNullable(value.getType()) ||
               llvm::any_of(b.args, [&](Value other) { return same(value, other); });
      });
    };
    return passes(its, own) && passes(own, its);
  }

  ArrayRef<state::MemberAttr> all;
  SmallVector<SmallVector<Given>> given; ///< by writer, by member
};

struct ShareMembersPass : millrace::impl::ShareMembersBase<ShareMembersPass> {
  using ShareMembersBase::ShareMembersBase;

  void runOnOperation() override {
    llvm::StringMap<SmallVector<Operation *>> writers;
    getOperation().walk([&](Operation *op) {
      if (isa<state::FoldOp, state::UpdateOp>(op))
        writers[cast<state::StateAccess>(op).getTable()].push_back(op);
    });
    for (auto table : getOperation().getOps<state::TableOp>())
      if (!table.getTop() && table.getType().getMembers().size() > 1 && writers.contains(table.getSymName()))
        share(table, writers[table.getSymName()]);
  }

  void share(state::TableOp table, ArrayRef<Operation *> writers) {
    state::TableType type = table.getType();
    Members members(table, writers);
    SmallVector<state::MemberAttr> left(type.getMembers());
    for (auto [i, member] : llvm::enumerate(left)) {
      unsigned holder = members.holderOf(unsigned(i));
      if (holder == i)
        continue;
      StringAttr name = type.getMembers()[holder].getName();
      decide(table.getLoc(), flag, table.getSymName(), true,
             "`" + member.getName().str() + "` is read out of what `" + name.str() + "` keeps");
      member = state::keepWith(member, name);
      ++numShared;
    }
    table.setType(state::TableType::get(&getContext(), type.getKeyNames(), type.getKeyTypes(), left, type.getLayout()));
  }
};
} // namespace
