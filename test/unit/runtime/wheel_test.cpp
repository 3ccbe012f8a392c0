//===- wheel_test.cpp - timers come when they are due, exactly ----------------===//
#include "runtime/time/wheel.h"
#include "state_tables.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <random>

using namespace millrace;

namespace {

/// What a wheel has its memory from.
struct Heap {
  CountingMemory memory;
  StateAccount account{memory, "test"};
};

/// All that is due at `time`, in pieces, by token.
std::vector<uint64_t> dueAt(Wheel &wheel, int64_t time, uint64_t piece = UINT64_MAX) {
  CountingMemory memory;
  StateAccount account(memory, "due");
  StateVector<Timer> due(account);
  while (!wheel.advance(time, piece, due))
    ;
  std::vector<uint64_t> tokens;
  for (const Timer &timer : due)
    tokens.push_back(timer.token);
  std::sort(tokens.begin(), tokens.end());
  return tokens;
}

using Tokens = std::vector<uint64_t>;

TEST(Wheel, GivesATimerAtItsTimeAndNotBefore) {
  Heap heap;
  Wheel wheel(heap.account);
  int64_t hour = 3'600'000'000;
  ASSERT_TRUE(wheel.add({hour, 1}));
  ASSERT_TRUE(wheel.add({hour + 1, 2}));
  ASSERT_TRUE(wheel.add({hour * 1000, 3}));
  EXPECT_EQ(dueAt(wheel, hour - 1), Tokens());
  EXPECT_EQ(dueAt(wheel, hour), Tokens{1});
  EXPECT_EQ(dueAt(wheel, hour), Tokens());
  EXPECT_EQ(dueAt(wheel, hour * 999), Tokens{2});
  EXPECT_EQ(dueAt(wheel, hour * 1000), Tokens{3});
  EXPECT_EQ(wheel.size(), 0u);
}

TEST(Wheel, ATimerThatIsDueAlreadyComesNext) {
  Heap heap;
  Wheel wheel(heap.account);
  EXPECT_EQ(dueAt(wheel, 1000), Tokens());
  ASSERT_TRUE(wheel.add({1000, 1}));
  ASSERT_TRUE(wheel.add({-5, 2}));
  ASSERT_TRUE(wheel.add({1001, 3}));
  EXPECT_EQ(dueAt(wheel, 10), (Tokens{1, 2})) << "time never goes back";
  EXPECT_EQ(dueAt(wheel, 1001), Tokens{3});
}

TEST(Wheel, BothEndsOfTimeAndJumpsOverAllOfIt) {
  Heap heap;
  Wheel wheel(heap.account);
  const int64_t times[] = {INT64_MIN, INT64_MIN + 1,      -62167219200000000, -1,       0,
                           1,         253402300799999999, INT64_MAX - 1,      INT64_MAX};
  uint64_t token = 0;
  for (int64_t time : times)
    ASSERT_TRUE(wheel.add({time, token++}));
  EXPECT_EQ(dueAt(wheel, INT64_MIN), Tokens{0});
  EXPECT_EQ(dueAt(wheel, INT64_MIN + 1), Tokens{1});
  EXPECT_EQ(dueAt(wheel, 0), (Tokens{2, 3, 4}));
  EXPECT_EQ(dueAt(wheel, INT64_MAX - 1), (Tokens{5, 6, 7}));
  EXPECT_EQ(dueAt(wheel, INT64_MAX), Tokens{8});
  ASSERT_TRUE(wheel.add({INT64_MAX, 9}));
  EXPECT_EQ(dueAt(wheel, INT64_MAX), Tokens{9});
}

TEST(Wheel, NextIsNeverBehindTheFirstTimer) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Heap heap;
    Wheel wheel(heap.account);
    EXPECT_EQ(wheel.next(), INT64_MAX) << "it is empty";
    int64_t first = INT64_MAX;
    for (uint64_t token = 0; token < 50; ++token) {
      int64_t due = int64_t(random() >> (1 + random() % 60)) - 1'000'000;
      ASSERT_TRUE(wheel.add({due, token}));
      first = std::min(first, due);
    }
    // Who goes where it says gets there, at most a step for each of the wheel's levels.
    for (int steps = 0; wheel.size() == 50; ++steps) {
      ASSERT_LE(wheel.next(), first) << "seed " << seed;
      ASSERT_LT(steps, 16) << "seed " << seed;
      dueAt(wheel, wheel.next());
    }
  }
}

