//===- Compilation.cpp - the phases ---------------------------------------===//
#include "Compilation.h"

#include "codegen/Emit.h"
#include "codegen/Locate.h"
#include "codegen/OutputFile.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Verifier.h"
#include "mlir/Parser/Parser.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace millrace {

PhaseTimer::PhaseTimer(StringRef name, bool enabled)
    : name(name), enabled(enabled), start(std::chrono::steady_clock::now()) {}

PhaseTimer::~PhaseTimer() {
  if (!enabled)
    return;
  std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  errs() << format("%8.1f ms  ", taken.count()) << name << "\n";
}

Compilation::Compilation(const CompileFlags &flags, bool collect)
    : flags(flags), source(flags.file == "-" ? "<stdin>" : flags.file), nextPhase(static_cast<int>(flags.from)) {
  PhaseTimer timer("start", flags.timing);
  mlir::DialectRegistry registry;
  registry.insert<mlir::LLVM::LLVMDialect>();
  codegen::registerTranslations(registry);
  // One thread: pipelines are small, and starting threads costs more than they save.
  context = std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
  messages = std::make_unique<Diagnostics>(*context, collect, flags.remarks);
}

Compilation::~Compilation() = default;

int Compilation::readFile() {
  auto buffer = MemoryBuffer::getFileOrSTDIN(flags.file, /*IsText=*/false);
  if (!buffer) {
    reportError("cannot read " + source + ": " + buffer.getError().message());
    return kEnvironment;
  }
  text = (*buffer)->getBuffer().str();
  messages->addSource(source, text);
  return kDone;
}

int Compilation::importFile() {
  if (int code = readFile())
    return code;
  parsed = mlir::parseSourceString<mlir::ModuleOp>(text, mlir::ParserConfig(context.get()), source);
  return parsed ? kDone : kWrong;
}

int Compilation::internalError(Error error) {
  reportError(source + ": " + toString(std::move(error)));
  return kWrong;
}

int Compilation::toLlvm() {
  auto target = codegen::createTarget(flags.cpu);
  if (!target) {
    reportError(toString(target.takeError()));
    return kUsage;
  }
  auto bitcode = codegen::findRuntimeFile("millrace_rt.bc");
  if (!bitcode) {
    reportError(toString(bitcode.takeError()));
    return kEnvironment;
  }
  auto translated = codegen::translateToLlvm(*parsed, std::move(*target));
  if (!translated)
    return internalError(translated.takeError());
  llvmModule = std::move(*translated);
  if (Error error = codegen::linkBitcode(llvmModule, *bitcode))
    return internalError(std::move(error));
  codegen::optimize(llvmModule);
  return kDone;
}

int Compilation::toObject() {
  auto form = flags.emit == Emit::Assembly ? codegen::Format::Assembly : codegen::Format::Object;
  auto bytes = codegen::emit(llvmModule, form);
  if (!bytes)
    return internalError(bytes.takeError());
  objectBytes = std::move(*bytes);
  return kDone;
}

int Compilation::runPhase(Phase phase) {
  PhaseTimer timer(phaseName(phase), flags.timing);
  switch (phase) {
  case Phase::Import:
    return importFile();
  case Phase::Optimize:
    return kDone;
  case Phase::Lower:
    return flags.from == Phase::Lower ? importFile() : kDone;
  case Phase::Llvm:
    return toLlvm();
  case Phase::Object:
    return toObject();
  case Phase::Binary:
    break; // linking is the business of `build`
  }
  return kDone;
}

int Compilation::runTo(Phase last) {
  for (; nextPhase <= static_cast<int>(last); ++nextPhase)
    if (int code = runPhase(static_cast<Phase>(nextPhase)))
      return code;
  return kDone;
}

int Compilation::emitResult() {
  SmallVector<char, 0> bytes;
  raw_svector_ostream stream(bytes);
  switch (flags.emit) {
  case Emit::None:
    return kDone;
  case Emit::Mlir:
  case Emit::Exec:
  case Emit::LlvmMlir:
    parsed->print(stream);
    break;
  case Emit::LlvmText:
  case Emit::Bitcode: {
    auto form = flags.emit == Emit::Bitcode ? codegen::Format::Bitcode : codegen::Format::LlvmText;
    auto result = codegen::emit(llvmModule, form);
    if (!result)
      return internalError(result.takeError());
    bytes = std::move(*result);
    break;
  }
  case Emit::Assembly:
  case Emit::Object:
    bytes = std::move(objectBytes);
    break;
  }
  StringRef result(bytes.data(), bytes.size());
  if (!flags.output.empty() && flags.output != "-") {
    if (Error error = codegen::writeFile(flags.output, result)) {
      reportError(toString(std::move(error)));
      return kEnvironment;
    }
    return kDone;
  }
  if ((flags.emit == Emit::Object || flags.emit == Emit::Bitcode) && outs().is_displayed()) {
    reportError("this is no text: give a file with -o, or `-o -` into a pipe");
    return kUsage;
  }
  outs() << result;
  return kDone;
}

} // namespace millrace
