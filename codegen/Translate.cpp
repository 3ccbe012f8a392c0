//===- Translate.cpp - llvm dialect to LLVM IR ----------------------------===//
#include "codegen/LlvmModule.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace millrace::codegen {

void registerTranslations(mlir::DialectRegistry &registry) {
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
}

/// Gives the manifest a section that survives the linker's garbage collection and stripping.
static void placeManifest(Module &module) {
  GlobalVariable *manifest = module.getGlobalVariable(kManifestGlobal, /*AllowInternal=*/true);
  if (!manifest || manifest->isDeclaration())
    return;
  manifest->setSection(kManifestSection);
  manifest->setAlignment(Align(1)); // the section begins with the text
  appendToUsed(module, {manifest});
}

/// What durability.md asks of generated programs: stack protector where a function has buffers, and marks for
/// control-flow enforcement.
static void harden(Module &module) {
  for (Function &function : module)
    if (!function.isDeclaration())
      function.addFnAttr(Attribute::StackProtectStrong);
  module.addModuleFlag(Module::Override, "cf-protection-return", 1);
  module.addModuleFlag(Module::Override, "cf-protection-branch", 1);
}

Expected<LlvmModule> translateToLlvm(mlir::ModuleOp module, std::unique_ptr<TargetMachine> target) {
  LlvmModule compiled;
  compiled.context = std::make_unique<LLVMContext>();
  compiled.target = std::move(target);
  compiled.module = mlir::translateModuleToLLVMIR(module, *compiled.context, "pipeline");
  if (!compiled.module)
    return createStringError("internal error: the pipeline's llvm dialect does not translate to LLVM IR");
  compiled.module->setTargetTriple(compiled.target->getTargetTriple());
  compiled.module->setDataLayout(compiled.target->createDataLayout());
  compiled.module->setPICLevel(PICLevel::BigPIC);
  Function *entry = compiled.module->getFunction(kEntry);
  if (!entry || entry->isDeclaration())
    return createStringError("internal error: the module does not define %s", kEntry);
  placeManifest(*compiled.module);
  harden(*compiled.module);
  std::string problem;
  raw_string_ostream stream(problem);
  if (verifyModule(*compiled.module, &stream))
    return createStringError("internal error: wrong LLVM IR: %s", problem.c_str());
  return compiled;
}

} // namespace millrace::codegen
