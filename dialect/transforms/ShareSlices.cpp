//===- ShareSlices.cpp - windows over the same records, of the same slices ---===//
//
// Windows share where their folds stand side by side and take the same keys and
// time: branches of one block, with nothing between the record and the fold but
// expressions. The folds become one. What can go wrong in them has to be the
// same for all, for a record that is bad for one window is folded for no other;
// or it has to stop the pipeline in any case (rule 47).
//
// It is done where no window gets more slices than it has alone: then nothing is
// combined that was not combined before. Where edges of others would cut its
// slices, what a fold saves can be less than the slices cost (decision 0026).
//
//===----------------------------------------------------------------------===//
#include "dialect/exec/Exec.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/KeptWith.h"
#include "dialect/state/Layout.h"
#include "dialect/transforms/Decisions.h"
#include "dialect/transforms/FoldPairs.h"
#include "dialect/transforms/GivenValues.h"
#include "dialect/transforms/Passes.h"
#include "dialect/transforms/SharedCut.h"
#include "dialect/transforms/StateRanges.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/ADT/StringMap.h"

namespace millrace {
#define GEN_PASS_DEF_SHARESLICES
#include "dialect/transforms/Passes.h.inc"
} // namespace millrace

using namespace mlir;
using namespace millrace;

static constexpr StringLiteral flag = "stream-share-slices";

/// A slice has a bit for each window that it is of (runtime/engine/slices.h).
static constexpr size_t mostReaders = 64;
/// Up to so many keys all states are in the cache, where a second fold costs next to nothing.
static constexpr uint64_t fewKeys = 4096;

namespace {
/// A window, and where records go into it.
struct Reader {
  state::TableOp table;
  SmallVector<state::FoldOp> folds;
};

/// Windows that share.
using Group = SmallVector<Reader *>;
} // namespace

static std::string quoted(state::TableOp table) { return ("`" + table.getSymName() + "`").str(); }

/// Do these windows take the same records?
static bool haveSameRecords(Reader &a, Reader &b) {
  return !a.folds.empty() && a.folds.size() == b.folds.size() && a.table.getInputs() == b.table.getInputs() &&
         llvm::all_of(llvm::zip(a.folds, b.folds),
                      [](auto pair) { return isBeside(std::get<0>(pair), std::get<1>(pair)); });
}

//===-- which windows can -----------------------------------------------------===//

/// Why the window has slices of its own; empty: it can share.
static std::string obstacleOf(const Reader &reader) {
  state::TableOp table = reader.table;
  stream::WindowAttr window = table.getWindow();
  if (table.getTop())
    return "it keeps whole records";
  if (!window || (window.getKind() != stream::WindowKind::Tumbling && window.getKind() != stream::WindowKind::Sliding &&
                  window.getKind() != stream::WindowKind::Cumulate))
    return "it is not made of slices of time";
  if (window.getKind() == stream::WindowKind::Sliding && window.getSlide() > window.getSize())
    return "there are gaps between its windows";
  if (table.getFiring())
    return "it may fire again, or has late records";
  if (window.getDomain() != stream::TimeDomain::Event)
    return "it is in processing time";
  if (table->hasAttr(state::fillNote))
    return "it fills windows without records";
  if (stream::AlgorithmAttr algorithm = table.getAlgorithm())
    if (algorithm.getValue() == stream::Algorithm::Same)
      return "it is over the results of a window";
  if (llvm::any_of(reader.folds, [](state::FoldOp fold) { return !fold.getLate().empty(); }))
    return "its late records go on";
  return {};
}

/// The first aggregate that takes records in another order where its slices are cut finer: then those of a slice come
/// in the order of parts of it, not as they arrived. (Of float sums rule 24 promises no more than that.) Empty: none.
static std::string orderedIn(Reader &reader) {
  for (state::MemberAttr member : reader.table.getType().getMembers())
    if (expr::isUserAggregate(member.getFn()) &&
        !expr::findAggregate(member.getFn())->isOrderFree({}, member.getOptions()))
      return ("`" + member.getFn() + "` in " + quoted(reader.table)).str();
  return {};
}

//===-- members ---------------------------------------------------------------===//

namespace {
/// The members of all windows of a group, equal ones once.
class United {
public:
  explicit United(size_t folds) : given(folds) {}

  /// The numbers of the reader's members among these. What is kept with another member comes behind that, but for the
  /// first reader, whose members stay as they are.
  SmallVector<int32_t> add(Reader &reader) {
    ArrayRef<state::MemberAttr> its = reader.table.getType().getMembers();
    SmallVector<int32_t> own(its.size(), -1);
    bool isFirst = members.empty();
    for (bool holders : {true, false})
      for (unsigned i = 0; i < its.size(); ++i)
        if (own[i] < 0 && (isFirst || holders == !state::keptWith(its[i])))
          own[i] = int32_t(add(reader, i, own));
    return own;
  }

