//===- time_calendar_test.cpp - calendar windows by their definition ----------------===//
#include "runtime/time/calendar_time.h"
#include "runtime/values/calendar.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

using namespace millrace;

namespace {

constexpr int64_t kQuarter = 900, kDay = 86'400, kCycle = 146'097 * kDay;

struct TestZone {
  std::vector<int64_t> since{INT64_MIN};
  std::vector<int32_t> offset{0};
  mr_zone_desc desc = {};

  void add(int64_t second, int32_t offsetHere) {
    since.push_back(second);
    offset.push_back(offsetHere);
  }
  const mr_zone_desc *get(bool repeats = false) {
    desc = {"test", since.data(), offset.data(), uint32_t(since.size()), repeats};
    return &desc;
  }
  int64_t local(int64_t second) const {
    size_t i = since.size() - 1;
    while (since[i] > second)
      --i;
    return second + offset[i];
  }
};

/// Rule 17, second by second (all of these zones change at quarters of an hour, by quarters): the first second at which
/// the local time is a midnight or later begins a day.
std::map<int64_t, int64_t> midnights(const TestZone &zone, int64_t from, int64_t to) {
  std::map<int64_t, int64_t> all; // by day
  int64_t greatest = floorDiv(zone.local(from), kDay);
  for (int64_t second = from; second < to; second += kQuarter)
    for (int64_t day = floorDiv(zone.local(second), kDay); greatest < day;)
      all[++greatest] = second;
  return all;
}

bool begins(mr_calendar_unit unit, int64_t day) {
  CivilDate date = civilFromDays(day);
  switch (unit) {
  case MR_CALENDAR_WEEK:
    return dayOfWeek(day) == 1;
  case MR_CALENDAR_MONTH:
    return date.day == 1;
  case MR_CALENDAR_QUARTER:
    return date.day == 1 && date.month % 3 == 1;
  case MR_CALENDAR_YEAR:
    return date.day == 1 && date.month == 1;
  default:
    return true;
  }
}

void compare(TestZone &zone, int64_t from, int64_t to) {
  std::map<int64_t, int64_t> days = midnights(zone, from, to);
  for (mr_calendar_unit unit :
       {MR_CALENDAR_DAY, MR_CALENDAR_WEEK, MR_CALENDAR_MONTH, MR_CALENDAR_QUARTER, MR_CALENDAR_YEAR}) {
    CalendarTime times{unit, zone.get()};
    std::vector<int64_t> edges;
    for (auto [day, second] : days)
      if (begins(unit, day))
        edges.push_back(second);
    for (size_t i = 0; i + 1 < edges.size(); ++i)
      for (int64_t time : {edges[i] * 1'000'000, (edges[i] + (edges[i + 1] - edges[i]) / 3) * 1'000'000,
                           edges[i + 1] * 1'000'000 - 1}) {
        if (edges[i] == edges[i + 1]) // a day that was left out
          continue;
        WideInterval window = times.window(time);
        ASSERT_EQ(int64_t(window.start / 1'000'000), edges[i]) << "unit " << unit << " at " << time;
        ASSERT_EQ(int64_t(window.end / 1'000'000), edges[i + 1]) << "unit " << unit << " at " << time;
      }
  }
}

TEST(CalendarTime, Rule17_ZonesThatDoAnything) {
  std::mt19937_64 random(9);
  for (int i = 0; i < 300; ++i) {
    TestZone zone;
    int64_t at = -400 * kDay;
    int32_t offset = 0;
    for (int k = 0; k < 12; ++k) {
      at += (3 * 96 + int64_t(random() % (90 * 96))) * kQuarter;
      if (random() % 2) // near midnight
        at = floorDiv(at + offset, kDay) * kDay - offset + (int64_t(random() % 9) - 4) * kQuarter;
      offset = random() % 8 ? int32_t(random() % 113) * 900 - 50'400 : -offset;
      zone.add(at, offset);
    }
    compare(zone, -800 * kDay, 900 * kDay);
  }
}

TEST(CalendarTime, Rule17_Utc) {
  CalendarTime day{MR_CALENDAR_DAY, nullptr}, week{MR_CALENDAR_WEEK, nullptr}, month{MR_CALENDAR_MONTH, nullptr};
  EXPECT_TRUE(day.window(-1).start == -kMicrosPerDay && day.window(-1).end == 0);
  EXPECT_TRUE(week.window(0).start == -3 * kMicrosPerDay) << "1970-01-01 was a Thursday, and weeks start on Monday";
  EXPECT_TRUE(month.window(0).end == 31 * kMicrosPerDay);
  for (int64_t time : {INT64_MIN, INT64_MIN + 1, kMinTime, kMaxTime, INT64_MAX}) // no overflow at the ends of time
    for (const CalendarTime &calendar : {day, week, month})
      EXPECT_TRUE(calendar.window(time).start <= time && time < calendar.window(time).end) << time;
}

/// Behind its table a zone does what it did 400 years before.
TEST(CalendarTime, Rule17_ZonesRepeat) {
  TestZone zone;
  int32_t offset = 0;
  for (int64_t at = 100 * kDay; at < 100 * kDay + kCycle; at += 183 * kDay)
    zone.add(at, offset = 3600 - offset);
  zone.add(100 * kDay + kCycle, zone.offset[1]);
  CalendarTime times{MR_CALENDAR_WEEK, zone.get(/*repeats=*/true)};
  std::mt19937_64 random(2);
  for (int i = 0; i < 2000; ++i) {
    int64_t time = (200 * kDay + int64_t(random() % uint64_t(kCycle - 200 * kDay))) * 1'000'000;
    WideInterval here = times.window(time);
    for (int64_t cycles : {1, 2, 17}) {
      WideTime moved = WideTime(cycles) * kCycle * 1'000'000;
      WideInterval there = times.window(time + moved);
      ASSERT_TRUE(there.start == here.start + moved && there.end == here.end + moved) << time;
    }
  }
}

} // namespace
