//===- time_clock_test.cpp - clocks and written durations ------------------------===//
#include "runtime/time/clock.h"
#include "runtime/time/duration.h"
#include "runtime/time/window.h"

#include <gtest/gtest.h>

using namespace millrace;

namespace {

TEST(Time, WrittenDurations) {
  EXPECT_EQ(parseWrittenDuration("10 s"), 10'000'000);
  EXPECT_EQ(parseWrittenDuration("10s"), 10'000'000);
  EXPECT_EQ(parseWrittenDuration(" 1 h 30 min "), 5'400'000'000);
  EXPECT_EQ(parseWrittenDuration("250 ms 7us"), 250'007);
  EXPECT_EQ(parseWrittenDuration("2 d"), 172'800'000'000);
  for (const char *wrong :
       {"", " ", "10", "s", "-5 s", "1 week", "1.5 s", "999999999999999 d", "9223372036854775807 us 1 us"})
    EXPECT_EQ(parseWrittenDuration(wrong), std::nullopt) << wrong;
  EXPECT_EQ(writtenDuration(5'400'000'000), "1 h 30 min");
  EXPECT_EQ(writtenDuration(90'061'000'000), "1 d 1 h");
  EXPECT_EQ(writtenDuration(-1), "-1 us");
  EXPECT_EQ(writtenDuration(0), "0 s");
}

TEST(Time, Rule11_WindowsLieOnAGrid) {
  EXPECT_EQ(int64_t(windowStart(25, 10, 0)), 20);
  EXPECT_EQ(int64_t(windowStart(-1, 10, 0)), -10);
  EXPECT_EQ(int64_t(windowStart(-10, 10, 0)), -10);
  EXPECT_EQ(int64_t(windowStart(2, 10, 3)), -7);
  EXPECT_EQ(int64_t(windowStart(3, 10, 3)), 3);
  EXPECT_TRUE(windowStart(INT64_MIN, INT64_MAX, INT64_MAX) < INT64_MIN); // no wrap
}

TEST(Time, Rule12_FirstOpenWindow) {
  for (int64_t offset : {0, 3, -4})
    for (int64_t watermark = -50; watermark < 50; ++watermark) {
      int64_t open = firstOpenWindow(watermark, 10, offset);
      EXPECT_GT(open + 9, watermark);
      EXPECT_LE(open - 10 + 9, watermark);
      EXPECT_EQ((open - offset) % 10, 0);
    }
  EXPECT_EQ(firstOpenWindow(kMinusInfinity, 10, 0), kMinusInfinity);
}

TEST(Time, Rule3_SimulatedClockMovesAtPositions) {
  std::string error;
  auto clock = makeSimulatedClock("0=2024-01-01T00:00:00Z,100=+10s,200=2024-01-01T00:01:00Z", error);
  ASSERT_TRUE(clock) << error;
  constexpr int64_t start = 1'704'067'200'000'000;
  clock->reached(0);
  EXPECT_EQ(clock->now(), start);
  EXPECT_EQ(clock->nextMove(), 100u);
  clock->reached(99);
  EXPECT_EQ(clock->now(), start);
  clock->reached(100);
  EXPECT_EQ(clock->now(), start + 10'000'000);
  clock->reached(300);
  EXPECT_EQ(clock->now(), start + 60'000'000);
  EXPECT_EQ(clock->nextMove(), UINT64_MAX);
  EXPECT_FALSE(clock->real());
}

TEST(Time, Rule3_TimeDoesNotGoBack) {
  std::string error;
  EXPECT_FALSE(makeSimulatedClock("0=2024-01-01T00:00:10Z,100=2024-01-01T00:00:00Z", error));
  EXPECT_NE(error.find("`100=2024-01-01T00:00:00Z`"), std::string::npos) << error;
  auto clock = makeRealClock();
  int64_t before = clock->now();
  EXPECT_GE(clock->now(), before);
}

} // namespace
