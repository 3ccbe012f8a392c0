//===- Step.cpp - everything behind a source, in loops over a batch -----------===//
//
// A source whose fields may be wrong has two versions: one for batches where
// some status is an error (`dirty`, rare and cold), one for all others, which
// knows that none is.
//
//===----------------------------------------------------------------------===//
#include "lowering/Functions.h"

#include "dialect/expr/AggregateFacts.h"
#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

LLVM::LLVMFuncOp millrace::lowering::beginFunction(Context &context, Code &code, StringRef name,
                                                   ArrayRef<Type> parameters, Type result) {
  code.setInsertionPointToEnd(context.module.getBody());
  auto function =
      LLVM::LLVMFuncOp::create(code, name, LLVM::LLVMFunctionType::get(result, parameters), LLVM::Linkage::Internal);
  function.setPassthroughAttr(code.getStrArrayAttr({"nounwind"}));
  code.setInsertionPointToStart(function.addEntryBlock(code));
  code.setEntry(code.word(0).getDefiningOp()); // variables stand before it
  return function;
}

//===-- fields --------------------------------------------------------------===//

FieldLoader::FieldLoader(Code &code, const Source &source, ArrayRef<int32_t> fields, Value batch, bool hasTime,
                         bool dirty)
    : code(code), source(source), fields(fields), dirty(dirty) {
  Value all = code.load(code.ptr(), code.at(batch, offsetof(mr_batch, columns)), Memory::Unknown, 8), rows;
  exec::SourceOp op = source.op;
  auto isRow = [&] { return op.getFormat() == "binary"; };
  auto pointerTo = [&](int32_t field, size_t part) {
    return code.load(code.ptr(), code.at(all, int64_t(field) * int64_t(sizeof(mr_column)) + int64_t(part)),
                     Memory::Unknown, 8);
  };
  // Where rows lie as they were read, all fields are found from one address: a loop has few registers.
  auto valuesOf = [&](int32_t field) {
    if (!isRow())
      return pointerTo(field, offsetof(mr_column, values));
    RowLayout row = layoutRow(op.getType().getTypes());
    if (!rows)
      rows = code.at(pointerTo(field, offsetof(mr_column, values)), -int64_t(row.fields[field].offset));
    return code.at(rows, int64_t(row.fields[field].offset));
  };
  for (int32_t field : fields) {
    Type type = op.getType().getTypes()[field];
    const Column &how = source.columns[field];
    bool looksAtStatus = how.statusStride && (isNullable(type) || (dirty && how.mayFail));
    columns.push_back({valuesOf(field), looksAtStatus ? pointerTo(field, offsetof(mr_column, status)) : Value()});
  }
  if (!hasTime)
    return;
  // What else is read of a row is in the same cache line as its event time; the batch's list of times is not.
  if (int32_t field = int32_t(op.getEventTime()); field >= 0) {
    timeStride = source.columns[field].stride;
    times = valuesOf(field);
  } else {
    times = code.load(code.ptr(), code.at(batch, offsetof(mr_batch, event_time)), Memory::Unknown, 8);
  }
}

Value FieldLoader::loadTime(Value record) {
  if (!times)
    return {};
  return code.load(code.i64(), code.at(times, code.mul(record, code.word(timeStride))), Memory::Batch,
                   timeStride == sizeof(int64_t) ? 8 : 1);
}

Val FieldLoader::load(BlockArgument argument, Value record) {
  unsigned number = argument.getArgNumber();
  if (number == fields.size()) {
    Val time;
    time.parts = {loadTime(record)};
    return time;
  }
  const Column &column = source.columns[fields[number]];
  auto [values, statuses] = columns[number];
  Value place = code.at(values, code.mul(record, code.word(column.stride)));
  Val val = loadValue(code, argument.getType(), place, Memory::Batch, column.align);
  if (!statuses)
    return checkRange(val, fields[number]);
  Value status =
      code.load(code.i8(), code.at(statuses, code.mul(record, code.word(column.statusStride))), Memory::Batch, 1);
  Value there = code.cmp(Code::Cmp::eq, status, code.constant(code.i8(), MR_VALUE));
  if (isReference(argument.getType()))
    clearUnless(code, val, there);
  if (isNullable(argument.getType()))
    val.valid = there;
  if (dirty && column.mayFail) {
    Value kind = code.resize(code.sub(status, code.constant(code.i8(), MR_ERROR_BASE)), code.i32(), false);
    Value error = code.either(code.both(kind, code.half(7)), code.half(int32_t(siteOf(fields[number]) << 3)));
    Value wrong = code.cmp(Code::Cmp::uge, status, code.constant(code.i8(), MR_ERROR_BASE));
    val.error = errorIf(code, wrong, error);
  }
  return checkRange(val, fields[number]);
}

