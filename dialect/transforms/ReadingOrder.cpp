//===- ReadingOrder.cpp - which source is read first ----------------------===//
//
// The runtime reads the source with the lowest watermark, and of several the one
// with the lowest number. Each union asks that what feeds its first operand comes
// before what feeds its second, and so on. These wishes are a relation of sources,
// kept transitive and free of circles: a wish that contradicts those before it is
// not taken up.
//
//===----------------------------------------------------------------------===//
#include "dialect/transforms/ReadingOrder.h"
#include "llvm/ADT/SetVector.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

using Sources = llvm::SmallSetVector<Operation *, 4>;

/// The sources from which something reaches `stream`.
static void addSources(Value stream, DenseSet<Operation *> &seen, Sources &into) {
  Operation *op = stream.getDefiningOp();
  if (!seen.insert(op).second)
    return;
  if (isa<SourceOp>(op))
    into.insert(op);
  for (Value operand : op->getOperands())
    if (isa<StreamType>(operand.getType()))
      addSources(operand, seen, into);
}

static Sources sourcesOf(Value stream) {
  DenseSet<Operation *> seen;
  Sources found;
  addSources(stream, seen, found);
  return found;
}

namespace {
/// Which source comes before which, by their numbers as declared.
class Precedence {
public:
  explicit Precedence(ArrayRef<SourceOp> sources) : before(sources.size(), BitVector(sources.size())) {
    for (auto [number, source] : llvm::enumerate(sources))
      numbers[source] = number;
  }

  void wish(Operation *firstSource, Operation *secondSource) {
    unsigned first = numbers.lookup(firstSource), second = numbers.lookup(secondSource);
    if (first == second || before[first][second] || before[second][first])
      return;
    // What comes before the first comes before all that come behind the second.
    for (unsigned i = 0; i < before.size(); ++i)
      if (i == first || before[i][first]) {
        before[i].set(second);
        before[i] |= before[second];
      }
  }
  bool isBefore(unsigned first, unsigned second) const { return before[first][second]; }

private:
  SmallVector<BitVector> before;
  DenseMap<Operation *, unsigned> numbers;
};
} // namespace

SmallVector<SourceOp> millrace::readingOrder(PipelineOp pipeline, const Demand &demand) {
  SmallVector<SourceOp> declared;
  for (auto source : pipeline.getOps<SourceOp>())
    if (demand.isLive(source))
      declared.push_back(source);
  Precedence precedence(declared);
  for (auto op : pipeline.getOps<UnionOp>()) {
    if (!demand.isLive(op))
      continue;
    Sources earlier;
    for (Value input : op.getInputs()) {
      Sources these = sourcesOf(input);
      for (Operation *first : earlier)
        for (Operation *second : these)
          precedence.wish(first, second);
      earlier.insert(these.begin(), these.end());
    }
  }
  SmallVector<SourceOp> order;
  BitVector left(declared.size(), true);
  while (left.any()) {
    auto isFree = [&](unsigned number) {
      return llvm::none_of(left.set_bits(), [&](unsigned other) { return precedence.isBefore(other, number); });
    };
    unsigned next = *llvm::find_if(left.set_bits(), isFree);
    left.reset(next);
    order.push_back(declared[next]);
  }
  return order;
}
