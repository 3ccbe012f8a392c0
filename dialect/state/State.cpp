//===- State.cpp - the state dialect ------------------------------------------===//
#include "dialect/state/State.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace::state;

#include "dialect/state/StateDialect.cpp.inc"
#include "dialect/state/StateEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/state/StateAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/state/StateTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/state/StateOps.cpp.inc"

void StateDialect::initialize() {
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/state/StateTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/state/StateAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/state/StateOps.cpp.inc"
      >();
}
