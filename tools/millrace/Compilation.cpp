//===- Compilation.cpp - the phases ---------------------------------------===//
#include "Compilation.h"
#include "Sample.h"

#include "codegen/Emit.h"
#include "codegen/Locate.h"
#include "codegen/OutputFile.h"
#include "dialect/Register.h"
#include "dialect/import/Import.h"
#include "dialect/state/Layout.h"
#include "dialect/state/State.h"
#include "dialect/stream/Stream.h"
#include "dialect/transforms/Pipelines.h"
#include "lowering/Passes.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
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
  registerDialects(registry);
  if (flags.from == Phase::Lower)
    registry.insert<mlir::LLVM::LLVMDialect>();
  codegen::registerTranslations(registry);
  // One thread: pipelines are small, and starting threads costs more than they save.
  context = std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
  messages = std::make_unique<Diagnostics>(*context, collect || flags.listMessages, flags.remarks,
                                           flags.quiet && *flags.quiet);
}

Compilation::~Compilation() {
  if (flags.listMessages)
    errs() << json::Value(messages->toJson()) << "\n";
}

/// `; did you mean …?` of a file beside the one that is missing, or "".
static std::string suggestFile(StringRef path) {
  StringRef folder = sys::path::parent_path(path);
  std::vector<std::string> names;
  std::error_code problem;
  for (sys::fs::directory_iterator entry(folder.empty() ? "." : folder, problem), end; !problem && entry != end;
       entry.increment(problem))
    names.push_back(sys::path::filename(entry->path()).str());
  std::vector<StringRef> known(names.begin(), names.end());
  llvm::sort(known);
  StringRef near = nearMiss(sys::path::filename(path), known);
  if (near.empty())
    return "";
  SmallString<128> there(folder);
  sys::path::append(there, near);
  return ("; did you mean `" + there.str() + "`?").str();
}

int Compilation::readFile() {
  if (flags.text) {
    text = *flags.text;
    messages->addSource(source, text);
    return kDone;
  }
  auto buffer = MemoryBuffer::getFileOrSTDIN(flags.file, /*IsText=*/false);
  if (!buffer) {
    std::string name = flags.file == "-" ? "standard input" : "`" + source + "`";
    bool missing = flags.file != "-" && buffer.getError() == std::errc::no_such_file_or_directory;
    reportError("cannot read " + name + ": " + problemText(buffer.getError()) + (missing ? suggestFile(source) : ""));
    return kEnvironment;
  }
  if ((*buffer)->getBuffer().starts_with("\x7f"
                                         "ELF")) {
    reportError("`" + source + "` is a program, no pipeline; if `millrace build` made it, start it as `" +
                (StringRef(source).contains('/') ? "" : "./") + source + "`");
    return kUsage;
  }
  text = (*buffer)->getBuffer().str();
  messages->addSource(source, text);
  return kDone;
}

int Compilation::importFile() {
  if (int code = readFile())
    return code;
  parsed = parsePipelineText(text, source, context.get());
  return parsed ? kDone : kWrong;
}

int Compilation::requirePipelines() {
  if (!parsed->getOps<stream::PipelineOp>().empty())
    return kDone;
  mlir::emitError(mlir::FileLineColLoc::get(context.get(), source, 1, 1))
      << "there is no pipeline here; one begins with `stream.pipeline @name {`";
  return kWrong;
}

/// A file may hold several pipelines; one program is made of one.
int Compilation::selectPipeline() {
  std::vector<stream::PipelineOp> all(parsed->getOps<stream::PipelineOp>().begin(),
                                      parsed->getOps<stream::PipelineOp>().end());
  std::vector<StringRef> names;
  for (stream::PipelineOp pipeline : all)
    names.push_back(pipeline.getSymName());
  if (int code = requirePipelines())
    return code;
  if (flags.pipeline.empty() && all.size() > 1) {
    reportError(source + " holds several pipelines; say which with --pipeline: " + llvm::join(names, ", "));
    return kUsage;
  }
  if (!flags.pipeline.empty() && !is_contained(names, flags.pipeline)) {
    StringRef near = nearMiss(flags.pipeline, names);
    reportError(source + " has no pipeline `" + flags.pipeline + "`; " +
                (near.empty() ? "it has " + llvm::join(names, ", ") : "did you mean `" + near.str() + "`?"));
    return kUsage;
  }
  for (stream::PipelineOp pipeline : all)
    if (!flags.pipeline.empty() && pipeline.getSymName() != flags.pipeline)
      pipeline.erase();
  return kDone;
}

