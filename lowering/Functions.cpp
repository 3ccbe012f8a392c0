//===- Functions.cpp - the built-in functions (dialect/expr/Functions.def) ----===//
//
// One line for each function, by its name. Null in any argument gives null, so
// a lowering sees only the parts: of a null or wrong text they are empty, and
// any number may stand for a null one.
//
//===----------------------------------------------------------------------===//
#include "lowering/Expressions.h"

#include "dialect/expr/Functions.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSwitch.h"
#include <functional>

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

namespace millrace::lowering {

/// What a function's lowering works with. (Named in Expressions.h as a friend.)
struct FunctionLowering {
  Expressions &expressions;
  Code &code;
  Value task;
  expr::CallOp op;
  Val result;

  const Val &argument(unsigned i) { return expressions.get(op.getArgs()[i]); }
  bool has(unsigned i) { return i < op.getArgs().size(); }
  Type typeOf(unsigned i) { return valueType(op.getArgs()[i].getType()); }

  /// Calls `function` with all parts of all arguments, the task in front if it takes one.
  void forward(Rt function, bool withTask) {
    SmallVector<Value> operands;
    if (withTask)
      operands.push_back(task);
    for (Value operand : op.getArgs())
      llvm::append_range(operands, expressions.get(operand).parts);
    auto results = code.call(function, operands);
    result.parts.assign(results.begin(), results.end());
    keepInvariant();
  }

  /// Texts and lists are empty where they are null or an error.
  void keepInvariant() {
    if (!isReference(op.getResult().getType()))
      return;
    if (Value there = present(code, result))
      clearUnless(code, result, there);
  }

  void substring() {
    const Val &text = argument(0);
    Value start = argument(1).scalar(), count = has(2) ? argument(2).scalar() : code.word(INT64_MAX);
    if (!has(2)) // to the end from wherever: the count must not end before the text begins
      start = code.createOrFold<arith::MaxSIOp>(start, code.word(1));
    auto parts = code.call(Rt::mr_string_substring, {task, text.parts[0], text.parts[1], start, count});
    result.parts.assign(parts.begin(), parts.end());
    keepInvariant();
  }

  /// What libraries compute in f64 is rounded once for an f32.
  template <typename OpT> void inDouble() {
    Value value = argument(0).scalar();
    Type type = value.getType();
    bool isDouble = type.isF64();
    Value wide = isDouble ? value : code.createOrFold<arith::ExtFOp>(code.f64(), value);
    Value given = code.createOrFold<OpT>(code.f64(), wide);
    result.parts = {isDouble ? given : code.createOrFold<arith::TruncFOp>(type, given)};
  }

  StringRef unit() {
    auto constant = op.getArgs()[1].getDefiningOp<expr::ConstantOp>();
    auto text = constant ? dyn_cast<StringAttr>(constant.getValue()) : StringAttr();
    return text ? text.getValue() : StringRef();
  }

  /// The runtime's number of the unit: up to 7 one that a time is cut to, behind that what is only read. -1: none.
  int numberOfUnit() {
    return llvm::StringSwitch<int>(unit())
        .Case("second", 0)
        .Case("minute", 1)
        .Case("hour", 2)
        .Case("day", 3)
        .Case("week", 4)
        .Case("month", 5)
        .Case("quarter", 6)
        .Case("year", 7)
        .Case("day_of_week", 8)
        .Case("day_of_year", 9)
        .Case("microsecond", 10)
        .Default(-1);
  }

  LogicalResult truncate() {
    int number = numberOfUnit();
    if (number < 0 || number > 7)
      return op.emitOpError("has a unit without a lowering: ") << unit();
    static constexpr int64_t even[] = {1'000'000, 60'000'000, 3'600'000'000, 86'400'000'000};
    Value time = argument(0).scalar();
    result.parts = {number < 4 ? code.floorTo(time, even[number])
                               : code.call1(Rt::mr_time_truncate, {time, code.half(number)})};
    expressions.checkRange(op, result, typeOf(0), MR_OVERFLOW);
    return success();
  }

