//===- range_test.cpp - ranges against all values there are -------------------===//
//
// Random expressions over small types are computed here for every input, by the
// rules (44 to 46) and not by the compiler's code: what they give must be in the
// range that was told.
//
//===----------------------------------------------------------------------===//
#include "dialect/Register.h"
#include "dialect/expr/Range.h"
#include "dialect/expr/Types.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/MLIRContext.h"
#include "llvm/ADT/TypeSwitch.h"
#include <gtest/gtest.h>
#include <random>

using namespace mlir;
using namespace millrace;
using namespace millrace::expr;

namespace {
/// A value, null or an error.
struct Result {
  enum { There, Null, Wrong } kind = There;
  Wide value = 0;
  bool is(Wide what) const { return kind == There && value == what; }
};
const Result null{Result::Null}, wrong{Result::Wrong};

Result there(Type type, Wide value) {
  return rangeOfType(type)->contains(value) ? Result{Result::There, value} : wrong;
}

/// The least of what goes wrong: an error beats null (rule 46).
template <typename Function> Result strict(Result a, Result b, Function function) {
  if (a.kind == Result::Wrong || b.kind == Result::Wrong)
    return wrong;
  return a.kind == Result::Null || b.kind == Result::Null ? null : function(a.value, b.value);
}

bool holds(CmpPredicate predicate, Wide a, Wide b) {
  switch (predicate) {
  case CmpPredicate::eq:
    return a == b;
  case CmpPredicate::ne:
    return a != b;
  case CmpPredicate::lt:
    return a < b;
  case CmpPredicate::le:
    return a <= b;
  case CmpPredicate::gt:
    return a > b;
  case CmpPredicate::ge:
    return a >= b;
  }
  return false;
}

using Inputs = llvm::DenseMap<Value, Result>;

Result evaluate(Value value, const Inputs &inputs);

Result logical(Result a, Result b, Wide decisive) {
  if (a.is(decisive) || b.is(decisive)) // whatever the other
    return {Result::There, decisive};
  return strict(a, b, [&](Wide, Wide) { return Result{Result::There, 1 - decisive}; });
}

Result evaluateOp(Operation *op, const Inputs &inputs) {
  Type type = op->getResult(0).getType();
  auto operand = [&](unsigned i) { return evaluate(op->getOperand(i), inputs); };
  auto binary = [&](auto function) {
    return strict(operand(0), operand(1), [&](Wide a, Wide b) -> Result { return function(a, b); });
  };
  return llvm::TypeSwitch<Operation *, Result>(op)
      .Case([&](ConstantOp constant) {
        auto number = dyn_cast<IntegerAttr>(constant.getValue());
        if (!number)
          return null;
        return Result{Result::There, rangeOfType(type)->least < 0 ? Wide(number.getValue().getSExtValue())
                                                                  : Wide(number.getValue().getZExtValue())};
      })
      .Case<AddOp>([&](auto) { return binary([&](Wide a, Wide b) { return there(type, a + b); }); })
      .Case<SubOp>([&](auto) { return binary([&](Wide a, Wide b) { return there(type, a - b); }); })
      .Case<MulOp>([&](auto) { return binary([&](Wide a, Wide b) { return there(type, a * b); }); })
      .Case<DivOp>([&](auto) { return binary([&](Wide a, Wide b) { return b ? there(type, a / b) : wrong; }); })
      .Case<ModOp>([&](auto) { return binary([&](Wide a, Wide b) { return b ? there(type, a % b) : wrong; }); })
      .Case<NegOp>([&](auto) { return strict(operand(0), {}, [&](Wide a, Wide) { return there(type, -a); }); })
      .Case<CastOp>([&](auto) { return strict(operand(0), {}, [&](Wide a, Wide) { return there(type, a); }); })
      .Case<CallOp>(
          [&](auto) { return strict(operand(0), {}, [&](Wide a, Wide) { return there(type, a < 0 ? -a : a); }); })
      .Case([&](CmpOp cmp) {
        return binary([&](Wide a, Wide b) { return Result{Result::There, holds(cmp.getPredicate(), a, b)}; });
      })
      .Case<AndOp>([&](auto) { return logical(operand(0), operand(1), 0); })
      .Case<OrOp>([&](auto) { return logical(operand(0), operand(1), 1); })
      .Case<NotOp>(
          [&](auto) { return strict(operand(0), {}, [&](Wide a, Wide) { return Result{Result::There, 1 - a}; }); })
      .Case<TryOp>([&](auto) { return operand(0).kind == Result::Wrong ? null : operand(0); })
      .Case<CoalesceOp>([&](auto) { return operand(0).kind == Result::Null ? operand(1) : operand(0); })
      .Case<SelectOp>([&](auto) {
        Result condition = operand(0);
        return condition.kind == Result::Wrong ? wrong : operand(condition.is(1) ? 1 : 2);
      });
}

Result evaluate(Value value, const Inputs &inputs) {
  if (auto at = inputs.find(value); at != inputs.end())
    return at->second;
  return evaluateOp(value.getDefiningOp(), inputs);
}

struct Ranged : testing::Test {
  Ranged() : context(registry()), builder(&context) {
    context.loadAllAvailableDialects();
    builder.setInsertionPointToEnd(&block);
  }
  ~Ranged() override { block.clear(); }
  static DialectRegistry registry() {
    DialectRegistry all;
    registerDialects(all);
    return all;
  }

