//===- UserAggregate.cpp - an aggregate of the pipeline's own -----------------===//
#include "UserAggregate.h"

using namespace millrace::reference;
using namespace millrace;

/// What a region yields of these arguments.
static std::vector<Value> yieldOf(mlir::Region &region, const std::vector<Value> &arguments,
                                  const Environment &params) {
  Environment environment = params;
  evaluate(region, arguments, environment);
  std::vector<Value> values;
  for (mlir::Value value : yielded(region))
    values.push_back(environment.lookup(value));
  return values;
}

UserAggregate::UserAggregate(stream::AggregateOp op, const Environment &params)
    : op(op), params(&params), state(yieldOf(op.getIdentity(), {}, params)) {}

std::vector<Value> UserAggregate::lift(stream::AggregateOp op, llvm::ArrayRef<Value> arguments,
                                       const Environment &params) {
  return yieldOf(op.getLift(), arguments.vec(), params);
}

void UserAggregate::add(const std::vector<Value> &lifted) {
  std::vector<Value> both = state;
  both.insert(both.end(), lifted.begin(), lifted.end());
  mr_error before = MR_NO_ERROR;
  for (const Value &value : state)
    before = std::min(before, value.error);
  state = yieldOf(op.getCombine(), both, *params);
  if (before != MR_NO_ERROR) // whatever became of the value that was wrong
    state.front() = Value::ofError(std::min(before, state.front().error));
  isEmpty = false;
}

Value UserAggregate::result() const {
  if (isEmpty)
    return Value::null();
  Value result = yieldOf(const_cast<stream::AggregateOp &>(op).getLower(), state, *params).front();
  for (const Value &value : state)
    if (value.isError())
      return value;
  return result;
}
