//===- millrace-opt.cpp - runs single passes on pipelines, for tests ----------===//
#include "dialect/Register.h"
#include "dialect/transforms/Passes.h"
#include "lowering/Passes.h"
#include "mlir/Tools/mlir-opt/MlirOptMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  millrace::registerDialects(registry);
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  millrace::registerTransformsPasses();
  millrace::lowering::registerLoweringPasses();
  return mlir::asMainReturnCode(
      mlir::MlirOptMain(argc, argv, "compiler of stream pipelines, pass by pass\n", registry));
}