  SmallVector<state::MemberAttr> members;
  SmallVector<SmallVector<Given>> given; ///< by fold, by member

private:
  /// Equal ones of the same reader stay two, for each is combined by itself.
  unsigned add(Reader &reader, unsigned number, ArrayRef<int32_t> own) {
    ArrayRef<state::MemberAttr> its = reader.table.getType().getMembers();
    state::MemberAttr member = its[number];
    if (unsigned holder = state::holderOf(its, number); holder != number && own[holder] >= 0)
      member = state::keepWith(member, members[unsigned(own[holder])].getName());
    for (unsigned i = 0; i < members.size(); ++i)
      if (!llvm::is_contained(own, int32_t(i)) && isEqual(i, member, reader, number))
        return i;
    StringAttr name = member.getName();
    auto isTaken = [&] { return llvm::any_of(members, [&](state::MemberAttr m) { return m.getName() == name; }); };
    while (isTaken())
      name = StringAttr::get(name.getContext(), name.getValue() + "_of_" + reader.table.getSymName());
    members.push_back(state::MemberAttr::get(name.getContext(), name, member.getFn(), member.getArguments(),
                                             member.getResult(), member.getOptions()));
    for (auto [i, fold] : llvm::enumerate(reader.folds))
      given[i].push_back(givenFor(fold, its, number));
    return unsigned(members.size() - 1);
  }

  bool isEqual(unsigned i, state::MemberAttr member, Reader &reader, unsigned number) {
    if (members[i].getFn() != member.getFn() || members[i].getOptions() != member.getOptions() ||
        members[i].getArguments() != member.getArguments() || members[i].getResult() != member.getResult())
      return false;
    for (auto [n, fold] : llvm::enumerate(reader.folds)) {
      Given its = givenFor(fold, reader.table.getType().getMembers(), number);
      if (!isSame(given[n][i].filter, its.filter) ||
          !llvm::equal(given[n][i].args, its.args, [](Value a, Value b) { return isSame(a, b); }))
        return false;
    }
    return true;
  }
};
} // namespace

//===-- the pass --------------------------------------------------------------===//

namespace {
struct ShareSlicesPass : millrace::impl::ShareSlicesBase<ShareSlicesPass> {
  using ShareSlicesBase::ShareSlicesBase;

  void runOnOperation() override {
    if (sharing == SharingMode::Off)
      return;
    llvm::StringMap<SmallVector<state::FoldOp>> folds;
    getOperation().walk([&](state::FoldOp fold) { folds[fold.getTable()].push_back(fold); });
    std::vector<Reader> readers;
    for (auto table : getOperation().getOps<state::TableOp>())
      if (table.getWindow() && !table.getSlicesOf())
        readers.push_back({table, folds[table.getSymName()]});
    SmallVector<Group> groups;
    for (Reader &reader : readers)
      if (obstacleOf(reader).empty() && !join(reader, groups))
        groups.push_back({&reader});
    for (Reader &reader : readers)
      if (std::string obstacle = obstacleOf(reader); !obstacle.empty())
        for (Group &group : groups)
          if (haveSameRecords(*group.front(), reader)) {
            sayNot(reader, *group.front(), obstacle);
            break;
          }
    for (Group &group : groups)
      if (group.size() > 1)
        unite(group);
  }

  /// Puts the window into a group, if there is one for it.
  bool join(Reader &reader, SmallVector<Group> &groups) {
    std::string why;
    Reader *with = nullptr;
    for (Group &group : groups) {
      if (!haveSameRecords(*group.front(), reader))
        continue;
      std::string obstacle = obstacleWith(group, reader);
      if (obstacle.empty()) {
        group.push_back(&reader);
        return true;
      }
      if (!with) {
        with = group.front();
        why = obstacle;
      }
    }
    if (with)
      sayNot(reader, *with, why);
    return false;
  }

  void sayNot(Reader &reader, Reader &with, const std::string &why) {
    decide(reader.table.getLoc(), flag, reader.table.getSymName(), false,
           "no slices shared with " + quoted(with.table) + ": " + why);
    note(reader.table, "slices of its own, not those of " + quoted(with.table) + ": " + why);
  }

