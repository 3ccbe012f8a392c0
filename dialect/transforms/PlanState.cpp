//===- PlanState.cpp - where state is kept, and who touches it --------------===//
#include "dialect/exec/Pieces.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Layout.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Firing.h"
#include "dialect/transforms/PlanParts.h"
#include "dialect/transforms/Unbounded.h"
#include "llvm/ADT/StringMap.h"

using namespace mlir;
using namespace millrace;

/// The step in which `op` stands, by what it is behind.
static std::string placeOf(Operation *op) {
  while (op && !isa<exec::StepOp, exec::FireOp>(op))
    op = op->getParentOp();
  if (auto step = dyn_cast_or_null<exec::StepOp>(op))
    return step.getInput().str();
  return op ? cast<exec::FireOp>(op).getTable().str() : "";
}

static void addOnce(std::vector<std::string> &names, std::string name) {
  if (!llvm::is_contained(names, name))
    names.push_back(std::move(name));
}

std::string millrace::windowOf(state::TableOp table) {
  bool same = table.getAlgorithm() && table.getAlgorithm().getValue() == stream::Algorithm::Same;
  stream::FiringAttr firing = table.getFiring();
  return (same ? "same: " : "") + stream::windowText(table.getWindow()) +
         (firing ? " " + stream::firingText(firing) : "");
}

std::string millrace::livesText(state::KeepAttr keep) {
  if (keep.getKind() == state::KeepKind::Over) {
    auto kind = keep.getTtl()       ? stream::OverKind::Time
                : keep.getRecords() ? stream::OverKind::Rows
                                    : stream::OverKind::All;
    int64_t amount = keep.getTtl() ? keep.getTtl() : keep.getRecords();
    return "of each record " + stream::overText(stream::OverAttr::get(keep.getContext(), kind, amount));
  }
  return (keep.getKind() == state::KeepKind::Count ? "" : "keep ") + keep.text();
}

static PlanState describe(state::TableOp table) {
  PlanState state;
  state.name = table.getSymName();
  if (state::KeepAttr keep = table.getKeep())
    state.lives = livesText(keep);
  else
    state.lives = windowOf(table);
  state.layout = table.getType().getLayout().text();
  if (auto reason = table->getAttrOfType<StringAttr>(state::layoutReason))
    state.reason = reason.str();
  if (stream::AlgorithmAttr algorithm = table.getAlgorithm())
    state.algorithm = stream::algorithmText(algorithm.getValue());
  state.perRecord = bool(table.getKeep());
  if (auto reason = table->getAttrOfType<StringAttr>(state::algorithmReason))
    state.algorithmReason = reason.str();
  if (auto reason = table->getAttrOfType<StringAttr>(state::sharingReason))
    state.sharing = reason.str();
  for (state::MemberAttr member : table.getType().getMembers())
    state.members.push_back({member.getName().str(),
                             member.getFn().str(),
                             state::keptWith(member) ? state::keptWith(member).str() : "",
                             {},
                             {}});
  return state;
}

/// Where the input waits until all keys of a window have fired, and why.
static void addWholeFirings(exec::ProgramOp program, Plan &plan) {
  for (auto table : program.getBody().front().getOps<state::TableOp>()) {
    std::string why = exec::whyFiresWhole(table);
    if (why.empty())
      continue;
    auto place = table->getLoc()->findInstanceOf<FileLineColLoc>();
    plan.decisions.push_back({"exec-fire-in-pieces", table.getSymName().str(),
                              "holds the input back while it fires: " + why, /*done=*/false,
                              place ? place.getLine() : 0});
  }
}

void millrace::addState(exec::ProgramOp program, Plan &plan) {
  addWholeFirings(program, plan);
  llvm::StringMap<size_t> numbers;
  StateRanges ranges(program);
  for (auto table : program.getBody().front().getOps<state::TableOp>()) {
    numbers[table.getSymName()] = plan.state.size();
    plan.state.push_back(describe(table));
    if (std::string why = whyUnbounded(table, ranges.keysOf(table)); !why.empty())
      plan.warnings.push_back(why);
  }
  program.walk([&](state::StateAccess access) {
    std::vector<PlanMember> &members = plan.state[numbers.lookup(access.getTable())].members;
    std::string place = placeOf(access);
    for (unsigned i : access.writtenMembers())
      addOnce(members[i].writtenBy, place);
    for (unsigned i : access.readMembers())
      addOnce(members[i].readBy, place);
  });
  for (auto table : program.getBody().front().getOps<state::TableOp>()) {
    if (!table.readsOthers()) // its fold is that of the first window of these slices
      continue;
    std::vector<PlanMember> &first = plan.state[numbers.lookup(*table.getSlicesOf())].members;
    for (auto [member, number] :
         llvm::zip_equal(plan.state[numbers.lookup(table.getSymName())].members, table.getOwnAttr().asArrayRef())) {
      member.writtenBy = first[size_t(number)].writtenBy;
      for (const std::string &place : member.readBy)
        addOnce(first[size_t(number)].readBy, place);
    }
  }
}
