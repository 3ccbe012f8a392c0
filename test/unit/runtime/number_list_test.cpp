//===- number_list_test.cpp - lists and sketches of numbers --------------------===//
#include "runtime/state/number_list.h"
#include "state_tables.h"

#include <algorithm>
#include <cmath>
#include <random>

using namespace millrace;

namespace {

struct NumberList : testing::Test {
  NumberList() { texts.account = other.account = &account; }
  ~NumberList() override {
    texts.clear();
    other.clear();
  }
  CountingMemory memory;
  StateAccount account{memory, "test"};
  StringArena texts = {}, other = {};
};

/// A running quantile is asked for behind each number.
TEST_F(NumberList, IsAskedAgainAndAgain) {
  for (bool distinct : {false, true}) {
    std::mt19937_64 random(3);
    mr_string list = {};
    std::vector<uint64_t> expected;
    for (int i = 0; i < 4000; ++i) {
      uint64_t rank = random() % (i < 2000 ? 300 : 100000);
      if (i % 500 < 20)
        rank = uint64_t(i) * 1000; // in order
      list = addNumber(texts, list, rank);
      auto at = std::lower_bound(expected.begin(), expected.end(), rank);
      if (distinct)
        list = trimNumbers(texts, list);
      if (!distinct || at == expected.end() || *at != rank)
        expected.insert(at, rank);
      if (i % 3 == 0 && i % 700 < 600)
        continue;
      RankView found = ranksIn(texts, list, distinct);
      ASSERT_EQ(found.size(), expected.size()) << i;
      for (size_t k = 0; k < expected.size(); k += 1 + expected.size() / 50)
        ASSERT_EQ(found[k], expected[k]) << i << " " << k;
      ASSERT_EQ(found[expected.size() - 1], expected.back());
    }
    auto all = numbersInOrder(texts, list);
    EXPECT_TRUE(std::equal(all.begin(), all.end(), expected.begin(), expected.end()));
  }
}

TEST_F(NumberList, OfDifferentOnesTakesRoomForThese) {
  std::mt19937_64 random(2);
  for (uint64_t values : {1, 3, 40, 700}) {
    mr_string list = {};
    std::vector<uint64_t> expected;
    for (int i = 0; i < 20000; ++i) {
      uint64_t rank = random() % values;
      list = trimNumbers(texts, addNumber(texts, list, rank));
      expected.push_back(rank);
    }
    std::sort(expected.begin(), expected.end());
    expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
    auto kept = numbersInOrder(texts, list);
    std::vector<uint64_t> found(kept.begin(), kept.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    EXPECT_EQ(found, expected);
    EXPECT_LE(stringLength(list), 24 + 8 * std::max<uint64_t>(6, 4 * values)) << values;
  }
}

TEST_F(NumberList, IsInOrderWhenItIsAsked) {
  std::mt19937_64 random(1);
  mr_string list = {};
  std::vector<uint64_t> expected;
  EXPECT_TRUE(numbersInOrder(texts, list).empty());
  for (int i = 0; i < 3000; ++i) {
    uint64_t rank = random() % 1000;
    list = addNumber(texts, list, rank);
    expected.push_back(rank);
    if (i < 50 || i % 37 == 0) {
      std::sort(expected.begin(), expected.end());
      auto found = numbersInOrder(texts, list);
      ASSERT_TRUE(std::equal(found.begin(), found.end(), expected.begin(), expected.end())) << i;
    }
  }
}

TEST_F(NumberList, OneTakesInAnother) {
  mr_string a = {}, b = {}, none = {};
  for (uint64_t i = 0; i < 100; ++i) {
    a = addNumber(texts, a, i * 2);
    b = addNumber(other, b, i * 2 + 1);
  }
  EXPECT_EQ(numbersInOrder(texts, a).size(), 100u);
  a = addNumbers(texts, a, other, b);
  a = addNumbers(texts, a, other, none);
  auto found = numbersInOrder(texts, a);
  ASSERT_EQ(found.size(), 200u);
  for (uint64_t i = 0; i < 200; ++i)
    EXPECT_EQ(found[i], i);
  EXPECT_EQ(numbersInOrder(texts, addNumbers(texts, none, other, b)).size(), 100u);
}

// Rule 27: quantile is SQL's percentile_cont, quantile_disc its percentile_disc.
TEST_F(NumberList, Rule27Quantiles) {
  std::vector<uint64_t> ranks = {10, 20, 30, 40};
  auto between = [&](double fraction) { return quantileOf(RankView(ranks), fraction, RankOf::Unsigned); };
  EXPECT_EQ(between(0), 10);
  EXPECT_EQ(between(1), 40);
  EXPECT_EQ(between(0.5), 25);
  EXPECT_DOUBLE_EQ(between(0.9), 37);
  EXPECT_EQ(discreteQuantileOf(RankView(ranks), 0), 10u);
  EXPECT_EQ(discreteQuantileOf(RankView(ranks), 0.25), 10u);
  EXPECT_EQ(discreteQuantileOf(RankView(ranks), 0.26), 20u);
  EXPECT_EQ(discreteQuantileOf(RankView(ranks), 0.5), 20u);
  EXPECT_EQ(discreteQuantileOf(RankView(ranks), 1), 40u);
  constexpr uint64_t top = uint64_t(1) << 63;
  EXPECT_EQ(valueOfRank(uint64_t(-7) ^ top, RankOf::Signed), -7);
  double value = -2.5;
  uint64_t bits;
  std::memcpy(&bits, &value, 8);
  EXPECT_EQ(valueOfRank(~bits, RankOf::Real), -2.5);
}

// Rule 27: between two values lies a value, however far apart they are; nothing is as far away as an infinity.
TEST_F(NumberList, Rule27QuantilesBetweenFarEnds) {
  auto rankOf = [](double value) {
    uint64_t bits, top = uint64_t(1) << 63;
    std::memcpy(&bits, &value, 8);
    return bits & top ? ~bits : bits | top;
  };
  auto between = [&](double low, double high, double fraction) {
    uint64_t ranks[] = {rankOf(low), rankOf(high)};
    return quantileOf(RankView(ranks), fraction, RankOf::Real);
  };
  constexpr double infinity = HUGE_VAL;
  EXPECT_EQ(between(-1.7e308, 1.7e308, 0.5), 0);
  EXPECT_DOUBLE_EQ(between(-1.6e308, 1.6e308, 0.75), 0.8e308);
  EXPECT_EQ(between(-infinity, 1, 0.5), -infinity);
  EXPECT_EQ(between(1, infinity, 0.25), infinity);
  EXPECT_EQ(between(1, infinity, 0), 1);
  EXPECT_EQ(between(infinity, infinity, 0.5), infinity);
  EXPECT_TRUE(std::isnan(between(-infinity, infinity, 0.5)));
  EXPECT_TRUE(std::isnan(between(1, std::nan(""), 0.5)));
}

/// By how much of their number the place of `rank` among 0 … count - 1, in steps of `step`, is off.
double offBy(uint64_t rank, uint64_t count, double fraction) {
  return std::abs(double(rank + 1) - std::max(1.0, std::ceil(fraction * double(count)))) / double(count);
}

// Rule 29: exact up to 400 values; beyond that at most 1 % of their number in 99 of 100 cases. Here of 120 sketches
// with 9 questions each none of 100 is off by more, and none at all by more than half as much again.
TEST_F(NumberList, Rule29SketchesKeepTheirBound) {
  std::mt19937_64 random(2);
  int asked = 0, tooFar = 0;
  for (uint64_t size : {300u, 400u, 1000u, 20000u, 200000u})
    for (int order = 0; order < 3; ++order)
      for (int round = 0; round < (size > 20000 ? 2 : 8); ++round) {
        std::vector<uint64_t> values(size);
        for (uint64_t i = 0; i < size; ++i)
          values[i] = order == 1 ? size - 1 - i : i;
        if (order == 2)
          std::shuffle(values.begin(), values.end(), random);
        // In one piece, or in pieces that are put together one after the other.
        uint64_t piece = round % 2 ? size : size / 7 + 1;
        mr_string sketch = {};
        for (uint64_t from = 0; from < size; from += piece) {
          mr_string part = {};
          for (uint64_t i = from; i < std::min(size, from + piece); ++i)
            part = sketchNumber(other, part, values[i]);
          sketch = sketchNumbers(texts, sketch, other, part);
          other.giveBack(part);
        }
        EXPECT_LE(stringLength(sketch), 16u << 10);
        for (double fraction : {0.0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0}) {
          double off = offBy(sketchedQuantile(texts, sketch, fraction), size, fraction);
          ++asked;
          tooFar += off > 0.01;
          EXPECT_LE(off, size <= 400 ? 0 : 0.015) << size << " " << fraction;
        }
        texts.giveBack(sketch);
      }
  EXPECT_LE(tooFar * 100, asked);
}

/// What a sketch gives does not depend on when it was asked before.
TEST_F(NumberList, Rule29SketchesMayBeAskedAgainAndAgain) {
  std::mt19937_64 random(5);
  mr_string asked = {}, quiet = {};
  for (int i = 0; i < 20000; ++i) {
    uint64_t rank = random() % 50000;
    asked = sketchNumber(texts, asked, rank);
    quiet = sketchNumber(texts, quiet, rank);
    if (i % 3 == 0)
      sketchedQuantile(texts, asked, 0.3);
    if (i % 501 == 0)
      for (double fraction : {0.0, 0.1, 0.5, 0.99, 1.0})
        ASSERT_EQ(sketchedQuantile(texts, asked, fraction), sketchedQuantile(texts, quiet, fraction));
  }
  mr_string both = sketchNumbers(texts, asked, texts, quiet);
  EXPECT_NEAR(double(sketchedQuantile(texts, both, 0.5)), 25000, 1000);
}

TEST_F(NumberList, RefusedMemoryIsNoted) {
  memory.budget = 1 << 16;
  mr_string list = {};
  for (uint64_t i = 0; i < 100000 && !memory.refused; ++i)
    list = addNumber(texts, list, i);
  EXPECT_EQ(memory.refused, &account);
  EXPECT_FALSE(memory.tooLong);
}

TEST_F(NumberList, ATextBeyondFourGiBIsNoLackOfMemory) {
  EXPECT_FALSE(stringLength(texts.room(uint64_t(1) << 32)));
  EXPECT_EQ(memory.refused, &account);
  EXPECT_TRUE(memory.tooLong);
}

} // namespace
