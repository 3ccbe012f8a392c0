//===- UserAggregates.cpp - aggregates of one's own ---------------------------===//
#include "dialect/stream/UserAggregates.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Range.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/OpSyntax.h"
#include "dialect/stream/Sites.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;
using expr::typeText;

static constexpr unsigned mostParts = 16;

//===--- asking ------------------------------------------------------------------------------------===//

AggregateOp stream::definitionOf(Operation *user, StringRef function) {
  auto pipeline = user->getParentOfType<PipelineOp>();
  if (!pipeline || !expr::isUserAggregate(function))
    return {};
  for (auto aggregate : pipeline.getOps<AggregateOp>())
    if (operatorName(aggregate) == function.drop_front())
      return aggregate;
  return {};
}

DictionaryAttr stream::optionsOf(AggregateOp aggregate) {
  FunctionType signature = aggregate.getSignature();
  Builder builder(aggregate.getContext());
  NamedAttrList options;
  options.set(expr::optionTakes, builder.getTypeArrayAttr(signature.getInputs()));
  options.set(expr::optionGives, TypeAttr::get(signature.getResult(0)));
  for (StringRef fact : expr::userFacts())
    if (aggregate->hasAttr(fact))
      options.set(fact, builder.getUnitAttr());
  return options.getDictionary(aggregate.getContext());
}

StringRef stream::aggregateArgumentName(AggregateOp aggregate, BlockArgument argument) {
  Region *region = argument.getOwner()->getParent();
  unsigned number = argument.getArgNumber();
  ArrayAttr names = region == &aggregate.getLift() ? aggregate.getParameters() : aggregate.getState();
  if (region != &aggregate.getCombine() && region != &aggregate.getInverse())
    return number < names.size() ? cast<StringAttr>(names[number]).getValue() : StringRef();
  if (number >= 2 * names.size())
    return {};
  StringRef field = cast<StringAttr>(names[number % names.size()]).getValue();
  return StringAttr::get(aggregate.getContext(), (number < names.size() ? "a." : "b.") + Twine(field)).getValue();
}

SmallVector<Type> AggregateOp::stateTypes() {
  return llvm::map_to_vector(getCombine().getArguments().take_front(getState().size()),
                             [](BlockArgument argument) { return argument.getType(); });
}

Value stream::anyValue(OpBuilder &builder, Location loc, Type type) {
  MLIRContext *context = type.getContext();
  TypedAttr zero;
  if (isa<expr::StringType, expr::BytesType>(type)) {
    Type string = expr::StringType::get(context);
    Value text = expr::ConstantOp::create(builder, loc, string, builder.getStringAttr(""));
    return type == string ? text : expr::CastOp::create(builder, loc, type, text).getResult();
  }
  if (isa<expr::TimestampType>(type))
    zero = expr::TimestampAttr::get(context, 0);
  else if (isa<expr::DateType>(type))
    zero = expr::DateAttr::get(context, 0);
  else if (isa<expr::DurationType>(type))
    zero = expr::DurationAttr::get(context, 0);
  else if (expr::isFloat(type))
    zero = FloatAttr::get(type, 0);
  else
    zero = IntegerAttr::get(type, 0);
  return expr::ConstantOp::create(builder, loc, type, zero);
}

//===--- constraints -------------------------------------------------------------------------------===//

/// May a value of type `given` stand where `wanted` is?
static bool fits(Type given, Type wanted) {
  return given == wanted || (expr::isNullable(wanted) && expr::stripNull(wanted) == given);
}

/// A region over arguments of these types that yields values of those.
static LogicalResult verifyPart(AggregateOp op, StringRef word, Region &region, TypeRange takes, TypeRange gives) {
  auto yield = verifyRegion(op, region, int(gives.size()));
  if (failed(yield))
    return failure();
  if (!llvm::equal(region.getArgumentTypes(), takes))
    return op.emitOpError("must have in `") << word << "` " << takes.size() << " arguments of the types of "
                                            << (word == "lift" ? "what it takes" : "its state");
  for (auto [value, wanted] : llvm::zip(yield->getValues(), gives))
    if (!fits(value.getType(), wanted))
      return op.emitOpError("gives ") << typeText(value.getType()) << " in `" << word << "`, where " << typeText(wanted)
                                      << " is expected";
  WalkResult outside = region.walk([&](Operation *inner) {
    for (Value operand : inner->getOperands())
      if (!isa<BlockArgument>(operand) && operand.getDefiningOp()->getBlock() != inner->getBlock() &&
          !isa<ParamOp>(operand.getDefiningOp()))
        return WalkResult::interrupt();
    return WalkResult::advance();
  });
  if (outside.wasInterrupted())
    return op.emitOpError("reads in `") << word << "` what is neither an argument nor a param";
  return success();
}

