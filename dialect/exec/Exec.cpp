//===- Exec.cpp - the exec dialect ------------------------------------------===//
#include "dialect/exec/Exec.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace::exec;

#include "dialect/exec/ExecDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/exec/ExecAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/exec/ExecTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/exec/ExecOps.cpp.inc"

void ExecDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/exec/ExecTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/exec/ExecAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/exec/ExecOps.cpp.inc"
      >();
}
