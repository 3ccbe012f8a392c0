//===- FactLaws.cpp - what has to hold of an aggregate, as a pipeline ----===//
#include "FactLaws.h"

#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "dialect/stream/Sites.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace mlir;

namespace millrace {

//===-- the laws ------------------------------------------------------------===//
//
// A way is written in words of its own: `r1` is a record's state, `0` that of none, `(a b)` two of them combined, the
// second behind the first, `[a b]` the first without the second.

static std::vector<Law> lawsOfSingle(stream::AggregateOp aggregate) {
  std::vector<Law> laws = {{Law::Identity, "(0 (r1 r2))", "(r1 r2)"},
                           {Law::Identity, "((r1 r2) 0)", "(r1 r2)"},
                           {Law::Identity, "(0 r1)", "r1"},
                           {Law::Identity, "(r1 0)", "r1"},
                           {Law::Associative, "((r1 r2) r3)", "(r1 (r2 r3))"}};
  if (aggregate.getOrderFree()) {
    laws.push_back({Law::OrderFree, "(r1 r2)", "(r2 r1)"});
    laws.push_back({Law::OrderFree, "((r1 r2) r3)", "((r3 r1) r2)"});
  }
  if (aggregate.getIdempotent()) {
    laws.push_back({Law::Idempotent, "((r1 r2) r2)", "(r1 r2)"});
    laws.push_back({Law::Idempotent, "((r1 r2) (r1 r2))", "(r1 r2)"});
    laws.push_back({Law::Idempotent, "((r1 r2) r1)", "(r1 r2)"});
  }
  if (aggregate.getExactInverse()) {
    laws.push_back({Law::Inverse, "[(r1 r2) r2]", "r1"});
    laws.push_back({Law::Inverse, "[((r1 r2) r3) r3]", "(r1 r2)"});
    laws.push_back({Law::Inverse, "[((r1 r2) r3) (r1 r2)]", "r3"});
  }
  return laws;
}

/// The same way, where `r1` to `r3` are states of several records, folded as they come.
static std::string ofSeveral(StringRef way) {
  std::string text;
  for (char c : way)
    switch (c) {
    case 'r':
      break;
    case '1':
      text += "((r1 r4) r5)";
      break;
    case '2':
      text += "(r2 r6)";
      break;
    case '3':
      text += "((r3 r7) r8)";
      break;
    default:
      text += c;
    }
  return text;
}

std::vector<Law> lawsOf(stream::AggregateOp aggregate) {
  std::vector<Law> laws = lawsOfSingle(aggregate);
  for (size_t i = 0, single = laws.size(); i < single; ++i)
    laws.push_back({laws[i].kind, ofSeveral(laws[i].left), ofSeveral(laws[i].right)});
  return laws;
}

StringRef textOf(Law::Kind kind) {
  switch (kind) {
  case Law::Identity:
    return "identity";
  case Law::Associative:
    return "associative";
  case Law::OrderFree:
    return "order_free";
  case Law::Idempotent:
    return "idempotent";
  case Law::Inverse:
    return "exact_inverse";
  }
  llvm_unreachable("covered");
}

StringRef faultOf(Law::Kind kind) {
  switch (kind) {
  case Law::Identity:
    return "combining with `identity` changes a result, which it must not";
  case Law::Associative:
    return "`combine` is not associative, which it has to be";
  case Law::OrderFree:
    return "it is not `order_free`, as is claimed";
  case Law::Idempotent:
    return "it is not `idempotent`, as is claimed";
  case Law::Inverse:
    return "`inverse` does not give back what was there before, as `exact_inverse` claims";
  }
  llvm_unreachable("covered");
}

//===-- the pipeline --------------------------------------------------------===//

static Type resultOf(stream::AggregateOp aggregate) {
  return aggregate.getLower().front().getTerminator()->getOperand(0).getType();
}

std::string pipelineOfLaws(stream::AggregateOp aggregate, const std::vector<Law> &laws, StringRef folder) {
  std::string text = "stream.pipeline @facts {\n";
  raw_string_ostream os(text);
  auto pipeline = aggregate->getParentOfType<stream::PipelineOp>();
  for (auto param : pipeline.getOps<stream::ParamOp>())
    os << *param.getOperation() << "\n";
  os << *aggregate.getOperation() << "\n%in = source memory(\"values\") as json {";
  ListSeparator comma;
  for (unsigned record = 1; record <= kLawRecords; ++record)
    for (auto [name, type] :
         zip(aggregate.getParameters().getAsValueRange<StringAttr>(), aggregate.getSignature().getInputs())) {
      bool isTime = isa<expr::TimestampType, expr::DurationType>(type);
      os << comma << " " << nameText((name + "_" + Twine(record)).str()) << ": " << expr::typeText(type)
         << (isTime ? " in us" : "");
    }
  if (aggregate.getParameters().empty())
    os << " none: i64";
  os << " } on_bad drop\n";
  std::string result = "cast(null as " + expr::typeText(expr::stripNull(resultOf(aggregate))) + ")";
  for (size_t i = 0; i < laws.size(); ++i) {
    os << "%law" << i << " = map %in { *";
    for (StringRef field : kLawFields)
      os << ", " << field << " = " << (field.ends_with("failed") ? "false" : result);
    os << " }\nsink %law" << i << " to file(" << quoted((folder + "/law" + Twine(i)).str()) << ") as json\n";
  }
  os << "}\n";
  return text;
}

namespace {
/// Builds what the ways of a law say in the region of a map.
class Ways {
public:
  Ways(stream::AggregateOp aggregate, const Law &law, Block &block)
      : aggregate(aggregate), law(law), block(block), builder(block.getParent()) {
    builder.setInsertionPointToEnd(&block);
  }

