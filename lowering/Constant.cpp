//===- Constant.cpp - literals and lists written out --------------------------===//
#include "lowering/Expressions.h"

#include <cstring>

using namespace mlir;
using namespace millrace;
using namespace millrace::lowering;

/// A private constant of the module with these bytes; equal ones are one.
static LLVM::GlobalOp bytesConstant(Code &code, ModuleOp module, StringRef bytes) {
  for (auto global : module.getOps<LLVM::GlobalOp>())
    if (auto value = dyn_cast_or_null<StringAttr>(global.getValueOrNull()))
      if (global.getSymName().starts_with("text_") && value.getValue() == bytes)
        return global;
  OpBuilder::InsertionGuard guard(code);
  code.setInsertionPointToStart(module.getBody());
  unsigned number = 0;
  std::string name;
  do
    name = ("text_" + Twine(number++)).str();
  while (module.lookupSymbol(name));
  auto type = LLVM::LLVMArrayType::get(code.i8(), bytes.size());
  return LLVM::GlobalOp::create(code, type, /*isConstant=*/true, LLVM::Linkage::Private, name,
                                code.getStringAttr(bytes));
}

Val millrace::lowering::textConstant(Code &code, ModuleOp module, StringRef text) {
  Val result;
  uint64_t head = uint32_t(text.size()), tail = 0;
  if (text.size() <= MR_STRING_INLINE) {
    uint8_t rest[12] = {};
    llvm::copy(text, rest);
    uint32_t prefix;
    std::memcpy(&prefix, rest, 4);
    std::memcpy(&tail, rest + 4, 8);
    result.parts = {code.word(int64_t(head | uint64_t(prefix) << 32)), code.word(int64_t(tail))};
    return result;
  }
  uint32_t prefix;
  std::memcpy(&prefix, text.data(), 4);
  LLVM::GlobalOp global = bytesConstant(code, module, text);
  Value address = LLVM::AddressOfOp::create(code, global);
  result.parts = {code.word(int64_t(head | uint64_t(prefix) << 32)),
                  LLVM::PtrToIntOp::create(code, code.i64(), address)};
  return result;
}

LogicalResult Expressions::lowerConstant(expr::ConstantOp op) {
  Attribute value = op.getValue();
  Type type = op.getResult().getType();
  Val result;
  if (isa<UnitAttr>(value)) {
    result = nullOf(code, type);
  } else if (auto text = dyn_cast<StringAttr>(value)) {
    result = textConstant(code, op->getParentOfType<ModuleOp>(), text.getValue());
  } else if (auto number = dyn_cast<FloatAttr>(value)) {
    result.parts = {code.constant(partTypes(type, code.getContext()).front(), number.getValue())};
  } else {
    int64_t bits;
    if (auto integer = dyn_cast<IntegerAttr>(value))
      bits = int64_t(integer.getValue().getZExtValue());
    else if (auto duration = dyn_cast<expr::DurationAttr>(value))
      bits = duration.getMicros();
    else if (auto timestamp = dyn_cast<expr::TimestampAttr>(value))
      bits = timestamp.getMicros();
    else if (auto date = dyn_cast<expr::DateAttr>(value))
      bits = date.getDays();
    else
      return op.emitOpError("has a literal without a lowering: ") << value;
    result.parts = {code.constant(partTypes(type, code.getContext()).front(), bits)};
  }
  define(op, result);
  return success();
}

void Expressions::lowerList(expr::ListOp op) {
  Type element = op.getResult().getType().getElement();
  bool nullable = isNullable(element);
  uint64_t size = sizeOf(element), count = op.getValues().size();
  Val result;
  Value memory = code.call1(Rt::mr_arena, {task, code.word(int64_t(count * (size + nullable)))});
  for (auto [i, operand] : llvm::enumerate(op.getValues())) {
    Val val = isa<expr::NullType>(operand.getType()) ? nullOf(code, element) : get(operand);
    storeValue(code, element, val, code.at(memory, int64_t(i * size)), Memory::Unknown, unsigned(size));
    if (nullable) {
      Value status = val.valid ? code.resize(code.invert(val.valid), code.i8(), false) : code.constant(code.i8(), 0);
      code.store(status, code.at(memory, int64_t(count * size + i)), Memory::Unknown, 1);
    }
    result.error = leastError(code, result.error, val.error);
  }
  result.parts = {memory, code.word(int64_t(count))};
  if (result.error)
    clearUnless(code, result, noError(code, result.error));
  define(op, result);
}
