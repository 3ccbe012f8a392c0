//===- PlanWriters.cpp - a plan as text, JSON and Graphviz ------------------===//
#include "dialect/transforms/Plan.h"
#include "llvm/ADT/StringExtras.h"

using namespace llvm;
using namespace millrace;

//===-- text ----------------------------------------------------------------===//

static void printOperators(StringRef title, const std::vector<PlanOperator> &operators, raw_ostream &os) {
  os << "\n" << title << "\n";
  for (const PlanOperator &op : operators) {
    SmallVector<StringRef> lines;
    StringRef(op.text).split(lines, '\n');
    for (StringRef line : lines)
      os << "  " << line << "\n";
  }
}

Plan millrace::beforeOptimisation(Plan plan) {
  Plan before;
  before.pipeline = std::move(plan.pipeline);
  before.written = std::move(plan.written);
  before.results = std::move(plan.results);
  before.warnings = std::move(plan.warnings);
  return before;
}

namespace {
/// How often a pass did something, and how often it considered it and did not.
struct PassCount {
  std::string pass;
  unsigned done = 0, notDone = 0;
};
} // namespace

/// In the order in which passes first decided something.
static std::vector<PassCount> countDecisions(const Plan &plan) {
  std::vector<PassCount> counts;
  for (const PlanDecision &decision : plan.decisions) {
    auto known = find_if(counts, [&](const PassCount &count) { return count.pass == decision.pass; });
    if (known == counts.end())
      known = counts.insert(known, {decision.pass});
    ++(decision.done ? known->done : known->notDone);
  }
  return counts;
}

static void printDecisions(const Plan &plan, raw_ostream &os) {
  os << "\nDecisions\n";
  for (const PlanDecision &decision : plan.decisions) {
    os << "  " << decision.name << ": " << decision.text;
    os << "   [" << decision.pass << (decision.line ? ", line " + std::to_string(decision.line) : "") << "]\n";
  }
  if (plan.decisions.empty()) {
    os << "  none\n";
    return;
  }
  os << "\nStatistics\n";
  for (const PassCount &count : countDecisions(plan))
    os << "  " << count.pass << ": " << count.done << " done, " << count.notDone << " considered and not done\n";
}

static void printSteps(const Plan &plan, raw_ostream &os) {
  os << "\nSteps\n";
  for (const PlanStep &step : plan.steps) {
    os << (step.fires ? "  when " : "  behind ") << step.behind << (step.fires ? " fires" : "");
    if (!step.reads.empty())
      os << " (uses " << join(step.reads, ", ") << ")";
    os << ":\n";
    for (const std::string &line : step.does)
      os << "    " << line << "\n";
  }
}

static void printState(const Plan &plan, raw_ostream &os) {
  if (plan.state.empty())
    return;
  os << "\nState\n";
  for (const PlanState &state : plan.state) {
    os << "  " << state.name << ": " << state.layout;
    if (state.slotBytes)
      os << ", " << state.slotBytes << " bytes a slot";
    if (state.coldBytes)
      os << " and " << state.coldBytes << " aside";
    os << "   [" << state.lives << "]\n    " << state.reason << "\n";
    if (!state.algorithm.empty())
      os << (state.perRecord || state.algorithm == "panes" || state.algorithm == "sessions" ? "    " : "    slices, ")
         << state.algorithm << ": " << state.algorithmReason << "\n";
    if (!state.sharing.empty())
      os << "    " << state.sharing << "\n";
    for (const PlanMember &member : state.members)
      os << "    " << member.name << " (" << member.text
         << (member.keptWith.empty() ? "" : ", kept with " + member.keptWith) << "): written behind "
         << join(member.writtenBy, ", ")
         << (member.readBy.empty() ? ", read by nothing" : ", read behind " + join(member.readBy, ", ")) << "\n";
  }
}

void millrace::printText(const Plan &plan, raw_ostream &os) {
  os << "Plan of " << plan.pipeline << "\n";
  printOperators("As written", plan.written, os);
  if (!plan.optimised.empty()) {
    printOperators("After optimisation", plan.optimised, os);
    printSteps(plan, os);
    printState(plan, os);
    printDecisions(plan, os);
  }
  os << "\nResults\n";
  for (const PlanResult &result : plan.results)
    os << "  " << result.sink << ": " << (result.deterministic ? "deterministic, " : "not deterministic, ")
       << result.reason << "\n";
  if (!plan.warnings.empty())
    os << "\nMind\n";
  for (const std::string &warning : plan.warnings)
    os << "  " << warning << "\n";
}

//===-- JSON ----------------------------------------------------------------===//

static json::Array toJson(const std::vector<std::string> &texts) {
  json::Array array;
  for (const std::string &text : texts)
    array.push_back(text);
  return array;
}

