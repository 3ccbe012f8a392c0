//===- counted_ranks_test.cpp - numbers of which each may go again ---------------===//
#include "runtime/state/counted_ranks.h"
#include "runtime/state/number_list.h"
#include "state_tables.h"

#include <algorithm>
#include <map>
#include <random>

using namespace millrace;

namespace {

struct Counted : testing::Test {
  Counted() { texts.account = &account; }
  ~Counted() override { texts.clear(); }
  CountingMemory memory;
  StateAccount account{memory, "test"};
  StringArena texts = {};
};

TEST_F(Counted, NothingIsInNothing) {
  CountedRanks none(texts, {});
  EXPECT_EQ(none.size(false), 0u);
  EXPECT_EQ(none.below(7), 0u);
  EXPECT_EQ(none.upTo(~uint64_t(0)), 0u);
  takeCounted(texts, {}, 7);
}

/// Rule 30: a window that moves by a record, of few values that come often and of many.
TEST_F(Counted, FollowsAWindow) {
  for (uint64_t values : {3u, 50u, 100000u}) {
    std::mt19937_64 random(values);
    mr_string all = {};
    std::vector<uint64_t> window, ordered;
    for (int i = 0; i < 3000; ++i) {
      uint64_t rank = random() % values;
      if (i % 100 == 0)
        rank = i % 200 ? 0 : ~uint64_t(0);
      window.push_back(rank);
      all = addCounted(texts, all, rank);
      ordered.insert(std::lower_bound(ordered.begin(), ordered.end(), rank), rank);
      size_t most = i < 1500 ? 400 : 30;
      while (window.size() > most) {
        takeCounted(texts, all, window.front());
        ordered.erase(std::lower_bound(ordered.begin(), ordered.end(), window.front()));
        window.erase(window.begin());
      }
      if (i % 7)
        continue;
      CountedRanks now(texts, all);
      ASSERT_EQ(now.size(false), ordered.size());
      ASSERT_EQ(now.below(rank), uint64_t(std::lower_bound(ordered.begin(), ordered.end(), rank) - ordered.begin()));
      ASSERT_EQ(now.upTo(rank), uint64_t(std::upper_bound(ordered.begin(), ordered.end(), rank) - ordered.begin()));
      for (size_t place = 0; place < ordered.size(); place += 1 + ordered.size() / 9)
        ASSERT_EQ(now.at(place, false), ordered[place]);
      std::vector<uint64_t> different = ordered;
      different.erase(std::unique(different.begin(), different.end()), different.end());
      ASSERT_EQ(now.size(true), different.size());
      for (size_t place = 0; place < different.size(); place += 1 + different.size() / 9)
        ASSERT_EQ(now.at(place, true), different[place]);
      auto at = [&](uint64_t place) { return now.at(place, false); };
      ASSERT_EQ(discreteQuantileOf(ordered.size(), at, 0.9), discreteQuantileOf(RankView(ordered), 0.9));
      ASSERT_EQ(quantileOf(ordered.size(), at, 0.3, RankOf::Unsigned),
                quantileOf(RankView(ordered), 0.3, RankOf::Unsigned));
    }
  }
}

/// Room of what has gone is used again.
TEST_F(Counted, TakesNoMoreRoomThanTheWindow) {
  mr_string all = {};
  uint64_t bytes = 0;
  for (uint64_t i = 0; i < 100000; ++i) {
    all = addCounted(texts, all, i * 77);
    if (i >= 100)
      takeCounted(texts, all, (i - 100) * 77);
    if (i == 1000)
      bytes = stringLength(all);
  }
  EXPECT_EQ(stringLength(all), bytes);
  EXPECT_LE(bytes, 200u * 32 + 64);
  EXPECT_EQ(CountedRanks(texts, all).size(false), 100u);
}

} // namespace
