//===- surface_typing.cpp - how types meet; the tables against the parser -----===//
#include "dialect/Register.h"
#include "dialect/expr/AggregateFacts.h"
#include "dialect/expr/Functions.h"
#include "dialect/expr/Typing.h"
#include "dialect/import/Import.h"
#include "dialect/stream/Connectors.h"
#include "mlir/IR/MLIRContext.h"
#include <gtest/gtest.h>

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

namespace {
struct SurfaceTyping : testing::Test {
  SurfaceTyping() : context(registry()) { context.loadAllAvailableDialects(); }
  static DialectRegistry registry() {
    DialectRegistry all;
    registerDialects(all);
    return all;
  }
  Type type(StringRef text) {
    unsigned width = 0;
    (void)text.drop_front().getAsInteger(10, width);
    switch (text[0]) {
    case 'i':
      return IntegerType::get(&context, width);
    case 'u':
      return IntegerType::get(&context, width, IntegerType::Unsigned);
    case 'f':
      return width == 32 ? Type(Float32Type::get(&context)) : Type(Float64Type::get(&context));
    default:
      return {};
    }
  }
  std::string meet(StringRef a, StringRef b) {
    Type common = commonNumber(type(a), type(b));
    EXPECT_EQ(common, commonNumber(type(b), type(a))) << "meeting has no order";
    return common ? typeText(common) : "none";
  }
  /// The first message for a pipeline, or nothing if it is right.
  std::string messageOf(const std::string &text) {
    std::string message;
    ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diag) {
      if (message.empty())
        message = diag.str();
      return success();
    });
    return parsePipelineText(text, "test.mlir", &context) ? "" : message;
  }
  MLIRContext context;
};
} // namespace

// Rule 46: where numbers of different types meet.
TEST_F(SurfaceTyping, NumbersMeet) {
  EXPECT_EQ(meet("i8", "i8"), "i8");
  EXPECT_EQ(meet("i8", "i64"), "i64");
  EXPECT_EQ(meet("u8", "u32"), "u32");
  EXPECT_EQ(meet("u8", "i8"), "i16");
  EXPECT_EQ(meet("u16", "i64"), "i64");
  EXPECT_EQ(meet("u32", "i8"), "i64");
  EXPECT_EQ(meet("u64", "i64"), "none");
  EXPECT_EQ(meet("u64", "i8"), "none");
  EXPECT_EQ(meet("i8", "f32"), "f64");
  EXPECT_EQ(meet("u64", "f64"), "f64");
  EXPECT_EQ(meet("f32", "f32"), "f32");
  EXPECT_EQ(meet("f32", "f64"), "f64");
}

TEST_F(SurfaceTyping, WhatMeetsHoldsBoth) {
  auto bits = [](Type t) { return t.getIntOrFloatBitWidth(); };
  for (const char *a : {"i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"})
    for (const char *b : {"i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"})
      if (Type common = commonNumber(type(a), type(b)))
        for (Type part : {type(a), type(b)})
          EXPECT_TRUE(part.isUnsignedInteger() == common.isUnsignedInteger()
                          ? bits(part) <= bits(common)
                          : bits(part) < bits(common) && !common.isUnsignedInteger())
              << a << " " << b;
}

// Rules 23, 25, 28.
TEST_F(SurfaceTyping, Aggregates) {
  auto of = [&](StringRef fn, ArrayRef<Type> arguments, bool maybeNothing = false) {
    return aggregateType(*findAggregate(fn), arguments, maybeNothing, &context);
  };
  Type i64 = type("i64"), f64 = type("f64"), flag = type("i1"), text = expr::StringType::get(&context);
  EXPECT_EQ(of("sum", type("i8")), i64);
  EXPECT_EQ(of("sum", type("u16")), type("u64"));
  EXPECT_EQ(of("sum", type("f32")), f64);
  EXPECT_EQ(of("avg", type("i32")), f64);
  EXPECT_EQ(of("max", type("f32")), type("f32"));
  EXPECT_EQ(of("first", flag), flag);
  EXPECT_EQ(of("count", {}, true), i64);
  EXPECT_EQ(of("count", withNull(text, true)), i64);
  EXPECT_EQ(of("min", flag), Type());
  EXPECT_EQ(of("sum", text), Type());
  EXPECT_EQ(of("sum", {}), Type());
  EXPECT_EQ(of("sum", withNull(i64, true)), withNull(i64, true));
  EXPECT_EQ(of("sum", i64, true), withNull(i64, true));
  EXPECT_EQ(of("argmax", {text, f64}), text);
  EXPECT_EQ(of("argmax", {text, withNull(f64, true)}), withNull(text, true));
  EXPECT_EQ(of("argmax", {text, flag}), Type());
  EXPECT_EQ(of("argmax", text), Type());
  EXPECT_EQ(of("any", flag), flag);
  EXPECT_EQ(of("all", i64), Type());
  EXPECT_EQ(of("bit_or", type("u8")), type("u8"));
  EXPECT_EQ(of("bit_or", f64), Type());
  EXPECT_EQ(of("var_pop", i64), f64);
  EXPECT_EQ(of("var_samp", i64), withNull(f64, true));
  EXPECT_EQ(of("corr", {i64, f64}), withNull(f64, true));
}

