//===- Constants.cpp - C structs as constants of the llvm dialect -------------===//
#include "lowering/Constants.h"

#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace millrace::lowering;

Type Constant::type(Code &code) const { return kind == Kind::Integer ? code.getIntegerType(bits) : code.ptr(); }

Value Constant::build(Code &code) const {
  switch (kind) {
  case Kind::Integer:
    return LLVM::ConstantOp::create(
        code, code.getIntegerType(bits),
        IntegerAttr::get(code.getIntegerType(bits),
                         APInt(bits, uint64_t(value), /*isSigned=*/true, /*implicitTrunc=*/true)));
  case Kind::Null:
    return LLVM::ZeroOp::create(code, code.ptr());
  case Kind::Address:
    return LLVM::AddressOfOp::create(code, code.ptr(), symbol);
  }
  llvm_unreachable("covered");
}

void StructConstant::field(size_t offset, size_t bytes, Constant value) {
  size_t place = llvm::alignTo(next, bytes);
  if (place != offset || value.bytes() != bytes)
    llvm::report_fatal_error("lowering: a descriptor's fields are not those of abi.h");
  next = place + bytes;
  align = std::max(align, bytes);
  fields.push_back(std::move(value));
}

void StructConstant::check() const {
  if (llvm::alignTo(next, align) != size)
    llvm::report_fatal_error("lowering: a descriptor's size is not that of abi.h");
}

Type StructConstant::type(Code &code) const {
  SmallVector<Type> types;
  for (const Constant &field : fields)
    types.push_back(field.type(code));
  return LLVM::LLVMStructType::getLiteral(code.getContext(), types);
}

Value StructConstant::build(Code &code) const {
  Value value = LLVM::UndefOp::create(code, type(code));
  for (auto [i, field] : llvm::enumerate(fields))
    value = LLVM::InsertValueOp::create(code, value, field.build(code), ArrayRef<int64_t>{int64_t(i)});
  return value;
}

std::string ConstantTable::unique(StringRef name) {
  std::string symbol = name.str();
  for (unsigned i = 1; module.lookupSymbol(symbol); ++i)
    symbol = (name + "_" + Twine(i)).str();
  return symbol;
}

void ConstantTable::global(StringRef name, Type element, unsigned count, function_ref<Value(unsigned)> build) {
  OpBuilder::InsertionGuard guard(code);
  code.setInsertionPointToEnd(module.getBody());
  auto type = LLVM::LLVMArrayType::get(element, count);
  auto global = LLVM::GlobalOp::create(code, type, /*isConstant=*/true, LLVM::Linkage::Internal, name, Attribute());
  code.createBlock(&global.getInitializerRegion());
  Value value = LLVM::UndefOp::create(code, type);
  for (unsigned i = 0; i < count; ++i)
    value = LLVM::InsertValueOp::create(code, value, build(i), ArrayRef<int64_t>{int64_t(i)});
  LLVM::ReturnOp::create(code, value);
}

Constant ConstantTable::text(StringRef text) {
  std::string &known = texts[text];
  if (!known.empty())
    return Constant::address(known);
  known = unique("name");
  OpBuilder::InsertionGuard guard(code);
  code.setInsertionPointToEnd(module.getBody());
  std::string bytes = text.str() + '\0';
  LLVM::GlobalOp::create(code, LLVM::LLVMArrayType::get(code.i8(), bytes.size()), /*isConstant=*/true,
                         LLVM::Linkage::Private, known, code.getStringAttr(bytes));
  return Constant::address(known);
}

Constant ConstantTable::array(StringRef name, ArrayRef<StructConstant> elements) {
  if (elements.empty())
    return Constant::null();
  for (const StructConstant &element : elements)
    element.check();
  std::string symbol = unique(name);
  global(symbol, elements.front().type(code), elements.size(), [&](unsigned i) { return elements[i].build(code); });
  return Constant::address(symbol);
}

Constant ConstantTable::array(StringRef name, ArrayRef<Constant> elements) {
  if (elements.empty())
    return Constant::null();
  std::string symbol = unique(name);
  global(symbol, elements.front().type(code), elements.size(), [&](unsigned i) { return elements[i].build(code); });
  return Constant::address(symbol);
}
