//===- Verify.cpp - the constraints of expression ops -------------------------===//
//
// Types are checked against Typing.h, which the builder of infix text follows
// too. An operand of type `!expr.invalid` was reported already: what uses it is
// not judged, and the op that made it does not verify.
//
//===----------------------------------------------------------------------===//
#include "dialect/expr/Functions.h"
#include "dialect/expr/Syntax.h"
#include "dialect/expr/Typing.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

static bool hasInvalid(Operation *op) {
  return llvm::any_of(op->getOperandTypes(), [](Type t) { return isa<InvalidType>(t); });
}

static LogicalResult expectResult(Operation *op, Type want) {
  Type found = op->getResult(0).getType();
  if (found == want)
    return success();
  return op->emitOpError("gives ") << typeText(want) << " here, but its result is " << typeText(found);
}

static LogicalResult verifyBinary(Operation *op, StringRef mnemonic, bool ordered = false) {
  if (hasInvalid(op))
    return success();
  Type lhs = op->getOperand(0).getType(), rhs = op->getOperand(1).getType();
  auto signature = signatureOf(mnemonic, stripNull(lhs), stripNull(rhs), ordered);
  if (!signature)
    return op->emitOpError("does not work between ") << typeText(lhs) << " and " << typeText(rhs);
  if (signature->lhs != stripNull(lhs) || signature->rhs != stripNull(rhs))
    return op->emitOpError("needs operands widened to ")
           << typeText(signature->lhs) << " and " << typeText(signature->rhs) << " by casts, but they are "
           << typeText(lhs) << " and " << typeText(rhs);
  return expectResult(op, withNull(signature->result, isNullable(lhs) || isNullable(rhs)));
}
LogicalResult AddOp::verify() { return verifyBinary(*this, "add"); }
LogicalResult SubOp::verify() { return verifyBinary(*this, "sub"); }
LogicalResult MulOp::verify() { return verifyBinary(*this, "mul"); }
LogicalResult DivOp::verify() { return verifyBinary(*this, "div"); }
LogicalResult ModOp::verify() { return verifyBinary(*this, "mod"); }
LogicalResult AndOp::verify() { return verifyBinary(*this, "and"); }
LogicalResult OrOp::verify() { return verifyBinary(*this, "or"); }
LogicalResult CmpOp::verify() {
  bool equality = getPredicate() == CmpPredicate::eq || getPredicate() == CmpPredicate::ne;
  return verifyBinary(*this, "cmp", !equality);
}

LogicalResult NegOp::verify() {
  Type type = getValue().getType(), plain = stripNull(type);
  if (hasInvalid(*this))
    return success();
  if ((!isNumber(plain) && !isa<DurationType>(plain)) || plain.isUnsignedInteger())
    return emitOpError("needs a signed number or a duration, but its operand is ") << typeText(type);
  return expectResult(*this, type);
}

LogicalResult NotOp::verify() {
  if (hasInvalid(*this))
    return success();
  if (!isBool(stripNull(getValue().getType())))
    return emitOpError("needs a condition, but its operand is ") << typeText(getValue().getType());
  return expectResult(*this, getValue().getType());
}

LogicalResult IsNullOp::verify() {
  if (hasInvalid(*this) || isNullable(getValue().getType()))
    return success();
  return emitOpError("can never hold: its operand is ") << typeText(getValue().getType()) << ", which is not nullable";
}

/// All operands from `first` on have one type but for nullability; it is returned without `?`, or null after a report.
static Type verifyOneType(Operation *op, OperandRange values, StringRef what) {
  Type type = stripNull(values.front().getType());
  for (Value v : values.drop_front())
    if (stripNull(v.getType()) != type) {
      op->emitOpError() << what << " need one type, but they are " << typeText(type) << " and "
                        << typeText(v.getType());
      return {};
    }
  return type;
}

static bool anyNullable(OperandRange values) {
  return llvm::any_of(values, [](Value v) { return isNullable(v.getType()); });
}

