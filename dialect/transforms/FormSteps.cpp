//===- FormSteps.cpp - from a pipeline to a program -------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/Layout.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Same.h"
#include "dialect/stream/Sites.h"
#include "dialect/stream/Timed.h"
#include "dialect/stream/UserAggregates.h"
#include "dialect/transforms/BestRows.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/Noted.h"
#include "dialect/transforms/Passes.h"
#include "dialect/transforms/ReadingOrder.h"
#include "dialect/transforms/StepBuilder.h"
#include "dialect/transforms/TableParts.h"
#include "mlir/IR/AttrTypeSubElements.h"

namespace millrace {
#define GEN_PASS_DEF_FORMSTEPS
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

static constexpr StringLiteral flag = "stream-form-steps";
static constexpr unsigned manyCopies = 64; // operators; O3 takes about a millisecond for each

namespace {
/// Builds the program of one pipeline.
class Former {
public:
  explicit Former(PipelineOp pipeline)
      : pipeline(pipeline), builder(pipeline), demand(pipeline), routes(demand), steps(routes, params) {}

  /// The program stands behind the pipeline, which is left as it is.
  LogicalResult form();

  unsigned numSteps = 0;
  unsigned numCopies() const { return steps.copies; }

private:
  template <typename OpT> SmallVector<OpT> live() {
    SmallVector<OpT> found;
    for (auto op : pipeline.getOps<OpT>())
      if (demand.isLive(op))
        found.push_back(op);
    return found;
  }
  void addProgram();
  void addParams();
  void addAggregates();
  void addSource(SourceOp source);
  void addSink(SinkOp sink);
  void addTable(Operation *keeper);
  void addEventTime(SourceOp source);
  void addPunctuation(SourceOp source);
  void fillReading(Region &body, SourceOp source, Region &from);
  LogicalResult addStep(Location loc, StringRef name, Value stream);
  LogicalResult addFire(Operation *window);
  LogicalResult addFire(OverOp over);
  DictionaryAttr withParams(Operation *op, OperandRange args, DictionaryAttr options);

