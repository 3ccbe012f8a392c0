//===- StateRanges.cpp - which values the keys of tables can have -----------===//
#include "dialect/transforms/StateRanges.h"
#include "dialect/expr/Types.h"
#include "dialect/state/Shape.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace millrace;
using expr::Range;

StateRanges::StateRanges(exec::ProgramOp program) : program(program) {
  program.walk([&](state::StateAccess access) { writers[access.getTable()].push_back(access); });
}

//===-- leaves --------------------------------------------------------------===//

/// The numbers of a `sequence` whose end is written in the pipeline.
static std::optional<Range> rangeOfSequence(exec::SourceOp source) {
  auto number = [&](StringRef option, int64_t otherwise) -> std::optional<int64_t> {
    Attribute value = source.getOptions().get(option);
    if (!value)
      return otherwise;
    auto integer = dyn_cast<IntegerAttr>(value);
    return integer ? std::optional(integer.getValue().getSExtValue()) : std::nullopt;
  };
  std::optional<int64_t> count = number("count", -1), from = number("from", 0);
  if (!count || !from || *count < 0)
    return std::nullopt;
  return Range{*from, expr::Wide(*from) + *count - 1};
}

StateRanges::MaybeRange StateRanges::ofField(StringAttr name, ArrayRef<int32_t> fields, unsigned number) {
  auto source = dyn_cast_or_null<exec::SourceOp>(SymbolTable::lookupSymbolIn(program, name));
  if (!source || number >= fields.size())
    return std::nullopt; // the event time
  size_t field = size_t(fields[number]);
  if (source.getConnector() == "sequence" && field == 0)
    return rangeOfSequence(source);
  if (field >= source.getColumns().size())
    return std::nullopt; // a dead letter's
  auto column = dyn_cast<stream::ColumnAttr>(source.getColumns()[field]);
  if (!column || !column.hasRange())
    return std::nullopt;
  bool isUnsigned = column.getLeast().getType().isUnsignedInteger();
  auto wide = [&](IntegerAttr bound) {
    return isUnsigned ? expr::Wide(bound.getValue().getZExtValue()) : expr::Wide(bound.getValue().getSExtValue());
  };
  return Range{wide(column.getLeast()), wide(column.getGreatest())};
}

/// Of argument `number` of a body whose arguments are a table's keys, `between` others, and the members' results.
StateRanges::MaybeRange StateRanges::ofTable(StringRef table, unsigned number, unsigned between) {
  const Facts &facts = factsOf(table);
  if (number < facts.keys.size())
    return facts.keys[number];
  number -= facts.keys.size();
  if (number < between || number - between >= facts.members.size())
    return std::nullopt;
  return facts.members[number - between];
}

StateRanges::MaybeRange StateRanges::of(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  if (!argument)
    return std::nullopt;
  unsigned number = argument.getArgNumber();
  return llvm::TypeSwitch<Operation *, MaybeRange>(argument.getOwner()->getParentOp())
      .Case([&](exec::StepOp step) { return ofField(step.getInputAttr().getAttr(), step.getFields(), number); })
      .Case([&](exec::FireOp fire) -> MaybeRange {
        auto table = dyn_cast_or_null<state::TableOp>(SymbolTable::lookupSymbolIn(program, fire.getTableAttr()));
        if (!table || !table.getWindow())
          return std::nullopt;
        state::TableType type = table.getType(); // between its keys and members stands what its window is
        unsigned between =
            unsigned(fire.getBody().getNumArguments() - 1 - type.getKeyTypes().size() - table.firedMembers().size());
        return ofTable(fire.getTable(), number, between);
      })
      .Case([&](state::UpdateOp update) { return ofTable(update.getTable(), number, 0); })
      .Default([](Operation *) { return std::nullopt; });
}

//===-- tables --------------------------------------------------------------===//

/// What holds where `op` stands: the filters before it have let the record through.
static void assumeFilters(Operation *op, expr::Ranges &ranges) {
  SmallVector<exec::KeepOp> filters;
  for (; op && !isa<exec::ProgramOp>(op); op = op->getParentOp())
    for (Operation *before = op->getPrevNode(); before; before = before->getPrevNode())
      if (auto keep = dyn_cast<exec::KeepOp>(before))
        filters.push_back(keep);
  for (exec::KeepOp keep : llvm::reverse(filters))
    ranges.assume(keep.getCondition());
}

static std::optional<Range> either(std::optional<Range> a, std::optional<Range> b, bool first) {
  if (first || !a || !b)
    return first ? b : std::nullopt;
  return expr::join(*a, *b);
}

/// What a member gives, of arguments in `argument`.
static std::optional<Range> resultRange(state::MemberAttr member, std::optional<Range> argument) {
  if (member.getFn() == "count")
    return Range{0, INT64_MAX};
  bool picks = !state::keepsList(member) &&
               llvm::is_contained({"min", "max", "argmin", "argmax", "first", "last"}, member.getFn());
  return picks ? argument : std::nullopt;
}

const StateRanges::Facts &StateRanges::factsOf(StringRef name) {
  auto [at, isNew] = known.try_emplace(name.str());
  Facts &facts = at->second;
  auto table = dyn_cast_or_null<state::TableOp>(SymbolTable::lookupSymbolIn(program, name));
  if (!isNew || !table)
    return facts;
  Facts found;
  if (table.readsOthers()) { // whose fold is for both
    const Facts &others = factsOf(*table.getSlicesOf());
    found.keys = others.keys;
    for (int32_t member : table.getOwnAttr().asArrayRef())
      found.members.push_back(size_t(member) < others.members.size() ? others.members[member] : std::nullopt);
    facts = std::move(found);
    return facts;
  }
  bool first = true;
  for (Operation *op : writers[name]) {
    auto access = cast<state::StateAccess>(op);
    if (!access.writesKeys())
      continue;
    expr::Ranges ranges([this](Value value) { return of(value); });
    assumeFilters(op, ranges);
    SmallVector<MaybeRange> keys, members;
    for (Value key : access.keyOperands())
      keys.push_back(ranges.of(key));
    keys.resize(table.getType().getKeyTypes().size()); // the arrival of a record is its table's
    unsigned next = 0;
    for (state::MemberAttr member : table.getType().getMembers()) {
      size_t taken = member.getArguments().size();
      members.push_back(resultRange(member, taken ? ranges.of(access.argumentOperands()[next]) : std::nullopt));
      next += taken;
    }
    found.keys.resize(keys.size());
    found.members.resize(members.size());
    for (auto [into, range] : llvm::zip_equal(found.keys, keys))
      into = either(into, range, first);
    for (auto [into, range] : llvm::zip_equal(found.members, members))
      into = either(into, range, first);
    first = false;
  }
  facts = std::move(found); // the map keeps its places
  return facts;
}

/// A range as layouts have it.
static state::KeyRange toKeyRange(std::optional<Range> range) {
  if (!range || (!range->isEmpty() && (range->least < INT64_MIN || range->greatest > INT64_MAX)))
    return {};
  if (range->isEmpty()) // always null or an error
    return {0, 1};
  expr::Wide values = range->greatest - range->least + 1;
  return {int64_t(range->least), values > INT64_MAX ? 0 : uint64_t(values)};
}

SmallVector<state::KeyRange> StateRanges::keysOf(state::TableOp table) {
  const Facts &facts = factsOf(table.getSymName());
  SmallVector<state::KeyRange> ranges;
  for (auto [i, type] : llvm::enumerate(table.getType().getKeyTypes()))
    ranges.push_back(toKeyRange(i < facts.keys.size() ? facts.keys[i] : expr::rangeOfType(type)));
  return ranges;
}
