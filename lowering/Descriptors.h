//===- Descriptors.h - the tables that describe a program -----------*- C++ -*-===//
//
// Internal to the lowering: constants with the layout of the structs in
// millrace/abi.h, and the one exported function, `mr_pipeline`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_DESCRIPTORS_H
#define MILLRACE_LOWERING_DESCRIPTORS_H

#include "lowering/Constants.h"
#include "lowering/Functions.h"

#include <string>

namespace millrace::lowering {

/// Builds everything that the runtime reads about the program. The functions exist.
mlir::LogicalResult buildDescriptors(Context &context);

/// One window or other operator with state (mr_window_desc).
StructConstant describeWindow(ConstantTable &table, mlir::ModuleOp module, Program &program, Table &window);

/// A generated function's address; null if there is none.
Constant addressOf(mlir::ModuleOp module, const llvm::Twine &function);

/// An option's or default's value as a user would write it.
std::string textOf(mlir::Attribute value);

} // namespace millrace::lowering

#endif
