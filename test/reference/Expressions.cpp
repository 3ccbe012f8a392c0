//===- Expressions.cpp - what an expression gives -----------------------------===//
#include "Expressions.h"
#include "Functions.h"
#include "Text.h"
#include "Time.h"

#include "llvm/ADT/TypeSwitch.h"

#include <cmath>

using namespace millrace::reference;
using namespace millrace;

namespace {
/// One operation with the values of its operands.
struct Application {
  mlir::Operation *op;
  std::vector<Value> args;

  const Value &operator[](size_t i) const { return args[i]; }
  TypeInfo result() const { return describe(op->getResult(0).getType()); }
  TypeInfo operand(size_t i) const { return describe(op->getOperand(unsigned(i)).getType()); }
  uint32_t site() const {
    auto site = op->getAttrOfType<mlir::IntegerAttr>("expr.site");
    return site ? uint32_t(site.getInt()) : 0;
  }
  Value error(mr_error_kind kind) const { return Value::ofError(site(), kind); }
};
} // namespace

/// What every operation does that looks at all its operands: an error beats null, the error written first counts, null
/// gives null. Nothing if all are there.
static std::optional<Value> errorOrNull(const std::vector<Value> &args) {
  mr_error least = MR_NO_ERROR;
  bool null = false;
  for (const Value &arg : args) {
    least = std::min(least, arg.error);
    null |= arg.isNull();
  }
  if (least != MR_NO_ERROR)
    return Value::ofError(least);
  return null ? std::optional(Value::null()) : std::nullopt;
}

static double asReal(const Value &value) {
  auto *integer = std::get_if<Integer>(&value.data);
  return integer ? double(*integer) : value.real(); // integer and float meet in f64
}

/// A float result: f32 arithmetic in double, rounded once more, is f32 arithmetic (2 * 24 + 2 <= 53 bits).
static Value real(double value, Kind kind) { return Value::ofReal(kind == Kind::F32 ? double(float(value)) : value); }

//===-- arithmetic --------------------------------------------------------===//

static Value exactArithmetic(const Application &of, llvm::StringRef operation) {
  Integer a = of[0].integer(), b = of[1].integer(), result = 0;
  bool wraps = false;
  if ((operation == "div" || operation == "mod") && b == 0)
    return of.error(MR_DIVISION_BY_ZERO);
  if (operation == "add")
    result = a + b;
  else if (operation == "sub")
    result = a - b;
  else if (operation == "mul")
    wraps = __builtin_mul_overflow(a, b, &result);
  else
    result = operation == "div" ? a / b : a % b; // towards zero; the remainder has the dividend's sign
  return wraps || !fits(result, of.result().kind) ? of.error(MR_OVERFLOW) : Value::ofInteger(result);
}

static Value floatArithmetic(const Application &of, llvm::StringRef operation) {
  double a = asReal(of[0]), b = asReal(of[1]);
  double result = operation == "add"   ? a + b
                  : operation == "sub" ? a - b
                  : operation == "mul" ? a * b
                  : operation == "div" ? a / b
                                       : std::fmod(a, b);
  return real(result, of.result().kind);
}

static Value arithmetic(const Application &of) {
  if (auto early = errorOrNull(of.args))
    return *early;
  llvm::StringRef operation = of.op->getName().stripDialect();
  return isFloat(of.result().kind) ? floatArithmetic(of, operation) : exactArithmetic(of, operation);
}

static Value negate(const Application &of) {
  if (auto early = errorOrNull(of.args))
    return *early;
  if (isFloat(of.result().kind))
    return Value::ofReal(-of[0].real());
  Integer value = -of[0].integer();
  return fits(value, of.result().kind) ? Value::ofInteger(value) : of.error(MR_OVERFLOW);
}

//===-- comparison and logic ----------------------------------------------===//

