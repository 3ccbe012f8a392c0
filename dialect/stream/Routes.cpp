//===- Routes.cpp - in which order a record reaches its consumers -----------===//
#include "dialect/stream/Routes.h"
#include "dialect/stream/Names.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

/// Here a record's way ends. Rows of what keeps state otherwise come at once, as if they were the record.
static bool endsWays(Operation *op) {
  return isa<SinkOp, OverOp, TopOp>(op) || (isa<WindowOp>(op) && !givesAtOnce(op));
}
static bool takesOnce(Operation *op) { return givesAtOnce(op); }

bool stream::givesAtOnce(Operation *op) {
  auto window = dyn_cast<WindowOp>(op);
  return window ? window.getWindow().getKind() == WindowKind::Count : isa<RunningOp, DeduplicateOp>(op);
}

bool Routes::hasLate(WindowOp window) const {
  return window.getLate() &&
         llvm::any_of(window.getLate().getUsers(), [&](Operation *user) { return demand.isLive(user); });
}

/// Live uses in written order.
SmallVector<OpOperand *> Routes::uses(Value stream) {
  SmallVector<OpOperand *> found;
  for (OpOperand &use : stream.getUses())
    if (demand.isLive(use.getOwner()))
      found.push_back(&use);
  llvm::sort(found, [](OpOperand *a, OpOperand *b) {
    if (a->getOwner() != b->getOwner())
      return a->getOwner()->isBeforeInBlock(b->getOwner());
    return a->getOperandNumber() < b->getOperandNumber();
  });
  return found;
}

/// The terminals that a record in `op`'s input can reach without passing another terminal.
const DenseSet<Operation *> &Routes::terminals(Operation *op) {
  auto [at, isNew] = reached.try_emplace(op);
  if (!isNew)
    return at->second;
  DenseSet<Operation *> found;
  if (endsWays(op))
    found.insert(op);
  else
    for (OpOperand *use : uses(op->getResult(0)))
      found.insert_range(terminals(use->getOwner()));
  return reached[op] = std::move(found);
}

bool Routes::meetsAgain(Value stream) {
  auto [at, isNew] = meets.try_emplace(stream, false);
  if (!isNew)
    return at->second;
  DenseSet<Operation *> seen;
  bool found = false;
  for (OpOperand *use : uses(stream)) {
    for (Operation *terminal : terminals(use->getOwner()))
      found |= !seen.insert(terminal).second;
    found = found || (!endsWays(use->getOwner()) && meetsAgain(use->getOwner()->getResult(0)));
  }
  return meets[stream] = found;
}

/// Behind a flat_map a push goes element by element, but a union gives one operand's elements, then the next one's: if
/// ways part and meet again behind a flat_map, each way has to take the list apart for itself.
bool Routes::needsOwnWays(Operation *op) {
  if (endsWays(op) || takesOnce(op))
    return false;
  auto [at, isNew] = ownWays.try_emplace(op, false);
  if (!isNew)
    return at->second;
  Value result = op->getResult(0);
  bool found = isa<FlatMapOp>(op)
                   ? meetsAgain(result)
                   : llvm::any_of(uses(result), [&](OpOperand *next) { return needsOwnWays(next->getOwner()); });
  return ownWays[op] = found;
}

LogicalResult Routes::addWays(OpOperand *use, Route &way, SmallVector<Route> &into) {
  way.push_back(use);
  Operation *op = use->getOwner();
  if (endsWays(op)) {
    into.push_back(way);
    auto same = [&](const Route &other) { return other.back()->getOwner() == op; };
    if (into.size() > limit && size_t(llvm::count_if(into, same)) > limit)
      return op->emitError("a record would reach `") << operatorName(op) << "` on more than " << limit << " ways";
  } else {
    for (OpOperand *next : uses(op->getResult(0)))
      if (failed(addWays(next, way, into)))
        return failure();
  }
  way.pop_back();
  return success();
}

/// Is way `a` served before `b`? By terminal; of those to one terminal by the operands of the unions, last union first.
static bool isBefore(const Route &a, const Route &b) {
  Operation *end = a.back()->getOwner(), *otherEnd = b.back()->getOwner();
  if (end != otherEnd)
    return end->isBeforeInBlock(otherEnd);
  for (auto [x, y] : llvm::zip(llvm::reverse(a), llvm::reverse(b)))
    if (x != y)
      return x->getOperandNumber() < y->getOperandNumber();
  return false;
}

