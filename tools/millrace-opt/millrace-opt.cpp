//===- millrace-opt.cpp - runs single passes on pipelines, for tests ----------===//
#include "dialect/Register.h"
#include "dialect/import/Import.h"
#include "dialect/transforms/Pipelines.h"
#include "lowering/Passes.h"
#include "mlir/Support/FileUtilities.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;

/// MLIR's parser recurses, so text with too many brackets is refused before (bytecode is not text).
static bool isReadable(const llvm::MemoryBuffer &file) {
  if (file.getBuffer().starts_with("ML\xefR"))
    return true;
  millrace::TextProblem problem = millrace::checkPipelineText(file.getBuffer());
  if (!problem.message.empty())
    llvm::errs() << file.getBufferIdentifier() << ": error: " << problem.message << " (byte " << problem.offset
                 << ")\n";
  return problem.message.empty();
}

int main(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  DialectRegistry registry;
  millrace::registerDialects(registry);
  registerCanonicalizerPass();
  registerCSEPass();
  millrace::registerTransforms();
  millrace::lowering::registerLoweringPasses();
  auto [input, output] =
      registerAndParseCLIOptions(argc, argv, "compiler of stream pipelines, pass by pass\n", registry);
  std::string error;
  auto file = openInputFile(input, &error);
  auto out = file ? openOutputFile(output, &error) : nullptr;
  if (!file || !out) {
    llvm::errs() << error << "\n";
    return 1;
  }
  if (!isReadable(*file) ||
      failed(MlirOptMain(out->os(), std::move(file), registry, MlirOptMainConfig::createFromCLOptions())))
    return 1;
  out->keep();
  return 0;
}
