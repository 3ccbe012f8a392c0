//===- Manifest.h - what a program says about itself ----------------*- C++ -*-===//
//
// Internal to the lowering: the parts of the manifest (JSON), which is embedded
// in programs and read by `millrace inspect`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_LOWERING_MANIFEST_H
#define MILLRACE_LOWERING_MANIFEST_H

#include "lowering/Program.h"

#include "llvm/Support/JSON.h"
#include <string>

namespace millrace::lowering {

/// All of it: name, ABI version, params, operators with their source locations, state.
std::string manifestOf(Program &program);

/// `[{"name": …, "type": …}, …]`
llvm::json::Array manifestFields(llvm::ArrayRef<mlir::StringAttr> names, llvm::ArrayRef<mlir::Type> types);

/// `window`, `running` or `deduplicate`.
llvm::StringRef operatorKind(state::TableOp op);

/// `schema`, `schema_hash`, `layout`; `ttl` (microseconds) and `deletes` where there are any.
llvm::json::Object manifestState(Table &table);

} // namespace millrace::lowering

#endif
