//===- millrace-reduce.cpp - makes a failing pipeline small -------------------===//
#include "dialect/Register.h"
#include "dialect/transforms/Passes.h"
#include "mlir/IR/MLIRContext.h"
#include "mlir/Tools/mlir-reduce/MlirReduceMain.h"
#include "mlir/Transforms/Passes.h"

int main(int argc, char **argv) {
  mlir::DialectRegistry registry;
  millrace::registerDialects(registry);
  mlir::registerCanonicalizerPass();
  mlir::registerCSEPass();
  millrace::registerTransformsPasses();
  mlir::MLIRContext context(registry);
  return mlir::failed(mlir::mlirReduceMain(argc, argv, context));
}
