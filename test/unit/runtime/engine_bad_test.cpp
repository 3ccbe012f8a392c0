//===- engine_bad_test.cpp - bad records and their policies -------------------===//
#include "hand_pipeline.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

using namespace millrace;

namespace {

std::string all(const char *key, int second, int64_t doubled) {
  char text[160];
  std::snprintf(text, sizeof(text), "{\"key\":\"%s\",\"time\":\"1970-01-01T00:00:%02dZ\",\"double\":%lld}\n", key,
                second, (long long)doubled);
  return text;
}

/// Two good records, a bad one, one more.
const std::string kOneBad =
    record("a", 1000, 1) + record("a", 2000, 2) + record("a", 3000, "\"x\"") + record("a", 4000, 4);

TEST(EngineBad, Rule49_FailStopsAtTheRecordWhateverTheBatch) {
  for (uint32_t batch : {1u, 2u, 3u, 4096u}) {
    HandPipeline p;
    p.sinks[0].connector = "stdout";
    p.options.batch = batch;
    p.storage.files["in.jsonl"] = kOneBad;
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.storage.output, all("a", 1, 2) + all("a", 2, 4)) << batch;
    EXPECT_EQ(p.messages,
              "in.jsonl:3: error: wrong type: field `value` (in `in`, at 1:3 of the pipeline)\n"
              "  {\"key\":\"a\",\"time\":3000,\"value\":\"x\"}\n"
              "note: `on_bad drop` or `on_bad dead_letter` at the source `in` would let the pipeline go on\n");
    EXPECT_EQ(p.counts.records, 3u);
    EXPECT_EQ(p.counts.bad, 1u);
  }
}

TEST(EngineBad, Rule48_MalformedStopsWithLineAndColumn) {
  for (uint32_t batch : {1u, 2u, 4096u}) {
    HandPipeline p;
    p.sinks[0].connector = "stdout";
    p.options.batch = batch;
    p.storage.files["in.jsonl"] = record("a", 1000, 1) + "\n" + "{\"key\" 1}\n" + record("a", 4000, 4);
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.storage.output, all("a", 1, 2));
    EXPECT_EQ(p.messages.find("in.jsonl:3:8: error: "), 0u) << p.messages;
    EXPECT_EQ(p.counts.blank, 1u);
  }
}

TEST(EngineBad, Rule48_EventTimeMustBeReadable) {
  HandPipeline p;
  p.storage.files["in.jsonl"] = "{\"key\":\"a\",\"time\":\"now\",\"value\":-1}\n";
  EXPECT_EQ(p.run(), 1);
  EXPECT_EQ(p.messages.find("in.jsonl:1:1: error: wrong type: field `time`\n"), 0u) << p.messages;
  p.sources[0].on_bad = MR_BAD_DROP;
  p.storage.files["in.jsonl"] += "{\"key\":\"a\",\"value\":-1}\n" + record("a", 1000, 3);
  EXPECT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.counts.bad, 2u);
  EXPECT_EQ(p.counts.records, 3u);
  EXPECT_EQ(p.counts.rows, 2u);
}

// A malformed record moves no watermark; one that is bad further on does (rules 7, 47).
TEST(EngineBad, Rule47_BadnessBelongsToTheBranch) {
  HandPipeline p;
  p.sinks[0].connector = "stdout";
  p.sources[0].on_bad = MR_BAD_DROP;
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 2000, 9223372036854775807) + kOneBad.substr(0, 0);
  ASSERT_EQ(p.run(), 0) << p.messages;
  // The doubling overflows: bad for the sink, good for the window.
  EXPECT_EQ(p.counts.bad, 1u);
  EXPECT_EQ(p.storage.output.find(all("a", 1, 2)), 0u);
  EXPECT_NE(p.storage.output.find("\"n\":2"), std::string::npos);
}

