//===- plan_test.cpp - names, sites, uses, ways and plans of pipelines ------===//
#include "dialect/stream/Demand.h"
#include "dialect/stream/Names.h"
#include "dialect/stream/Routes.h"
#include "dialect/stream/Sites.h"
#include "dialect/transforms/Plan.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace millrace;
using namespace millrace::stream;

namespace {
struct PipelineTest : ::testing::Test {
  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  std::string messages;
  ScopedDiagnosticHandler handler{&context, [this](Diagnostic &diagnostic) {
                                    messages += diagnostic.str() + "\n";
                                    return success();
                                  }};

  PipelineTest() { context.loadDialect<expr::ExprDialect, StreamDialect, state::StateDialect, exec::ExecDialect>(); }
  PipelineOp parse(StringRef body) {
    std::string text = ("stream.pipeline @p {\n" + body + "\n}").str();
    module = parseSourceString<ModuleOp>(text, &context);
    return module ? *module->getOps<PipelineOp>().begin() : PipelineOp();
  }
  static Operation *named(PipelineOp pipeline, StringRef name) {
    for (Operation &op : pipeline.getBody().front())
      if (operatorName(&op) == name)
        return &op;
    return nullptr;
  }
  /// The names along each way, `a.b.c`.
  static std::vector<std::string> ways(ArrayRef<Route> routes) {
    std::vector<std::string> texts;
    for (const Route &route : routes) {
      std::string &text = texts.emplace_back();
      for (OpOperand *use : route)
        text += (text.empty() ? "" : ".") + operatorName(use->getOwner()).str();
    }
    return texts;
  }
};

constexpr char shared[] = R"(
  %in = source stdin as json { a: i64, b: i64, spare: string }
  %x = filter %in where a > 0
  %y = filter %in where b > 0
)";

TEST_F(PipelineTest, NamesSinksAfterTheirInput) {
  PipelineOp p = parse(std::string(shared) +
                       "sink %x to stdout as json\nsink %x to stdout as csv\nsink %y to file(\"f\") as json");
  ASSERT_TRUE(p);
  ASSERT_TRUE(succeeded(nameOperators(p)));
  EXPECT_TRUE(named(p, "x_stdout") && named(p, "x_stdout_2") && named(p, "y_file"));
}

TEST_F(PipelineTest, NamesOfSinksStepAside) {
  PipelineOp p = parse(std::string(shared) + "%x_stdout = filter %x where a > 1\nsink %x to stdout as json\nsink "
                                             "%x_stdout to stdout as json\nsink %y to null");
  ASSERT_TRUE(p) << messages;
  ASSERT_TRUE(succeeded(nameOperators(p)));
  EXPECT_TRUE(isa<FilterOp>(named(p, "x_stdout")));
  EXPECT_TRUE(isa<SinkOp>(named(p, "x_stdout_2")));
}

TEST_F(PipelineTest, EqualNamesAreReported) {
  constexpr char text[] = R"("stream.pipeline"() <{sym_name = "p"}> ({
    %a = "stream.param"() <{labels = ["x"], value = 1 : i64}> : () -> i64
    %b = "stream.param"() <{labels = ["x"], value = 1 : i64}> : () -> i64
  }) : () -> ())";
  module = parseSourceString<ModuleOp>(text, ParserConfig(&context, /*verifyAfterParse=*/false));
  ASSERT_TRUE(module) << messages;
  EXPECT_TRUE(failed(nameOperators(*module->getOps<PipelineOp>().begin())));
  EXPECT_NE(messages.find("two operators are called `x`"), std::string::npos) << messages;
}

TEST_F(PipelineTest, NumbersSitesInWrittenOrder) {
  PipelineOp p = parse("%in = source stdin as json { a: i64, b: i64 }\n%m = map %in { q = a / b - a * 2, r = cast(a as "
                       "f64) }\nsink %m to null");
  ASSERT_TRUE(p) << messages;
  SmallVector<Site> sites = numberSites(p);
  std::vector<std::string> texts;
  for (const Site &site : sites)
    texts.push_back(site.op + ": " + site.text);
  EXPECT_EQ(texts,
            (std::vector<std::string>{"in: field `a`", "in: field `b`", "m: a / b", "m: a * 2", "m: a / b - a * 2"}));
  EXPECT_EQ(sites[2].line, 3u);
}

