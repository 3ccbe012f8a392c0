//===- BestRows.cpp - how `top` keeps the best records ------------------------===//
#include "dialect/transforms/BestRows.h"

#include "dialect/exec/Exec.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Types.h"
#include "dialect/state/BestRows.h"
#include "dialect/stream/Routes.h"

#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// Rows of one group are written in one go, in which input waits.
static constexpr int64_t kMostRows = 65536;

/// Does a window fire behind single records (state::firesAtOnce)?
static bool firesBehindRecords(Operation *op) {
  auto window = dyn_cast<WindowOp>(op);
  FiringAttr firing = window ? window.getFiringAttr() : FiringAttr();
  return firing && firing.firesAgain() &&
         (window.getWindow().getKind() == WindowKind::Session || firing.getLateness() ||
          firing.getEmitUnit() == EmitUnit::Records);
}

/// Does an operator behind give rows at once, or after single records? Between the rows of one list nothing can pause,
/// and what it may have to remember of them nobody does (StepBuilder::checkOnce).
static bool isBeforeRowsAtOnce(TopOp top) {
  llvm::SetVector<Operation *> behind;
  behind.insert(top);
  for (size_t i = 0; i < behind.size(); ++i)
    for (Operation *user : behind[i]->getUsers())
      if (behind.insert(user) && (givesAtOnce(user) || firesBehindRecords(user)))
        return true;
  return false;
}

bool millrace::keepsBestRows(TopOp top) {
  OperandRange values = top.getBody().front().getTerminator()->getOperands();
  auto isText = [](Value value) { return isa<expr::StringType, expr::BytesType>(expr::stripNull(value.getType())); };
  return int64_t(top.getLimit()) <= kMostRows && llvm::none_of(values.drop_front(), isText) && !isBeforeRowsAtOnce(top);
}

state::MemberAttr millrace::bestRowsOf(TopOp top) {
  Builder builder(top.getContext());
  StreamType in = top.getInput().getType();
  SmallVector<Type> arguments(top.getBody().front().getTerminator()->getOperandTypes());
  llvm::append_range(arguments, in.getTypes());
  NamedAttrList options;
  options.set("limit", builder.getI64IntegerAttr(int64_t(top.getLimit())));
  options.set(state::optionDescending, top.getDescendingAttr());
  if (top.getTies())
    options.set("with_ties", builder.getUnitAttr());
  Type row = expr::RecordType::get(top.getContext(), in.getNames(), in.getTypes());
  return state::MemberAttr::get(top.getContext(), builder.getStringAttr("best"), "top", arguments,
                                expr::ListType::get(top.getContext(), row), options.getDictionary(top.getContext()));
}

Block &millrace::unnestBestRows(OpBuilder &builder, TopOp top, SmallVector<Value> &fields) {
  Location loc = top.getLoc();
  Value list = fields.back();
  auto row = cast<expr::RecordType>(cast<expr::ListType>(list.getType()).getElement());
  auto unnest = exec::UnnestOp::create(builder, loc, list);
  Block &block = unnest.getBody().emplaceBlock();
  Value element = block.addArgument(row, loc);
  OpBuilder inside = OpBuilder::atBlockEnd(&block);
  fields.clear();
  for (auto [name, type] : llvm::zip_equal(top.getInput().getType().getNames(), row.getTypes()))
    fields.push_back(expr::FieldOp::create(inside, loc, type, element, name));
  return block;
}
