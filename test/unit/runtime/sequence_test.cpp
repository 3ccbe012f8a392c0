//===- sequence_test.cpp - the connector `sequence` -----------------------===//
#include "generated_source.h"

#include <gtest/gtest.h>

using namespace millrace;

namespace {

GeneratedSource sequence(std::vector<mr_option> options) {
  return {"sequence", std::move(options), {{"time", MR_TIMESTAMP}, {"n", MR_I64}}};
}

std::vector<std::pair<int64_t, int64_t>> all(GeneratedSource &source, uint32_t maxBatch = 7) {
  std::vector<std::pair<int64_t, int64_t>> rows;
  EXPECT_TRUE(source.open()) << source.error;
  source.forEach(maxBatch, [&](const mr_batch &batch, uint32_t i) {
    rows.emplace_back(source.number(batch, 1, i), source.number(batch, 0, i));
  });
  return rows;
}

std::string message(std::vector<mr_option> options) {
  GeneratedSource source = sequence(std::move(options));
  EXPECT_FALSE(source.open());
  return source.error;
}

TEST(Sequence, CountsFromAndAtItsRate) {
  GeneratedSource source =
      sequence({{"from", "-3", -1}, {"count", "20", -1}, {"rate", "3", -1}, {"start", "2000-01-01T00:00:00Z", -1}});
  auto rows = all(source);
  ASSERT_EQ(rows.size(), 20u);
  EXPECT_EQ(rows[0], (std::pair<int64_t, int64_t>(-3, 946684800'000000)));
  EXPECT_EQ(rows[2], (std::pair<int64_t, int64_t>(-1, 946684800'666666))) << "rounded down";
  EXPECT_EQ(rows[4], (std::pair<int64_t, int64_t>(1, 946684801'333333)));
  EXPECT_EQ(rows[19].first, 16);
  EXPECT_EQ(source.generator->total(), 20u);
}

TEST(Sequence, Rule7BatchesChangeNothing) {
  GeneratedSource source = sequence({{"count", "1000", -1}});
  auto expected = all(source, 1);
  EXPECT_EQ(all(source, 64), expected);
  EXPECT_EQ(all(source, 4096), expected);
}

TEST(Sequence, WithoutCountThereIsNoEnd) {
  GeneratedSource source = sequence({});
  ASSERT_TRUE(source.open());
  EXPECT_FALSE(source.generator->total());
  DecodedBatch batch;
  int64_t due;
  for (int i = 0; i < 100; ++i)
    ASSERT_EQ(source.generator->poll(4096, 0, false, batch, due), Generator::Result::Batch);
  EXPECT_EQ(source.number(batch.batch, 1, 4095), 409599);
}

TEST(Sequence, Rule1EndsWhereNumbersAndTimesEnd) {
  GeneratedSource last = sequence({{"from", "9223372036854775806", -1}});
  last.fields[0].used = 0;
  EXPECT_EQ((last.open(), last.forEach(64, [](const mr_batch &, uint32_t) {})), 2u);
  GeneratedSource time = sequence({{"start", "9999-12-31T23:59:58Z", -1}, {"rate", "2", -1}});
  EXPECT_EQ(all(time).size(), 4u);
  EXPECT_NE(message({{"from", "9223372036854775806", -1}, {"count", "3", -1}}).find("out of range"), std::string::npos);
  EXPECT_NE(
      message({{"start", "9999-12-31T23:59:58Z", -1}, {"count", "3", -1}, {"rate", "1", -1}}).find("out of range"),
      std::string::npos);
}

TEST(Sequence, WrongOptionsAreMessages) {
  EXPECT_NE(message({{"rate", "0", -1}}).find("option `rate`"), std::string::npos);
  EXPECT_NE(message({{"count", "-1", -1}}).find("option `count`"), std::string::npos);
  EXPECT_NE(message({{"count", "many", -1}}).find("option `count`"), std::string::npos);
}

TEST(Sequence, PacedRecordsComeWhenDue) {
  GeneratedSource source = sequence({{"count", "5", -1}, {"rate", "1000", -1}, {"pace", "true", -1}});
  ASSERT_TRUE(source.open());
  DecodedBatch batch;
  int64_t due = 0, now = 1'700'000'000'000'000;
  auto poll = [&](int64_t at, bool paced = true) { return source.generator->poll(64, now + at, paced, batch, due); };
  ASSERT_EQ(poll(0), Generator::Result::Batch);
  EXPECT_EQ(batch.batch.size, 1u);
  ASSERT_EQ(poll(999), Generator::Result::Pending);
  EXPECT_EQ(due, now + 1000);
  ASSERT_EQ(poll(1000), Generator::Result::Batch);
  EXPECT_EQ(batch.batch.size, 1u);
  ASSERT_EQ(poll(1001, false), Generator::Result::Batch) << "a simulation does not wait";
  EXPECT_EQ(batch.batch.size, 3u);
  EXPECT_EQ(poll(1002), Generator::Result::End);
}

} // namespace