uint32_t FieldLoader::siteOf(int32_t field) const {
  return uint32_t(const_cast<Source &>(source).op.getFirstSite()) + uint32_t(field);
}

// The declared range is checked here and not where a record is decoded, so it costs nothing where the field is not used
// and holds for every format. Of a value that was not read at all the reason comes first: its kind is the lesser.
Val FieldLoader::checkRange(Val val, int32_t field) {
  static_assert(MR_MISSING < MR_OUT_OF_RANGE && MR_WRONG_TYPE < MR_OUT_OF_RANGE);
  ArrayAttr all = const_cast<Source &>(source).op.getColumns();
  auto column = size_t(field) < all.size() ? dyn_cast<stream::ColumnAttr>(all[field]) : stream::ColumnAttr();
  if (!column || !column.hasRange())
    return val;
  APInt least = column.getLeast().getValue(), span = column.getGreatest().getValue() - least;
  if (span.isAllOnes())
    return val; // all values of the type
  auto bound = [&](const APInt &value) { return code.constant(val.scalar().getType(), value.getSExtValue()); };
  Value outside = code.cmp(Code::Cmp::ugt, code.sub(val.scalar(), bound(least)), bound(span));
  if (val.valid)
    outside = code.both(outside, val.valid);
  Value error = errorIf(code, outside, code.half(int32_t(siteOf(field) << 3 | MR_OUT_OF_RANGE)));
  val.error = leastError(code, val.error, error);
  return val;
}

// Asks for the rows that come some while later. Where the runtime looks through a batch's event times before the step,
// the rows come from memory then: the loop works on what is in the cache, and memory would be idle. So it asks for
// those of the next batch, which most likely lie behind; elsewhere for those of 2 KiB or so ahead.
void FieldLoader::prefetchNextBatch(Value record) {
  constexpr int64_t kBatch = 4096, kNear = 64; // the runtime's largest batch
  if (!times || columns.empty() || source.columns[fields[0]].stride != source.rowSize)
    return;
  Value later = code.add(record, code.word(source.watches ? kNear : kBatch));
  Value next = code.at(columns[0].first, code.mul(later, code.word(source.rowSize)));
  LLVM::Prefetch::create(code, next, /*rw=*/0, /*hint=*/3, /*cache=*/1);
}

/// The op before which `argument` is loaded: the first that uses it, inside a branch if no other does. Not inside a
/// list's loop.
static Operation *loadPoint(BlockArgument argument) {
  Block *block = argument.getOwner();
  while (true) {
    Operation *first = nullptr;
    bool only = true;
    for (Operation *user : argument.getUsers()) {
      Operation *here = block->findAncestorOpInBlock(*user);
      only &= !first || first == here;
      if (!first || here->isBeforeInBlock(first))
        first = here;
    }
    if (!first || !only || !isa<exec::BranchOp>(first))
      return first;
    block = &first->getRegion(0).front();
  }
}

//===-- the loops -----------------------------------------------------------===//

static_assert(std::max(Body::kSlotAhead, Body::kSlotOfPartsAhead) < HashRing::kEntries);

/// Where the record is that comes so much later; near the end `position` itself, for which the loop needs nothing in a
/// register.
static Value laterThan(Code &code, Value position, int64_t distance, Value end) {
  Value later = code.add(position, code.word(distance));
  return code.select(code.cmp(Code::Cmp::slt, later, end), later, position);
}