TEST_F(PipelineTest, Rule47UsesOnlyWhatReachesATerminal) {
  PipelineOp p = parse(std::string(shared) +
                       "%m = map %x { b, big = spare }\n%w = window %m global { s = sum(b) }\nsink %w to null");
  ASSERT_TRUE(p) << messages;
  Demand demand(p);
  const BitVector &used = demand.usedFields(named(p, "in")->getResult(0));
  EXPECT_TRUE(used[0] && used[1]);
  EXPECT_FALSE(used[2]) << "`big` is used by nobody";
  EXPECT_FALSE(demand.isLive(named(p, "y")));
}

TEST_F(PipelineTest, Rule10ServesConsumersInTheUnionsOrder) {
  PipelineOp p = parse(std::string(shared) + "%u = union %y, %x\nsink %u to null");
  ASSERT_TRUE(p) << messages;
  ASSERT_TRUE(succeeded(nameOperators(p)));
  numberTerminals(p);
  Demand demand(p);
  Routes routes(demand);
  EXPECT_EQ(ways(*routes.from(named(p, "in")->getResult(0))), (std::vector<std::string>{"y", "x"}));
}

TEST_F(PipelineTest, Rule10FollowsEachWayWhereNoOrderOfConsumersServes) {
  PipelineOp p = parse(std::string(shared) + "%u = union %y, %x\n%v = union %x, %y\nsink %u to null\nsink %v to null");
  ASSERT_TRUE(p) << messages;
  ASSERT_TRUE(succeeded(nameOperators(p)));
  numberTerminals(p);
  Demand demand(p);
  Routes routes(demand);
  EXPECT_EQ(ways(*routes.from(named(p, "in")->getResult(0))),
            (std::vector<std::string>{"y.u.u_null", "x.u.u_null", "x.v.v_null", "y.v.v_null"}));
}

TEST_F(PipelineTest, Rule10WhatKeepsStateTakesARecordOnce) {
  // u asks for `once` before y, v for y before `once`: y goes to v first.
  PipelineOp p =
      parse(std::string(shared) + "%k = key_by %in on a\n%once = deduplicate %k keep first\n%u = union %once, "
                                  "%y\n%v = union %y, %once\nsink %u to null\nsink %v to null");
  ASSERT_TRUE(p) << messages;
  ASSERT_TRUE(succeeded(nameOperators(p)));
  numberTerminals(p);
  Demand demand(p);
  Routes routes(demand);
  EXPECT_EQ(ways(*routes.from(named(p, "in")->getResult(0))),
            (std::vector<std::string>{"y.v.v_null", "k.once", "y.u.u_null"}));
  EXPECT_EQ(ways(*routes.from(named(p, "once")->getResult(0))), (std::vector<std::string>{"u", "v"}));
}

TEST_F(PipelineTest, Rule47DeduplicateUsesItsKeysAndWhatIsUsedBehindIt) {
  PipelineOp p = parse("%in = source stdin as json { a: i64, b: i64, spare: string }\n%k = key_by %in on a\n%once = "
                       "deduplicate %k keep last\n%m = map %once { a, half = b / 2 }\nsink %m to null");
  ASSERT_TRUE(p) << messages;
  EXPECT_TRUE(isTerminal(named(p, "once")));
  Demand demand(p);
  const BitVector &used = demand.usedFields(named(p, "in")->getResult(0));
  EXPECT_TRUE(used[0] && used[1]);
  EXPECT_FALSE(used[2]);
}

TEST_F(PipelineTest, AnInputTwiceIsTwoCopies) {
  PipelineOp p = parse(std::string(shared) + "%u = union %x, %x\nsink %u to null\nsink %y to null");
  ASSERT_TRUE(p) << messages;
  numberTerminals(p);
  Demand demand(p);
  Routes routes(demand);
  EXPECT_EQ(routes.from(named(p, "x")->getResult(0))->size(), 2u);
}

