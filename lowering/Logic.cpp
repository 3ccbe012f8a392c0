//===- Logic.cpp - three-valued logic and choices -----------------------------===//
//
// Here errors of operands do not always count (rule 46): `false and error` is
// false, `true or error` true, and select, coalesce and try judge only what
// they choose.
//
//===----------------------------------------------------------------------===//
#include "lowering/Expressions.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

void Expressions::lowerAndOr(Operation *op, bool isAnd) {
  const Val &a = get(op->getOperand(0)), &b = get(op->getOperand(1));
  Val result = strict(op->getOperands());
  Value x = a.scalar(), y = b.scalar();
  result.parts = {isAnd ? code.both(x, y) : code.either(x, y)};
  if (!result.valid && !result.error)
    return define(op, result);
  // An operand that is there and is `false` (and) or `true` (or) decides alone.
  auto decides = [&](const Val &v) -> Value {
    Value hit = isAnd ? code.invert(v.scalar()) : v.scalar();
    Value there = present(code, v);
    return there ? code.both(there, hit) : hit;
  };
  Value decided = code.either(decides(a), decides(b));
  result.parts = {isAnd ? code.invert(decided) : decided};
  if (result.valid)
    result.valid = code.either(result.valid, decided);
  if (result.error)
    result.error = chooseError(code, decided, {}, result.error);
  define(op, result);
}

void Expressions::lowerNot(expr::NotOp op) {
  Val result = strict(op.getValue());
  result.parts = {code.invert(get(op.getValue()).scalar())};
  define(op, result);
}

void Expressions::lowerSelect(expr::SelectOp op) {
  const Val &condition = get(op.getCondition());
  Value pick = condition.scalar();
  if (condition.valid)
    pick = code.both(pick, condition.valid);
  auto typed = [&](Value operand) {
    return isa<expr::NullType>(operand.getType()) ? nullOf(code, op.getResult().getType()) : get(operand);
  };
  Val result = selectValue(code, pick, typed(op.getThenValue()), typed(op.getElseValue()));
  if (condition.error) {
    Value fine = noError(code, condition.error);
    result.error = result.error ? chooseError(code, fine, result.error, condition.error) : condition.error;
    if (isReference(op.getResult().getType()))
      clearUnless(code, result, fine);
  }
  define(op, result);
}

void Expressions::lowerCoalesce(expr::CoalesceOp op) {
  Val result;
  for (Value operand : llvm::reverse(op.getValues())) {
    if (isa<expr::NullType>(operand.getType()))
      continue;
    const Val &val = get(operand);
    if (result.parts.empty()) {
      result = val;
      continue;
    }
    if (!val.valid) { // never null: what stands behind it is never chosen
      result = val;
      continue;
    }
    Value chosen = val.valid;
    if (val.error)
      chosen = code.either(chosen, code.invert(noError(code, val.error)));
    Val taken = val;
    taken.valid = {}; // chosen means valid, or an error that counts first
    result = selectValue(code, chosen, taken, result);
  }
  define(op, result.parts.empty() ? nullOf(code, op.getResult().getType()) : result);
}

void Expressions::lowerIsNull(expr::IsNullOp op) {
  const Val &val = get(op.getValue());
  Val result;
  result.error = val.error;
  result.parts = {val.valid ? code.invert(val.valid) : code.boolean(isa<expr::NullType>(op.getValue().getType()))};
  define(op, result);
}

void Expressions::lowerTry(expr::TryOp op) {
  Val result = get(op.getValue());
  if (result.error)
    result.valid = bothValid(code, result.valid, noError(code, result.error));
  result.error = {};
  define(op, result);
}
