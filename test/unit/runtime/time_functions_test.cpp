//===- time_functions_test.cpp - times in UTC and as text -----------------===//
#include "runtime/values/calendar.h"
#include "runtime/values/format.h"
#include "runtime/values/parse.h"

#include <gtest/gtest.h>
#include <random>
#include <string>

using namespace millrace;

namespace {

int64_t at(std::string_view text) {
  int64_t micros = -12345;
  EXPECT_EQ(parseTimestamp(text, micros), Parse::Ok) << text;
  return micros;
}
Parse parsed(std::string_view text) {
  int64_t micros;
  return parseTimestamp(text, micros);
}
std::string written(int64_t micros) {
  char text[kMaxFormat];
  return std::string(text, formatTimestamp(text, micros));
}
std::string duration(int64_t micros) {
  char text[kMaxFormat];
  return std::string(text, formatDuration(text, micros));
}

TEST(TimeFunctions, CalendarCountsEveryDay) {
  int64_t days = kFirstDay;
  uint32_t weekday = 6; // 0000-01-01 was a Saturday
  for (int64_t year = 0; year <= 9999; ++year)
    for (uint32_t month = 1; month <= 12; ++month)
      for (uint32_t day = 1; day <= daysInMonth(year, month); ++day, ++days, weekday = weekday % 7 + 1) {
        CivilDate date = civilFromDays(days);
        ASSERT_EQ(daysFromCivil(year, month, day), days);
        ASSERT_TRUE(date.year == year && date.month == month && date.day == day) << days;
        ASSERT_EQ(dayOfWeek(days), weekday);
      }
  EXPECT_EQ(days, kLastDay + 1);
}

TEST(TimeFunctions, Rule1TimestampsAreReadByRfc3339) {
  EXPECT_EQ(at("1970-01-01T00:00:00Z"), 0);
  EXPECT_EQ(at("2018-02-03T04:05:06Z"), 1517630706'000000);
  EXPECT_EQ(at("2018-02-03t04:05:06z"), 1517630706'000000);
  EXPECT_EQ(at("2018-02-03 04:05:06.5+01:30"), 1517630706'500000 - 90 * 60'000'000LL);
  EXPECT_EQ(at("2018-02-03T04:05:06-23:59"), 1517630706'000000 + 1439 * 60'000'000LL);
  EXPECT_EQ(at("2016-02-29T00:00:00Z"), 1456704000'000000);
  EXPECT_EQ(at("1969-12-31T23:59:59.9999999Z"), -1) << "finer than microseconds is rounded down";
  EXPECT_EQ(at("1970-01-01T00:00:00.000000999999999999999Z"), 0);
  for (std::string_view bad : {"",
                               "2018-02-03",
                               "2018-02-03T04:05:06",
                               "2018-02-03T04:05Z",
                               "2018-2-3T04:05:06Z",
                               "2018-02-30T00:00:00Z",
                               "2017-02-29T00:00:00Z",
                               "1900-02-29T00:00:00Z",
                               "2018-13-01T00:00:00Z",
                               "2018-00-01T00:00:00Z",
                               "2018-01-00T00:00:00Z",
                               "2018-01-01T24:00:00Z",
                               "2018-01-01T00:60:00Z",
                               "2018-01-01T00:00:60Z",
                               "2018-01-01T00:00:00.Z",
                               "2018-01-01T00:00:00+1:00",
                               "2018-01-01T00:00:00+24:00",
                               "2018-01-01T00:00:00+00:60",
                               "2018-01-01T00:00:00+0000",
                               "2018-01-01T00:00:00ZZ",
                               "+2018-01-01T00:00:00Z",
                               "12018-01-01T00:00:00Z",
                               " 2018-01-01T00:00:00Z",
                               "2018-01-01T00:00:00Z "})
    EXPECT_EQ(parsed(bad), Parse::Syntax) << bad;
}

TEST(TimeFunctions, Rule1TimestampsStayInTheirRange) {
  EXPECT_EQ(at("0000-01-01T00:00:00Z"), kFirstTime);
  EXPECT_EQ(at("9999-12-31T23:59:59.999999Z"), kLastTime);
  EXPECT_EQ(parsed("0000-01-01T00:00:00+00:01"), Parse::Range);
  EXPECT_EQ(parsed("9999-12-31T23:59:59-00:01"), Parse::Range);
  EXPECT_EQ(written(kFirstTime), "0000-01-01T00:00:00Z");
  EXPECT_EQ(written(kLastTime), "9999-12-31T23:59:59.999999Z");
}

TEST(TimeFunctions, Rule50TimestampsAreReadBack) {
  EXPECT_EQ(written(0), "1970-01-01T00:00:00Z");
  EXPECT_EQ(written(1), "1970-01-01T00:00:00.000001Z");
  EXPECT_EQ(written(120'000), "1970-01-01T00:00:00.120Z");
  EXPECT_EQ(written(-1), "1969-12-31T23:59:59.999999Z");
  std::mt19937_64 random(3);
  for (int i = 0; i < 100000; ++i) {
    int64_t micros = kFirstTime + int64_t(random() % uint64_t(kLastTime - kFirstTime + 1));
    micros -= i % 3 == 0 ? floorMod(micros, 1'000'000) : i % 3 == 1 ? floorMod(micros, 1000) : 0;
    ASSERT_EQ(at(written(micros)), micros);
  }
}

TEST(TimeFunctions, Rule50Durations) {
  EXPECT_EQ(duration(0), "PT0S");
  EXPECT_EQ(duration(kMicrosPerDay), "P1D");
  EXPECT_EQ(duration(600'000'000), "PT10M");
  EXPECT_EQ(duration(93'784'500'000), "P1DT2H3M4.5S");
  EXPECT_EQ(duration(-1), "-PT0.000001S");
  EXPECT_EQ(duration(3'600'000'001), "PT1H0.000001S");
  EXPECT_EQ(duration(INT64_MIN), "-P106751991DT4H54.775808S");
  EXPECT_EQ(duration(INT64_MAX), "P106751991DT4H54.775807S");
  std::mt19937_64 random(4);
  for (int i = 0; i < 100000; ++i) {
    int64_t micros = int64_t(random()) >> (random() % 60), back = 0;
    ASSERT_EQ(parseDuration(duration(micros), back), Parse::Ok) << duration(micros);
    ASSERT_EQ(back, micros);
  }
}

TEST(TimeFunctions, DurationsAreStrict) {
  int64_t micros = 0;
  auto read = [&](std::string_view text) { return parseDuration(text, micros); };
  EXPECT_EQ(read("P2W"), Parse::Ok);
  EXPECT_EQ(micros, 14 * kMicrosPerDay);
  EXPECT_EQ(read("PT90M"), Parse::Ok);
  EXPECT_EQ(micros, 5'400'000'000);
  EXPECT_EQ(read("PT0.0000009S"), Parse::Ok);
  EXPECT_EQ(micros, 0);
  EXPECT_EQ(read("-PT0.0000009S"), Parse::Ok);
  EXPECT_EQ(micros, -1) << "rounded down";
  EXPECT_EQ(read("PT9223372036854775807S"), Parse::Range);
  EXPECT_EQ(read("P99999999999999999999D"), Parse::Range);
  EXPECT_EQ(read("PT9223372036854.775807S"), Parse::Ok);
  EXPECT_EQ(micros, INT64_MAX);
  EXPECT_EQ(read("PT9223372036854.775808S"), Parse::Range);
  EXPECT_EQ(read("-PT9223372036854.775808S"), Parse::Ok);
  EXPECT_EQ(micros, INT64_MIN);
  for (std::string_view bad : {"",       "P",      "PT",    "P1DT",  "1D",   "P1Y",  "P1M", "PT1D", "P1H",   "PT1.5H",
                               "PT1S1M", "PT1M1M", "PT.5S", "PT1.S", "P-1D", "+P1D", "p1d", "P1D ", "PTT1S", "PT1ST"})
    EXPECT_EQ(read(bad), Parse::Syntax) << bad;
}

TEST(TimeFunctions, DatesAreStrict) {
  int32_t days;
  EXPECT_EQ(parseDate("1969-12-31", days), Parse::Ok);
  EXPECT_EQ(days, -1);
  EXPECT_EQ(parseDate("9999-12-31", days), Parse::Ok);
  EXPECT_EQ(days, kLastDay);
  for (std::string_view bad : {"", "2018-02-29", "2018-2-3", "20180203", "2018-02-03T", "2018-02-03Z", "02018-02-03"})
    EXPECT_EQ(parseDate(bad, days), Parse::Syntax) << bad;
}

enum Unit { Second, Minute, Hour, Day, Week, Month, Quarter, Year, DayOfWeek, DayOfYear, Microsecond };

TEST(TimeFunctions, TruncateBeforeAndAfter1970) {
  auto truncated = [](std::string_view text, Unit unit) { return written(mr_time_truncate(at(text), unit)); };
  for (auto [text, unit, expected] : std::initializer_list<std::tuple<const char *, Unit, const char *>>{
           {"2018-08-03T04:05:06.7Z", Second, "2018-08-03T04:05:06Z"},
           {"2018-08-03T04:05:06.7Z", Minute, "2018-08-03T04:05:00Z"},
           {"2018-08-03T04:05:06.7Z", Hour, "2018-08-03T04:00:00Z"},
           {"2018-08-03T04:05:06.7Z", Day, "2018-08-03T00:00:00Z"},
           {"2018-08-03T04:05:06.7Z", Week, "2018-07-30T00:00:00Z"},
           {"2018-08-03T04:05:06.7Z", Month, "2018-08-01T00:00:00Z"},
           {"2018-08-03T04:05:06.7Z", Quarter, "2018-07-01T00:00:00Z"},
           {"2018-08-03T04:05:06.7Z", Year, "2018-01-01T00:00:00Z"},
           {"1969-12-31T23:59:59.999999Z", Second, "1969-12-31T23:59:59Z"},
           {"1969-12-31T23:59:59.999999Z", Hour, "1969-12-31T23:00:00Z"},
           {"1969-12-31T23:59:59.999999Z", Week, "1969-12-29T00:00:00Z"},
           {"1969-12-31T23:59:59.999999Z", Quarter, "1969-10-01T00:00:00Z"},
           {"2018-07-30T00:00:00Z", Week, "2018-07-30T00:00:00Z"},
           {"2018-07-29T23:59:59Z", Week, "2018-07-23T00:00:00Z"},
           {"0000-02-29T12:00:00Z", Month, "0000-02-01T00:00:00Z"},
           {"9999-12-31T23:59:59Z", Quarter, "9999-10-01T00:00:00Z"}})
    EXPECT_EQ(truncated(text, unit), expected) << text << " " << unit;
  EXPECT_LT(mr_time_truncate(kFirstTime, Week), kFirstTime)
      << "the Monday before year 0000 is out of range: the caller's error";
}

TEST(TimeFunctions, ExtractEveryField) {
  auto field = [](std::string_view text, Unit unit) { return mr_time_extract(at(text), unit); };
  const char *time = "2018-08-03T04:05:06.789012Z";
  EXPECT_EQ(field(time, Second), 6);
  EXPECT_EQ(field(time, Minute), 5);
  EXPECT_EQ(field(time, Hour), 4);
  EXPECT_EQ(field(time, Day), 3);
  EXPECT_EQ(field(time, Week), 31);
  EXPECT_EQ(field(time, Month), 8);
  EXPECT_EQ(field(time, Quarter), 3);
  EXPECT_EQ(field(time, Year), 2018);
  EXPECT_EQ(field(time, DayOfWeek), 5);
  EXPECT_EQ(field(time, DayOfYear), 215);
  EXPECT_EQ(field(time, Microsecond), 789012);
  const char *before = "1969-12-31T23:59:59.999999Z";
  EXPECT_EQ(field(before, Second), 59);
  EXPECT_EQ(field(before, Hour), 23);
  EXPECT_EQ(field(before, DayOfYear), 365);
  EXPECT_EQ(field(before, Microsecond), 999999);
  EXPECT_EQ(field("2016-12-31T00:00:00Z", DayOfYear), 366);
}

TEST(TimeFunctions, IsoWeeksAtTheTurnOfTheYear) {
  auto week = [](std::string_view date) { return mr_time_extract(at(std::string(date) + "T12:00:00Z"), Week); };
  EXPECT_EQ(week("2005-01-01"), 53);
  EXPECT_EQ(week("2005-01-02"), 53);
  EXPECT_EQ(week("2005-01-03"), 1);
  EXPECT_EQ(week("2007-12-31"), 1);
  EXPECT_EQ(week("2008-12-28"), 52);
  EXPECT_EQ(week("2008-12-29"), 1);
  EXPECT_EQ(week("2009-12-31"), 53);
  EXPECT_EQ(week("2010-01-03"), 53);
}

} // namespace
