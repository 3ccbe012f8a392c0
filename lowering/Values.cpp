//===- Values.cpp - what a value of the expr dialect is in registers ----------===//
#include "lowering/Values.h"

#include "dialect/expr/Expr.h"
#include "runtime/io/binary/row_layout.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/IRMapping.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;

namespace millrace::lowering {

bool isNullable(Type type) { return isa<expr::NullableType, expr::NullType>(type); }

Type valueType(Type type) {
  if (auto nullable = dyn_cast<expr::NullableType>(type))
    return nullable.getElement();
  return type;
}

bool isUnsigned(Type type) {
  auto integer = dyn_cast<IntegerType>(valueType(type));
  return integer && (integer.isUnsigned() || integer.getWidth() == 1);
}

bool isText(Type type) { return isa<expr::StringType, expr::BytesType>(valueType(type)); }
bool isReference(Type type) { return isText(type) || isa<expr::ListType, expr::RecordType>(valueType(type)); }

SmallVector<Type, 2> partTypes(Type type, MLIRContext *context) {
  Type i64 = IntegerType::get(context, 64);
  return TypeSwitch<Type, SmallVector<Type, 2>>(valueType(type))
      .Case([&](IntegerType t) { return SmallVector<Type, 2>{IntegerType::get(context, t.getWidth())}; })
      .Case([&](FloatType t) { return SmallVector<Type, 2>{t}; })
      .Case<expr::StringType, expr::BytesType>([&](Type) { return SmallVector<Type, 2>{i64, i64}; })
      .Case([&](expr::ListType) { return SmallVector<Type, 2>{LLVM::LLVMPointerType::get(context), i64}; })
      .Case([&](expr::RecordType) { return SmallVector<Type, 2>{LLVM::LLVMPointerType::get(context)}; })
      .Case([&](expr::DateType) { return SmallVector<Type, 2>{IntegerType::get(context, 32)}; })
      .Default([&](Type) { return SmallVector<Type, 2>{i64}; });
}

static mr_type mrIntegerType(IntegerType type) {
  bool isUnsigned = type.isUnsigned();
  switch (type.getWidth()) {
  case 1:
    return MR_BOOL;
  case 8:
    return isUnsigned ? MR_U8 : MR_I8;
  case 16:
    return isUnsigned ? MR_U16 : MR_I16;
  case 32:
    return isUnsigned ? MR_U32 : MR_I32;
  default:
    return isUnsigned ? MR_U64 : MR_I64;
  }
}

mr_type mrTypeOf(Type type) {
  return TypeSwitch<Type, mr_type>(valueType(type))
      .Case([](IntegerType t) { return mrIntegerType(t); })
      .Case([](FloatType t) { return t.isF32() ? MR_F32 : MR_F64; })
      .Case([](expr::StringType) { return MR_STRING; })
      .Case([](expr::BytesType) { return MR_BYTES; })
      .Case([](expr::TimestampType) { return MR_TIMESTAMP; })
      .Case([](expr::DurationType) { return MR_DURATION; })
      .Case([](expr::DateType) { return MR_DATE; })
      .Case([](expr::ListType) { return MR_LIST; })
      .Case([](expr::RecordType) { return MR_RECORD; })
      .Default([](Type) { return MR_I64; });
}

unsigned sizeOf(Type type) { return rowValueSize(mr_type(mrTypeOf(type))); }

Val nullOf(Code &code, Type type) {
  Val value;
  for (Type part : partTypes(type, code.getContext()))
    value.parts.push_back(code.zero(part));
  value.valid = code.boolean(false);
  return value;
}

Val loadValue(Code &code, Type type, Value pointer, Memory memory, unsigned align) {
  Val value;
  unsigned offset = 0;
  for (Type part : partTypes(type, code.getContext())) {
    unsigned aligned = std::min(align, 8u);
    if (part.isInteger(1))
      value.parts.push_back(
          code.cmp(Code::Cmp::ne, code.load(code.i8(), pointer, memory, 1), code.constant(code.i8(), 0)));
    else
      value.parts.push_back(code.load(part, code.at(pointer, offset), memory, aligned));
    offset += 8;
  }
  return value;
}

void storeValue(Code &code, Type type, const Val &value, Value pointer, Memory memory, unsigned align) {
  unsigned offset = 0;
  for (Value part : value.parts) {
    if (part.getType().isInteger(1))
      part = code.resize(part, code.i8(), /*isSigned=*/false);
    code.store(part, code.at(pointer, offset), memory, std::min(align, 8u));
    offset += 8;
  }
}

void clearUnless(Code &code, Val &value, Value keep) {
  if (!keep)
    return;
  for (Value &part : value.parts)
    part = code.select(keep, part, code.zero(part.getType()));
}

Val selectValue(Code &code, Value condition, const Val &a, const Val &b) {
  Val result;
  for (auto [x, y] : llvm::zip_equal(a.parts, b.parts))
    result.parts.push_back(code.select(condition, x, y));
  if (a.valid || b.valid) {
    Value yes = code.boolean(true);
    result.valid = code.select(condition, a.valid ? a.valid : yes, b.valid ? b.valid : yes);
  }
  result.error = chooseError(code, condition, a.error, b.error);
  return result;
}

Value bothValid(Code &code, Value a, Value b) {
  if (!a || !b)
    return a ? a : b;
  return code.both(a, b);
}

//===-- errors --------------------------------------------------------------===//
//
// Beside each error's number the condition under which it is one is kept, so that a loop tests conditions only: which
// error it is gets computed where it is reported, outside of the loop's usual way.

/// i1: is there an error? `error` is there.
static Value isWrong(Code &code, Value error) {
  if (Value known = code.wrong.lookup(error))
    return known;
  return code.cmp(Code::Cmp::ne, error, code.half(int32_t(MR_NO_ERROR)));
}

/// Keeps when `error` is one, unless that is known. Folding may have given a value from further out than the condition,
/// whose other users need not be behind that.
static void keepWhenWrong(Code &code, Value error, Value condition) {
  Block *of = error.getParentBlock(), *known = condition.getParentBlock();
  if (of == known || known->findAncestorOpInBlock(*of->getParentOp()))
    code.wrong.try_emplace(error, condition);
}

Value errorIf(Code &code, Value condition, Value number) {
  Value error = code.select(condition, number, code.half(int32_t(MR_NO_ERROR)));
  keepWhenWrong(code, error, condition);
  return error;
}

Value leastError(Code &code, Value a, Value b) {
  if (!a || !b || a == b)
    return a ? a : b;
  Value either = code.either(isWrong(code, a), isWrong(code, b)), error = code.least(a, b);
  keepWhenWrong(code, error, either);
  return error;
}

Value chooseError(Code &code, Value condition, Value a, Value b) {
  if (!a && !b)
    return {};
  Value none = code.half(int32_t(MR_NO_ERROR)), no = code.boolean(false);
  Value wrong = code.select(condition, a ? isWrong(code, a) : no, b ? isWrong(code, b) : no);
  Value error = code.select(condition, a ? a : none, b ? b : none);
  keepWhenWrong(code, error, wrong);
  return error;
}

Value noError(Code &code, Value error) { return error ? code.invert(isWrong(code, error)) : code.boolean(true); }

/// Ops that were made already are in `made`: an error that two others share is computed once.
static Value computeAgain(Code &code, Value error, llvm::DenseMap<Value, Value> &made) {
  Operation *op = error.getDefiningOp();
  if (!isa_and_nonnull<arith::SelectOp, arith::MinUIOp, arith::OrIOp>(op) || !error.getType().isInteger(32))
    return error;
  if (Value known = made.lookup(error))
    return known;
  IRMapping operands;
  for (Value operand : op->getOperands())
    if (operand.getType().isInteger(32))
      operands.map(operand, computeAgain(code, operand, made));
  return made[error] = code.clone(*op, operands)->getResult(0);
}

Value errorAgain(Code &code, Value error) {
  llvm::DenseMap<Value, Value> made;
  return computeAgain(code, error, made);
}

Value present(Code &code, const Val &value) {
  Value result = value.valid;
  if (value.error)
    result = bothValid(code, result, noError(code, value.error));
  return result;
}

Value toWord(Code &code, Type type, Value scalar) {
  if (auto f = dyn_cast<FloatType>(scalar.getType()))
    scalar = code.createOrFold<arith::BitcastOp>(f.isF32() ? code.i32() : code.i64(), scalar);
  bool isSigned = !isUnsigned(type) && !isa<FloatType>(valueType(type));
  return code.resize(scalar, code.i64(), isSigned);
}

Value fromWord(Code &code, Type type, Value word) {
  Type part = partTypes(type, code.getContext()).front();
  if (auto f = dyn_cast<FloatType>(part))
    return code.createOrFold<arith::BitcastOp>(part, code.resize(word, f.isF32() ? code.i32() : code.i64(), false));
  return code.resize(word, part, false);
}

} // namespace millrace::lowering
