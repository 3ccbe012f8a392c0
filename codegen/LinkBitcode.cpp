//===- LinkBitcode.cpp - the runtime's hot paths join the generated code --===//
//
// The functions of abi.def of kind INLINE lie in a bitcode file that no LLVM
// pass has seen. They are linked in before optimisation, so that they become
// part of the generated loops.
//
//===----------------------------------------------------------------------===//
#include "codegen/LlvmModule.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace llvm;

namespace millrace::codegen {

static Expected<std::unique_ptr<Module>> readBitcode(StringRef path, LLVMContext &context) {
  auto buffer = MemoryBuffer::getFile(path);
  if (!buffer)
    return createStringError(buffer.getError(), "cannot read the runtime's bitcode %s: %s", path.str().c_str(),
                             buffer.getError().message().c_str());
  // Lazily: only the bodies that are linked get read.
  auto module = getOwningLazyBitcodeModule(std::move(*buffer), context);
  if (!module)
    return createStringError("the runtime's bitcode %s is damaged: %s", path.str().c_str(),
                             toString(module.takeError()).c_str());
  return module;
}

/// Calls through another signature than the function's own stay calls and go wrong: say so instead.
static Error checkSignatures(const Module &module) {
  for (const Function &function : module)
    for (const User *user : function.users())
      if (auto *call = dyn_cast<CallBase>(user))
        if (call->getCalledOperand() == &function && call->getFunctionType() != function.getFunctionType()) {
          std::string generated, own;
          raw_string_ostream(generated) << *call->getFunctionType();
          raw_string_ostream(own) << *function.getFunctionType();
          return createStringError("internal error: %s is called as %s, but is %s", function.getName().str().c_str(),
                                   generated.c_str(), own.c_str());
        }
  return Error::success();
}

/// The calls of `function` that stay calls: in rarely executed functions, where inlining costs compile time and gives
/// nothing, and in functions of very many ways (lowering/Frame.cpp) that call it very often: these have a copy of what
/// is behind unions of unions for each way through them, and LLVM's time grows with the square of what is in one
/// function. Elsewhere, as in the decoder of a wide schema, each call is another field's, and all of them run for each
/// record.
static SmallVector<Use *> callsOutOfLine(Function &function) {
  constexpr unsigned manyCalls = 48, fewInstructions = 24; // less code than a call
  DenseMap<Function *, unsigned> calls;
  auto callOf = [&](Use &use) {
    auto *call = dyn_cast<CallBase>(use.getUser());
    return call && call->isCallee(&use) ? call : nullptr;
  };
  for (Use &use : function.uses())
    if (CallBase *call = callOf(use))
      ++calls[call->getFunction()];
  bool isSmall = function.getInstructionCount() < fewInstructions;
  auto isTooOften = [&](Function *caller) {
    return !isSmall && caller->hasFnAttribute("millrace-many-ways") && calls.lookup(caller) > manyCalls;
  };
  SmallVector<Use *> out;
  for (Use &use : function.uses())
    if (CallBase *call = callOf(use))
      if (Function *caller = call->getFunction(); caller->hasFnAttribute(Attribute::Cold) || isTooOften(caller))
        out.push_back(&use);
  return out;
}

/// Such calls go to the copies in the runtime's library.
static void callOutOfLine(Module &module) {
  SmallVector<Function *> inlined;
  for (Function &function : module)
    if (!function.isDeclaration() && function.hasFnAttribute(Attribute::AlwaysInline) && function.hasExternalLinkage())
      inlined.push_back(&function);
  for (Function *function : inlined) {
    SmallVector<Use *> calls = callsOutOfLine(*function);
    // Call sites say nothing of how a bool is extended.
    bool hasBool = any_of(function->getFunctionType()->params(), [](Type *type) { return type->isIntegerTy(1); });
    if (calls.empty() || hasBool)
      continue;
    std::string name = function->getName().str();
    function->setName(name + ".inlined");
    Function *library = Function::Create(function->getFunctionType(), Function::ExternalLinkage, name, module);
    library->addFnAttr(Attribute::NoUnwind);
    for (Use *use : calls)
      use->set(library);
  }
}

Error linkBitcode(LlvmModule &compiled, StringRef bitcodePath) {
  Module &module = *compiled.module;
  auto runtime = readBitcode(bitcodePath, *compiled.context);
  if (!runtime)
    return runtime.takeError();
  (*runtime)->setTargetTriple(module.getTargetTriple());
  (*runtime)->setDataLayout(module.getDataLayout());
  if (Linker::linkModules(module, std::move(*runtime), Linker::Flags::LinkOnlyNeeded))
    return createStringError("the runtime's bitcode %s does not fit this compiler", bitcodePath.str().c_str());
  if (Error error = checkSignatures(module))
    return error;
  callOutOfLine(module);
  stampTarget(module, *compiled.target);
  internalizeModule(module, [](const GlobalValue &value) { return value.getName() == kEntry; });
  return Error::success();
}

} // namespace millrace::codegen