  LogicalResult extract() {
    int number = numberOfUnit();
    if (number < 0)
      return op.emitOpError("has a field without a lowering: ") << unit();
    // What is the same in every day needs no calendar: the part of `whole` in units of `unit`.
    auto within = [&](int64_t whole, int64_t unit) {
      Value rest = code.sub(argument(0).scalar(), code.floorTo(argument(0).scalar(), whole));
      return code.createOrFold<arith::DivUIOp>(rest, code.word(unit));
    };
    if (number == 0)
      result.parts = {within(60'000'000, 1'000'000)};
    else if (number == 1)
      result.parts = {within(3'600'000'000, 60'000'000)};
    else if (number == 2)
      result.parts = {within(86'400'000'000, 3'600'000'000)};
    else if (number == 10)
      result.parts = {within(1'000'000, 1)};
    else
      result.parts = {code.call1(Rt::mr_time_extract, {argument(0).scalar(), code.half(number)})};
    return success();
  }

  void absolute() {
    Value value = argument(0).scalar();
    if (isa<FloatType>(value.getType())) {
      result.parts = {LLVM::FAbsOp::create(code, value)};
      return;
    }
    if (isUnsigned(typeOf(0))) {
      result.parts = {value};
      return;
    }
    Value zero = code.constant(value.getType(), 0), negated = code.sub(zero, value);
    Value isNegative = code.cmp(Code::Cmp::slt, value, zero);
    result.parts = {code.select(isNegative, negated, value)};
    // Only MIN is its own negation below zero.
    expressions.fail(op, result, code.both(isNegative, code.cmp(Code::Cmp::slt, negated, zero)), MR_OVERFLOW);
  }

  template <typename Op> void unary() { result.parts = {Op::create(code, argument(0).scalar())}; }

  void element() {
    const Val &list = argument(0);
    Type element = cast<expr::ListType>(typeOf(0)).getElement();
    Value index = code.sub(argument(1).scalar(), code.word(1)), count = list.parts[1];
    Value outside = code.cmp(Code::Cmp::uge, index, count);
    expressions.fail(op, result, outside, MR_BAD_INDEX);
    // Outside: reads a zero that is always there.
    unsigned size = sizeOf(element);
    Value nothing = code.block(16);
    code.store(code.word(0), nothing);
    code.store(code.word(0), code.at(nothing, 8));
    Value inside = code.at(list.parts[0], code.mul(index, code.word(size)));
    Val value = loadValue(code, element, code.select(outside, nothing, inside), Memory::Unknown, 1);
    result.parts = value.parts;
    if (!isNullable(element))
      return;
    Value statusAt = code.at(code.at(list.parts[0], code.mul(count, code.word(size))), index);
    Value status = code.load(code.i8(), code.select(outside, nothing, statusAt), Memory::Unknown, 1);
    Value there = code.cmp(Code::Cmp::eq, status, code.constant(code.i8(), 0));
    result.valid = bothValid(code, result.valid, there);
    keepInvariant();
  }

  LogicalResult lower();
};

LogicalResult FunctionLowering::lower() {
  using F = FunctionLowering;
  using Lowering = std::function<void(F &)>;
  static const llvm::StringMap<Lowering> table = {
      {"length", [](F &f) { f.forward(Rt::mr_string_length, false); }},
      {"concat", [](F &f) { f.forward(Rt::mr_string_concat, true); }},
      {"contains", [](F &f) { f.forward(Rt::mr_string_contains, false); }},
      {"starts_with", [](F &f) { f.forward(Rt::mr_string_starts_with, false); }},
      {"ends_with", [](F &f) { f.forward(Rt::mr_string_ends_with, false); }},
      {"substring", [](F &f) { f.substring(); }},
      {"position", [](F &f) { f.forward(Rt::mr_string_position, false); }},
      {"split", [](F &f) { f.forward(Rt::mr_string_split, true); }},
      {"split_part", [](F &f) { f.forward(Rt::mr_string_split_part, true); }},
      {"lower", [](F &f) { f.forward(Rt::mr_string_lower, true); }},
      {"upper", [](F &f) { f.forward(Rt::mr_string_upper, true); }},
      {"trim", [](F &f) { f.forward(Rt::mr_string_trim, true); }},
      {"abs", [](F &f) { f.absolute(); }},
      {"floor", [](F &f) { f.unary<LLVM::FFloorOp>(); }},
      {"ceil", [](F &f) { f.unary<LLVM::FCeilOp>(); }},
      {"round", [](F &f) { f.unary<LLVM::RoundOp>(); }},
      {"sqrt", [](F &f) { f.unary<LLVM::SqrtOp>(); }},
      {"log", [](F &f) { f.inDouble<LLVM::LogOp>(); }},
      {"exp", [](F &f) { f.inDouble<LLVM::ExpOp>(); }},
      {"size", [](F &f) { f.result.parts = {f.argument(0).parts[1]}; }},
      {"element", [](F &f) { f.element(); }},
  };
  if (op.getCallee() == "truncate")
    return truncate();
  if (op.getCallee() == "extract")
    return extract();
  auto found = table.find(op.getCallee());
  if (found == table.end())
    return op.emitOpError("calls `") << op.getCallee() << "`, which has no lowering";
  found->second(*this);
  return success();
}

} // namespace millrace::lowering

LogicalResult Expressions::lowerCall(expr::CallOp op) {
  // A unit of time is a word, not a value.
  bool hasUnit = op.getCallee() == "truncate" || op.getCallee() == "extract";
  Val start = strict(hasUnit ? ValueRange(op.getArgs()).take_front() : ValueRange(op.getArgs()));
  FunctionLowering lowering{*this, code, task, op, start};
  if (failed(lowering.lower()))
    return failure();
  define(op, lowering.result);
  return success();
}