  /// An input, and what it can be.
  Value input(Type type, Range range) {
    Value value = block.addArgument(type, builder.getUnknownLoc());
    told[value] = range;
    return value;
  }
  Value constant(Type type, int64_t value) {
    return ConstantOp::create(builder, builder.getUnknownLoc(), type, builder.getIntegerAttr(type, value));
  }
  template <typename Op, typename... Args> Value make(Type type, Args... args) {
    return Op::create(builder, builder.getUnknownLoc(), type, args...);
  }
  Ranges ranges() {
    return Ranges([this](Value value) -> std::optional<Range> { return told.at(value); });
  }

  /// Calls `visit` with every combination of inputs.
  void forAll(llvm::function_ref<void(const Inputs &)> visit) {
    Inputs inputs;
    forAllFrom(0, inputs, visit);
  }
  void forAllFrom(unsigned number, Inputs &inputs, llvm::function_ref<void(const Inputs &)> visit) {
    if (number == block.getNumArguments())
      return visit(inputs);
    Value argument = block.getArgument(number);
    for (Wide value = told[argument].least; value <= told[argument].greatest; ++value) {
      inputs[argument] = {Result::There, value};
      forAllFrom(number + 1, inputs, visit);
    }
    inputs[argument] = wrong; // outside of its declared range
    forAllFrom(number + 1, inputs, visit);
    if (!isNullable(argument.getType()))
      return;
    inputs[argument] = null;
    forAllFrom(number + 1, inputs, visit);
  }

  /// What `value` gives in all, if `condition` lets its input through.
  Range found(Value value, Value condition = {}) {
    Range all;
    forAll([&](const Inputs &inputs) {
      if (condition && !evaluate(condition, inputs).is(1))
        return;
      if (Result result = evaluate(value, inputs); result.kind == Result::There)
        all = join(all, {result.value, result.value});
    });
    return all;
  }
  std::string text() {
    std::string text;
    llvm::raw_string_ostream os(text);
    for (auto [value, range] : told)
      os << "an input from " << int64_t(range.least) << " to " << int64_t(range.greatest) << "\n";
    for (Operation &op : block)
      os << op << "\n";
    return text;
  }
  void clear() {
    while (!block.empty())
      block.back().erase();
    block.eraseArguments(0, block.getNumArguments());
    told.clear();
  }

  MLIRContext context;
  Block block;
  OpBuilder builder;
  llvm::DenseMap<Value, Range> told;
};

} // namespace

namespace millrace::expr {
std::ostream &operator<<(std::ostream &os, Range range) {
  return range.isEmpty() ? os << "nothing" : os << int64_t(range.least) << " to " << int64_t(range.greatest);
}
} // namespace millrace::expr

// One operation over ranges with corners at the limits of the types: exactly what it can give, where there are no gaps.
// What overflows is no value.
TEST_F(Ranged, OneOperation) {
  const Range samples[] = {{-128, -127}, {-128, 127}, {-7, -3}, {-5, 5}, {-1, 0}, {0, 0}, {1, 1}, {2, 9}, {100, 127}};
  Type type = builder.getI8Type(), boolean = builder.getI1Type();
  for (Range left : samples)
    for (Range right : samples) {
      Value a = input(type, left), b = input(type, right);
      SmallVector<Value> exact{make<AddOp>(type, a, b),
                               make<SubOp>(type, a, b),
                               make<DivOp>(type, a, b),
                               make<NegOp>(type, a),
                               make<CallOp>(type, "abs", ValueRange(a)),
                               make<CastOp>(builder.getIntegerType(8, false), a)};
      for (unsigned predicate = 0; predicate <= getMaxEnumValForCmpPredicate(); ++predicate)
        exact.push_back(make<CmpOp>(boolean, CmpPredicate(predicate), a, b));
      Value product = make<MulOp>(type, a, b), rest = make<ModOp>(type, a, b);
      if (std::max(left.greatest, -left.least) * std::max(right.greatest, -right.least) < 128) // else there are gaps
        exact.push_back(product);
      Ranges all = ranges();
      for (Value value : exact)
        EXPECT_EQ(*all.of(value), found(value)) << value.getDefiningOp()->getName().getStringRef().str() << "\n"
                                                << text();
      for (Value value : {product, rest}) {
        Range told = *all.of(value), real = found(value);
        EXPECT_EQ(join(told, real), told) << text();
      }
      clear();
    }
}

