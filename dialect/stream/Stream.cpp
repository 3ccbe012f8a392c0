//===- Stream.cpp - the stream dialect ------------------------------------------===//
#include "dialect/stream/Stream.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Interfaces/FoldInterfaces.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace::stream;

#include "dialect/stream/StreamDialect.cpp.inc"
#include "dialect/stream/StreamEnums.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "dialect/stream/StreamAttrs.cpp.inc"
#define GET_TYPEDEF_CLASSES
#include "dialect/stream/StreamTypes.cpp.inc"
#define GET_OP_CLASSES
#include "dialect/stream/StreamOps.cpp.inc"

namespace {
/// Constants stay in the expression that was written: a pipeline holds no expressions of its own.
struct StreamFolds : DialectFoldInterface {
  using DialectFoldInterface::DialectFoldInterface;
  bool shouldMaterializeInto(Region *region) const final { return !isa<PipelineOp>(region->getParentOp()); }
};
} // namespace

void StreamDialect::initialize() {
  addInterfaces<StreamFolds>();
  addTypes<
#define GET_TYPEDEF_LIST
#include "dialect/stream/StreamTypes.cpp.inc"
      >();
  addAttributes<
#define GET_ATTRDEF_LIST
#include "dialect/stream/StreamAttrs.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/stream/StreamOps.cpp.inc"
      >();
}