/// Random timers of every distance, with steps of every length, against an ordered map.
TEST(Wheel, AgreesWithAnOrderedMap) {
  for (uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Heap heap;
    Wheel wheel(heap.account);
    std::multimap<int64_t, uint64_t> expected;
    int64_t now = seed % 2 ? INT64_MIN : -(int64_t(1) << 40);
    dueAt(wheel, now);
    auto later = [&](int64_t from, uint64_t span) {
      int64_t at;
      return __builtin_add_overflow(from, int64_t(random() % span), &at) ? INT64_MAX : at;
    };
    for (uint64_t token = 0; token < 20'000;) {
      for (uint64_t n = random() % 200; n; --n, ++token) {
        int64_t due = later(now, uint64_t(1) << random() % 63);
        ASSERT_TRUE(wheel.add({due, token}));
        expected.emplace(due, token);
      }
      now = later(now, uint64_t(1) << random() % 50);
      Tokens want;
      auto end = expected.upper_bound(now);
      for (auto it = expected.begin(); it != end; ++it)
        want.push_back(it->second);
      expected.erase(expected.begin(), end);
      std::sort(want.begin(), want.end());
      ASSERT_EQ(dueAt(wheel, now, random() % 3 ? UINT64_MAX : 1 + random() % 50), want) << "seed " << seed;
      ASSERT_EQ(wheel.size(), expected.size());
    }
  }
}

/// A million timers of one moment come in pieces; what is added meanwhile is not lost.
TEST(Wheel, ComesBackBetweenPieces) {
  Heap heap;
  Wheel wheel(heap.account);
  constexpr uint64_t count = 1'000'000, piece = 10'000;
  for (uint64_t i = 0; i < count; ++i)
    ASSERT_TRUE(wheel.add({int64_t(1'000'000 + i % 7), i}));
  uint64_t most = heap.account.bytes;
  EXPECT_EQ(most, heap.memory.handedOut);
  EXPECT_LT(most, count * 18) << "16 bytes a timer and little more";
  CountingMemory other;
  StateAccount account(other, "due");
  StateVector<Timer> due(account);
  uint64_t got = 0, pieces = 0;
  for (bool done = false; !done; ++pieces) {
    due.clear();
    done = wheel.advance(2'000'000, piece, due);
    EXPECT_LE(due.size(), piece + 15);
    got += due.size();
    if (pieces == 3)
      EXPECT_TRUE(wheel.add({1'500'000, count}));
  }
  EXPECT_EQ(got, count + 1);
  EXPECT_GE(pieces, count / piece);
  EXPECT_LE(heap.account.bytes, uint64_t(16) << 10) << "memory of timers that are gone goes back, but for a piece";
  EXPECT_EQ(heap.account.bytes, heap.memory.handedOut);
  for (uint64_t i = 0; i < count; ++i)
    ASSERT_TRUE(wheel.add({int64_t(3'000'000 + i % 7), i}));
  EXPECT_LE(heap.account.bytes, most);
}

/// Timers that come and go, the way state with a time-to-live has them: memory is used again, not taken anew.
TEST(Wheel, KeepsNoMoreThanItsTimersNeed) {
  Heap heap;
  Wheel wheel(heap.account);
  uint64_t most = 0;
  for (int64_t now = 0; now < 2'000'000; now += 100) {
    for (int64_t i = 0; i < 100; ++i)
      ASSERT_TRUE(wheel.add({now + 100'000 + i * 7 % 100, uint64_t(now + i)}));
    dueAt(wheel, now);
    if (now < 200'000)
      most = std::max(most, heap.account.bytes);
    else
      ASSERT_LE(heap.account.bytes, most + (uint64_t(64) << 10)) << "at " << now;
  }
  dueAt(wheel, 10'000'000);
  EXPECT_EQ(wheel.size(), 0u);
  EXPECT_LE(heap.account.bytes, uint64_t(16) << 10);
}

TEST(Wheel, SaysWhenThereIsNoMemory) {
  Heap heap;
  heap.memory.budget = uint64_t(16) << 10;
  {
    Wheel wheel(heap.account);
    uint64_t added = 0;
    while (wheel.add({int64_t(added) << 20, added}))
      ++added;
    EXPECT_GT(added, 0u);
    EXPECT_EQ(dueAt(wheel, INT64_MAX).size(), added) << "what was taken in comes out";
  }
  EXPECT_EQ(heap.account.bytes, 0u);
}

} // namespace