// Rule 24: what has to do with floats is never taken away, and depends on their order.
TEST_F(SurfaceTyping, FactsOfAggregates) {
  for (const expr::Aggregate &aggregate : aggregates()) {
    bool keepsValues = aggregate.state != expr::Aggregate::Constant;
    if (!keepsValues && aggregate.maxArgs() > 0 && aggregate.parameter(0) == 'n') {
      SmallVector<Type> floats(aggregate.maxArgs(), withNull(type("f32"), true));
      EXPECT_FALSE(aggregate.hasExactInverse(floats)) << aggregate.name.str();
      EXPECT_FALSE(aggregate.isOrderFree(floats)) << aggregate.name.str();
    }
    EXPECT_FALSE(aggregate.idempotent && aggregate.inverse != expr::Aggregate::Never) << aggregate.name.str();
  }
  EXPECT_TRUE(findAggregate("sum")->hasExactInverse(withNull(type("i8"), true)));
  EXPECT_TRUE(findAggregate("count")->hasExactInverse({}));
  EXPECT_FALSE(findAggregate("last")->isOrderFree(type("i8")));
  EXPECT_TRUE(findAggregate("median")->isOrderFree(type("f64")));
}

// Rule 24: an exact sum of floats is order-free and can be taken back; one over a set cannot.
TEST_F(SurfaceTyping, OptionsOfAggregates) {
  Builder builder(&context);
  auto with = [&](std::initializer_list<NamedAttribute> options) { return builder.getDictionaryAttr(options); };
  NamedAttribute exact = builder.getNamedAttr("exact", builder.getUnitAttr()),
                 distinct = builder.getNamedAttr("distinct", builder.getUnitAttr()),
                 half = builder.getNamedAttr("fraction", builder.getF64FloatAttr(0.5)),
                 two = builder.getNamedAttr("fraction", builder.getF64FloatAttr(2));
  const expr::Aggregate &sum = *findAggregate("sum"), &most = *findAggregate("max"),
                        &quantile = *findAggregate("quantile");
  EXPECT_TRUE(sum.isOrderFree(type("f32"), with({exact})));
  EXPECT_TRUE(sum.hasExactInverse(type("f32"), with({exact})));
  EXPECT_FALSE(sum.hasExactInverse(type("i32"), with({distinct})));
  EXPECT_EQ(sum.stateWith(with({distinct})), expr::Aggregate::Growing);
  EXPECT_EQ(most.stateWith(with({distinct})), expr::Aggregate::Constant); // twice is once
  EXPECT_EQ(whyNotOptions(sum, with({exact, distinct})), "");
  EXPECT_EQ(whyNotOptions(most, with({exact})), "does not take `exact`");
  EXPECT_EQ(whyNotOptions(quantile, with({half})), "");
  EXPECT_EQ(whyNotOptions(quantile, with({two})), "has a bad value of `fraction`");
  EXPECT_EQ(whyNotOptions(quantile, with({})), "needs `fraction`");
  EXPECT_EQ(aggregateOpening("sum", with({exact, distinct})) + "x" + aggregateClosing(with({exact})),
            "sum(distinct exact x)");
  EXPECT_EQ(aggregateClosing(with({half})), ", 0.5)");
}