TEST_F(Ranged, WhatKeysAreMadeOf) {
  Type i64 = builder.getI64Type(), u64 = builder.getIntegerType(64, false), text = StringType::get(&context);
  Value any = input(i64, *rangeOfType(i64)), big = input(u64, *rangeOfType(u64)),
        time = block.addArgument(TimestampType::get(&context), builder.getUnknownLoc());
  Ranges all = ranges();
  EXPECT_EQ(*all.of(make<ModOp>(i64, any, constant(i64, 100))), (Range{-99, 99}));
  EXPECT_EQ(*all.of(make<ModOp>(i64, any, constant(i64, INT64_MIN))), (Range{-INT64_MAX, INT64_MAX}));
  EXPECT_EQ(*all.of(make<ModOp>(u64, big, constant(u64, 100))), (Range{0, 99}));
  EXPECT_TRUE(all.of(make<ModOp>(i64, any, constant(i64, 0)))->isEmpty());
  EXPECT_EQ(*all.of(make<MulOp>(u64, big, big)), *rangeOfType(u64)) << "2^128 does not wrap";
  EXPECT_EQ(*all.of(make<AddOp>(i64, any, any)), *rangeOfType(i64));
  EXPECT_EQ(*all.of(make<CastOp>(i64, big)), (Range{0, INT64_MAX}));
  auto part = [&](StringRef unit) {
    Value word = ConstantOp::create(builder, builder.getUnknownLoc(), text, builder.getStringAttr(unit));
    return *all.of(make<CallOp>(i64, "extract", ValueRange{time, word}));
  };
  EXPECT_EQ(part("hour"), (Range{0, 23}));
  EXPECT_EQ(part("week"), (Range{1, 53}));
  EXPECT_EQ(part("year"), (Range{0, 9999}));
  EXPECT_FALSE(all.of(time)) << "a time is no integer";
}

// `case when n < 0 then 0 when n > 99 then 99 else n end`, and the same where n may be null.
TEST_F(Ranged, ChoicesKnowTheirCondition) {
  Type i64 = builder.getI64Type(), boolean = builder.getI1Type();
  for (bool nullable : {false, true}) {
    Type type = withNull(i64, nullable);
    Value n = input(type, *rangeOfType(i64)), zero = constant(i64, 0), most = constant(i64, 99);
    Value low = make<CmpOp>(withNull(boolean, nullable), CmpPredicate::lt, n, zero);
    Value high = make<CmpOp>(withNull(boolean, nullable), CmpPredicate::gt, n, most);
    Value inner = make<SelectOp>(type, high, most, n);
    EXPECT_EQ(*ranges().of(make<SelectOp>(type, low, zero, inner)), (Range{0, 99}));
    clear();
  }
}

// The second way is taken where the condition is null, too: then nothing is known of the operand that is not.
TEST_F(Ranged, ConditionsThatMayBeNull) {
  Type i8 = builder.getI8Type(), maybe = withNull(i8, true), boolean = withNull(builder.getI1Type(), true);
  Value n = input(i8, {0, 20}), m = input(maybe, {3, 5}), ten = constant(i8, 10);
  Value less = make<CmpOp>(boolean, CmpPredicate::lt, n, m), more = make<CmpOp>(boolean, CmpPredicate::gt, m, n);
  Value high = make<CmpOp>(builder.getI1Type(), CmpPredicate::gt, n, ten);
  for (Value condition : {less, more, make<NotOp>(boolean, less), make<OrOp>(boolean, less, high),
                          make<AndOp>(boolean, less, high), make<NotOp>(boolean, make<OrOp>(boolean, more, high))}) {
    Value choice = make<SelectOp>(i8, condition, ten, n);
    EXPECT_EQ(*ranges().of(choice), join(found(choice), {10, 10})) << text();
  }
}

TEST_F(Ranged, FiltersAreBelieved) {
  Type i64 = builder.getI64Type(), i16 = builder.getIntegerType(16), boolean = builder.getI1Type();
  Value n = input(i16, *rangeOfType(i16)), wide = make<CastOp>(i64, n);
  Value low = make<CmpOp>(boolean, CmpPredicate::ge, wide, constant(i64, 10));
  Value high = make<CmpOp>(boolean, CmpPredicate::gt, constant(i64, 20), wide);
  Ranges all = ranges();
  all.assume(make<AndOp>(boolean, low, high));
  EXPECT_EQ(*all.of(n), (Range{10, 19})) << "through the cast that widens";
  EXPECT_EQ(*all.of(wide), (Range{10, 19}));
  all.assume(make<CmpOp>(boolean, CmpPredicate::ne, n, constant(i16, 19)));
  EXPECT_EQ(*all.of(n), (Range{10, 18}));
}