  PipelineOp pipeline;
  OpBuilder builder;
  Demand demand;
  Routes routes;
  IRMapping params;
  StepBuilder steps;
};
} // namespace

/// Where a source's event time comes from: the field's index, -1 without one, -2 for an expression.
static int32_t eventTimeOf(SourceOp source) {
  if (source.getEventTime().empty())
    return -1;
  auto value = dyn_cast<BlockArgument>(source.getEventTime().front().getTerminator()->getOperand(0));
  if (!value)
    return -2;
  auto field = cast<StringAttr>(source.getFields()[value.getArgNumber()]);
  return source.getOutput().getType().indexOf(field);
}

/// The sources and windows whose records reach `stream` without passing a window: what its W depends on.
static void addInputs(Value stream, SmallVector<Attribute> &into) {
  Operation *op = stream.getDefiningOp();
  bool isLate = stream != op->getResult(0) && isa<WindowOp>(op); // late records are of the window's input
  if (!isa<SourceOp, WindowOp, TopOp, OverOp>(op) || givesAtOnce(op) || isLate) {
    for (Value operand : op->getOperands())
      if (isa<StreamType>(operand.getType()))
        addInputs(operand, into);
    return;
  }
  auto source = dyn_cast<SourceOp>(op);
  StringRef name = source && stream == source.getDead() ? deadLetterName(source) : operatorName(op);
  auto symbol = FlatSymbolRefAttr::get(op->getContext(), name);
  if (!llvm::is_contained(into, symbol))
    into.push_back(symbol);
}

/// Does the order matter in which `op` gets its records? Ties of first, last and argmax are decided by arrival (rule
/// 27), and sums of floats add in that order (rule 24); what gives a row for each record gives them in that order.
static bool needsOrder(Operation *op) {
  if (isa<TopOp, OverOp>(op))
    return true;
  auto window = dyn_cast<WindowOp>(op);
  if (!window || givesAtOnce(op))
    return givesAtOnce(op);
  if (FiringAttr firing = window.getFiringAttr(); firing && firing.firesAgain())
    if (firing.getLateness() || firing.getEmitUnit() == EmitUnit::Records)
      return true; // rows come behind single records: what they hold depends on which came before
  ValueRange yielded = window.getBody().front().getTerminator()->getOperands();
  unsigned at = 0;
  for (auto aggregate : window.getAggregates().getAsRange<AggregateAttr>()) {
    SmallVector<Type> arguments(yielded.slice(at, aggregate.getNumArgs()).getTypes());
    if (!expr::findAggregate(aggregate.getFn())->isOrderFree(arguments, aggregate.getOptions()))
      return true;
    at += aggregate.getNumArgs() + aggregate.getFiltered();
  }
  return false;
}

/// The first operator with state behind `stream` that asks for an order, or null.
static Operation *orderedConsumer(Value stream, const Demand &demand) {
  for (Operation *user : stream.getUsers()) {
    if (!demand.isLive(user))
      continue;
    if (needsOrder(user))
      return user;
    if (auto window = dyn_cast<WindowOp>(user); window && window.getLate())
      if (Operation *found = orderedConsumer(window.getLate(), demand))
        return found;
    if (!isa<WindowOp, TopOp, OverOp, SinkOp>(user))
      if (Operation *found = orderedConsumer(user->getResult(0), demand))
        return found;
  }
  return nullptr;
}

DictionaryAttr Former::withParams(Operation *op, OperandRange args, DictionaryAttr options) {
  if (!options)
    return options;
  AttrTypeReplacer replacer;
  replacer.addReplacement([&](ArgAttr arg) -> std::optional<Attribute> {
    auto param = params.lookup(args[arg.getIndex()]).getDefiningOp<exec::ParamOp>();
    return ArgAttr::get(arg.getContext(), param.getIndex(), arg.getType());
  });
  return cast<DictionaryAttr>(replacer.replace(options));
}

void Former::addProgram() {
  SmallVector<Attribute> sites;
  for (auto site : pipeline->getAttrOfType<ArrayAttr>(sitesNote).getAsRange<ArrayAttr>())
    sites.push_back(exec::SiteAttr::get(builder.getContext(), cast<StringAttr>(site[0]).getValue(),
                                        cast<StringAttr>(site[1]).getValue(), cast<IntegerAttr>(site[2]).getInt(),
                                        cast<IntegerAttr>(site[3]).getInt()));
  builder.setInsertionPointAfter(pipeline);
  auto program = exec::ProgramOp::create(builder, pipeline.getLoc(), pipeline.getSymName(), builder.getArrayAttr(sites),
                                         pipeline->getAttrOfType<ArrayAttr>(terminalsNote));
  builder.setInsertionPointToStart(&program.getBody().emplaceBlock());
}

void Former::addParams() {
  int32_t index = 0;
  for (auto param : pipeline.getOps<ParamOp>()) {
    auto made = exec::ParamOp::create(builder, param.getLoc(), param.getResult().getType(), operatorName(param),
                                      param.getValue(), param.getDocAttr(), index++);
    params.map(param.getResult(), made.getResult());
  }
}

/// Those of one's own: `lift` stands where records are taken in.
void Former::addAggregates() {
  for (auto aggregate : pipeline.getOps<AggregateOp>()) {
    auto made = state::AggregateOp::create(builder, aggregate.getLoc(), operatorName(aggregate));
    IRMapping map(params);
    aggregate.getIdentity().cloneInto(&made.getIdentity(), map);
    aggregate.getCombine().cloneInto(&made.getCombine(), map);
    aggregate.getInverse().cloneInto(&made.getInverse(), map);
    aggregate.getLower().cloneInto(&made.getLower(), map);
  }
}

void Former::addSource(SourceOp source) {
  StringRef name = operatorName(source);
  exec::SourceOp::create(
      builder, source.getLoc(), builder.getStringAttr(name), TypeAttr::get(source.getOutput().getType()),
      source.getConnectorAttr(), withParams(source, source.getArgs(), source.getOptions()), source.getFormatAttr(),
      withParams(source, source.getArgs(), source.getFormatOptionsAttr()), source.getColumns(),
      source->getAttrOfType<DenseBoolArrayAttr>(usedNote), source->getAttrOfType<IntegerAttr>(firstSiteAttr),
      builder.getI32IntegerAttr(eventTimeOf(source)), source.getWatermarkAttr(), source.getOnBadAttr(),
      source.getMaxBadAttr(), source.getMaxBadPercentAttr(), FlatSymbolRefAttr());
  if (!source.getDead() ||
      llvm::none_of(source.getDead().getUsers(), [&](Operation *user) { return demand.isLive(user); }))
    return;
  exec::SourceOp::create(builder, source.getLoc(), builder.getStringAttr(deadLetterName(source)),
                         TypeAttr::get(source.getDead().getType()), source.getConnectorAttr(),
                         builder.getDictionaryAttr({}), StringAttr(), DictionaryAttr(), builder.getArrayAttr({}),
                         source->getAttrOfType<DenseBoolArrayAttr>(deadUsedNote), builder.getI32IntegerAttr(0),
                         builder.getI32IntegerAttr(-1), WatermarkAttr(),
                         // A dead letter that is bad itself has nowhere to go: it stops the pipeline (nothing is lost).
                         BadPolicyAttr::get(builder.getContext(), BadPolicy::Fail), IntegerAttr(), IntegerAttr(),
                         FlatSymbolRefAttr::get(builder.getContext(), name));
}

void Former::addSink(SinkOp sink) {
  exec::SinkOp::create(builder, sink.getLoc(), operatorName(sink), sink.getInput().getType(), sink.getConnector(),
                       withParams(sink, sink.getArgs(), sink.getOptions()), sink.getFormatAttr(),
                       withParams(sink, sink.getArgs(), sink.getFormatOptionsAttr()));
}

/// The table of a window, running or deduplicate.
void Former::addTable(Operation *keeper) {
  auto in = cast<StreamType>(keeper->getOperand(0).getType());
  SmallVector<StringAttr> keys(in.getKeys());
  SmallVector<Type> keyTypes;
  for (StringAttr key : keys)
    keyTypes.push_back(in.lookup(key));
  SmallVector<state::MemberAttr> members;
  WindowAttr window;
  FiringAttr firing;
  AlgorithmAttr algorithm;
  StringAttr reason;
  state::KeepAttr keep;
  state::TopAttr top;
  Operation *consumer = nullptr;
  TypeSwitch<Operation *>(keeper)
      .Case([&](WindowOp op) {
        if (givesAtOnce(op)) {
          keep = keepOf(op);
          algorithm = op->getAttrOfType<AlgorithmAttr>(algorithmNote);
          reason = op->getAttrOfType<StringAttr>(algorithmReasonNote);
          members = membersOf(op);
          return;
        }
        window = resolved(op.getWindow(), op.getInput());
        firing = op.getFiringAttr();
        algorithm = op->getAttrOfType<AlgorithmAttr>(algorithmNote);
        reason = op->getAttrOfType<StringAttr>(algorithmReasonNote);
        members = membersOf(op);
        consumer = orderedConsumer(op.getOutput(), demand);
      })
      .Case([&](TopOp op) {
        window = resolved(op.getWindow(), op.getInput());
        algorithm = op->getAttrOfType<AlgorithmAttr>(algorithmNote);
        reason = op->getAttrOfType<StringAttr>(algorithmReasonNote);
        if (keepsBestRows(op)) {
          members.push_back(bestRowsOf(op));
          return;
        }
        top = addRanks(op, keys, keyTypes);
        for (auto [name, type] : llvm::zip(in.getNames(), in.getTypes())) // of one record its values
          members.push_back(state::MemberAttr::get(builder.getContext(), name, "first", {type}, type));
      })
      .Case([&](RunningOp op) {
        keep = keepOf(op);
        members = membersOf(op);
      })
      .Case([&](OverOp op) {
        keep = keepOf(op);
        algorithm = op->getAttrOfType<AlgorithmAttr>(algorithmNote);
        reason = op->getAttrOfType<StringAttr>(algorithmReasonNote);
        members = membersOf(op);
      })
      .Case([&](DeduplicateOp op) { keep = keepOf(op); });
  auto type = state::TableType::get(builder.getContext(), keys, keyTypes, members, state::LayoutAttr());
  SmallVector<Attribute> inputs;
  addInputs(keeper->getOperand(0), inputs);
  auto table = state::TableOp::create(builder, keeper->getLoc(), operatorName(keeper), type, window, firing, algorithm,
                                      keep, top, builder.getArrayAttr(inputs), consumer || isa<TopOp>(keeper),
                                      FlatSymbolRefAttr(), DenseI32ArrayAttr());
  if (reason)
    table->setDiscardableAttr(state::algorithmReason, reason);
  if (auto window = dyn_cast<WindowOp>(keeper); window && window.getFill())
    table->setDiscardableAttr(state::fillNote, builder.getUnitAttr());
  if (consumer)
    decide(keeper->getLoc(), flag, operatorName(keeper), true,
           "its rows come in the order of keys, because `" + operatorName(consumer) + "` depends on arrival");
}

static SmallVector<int32_t> fieldNumbers(SourceOp source, ArrayAttr names) {
  return llvm::map_to_vector(names.getAsRange<StringAttr>(),
                             [&](StringAttr name) { return int32_t(source.getOutput().getType().indexOf(name)); });
}

/// Makes `body` what the source's region `from` is.
void Former::fillReading(Region &body, SourceOp source, Region &from) {
  Block &block = body.emplaceBlock();
  for (BlockArgument argument : from.getArguments())
    block.addArgument(argument.getType(), argument.getLoc());
  OpBuilder inner = OpBuilder::atBlockEnd(&block);
  expr::YieldOp::create(inner, source.getLoc(), steps.inlineBody(from.front(), block.getArguments(), inner));
}

void Former::addEventTime(SourceOp source) {
  auto op = exec::EventTimeOp::create(builder, source.getLoc(), operatorName(source),
                                      fieldNumbers(source, source.getFields()));
  fillReading(op.getBody(), source, source.getEventTime());
}

void Former::addPunctuation(SourceOp source) {
  auto op = exec::PunctuationOp::create(builder, source.getLoc(), operatorName(source),
                                        fieldNumbers(source, *source.getPunctuationFields()));
  fillReading(op.getBody(), source, source.getPunctuation());
}

LogicalResult Former::addStep(Location loc, StringRef name, Value stream) {
  if (llvm::none_of(stream.getUsers(), [&](Operation *user) { return demand.isLive(user); }))
    return success();
  auto type = cast<StreamType>(stream.getType());
  auto step = exec::StepOp::create(builder, loc, name, ArrayRef<int32_t>());
  Block &block = step.getBody().emplaceBlock();
  Record record;
  for (Type field : type.getTypes())
    record.fields.push_back(block.addArgument(field, loc));
  bool isDead = stream.getDefiningOp<SourceOp>().getDead() == stream;
  if (!isDead && eventTimeOf(stream.getDefiningOp<SourceOp>()) != -1)
    record.time = block.addArgument(expr::TimestampType::get(builder.getContext()), loc);
  unsigned copiesBefore = steps.copies;
  if (failed(steps.build(block, stream, record)))
    return failure();
  if (unsigned copies = steps.copies - copiesBefore; copies > manyCopies)
    decide(loc, flag, name, true,
           "operators are copied " + Twine(copies) + " times, because ways meet in unions: compiling will take long");
  placeExpressions(block);
  SmallVector<int32_t> fields;
  for (int32_t i = 0, at = 0, n = type.getTypes().size(); i < n; ++i) {
    if (block.getArgument(at).use_empty()) {
      block.eraseArgument(at);
    } else {
      fields.push_back(i);
      ++at;
    }
  }
  step.setFields(fields);
  ++numSteps;
  return success();
}

LogicalResult Former::addFire(Operation *window) {
  auto program = cast<exec::ProgramOp>(builder.getBlock()->getParentOp());
  auto table = program.lookupSymbol<state::TableOp>(operatorName(window));
  auto fire = exec::FireOp::create(builder, window->getLoc(), operatorName(window));
  Block &block = fire.getBody().emplaceBlock();
  Record record;
  SmallVector<Type> types = state::firedTypes(table);
  types.back() = expr::withNull(types.back(), expr::isNullable(types.back()) || mayLackTime(window->getResult(0)));
  for (Type type : types)
    record.fields.push_back(block.addArgument(type, window->getLoc()));
  Value time = record.fields.pop_back_val();
  if (cast<StreamType>(window->getResult(0).getType())
          .getTimed()) // else rows from elsewhere, in a union, have none either
    record.time = time;
  Block *inside = &block;
  if (auto top = dyn_cast<TopOp>(window)) { // the records as they came
    record.fields.erase(record.fields.begin(), record.fields.end() - table.getType().getMembers().size());
    OpBuilder within = OpBuilder::atBlockEnd(&block);
    if (keepsBestRows(top))
      inside = &unnestBestRows(within, top, record.fields);
  }
  if (failed(steps.build(*inside, window->getResult(0), record)))
    return failure();
  placeExpressions(block);
  ++numSteps;
  return success();
}

/// What stands behind `over`, for a record that waited.
LogicalResult Former::addFire(OverOp over) {
  Location loc = over.getLoc();
  auto fire = exec::FireOp::create(builder, loc, operatorName(over));
  SmallVector<Attribute> passed = usedOfPassed(over);
  fire->setAttr(exec::passedNames, builder.getArrayAttr(passed));
  Block &block = fire.getBody().emplaceBlock();
  Record record;
  for (Type type : cast<StreamType>(over.getOutput().getType()).getTypes())
    record.fields.push_back(block.addArgument(type, loc));
  record.time = block.addArgument(expr::TimestampType::get(builder.getContext()), loc);
  if (failed(steps.build(block, over.getOutput(), record)))
    return failure();
  placeExpressions(block);
  for (unsigned i = over.getPassed().size(); i-- > 0;)
    if (!llvm::is_contained(passed, over.getPassed()[i]))
      block.eraseArgument(i); // nobody uses it
  ++numSteps;
  return success();
}

/// Does a record belong to several windows?
static bool isSliced(WindowAttr window) {
  return window.getKind() == WindowKind::Sliding || window.getKind() == WindowKind::Cumulate ||
         window.getKind() == WindowKind::Same;
}

LogicalResult Former::form() {
  if (!pipeline->hasAttr(sitesNote))
    return pipeline.emitError("needs stream-note-written before its steps can be formed");
  for (WindowOp window : live<WindowOp>())
    if ((isSliced(window.getWindow()) || window.getFiring()) && !window->hasAttr(algorithmNote))
      return window.emitError("needs stream-specialize-windows before its steps can be formed");
  addProgram();
  addParams();
  SmallVector<SourceOp> sources = readingOrder(pipeline, demand);
  SmallVector<WindowOp> windows = live<WindowOp>();
  for (SourceOp source : sources)
    addSource(source);
  for (SinkOp sink : live<SinkOp>())
    addSink(sink);
  addAggregates();
  for (Operation &op : pipeline.getBody().front())
    if (isa<WindowOp, TopOp, OverOp, RunningOp, DeduplicateOp>(op) && demand.isLive(&op))
      addTable(&op);
  for (SourceOp source : sources)
    if (eventTimeOf(source) == -2)
      addEventTime(source);
  for (SourceOp source : sources)
    if (!source.getPunctuation().empty())
      addPunctuation(source);
  for (SourceOp source : sources) {
    if (failed(addStep(source.getLoc(), operatorName(source), source.getOutput())))
      return failure();
    if (source.getDead() && failed(addStep(source.getLoc(), deadLetterName(source), source.getDead())))
      return failure();
  }
  for (WindowOp window : windows)
    if (!givesAtOnce(window) && failed(addFire(window)))
      return failure();
  for (TopOp top : live<TopOp>())
    if (failed(addFire(top)))
      return failure();
  for (OverOp over : live<OverOp>())
    if (failed(addFire(over)))
      return failure();
  return success();
}

namespace {
struct FormStepsPass : millrace::impl::FormStepsBase<FormStepsPass> {
  using FormStepsBase::FormStepsBase;

  void runOnOperation() override {
    for (auto pipeline : llvm::make_early_inc_range(getOperation().getOps<PipelineOp>())) {
      Former former(pipeline);
      if (failed(former.form()))
        return signalPassFailure();
      numSteps += former.numSteps;
      numCopies += former.numCopies();
      pipeline.erase();
    }
  }
};
} // namespace