LogicalResult CoalesceOp::verify() {
  if (hasInvalid(*this))
    return success();
  if (getValues().size() < 2)
    return emitOpError("takes at least two values, but got ") << getValues().size();
  Type type = verifyOneType(*this, getValues(), "the values");
  bool nullable = llvm::all_of(getValues(), [](Value v) { return isNullable(v.getType()); });
  return type ? expectResult(*this, withNull(type, nullable)) : failure();
}

LogicalResult SelectOp::verify() {
  if (hasInvalid(*this))
    return success();
  if (!isBool(stripNull(getCondition().getType())))
    return emitOpError("needs a condition, but it is ") << typeText(getCondition().getType());
  OperandRange branches = (*this)->getOperands().drop_front();
  Type type = verifyOneType(*this, branches, "the branches");
  return type ? expectResult(*this, withNull(type, anyNullable(branches))) : failure();
}

LogicalResult CastOp::verify() {
  if (hasInvalid(*this))
    return success();
  Type from = getValue().getType(), to = getType();
  if (!isCastable(stripNull(from), stripNull(to)))
    return emitOpError("cannot convert ") << typeText(from) << " to " << typeText(to);
  if (isNullable(from) && !isNullable(to))
    return emitOpError("gives null for null, so its result must be nullable, but it is ") << typeText(to);
  return success();
}

LogicalResult TryOp::verify() {
  return hasInvalid(*this) ? success() : expectResult(*this, withNull(getValue().getType(), true));
}

LogicalResult ListOp::verify() {
  if (hasInvalid(*this))
    return success();
  if (getValues().empty())
    return emitOpError("needs at least one element");
  Type type = verifyOneType(*this, getValues(), "the elements");
  if (!type)
    return failure();
  if (!isScalar(type))
    return emitOpError("needs scalar elements, but they are ") << typeText(type);
  return expectResult(*this, ListType::get(getContext(), withNull(type, anyNullable(getValues()))));
}

LogicalResult FieldOp::verify() {
  if (hasInvalid(*this))
    return success();
  Type type = getRecord().getType();
  auto record = dyn_cast<RecordType>(stripNull(type));
  if (!record)
    return emitOpError("needs a record, but its operand is ") << typeText(type);
  int at = record.indexOf(getName());
  if (at < 0)
    return emitOpError("reads `") << getName() << "`, which is no field of " << typeText(type);
  return expectResult(*this, withNull(record.getTypes()[at], isNullable(type)));
}

LogicalResult CallOp::verify() {
  if (hasInvalid(*this))
    return success();
  const Function *f = findFunction(getCallee());
  if (!f) {
    auto diag = emitOpError("calls `") << getCallee() << "`, which is no function";
    return suggest(diag, getCallee(), functionNames());
  }
  unsigned least = f->minArgs(), most = f->maxArgs();
  if (getArgs().size() < least || getArgs().size() > most) {
    auto diag = emitOpError("calls `") << getCallee() << "` with " << getArgs().size() << " arguments, but it takes "
                                       << least;
    return most == least ? diag : diag << " or " << most;
  }
  for (auto [i, arg] : llvm::enumerate(getArgs())) {
    Type plain = stripNull(arg.getType());
    if (parameterType(f->parameter(i), plain) != plain)
      return emitOpError("calls `") << getCallee() << "`, whose argument " << i + 1 << " is "
                                    << parameterText(f->parameter(i)) << ", but this is " << typeText(arg.getType());
    if (f->parameter(i) != 'U')
      continue;
    auto unit = arg.getDefiningOp<ConstantOp>();
    auto word = unit ? dyn_cast<StringAttr>(unit.getValue()) : StringAttr();
    if (!word || !llvm::is_contained(unitsOf(getCallee()), word.getValue()))
      return emitOpError("needs one of the units ") << listed(unitsOf(getCallee())) << " as a constant";
  }
  return expectResult(*this, resultType(*f, llvm::to_vector(getArgs().getTypes())));
}

LogicalResult InvalidOp::verify() {
  if ((*this)->hasAttr("expr.reported")) // when it was made
    return failure();
  return emitOpError("stands for a mistake and cannot be compiled");
}