TEST(EngineBad, Rule49_MaxBadStopsAtTheRecordBeyondIt) {
  for (uint32_t batch : {1u, 2u, 4096u}) {
    HandPipeline p;
    p.sinks[0].connector = "stdout";
    p.sources[0].on_bad = MR_BAD_DROP;
    p.sources[0].max_bad = 2;
    p.options.batch = batch;
    // A bad value is counted at the sink and at the window: two.
    p.storage.files["in.jsonl"] = kOneBad + record("a", 5000, 5) + "oops\n" + record("a", 6000, 6);
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.storage.output, all("a", 1, 2) + all("a", 2, 4) + all("a", 4, 8) + all("a", 5, 10));
    EXPECT_NE(p.messages.find("note: that is one bad record more than `max_bad 2` allows"), std::string::npos)
        << p.messages;
    EXPECT_EQ(p.counts.bad, 3u);
  }
}

TEST(EngineBad, Rule49_MaxBadPercent) {
  HandPipeline p;
  p.sources[0].on_bad = MR_BAD_DROP;
  p.sources[0].max_bad_percent = 1;
  std::string input = "bad\nbad\nbad\nbad\nbad\nbad\nbad\nbad\nbad\n";
  for (int i = 0; i < 1000; ++i)
    input += record("a", 1000 + i, 1);
  p.storage.files["in.jsonl"] = input;
  EXPECT_EQ(p.run(), 0) << p.messages;
  p.storage.files["in.jsonl"] = input + "bad\nbad\n" + record("b", 5000, 1);
  EXPECT_EQ(p.run(), 1);
  EXPECT_NE(p.messages.find("11 of 1011 records are bad: more than `max_bad 1 percent` allows"), std::string::npos)
      << p.messages;
}

// However few records there are: at the end their share is known. Nothing fires any more.
TEST(EngineBad, Rule49_MaxBadPercentIsJudgedAtTheEnd) {
  for (uint32_t batch : {1u, 4096u}) {
    HandPipeline p;
    p.sinks[0].connector = "stdout";
    p.sources[0].on_bad = MR_BAD_DROP;
    p.sources[0].max_bad_percent = 25;
    p.options.batch = batch;
    std::string good = record("a", 1000, 1) + record("a", 2000, 2);
    p.storage.files["in.jsonl"] = "bad\n" + good;
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.storage.output, all("a", 1, 2) + all("a", 2, 4));
    EXPECT_EQ(p.messages, "error: source `in`: 1 of 3 records are bad: more than `max_bad 25 percent` allows\n");
    p.storage.files["in.jsonl"] = "bad\n" + good + record("a", 3000, 3);
    EXPECT_EQ(p.run(), 0) << p.messages;
  }
}

// -- dead letters ------------------------------------------------------------

mr_field_desc letterField(const char *name, mr_type type, bool nullable, uint32_t offset) {
  mr_field_desc field = {};
  field.name = name;
  field.unit = "";
  field.type = type;
  field.nullable = nullable;
  field.used = 1;
  field.stride = type == MR_I64 ? 8 : 16;
  field.status_stride = nullable;
  field.offset = offset;
  field.status_offset = nullable ? 80 + offset / 16 : UINT32_MAX;
  return field;
}
const mr_field_desc kLetter[6] = {letterField("raw", MR_BYTES, false, 0),  letterField("file", MR_STRING, true, 16),
                                  letterField("line", MR_I64, true, 32),   letterField("byte", MR_I64, true, 48),
                                  letterField("op", MR_STRING, false, 64), letterField("reason", MR_STRING, false, 88)};

mr_status letterStep(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  for (uint32_t i = uint32_t(cursor->position); i < limit; ++i) {
    uint8_t *row = mr_out_begin(task, 2, 1);
    for (int k = 0; k < 6; ++k) {
      const mr_field_desc &field = kLetter[k];
      std::memcpy(row + field.offset, batch->columns[k].values + i * field.stride, field.stride);
      if (field.nullable)
        row[field.status_offset] = batch->columns[k].status[i];
    }
    mr_out_end(task, 2, row + 104);
  }
  cursor->position = limit;
  return MR_DONE;
}

