//===- zone_clocks_test.cpp - the clocks of zones, against the C library -----------===//
#include "dialect/stream/ZoneClocks.h"
#include "runtime/engine/errors.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>
#include <random>

using namespace millrace;
using namespace millrace::stream;

namespace {

/// Seconds before UTC by the table, which is what programs hold (abi.h, mr_zone_desc).
int32_t offsetAt(const ZoneClocks &zone, int64_t second) {
  constexpr int64_t cycle = int64_t(146'097) * 86'400;
  int64_t last = zone.since.back();
  if (zone.repeats && second >= last)
    second = last - cycle + (second - last) % cycle;
  size_t i = zone.since.size() - 1;
  while (zone.since[i] > second)
    --i;
  return zone.offset[i];
}

TEST(ZoneClocks, Rule17_EverySecondOfTheYears) {
  std::mt19937_64 random(1);
  // With and without rules for the future; changes at midnight; a day left out; four changes a year; half hours.
  for (const char *name : {"UTC", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Beirut", "Asia/Tokyo",
                           "Pacific/Apia", "Africa/Casablanca", "Australia/Lord_Howe", "Europe/Dublin",
                           "America/St_Johns", "Asia/Kathmandu", "Africa/Monrovia"}) {
    std::optional<ZoneClocks> zone = clocksOf(name);
    ASSERT_TRUE(zone) << name;
    ASSERT_EQ(zone->since.size(), zone->offset.size());
    ASSERT_EQ(zone->since[0], INT64_MIN);
    ASSERT_LT(zone->since.size(), 1500u) << "programs hold these";
    setenv("TZ", (":" + std::string(name)).c_str(), /*overwrite=*/1);
    tzset();
    std::vector<int64_t> seconds;
    for (int i = 0; i < 2000; ++i)
      seconds.push_back(kMinTime / 1'000'000 + int64_t(random() % uint64_t((kMaxTime - kMinTime) / 1'000'000)));
    for (size_t i = 1; i < zone->since.size(); ++i)
      for (int64_t step : {-1, 0, 1})
        seconds.push_back(zone->since[i] + step);
    for (int64_t second : seconds) {
      time_t time = second;
      tm local = {};
      ASSERT_TRUE(localtime_r(&time, &local));
      ASSERT_EQ(offsetAt(*zone, second), local.tm_gmtoff) << name << " at " << second;
    }
  }
  unsetenv("TZ");
}

TEST(ZoneClocks, OnlyWhatMeansTheSameEverywhere) {
  for (const char *name : {"", "localtime", "posixrules", "right/Europe/Berlin", "/usr/share/zoneinfo/Europe/Berlin",
                           "../zoneinfo/Europe/Berlin", "libc:localtime", "Fixed/UTC+01:00:00", "Europe", "Nowhere"})
    EXPECT_FALSE(clocksOf(name)) << name;
  EXPECT_TRUE(clocksOf("Europe/Berlin"));
  EXPECT_NE(zoneDataVersion(), "");
}

} // namespace
