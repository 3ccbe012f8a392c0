//===- Operators.cpp - what each operator does with a record ------------------===//
//
// All rows that come from one record go through the operators in written order,
// one operator after the other. So copies of one record reach a union in the
// order of its operands (rule 10).
//
//===----------------------------------------------------------------------===//
#include "Pipeline.h"
#include "dialect/stream/Names.h"

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
    for (mlir::OpOperand &operand : inner.getOpOperands()) {
      auto found = rows.find(operand.get());
      if (found == rows.end())
        continue;
      input.insert(input.end(), found->second.begin(), found->second.end());
      if (llvm::isa<stream::UnionOp>(inner))
        for (Row &row : llvm::MutableArrayRef(input).take_back(found->second.size()))
          row.route += std::to_string(operand.getOperandNumber()) + " ";
    }
    if (input.empty())
      continue;
    if (auto sinkOp = llvm::dyn_cast<stream::SinkOp>(inner))
      sink(sinkOp, input, cause);
    else if (CountWindow *window = countWindowOf.lookup(&inner))
      rows[inner.getResult(0)] = count(*window, llvm::cast<stream::WindowOp>(inner), input, cause);
    else if (auto window = llvm::dyn_cast<stream::WindowOp>(inner))
      rows[window.getLate() ? window.getLate() : window.getOutput()] = fold(window, input, cause);
    else if (TopWindow *top = topWindowOf.lookup(&inner))
      rank(*top, input, cause);
    else if (OverWindow *over = overWindowOf.lookup(&inner))
      wait(*over, input, cause);
    else if (KeyedState *state = stateOf.lookup(&inner))
      rows[inner.getResult(0)] = keep(*state, input, cause);
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
  auto range = names.getAsRange<mlir::StringAttr>();
  return pick(row, typeOf(input), std::vector<mlir::StringAttr>(range.begin(), range.end()));
}

/// Rules 46 and 47: each conjunct is a filter of its own; false and null reject, an error stays with the record.
bool Pipeline::isRejected(stream::FilterOp op, Row &row) {
  if (row.isBroken)
    return false;
  bool rejected = false;
  Environment environment = params;
  evaluate(op.getBody(), fieldsOf(row, op.getInput(), op.getFields()), environment);
  for (mlir::Value conjunct : stream::conjuncts(op)) {
    Value value = environment.lookup(conjunct);
    rejected |= !value.isError() && !value.isTrue();
    row.pathError = std::min(row.pathError, value.error);
  }
  return rejected;
}

/// Rule 34: a row of an upsert stream that was let through and is now rejected or gone is a delete for what follows; if
/// it had not been let through, it is nothing. Notes what is let through.
bool Pipeline::becomesDelete(stream::FilterOp op, Row &row, bool rejected) {
  stream::StreamType type = typeOf(op.getInput());
  std::set<Key, TotalLess> &keys = letThrough[op][row.route];
  Key key = keyOf(row, type, type.getUpsertKeys());
  if (!rejected) {
    keys.insert(key);
    return false;
  }
  if (!keys.erase(key))
    return false;
  row.isDelete = true;
  row.pathError = MR_NO_ERROR;
  row.fields.assign(type.getNames().size(), Value::null());
  for (auto [name, value] : llvm::zip_equal(type.getUpsertKeys(), key))
    row.fields[size_t(type.indexOf(name))] = value;
  return true;
}

std::vector<Row> Pipeline::filter(stream::FilterOp op, const std::vector<Row> &rows) {
  bool upserts = typeOf(op.getInput()).getChanges() == stream::Changes::Upsert;
  std::vector<Row> kept;
  for (Row row : rows) {
    bool rejected = row.isDelete || isRejected(op, row);
    if ((upserts && becomesDelete(op, row, rejected)) || !rejected)
      kept.push_back(std::move(row));
  }
  return kept;
}

