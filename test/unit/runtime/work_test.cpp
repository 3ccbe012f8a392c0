//===- work_test.cpp - functions that stop half-way ----------------------------------===//
#include "runtime/engine/work.h"

#include <gtest/gtest.h>
#include <memory>
#include <vector>

using namespace millrace;

namespace {

/// Notes numbers, one of the piece for each.
struct Notes {
  int64_t left = 0;
  std::vector<int> all;

  Work count(int from, int to) {
    for (int i = from; i < to; ++i) {
      all.push_back(i);
      co_await Pause{left, 1};
    }
    co_return true;
  }
  Work both(int from, int middle, int to) { co_return co_await count(from, middle) && co_await count(middle, to); }
  Work failing() {
    bool ok = co_await count(0, 2);
    co_return ok &&co_await fail() && co_await count(2, 4);
  }
  Work fail() { co_return false; }
  Work holding(std::shared_ptr<int> value) {
    co_await count(0, 9);
    co_return *value == 1;
  }
  Work deep(int levels) { co_return levels ? co_await deep(levels - 1) : co_await count(0, 3); }

  bool piece(Work &work, int64_t most) {
    left = most;
    work.resume();
    return work.isUnderWay();
  }
};

TEST(Work, GoesOnWhereItPaused) {
  Notes notes;
  Work work = notes.both(0, 3, 5);
  EXPECT_TRUE(work.isUnderWay());
  EXPECT_TRUE(notes.all.empty()); // nothing is done before it is asked for
  EXPECT_TRUE(notes.piece(work, 2));
  EXPECT_EQ(notes.all, (std::vector<int>{0, 1}));
  EXPECT_TRUE(notes.piece(work, 2));
  EXPECT_EQ(notes.all, (std::vector<int>{0, 1, 2, 3}));
  EXPECT_FALSE(notes.piece(work, 9));
  EXPECT_EQ(notes.all, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_TRUE(work.isGood());
}

TEST(Work, WhatFailsEndsIt) {
  Notes notes;
  Work work = notes.failing();
  EXPECT_FALSE(notes.piece(work, 100));
  EXPECT_FALSE(work.isGood());
  EXPECT_EQ(notes.all, (std::vector<int>{0, 1}));
}

TEST(Work, ThrownAwayHalfWay) {
  Notes notes;
  auto value = std::make_shared<int>(1);
  Work work = notes.holding(value);
  EXPECT_TRUE(notes.piece(work, 3));
  EXPECT_EQ(value.use_count(), 2);
  work = Work();
  EXPECT_FALSE(work.isUnderWay());
  EXPECT_EQ(value.use_count(), 1);
}

TEST(Work, ManyLevels) {
  Notes notes;
  Work work = notes.deep(10'000);
  EXPECT_TRUE(notes.piece(work, 1));
  EXPECT_TRUE(notes.piece(work, 1));
  EXPECT_TRUE(notes.piece(work, 1));
  EXPECT_FALSE(notes.piece(work, 1));
  EXPECT_EQ(notes.all, (std::vector<int>{0, 1, 2}));
}

} // namespace