  std::string obstacleWith(const Group &group, Reader &reader) {
    if (group.size() == mostReaders)
      return "that has " + std::to_string(mostReaders) + " readers already";
    for (Reader *other : group)
      for (auto [a, b] : llvm::zip(other->folds, reader.folds))
        if (!goWrongTogether(a, b))
          return "a record can be bad for one of them alone, and go on to the other";
    SmallVector<stream::WindowAttr> windows{reader.table.getWindow()};
    for (Reader *other : group)
      windows.push_back(other->table.getWindow());
    SharedCut cut = cutShared(windows);
    if (!cut.isKnown)
      return "the edges of both are too many";
    Group all(group);
    all.push_back(&reader);
    for (Reader *one : all)
      if (std::string ordered = orderedIn(*one); cut.cutsAny && !ordered.empty())
        return "edges of the one would cut slices of the other, and " + ordered + " is not order_free";
    if (sharing == SharingMode::Always)
      return {};
    if (cut.cutsAny)
      return "edges of the one would cut slices of the other, which costs more than folding twice";
    return fewStates(reader);
  }

  /// Why a second fold would cost next to nothing; empty: it would be a miss in the cache.
  std::string fewStates(Reader &reader) {
    state::TableType type = reader.table.getType();
    if (type.getKeyTypes().empty())
      return "there is one key, whose state is in the cache";
    StateRanges ranges(getOperation());
    std::optional<uint64_t> keys = state::densePositions(type.getKeyTypes(), ranges.keysOf(reader.table));
    if (keys && *keys <= fewKeys)
      return "there are " + std::to_string(*keys) + " keys at most, whose states are in the cache";
    return {};
  }

  void note(state::TableOp table, const std::string &text) {
    table->setDiscardableAttr(state::sharingReason, StringAttr::get(&getContext(), text));
  }

  void unite(const Group &group) {
    Reader &first = *group.front();
    auto symbol = FlatSymbolRefAttr::get(first.table.getSymNameAttr());
    United united(first.folds.size());
    SmallVector<SmallVector<int32_t>> own;
    std::string names;
    for (Reader *reader : group) {
      own.push_back(united.add(*reader));
      names += (names.empty() ? "" : ", ") + quoted(reader->table);
    }
    for (size_t i = 0; i < first.folds.size(); ++i)
      foldOnce(group, i, united);
    for (auto [reader, numbers] : llvm::zip_equal(group, own)) {
      reader->table.setSlicesOfAttr(symbol);
      reader->table.setOwn(numbers);
      note(reader->table, "slices are shared by " + names);
      decide(reader->table.getLoc(), flag, reader->table.getSymName(), true, "slices are shared by " + names);
    }
    state::TableType type = first.table.getType();
    first.table.setType(
        state::TableType::get(&getContext(), type.getKeyNames(), type.getKeyTypes(), united.members, type.getLayout()));
    numShared += group.size() - 1;
  }

  /// The `number`-th folds of all become one, where the last of them is.
  void foldOnce(const Group &group, size_t number, const United &united) {
    SmallVector<exec::BranchOp> branches;
    for (Reader *reader : group)
      branches.push_back(cast<exec::BranchOp>(reader->folds[number]->getParentOp()));
    exec::BranchOp last = branches.front();
    for (exec::BranchOp branch : branches)
      if (last->isBeforeInBlock(branch))
        last = branch;
    Block &into = last.getBody().front();
    state::FoldOp first = group.front()->folds[number], end = cast<state::FoldOp>(into.back());
    for (exec::BranchOp branch : branches)
      if (branch != last)
        into.getOperations().splice(end->getIterator(), branch.getBody().front().getOperations());
    SmallVector<Value> args, filters;
    SmallVector<bool> filtered;
    for (const Given &given : united.given[number]) {
      llvm::append_range(args, given.args);
      filtered.push_back(bool(given.filter));
      if (given.filter)
        filters.push_back(given.filter);
    }
    SmallVector<Attribute> also;
    SmallVector<int32_t> terminals;
    for (Reader *reader : ArrayRef(group).drop_front()) {
      also.push_back(FlatSymbolRefAttr::get(reader->table.getSymNameAttr()));
      terminals.push_back(int32_t(reader->folds[number].getTerminal()));
    }
    OpBuilder builder = OpBuilder::atBlockEnd(&into);
    state::FoldOp::create(builder, first.getLoc(), TypeRange(), first.getTable(), first.getTerminal(), first.getKeys(),
                          first.getTime(), args, filters, filtered, builder.getArrayAttr(also),
                          builder.getDenseI32ArrayAttr(terminals));
    for (Reader *reader : group)
      reader->folds[number]->erase();
    for (exec::BranchOp branch : branches)
      if (branch != last)
        branch->erase();
    for (Operation &op : llvm::make_early_inc_range(llvm::reverse(into)))
      if (isa<expr::ExprDialect>(op.getDialect()) && isOpTriviallyDead(&op))
        op.erase();
  }
};
} // namespace
