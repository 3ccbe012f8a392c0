//===- Operators.cpp - what each operator does with a record ------------------===//
//
// All rows that come from one record go through the operators in written order,
// one operator after the other. So copies of one record reach a union in the
// order of its operands (rule 10).
//
//===----------------------------------------------------------------------===//
#include "Pipeline.h"

#include "llvm/ADT/TypeSwitch.h"

using namespace millrace::reference;
using namespace millrace;

void Pipeline::push(mlir::Value stream, Row row, Cause &cause) {
  llvm::DenseMap<mlir::Value, std::vector<Row>> rows;
  rows[stream].push_back(std::move(row));
  for (mlir::Operation &inner : op.getBody().front()) {
    if (!demand.isLive(&inner))
      continue;
    std::vector<Row> input; // of all operands, in their order
    for (mlir::Value operand : inner.getOperands())
      if (auto found = rows.find(operand); found != rows.end())
        input.insert(input.end(), found->second.begin(), found->second.end());
    if (input.empty())
      continue;
    if (auto sinkOp = llvm::dyn_cast<stream::SinkOp>(inner))
      sink(sinkOp, input, cause);
    else if (auto window = llvm::dyn_cast<stream::WindowOp>(inner))
      fold(window, input, cause);
    else
      rows[inner.getResult(0)] = apply(&inner, input);
  }
}

std::vector<Row> Pipeline::apply(mlir::Operation *inner, const std::vector<Row> &rows) {
  return llvm::TypeSwitch<mlir::Operation *, std::vector<Row>>(inner)
      .Case([&](stream::FilterOp op) { return filter(op, rows); })
      .Case([&](stream::MapOp op) { return map(op, rows); })
      .Case([&](stream::FlatMapOp op) { return flatMap(op, rows); })
      .Case([&](stream::KeyByOp op) { return keyBy(op, rows); })
      .Case([&](stream::UnionOp) { return rows; })
      .Default([](mlir::Operation *op) -> std::vector<Row> {
        llvm::report_fatal_error("the reference has no meaning for `" + op->getName().getStringRef() + "`");
      });
}

/// The fields of `row` that `names` names.
static std::vector<Value> fieldsOf(const Row &row, mlir::Value input, mlir::ArrayAttr names) {
  auto type = llvm::cast<stream::StreamType>(input.getType());
  std::vector<Value> values;
  for (auto name : names.getAsRange<mlir::StringAttr>())
    values.push_back(row.fields[size_t(type.indexOf(name))]);
  return values;
}

/// Rules 46 and 47: each conjunct is a filter of its own; false and null reject, an error stays with the record.
std::vector<Row> Pipeline::filter(stream::FilterOp op, const std::vector<Row> &rows) {
  std::vector<Row> kept;
  for (Row row : rows) {
    bool rejected = false;
    if (!row.isBroken) {
      Environment environment = params;
      evaluate(op.getBody(), fieldsOf(row, op.getInput(), op.getFields()), environment);
      for (mlir::Value conjunct : stream::conjuncts(op)) {
        Value value = environment.lookup(conjunct);
        rejected |= !value.isError() && !value.isTrue();
        row.pathError = std::min(row.pathError, value.error);
      }
    }
    if (!rejected)
      kept.push_back(std::move(row));
  }
  return kept;
}

static Row withFields(const Row &row, mlir::Region &region, const std::vector<Value> &arguments,
                      const Environment &params) {
  Row result = row;
  result.fields.clear();
  Environment environment = params;
  if (!row.isBroken)
    evaluate(region, arguments, environment);
  for (mlir::Value value : yielded(region))
    result.fields.push_back(row.isBroken ? Value::null() : environment.lookup(value));
  return result;
}

std::vector<Row> Pipeline::map(stream::MapOp op, const std::vector<Row> &rows) {
  std::vector<Row> mapped;
  for (const Row &row : rows)
    mapped.push_back(withFields(row, op.getBody(), fieldsOf(row, op.getInput(), op.getFields()), params));
  return mapped;
}

/// A null list and an empty one give nothing. An erroneous one cannot be taken apart: the record is bad for whatever
/// follows, and filters behind are not asked.
std::vector<Row> Pipeline::flatMap(stream::FlatMapOp op, const std::vector<Row> &rows) {
  std::vector<Row> results;
  for (Row row : rows) {
    Value list;
    if (!row.isBroken) {
      Environment environment = params;
      evaluate(op.getList(), fieldsOf(row, op.getInput(), op.getFields()), environment);
      list = environment.lookup(yielded(op.getList())[0]);
      row.isBroken = list.isError();
      row.pathError = std::min(row.pathError, list.error);
    }
    if (row.isBroken) {
      results.push_back(withFields(row, op.getBody(), {}, params));
    } else if (list.isPresent()) {
      for (const Value &element : list.list()) {
        std::vector<Value> arguments = fieldsOf(row, op.getInput(), op.getBodyFields());
        arguments.insert(arguments.begin(), element);
        results.push_back(withFields(row, op.getBody(), arguments, params));
      }
    }
  }
  return results;
}

/// The keys are used here, whatever follows (rule 47).
std::vector<Row> Pipeline::keyBy(stream::KeyByOp op, const std::vector<Row> &rows) {
  stream::StreamType type = llvm::cast<stream::StreamType>(op.getOutput().getType());
  std::vector<Row> keyed = rows;
  for (Row &row : keyed)
    for (mlir::StringAttr key : type.getKeys())
      row.pathError = std::min(row.pathError, row.fields[size_t(type.indexOf(key))].error);
  return keyed;
}

//===-- terminals ---------------------------------------------------------===//

/// Of several errors at one terminal the least counts, once.
static void noteBad(std::map<int32_t, mr_error> &bad, mlir::Operation *terminal, mr_error error) {
  auto place = bad.try_emplace(stream::terminalNumber(terminal), error).first;
  place->second = std::min(place->second, error);
}

void Pipeline::sink(stream::SinkOp op, const std::vector<Row> &rows, Cause &cause) {
  for (const Row &row : rows) {
    mr_error error = row.pathError;
    for (const Value &field : row.fields)
      error = std::min(error, field.error);
    if (row.isBroken || error != MR_NO_ERROR)
      noteBad(cause.bad, op, error);
    else
      cause.rows.emplace_back(sinkOf[op], row);
  }
}

void Pipeline::fold(stream::WindowOp op, const std::vector<Row> &rows, Cause &cause) {
  for (const Row &row : rows) {
    mr_error error = MR_NO_ERROR;
    if (windowOf[op]->fold(row, watermarks[op], now, error) == Window::Outcome::Bad)
      noteBad(cause.bad, op, error);
  }
}
