//===- Frame.cpp - what all loops of one function share -----------------------===//
#include "lowering/Body.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

Val millrace::lowering::loadParam(Code &code, Value task, exec::ParamOp op) {
  Val val;
  Type type = op.getResult().getType();
  Value index = code.half(int32_t(op.getIndex()));
  if (isText(type)) {
    auto parts = code.call(Rt::mr_param_string, {task, index});
    val.parts.assign(parts.begin(), parts.end());
  } else {
    val.parts = {fromWord(code, type, code.call1(Rt::mr_param_bits, {task, index}))};
  }
  return val;
}

LogicalResult Frame::lowerOuter(Operation *body) {
  // Operands first: what stands before the body is in order already, so a walk backwards through the uses is enough.
  std::function<LogicalResult(Value)> need = [&](Value value) -> LogicalResult {
    Operation *op = value.getDefiningOp();
    if (!op || body->isAncestor(op) || base.has(value))
      return success();
    code.setLoc(op->getLoc());
    if (auto param = dyn_cast<exec::ParamOp>(op)) {
      base.bind(value, loadParam(code, task, param));
      return success();
    }
    for (Value operand : op->getOperands())
      if (failed(need(operand)))
        return failure();
    return base.lower(op);
  };
  WalkResult walked = body->walk([&](Operation *op) {
    for (Value operand : op->getOperands())
      if (failed(need(operand)))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(walked.wasInterrupted());
}

/// Rows to its sink that an emit may give for one record: behind state that tells of keys that expire, a delete for
/// what was there before, too.
static unsigned rowsOf(exec::EmitOp op, Program &program) {
  auto update = op->getParentOfType<state::UpdateOp>();
  return update && program.table(update.getTable()).op.getKeep().getDeletes() ? 2 : 1;
}

/// Ends of ways in a function's body that are very many: unions of unions have a copy of what is behind for each way.
/// codegen/LinkBitcode.cpp leaves the runtime's functions calls in what has this attribute.
static void markManyWays(Code &code, Operation *body) {
  constexpr unsigned manyEnds = 48;
  unsigned ends = 0;
  body->walk([&](Operation *op) { ends += isa<exec::EmitOp, state::StateAccess>(op); });
  if (ends <= manyEnds)
    return;
  auto function = code.getEntry()->getParentOfType<LLVM::LLVMFuncOp>();
  SmallVector<Attribute> attributes;
  if (ArrayAttr known = function.getPassthroughAttr())
    llvm::append_range(attributes, known);
  attributes.push_back(code.getStringAttr("millrace-many-ways"));
  function.setPassthroughAttr(code.getArrayAttr(attributes));
}

void Frame::prepare(Operation *body) {
  markManyWays(code, body);
  body->walk([&](exec::EmitOp op) {
    Sink &sink = program.sink(op.getSink());
    bool unnested = op->getParentOfType<exec::UnnestOp>() != nullptr;
    rows[sink.index] += unnested ? 0 : rowsOf(op, program);
    if (unnested)
      unnestedInto.insert(sink.index);
    if (!outs.contains(sink.index))
      outs[sink.index] = code.variable(code.ptr());
  });
  body->walk([&](state::FoldOp op) {
    Table &table = program.table(op.getTable());
    if (table.slot.sessionEnd)
      return prepareSessions(table);
    if (folds.contains(table.index))
      return;
    FoldState state;
    stream::WindowAttr window = table.op.getWindow();
    state.window = code.half(int32_t(table.index));
    state.pane = code.variable(code.ptr());
    state.head = accessTo(code, task, table)->makeHead();
    state.isPaneRare() ? code.storeRare(code.zero(code.ptr()), state.pane)
                       : code.store(code.zero(code.ptr()), state.pane);
    // Further than any window's size from every time there is.
    state.start = code.variable(code.i64(), code.word(INT64_MIN));
    bool again = state::keepsPanes(table.op);
    if (again)
      preparePanes(state);
    bool isPane = window.getKind() == stream::WindowKind::Tumbling && !table.op.getSlicesOf();
    bool isSliced = !again && window.isInTime() && !isPane;
    if (window.isInTime()) {
      state.otherPane = code.variable(code.ptr());
      state.otherStart = code.variable(code.i64());
      code.storeRare(code.zero(code.ptr()), state.otherPane);
      code.storeRare(code.word(INT64_MIN), state.otherStart);
    }
    if (isSliced) { // none holds any time
      state.length = code.variable(code.i64(), code.word(0));
      state.otherLength = code.variable(code.i64());
      code.storeRare(code.word(0), state.otherLength);
      state.slice = code.block(sizeof(mr_interval));
    }
    state.mayBeLate = !again && isPane && window.getDomain() == stream::TimeDomain::Event;
    folds[table.index] = state;
  });
  body->walk([&](state::AwaitOp op) { prepareWaiting(program.table(op.getTable())); });
  body->walk([&](Operation *op) {
    llvm::TypeSwitch<Operation *>(op).Case<state::UpdateOp, state::AdmitOp>(
        [&](auto keeping) { prepareKept(program.table(keeping.getTable())); });
  });
}

/// The least W of the other inputs of a table. Where inputs may be idle, W has a floor of its own.
Value Frame::watermarkOfOthers(Value table) {
  Value others = code.call1(Rt::mr_watermark_others, {task, table});
  bool mayBeIdle = llvm::any_of(program.sources, [](const Source &source) {
    stream::WatermarkAttr watermark = exec::SourceOp(source.op).getWatermarkAttr();
    return watermark && watermark.getIdle();
  });
  if (mayBeIdle)
    floors[others] = code.call1(Rt::mr_watermark_floor, {task, table});
  return others;
}

void Frame::prepareKept(Table &table) {
  if (kept.contains(table.index))
    return;
  KeptState state;
  state.window = code.half(int32_t(table.index));
  state.table = code.call1(Rt::mr_state_table, {task, state.window});
  std::unique_ptr<TableAccess> access = accessTo(code, task, table);
  state.head = access->makeHead();
  access->refresh(state.table, state.head);
  if (table.op.getKeep().getTtl()) {
    state.others = watermarkOfOthers(state.window);
    if (stateful && !laneWatermark) // the lane is the same for all tables of a step; firings have none
      laneWatermark = code.variable(code.i64(), code.call1(Rt::mr_watermark, {task, state.window}));
  }
  kept[table.index] = state;
}

/// Sinks in the order of their numbers, so that the same program gives the same code.
static SmallVector<std::pair<unsigned, Value>> inOrder(const llvm::DenseMap<unsigned, Value> &outs) {
  SmallVector<std::pair<unsigned, Value>> ordered(outs.begin(), outs.end());
  llvm::sort(ordered, [](auto &a, auto &b) { return a.first < b.first; });
  return ordered;
}

void Frame::openOuts(Value count) {
  for (auto [sink, place] : inOrder(outs)) {
    Value most = code.mul(count, code.word(rows[sink]));
    code.store(code.call1(Rt::mr_out_begin, {task, code.half(int32_t(sink)), most}), place);
  }
}

void Frame::closeOuts() {
  for (auto [sink, place] : inOrder(outs))
    code.call(Rt::mr_out_end, {task, code.half(int32_t(sink)), code.load(code.ptr(), place)});
}
