//===- OverWay.h - how aggregates follow windows per record ---------*- C++ -*-===//
#ifndef MILLRACE_DIALECT_EXPR_OVERWAY_H
#define MILLRACE_DIALECT_EXPR_OVERWAY_H

#include "dialect/expr/Types.h"
#include "mlir/IR/BuiltinAttributes.h"

namespace millrace::expr {

/// How what an aggregate keeps follows a window that moves by a record at a time (`over`). All but the last one cost no
/// more than the logarithm of what the window holds, on average over its records.
enum class OverWay {
  Taken,   ///< what leaves is taken away again, exactly
  Counted, ///< each value is kept with how often it is there
  Stacked, ///< two stacks: what each suffix of the older records gives, and what the younger ones give
  Looked,  ///< the records of the window are gone through
};
OverWay overWay(llvm::StringRef name, llvm::ArrayRef<mlir::Type> arguments, mlir::DictionaryAttr options);

} // namespace millrace::expr

#endif
