//===- FactLaws.cpp - what has to hold of an aggregate, as a pipeline ----===//
#include "FactLaws.h"

#include "dialect/expr/Syntax.h"
#include "dialect/expr/Types.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;
using namespace mlir;

namespace millrace {

//===-- the laws ------------------------------------------------------------===//
//
// A way is written in words of its own: `r1` is a record's state, `0` that of none, `(a b)` two of them combined, the
// second behind the first, `[a b]` the first without the second.

std::vector<Law> lawsOf(stream::AggregateOp aggregate) {
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

/// A literal of this type, for the time being.
static std::string anyLiteral(Type type) {
  std::string name = expr::typeText(expr::stripNull(type));
  if (expr::isNullable(type))
    return "cast(null as " + name + ")";
  return llvm::StringSwitch<std::string>(name)
      .Case("bool", "false")
      .Case("string", "\"\"")
      .Case("bytes", "cast(\"\" as bytes)")
      .Case("timestamp", "timestamp \"1970-01-01T00:00:00Z\"")
      .Case("date", "date \"1970-01-01\"")
      .Case("duration", "0 s")
      .Default("cast(0 as " + name + ")");
}

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
  std::string dummy = anyLiteral(resultOf(aggregate));
  for (size_t i = 0; i < laws.size(); ++i)
    os << "%law" << i << " = map %in { *, left = " << dummy << ", right = " << dummy << " }\n"
       << "sink %law" << i << " to file(" << quoted((folder + "/law" + Twine(i)).str()) << ") as json\n";
  os << "}\n";
  return text;
}

namespace {
/// Builds what the ways of a law say in the region of a map.
class Ways {
public:
  Ways(stream::AggregateOp aggregate, Block &block) : aggregate(aggregate), block(block), builder(block.getParent()) {
    builder.setInsertionPointToEnd(&block);
  }

  Value resultOf(StringRef way) {
    SmallVector<Value> state = read(way);
    return run(aggregate.getLower(), state).front();
  }

  OpBuilder &into() { return builder; }

private:
  using State = SmallVector<Value>;

  State read(StringRef &way) {
    way = way.ltrim();
    char first = way.front();
    way = way.drop_front();
    if (first == '0')
      return fitted(run(aggregate.getIdentity(), {}));
    if (first == 'r') {
      size_t record = size_t(way.front() - '1'), fields = aggregate.getParameters().size();
      way = way.drop_front();
      SmallVector<Value> arguments(block.getArguments().slice(record * fields, fields));
      return fitted(run(aggregate.getLift(), arguments));
    }
    State both = read(way), second = read(way);
    way = way.ltrim().drop_front(); // what closes it
    append_range(both, second);
    return fitted(run(first == '(' ? aggregate.getCombine() : aggregate.getInverse(), both));
  }

  SmallVector<Value> run(Region &region, ValueRange arguments) {
    IRMapping map;
    map.map(region.getArguments(), arguments);
    for (Operation &op : region.front().without_terminator())
      builder.clone(op, map);
    SmallVector<Value> values;
    for (Value value : region.front().getTerminator()->getOperands())
      values.push_back(map.lookupOrDefault(value));
    return values;
  }

  /// With the types of the state: what cannot be null may stand for what can.
  State fitted(State state) {
    for (auto [value, type] : zip(state, aggregate.stateTypes()))
      if (value.getType() != type)
        value = expr::CastOp::create(builder, aggregate.getLoc(), type, value);
    return state;
  }

  stream::AggregateOp aggregate;
  Block &block;
  OpBuilder builder;
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
    Ways ways(aggregate, block);
    StringRef left = law->left, right = law->right;
    values.push_back(ways.resultOf(left));
    values.push_back(ways.resultOf(right));
    expr::YieldOp::create(ways.into(), map.getLoc(), values);
    ++law;
  }
}

} // namespace millrace
