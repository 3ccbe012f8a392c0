//===- time_window_test.cpp - where windows and slices lie, against counting ---===//
#include "runtime/time/window.h"

#include <gtest/gtest.h>

#include <random>
#include <vector>

using namespace millrace;

namespace {

/// All windows [start, end) near some times, one after the other by their definition in the rules.
std::vector<WideInterval> windowsAround(const SlicedTime &times, WideTime from, WideTime to) {
  std::vector<WideInterval> all;
  WideTime every = times.cumulate ? times.size : times.slide, first = times.offset;
  first += ((from - times.size - first) / every - 2) * every;
  for (WideTime start = first; start <= to + every; start += every) {
    if (!times.cumulate) {
      all.push_back({start, start + times.size});
      continue;
    }
    for (WideTime end = start;;) {
      end = std::min<WideTime>(end + times.slide, start + times.size);
      all.push_back({start, end});
      if (end == start + times.size)
        break;
    }
  }
  return all;
}

void compare(const SlicedTime &times, WideTime from, WideTime to) {
  std::vector<WideInterval> windows = windowsAround(times, from, to);
  auto holders = [&](WideTime time) {
    std::vector<size_t> numbers;
    for (size_t i = 0; i < windows.size(); ++i)
      if (windows[i].start <= time && time < windows[i].end)
        numbers.push_back(i);
    return numbers;
  };
  auto at = [&](WideTime time) {
    return testing::Message() << "size " << times.size << " slide " << times.slide << " offset " << times.offset
                              << (times.cumulate ? " cumulate" : "") << " time " << int64_t(time);
  };
  for (WideTime time = from; time < to; ++time) {
    std::vector<size_t> in = holders(time);
    WideInterval slice = times.slice(time);
    ASSERT_EQ(times.inWindow(time), !in.empty()) << at(time);
    ASSERT_TRUE(slice.start <= time && time < slice.end) << at(time);
    for (WideTime other : {slice.start, slice.end - 1})
      ASSERT_EQ(holders(other), in) << at(time);
    WideTime after = to + 4 * WideTime(times.size) + 4 * WideTime(times.slide), upTo = -after;
    for (const WideInterval &window : windows) {
      after = window.end > time ? std::min(after, window.end) : after;
      upTo = window.end <= time ? std::max(upTo, window.end) : upTo;
    }
    ASSERT_TRUE(times.endAfter(time) == after) << at(time);
    ASSERT_TRUE(times.endUpTo(time) == upTo) << at(time);
    if (in.empty())
      continue;
    ASSERT_TRUE(times.firstEnd(time) == windows[in.front()].end) << at(time);
    ASSERT_TRUE(times.lastEnd(time) == windows[in.back()].end) << at(time);
    for (size_t number : in)
      ASSERT_TRUE(times.startOf(windows[number].end) == windows[number].start) << at(time);
  }
}

TEST(WindowTime, Rules13And14_SlicesAndWindowsOfEveryTime) {
  std::mt19937_64 random(3);
  for (int i = 0; i < 400; ++i) {
    int64_t size = 1 + int64_t(random() % 30), slide = 1 + int64_t(random() % 30);
    for (bool cumulate : {false, true})
      compare({size, slide, int64_t(random() % 200) - 100, cumulate}, -70, 70);
  }
}

/// The least and the greatest times, and sizes that are larger than most of time: shifted, they are as any other.
TEST(WindowTime, Rule11_EndsOfAllTime) {
  std::mt19937_64 random(5);
  for (int64_t around : {INT64_MIN, kMinTime, int64_t(0), kMaxTime, INT64_MAX})
    for (int i = 0; i < 300; ++i) {
      int64_t size = 1 + int64_t(random() >> (1 + random() % 63)), slide = 1 + int64_t(random() >> (1 + random() % 63));
      int64_t offset = int64_t(random() >> random() % 64);
      WideTime time = WideTime(around) + WideTime(random() % 2000) - 1000;
      for (bool cumulate : {false, true}) {
        SlicedTime times{size, slide, offset, cumulate};
        WideInterval slice = times.slice(time);
        ASSERT_TRUE(slice.start <= time && time < slice.end);
        for (WideTime other : {slice.start, slice.end - 1}) {
          ASSERT_TRUE(times.firstEnd(other) == times.firstEnd(time));
          ASSERT_TRUE(times.lastEnd(other) == times.lastEnd(time));
        }
        if (!times.inWindow(time)) {
          ASSERT_TRUE(!cumulate && slide > size);
          continue;
        }
        for (WideTime end : {times.firstEnd(time), times.lastEnd(time)}) {
          WideTime start = times.startOf(end);
          ASSERT_TRUE(start <= time && time < end && end - start <= size);
          ASSERT_TRUE((start - offset) % (cumulate ? size : slide) == 0);
          if (!cumulate)
            ASSERT_TRUE(end - start == size);
        }
        ASSERT_TRUE(times.endAfter(time) == times.firstEnd(time));
        ASSERT_TRUE(times.endUpTo(times.endAfter(time)) == times.endAfter(time));
        ASSERT_TRUE(times.endUpTo(time) <= time && times.endAfter(times.endUpTo(time)) == times.endAfter(time));
      }
    }
}

TEST(WindowTime, Rule1_WindowsOutOfTheYears) {
  SlicedTime sliding{60, 10, 0, false}, cumulate{60, 10, 0, true};
  EXPECT_TRUE(sliding.inRange(0));
  EXPECT_FALSE(sliding.inRange(kMinTime));
  EXPECT_TRUE(sliding.inRange(kMinTime + 60));
  EXPECT_TRUE(cumulate.inRange(kMinTime)); // year 0000 begins at a whole minute
  EXPECT_FALSE(sliding.inRange(kMaxTime));
  EXPECT_FALSE(cumulate.inRange(kMaxTime));
  EXPECT_TRUE(sliding.inRange(kMaxTime - 70));
}

} // namespace
