//===- exact_sum_test.cpp - sums of floats that lose nothing -------------------===//
#include "runtime/state/exact_sum.h"
#include "state_tables.h"

#include <algorithm>
#include <cfloat>
#include <cmath>
#include <random>

using namespace millrace;

namespace {

struct ExactSum : testing::Test {
  ExactSum() { texts.account = other.account = &account; }
  ~ExactSum() override {
    texts.clear();
    other.clear();
  }
  double sumOf(const std::vector<double> &values) {
    mr_string sum = {};
    for (double value : values)
      sum = addExact(texts, sum, value);
    double result = exactSumOf(texts, sum);
    texts.giveBack(sum);
    return result;
  }
  CountingMemory memory;
  StateAccount account{memory, "test"};
  StringArena texts = {}, other = {};
};

// Rule 24: the exact sum, rounded once.
TEST_F(ExactSum, Rule24RoundsOnce) {
  constexpr double inf = HUGE_VAL, least = 0x1p-1074;
  EXPECT_EQ(sumOf({}), 0);
  EXPECT_EQ(sumOf({1e16, 1, 1, -1e16}), 2);
  EXPECT_EQ(sumOf({1e308, 1e308, -1e308}), 1e308);
  EXPECT_EQ(sumOf({DBL_MAX, DBL_MAX}), inf);
  EXPECT_EQ(sumOf({-DBL_MAX, -DBL_MAX, DBL_MAX}), -DBL_MAX);
  EXPECT_EQ(sumOf({DBL_MAX, 0x1p969}), DBL_MAX); // less than half of the last place
  EXPECT_EQ(sumOf({DBL_MAX, 0x1p970}), inf);     // half of it: to even
  EXPECT_EQ(sumOf({1, 0x1p-53}), 1);             // the same
  EXPECT_EQ(sumOf({1, 0x1p-53, least}), 1 + 0x1p-52);
  EXPECT_EQ(sumOf({1 + 0x1p-52, 0x1p-53}), 1 + 0x1p-51);
  EXPECT_EQ(sumOf({least, least, least}), 3 * least);
  EXPECT_EQ(sumOf({0x1p-1022, -least}), 0x1p-1022 - least);
  EXPECT_EQ(sumOf({1, least, -1}), least);
  EXPECT_EQ(sumOf({DBL_MAX, least, -DBL_MAX}), least);
  EXPECT_FALSE(std::signbit(sumOf({-0.0})));
  EXPECT_FALSE(std::signbit(sumOf({-1.5, 1.5})));
  EXPECT_EQ(sumOf({1, inf, 2}), inf);
  EXPECT_TRUE(std::isnan(sumOf({inf, -inf})));
  EXPECT_TRUE(std::isnan(sumOf({1, NAN})));
}

// Rule 24: a mean is rounded once, too, also where the sum is beyond f64 and where a double has few bits.
TEST_F(ExactSum, Rule24MeansRoundOnce) {
  constexpr double least = 0x1p-1074;
  auto meanOf = [&](const std::vector<double> &values, uint64_t divisor) {
    mr_string sum = {};
    for (double value : values)
      sum = addExact(texts, sum, value);
    double result = exactSumOf(texts, sum, divisor);
    texts.giveBack(sum);
    return result;
  };
  EXPECT_EQ(meanOf({3099247591695132, 1702252108495910.5, 2.3e-10}, 3), 1600499900063680.8); // a half, and more
  EXPECT_EQ(meanOf({-3099247591695132, -1702252108495910.5, -2.3e-10}, 3), -1600499900063680.8);
  EXPECT_EQ(meanOf({DBL_MAX, DBL_MAX, DBL_MAX}, 3), DBL_MAX);
  EXPECT_EQ(meanOf({1, 1}, 3), 2.0 / 3);
  EXPECT_EQ(meanOf({least}, 2), 0); // half a unit: to even
  EXPECT_EQ(meanOf({3 * least}, 2), 2 * least);
  EXPECT_EQ(meanOf({5 * least}, 2), 2 * least);
  EXPECT_EQ(meanOf({5 * least, 0x1p-1022}, 3), std::ldexp(double(((uint64_t(1) << 52) + 5) / 3), -1074));
  EXPECT_EQ(meanOf({4 * least, 0x1p-1022}, 3), std::ldexp(double(((uint64_t(1) << 52) + 5) / 3), -1074)); // up
  EXPECT_EQ(meanOf({1}, uint64_t(1) << 63), 0x1p-63);
  EXPECT_EQ(meanOf({1, -1}, 7), 0);
  // Against the quotient of whole numbers, with 60 bits below.
  std::mt19937_64 random(9);
  for (int i = 0; i < 10000; ++i) {
    uint64_t a = random() >> (11 + random() % 40), b = random() >> (11 + random() % 40), divisor = 1 + random() % 1000;
    unsigned __int128 whole = (unsigned __int128)(a + b) << 60;
    uint64_t rest = uint64_t(whole % divisor);
    auto quotient = (unsigned __int128)(whole / divisor) | (rest != 0);
    EXPECT_EQ(meanOf({double(a), double(b)}, divisor), std::ldexp(double(quotient), -60));
  }
}

// Rules 24: in whatever order, in whatever parts, and what is taken away leaves nothing behind.
TEST_F(ExactSum, Rule24OrderPartsAndTakingAway) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<double> values, gone;
    for (int i = 0; i < 40; ++i) {
      int exponent = round % 3 ? int(random() % 120) - 60 : int(random() % 2040) - 1060;
      double value = std::ldexp(double(int64_t(random())), exponent - 62);
      (i % 4 ? values : gone).push_back(value);
    }
    if (round % 10 == 0)
      gone.insert(gone.end(), {HUGE_VAL, -HUGE_VAL, NAN});
    double expected = sumOf(values);
    std::vector<double> shuffled = values;
    std::shuffle(shuffled.begin(), shuffled.end(), random);
    EXPECT_EQ(sumOf(shuffled), expected);
    mr_string a = {}, b = {}, c = {};
    for (size_t i = 0; i < shuffled.size(); ++i)
      (i % 2 ? a : b) = addExact(i % 2 ? texts : other, i % 2 ? a : b, shuffled[i]);
    for (double value : gone) {
      b = addExact(other, b, value);
      c = addExact(other, c, value);
    }
    a = addExactAll(texts, a, other, b, 1);
    a = addExactAll(texts, a, other, c, -1);
    EXPECT_EQ(exactSumOf(texts, a), expected);
    mr_string same = addExactAll(texts, {}, texts, a, 1);
    EXPECT_EQ(exactSumOf(texts, same), expected);
    EXPECT_EQ(exactSumOf(texts, addExactAll(texts, same, texts, a, -1)), 0);
  }
}

TEST_F(ExactSum, IntegersAreSummedAsSuch) {
  std::mt19937_64 random(8);
  mr_string sum = {};
  __int128 expected = 0;
  for (int i = 0; i < 100000; ++i) {
    int64_t value = int64_t(random()) >> 11; // 53 bits
    sum = addExact(texts, sum, double(value));
    expected += value;
    if (i % 1000 == 0) {
      ASSERT_EQ(exactSumOf(texts, sum), double(expected));
    }
  }
}

TEST_F(ExactSum, RefusedMemoryIsNoted) {
  memory.budget = 0;
  EXPECT_EQ(stringLength(addExact(texts, {}, 1.5)), 0u);
  EXPECT_EQ(memory.refused, &account);
}

} // namespace