/// Nothing gets slow or overflows the stack where expressions are deep.
TEST_F(Ranged, DeepExpressions) {
  Type i64 = builder.getI64Type();
  Value n = input(i64, {0, 1}), value = n;
  for (int i = 0; i < 100000; ++i)
    value = make<AddOp>(i64, value, n);
  EXPECT_TRUE(ranges().of(value)->contains(100001));
  Value choice = n, condition = make<CmpOp>(builder.getI1Type(), CmpPredicate::gt, n, constant(i64, 0));
  for (int i = 0; i < 300; ++i)
    choice = make<SelectOp>(i64, condition, choice, Value(make<AddOp>(i64, choice, n)));
  EXPECT_TRUE(ranges().of(choice)->contains(1));
}

namespace {
/// Random expressions over i8, nullable or not, and their conditions.
struct Random {
  Ranged &test;
  std::mt19937 &engine;
  SmallVector<Value> numbers, conditions;

  unsigned below(unsigned n) { return unsigned(engine() % n); }
  Value number() { return numbers[below(numbers.size())]; }
  Value condition() { return conditions[below(conditions.size())]; }
  static bool nullable(Value a, Value b) { return isNullable(a.getType()) || isNullable(b.getType()); }

  void grow() {
    Type i8 = test.builder.getI8Type(), boolean = test.builder.getI1Type();
    Value a = number(), b = number();
    Type type = withNull(i8, nullable(a, b));
    switch (below(12)) {
    case 0:
      return numbers.push_back(test.make<AddOp>(type, a, b));
    case 1:
      return numbers.push_back(test.make<SubOp>(type, a, b));
    case 2:
      return numbers.push_back(test.make<MulOp>(type, a, b));
    case 3:
      return numbers.push_back(test.make<DivOp>(type, a, b));
    case 4:
      return numbers.push_back(test.make<ModOp>(type, a, b));
    case 5:
      return numbers.push_back(test.make<NegOp>(a.getType(), a));
    case 6:
      return numbers.push_back(test.make<TryOp>(withNull(i8, true), a));
    case 7:
      return numbers.push_back(
          test.make<CoalesceOp>(withNull(i8, isNullable(a.getType()) && isNullable(b.getType())), ValueRange{a, b}));
    case 8:
      if (!conditions.empty())
        numbers.push_back(test.make<SelectOp>(type, condition(), a, b));
      return;
    case 9:
      return numbers.push_back(test.constant(i8, int64_t(below(256)) - 128));
    case 10:
      if (conditions.size() > 1) {
        Value x = condition(), y = condition();
        Type logic = withNull(boolean, nullable(x, y));
        conditions.push_back(below(2) ? Value(test.make<AndOp>(logic, x, y)) : Value(test.make<OrOp>(logic, x, y)));
        conditions.push_back(test.make<NotOp>(logic, conditions.back()));
      }
      return;
    default:
      conditions.push_back(test.make<CmpOp>(withNull(boolean, nullable(a, b)), CmpPredicate(below(6)), a, b));
    }
  }
};
} // namespace

TEST_F(Ranged, RandomExpressionsStayWithin) {
  std::mt19937 engine(20181022);
  unsigned narrower = 0;
  for (int round = 0; round < 400; ++round) {
    Random random{*this, engine, {}, {}};
    for (int i = 0; i < 2; ++i) {
      Wide least = Wide(engine() % 256) - 128, greatest = std::min<Wide>(least + engine() % 6, 127);
      random.numbers.push_back(input(withNull(builder.getI8Type(), engine() % 3 == 0), {least, greatest}));
    }
    for (int i = 0; i < 25; ++i)
      random.grow();
    Value filter = random.conditions.empty() ? Value() : random.condition();
    Ranges free = ranges(), filtered = ranges();
    if (filter)
      filtered.assume(filter);
    SmallVector<Value> all(random.numbers);
    llvm::append_range(all, random.conditions);
    for (Value value : all) {
      Range told = *free.of(value), real = found(value);
      ASSERT_EQ(join(told, real), told) << value.getDefiningOp() << "\n" << text();
      narrower += !(told == *rangeOfType(value.getType()));
      Range behind = *filtered.of(value), passed = found(value, filter);
      ASSERT_EQ(join(behind, passed), behind) << "behind a filter\n" << text();
    }
    clear();
  }
  EXPECT_GT(narrower, 3000u) << "something is known of many";
}
