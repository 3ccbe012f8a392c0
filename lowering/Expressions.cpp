//===- Expressions.cpp - what all expr ops share, and which family lowers one -===//
#include "lowering/Expressions.h"

#include "dialect/expr/Time.h"

#include "mlir/IR/Matchers.h"
#include "llvm/ADT/TypeSwitch.h"
#include "llvm/Support/ErrorHandling.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

uint32_t millrace::lowering::errorCode(Operation *op, mr_error_kind kind) {
  auto site = op->getAttrOfType<IntegerAttr>("expr.site");
  return uint32_t(site ? site.getInt() : 0) << 3 | uint32_t(kind);
}

const Val &Expressions::get(Value value) const {
  auto it = values.find(value);
  if (it == values.end())
    llvm::report_fatal_error("lowering: a value is used before it is lowered");
  return it->second;
}

Val Expressions::strict(ValueRange operands) {
  Val result;
  for (Value operand : operands) {
    const Val &val = get(operand);
    result.valid = bothValid(code, result.valid, val.valid);
    result.error = leastError(code, result.error, val.error);
  }
  return result;
}

void Expressions::fail(Operation *op, Val &result, Value bad, mr_error_kind kind) {
  if (matchPattern(bad, m_Zero()))
    return;
  Value judged = result.valid ? code.both(bad, result.valid) : bad;
  if (result.error)
    judged = code.both(judged, noError(code, result.error));
  Value own = code.half(int32_t(errorCode(op, kind)));
  result.error = leastError(code, result.error, errorIf(code, judged, own));
}

void Expressions::checkRange(Operation *op, Val &result, Type type, mr_error_kind kind) {
  type = valueType(type);
  bool isDate = isa<expr::DateType>(type);
  if (!isDate && !isa<expr::TimestampType>(type))
    return;
  int64_t low = isDate ? expr::minDate : expr::minTimestamp, high = isDate ? expr::maxDate : expr::maxTimestamp;
  Value value = result.scalar();
  // One comparison: below the range wraps to above it.
  Value distance = code.sub(value, code.constant(value.getType(), low));
  fail(op, result, code.cmp(Code::Cmp::ugt, distance, code.constant(value.getType(), high - low)), kind);
}

bool Expressions::isCheap(Operation *op) {
  auto plain = [](Type type) { return !isReference(type); };
  if (!llvm::all_of(op->getOperandTypes(), plain) || !llvm::all_of(op->getResultTypes(), plain))
    return isa<expr::ConstantOp, expr::IsNullOp>(op);
  return isa<expr::ConstantOp, expr::AddOp, expr::SubOp, expr::MulOp, expr::NegOp, expr::CmpOp, expr::AndOp, expr::OrOp,
             expr::NotOp, expr::IsNullOp, expr::CoalesceOp, expr::SelectOp, expr::CastOp, expr::TryOp>(op);
}

LogicalResult Expressions::lower(Operation *op) {
  code.setLoc(op->getLoc());
  return TypeSwitch<Operation *, LogicalResult>(op)
      .Case<expr::AddOp, expr::SubOp, expr::MulOp, expr::DivOp, expr::ModOp>(
          [&](Operation *o) { return lowerArithmetic(o), success(); })
      .Case([&](expr::NegOp o) { return lowerNegate(o), success(); })
      .Case([&](expr::CmpOp o) { return lowerCompare(o), success(); })
      .Case([&](expr::AndOp o) { return lowerAndOr(o, true), success(); })
      .Case([&](expr::OrOp o) { return lowerAndOr(o, false), success(); })
      .Case([&](expr::NotOp o) { return lowerNot(o), success(); })
      .Case([&](expr::SelectOp o) { return lowerSelect(o), success(); })
      .Case([&](expr::CoalesceOp o) { return lowerCoalesce(o), success(); })
      .Case([&](expr::IsNullOp o) { return lowerIsNull(o), success(); })
      .Case([&](expr::TryOp o) { return lowerTry(o), success(); })
      .Case([&](expr::CastOp o) { return lowerCast(o); })
      .Case([&](expr::ConstantOp o) { return lowerConstant(o); })
      .Case([&](expr::ListOp o) { return lowerList(o), success(); })
      .Case([&](expr::FieldOp o) { return lowerField(o), success(); })
      .Case([&](expr::CallOp o) { return lowerCall(o); })
      .Default([&](Operation *o) { return o->emitOpError("has no lowering"); });
}
