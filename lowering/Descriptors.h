//===- Descriptors.h - the tables that describe a program -----------*- C++ -*-===//
//
// Internal to the lowering: constants with the layout of the structs in
// millrace/abi.h, and the one exported function, `mr_pipeline`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_DESCRIPTORS_H
#define MILLRACE_LOWERING_DESCRIPTORS_H

#include "lowering/Functions.h"

#include <string>

namespace millrace::lowering {

/// Builds everything that the runtime reads about the program. The functions exist.
mlir::LogicalResult buildDescriptors(Context &context);

/// An option's or default's value as a user would write it.
std::string textOf(mlir::Attribute value);

} // namespace millrace::lowering

#endif