static LogicalResult runContinuations(Frame &frame) {
  Code &code = frame.code;
  LogicalResult done = success();
  for (size_t i = 0; i < frame.continuations.size(); ++i) { // it grows
    Continuation rest = frame.continuations[i];
    Value count = code.load(code.i64(), rest.count);
    auto loadIndex = [&](Value position) {
      Value index =
          code.load(code.i16(), code.at(rest.selection, code.mul(position, code.word(2))), Memory::Scratch, 2);
      return code.resize(index, code.i64(), false);
    };
    code.loop(code.word(0), count, [&](Value position) {
      Value record = loadIndex(position);
      Body body(frame, record);
      body.place = position;
      body.ahead = [&](int64_t distance) {
        Value later = laterThan(code, position, distance, count);
        return std::pair(later, loadIndex(later));
      };
      for (BlockArgument field : rest.reloads)
        body.expressions.bind(field, frame.loadField(field, record));
      for (const Spill &spill : rest.spills)
        body.expressions.bind(spill.value, restore(code, spill, position));
      if (!rest.path.columns.empty())
        body.path = restore(code, rest.path, position).error;
      for (Operation *op : rest.again)
        if (failed(body.expressions.lower(op)))
          done = failure();
      if (failed(body.run(rest.begin, rest.end)))
        done = failure();
    });
  }
  return done;
}

/// The record has moved the watermark of its lane (rule 7).
static void moveWatermark(Frame &frame, const Source &source, FieldLoader &loader, Value batch, Value record) {
  stream::WatermarkAttr how = const_cast<Source &>(source).op.getWatermarkAttr();
  if (!how || how.getKind() == stream::WatermarkKind::None)
    return;
  Code &code = frame.code;
  if (how.getKind() == stream::WatermarkKind::Punctuated) {
    Value all = code.load(code.ptr(), code.at(batch, offsetof(mr_batch, watermark)), Memory::Unknown, 8);
    Value moved = code.load(code.i64(), code.at(all, code.mul(record, code.word(8))), Memory::Batch, 8);
    Value before = code.load(code.i64(), frame.laneWatermark);
    code.store(code.createOrFold<arith::MaxSIOp>(before, moved), frame.laneWatermark);
    return;
  }
  Value time = loader.loadTime(record);
  if (!time)
    return;
  constexpr int64_t most = INT64_MAX / 2; // more than there is time: nothing overflows
  int64_t bound = how.getKind() == stream::WatermarkKind::Bounded ? std::min(how.getBound(), most) : 0;
  Value moved = code.sub(time, code.word(bound + 1)), before = code.load(code.i64(), frame.laneWatermark);
  code.store(code.createOrFold<arith::MaxSIOp>(before, moved), frame.laneWatermark);
}

namespace {
/// The greatest of the times that a loop has seen: the lower half of a vector, because loops have few registers, but
/// vector registers are free.
class Greatest {
public:
  explicit Greatest(Code &code)
      : code(code), type(VectorType::get({2}, code.getI64Type())),
        place(code.variable(type, constant({INT64_MIN, 0}))) {}

  void see(Value time) {
    Value vector = LLVM::InsertElementOp::create(code, constant({0, 0}), time, code.word(0));
    code.store(code.createOrFold<arith::MaxSIOp>(code.load(type, place), vector), place);
  }
  Value get() { return LLVM::ExtractElementOp::create(code, code.load(type, place), code.word(0)); }

private:
  Value constant(ArrayRef<int64_t> values) {
    return arith::ConstantOp::create(code, DenseElementsAttr::get(type, values));
  }

  Code &code;
  VectorType type;
  Value place;
};
} // namespace

