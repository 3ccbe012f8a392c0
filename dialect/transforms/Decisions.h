//===- Decisions.h - saying what was decided, and why ---------------*- C++ -*-===//
//
// Every decision of a pass is a remark, with the pass's flag as its category
// and the operator's name as its function; `explain` collects them.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_DIALECT_TRANSFORMS_DECISIONS_H
#define MILLRACE_DIALECT_TRANSFORMS_DECISIONS_H

#include "mlir/IR/Operation.h"
#include "mlir/IR/Remarks.h"

namespace millrace {

/// Something was done (`done`) or deliberately not done to operator `name`.
inline void decide(mlir::Location loc, llvm::StringRef pass, llvm::StringRef name, bool done, const llvm::Twine &text) {
  auto options = mlir::remark::RemarkOpts::name(done ? "done" : "not done").category(pass).function(name);
  auto remark = done ? mlir::remark::passed(loc, options) : mlir::remark::missed(loc, options);
  if (remark)
    remark << llvm::StringRef(text.str());
}

} // namespace millrace

#endif
