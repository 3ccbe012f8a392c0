//===- Sanitize.cpp - AddressSanitizer in generated code ------------------===//
//
// A compiler that was built with AddressSanitizer (preset asan) gives its
// pipelines the same checks, so that the test suite watches generated code, too.
// The instrumentation comes last, as Clang does it. Globals get no module
// constructor: nothing runs initialisers of loaded code.
//
//===----------------------------------------------------------------------===//
#include "codegen/LlvmModule.h"

#include "llvm/Passes/PassBuilder.h"
#include "llvm/Transforms/Instrumentation/AddressSanitizer.h"

using namespace llvm;

namespace millrace::codegen {

#if __has_feature(address_sanitizer)
void instrumentWhenChecked(PassBuilder &builder) {
  builder.registerOptimizerLastEPCallback([](ModulePassManager &passes, OptimizationLevel, ThinOrFullLTOPhase) {
    struct Mark : PassInfoMixin<Mark> {
      PreservedAnalyses run(Module &module, ModuleAnalysisManager &) {
        for (Function &function : module)
          if (!function.isDeclaration())
            function.addFnAttr(Attribute::SanitizeAddress);
        return PreservedAnalyses::all();
      }
      static bool isRequired() { return true; }
    };
    passes.addPass(Mark());
    passes.addPass(AddressSanitizerPass({}, /*UseGlobalGC=*/false, /*UseOdrIndicator=*/false, AsanDtorKind::None,
                                        AsanCtorKind::None));
  });
}

ArrayRef<const char *> checkedArchives() {
  static const char *const archives[] = {MILLRACE_ASAN_LIBRARIES};
  return archives;
}
#else
void instrumentWhenChecked(PassBuilder &) {}
ArrayRef<const char *> checkedArchives() { return {}; }
#endif

} // namespace millrace::codegen
