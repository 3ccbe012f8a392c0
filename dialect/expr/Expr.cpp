//===- Expr.cpp - the expr dialect --------------------------------------------===//
#include "dialect/expr/Expr.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace::expr;

#include "dialect/expr/ExprDialect.cpp.inc"
#include "dialect/expr/ExprEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/expr/ExprAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/expr/ExprTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/expr/ExprOps.cpp.inc"

namespace {
/// Constants found by folding stay inside the expression that uses them, instead of rising to the pipeline.
struct KeepConstants : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const final { return true; }
};
} // namespace

void ExprDialect::initialize() {
  addInterfaces<KeepConstants>();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/expr/ExprTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/expr/ExprAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/expr/ExprOps.cpp.inc"
      >();
}
