//===- Pieces.cpp - firings that go on behind later records ----------------===//
//
// A firing may go on behind records that came later where what is behind the
// window has no other input and does not look at W while the firing is under way:
// then it sees the same rows and the same watermarks, only somewhat later (rule
// 7). An error in the midst of it stops the pipeline (rule 47), so where one can
// arise no other sink may have rows of those later records.
//
//===----------------------------------------------------------------------===//
#include "dialect/exec/Pieces.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/Layout.h"
#include "dialect/stream/Sites.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/StringSet.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::exec;

namespace {
/// What is behind a window: its firing, and those of the windows that it feeds.
class Behind {
public:
  explicit Behind(state::TableOp table) : program(table->getParentOfType<ProgramOp>()) { addFiring(table); }

  std::string why();

private:
  void addFiring(state::TableOp table) {
    for (auto fire : program.getBody().getOps<FireOp>())
      if (fire.getTable() == table.getSymName())
        fires.insert(fire);
  }
  state::TableOp tableOf(Operation *op, StringRef name) {
    return SymbolTable::lookupNearestSymbolFrom<state::TableOp>(op, FlatSymbolRefAttr::get(op->getContext(), name));
  }
  bool isBehind(Operation *op) const {
    return llvm::any_of(fires, [&](Operation *fire) { return fire->isAncestor(op); });
  }
  std::string whyTable(state::TableOp into) const;
  bool mayFail(Operation *op);
  EmitOp otherEmit(StringRef sink = {});

  ProgramOp program;
  llvm::SetVector<Operation *> fires;
};
} // namespace

/// Why the rows that come into a table behind the window may not come late.
std::string Behind::whyTable(state::TableOp into) const {
  std::string name = "`" + into.getSymName().str() + "`";
  state::KeepAttr keep = into.getKeep();
  if (into.getInputs().size() > 1)
    return name + " behind it has other inputs, too";
  if (keep && keep.getTtl() && keep.getKind() != state::KeepKind::Over)
    return "keys of " + name + " behind it expire as the watermark passes";
  if (into.getFiring())
    return name + " behind it fires as the watermark passes, not only at the ends of its windows";
  if (into.getWindow() && into.getWindow().getDomain() == stream::TimeDomain::Processing)
    return name + " behind it goes by the clock";
  return {};
}

/// Can it stop the pipeline: an error of an expression, a sum that does not fit, a window that leaves the years?
bool Behind::mayFail(Operation *op) {
  if (op->hasAttr(stream::siteAttr))
    return true;
  state::TableOp table;
  if (auto fire = dyn_cast<FireOp>(op))
    table = tableOf(op, fire.getTable());
  else if (auto access = dyn_cast<state::StateAccess>(op))
    table = tableOf(op, access.getTable());
  if (!table)
    return false;
  if (!isa<FireOp>(op) && table.getWindow() && table.getWindow().isInTime())
    return true;
  return llvm::any_of(table.getType().getMembers(), [](state::MemberAttr member) {
    const expr::Aggregate *aggregate = expr::findAggregate(member.getFn());
    return !aggregate || aggregate->mayFail();
  });
}

/// A row that does not come from here, of this sink or of any.
EmitOp Behind::otherEmit(StringRef sink) {
  EmitOp found;
  program.walk([&](EmitOp emit) {
    if (!isBehind(emit) && (sink.empty() || emit.getSink() == sink)) {
      found = emit;
      return WalkResult::interrupt();
    }
    return WalkResult::advance();
  });
  return found;
}

std::string Behind::why() {
  bool fails = false;
  std::string why;
  llvm::SetVector<StringRef> sinks;
  for (size_t i = 0; i < fires.size() && why.empty(); ++i)
    fires[i]->walk([&](Operation *op) {
      fails |= mayFail(op);
      if (auto emit = dyn_cast<EmitOp>(op))
        sinks.insert(emit.getSink());
      auto access = dyn_cast<state::StateAccess>(op);
      if (!access || isa<FireOp>(op))
        return WalkResult::advance();
      state::TableOp into = tableOf(op, access.getTable());
      if (why = whyTable(into); !why.empty())
        return WalkResult::interrupt();
      addFiring(into);
      return WalkResult::advance();
    });
  for (StringRef sink : sinks)
    if (why.empty() && otherEmit(sink))
      why = "`" + sink.str() + "` has rows of other ways, too";
  if (!why.empty() || !fails)
    return why;
  state::TableOp first = tableOf(fires[0], cast<FireOp>(fires[0]).getTable());
  bool isOfSessions = first.getWindow() && first.getWindow().getKind() == stream::WindowKind::Session;
  if (isOfSessions && fires.size() > 1 && sinks.size() > 1) // those that end meanwhile fire together
    return "an error behind it may stop it, and `" + sinks.front().str() + "` would have rows of later sessions then";
  if (EmitOp other = otherEmit())
    return "an error may stop it, and `" + other.getSink().str() + "` would have rows of later records then";
  return {};
}

/// What comes while a window is in hand is put to it behind its rows. A member for which that makes a difference;
/// empty: there is none.
static std::string notCombinedExactly(state::TableOp table) {
  for (state::MemberAttr member : table.getType().getMembers()) {
    const expr::Aggregate *aggregate = expr::findAggregate(member.getFn());
    bool isByOrder = member.getFn() == "first" || member.getFn() == "last"; // and later is later
    if (!isByOrder && !aggregate->isOrderFree(member.getArguments(), member.getOptions()))
      return ("`" + member.getName().getValue() + "` = " + member.getFn() + " depends on the order of what it takes in")
          .str();
  }
  return {};
}

/// Why rows of a window that fires again may not come late.
static std::string whyAtOnce(state::TableOp table, stream::FiringAttr firing) {
  if (firing.getEmitUnit() == stream::EmitUnit::Records)
    return "it fires for single records, too";
  if (firing.getEmitUnit() == stream::EmitUnit::Processing)
    return "it fires by the clock, too";
  if (table.getWindow().getKind() == stream::WindowKind::Session)
    return firing.firesAgain() ? "sessions that fire again do so at once"
                               : "sessions that wait for late records fire at once";
  bool takesLate = firing.getLateness() && firing.firesAgain();
  if (takesLate && table->hasAttr(state::fillNote))
    return "late records may be the first of keys that `fill` asks for";
  return takesLate || firing.getEmit() ? notCombinedExactly(table) : "";
}

std::string millrace::exec::whyFiresWhole(state::TableOp table) {
  if (state::KeepAttr keep = table.getKeep())
    return keep.getKind() == state::KeepKind::Over ? Behind(table).why() : "";
  if (stream::FiringAttr firing = table.getFiring())
    if (std::string why = whyAtOnce(table, firing); !why.empty())
      return why;
  state::LayoutAttr layout = table.getType().getLayout();
  bool isByPosition =
      layout && (layout.getKind() == state::LayoutKind::Dense || layout.getKind() == state::LayoutKind::ById);
  if (isByPosition && table.getWindow().getKind() == stream::WindowKind::Session)
    return "its sessions stay where their keys are (layout " + stringifyLayoutKind(layout.getKind()).str() + ")";
  return Behind(table).why();
}
