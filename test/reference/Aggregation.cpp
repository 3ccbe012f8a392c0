//===- Aggregation.cpp - the aggregates of one operator -----------------------===//
#include "Aggregation.h"

#include "dialect/stream/UserAggregates.h"

using namespace millrace::reference;
using namespace millrace;

Aggregation::Input Aggregation::evaluate(const Row &row) const {
  Input result;
  result.error = row.pathError;
  Environment environment = params;
  std::vector<mlir::StringAttr> names;
  for (auto name : fields.getAsRange<mlir::StringAttr>())
    names.push_back(name);
  reference::evaluate(body, pick(row, input, names), environment);
  for (mlir::Value value : yielded(body))
    result.values.push_back(environment.lookup(value));
  result.key = keyOf(row, input, input.getKeys());
  for (const std::vector<Value> *used : {&result.key, &result.values})
    for (const Value &value : *used)
      result.error = std::min(result.error, value.error);
  lift(result);
  return result;
}

/// Only what is taken in is lifted: where `where` holds and no argument is null. Its errors are the record's.
void Aggregation::lift(Input &input) const {
  size_t next = 0;
  for (auto aggregate : aggregates.getAsRange<stream::AggregateAttr>()) {
    llvm::ArrayRef<Value> arguments = llvm::ArrayRef(input.values).slice(next, aggregate.getNumArgs());
    next += aggregate.getNumArgs();
    bool counts = !aggregate.getFiltered() || input.values[next].isTrue();
    next += aggregate.getFiltered() ? 1 : 0;
    input.lifted.emplace_back();
    stream::AggregateOp own = stream::definitionOf(body.getParentOp(), aggregate.getFn());
    if (!own || !counts || !llvm::all_of(arguments, [](const Value &value) { return value.isPresent(); }))
      continue;
    input.lifted.back() = UserAggregate::lift(own, arguments, params);
    for (const Value &value : *input.lifted.back())
      input.error = std::min(input.error, value.error);
  }
}

Aggregation::Group Aggregation::none() const {
  Group group;
  mlir::ValueRange values = yielded(body);
  unsigned next = 0;
  for (auto aggregate : aggregates.getAsRange<stream::AggregateAttr>()) {
    std::vector<Kind> arguments;
    for (mlir::Value value : values.slice(next, aggregate.getNumArgs()))
      arguments.push_back(describe(value.getType()).kind);
    if (stream::AggregateOp own = stream::definitionOf(body.getParentOp(), aggregate.getFn()))
      group.emplace_back(UserAggregate(own, params));
    else
      group.emplace_back(aggregate.getFn(), arguments, aggregate.getOptions());
    next += aggregate.getNumArgs() + (aggregate.getFiltered() ? 1 : 0);
  }
  return group;
}

void Aggregation::fold(Group &group, const Input &from, int64_t time) const {
  size_t next = 0;
  for (auto [i, aggregate] : llvm::enumerate(aggregates.getAsRange<stream::AggregateAttr>())) {
    llvm::ArrayRef<Value> arguments = llvm::ArrayRef(from.values).slice(next, aggregate.getNumArgs());
    next += aggregate.getNumArgs();
    bool counts = !aggregate.getFiltered() || from.values[next].isTrue();
    next += aggregate.getFiltered() ? 1 : 0;
    if (from.lifted[i])
      group[i].addLifted(*from.lifted[i]);
    else if (counts)
      group[i].add(arguments, time);
  }
}

std::optional<std::string> Aggregation::append(const Group &group, std::vector<Value> &row) const {
  for (const Aggregate &aggregate : group) {
    size_t field = row.size();
    std::optional<Value> value = aggregate.result(describe(output.getTypes()[field]).kind);
    if (!value)
      return output.getNames()[field].str();
    row.push_back(std::move(*value));
  }
  return std::nullopt;
}
