//===- inline_calls_test.cpp - no call to an inlined function is left -----===//
//
// For every function of abi.def of kind INLINE: a module whose only function
// calls it is compiled as a pipeline is; the call must be gone. So a function
// that LLVM declines to inline (attributes that conflict, a wrong signature)
// is found here and not in a benchmark.
//
//===----------------------------------------------------------------------===//
#include "codegen/LlvmModule.h"
#include "codegen/Locate.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IRReader/IRReader.h"
#include "llvm/Support/SourceMgr.h"

#include <gtest/gtest.h>
#include <set>

using namespace llvm;
using namespace millrace::codegen;

namespace {

std::vector<std::string> inlineFunctions() {
  std::vector<std::string> names;
  auto add = [&](StringRef kind, const char *name) {
    if (kind == "INLINE")
      names.push_back(name);
  };
#define MR_FUNCTION(kind, result, name, parameters) add(#kind, #name);
#include "millrace/abi.def"
#undef MR_FUNCTION
  return names;
}

std::string bitcodePath() { return cantFail(findRuntimeFile("millrace_rt.bc")); }

/// A module that defines mr_pipeline, which passes its arguments on to `callee`.
LlvmModule callerOf(const std::string &callee, StringRef cpu) {
  LlvmModule compiled;
  compiled.context = std::make_unique<LLVMContext>();
  compiled.target = cantFail(createTarget(cpu));
  SMDiagnostic problem;
  auto runtime = parseIRFile(bitcodePath(), problem, *compiled.context);
  Function *function = runtime ? runtime->getFunction(callee) : nullptr;
  if (!function || function->isDeclaration())
    return compiled; // without a module: the test says so

  compiled.module = std::make_unique<Module>("test", *compiled.context);
  compiled.module->setTargetTriple(compiled.target->getTargetTriple());
  compiled.module->setDataLayout(compiled.target->createDataLayout());
  FunctionType *type = function->getFunctionType();
  auto *entry = Function::Create(type, Function::ExternalLinkage, kEntry, *compiled.module);
  auto *declared = Function::Create(type, Function::ExternalLinkage, callee, *compiled.module);
  IRBuilder<> builder(BasicBlock::Create(*compiled.context, "entry", entry));
  std::vector<Value *> arguments;
  for (Argument &argument : entry->args())
    arguments.push_back(&argument);
  CallInst *call = builder.CreateCall(declared, arguments);
  type->getReturnType()->isVoidTy() ? builder.CreateRetVoid() : builder.CreateRet(call);
  return compiled;
}

/// The names of all functions that something in the module calls.
std::set<std::string> calledFunctions(const Module &module) {
  std::set<std::string> names;
  for (const Function &function : module)
    for (const BasicBlock &block : function)
      for (const Instruction &instruction : block)
        if (auto *call = dyn_cast<CallBase>(&instruction))
          if (const Function *callee = call->getCalledFunction())
            names.insert(callee->getName().str());
  return names;
}

class InlineCalls : public testing::TestWithParam<std::string> {};

TEST_P(InlineCalls, AreGone) {
  for (const char *cpu : {kBaselineCpu, kNativeCpu}) {
    LlvmModule compiled = callerOf(GetParam(), cpu);
    ASSERT_TRUE(compiled.module) << GetParam()
                                 << " is of kind INLINE in abi.def, but runtime/inline does not define it";
    ASSERT_FALSE(errorToBool(linkBitcode(compiled, bitcodePath())));
    optimize(compiled);
    std::set<std::string> called = calledFunctions(*compiled.module);
    for (const std::string &name : inlineFunctions())
      EXPECT_FALSE(called.count(name)) << name << " is still called, for " << cpu;
  }
}

INSTANTIATE_TEST_SUITE_P(Abi, InlineCalls, testing::ValuesIn(inlineFunctions()),
                         [](const testing::TestParamInfo<std::string> &info) { return info.param; });

// The check of the check: with attributes that conflict, the call stays.
TEST(InlineCallsCheck, SeesACallThatStays) {
  LlvmModule compiled = callerOf("mr_now", kBaselineCpu);
  ASSERT_TRUE(compiled.module);
  EXPECT_TRUE(calledFunctions(*compiled.module).count("mr_now"));
  optimize(compiled);
  EXPECT_TRUE(calledFunctions(*compiled.module).count("mr_now"));
}

TEST(LinkBitcode, RefusesAnotherSignature) {
  LlvmModule compiled = callerOf("mr_now", kBaselineCpu);
  ASSERT_TRUE(compiled.module);
  // The caller's declaration gets another type than the runtime's function.
  Function *entry = compiled.module->getFunction(kEntry);
  auto *call = cast<CallInst>(&entry->front().front());
  auto *other = FunctionType::get(Type::getInt32Ty(*compiled.context), {PointerType::get(*compiled.context, 0)}, false);
  IRBuilder<> builder(call);
  builder.CreateCall(other, call->getCalledOperand(), {entry->getArg(0)});
  Error error = linkBitcode(compiled, bitcodePath());
  EXPECT_NE(toString(std::move(error)).find("mr_now is called as i32 (ptr), but is i64 (ptr)"), std::string::npos);
}

TEST(LinkBitcode, SaysWhatIsWrongWithTheFile) {
  LlvmModule compiled = callerOf("mr_now", kBaselineCpu);
  std::string missing = toString(linkBitcode(compiled, "no/such.bc"));
  EXPECT_EQ(missing, "cannot read the runtime's bitcode no/such.bc: No such file or directory");
}

TEST(Target, UnknownProcessorsGetANearMiss) {
  auto target = createTarget("x86-64-v33");
  ASSERT_FALSE(target);
  EXPECT_EQ(toString(target.takeError()), "no processor is called `x86-64-v33`; did you mean `x86-64-v3`?");
}

TEST(Target, FunctionsAreStampedAlike) {
  LlvmModule compiled = callerOf("mr_key_hash", "x86-64-v3");
  ASSERT_TRUE(compiled.module);
  ASSERT_FALSE(errorToBool(linkBitcode(compiled, bitcodePath())));
  for (const Function &function : *compiled.module) {
    if (function.isDeclaration())
      continue;
    EXPECT_EQ(function.getFnAttribute("target-cpu").getValueAsString(), "x86-64-v3") << function.getName().str();
    EXPECT_FALSE(function.hasFnAttribute("tune-cpu")) << function.getName().str();
    EXPECT_EQ(function.hasInternalLinkage(), function.getName() != kEntry) << function.getName().str();
  }
}

} // namespace