static json::Array toJson(const std::vector<PlanOperator> &operators) {
  json::Array array;
  for (const PlanOperator &op : operators)
    array.push_back(json::Object{{"id", op.id},
                                 {"name", op.name},
                                 {"kind", op.kind},
                                 {"text", op.text},
                                 {"inputs", toJson(op.inputs)},
                                 {"line", op.line}});
  return array;
}

static json::Object toJson(const PlanState &state) {
  json::Array members;
  for (const PlanMember &member : state.members) {
    json::Object one{{"name", member.name},
                     {"function", member.text},
                     {"written_behind", toJson(member.writtenBy)},
                     {"read_behind", toJson(member.readBy)}};
    if (!member.keptWith.empty())
      one["kept_with"] = member.keptWith;
    members.push_back(std::move(one));
  }
  json::Object object{{"operator", state.name},
                      {"lives", state.lives},
                      {"layout", state.layout},
                      {"reason", state.reason},
                      {"members", std::move(members)}};
  if (!state.algorithm.empty()) {
    object["algorithm"] = state.algorithm;
    object["algorithm_reason"] = state.algorithmReason;
  }
  if (!state.sharing.empty())
    object["sharing"] = state.sharing;
  if (state.slotBytes) {
    object["slot_bytes"] = state.slotBytes;
    object["cold_bytes"] = state.coldBytes;
  }
  return object;
}

json::Object millrace::toJson(const Plan &plan) {
  json::Array steps, states, decisions, results, statistics;
  for (const PlanStep &step : plan.steps)
    steps.push_back(json::Object{{"behind", step.behind},
                                 {"kind", step.fires ? "window" : "source"},
                                 {"uses", ::toJson(step.reads)},
                                 {"does", ::toJson(step.does)}});
  for (const PlanState &state : plan.state)
    states.push_back(::toJson(state));
  for (const PlanDecision &decision : plan.decisions)
    decisions.push_back(json::Object{{"pass", decision.pass},
                                     {"operator", decision.name},
                                     {"done", decision.done},
                                     {"text", decision.text},
                                     {"line", decision.line}});
  for (const PassCount &count : countDecisions(plan))
    statistics.push_back(json::Object{{"pass", count.pass}, {"done", count.done}, {"not_done", count.notDone}});
  for (const PlanResult &result : plan.results)
    results.push_back(
        json::Object{{"sink", result.sink}, {"deterministic", result.deterministic}, {"reason", result.reason}});
  return json::Object{
      {"pipeline", plan.pipeline},     {"written", ::toJson(plan.written)},   {"optimised", ::toJson(plan.optimised)},
      {"steps", std::move(steps)},     {"state", std::move(states)},          {"decisions", std::move(decisions)},
      {"results", std::move(results)}, {"warnings", ::toJson(plan.warnings)}, {"statistics", std::move(statistics)}};
}

//===-- Graphviz ------------------------------------------------------------===//

/// A double-quoted string of the dot language; lines are set left.
static std::string dotText(StringRef text) {
  std::string quoted = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      quoted += '\\';
    if (c == '\n')
      quoted += "\\l";
    else
      quoted += c;
  }
  return quoted + (text.contains('\n') ? "\\l\"" : "\"");
}

static StringRef shapeOf(StringRef kind) {
  return kind == "source" || kind == "sink"                               ? "cylinder"
         : kind == "aggregate"                                            ? "note"
         : kind == "window" || kind == "running" || kind == "deduplicate" ? "box3d"
                                                                          : "box";
}

/// How an operator's state lies, below its text.
static std::string labelOf(const PlanOperator &op, ArrayRef<PlanState> states) {
  for (const PlanState &state : states)
    if (state.name == op.name && shapeOf(op.kind) == "box3d")
      return op.text + "\n" + state.layout +
             (state.slotBytes ? ", " + std::to_string(state.slotBytes) + " bytes a slot" : "");
  return op.text;
}

static void printCluster(StringRef title, StringRef prefix, const std::vector<PlanOperator> &operators,
                         ArrayRef<PlanState> states, raw_ostream &os) {
  os << "  subgraph cluster_" << prefix << " {\n    label=" << dotText(title) << ";\n";
  for (const PlanOperator &op : operators)
    os << "    " << dotText((prefix + ":" + op.id).str()) << " [shape=" << shapeOf(op.kind)
       << ", label=" << dotText(labelOf(op, states)) << "];\n";
  for (const PlanOperator &op : operators)
    for (const std::string &input : op.inputs)
      os << "    " << dotText((prefix + ":" + input).str()) << " -> " << dotText((prefix + ":" + op.id).str()) << ";\n";
  os << "  }\n";
}

void millrace::printGraphviz(const Plan &plan, raw_ostream &os) {
  os << "digraph " << dotText(plan.pipeline) << " {\n  node [fontname=monospace, fontsize=10];\n";
  printCluster("as written", "written", plan.written, {}, os);
  if (!plan.optimised.empty())
    printCluster("after optimisation", "optimised", plan.optimised, plan.state, os);
  os << "}\n";
}
