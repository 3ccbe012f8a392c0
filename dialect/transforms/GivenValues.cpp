//===- GivenValues.cpp - are two values the same? ------------------------------===//
#include "dialect/transforms/GivenValues.h"
#include "dialect/stream/Sites.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

using namespace mlir;
using namespace millrace;

/// But for the site that an error has.
static DictionaryAttr withoutSite(Operation *op) {
  NamedAttrList all(op->getAttrDictionary());
  all.erase(stream::siteAttr);
  return all.getDictionary(op->getContext());
}

bool millrace::isSame(Value a, Value b, bool evenErrors) {
  if (a == b)
    return true;
  Operation *one = a ? a.getDefiningOp() : nullptr, *other = b ? b.getDefiningOp() : nullptr;
  if (!one || !other || one->getName() != other->getName() || a.getType() != b.getType() || one->getNumRegions() ||
      !isPure(one) || withoutSite(one) != withoutSite(other) || (!evenErrors && stream::canFail(one)))
    return false;
  return llvm::equal(one->getOperands(), other->getOperands(),
                     [&](Value x, Value y) { return isSame(x, y, evenErrors); });
}