  /// The values of kLawFields.
  void build(SmallVectorImpl<Value> &into) {
    Value leftFailed, rightFailed;
    Value left = resultOf(law.left, leftFailed), right = resultOf(law.right, rightFailed);
    into.append({left, right, leftFailed, rightFailed, anyOf(others)});
  }

private:
  using State = SmallVector<Value>;

  /// Null if it is an error, and then `failed`.
  Value resultOf(StringRef way, Value &failed) {
    errors.clear();
    SmallVector<Value> state = read(way);
    Value result = run(aggregate.getLower(), state, errors).front();
    failed = anyOf(errors);
    return tried(result);
  }

  State read(StringRef &way) {
    way = way.ltrim();
    char first = way.front();
    way = way.drop_front();
    if (first == '0')
      return fitted(run(aggregate.getIdentity(), {}, errors));
    if (first == 'r') {
      size_t record = size_t(way.front() - '1'), fields = aggregate.getParameters().size();
      way = way.drop_front();
      SmallVector<Value> arguments(block.getArguments().slice(record * fields, fields));
      return fitted(run(aggregate.getLift(), arguments, others));
    }
    State both = read(way), second = read(way);
    way = way.ltrim().drop_front(); // what closes it
    append_range(both, second);
    if (first == '[')
      return fitted(run(aggregate.getInverse(), both, errors));
    return fitted(run(aggregate.getCombine(), both, law.kind == Law::Inverse ? others : errors));
  }

  /// What the region gives. All of it is part of what a run stops at, also what no result reads: where it can be an
  /// error, whether it is goes to `failures`.
  SmallVector<Value> run(Region &region, ValueRange arguments, SmallVector<Value> &failures) {
    IRMapping map;
    map.map(region.getArguments(), arguments);
    bool canFail = false;
    for (Operation &op : region.front().without_terminator()) {
      builder.clone(op, map);
      canFail |= stream::canFail(&op);
    }
    SmallVector<Value> values;
    for (Value value : region.front().getTerminator()->getOperands()) {
      values.push_back(map.lookupOrDefault(value));
      if (canFail)
        failures.push_back(isError(values.back()));
    }
    return values;
  }

  Value tried(Value value) {
    Type type = value.getType();
    return expr::TryOp::create(builder, aggregate.getLoc(), expr::withNull(type, true), value);
  }
  Value isNull(Value value) { return expr::IsNullOp::create(builder, aggregate.getLoc(), builder.getI1Type(), value); }
  Value isError(Value value) { return isNull(tried(expr::isNullable(value.getType()) ? isNull(value) : value)); }

  Value anyOf(ArrayRef<Value> failures) {
    Value any;
    for (Value failed : failures)
      any = any ? Value(expr::OrOp::create(builder, aggregate.getLoc(), any.getType(), any, failed)) : failed;
    return any ? any
               : expr::ConstantOp::create(builder, aggregate.getLoc(), builder.getI1Type(), builder.getBoolAttr(false));
  }

  /// With the types of the state: what cannot be null may stand for what can.
  State fitted(State state) {
    for (auto [value, type] : zip(state, aggregate.stateTypes()))
      if (value.getType() != type)
        value = expr::CastOp::create(builder, aggregate.getLoc(), type, value);
    return state;
  }

  stream::AggregateOp aggregate;
  const Law &law;
  Block &block;
  OpBuilder builder;
  SmallVector<Value> errors, others; ///< of the way in hand; of what the law is not about
};
} // namespace

void fillLaws(stream::PipelineOp pipeline, const std::vector<Law> &laws) {
  stream::AggregateOp aggregate = *pipeline.getOps<stream::AggregateOp>().begin();
  const Law *law = laws.data();
  for (auto map : pipeline.getOps<stream::MapOp>()) {
    Block &block = map.getBody().front();
    while (!block.empty())
      block.back().erase();
    SmallVector<Value> values(block.getArguments());
    Ways(aggregate, *law++, block).build(values);
    OpBuilder builder = OpBuilder::atBlockEnd(&block);
    expr::YieldOp::create(builder, map.getLoc(), values);
  }
}

} // namespace millrace