/// The loop over the records of the call. A step that watches times (`task` is given) ends before the first one that
/// the engine has to look at, and tells it the greatest time. One behind which windows fire at once (`pausing` is the
/// task) ends where one has to. Returns where it ended.
static Value loopOver(Code &code, FieldLoader &loader, Value task, Value begin, Value limit,
                      function_ref<void(Value)> body, Value pausing) {
  if (pausing) {
    auto goesOn = [&](Value) { return code.expect(code.invert(code.call1(Rt::mr_paused, {pausing})), true); };
    return code.loopWhile(begin, limit, goesOn, body);
  }
  if (!task) {
    code.loop(begin, limit, body);
    return limit;
  }
  Value from = code.call1(Rt::mr_quiet_from, {task}), span = code.call1(Rt::mr_quiet_span, {task});
  Greatest greatest(code);
  auto isQuiet = [&](Value record) {
    return code.expect(code.cmp(Code::Cmp::ult, code.sub(loader.loadTime(record), from), span), true);
  };
  Value end = code.loopWhile(begin, limit, isQuiet, [&](Value record) {
    greatest.see(loader.loadTime(record));
    body(record);
  });
  code.call(Rt::mr_saw_times, {task, greatest.get()});
  return end;
}

/// A loop has few registers: what only rare paths in it use is loaded there, from memory of the function.
static void keepAside(Code &code, Value argument, LLVM::LLVMFuncOp function) {
  OpBuilder::InsertionGuard guard(code);
  Value place = code.variable(code.ptr());
  code.setInsertionPoint(code.getEntry());
  code.storeRare(argument, place);
  Block &entry = function.getBody().front();
  auto loop = llvm::find_if(entry, [](Operation &op) { return op.getNumRegions() != 0; });
  for (OpOperand &use : llvm::make_early_inc_range(argument.getUses())) {
    Operation *user = use.getOwner();
    if (user->getBlock() == &entry && (loop == entry.end() || user->isBeforeInBlock(&*loop)))
      continue;
    code.setInsertionPoint(user);
    use.set(code.loadRare(code.ptr(), place));
  }
}

static SmallVector<Type> stepParameters(Code &code) { return {code.ptr(), code.ptr(), code.ptr(), code.i32()}; }

/// The loops for batches with errors in them, or without.
static LogicalResult lowerLoops(Context &context, Source &source, exec::StepOp op, StringRef name, bool dirty) {
  Code code(op.getLoc(), context.runtime);
  LLVM::LLVMFuncOp function = beginFunction(context, code, name, stepParameters(code), code.i32());
  if (dirty)
    function.setPassthroughAttr(code.getStrArrayAttr({"nounwind", "cold", "noinline", "optsize"}));
  Value task = function.getArgument(0), batch = function.getArgument(1), cursor = function.getArgument(2);
  Value limit = code.resize(function.getArgument(3), code.i64(), false);
  Value begin = code.load(code.i64(), cursor, Memory::Unknown, 8);
  Value cursorAside = code.variable(code.ptr());
  code.storeRare(cursor, cursorAside);
  Frame frame(code, context.program, task);
  frame.batchSize = code.sub(limit, begin);
  frame.stateful = exec::isStateful(op);
  if (failed(frame.lowerOuter(op)))
    return failure();
  frame.prepare(op);
  Block &block = op.getBody().front();
  bool hasTime = block.getNumArguments() > op.getFields().size() || source.watches;
  FieldLoader loader(code, source, op.getFields(), batch, hasTime, dirty);
  frame.loadField = [&](BlockArgument argument, Value record) { return loader.load(argument, record); };
  for (BlockArgument argument : block.getArguments())
    if (Operation *first = loadPoint(argument))
      frame.loads[first].push_back(argument);
  frame.openOuts(frame.batchSize);
  LogicalResult done = success();
  Value end = loopOver(
      code, loader, source.watches ? task : Value(), begin, limit,
      [&](Value record) {
        loader.prefetchNextBatch(record);
        auto run = [&] {
          Body body(frame, record);
          body.place = record;
          body.ahead = [&](int64_t distance) {
            Value later = laterThan(code, record, distance, limit);
            return std::pair(later, later);
          };
          done = body.run(block.begin(), block.end());
        };
        if (!frame.stateful)
          return run();
        code.when(code.expect(code.invert(code.call1(Rt::mr_halted, {task})), true), run);
        if (frame.laneWatermark)
          moveWatermark(frame, source, loader, batch, record);
      },
      source.pauses ? task : Value());
  if (failed(done) || failed(runContinuations(frame)))
    return failure();
  code.setLoc(op.getLoc());
  frame.closeOuts();
  code.store(end, code.loadRare(code.ptr(), cursorAside), Memory::Unknown, 8);
  LLVM::ReturnOp::create(code, code.half(MR_DONE));
  keepAside(code, task, function);
  return success();
}