// Each row of the table of aggregates has an example, which the grammar reads; what others call it leads to a row.
TEST_F(SurfaceTyping, ExamplesOfAggregatesParse) {
  for (const expr::Aggregate &aggregate : aggregates()) {
    if (isPlace(aggregate.name)) // for windows per record
      continue;
    std::string call = aggregate.name == "count_distinct" ? "count(distinct " : aggregate.name.str() + "(";
    EXPECT_TRUE(aggregate.example.contains(" = " + call)) << aggregate.name.str();
    EXPECT_EQ(
        messageOf("stream.pipeline @p { %in = source sequence(count = 1)\n"
                  "%m = map %in { price = n, area = n, shop = cast(n as string), code = n, wind = 1.0, flags = n }\n"
                  "%w = window %m global { " +
                  aggregate.example.str() + " } }"),
        "")
        << aggregate.name.str();
  }
  EXPECT_EQ(aggregateMeant("stddev"), "stddev_samp");
  EXPECT_EQ(aggregateMeant("sum"), "sum");
  EXPECT_EQ(aggregateMeant("median_of_medians"), "");
}

// Each row of the function table has an example, which the grammar reads.
TEST_F(SurfaceTyping, ExamplesOfFunctionsParse) {
  for (const Function &f : functions()) {
    EXPECT_TRUE(f.example.starts_with((f.name + "(").str())) << f.name.str();
    bool isList = f.result == 'S';
    std::string value = isList ? "size(" + f.example.str() + ")" : f.example.str();
    EXPECT_EQ(messageOf("stream.pipeline @p { %in = source sequence(count = 1)\n %m = map %in { x = " + value + " } }"),
              "")
        << f.name.str();
  }
}

TEST_F(SurfaceTyping, EveryUnitIsAFunctionOfItsOwn) {
  for (StringRef unit : unitsOf("extract"))
    EXPECT_EQ(messageOf("stream.pipeline @p { %in = source sequence(count = 1)\n %m = map %in { x = " + unit.str() +
                        "(time) } }"),
              "");
}

// The fields that a generator declares are what its stream has.
TEST_F(SurfaceTyping, GeneratorsDeclareTheirFields) {
  for (const char *kind : {"bid", "auction", "person"})
    EXPECT_EQ(messageOf("stream.pipeline @p { %in = source nexmark(stream = " + std::string(kind) + ")\n" +
                        "%w = window %in tumbling 1 s { n = count(), t = max(dateTime) } }"),
              "");
}

// MLIR has no question for the type of an operand; what stands in for it hangs on the text of one of MLIR's errors.
TEST_F(SurfaceTyping, OperandsOfAnyTypeResolve) {
  EXPECT_EQ(messageOf("stream.pipeline @p { %a = param 5\n %b = param \"x\"\n %c = param 1 h\n"
                      "%in = source sequence(count = %a)\n"
                      "%m = map %in { x = n + %a, y = %b, z = time + %c } }"),
            "");
  EXPECT_EQ(messageOf("stream.pipeline @p { %in = source sequence(count = 1)\n %m = map %in { x = n + %nothing } }"),
            "`%nothing` is not defined above");
}

TEST_F(SurfaceTyping, WordsThatAreNoStatements) {
  EXPECT_EQ(messageOf("stream.pipeline @p { %a = source sequence(count = 1)\n %b = fliter %a where n > 1 }"),
            "no statement `fliter`; did you mean `filter`?");
  EXPECT_EQ(messageOf("stream.pipeline @p { frobnicate }"),
            "no statement `frobnicate`; there are aggregate, deduplicate, filter, flat_map, key_by, map, over, param, "
            "running, "
            "sink, source, "
            "top, union, window");
  EXPECT_EQ(messageOf("%a = source sequence(count = 1)"),
            "`source` stands in a pipeline: `stream.pipeline @name { ... }`");
  EXPECT_EQ(messageOf("pipeline @p { }"), "a pipeline begins with `stream.pipeline @name {`");
}

TEST_F(SurfaceTyping, ImportReportsWhere) {
  std::string where;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &diag) {
    llvm::raw_string_ostream(where) << diag.getLocation();
    return success();
  });
  EXPECT_FALSE(parsePipelineText("stream.pipeline @p {\n  %a = \xff\n}", "a.mlir", &context));
  EXPECT_EQ(where, "loc(\"a.mlir\":2:8)");
}

TEST_F(SurfaceTyping, MissingFileIsUnreadable) {
  bool unreadable = false;
  ScopedDiagnosticHandler handler(&context, [&](Diagnostic &) { return success(); });
  EXPECT_FALSE(parsePipelineFile("/no/such/file.mlir", &context, &unreadable));
  EXPECT_TRUE(unreadable);
}
