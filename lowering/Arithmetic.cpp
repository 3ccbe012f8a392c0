//===- Arithmetic.cpp - sums, products, quotients, comparisons ----------------===//
//
// Integers are computed in their own width with LLVM's overflow intrinsics
// (rule 46). A divisor that must not divide is replaced by 1 first, so that no
// division traps. Floats follow IEEE and are never contracted (rule 24).
//
//===----------------------------------------------------------------------===//
#include "lowering/Expressions.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// The two results of an overflow intrinsic: the value, and whether it wrapped.
template <typename Op> static std::pair<Value, Value> withOverflow(Code &code, Value a, Value b) {
  Type type = LLVM::LLVMStructType::getLiteral(code.getContext(), {a.getType(), code.i1()});
  Value both = Op::create(code, type, a, b);
  return {LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{0}),
          LLVM::ExtractValueOp::create(code, both, ArrayRef<int64_t>{1})};
}

/// Adds, subtracts or multiplies; returns whether it wrapped.
Value Expressions::checkedInteger(Operation *op, const Val &a, const Val &b, Val &result) {
  Value x = a.scalar(), y = b.scalar();
  bool isU = isUnsigned(op->getResult(0).getType());
  std::pair<Value, Value> out;
  if (isa<expr::AddOp>(op))
    out = isU ? withOverflow<LLVM::UAddWithOverflowOp>(code, x, y) : withOverflow<LLVM::SAddWithOverflowOp>(code, x, y);
  else if (isa<expr::SubOp>(op))
    out = isU ? withOverflow<LLVM::USubWithOverflowOp>(code, x, y) : withOverflow<LLVM::SSubWithOverflowOp>(code, x, y);
  else
    out = isU ? withOverflow<LLVM::UMulWithOverflowOp>(code, x, y) : withOverflow<LLVM::SMulWithOverflowOp>(code, x, y);
  result.parts = {out.first};
  return out.second;
}

/// Divides or takes the remainder; returns where MIN was divided by -1 (none: cannot be), and fails on zero itself.
Value Expressions::quotient(Operation *op, const Val &a, const Val &b, Val &result) {
  Value x = a.scalar(), y = b.scalar();
  Type type = x.getType();
  bool isU = isUnsigned(op->getResult(0).getType()), isMod = isa<expr::ModOp>(op);
  Value one = code.constant(type, 1), isZero = code.cmp(Code::Cmp::eq, y, code.constant(type, 0));
  fail(op, result, isZero, MR_DIVISION_BY_ZERO);
  if (isU) {
    Value divisor = code.select(isZero, one, y);
    result.parts = {isMod ? code.createOrFold<arith::RemUIOp>(x, divisor)
                          : code.createOrFold<arith::DivUIOp>(x, divisor)};
    return {};
  }
  unsigned width = cast<IntegerType>(type).getWidth();
  Value lowest = arith::ConstantOp::create(code, IntegerAttr::get(type, APInt::getSignedMinValue(width)));
  Value minusOne = code.cmp(Code::Cmp::eq, y, code.constant(type, -1));
  // The remainder by -1 is 0 as by 1, whatever the dividend.
  Value wraps = isMod ? minusOne : code.both(minusOne, code.cmp(Code::Cmp::eq, x, lowest));
  Value divisor = code.select(code.either(isZero, wraps), one, y);
  result.parts = {isMod ? code.createOrFold<arith::RemSIOp>(x, divisor)
                        : code.createOrFold<arith::DivSIOp>(x, divisor)};
  return isMod ? Value() : wraps;
}

