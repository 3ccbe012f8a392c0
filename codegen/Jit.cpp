//===- Jit.cpp - loading object code with ORC -----------------------------===//
//
// The object is the one that `build` would link, so that both ways run the same
// code. Nothing is compiled lazily and no platform runtime is set up: a pipeline
// has no initialisers.
//
//===----------------------------------------------------------------------===//
#include "codegen/Jit.h"

#include "codegen/LlvmModule.h"
#include "llvm/ExecutionEngine/Orc/AbsoluteSymbols.h"
#include "llvm/ExecutionEngine/Orc/JITTargetMachineBuilder.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/TargetParser/Triple.h"

using namespace llvm;

namespace millrace::codegen {

namespace {
struct RuntimeSymbol {
  const char *name;
  void *address;
};
} // namespace

static const RuntimeSymbol kRuntimeSymbols[] = {
#define MR_FUNCTION(kind, result, name, parameters) {#name, reinterpret_cast<void *>(&name)},
#include "millrace/abi.def"
#undef MR_FUNCTION
};

Expected<Jit> Jit::load(StringRef object) {
  auto builder = orc::LLJITBuilder();
  builder.setJITTargetMachineBuilder(orc::JITTargetMachineBuilder(Triple("x86_64-pc-linux-gnu")));
  builder.setPlatformSetUp(orc::setUpInactivePlatform);
  auto session = builder.create();
  if (!session)
    return session.takeError();

  orc::SymbolMap symbols;
  for (const RuntimeSymbol &symbol : kRuntimeSymbols)
    symbols[(*session)->mangleAndIntern(symbol.name)] = {orc::ExecutorAddr::fromPtr(symbol.address),
                                                         JITSymbolFlags::Exported | JITSymbolFlags::Callable};
  if (Error error = (*session)->getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols))))
    return std::move(error);
  if (Error error = (*session)->addObjectFile(MemoryBuffer::getMemBufferCopy(object, "pipeline")))
    return std::move(error);
  auto entry = (*session)->lookup(kEntry);
  if (!entry)
    return entry.takeError();

  Jit jit;
  jit.session = std::move(*session);
  jit.pipeline = entry->toPtr<mr_pipeline_fn>();
  return jit;
}

} // namespace millrace::codegen
