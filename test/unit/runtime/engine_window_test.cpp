//===- engine_window_test.cpp - watermarks, windows, lateness ----------------===//
#include "hand_pipeline.h"

#include <gtest/gtest.h>

namespace {

std::string sum(const char *key, int start, int n, int64_t total) {
  char text[200];
  std::snprintf(
      text, sizeof(text),
      "{\"key\":\"%s\",\"window_start\":\"1970-01-01T00:%02d:%02dZ\",\"window_end\":\"1970-01-01T00:%02d:%02dZ\","
      "\"n\":%d,\"sum\":%lld}\n",
      key, start / 60, start % 60, (start + 10) / 60, (start + 10) % 60, n, (long long)total);
  return text;
}

TEST(Engine, Rule12_TumblingWindowsFireInOrder) {
  HandPipeline p;
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("b", 2000, 2) + record("a", 9999, 3) +
                                record("a", 10000, 4) + record("b", 35000, 5);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("a", 0, 2, 4) + sum("b", 0, 1, 2) + sum("a", 10, 1, 4) + sum("b", 30, 1, 5));
  EXPECT_EQ(p.counts.records, 5u);
  EXPECT_EQ(p.counts.rows, 4u + 5u);
}

TEST(Engine, Rule8_EndOfInputFiresOpenWindows) {
  HandPipeline p;
  p.storage.files["in.jsonl"] = record("a", 1000, 1);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("a", 0, 1, 1));
}

TEST(Engine, EmptyInputGivesNothing) {
  HandPipeline p;
  p.storage.files["in.jsonl"] = "";
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, "");
  EXPECT_EQ(p.counts.records, 0u);
}

// A record is tested against W before it moves W; exactly `bound` behind is on time (rules 4, 5).
TEST(Engine, Rule5_BoundedWatermark) {
  HandPipeline p;
  p.sources[0].watermark = MR_WATERMARK_BOUNDED;
  p.sources[0].bound = 5'000'000;
  // W = 14.999999 after the second record: [0, 10) has fired; 9 s is late, 10 s is on time.
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 20000, 2) + record("late", 9000, 4) +
                                record("a", 10000, 8) + record("a", 15000, 16);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("a", 0, 1, 1) + sum("a", 10, 2, 24) + sum("a", 20, 1, 2));
  EXPECT_EQ(p.counts.late, 1u);
}

TEST(Engine, Rule5_BoundaryOfTheBound) {
  HandPipeline p;
  p.sources[0].watermark = MR_WATERMARK_BOUNDED;
  p.sources[0].bound = 10'000'000;
  // 20 s gives W = 9.999999 s = end - 1 us: [0, 10) fires, so 9.999 s is late although 10 s would not be.
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 19999, 2) + record("a", 9999, 4) +
                                record("a", 20000, 8) + record("a", 9999, 16);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("a", 0, 2, 5) + sum("a", 10, 1, 2) + sum("a", 20, 1, 8));
  EXPECT_EQ(p.counts.late, 1u);
}

TEST(Engine, Rule5_NoWatermarkFiresAtTheEndOnly) {
  HandPipeline p;
  p.sources[0].watermark = MR_WATERMARK_NONE;
  p.storage.files["in.jsonl"] = record("a", 50000, 1) + record("a", 1000, 2);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("a", 0, 1, 2) + sum("a", 50, 1, 1));
  EXPECT_EQ(p.counts.late, 0u);
}

TEST(Engine, Rule7_BatchesCannotBeObserved) {
  std::string input;
  uint64_t seed = 7;
  for (int i = 0; i < 3000; ++i) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    int64_t time = i * 50 + int64_t(seed >> 50) - 8000; // disorder of 16 s, windows before 1970
    input += record(seed >> 62 ? "k1" : "k2", time, int64_t(seed >> 33) % 100);
  }
  std::string expected;
  uint64_t late = 0;
  for (uint32_t batch : {1u, 7u, 64u, 4096u}) {
    for (size_t piece : {size_t(100), SIZE_MAX}) {
      HandPipeline p;
      p.sinks[0].connector = "stdout";
      p.sources[0].watermark = MR_WATERMARK_BOUNDED;
      p.sources[0].bound = 3'000'000;
      p.options.batch = batch;
      p.storage.piece = piece;
      p.storage.interrupts = piece == 100;
      p.storage.files["in.jsonl"] = input;
      ASSERT_EQ(p.run(), 0) << p.messages;
      if (expected.empty()) {
        expected = p.storage.output;
        late = p.counts.late;
      }
      EXPECT_EQ(p.storage.output, expected) << batch;
      EXPECT_EQ(p.counts.late, late) << batch;
      EXPECT_EQ(p.counts.records, 3000u);
    }
  }
  EXPECT_GT(late, 10u);
}

TEST(Engine, Rule11_NegativeTime) {
  HandPipeline p;
  p.storage.files["in.jsonl"] = record("a", -1, 1) + record("a", 0, 2);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, "{\"key\":\"a\",\"window_start\":\"1969-12-31T23:59:50Z\",\"window_end\":"
                              "\"1970-01-01T00:00:00Z\",\"n\":1,\"sum\":1}\n" +
                                  sum("a", 0, 1, 2));
}