static int finishPasses(mlir::PassManager &manager, mlir::ModuleOp module, const Diagnostics &messages,
                        const std::string &source) {
  if (succeeded(manager.run(module)))
    return kDone;
  if (messages.errors() == 0)
    reportError(source + ": internal error: a pass failed without saying why");
  return kWrong;
}

int Compilation::runPasses(mlir::ModuleOp module, function_ref<void(mlir::OpPassManager &)> build) {
  mlir::PassManager manager(context.get());
  build(manager);
  return finishPasses(manager, module, *messages, source);
}

int Compilation::checkLikely() {
  std::vector<std::string> names;
  parsed->walk([&](stream::FilterOp filter) {
    if (auto labels = filter->getAttrOfType<mlir::ArrayAttr>("labels"))
      for (mlir::Attribute label : labels)
        names.push_back(cast<mlir::StringAttr>(label).getValue().str());
  });
  std::vector<StringRef> known(names.begin(), names.end());
  for (StringRef entry : flags.transforms.likely) {
    StringRef name = entry.rsplit(':').first;
    if (is_contained(known, name))
      continue;
    StringRef near = nearMiss(name, known);
    reportError("--likely: no filter is called `" + name + "`; " +
                (!near.empty()   ? "did you mean `" + near.str() + "`?"
                 : known.empty() ? "there is none"
                                 : "the filters are " + llvm::join(known, ", ")));
    return kUsage;
  }
  return kDone;
}

int Compilation::optimize() {
  if (int code = selectPipeline())
    return code;
  if (int code = checkLikely())
    return code;
  int code = runPasses(*parsed, [&](mlir::OpPassManager &manager) {
    buildWrittenPipeline(manager);
    buildStreamPipeline(manager, flags.transforms);
    if (flags.emit != Emit::Mlir) // else what the user asked to see is still streams
      buildExecPipeline(manager, flags.transforms);
  });
  if (code == kDone)
    warnOfLayouts();
  return code;
}

/// Tables that cannot have the layout that --layout asks for have another.
void Compilation::warnOfLayouts() {
  StringRef wanted = layoutName(flags.transforms.layout);
  if (flags.transforms.layout == LayoutMode::Auto)
    return;
  parsed->walk([&](state::TableOp table) {
    auto reason = table->getAttrOfType<mlir::StringAttr>(state::layoutReason);
    StringRef why = reason ? reason.getValue() : "", mark = ", which is forced: ";
    size_t at = why.find(mark);
    if (at == StringRef::npos)
      return;
    mlir::emitWarning(table.getLoc()) << "`" << table.getSymName() << "` cannot have the layout " << wanted
                                      << " that --layout asks for: "
                                      << why.drop_front(at + mark.size()).split("; ").first;
  });
}

int Compilation::checkPlans() {
  if (int code = requirePipelines())
    return code;
  mlir::OwningOpRef<mlir::ModuleOp> copy(parsed->clone());
  return runPasses(*copy, [&](mlir::OpPassManager &manager) { buildTransformPipeline(manager, flags.transforms); });
}

int Compilation::lower() {
  if (flags.from == Phase::Lower)
    return importFile();
  if (!noteSamples(*parsed, flags.sample, flags.settings))
    return kEnvironment;
  mlir::PassManager manager(context.get());
  // What comes out is verified as LLVM IR; between the passes only millrace-opt verifies, it takes a third of the time.
  manager.enableVerifier(false);
  lowering::buildLoweringPipeline(manager);
  return finishPasses(manager, *parsed, *messages, source);
}

int Compilation::internalError(Error error) {
  reportError(source + ": " + toString(std::move(error)));
  return kWrong;
}

int Compilation::toLlvm() {
  auto target = codegen::createTarget(flags.cpu, flags.quickCode);
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
    return optimize();
  case Phase::Lower:
    return lower();
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
