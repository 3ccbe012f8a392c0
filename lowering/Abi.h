//===- Abi.h - the runtime's functions, as the lowering calls them --*- C++ -*-===//
//
// Internal to the lowering. `millrace/abi.def` is expanded once more: an
// enumerator for each function, whose LLVM signature is computed from its C
// prototype by templates (Abi.cpp). So no signature is typed twice, and a
// change of the list that a call does not follow fails at once.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_ABI_H
#define MILLRACE_LOWERING_ABI_H

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"

namespace millrace::lowering {

/// The functions of abi.def by their C names.
enum class Rt : unsigned {
#define MR_FUNCTION(kind, result, name, parameters) name,
#include "millrace/abi.def"
#undef MR_FUNCTION
};

/// Declares runtime functions in a module when they are first called, and builds the calls.
class Runtime {
public:
  explicit Runtime(mlir::ModuleOp module) : module(module) {}

  /// A call. Strings and lists are two arguments each. Results: none, one, or two (mr_string, mr_list, mr_result). The
  /// arguments' types must be the function's: a broken call is a bug of the lowering and stops with a message.
  llvm::SmallVector<mlir::Value, 2> call(mlir::OpBuilder &builder, mlir::Location loc, Rt function,
                                         llvm::ArrayRef<mlir::Value> arguments);

private:
  mlir::LLVM::LLVMFuncOp declare(mlir::Location loc, Rt function);

  mlir::ModuleOp module;
};

} // namespace millrace::lowering

#endif