static bool holds(expr::CmpPredicate predicate, bool less, bool equal, bool greater) {
  switch (predicate) {
  case expr::CmpPredicate::eq:
    return equal;
  case expr::CmpPredicate::ne:
    return !equal;
  case expr::CmpPredicate::lt:
    return less;
  case expr::CmpPredicate::le:
    return less || equal;
  case expr::CmpPredicate::gt:
    return greater;
  case expr::CmpPredicate::ge:
    return greater || equal;
  }
  return false;
}

/// Floats by IEEE: a NaN is unequal to everything (rule 26). Integers by their exact values, texts by bytes.
static Value compare(expr::CmpOp op, const Application &of) {
  if (auto early = errorOrNull(of.args))
    return *early;
  bool floats = isFloat(of.operand(0).kind) || isFloat(of.operand(1).kind);
  if (!floats) {
    int order = compareTotal(of[0], of[1]);
    return Value::ofBool(holds(op.getPredicate(), order < 0, order == 0, order > 0));
  }
  double a = asReal(of[0]), b = asReal(of[1]);
  return Value::ofBool(holds(op.getPredicate(), a<b, a == b, a> b));
}

/// Three-valued `and` (`decisive` false) and `or` (`decisive` true): the decisive value beats null and error, in either
/// order; an error beats null.
static Value logic(const Application &of, bool decisive) {
  for (const Value &arg : of.args)
    if (arg.isPresent() && arg.isTrue() == decisive)
      return Value::ofBool(decisive);
  return errorOrNull(of.args).value_or(Value::ofBool(!decisive));
}

static Value logicalNot(const Application &of) { return errorOrNull(of.args).value_or(Value::ofBool(!of[0].isTrue())); }
static Value isNull(const Application &of) { return of[0].isError() ? of[0] : Value::ofBool(of[0].isNull()); }

/// The first that is not null; an error on the way counts, one behind it does not.
static Value coalesce(const Application &of) {
  for (const Value &arg : of.args)
    if (!arg.isNull())
      return arg;
  return Value::null();
}

static Value select(const Application &of) { return of[0].isError() ? of[0] : of[0].isTrue() ? of[1] : of[2]; }
static Value attempt(const Application &of) { return of[0].isError() ? Value::null() : of[0]; }
static Value list(const Application &of) {
  // An element that is an error makes the list that error; null elements stay.
  mr_error least = MR_NO_ERROR;
  for (const Value &arg : of.args)
    least = std::min(least, arg.error);
  return least != MR_NO_ERROR ? Value::ofError(least) : Value::ofList(of.args);
}

//===-- casts -------------------------------------------------------------===//

static Value castFromText(const Application &of, Kind to) {
  Fitted fitted = fitText(of[0].text(), to);
  return fitted.problem ? of.error(MR_BAD_CAST) : fitted.value;
}

static Value castToExact(const Application &of, Kind from, Kind to) {
  Integer value = 0;
  if (isFloat(from)) {
    double number = std::trunc(of[0].real()); // rule 46: cuts
    if (!(std::fabs(number) < 0x1p126))       // NaN too; beyond every type
      return of.error(MR_BAD_CAST);
    value = Integer(number);
  } else {
    value = of[0].integer();
  }
  if (from == Kind::Timestamp && to == Kind::Date)
    value = floorDiv(value, microsPerDay);
  if (from == Kind::Date && to == Kind::Timestamp)
    value *= microsPerDay;
  return fits(value, to) ? Value::ofInteger(value) : of.error(MR_BAD_CAST);
}

static Value castValue(const Application &of) {
  if (auto early = errorOrNull(of.args))
    return *early;
  Kind from = of.operand(0).kind, to = of.result().kind;
  if (from == to || from == Kind::List)
    return of[0];
  if (from == Kind::String)
    return castFromText(of, to);
  if (to == Kind::String)
    return from != Kind::Bytes    ? Value::ofText(toText(of[0], from))
           : isUtf8(of[0].text()) ? of[0]
                                  : of.error(MR_BAD_CAST);
  if (!isFloat(to))
    return castToExact(of, from, to);
  if (auto *integer = std::get_if<Integer>(&of[0].data)) // rounded once, from the exact value
    return Value::ofReal(to == Kind::F32 ? double(float(*integer)) : double(*integer));
  return real(of[0].real(), to);
}

