//===- GivenValues.cpp - are two values the same? ------------------------------===//
#include "dialect/transforms/GivenValues.h"
#include "dialect/stream/Sites.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/DenseSet.h"

using namespace mlir;
using namespace millrace;

/// But for the site that an error has.
static DictionaryAttr withoutSite(Operation *op) {
  NamedAttrList all(op->getAttrDictionary());
  all.erase(stream::siteAttr);
  return all.getDictionary(op->getContext());
}

namespace {

/// Two trees of operations that may use what is below them many times: each pair is compared once.
class Comparison {
public:
  explicit Comparison(bool evenErrors) : evenErrors(evenErrors) {}

  bool isSame(Value a, Value b) {
    if (a == b)
      return true;
    if (!a || !b)
      return false;
    if (same.contains({a, b}))
      return true;
    Operation *one = a.getDefiningOp(), *other = b.getDefiningOp();
    if (!one || !other || one->getName() != other->getName() || a.getType() != b.getType() || one->getNumRegions() ||
        !isPure(one) || withoutSite(one) != withoutSite(other) || (!evenErrors && stream::canFail(one)) ||
        !llvm::equal(one->getOperands(), other->getOperands(), [&](Value x, Value y) { return isSame(x, y); }))
      return false;
    same.insert({a, b});
    return true;
  }

private:
  bool evenErrors;
  llvm::DenseSet<std::pair<Value, Value>> same; // what differs ends the comparison
};

} // namespace

bool millrace::isSame(Value a, Value b, bool evenErrors) { return Comparison(evenErrors).isSame(a, b); }
