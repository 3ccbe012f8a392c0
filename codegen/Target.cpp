//===- Target.cpp - choosing and stamping the processor -------------------===//
#include "codegen/Target.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

using namespace llvm;

namespace millrace::codegen {

/// The programs are for x86-64 Linux, as the runtime is; the triple does not depend on how LLVM was configured.
static const char *const kTriple = "x86_64-pc-linux-gnu";

static std::string hostFeatures() {
  SubtargetFeatures features;
  // In a fixed order: StringMap has none, and the string ends up in the module.
  auto host = sys::getHostCPUFeatures();
  std::vector<StringRef> names;
  for (auto &entry : host)
    names.push_back(entry.first());
  llvm::sort(names);
  for (StringRef name : names)
    features.AddFeature(name, host[name]);
  return features.getString();
}

/// The known name that differs least from `cpu`, or nothing if none is near.
static StringRef nearestCpu(const MCSubtargetInfo &info, StringRef cpu) {
  StringRef best;
  unsigned least = cpu.size() / 3 + 2;
  for (const SubtargetSubTypeKV &known : info.getAllProcessorDescriptions()) {
    unsigned distance = cpu.edit_distance(known.Key, /*AllowReplacements=*/true, least);
    if (distance < least) {
      least = distance;
      best = known.Key;
    }
  }
  return best;
}

Expected<std::unique_ptr<TargetMachine>> createTarget(StringRef cpu, bool quick) {
  static const bool initialised = [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    return true;
  }();
  (void)initialised;
  Triple triple(kTriple);
  std::string problem;
  const Target *target = TargetRegistry::lookupTarget(triple, problem);
  if (!target)
    return createStringError("this LLVM cannot make code for %s: %s", kTriple, problem.c_str());

  bool native = cpu == kNativeCpu;
  std::string name = native ? sys::getHostCPUName().str() : cpu.str();
  std::unique_ptr<MCSubtargetInfo> info(target->createMCSubtargetInfo(triple, "generic", ""));
  if (!info->isCPUStringValid(name)) {
    StringRef near = nearestCpu(*info, name);
    std::string hint = near.empty() ? "" : "; did you mean `" + near.str() + "`?";
    return createStringError("no processor is called `%s`%s", name.c_str(), hint.c_str());
  }

  info.reset(target->createMCSubtargetInfo(triple, name, ""));
  if (!native && !info->checkFeatures("+64bit"))
    return createStringError("the processor `%s` is not a 64-bit one; programs are for x86-64", name.c_str());

  TargetOptions options;
  options.FunctionSections = true; // so that the linker can leave out what nobody calls
  options.DataSections = true;
  std::unique_ptr<TargetMachine> machine(
      target->createTargetMachine(triple, name, native ? hostFeatures() : "", options, Reloc::PIC_, std::nullopt,
                                  quick ? CodeGenOptLevel::None : CodeGenOptLevel::Aggressive));
  if (!machine)
    return createStringError("this LLVM cannot make code for `%s`", name.c_str());
  return machine;
}

void stampTarget(Module &module, const TargetMachine &target) {
  for (Function &function : module) {
    function.removeFnAttr("target-cpu");
    function.removeFnAttr("target-features");
    function.removeFnAttr("tune-cpu");
    if (function.isDeclaration())
      continue;
    function.addFnAttr("target-cpu", target.getTargetCPU());
    if (!target.getTargetFeatureString().empty())
      function.addFnAttr("target-features", target.getTargetFeatureString());
  }
}

} // namespace millrace::codegen