//===-- all ---------------------------------------------------------------===//

static Value call(expr::CallOp op, const Application &of) {
  if (auto early = errorOrNull(of.args))
    return *early;
  return callFunction(op.getCallee(), of.args, of.result().kind, of.site());
}

Value millrace::reference::literal(mlir::Attribute attribute, mlir::Type type) {
  return llvm::TypeSwitch<mlir::Attribute, Value>(attribute)
      .Case([](mlir::BoolAttr a) { return Value::ofBool(a.getValue()); })
      .Case([](mlir::IntegerAttr a) {
        bool isUnsigned = a.getType().isUnsignedInteger();
        return Value::ofInteger(isUnsigned ? Integer(a.getValue().getZExtValue())
                                           : Integer(a.getValue().getSExtValue()));
      })
      .Case([&](mlir::FloatAttr a) { return real(a.getValueAsDouble(), describe(type).kind); })
      .Case([](mlir::StringAttr a) { return Value::ofText(a.str()); })
      .Case([](expr::DurationAttr a) { return Value::ofInteger(a.getMicros()); })
      .Case([](expr::TimestampAttr a) { return Value::ofInteger(a.getMicros()); })
      .Case([](expr::DateAttr a) { return Value::ofInteger(a.getDays()); })
      .Default([](mlir::Attribute) { return Value::null(); });
}

static Value field(expr::FieldOp op, const Application &of) {
  const Value &record = of.args[0];
  if (!record.isPresent())
    return record;
  auto type = describe(op.getRecord().getType()).record;
  return record.list()[size_t(type.indexOf(op.getName()))];
}

static Value apply(const Application &of) {
  return llvm::TypeSwitch<mlir::Operation *, Value>(of.op)
      .Case([](expr::ConstantOp op) { return literal(op.getValue(), op.getType()); })
      .Case<expr::AddOp, expr::SubOp, expr::MulOp, expr::DivOp, expr::ModOp>([&](auto) { return arithmetic(of); })
      .Case([&](expr::NegOp) { return negate(of); })
      .Case([&](expr::CmpOp op) { return compare(op, of); })
      .Case([&](expr::AndOp) { return logic(of, false); })
      .Case([&](expr::OrOp) { return logic(of, true); })
      .Case([&](expr::NotOp) { return logicalNot(of); })
      .Case([&](expr::IsNullOp) { return isNull(of); })
      .Case([&](expr::CoalesceOp) { return coalesce(of); })
      .Case([&](expr::SelectOp) { return select(of); })
      .Case([&](expr::CastOp) { return castValue(of); })
      .Case([&](expr::TryOp) { return attempt(of); })
      .Case([&](expr::ListOp) { return list(of); })
      .Case([&](expr::FieldOp op) { return field(op, of); })
      .Case([&](expr::CallOp op) { return call(op, of); })
      .Default([](mlir::Operation *op) -> Value {
        llvm::report_fatal_error("the reference has no meaning for `" + op->getName().getStringRef() + "`");
      });
}

void millrace::reference::evaluate(mlir::Region &region, const std::vector<Value> &arguments,
                                   Environment &environment) {
  mlir::Block &block = region.front();
  for (auto [argument, value] : llvm::zip_equal(block.getArguments(), arguments))
    environment[argument] = value;
  for (mlir::Operation &op : block.without_terminator()) {
    Application application{&op, {}};
    for (mlir::Value operand : op.getOperands())
      application.args.push_back(environment.lookup(operand));
    environment[op.getResult(0)] = apply(application);
  }
}

mlir::ValueRange millrace::reference::yielded(mlir::Region &region) {
  return region.front().getTerminator()->getOperands();
}