/// Does it pay that the step looks at event times itself? Where they are a field of rows, looking through them
/// beforehand touches all the memory that the step touches.
static bool watchesTimes(Source &source, exec::StepOp op) {
  int32_t field = int32_t(source.op.getEventTime());
  stream::WatermarkAttr watermark = source.op.getWatermarkAttr();
  if (field < 0 || !watermark || watermark.getKind() == stream::WatermarkKind::None ||
      watermark.getKind() == stream::WatermarkKind::Punctuated || source.columns[field].stride == sizeof(int64_t))
    return false;
  bool folds = false;
  op.walk([&](state::FoldOp) { folds = true; });
  return (folds || source.stateful) && !source.expands;
}

/// Does the step put together texts that aggregates of one's own keep? Each such text is made in the batch's memory,
/// for each record one as long as all that came before it.
static bool makesKeptTexts(Context &context, exec::StepOp op) {
  auto keepsTexts = [](state::MemberAttr member) {
    auto types = member.getOptions().getAs<ArrayAttr>(expr::optionState);
    return types && llvm::any_of(types.getAsValueRange<TypeAttr>(), isText);
  };
  WalkResult found = op.walk([&](Operation *inner) {
    auto name = inner->getAttrOfType<FlatSymbolRefAttr>("table");
    return name && llvm::any_of(context.program.table(name.getValue()).type().getMembers(), keepsTexts)
               ? WalkResult::interrupt()
               : WalkResult::advance();
  });
  return found.wasInterrupted();
}

LogicalResult millrace::lowering::lowerStep(Context &context, Source &source, exec::StepOp op) {
  std::string name = ("step_" + source.op.getSymName()).str();
  bool mayFail = false;
  if (op) {
    for (int32_t field : op.getFields())
      mayFail |= source.columns[field].mayFail;
    op.walk([&](exec::UnnestOp) { source.expands = true; });
    source.expands |= makesKeptTexts(context, op); // to the engine it is the same: few records at a time
    source.stateful = exec::isStateful(op);
    source.pauses = exec::firesAtOnce(op);
    source.watches = !source.pauses && watchesTimes(source, op);
    if (!mayFail)
      return lowerLoops(context, source, op, name, /*dirty=*/false);
    if (failed(lowerLoops(context, source, op, name + "_clean", false)) ||
        failed(lowerLoops(context, source, op, name + "_dirty", true)))
      return failure();
  }
  Code code(source.op.getLoc(), context.runtime);
  LLVM::LLVMFuncOp function = beginFunction(context, code, name, stepParameters(code), code.i32());
  auto arguments = function.getArguments();
  if (!op) { // nothing reads this source: all is done at once
    code.store(code.resize(arguments[3], code.i64(), false), arguments[2], Memory::Unknown, 8);
    LLVM::ReturnOp::create(code, code.half(MR_DONE));
    return success();
  }
  Value dirty = code.load(code.i32(), code.at(arguments[1], offsetof(mr_batch, dirty)), Memory::Unknown, 4);
  Value isDirty = code.expect(code.cmp(Code::Cmp::ne, dirty, code.half(0)), false);
  auto version = scf::IfOp::create(code, TypeRange{code.i32()}, isDirty, /*withElseRegion=*/true);
  for (auto [block, suffix] : {std::pair(version.thenBlock(), "_dirty"), std::pair(version.elseBlock(), "_clean")}) {
    OpBuilder::InsertionGuard guard(code);
    code.setInsertionPointToEnd(block);
    auto callee = context.module.lookupSymbol<LLVM::LLVMFuncOp>(name + suffix);
    auto call = LLVM::CallOp::create(code, callee, SmallVector<Value>(arguments.begin(), arguments.end()));
    scf::YieldOp::create(code, call.getResult());
  }
  LLVM::ReturnOp::create(code, version.getResult(0));
  return success();
}