void addLetters(HandPipeline &p) {
  p.sources[0].on_bad = MR_BAD_DEAD_LETTER;
  mr_source_desc &dead = p.sources[1];
  dead.name = "in_bad";
  dead.connector = dead.format = "";
  dead.fields = kLetter;
  dead.num_fields = 6;
  dead.dead_of = 0;
  dead.event_time = -1;
  dead.max_bad = dead.max_bad_percent = -1;
  dead.step = letterStep;
  mr_sink_desc &sink = p.sinks[2];
  sink.name = "in_bad_file";
  sink.connector = "file";
  sink.format = "csv";
  static const mr_option path[1] = {{"path", "bad.csv", -1}};
  sink.options = path;
  sink.num_options = 1;
  sink.fields = kLetter;
  sink.num_fields = 6;
  sink.row_size = 104;
  p.pipeline.num_sources = 2;
  p.pipeline.num_sinks = 3;
}

TEST(EngineBad, Rule49_DeadLetters) {
  for (uint32_t batch : {1u, 2u, 4096u}) {
    HandPipeline p;
    addLetters(p);
    p.options.batch = batch;
    p.storage.files["in.jsonl"] = "oops\n" + record("a", 1000, 1) + record("b", 2000, "1.5") +
                                  "{\"key\":\"c\",\"value\":1}\n" + record("d", 3000, 9223372036854775807);
    ASSERT_EQ(p.run(), 0) << p.messages;
    std::string letters = p.storage.files["bad.csv"];
    std::string expected[] = {"raw,file,line,byte,op,reason\n",
                              "b29wcw==,in.jsonl,1,0,in,",
                              ",in.jsonl,3,39,all_stdout,wrong type: field `value`\n",
                              ",in.jsonl,3,39,per10,wrong type: field `value`\n",
                              "eyJrZXkiOiJjIiwidmFsdWUiOjF9,in.jsonl,4,75,in,missing: field `time`\n",
                              ",in.jsonl,5,97,all_stdout,overflow: value * 2\n"};
    size_t at = 0;
    for (const std::string &part : expected) {
      size_t found = letters.find(part, at);
      EXPECT_NE(found, std::string::npos) << part << "\nin\n" << letters;
      at = found + 1;
    }
    EXPECT_EQ(std::count(letters.begin(), letters.end(), '\n'), 6);
    EXPECT_EQ(p.counts.bad, 5u);
    EXPECT_EQ(p.counts.records, 5u);
  }
}

TEST(EngineBad, RecordOfHundredMegabytesIsOneBadRecord) {
  HandPipeline p;
  addLetters(p);
  std::string &input = p.storage.files["in.jsonl"];
  input = record("a", 1000, 1) + "{\"key\":\"" + std::string(100 << 20, 'x') + "\"}\n" + record("a", 2000, 2);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.counts.bad, 1u);
  EXPECT_EQ(p.counts.records, 3u);
  std::string letters = p.storage.files["bad.csv"];
  EXPECT_NE(letters.find(std::string(",in.jsonl,2,34,in,\"") + kTooLongReason + "\"\n"), std::string::npos)
      << letters.substr(letters.size() - 200);
  EXPECT_LT(letters.size(), size_t(1) << 21); // raw: the first 1 MiB
  EXPECT_NE(p.storage.output.find("\"n\":2"), std::string::npos);
}

TEST(EngineBad, TooLongAtTheEndAndJustLongEnough) {
  for (size_t extra : {size_t(0), size_t(1)}) {
    HandPipeline p;
    p.sources[0].on_bad = MR_BAD_DROP;
    std::string open = "{\"value\":1,\"time\":1000,\"key\":\"k\"", close = "}";
    std::string line = open + std::string(kMaxRecord + extra - open.size() - close.size(), ' ') + close;
    p.storage.files["in.jsonl"] = record("a", 1000, 1) + line; // no line end
    ASSERT_EQ(p.run(), 0) << p.messages;
    EXPECT_EQ(p.counts.bad, extra);
    EXPECT_EQ(p.counts.records, 2u);
  }
}

} // namespace
