//===- PruneMembers.cpp - what nobody reads of a key's state is not kept ----===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/stream/Sites.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Passes.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/BitVector.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringMap.h"

namespace millrace {
#define GEN_PASS_DEF_PRUNEMEMBERS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;

/// The elements whose bit is set.
template <typename Range> static auto select(Range &&all, const BitVector &kept) {
  SmallVector<std::decay_t<decltype(*all.begin())>> left;
  for (auto [i, element] : llvm::enumerate(all))
    if (kept[i])
      left.push_back(element);
  return left;
}

/// The arguments and conditions of the members in `kept`; the others go to `dropped`.
template <typename OpT>
static void pruneOperands(OpT op, state::TableType table, const BitVector &kept, SmallVectorImpl<Value> &dropped) {
  SmallVector<Value> args, filters;
  SmallVector<bool> filtered;
  unsigned arg = 0, filter = 0;
  for (auto [i, member] : llvm::enumerate(table.getMembers())) {
    for (size_t n = member.getArguments().size(); n > 0; --n)
      (kept[i] ? args : dropped).push_back(op.getArgs()[arg++]);
    if (op.getFiltered()[i])
      (kept[i] ? filters : dropped).push_back(op.getFilters()[filter++]);
    if (kept[i])
      filtered.push_back(op.getFiltered()[i]);
  }
  llvm::append_range(args, op.getArgs().drop_front(arg)); // a session's gap is no member's
  op.getArgsMutable().assign(args);
  op.getFiltersMutable().assign(filters);
  op.setFiltered(filtered);
}

/// Erases the arguments of the members that are not in `kept`; the first member's is number `first`.
static void pruneArguments(Block &block, unsigned first, const BitVector &kept) {
  for (unsigned i = kept.size(); i-- > 0;)
    if (!kept[i])
      block.eraseArgument(first + i);
}

/// Can this argument of a step or firing be an error? A source's field can, of a table's results only a sum.
static bool mayFail(BlockArgument argument) {
  auto fire = dyn_cast<exec::FireOp>(argument.getOwner()->getParentOp());
  auto table =
      fire ? SymbolTable::lookupNearestSymbolFrom<state::TableOp>(fire, fire.getTableAttr()) : state::TableOp();
  if (!table)
    return true;
  ArrayRef<state::MemberAttr> members = table.getType().getMembers();
  unsigned first = argument.getOwner()->getNumArguments() - 1 - members.size(), number = argument.getArgNumber();
  if (number < first || number >= first + members.size())
    return false;
  return expr::findAggregate(members[number - first].getFn())->mayFail();
}

/// Can this be an error, by itself or by what it is made of?
static bool mayFail(Value value) {
  llvm::SetVector<Value> from;
  from.insert(value);
  for (size_t i = 0; i < from.size(); ++i) {
    auto argument = dyn_cast<BlockArgument>(from[i]);
    if (argument ? mayFail(argument) : stream::canFail(from[i].getDefiningOp()))
      return true;
    if (!argument)
      from.insert_range(from[i].getDefiningOp()->getOperands());
  }
  return false;
}

static void prune(Operation *op, state::TableType table, const BitVector &kept) {
  SmallVector<Value> dropped;
  if (auto fold = dyn_cast<state::FoldOp>(op)) {
    pruneOperands(fold, table, kept, dropped);
  } else if (auto await = dyn_cast<state::AwaitOp>(op)) {
    pruneOperands(await, table, kept, dropped);
  } else if (auto update = dyn_cast<state::UpdateOp>(op)) {
    pruneOperands(update, table, kept, dropped);
    pruneArguments(update.getBody().front(), update.getKeys().size(), kept);
  } else if (auto fire = dyn_cast<exec::FireOp>(op)) {
    Block &block = fire.getBody().front();
    pruneArguments(block, block.getNumArguments() - 1 - kept.size(), kept);
  }
  // Their errors make the record bad for this terminal all the same (rule 47).
  // What only passes through is not judged there.
  auto await = dyn_cast<state::AwaitOp>(op);
  OperandRange judged = op->getOperands().drop_back(await ? await.getPassed().size() : 0);
  llvm::erase_if(dropped, [&](Value value) { return llvm::is_contained(judged, value) || !mayFail(value); });
  OpBuilder builder(op);
  if (!dropped.empty())
    exec::DemandOp::create(builder, op->getLoc(), dropped);
}

namespace {
struct PruneMembersPass : millrace::impl::PruneMembersBase<PruneMembersPass> {
  using PruneMembersBase::PruneMembersBase;

  void runOnOperation() override {
    llvm::StringMap<SmallVector<state::StateAccess>> accesses;
    getOperation().walk([&](state::StateAccess access) { accesses[access.getTable()].push_back(access); });
    // What a table's members are read for may be another table's member that nobody reads.
    auto tables = llvm::to_vector(getOperation().getOps<state::TableOp>());
    for (state::TableOp table : llvm::reverse(tables))
      if (!table.getType().getMembers().empty())
        pruneTable(table, accesses[table.getSymName()]);
  }

  void pruneTable(state::TableOp table, ArrayRef<state::StateAccess> accesses) {
    state::TableType type = table.getType();
    BitVector kept(type.getMembers().size());
    for (state::StateAccess access : accesses) {
      Operation *op = access;
      for (unsigned i : access.readMembers())
        kept.set(i);
      if (access.writesKeys() && op->getNextNode()) // what is demanded before it would be judged behind it too
        return;
    }
    if (kept.none())
      kept.set(0); // a table is there for its keys, too
    if (kept.all() || type.isResolved())
      return;
    for (auto [i, member] : llvm::enumerate(type.getMembers()))
      if (!kept[i])
        decide(table.getLoc(), "state-prune-members", table.getSymName(), true,
               "`" + member.getName().str() + "` is not kept: nothing reads it");
    numPruned += kept.size() - kept.count();
    for (state::StateAccess access : accesses)
      prune(access, type, kept);
    table.setType(state::TableType::get(&getContext(), type.getKeyNames(), type.getKeyTypes(),
                                        select(type.getMembers(), kept), type.getLayout()));
    for (state::StateAccess access : accesses)
      eraseIdle(access->getBlock());
  }

  /// Expressions that were computed for what is gone.
  void eraseIdle(Block *block) {
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(*block)))
      if (isa<expr::ExprDialect>(op.getDialect()) && isOpTriviallyDead(&op))
        op.erase();
  }
};
} // namespace
