//===- Abi.cpp - the runtime's functions, as the lowering calls them ----------===//
#include "lowering/Abi.h"

#include "millrace/abi.h"

#include "llvm/Support/ErrorHandling.h"
#include <array>
#include <type_traits>

using namespace mlir;
using namespace millrace::lowering;

namespace {

/// What a C type is in registers on x86-64 (System V), as clang passes it.
enum class Reg : uint8_t { None, Bool, I32, I64, F64, Ptr };

struct Regs {
  std::array<Reg, 2> reg = {Reg::None, Reg::None};
};

template <typename T> constexpr Regs regsOf() {
  if constexpr (std::is_void_v<T>)
    return {};
  else if constexpr (std::is_same_v<T, bool>)
    return {{Reg::Bool, Reg::None}};
  else if constexpr (std::is_pointer_v<T>)
    return {{Reg::Ptr, Reg::None}};
  else if constexpr (std::is_same_v<T, double>)
    return {{Reg::F64, Reg::None}};
  else if constexpr (std::is_same_v<T, mr_string> || std::is_same_v<T, mr_result>)
    return {{Reg::I64, Reg::I64}};
  else if constexpr (std::is_same_v<T, mr_list>)
    return {{Reg::Ptr, Reg::I64}};
  else {
    static_assert(std::is_integral_v<T> && (sizeof(T) == 4 || sizeof(T) == 8), "no rule for this C type");
    return {{sizeof(T) == 4 ? Reg::I32 : Reg::I64, Reg::None}};
  }
}

struct Signature {
  const char *name;
  bool isInline, noReturnValue;
  Regs result;
  std::array<Reg, 12> parameters{};
  unsigned numParameters = 0;
};

template <typename R, typename... P> constexpr Signature signatureOf(const char *name, bool isInline, R (*)(P...)) {
  Signature s{name, isInline, std::is_void_v<R>, regsOf<R>()};
  for (Regs regs : {regsOf<P>()...})
    for (Reg reg : regs.reg)
      if (reg != Reg::None)
        s.parameters[s.numParameters++] = reg;
  return s;
}

/// More than six words would go over the stack, which is passed differently for structs.
constexpr bool fitsRegisters(const Signature &s) {
  unsigned words = 0;
  for (unsigned i = 0; i < s.numParameters; ++i)
    words += s.parameters[i] != Reg::F64;
  return words <= 6;
}

constexpr bool INLINE = true, LIBRARY = false;
constexpr Signature signatures[] = {
#define MR_FUNCTION(kind, result, name, parameters)                                                                    \
  signatureOf(#name, kind, static_cast<result(*) parameters>(nullptr)),
#include "millrace/abi.def"
#undef MR_FUNCTION
};
static_assert(
    [] {
      for (const Signature &s : signatures)
        if (!fitsRegisters(s))
          return false;
      return true;
    }(),
    "a function of abi.def takes more than six words: it would need memory arguments");

Type typeOf(MLIRContext *context, Reg reg) {
  switch (reg) {
  case Reg::Bool:
    return IntegerType::get(context, 1);
  case Reg::I32:
    return IntegerType::get(context, 32);
  case Reg::I64:
    return IntegerType::get(context, 64);
  case Reg::F64:
    return Float64Type::get(context);
  case Reg::Ptr:
    return LLVM::LLVMPointerType::get(context);
  case Reg::None:
    return LLVM::LLVMVoidType::get(context);
  }
  llvm_unreachable("covered");
}

Type resultTypeOf(MLIRContext *context, const Signature &s) {
  if (s.result.reg[1] == Reg::None)
    return typeOf(context, s.result.reg[0]);
  return LLVM::LLVMStructType::getLiteral(context,
                                          {typeOf(context, s.result.reg[0]), typeOf(context, s.result.reg[1])});
}

bool isCold(Rt function) {
  switch (function) {
  case Rt::mr_bad:
  case Rt::mr_fail:
  case Rt::mr_out_grow:
  case Rt::mr_arena_grow:
  case Rt::mr_window_pane:
  case Rt::mr_window_late_at:
  case Rt::mr_table_cold_new:
  case Rt::mr_dense_reach:
    return true;
  default:
    return false;
  }
}

} // namespace

LLVM::LLVMFuncOp Runtime::declare(Location loc, Rt function) {
  const Signature &s = signatures[unsigned(function)];
  if (auto known = module.lookupSymbol<LLVM::LLVMFuncOp>(s.name))
    return known;
  MLIRContext *context = module.getContext();
  SmallVector<Type> parameters;
  SmallVector<DictionaryAttr> attributes;
  NamedAttribute zeroext(StringAttr::get(context, LLVM::LLVMDialect::getZExtAttrName()), UnitAttr::get(context));
  for (unsigned i = 0; i < s.numParameters; ++i) {
    parameters.push_back(typeOf(context, s.parameters[i]));
    attributes.push_back(DictionaryAttr::get(context, s.parameters[i] == Reg::Bool ? ArrayRef<NamedAttribute>(zeroext)
                                                                                   : ArrayRef<NamedAttribute>()));
  }
  OpBuilder builder = OpBuilder::atBlockBegin(module.getBody());
  auto declared = LLVM::LLVMFuncOp::create(
      builder, loc, s.name, LLVM::LLVMFunctionType::get(resultTypeOf(context, s), parameters), LLVM::Linkage::External,
      /*dsoLocal=*/false, LLVM::CConv::C, /*comdat=*/SymbolRefAttr(), {}, attributes);
  if (s.result.reg[0] == Reg::Bool)
    declared.setResAttrsAttr(builder.getArrayAttr(DictionaryAttr::get(context, zeroext)));
  SmallVector<StringRef> facts = {"nounwind"};
  if (isCold(function))
    facts.push_back("cold");
  declared.setPassthroughAttr(builder.getStrArrayAttr(facts));
  return declared;
}

SmallVector<Value, 2> Runtime::call(OpBuilder &builder, Location loc, Rt function, ArrayRef<Value> arguments) {
  LLVM::LLVMFuncOp callee = declare(loc, function);
  auto type = callee.getFunctionType();
  bool fits = arguments.size() == type.getNumParams();
  for (unsigned i = 0; fits && i < arguments.size(); ++i)
    fits = arguments[i].getType() == type.getParamType(i);
  if (!fits)
    llvm::report_fatal_error(llvm::Twine("lowering: arguments do not fit ") + callee.getSymName());
  auto call = LLVM::CallOp::create(builder, loc, callee, arguments);
  const Signature &s = signatures[unsigned(function)];
  if (s.noReturnValue)
    return {};
  if (s.result.reg[1] == Reg::None)
    return {call.getResult()};
  return {LLVM::ExtractValueOp::create(builder, loc, call.getResult(), ArrayRef<int64_t>{0}),
          LLVM::ExtractValueOp::create(builder, loc, call.getResult(), ArrayRef<int64_t>{1})};
}