/// The constant that this op of an expression over constants is; null: it is none, or it fails.
static Attribute constantOf(Operation *op) {
  SmallVector<Attribute> operands;
  for (Value operand : op->getOperands()) {
    Operation *from = operand.getDefiningOp();
    operands.push_back(from ? constantOf(from) : Attribute());
    if (!operands.back())
      return {};
  }
  if (auto constant = dyn_cast<expr::ConstantOp>(op))
    return constant.getValue();
  SmallVector<OpFoldResult> folded;
  Operation *copy = op->clone(); // folding may change an op where it stands
  bool isFolded = succeeded(copy->fold(operands, folded)) && folded.size() == 1;
  copy->erase();
  return isFolded ? dyn_cast<Attribute>(folded.front()) : Attribute();
}

/// Does all that is cast have a place in the type that it is cast to?
static bool alwaysFits(expr::CastOp cast) {
  std::optional<expr::Range> from = expr::Ranges().of(cast.getValue()), to = expr::rangeOfType(cast.getType());
  return from && to && expr::join(*from, *to) == *to;
}

/// What fails of an expression, if anything can that no `try` is around.
static Operation *failingIn(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || isa<expr::TryOp>(op) || constantOf(op))
    return nullptr;
  for (Value operand : op->getOperands())
    if (Operation *failing = failingIn(operand))
      return failing;
  auto cast = dyn_cast<expr::CastOp>(op);
  return canFail(op) && !(cast && alwaysFits(cast)) ? op : nullptr;
}

/// There is no record that an error of `identity` could be the error of, and no result that it could belong to.
static LogicalResult verifyIdentity(AggregateOp op) {
  for (Value value : op.getIdentity().front().getTerminator()->getOperands())
    if (Operation *failing = failingIn(value))
      return emitError(failing->getLoc())
             << "`identity` is the state of no record and may not fail, but `" << expressionText(failing->getResult(0))
             << "` can; make it a constant or a param, or write `coalesce(try(...), ...)`";
  return success();
}

LogicalResult AggregateOp::verify() {
  if (isReported(*this))
    return failure();
  auto signature = dyn_cast<FunctionType>(getResult().getType());
  if (!signature || signature.getNumResults() != 1)
    return emitOpError("gives a function of one result, not ") << getResult().getType();
  if (!getLabels())
    return emitOpError("needs a name, as in `%geomean = aggregate ...`");
  if (signature.getNumInputs() > mostParts || signature.getNumInputs() != getParameters().size())
    return emitOpError("takes at most ") << mostParts << " values, each with its name";
  for (Type type : signature.getInputs())
    if (!expr::isScalar(type) || expr::isNullable(type))
      return emitOpError("takes scalars that are not nullable, not ") << typeText(type);
  if (!expr::isScalar(signature.getResult(0)))
    return emitOpError("gives a scalar, not ") << typeText(signature.getResult(0));
  if (getState().empty() || getState().size() > mostParts || !getCombine().hasOneBlock() ||
      getCombine().getNumArguments() != 2 * getState().size())
    return emitOpError("has a state of 1 to ") << mostParts << " values, which `combine` takes twice";
  for (StringRef name : getState().getAsValueRange<StringAttr>())
    if (name.contains('.'))
      return emitOpError("has `") << name << "` in its state, whose names are without a point";
  SmallVector<Type> state = stateTypes(), both(state);
  llvm::append_range(both, state);
  for (Type type : state)
    if (!expr::isScalar(type) || isa<expr::BytesType>(expr::stripNull(type)))
      return emitOpError("has a state of scalars, which may not be bytes, not ") << typeText(type);
  if (failed(verifyPart(*this, "identity", getIdentity(), {}, state)) || failed(verifyIdentity(*this)) ||
      failed(verifyPart(*this, "lift", getLift(), signature.getInputs(), state)) ||
      failed(verifyPart(*this, "combine", getCombine(), both, state)) ||
      failed(verifyPart(*this, "lower", getLower(), state, signature.getResult(0))))
    return failure();
  if (!getInverse().empty() && failed(verifyPart(*this, "inverse", getInverse(), both, state)))
    return failure();
  if (getExactInverse() == getInverse().empty())
    return emitOpError(getExactInverse() ? "claims `exact_inverse`, but has no `inverse`"
                                         : "has an `inverse`, but does not claim `exact_inverse`: what is not exact is "
                                           "never taken away");
  if (getExactInverse() && !getOrderFree())
    return emitOpError("claims `exact_inverse` without `order_free`: what is taken away came before what stays");
  if (getExactInverse() && getIdempotent())
    return emitOpError("cannot be `idempotent` and have an `exact_inverse`: a record that changes nothing when it "
                       "comes twice would be taken away once too often");
  if (getExactInverse())
    for (auto [name, type] : llvm::zip(getState(), state))
      if (Type plain = expr::stripNull(type); expr::isFloat(plain) || isa<expr::StringType>(plain))
        return emitOpError("claims `exact_inverse`, but `")
               << cast<StringAttr>(name).getValue() << "` of its state is a "
               << (expr::isFloat(plain) ? "float" : "text") << ", from which nothing can be taken away"
               << (expr::isFloat(plain) ? " exactly (rule 24)" : "");
  return verifyLabels(*this);
}