// A record whose window leaves the years 0000 to 9999 is bad for that window, and for nothing else.
TEST(Engine, Rule1_WindowOutOfTheYearsIsAnErrorOfTheRecord) {
  for (uint32_t batch : {1u, 3u, 4096u}) {
    HandPipeline p;
    p.sinks[0].connector = "stdout";
    p.options.batch = batch;
    // 9999-12-31T23:59:55: its window would end in the year 10000
    p.storage.files["in.jsonl"] =
        record("a", 1000, 1) + record("a", 2000, 2) + record("a", 253402300795000, 3) + record("a", 253402300789999, 4);
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(
        p.messages.find("in.jsonl:3: error: overflow: the window would leave the years 0000 to 9999 (in `per10`)\n"),
        0u)
        << p.messages;
    EXPECT_EQ(p.storage.output, "{\"key\":\"a\",\"time\":\"1970-01-01T00:00:01Z\",\"double\":2}\n"
                                "{\"key\":\"a\",\"time\":\"1970-01-01T00:00:02Z\",\"double\":4}\n");
    p.sources[0].on_bad = MR_BAD_DROP;
    p.sources[0].watermark = MR_WATERMARK_NONE;
    EXPECT_EQ(p.run(), 0) << p.messages;
    EXPECT_EQ(p.counts.bad, 1u);
    EXPECT_EQ(p.counts.rows, 4u + 2u);
    EXPECT_NE(p.storage.output.find("\"window_end\":\"9999-12-31T23:59:50Z\",\"n\":1,\"sum\":4}"), std::string::npos);
  }
}

// Files of one glob are partitions: W is the least of theirs, an ended one does not hold it back (rules 6, 10).
TEST(Engine, Rule6_MinimumOverFiles) {
  HandPipeline p;
  p.sourceOptions = {{"path", "d/*.jsonl", -1}};
  p.storage.files["d/b.jsonl"] = record("b", 1000, 1) + record("b", 25000, 2);
  p.storage.files["d/a.jsonl"] = record("a", 5000, 4) + record("a", 45000, 8);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("a", 0, 1, 4) + sum("b", 0, 1, 1) + sum("b", 20, 1, 2) + sum("a", 40, 1, 8));
  EXPECT_EQ(p.counts.late, 0u);
}

// `order = name` makes them one partition, where the second file is behind the first.
TEST(Engine, Rule10_OrderMakesOnePartition) {
  HandPipeline p;
  p.sourceOptions = {{"path", "d/*.jsonl", -1}, {"order", "name", -1}};
  p.sources[0].num_options = 2;
  p.storage.files["d/b.jsonl"] = record("b", 1000, 1) + record("b", 45000, 2);
  p.storage.files["d/a.jsonl"] = record("a", 5000, 4) + record("a", 25000, 8);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("a", 0, 1, 4) + sum("a", 20, 1, 8) + sum("b", 40, 1, 2));
  EXPECT_EQ(p.counts.late, 1u);
  p.sourceOptions[1].text = "mtime";
  p.storage.changed = {{"d/a.jsonl", 2}, {"d/b.jsonl", 1}};
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, sum("b", 0, 1, 1) + sum("b", 40, 1, 2));
  EXPECT_EQ(p.counts.late, 2u);
}

// Large files take turns by chunks of 1 MiB, lowest watermark first; the order is the same however they are read.
TEST(Engine, Rule10_FilesTakeTurns) {
  std::string first, second;
  for (int i = 0; first.size() < 3 << 20; ++i)
    first += record("first-file-with-a-rather-long-key", i * 2, i);
  for (int i = 0; second.size() < 5 << 20; ++i)
    second += record("second", i, i);
  std::string expected;
  for (uint32_t batch : {13u, 4096u})
    for (size_t piece : {size_t(70001), SIZE_MAX}) {
      HandPipeline p;
      p.sourceOptions = {{"path", "d/?.jsonl", -1}};
      p.sinks[0].connector = "stdout";
      p.options.batch = batch;
      p.storage.piece = piece;
      p.storage.files = {{"d/1.jsonl", first}, {"d/2.jsonl", second}};
      ASSERT_EQ(p.run(), 0) << p.messages;
      EXPECT_EQ(p.counts.late, 0u);
      if (expected.empty())
        expected = p.storage.output;
      EXPECT_TRUE(p.storage.output == expected);
    }
  // The first chunk is of file 1, the second of file 2, which then is behind.
  size_t turn = expected.find("\"second\"");
  EXPECT_LT(turn, size_t(2) << 20);
  EXPECT_NE(expected.find("first-file", turn), std::string::npos);
}

TEST(Engine, SumOverflowStopsAndNamesKeyAndWindow) {
  HandPipeline p;
  p.storage.files["in.jsonl"] = record("ok", 1000, 1) + record("big", 2000, 999999999999) + record("big", 3000, 1);
  EXPECT_EQ(p.run(), 1);
  EXPECT_EQ(p.messages, "error: `per10`: overflow: sum(value), in the window from 1970-01-01T00:00:00Z to "
                        "1970-01-01T00:00:10Z, for the key big (at 3:7 of the pipeline)\n");
  EXPECT_EQ(p.storage.output, "");
}

TEST(Engine, ManyKeysFireInSeveralParts) {
  HandPipeline p;
  std::string input;
  for (int i = 0; i < 60000; ++i)
    input += record(("key" + std::to_string(i)).c_str(), 1000 + i % 100, 1);
  p.storage.files["in.jsonl"] = input;
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.counts.rows, 120000u);
  EXPECT_EQ(size_t(std::count(p.storage.output.begin(), p.storage.output.end(), '\n')), 60000u);
}

} // namespace