/// If serving the consumers `members` of one group one after the other, in some order of theirs, gives the order asked
/// for: that order. Else empty: each way has to be followed on its own.
FailureOr<SmallVector<Route>> Routes::oneByOne(ArrayRef<OpOperand *> members) {
  SmallVector<SmallVector<Route>> ways;
  for (OpOperand *member : members) {
    Route way;
    if (failed(addWays(member, way, ways.emplace_back())))
      return failure();
    llvm::sort(ways.back(), isBefore);
    if (needsOwnWays(member->getOwner()))
      return SmallVector<Route>();
  }
  llvm::sort(ways, [](const auto &a, const auto &b) { return isBefore(a.front(), b.front()); });
  DenseMap<Operation *, const Route *> last;
  SmallVector<Route> order;
  for (const SmallVector<Route> &ofMember : ways) {
    for (const Route &way : ofMember) {
      const Route *&before = last[way.back()->getOwner()];
      if (before && isBefore(way, *before))
        return SmallVector<Route>();
      before = &way;
    }
    order.push_back({ofMember.front().front()});
  }
  return order;
}

/// Consumers that share a terminal, directly or through others, are one group; groups and their members are in written
/// order.
SmallVector<SmallVector<OpOperand *>> Routes::groups(Value stream) {
  SmallVector<OpOperand *> next = uses(stream);
  SmallVector<unsigned> group(next.size());
  DenseMap<Operation *, unsigned> groupOf;
  for (unsigned i = 0; i < next.size(); ++i) {
    group[i] = i;
    for (Operation *terminal : terminals(next[i]->getOwner())) {
      auto [at, isNew] = groupOf.try_emplace(terminal, i);
      unsigned from = group[at->second], to = group[i];
      llvm::replace(group, std::max(from, to), std::min(from, to));
    }
  }
  SmallVector<SmallVector<OpOperand *>> found(next.size());
  for (unsigned i = 0; i < next.size(); ++i)
    found[group[i]].push_back(next[i]);
  llvm::erase_if(found, [](const auto &members) { return members.empty(); });
  return found;
}

/// Cuts each way behind the first operator that takes a record once, and puts what is left into an order in which each
/// terminal gets what it gets in the order of `ways`.
static LogicalResult cut(SmallVector<Route> &ways) {
  SmallVector<Route> left;
  SmallVector<SmallVector<unsigned>> before; // by what is left
  DenseMap<Operation *, unsigned> lastTo;
  for (Route &way : ways) {
    Operation *terminal = way.back()->getOwner();
    auto *keeper = llvm::find_if(way, [](OpOperand *use) { return takesOnce(use->getOwner()); });
    if (keeper != way.end())
      way.erase(keeper + 1, way.end());
    unsigned at = llvm::find(left, way) - left.begin();
    if (at == left.size()) {
      left.push_back(way);
      before.emplace_back();
    }
    auto [last, isFirst] = lastTo.try_emplace(terminal, at);
    if (!isFirst && last->second != at)
      before[at].push_back(last->second);
    last->second = at;
  }
  ways.clear();
  BitVector placed(left.size());
  while (!placed.all()) {
    int next = placed.find_first_unset();
    while (next >= 0 && !llvm::all_of(before[next], [&](unsigned other) { return placed[other]; }))
      next = placed.find_next_unset(next);
    if (next < 0)
      break;
    placed.set(next);
    ways.push_back(std::move(left[next]));
  }
  for (unsigned i = 0; i < left.size(); ++i)
    if (Operation *op = placed[i] ? nullptr : left[i].back()->getOwner(); op && takesOnce(op))
      return op->emitError("rows of `") << operatorName(op)
                                        << "` would have to reach a union before and behind others of the same "
                                           "record: write its operands so that these come one behind the other";
  return success();
}

FailureOr<SmallVector<Route>> Routes::from(Value stream) {
  SmallVector<Route> routes;
  for (ArrayRef<OpOperand *> members : groups(stream)) {
    if (members.size() == 1 && !needsOwnWays(members[0]->getOwner())) {
      routes.push_back({members[0]});
      continue;
    }
    FailureOr<SmallVector<Route>> order = oneByOne(members);
    if (failed(order))
      return failure();
    if (order->empty()) {
      Route way;
      for (OpOperand *member : members)
        if (failed(addWays(member, way, *order)))
          return failure();
      llvm::sort(*order, isBefore);
      if (failed(cut(*order)))
        return failure();
    }
    llvm::append_range(routes, *order);
  }
  return routes;
}