/// A delete has the fields of the upsert key, which a map hands on as they are.
static Row mappedDelete(const Row &row, stream::MapOp op) {
  stream::StreamType from = typeOf(op.getInput()), to = typeOf(op.getOutput());
  Row result = row;
  result.fields.assign(to.getNames().size(), Value::null());
  for (mlir::StringAttr key : to.getUpsertKeys())
    result.fields[size_t(to.indexOf(key))] = row.fields[size_t(from.indexOf(key))];
  return result;
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
    mapped.push_back(row.isDelete
                         ? mappedDelete(row, op)
                         : withFields(row, op.getBody(), fieldsOf(row, op.getInput(), op.getFields()), params));
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

/// Rule 34: unions bring a row to a sink by several ways; it is deleted there when it left by the last one. Notes by
/// which ways it is there.
bool Pipeline::isToldOf(stream::SinkOp op, const Row &row) {
  stream::StreamType type = typeOf(op.getInput());
  if (type.getChanges() != stream::Changes::Upsert)
    return true;
  std::set<std::string> &ways = waysIn[{op, row.origin}][keyOf(row, type, type.getUpsertKeys())];
  if (!row.isDelete) {
    ways.insert(row.route);
    return true;
  }
  ways.erase(row.route);
  return ways.empty() && !row.isForgotten;
}

void Pipeline::sink(stream::SinkOp op, const std::vector<Row> &rows, Cause &cause) {
  for (const Row &row : rows) {
    if (!isToldOf(op, row))
      continue;
    mr_error error = row.pathError;
    for (const Value &field : row.fields)
      error = std::min(error, field.error);
    if (row.isBroken || error != MR_NO_ERROR)
      noteBad(row.isBehindState ? cause.badBehindState : cause.bad, op, error);
    else
      cause.rows.emplace_back(sinkOf[op], row);
  }
}

/// The late records, if they are asked for: as they came, with the reason, but without a time, for they are behind W.
/// Their fields are used where they arrive (rule 47), by the policy that the record has.
std::vector<Row> Pipeline::fold(stream::WindowOp op, const std::vector<Row> &rows, Cause &cause) {
  std::vector<Row> late;
  for (const Row &row : rows) {
    mr_error error = MR_NO_ERROR;
    FiringWindow *panes = firingWindowOf.lookup(op);
    Window::Outcome outcome =
        panes ? panes->fold(row, watermarks[op], now, error) : windowOf[op]->fold(row, watermarks[op], now, error);
    if (outcome == Window::Outcome::Bad)
      noteBad(row.isBehindState ? cause.badBehindState : cause.bad, op, error);
    if (outcome != Window::Outcome::Late || !op.getLate())
      continue;
    late.push_back(row);
    late.back().time.reset();
    late.back().fields.push_back(Value::ofText("late"));
  }
  return late;
}

void Pipeline::rank(TopWindow &top, const std::vector<Row> &rows, Cause &cause) {
  for (const Row &row : rows) {
    mr_error error = MR_NO_ERROR;
    if (top.fold(row, watermarks[top.getOp()], error) == Window::Outcome::Bad)
      noteBad(row.isBehindState ? cause.badBehindState : cause.bad, top.getOp(), error);
  }
}

void Pipeline::wait(OverWindow &over, const std::vector<Row> &rows, Cause &cause) {
  for (const Row &row : rows) {
    mr_error error = MR_NO_ERROR;
    int64_t watermark = watermarkOf(over.getOp().getInput(), /*forState=*/true);
    if (over.take(row, watermark, error) == OverWindow::Outcome::Bad)
      noteBad(row.isBehindState ? cause.badBehindState : cause.bad, over.getOp(), error);
  }
}

std::vector<Row> Pipeline::count(CountWindow &window, stream::WindowOp op, const std::vector<Row> &rows, Cause &cause) {
  std::vector<Row> results;
  for (const Row &row : rows) {
    mr_error error = MR_NO_ERROR;
    std::string problem;
    switch (window.take(row, results, error, problem)) {
    case CountWindow::Outcome::Taken:
      break;
    case CountWindow::Outcome::Bad:
      noteBad(row.isBehindState ? cause.badBehindState : cause.bad, op, error);
      break;
    case CountWindow::Outcome::Overflow:
      cause.problem = "`" + stream::operatorName(op).str() + "`: " + problem;
      return results;
    }
  }
  return results;
}

std::vector<Row> Pipeline::keep(KeyedState &state, const std::vector<Row> &rows, Cause &cause) {
  std::vector<Row> results;
  for (const Row &row : rows) {
    mr_error error = MR_NO_ERROR;
    std::string problem;
    switch (state.take(row, watermarkOf(state.getInput(), /*forState=*/true), results, error, problem)) {
    case KeyedState::Outcome::Taken:
      break;
    case KeyedState::Outcome::Bad:
      noteBad(row.isBehindState ? cause.badBehindState : cause.bad, state.getOp(), error);
      break;
    case KeyedState::Outcome::Overflow:
      cause.problem = "`" + stream::operatorName(state.getOp()).str() + "`: " + problem;
      return results;
    }
  }
  return results;
}
