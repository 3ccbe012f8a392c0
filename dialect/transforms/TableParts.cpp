//===- TableParts.cpp - what the table of an operator with state is made of -----===//
#include "dialect/transforms/TableParts.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/stream/Sites.h"
#include "dialect/stream/UserAggregates.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// What StepBuilder gives to a member of an aggregate of one's own. `mayLack`: records may be passed over.
static SmallVector<Type> liftedTypes(AggregateOp own, bool mayLack) {
  SmallVector<Type> types(own.getLift().front().getTerminator()->getOperandTypes());
  if (mayLack)
    for (auto [type, none] : llvm::zip(types, own.getIdentity().front().getTerminator()->getOperandTypes()))
      type = expr::withNull(type, expr::isNullable(none));
  return types;
}

/// The options of a member of such an aggregate.
static DictionaryAttr withState(AggregateOp own, DictionaryAttr options) {
  Builder builder(own.getContext());
  NamedAttrList all(options);
  all.set(expr::optionState, builder.getTypeArrayAttr(own.stateTypes()));
  all.set(expr::optionStateNames, own.getState());
  bool fails = false;
  for (Region *region : {&own.getIdentity(), &own.getCombine(), &own.getInverse()})
    region->walk([&](Operation *op) { fails |= canFail(op); });
  if (fails)
    all.set(expr::optionFails, builder.getUnitAttr());
  return all.getDictionary(own.getContext());
}

template <typename OpT> SmallVector<state::MemberAttr> millrace::membersOf(OpT op) {
  MLIRContext *context = op.getContext();
  auto out = cast<StreamType>(op.getOutput().getType());
  SmallVector<state::MemberAttr> members;
  ValueRange yielded = op.getBody().front().getTerminator()->getOperands();
  unsigned at = 0, field = out.getNames().size() - op.getAggregates().size();
  for (auto aggregate : op.getAggregates().template getAsRange<AggregateAttr>()) {
    SmallVector<Type> arguments(yielded.slice(at, aggregate.getNumArgs()).getTypes());
    DictionaryAttr options = aggregate.getOptions();
    if (AggregateOp own = definitionOf(op, aggregate.getFn())) {
      arguments = liftedTypes(own, aggregate.getFiltered() || llvm::any_of(arguments, expr::isNullable));
      options = withState(own, options);
    }
    members.push_back(state::MemberAttr::get(context, out.getNames()[field], aggregate.getFn(), arguments,
                                             out.getTypes()[field], options));
    at += aggregate.getNumArgs() + aggregate.getFiltered();
    ++field;
  }
  return members;
}

template SmallVector<state::MemberAttr> millrace::membersOf(WindowOp);
template SmallVector<state::MemberAttr> millrace::membersOf(RunningOp);
template SmallVector<state::MemberAttr> millrace::membersOf(OverOp);

state::KeepAttr millrace::keepOf(RunningOp running) {
  return state::KeepAttr::get(running.getContext(), state::KeepKind::Running, running.getTtl().value_or(0),
                              running.getDeleteOnExpiry(), /*records=*/0, /*every=*/0);
}
state::KeepAttr millrace::keepOf(DeduplicateOp one) {
  return state::KeepAttr::get(one.getContext(),
                              one.getKept() == Kept::First ? state::KeepKind::First : state::KeepKind::Last,
                              one.getWithin().value_or(0), /*deletes=*/false, /*records=*/0, /*every=*/0);
}
state::KeepAttr millrace::keepOf(OverOp over) {
  OverAttr window = over.getWindow();
  bool isTime = window.getKind() == OverKind::Time;
  return state::KeepAttr::get(over.getContext(), state::KeepKind::Over, isTime ? window.getAmount() : 0,
                              /*deletes=*/false, isTime ? 0 : window.getAmount(), /*every=*/0);
}
state::KeepAttr millrace::keepOf(WindowOp count) {
  return state::KeepAttr::get(count.getContext(), state::KeepKind::Count, /*ttl=*/0, /*deletes=*/false,
                              count.getWindow().getSize(), count.getWindow().getSlide());
}

state::TopAttr millrace::addRanks(TopOp op, SmallVectorImpl<StringAttr> &keys, SmallVectorImpl<Type> &types) {
  Builder builder(op.getContext());
  auto groups = unsigned(keys.size());
  for (auto [i, value] : llvm::enumerate(op.getBody().front().getTerminator()->getOperands())) {
    keys.push_back(builder.getStringAttr("by_" + Twine(i + 1)));
    types.push_back(value.getType());
  }
  keys.push_back(builder.getStringAttr("arrival"));
  types.push_back(builder.getI64Type());
  return state::TopAttr::get(op.getContext(), groups, int64_t(op.getLimit()), op.getTies(), op.getDescendingAttr());
}
