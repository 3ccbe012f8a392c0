//===- PlanSteps.cpp - what the steps do, in words --------------------------===//
#include "dialect/expr/AggregateFacts.h"
#include "dialect/state/BestRows.h"
#include "dialect/stream/Clauses.h"
#include "dialect/stream/Sites.h"
#include "dialect/transforms/PlanParts.h"

using namespace mlir;
using namespace millrace;

namespace {
/// Writes the lines of one step.
struct StepWriter {
  std::vector<std::string> &lines;

  void write(Block &block, unsigned depth) {
    for (Operation &op : block) {
      std::string line = describe(op);
      if (line.empty())
        continue;
      lines.push_back(std::string(2 * depth, ' ') + line);
      for (Region &region : op.getRegions())
        write(region.front(), depth + 1);
    }
  }

private:
  static std::string leaf(Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return exec::argumentNames(*argument.getOwner())[argument.getArgNumber()];
    if (auto param = value.getDefiningOp<exec::ParamOp>())
      return "%" + param.getName().str();
    if (auto fold = value.getDefiningOp<state::FoldOp>()) // late records
      return value == fold.getLate()[0] ? "late" : "reason";
    return "?";
  }
  /// How many operations and leaves are written of a value, where each of its uses is written out; or `most`.
  static unsigned sizeOf(Value value, unsigned most, llvm::DenseMap<Value, unsigned> &known) {
    Operation *op = value.getDefiningOp();
    if (!op)
      return 1;
    if (auto at = known.find(value); at != known.end())
      return at->second;
    unsigned size = 1;
    for (Value operand : op->getOperands())
      size = std::min(most, size + sizeOf(operand, most, known));
    return known[value] = size;
  }
  /// An expression of others that use what is before them again and again is not written out: it could be as long as it
  /// has ways.
  static std::string text(Value value) {
    constexpr unsigned most = 500;
    llvm::DenseMap<Value, unsigned> known;
    return sizeOf(value, most, known) < most ? stream::expressionText(value, leaf) : "...";
  }
  static SmallVector<std::string> texts(ValueRange values) {
    return llvm::map_to_vector(values, [](Value value) { return text(value); });
  }
  static std::string list(ValueRange values) {
    std::string all;
    for (Value value : values)
      all += (all.empty() ? "" : ", ") + text(value);
    return all;
  }

  std::string describe(Operation &op) {
    return TypeSwitch<Operation *, std::string>(&op)
        .Case([](exec::KeepOp keep) {
          return "keep where " + text(keep.getCondition()) + "   [" + keep.getFilter().str() +
                 (keep.getBranchFree() ? ", no branch" : "") + "]";
        })
        .Case([](exec::BranchOp) { return std::string("branch"); })
        .Case([](exec::UnnestOp unnest) { return "for each element of " + text(unnest.getList()); })
        .Case([](exec::StageOp stage) { return "-- next loop: " + stage.getReason().str(); })
        .Case([](exec::EmitOp emit) { return "row (" + list(emit.getValues()) + ") to " + emit.getSink().str(); })
        .Case([](state::FoldOp fold) {
          std::string also;
          if (fold.getAlso())
            for (auto other : fold.getAlsoAttr().getAsRange<FlatSymbolRefAttr>())
              also += (also.empty() ? ", once for " : ", ") + other.getValue().str();
          return "fold into " + describeFold(fold) + also;
        })
        .Case([](state::AwaitOp await) { return "wait in " + describeFold(await); })
        .Case([](state::UpdateOp update) { return "update " + describeFold(update); })
        .Case([](state::AdmitOp admit) {
          return "if it is the first in " + admit.getTable().str() + " by (" + list(admit.getKeys()) + ")" +
                 stateText(tableOf(admit));
        })
        .Default([](Operation *) { return std::string(); });
  }
  template <typename OpT> static state::TableOp tableOf(OpT op) {
    return SymbolTable::lookupNearestSymbolFrom<state::TableOp>(op, op.getTableAttr());
  }
  /// How long a table's state lives, and how it lies: `   [tumbling 1 h, inline]`.
  static std::string stateText(state::TableOp table) {
    state::KeepAttr keep = table.getKeep();
    std::string lives = !keep                                     ? windowOf(table)
                        : keep.getKind() == state::KeepKind::Over ? livesText(keep)
                                                                  : "keep " + keep.text();
    return "   [" + lives + ", " + table.getType().getLayout().text() + "]";
  }
  /// ` by (k): the first 3 by n desc, with ties`.
  static std::string describeTop(ValueRange group, ValueRange by, ArrayRef<bool> descending, int64_t limit, bool ties) {
    std::string line = group.empty() ? "" : " by (" + list(group) + ")";
    line += ": the first " + std::to_string(limit) + " by ";
    for (auto [i, turned] : llvm::enumerate(descending))
      line += (i ? ", " : "") + text(by[i]) + (turned ? " desc" : " asc");
    return line + (ties ? ", with ties" : "");
  }
  /// What a fold or an update does.
  template <typename OpT> static std::string describeFold(OpT fold) {
    state::TableOp table = tableOf(fold);
    std::string line = fold.getTable().str();
    ArrayRef<state::MemberAttr> members = table.getType().getMembers();
    if (state::TopAttr top = table.getTop())
      return line +
             describeTop(fold.getKeys().take_front(top.getGroups()), fold.getKeys().drop_front(top.getGroups()),
                         top.getDescending().asArrayRef(), top.getLimit(), top.getTies()) +
             stateText(table);
    if (members.size() == 1 && !state::directionsOf(members[0]).empty()) {
      DictionaryAttr options = members[0].getOptions();
      return line +
             describeTop(fold.getKeys(), fold.getArgs(), state::directionsOf(members[0]),
                         options.getAs<IntegerAttr>("limit").getInt(), options.contains("with_ties")) +
             stateText(table);
    }
    if (!fold.getKeys().empty())
      line += " by (" + list(fold.getKeys()) + ")";
    unsigned arg = 0, filter = 0;
    line += table.getType().getMembers().empty() ? "" : ": ";
    for (auto [i, member] : llvm::enumerate(table.getType().getMembers())) {
      size_t taken = member.getArguments().size();
      line += (i ? ", " : "") + member.getName().str() + " = " +
              expr::aggregateOpening(member.getFn(), member.getOptions()) +
              expr::argumentsText(texts(fold.getArgs().slice(arg, taken)), member.getOptions());
      arg += taken;
      if (fold.getFiltered()[i])
        line += " where " + text(fold.getFilters()[filter++]);
    }
    return line + stateText(table);
  }
};
} // namespace

static std::vector<std::string> argumentsRead(Block &block) {
  std::vector<std::string> names;
  for (auto [argument, name] : llvm::zip(block.getArguments(), exec::argumentNames(block)))
    if (!argument.use_empty())
      names.push_back(name);
  return names;
}

void millrace::addSteps(exec::ProgramOp program, Plan &plan) {
  auto add = [&](StringRef behind, bool fires, Block &block) {
    PlanStep &step = plan.steps.emplace_back(PlanStep{behind.str(), fires, argumentsRead(block), {}});
    StepWriter{step.does}.write(block, 0);
  };
  for (Operation &op : program.getBody().front()) {
    if (auto step = dyn_cast<exec::StepOp>(op))
      add(step.getInput(), false, step.getBody().front());
    if (auto fire = dyn_cast<exec::FireOp>(op))
      add(fire.getTable(), true, fire.getBody().front());
  }
}