void Expressions::lowerArithmetic(Operation *op) {
  const Val &a = get(op->getOperand(0)), &b = get(op->getOperand(1));
  Val result = strict(op->getOperands());
  if (isa<FloatType>(a.scalar().getType())) {
    Value x = a.scalar(), y = b.scalar();
    result.parts = {isa<expr::AddOp>(op)   ? code.createOrFold<arith::AddFOp>(x, y)
                    : isa<expr::SubOp>(op) ? code.createOrFold<arith::SubFOp>(x, y)
                    : isa<expr::MulOp>(op) ? code.createOrFold<arith::MulFOp>(x, y)
                                           : code.createOrFold<arith::DivFOp>(x, y)};
    return define(op, result);
  }
  Value wrapped = isa<expr::DivOp, expr::ModOp>(op) ? quotient(op, a, b, result) : checkedInteger(op, a, b, result);
  if (wrapped)
    fail(op, result, wrapped, MR_OVERFLOW);
  checkRange(op, result, op->getResult(0).getType(), MR_OVERFLOW);
  define(op, result);
}

void Expressions::lowerNegate(expr::NegOp op) {
  Val result = strict(op.getValue());
  Value x = get(op.getValue()).scalar();
  if (isa<FloatType>(x.getType())) {
    result.parts = {code.createOrFold<arith::NegFOp>(x)};
  } else {
    auto [negated, wrapped] = withOverflow<LLVM::SSubWithOverflowOp>(code, code.constant(x.getType(), 0), x);
    result.parts = {negated};
    fail(op, result, wrapped, MR_OVERFLOW);
  }
  define(op, result);
}

static arith::CmpIPredicate integerPredicate(expr::CmpPredicate predicate, bool isUnsigned) {
  using P = arith::CmpIPredicate;
  switch (predicate) {
  case expr::CmpPredicate::eq:
    return P::eq;
  case expr::CmpPredicate::ne:
    return P::ne;
  case expr::CmpPredicate::lt:
    return isUnsigned ? P::ult : P::slt;
  case expr::CmpPredicate::le:
    return isUnsigned ? P::ule : P::sle;
  case expr::CmpPredicate::gt:
    return isUnsigned ? P::ugt : P::sgt;
  case expr::CmpPredicate::ge:
    return isUnsigned ? P::uge : P::sge;
  }
  llvm_unreachable("covered");
}

/// IEEE: NaN is unequal to all, itself included, and in no order.
static arith::CmpFPredicate floatPredicate(expr::CmpPredicate predicate) {
  using P = arith::CmpFPredicate;
  switch (predicate) {
  case expr::CmpPredicate::eq:
    return P::OEQ;
  case expr::CmpPredicate::ne:
    return P::UNE;
  case expr::CmpPredicate::lt:
    return P::OLT;
  case expr::CmpPredicate::le:
    return P::OLE;
  case expr::CmpPredicate::gt:
    return P::OGT;
  case expr::CmpPredicate::ge:
    return P::OGE;
  }
  llvm_unreachable("covered");
}

void Expressions::lowerCompare(expr::CmpOp op) {
  const Val &a = get(op.getLhs()), &b = get(op.getRhs());
  Val result = strict(op->getOperands());
  expr::CmpPredicate predicate = op.getPredicate();
  if (a.parts.size() == 2) {
    SmallVector<Value> words = {a.parts[0], a.parts[1], b.parts[0], b.parts[1]};
    if (predicate == expr::CmpPredicate::eq || predicate == expr::CmpPredicate::ne) {
      Value equal = code.call1(Rt::mr_string_equal, words);
      result.parts = {predicate == expr::CmpPredicate::eq ? equal : code.invert(equal)};
    } else {
      Value order = code.call1(Rt::mr_string_compare, words);
      result.parts = {code.cmp(integerPredicate(predicate, false), order, code.half(0))};
    }
  } else if (isa<FloatType>(a.scalar().getType())) {
    result.parts = {code.cmp(floatPredicate(predicate), a.scalar(), b.scalar())};
  } else {
    bool isU = isUnsigned(op.getLhs().getType());
    result.parts = {code.cmp(integerPredicate(predicate, isU), a.scalar(), b.scalar())};
  }
  define(op, result);
}