TEST_F(PipelineTest, ManySinksAreNotManyWays) {
  std::string body = "%in = source stdin as json { a: i64 }\n%x = filter %in where a > 0\n";
  for (int i = 0; i < 1100; ++i)
    body += "sink %x to null\n";
  PipelineOp p = parse(body);
  ASSERT_TRUE(p) << messages;
  ASSERT_TRUE(succeeded(nameOperators(p)));
  numberTerminals(p);
  Demand demand(p);
  Routes routes(demand);
  EXPECT_EQ(routes.from(named(p, "in")->getResult(0))->size(), 1u);
  EXPECT_EQ(routes.from(named(p, "x")->getResult(0))->size(), 1100u);
}

TEST_F(PipelineTest, PlanTellsWhatDependsOnTheClock) {
  PipelineOp p =
      parse(std::string(shared) +
            "%w = window %x tumbling 1 s in processing_time { n = count() }\nsink %w to null\nsink %y to null");
  ASSERT_TRUE(p) << messages;
  FailureOr<std::vector<Plan>> plans = makePlans(*module, {});
  ASSERT_TRUE(succeeded(plans)) << messages;
  const Plan &plan = plans->front();
  ASSERT_EQ(plan.results.size(), 2u);
  EXPECT_FALSE(plan.results[0].deterministic);
  EXPECT_NE(plan.results[0].reason.find("processing time"), std::string::npos);
  EXPECT_TRUE(plan.results[1].deterministic);
}

TEST_F(PipelineTest, PlanShowsBeforeAndAfterWithDecisions) {
  PipelineOp p = parse("%in = source stdin as json { a: i64, b: i64, spare: string }\n%m = map %in { q = a / b, b }\n"
                       "%f = filter %m where q > 0 and b < 9\nsink %f to null");
  ASSERT_TRUE(p) << messages;
  std::string before;
  llvm::raw_string_ostream(before) << *module;
  FailureOr<std::vector<Plan>> plans = makePlans(*module, {});
  ASSERT_TRUE(succeeded(plans)) << messages;
  std::string after;
  llvm::raw_string_ostream(after) << *module;
  EXPECT_EQ(before, after) << "the module is left as it is";
  const Plan &plan = plans->front();
  EXPECT_EQ(plan.written.size(), 4u);
  EXPECT_EQ(plan.optimised.size(), 5u) << "the filter's conjuncts are two";
  EXPECT_EQ(plan.optimised[1].text, "%0 = filter %in where a / b > 0");
  EXPECT_EQ(plan.optimised[2].id, "f#2");
  std::string text, dot;
  llvm::raw_string_ostream textOs(text), dotOs(dot);
  printText(plan, textOs);
  printGraphviz(plan, dotOs);
  EXPECT_NE(text.find("f: moved above `m`   [stream-push-filters, line 4]"), std::string::npos) << text;
  EXPECT_NE(text.find("keep where a / b > 0   [f"), std::string::npos) << text;
  EXPECT_NE(text.find("in: checks the syntax of `spare`"), std::string::npos) << text;
  EXPECT_NE(dot.find("\"optimised:f\" -> \"optimised:f#2\""), std::string::npos) << dot;
  EXPECT_EQ(toJson(plan).getArray("results")->size(), 1u);
}

TEST_F(PipelineTest, PlanWarnsOfStateThatNothingBounds) {
  PipelineOp p = parse("%in = source stdin as json { a: i64 }\n%k = key_by %in on a\n%w = window %k global { n = "
                       "count() }\nsink %w to null");
  ASSERT_TRUE(p) << messages;
  FailureOr<std::vector<Plan>> plans = makePlans(*module, {});
  ASSERT_TRUE(succeeded(plans));
  ASSERT_EQ(plans->front().warnings.size(), 1u);
  EXPECT_EQ(plans->front().warnings[0],
            "`w` keeps something for each key for ever, and `in` has no end: a window in time would bound it, or a "
            "declared range of `a`, as in `name: i64 between 0 and 9999`");
}
} // namespace
