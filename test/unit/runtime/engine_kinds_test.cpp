//===- engine_kinds_test.cpp - global and processing-time windows, several sources ----===//
#include "hand_pipeline.h"
#include "runtime/values/string_view.h"

#include <gtest/gtest.h>

using namespace millrace;

namespace {

template <typename T> T &at(uint8_t *bytes, size_t offset) { return *reinterpret_cast<T *>(bytes + offset); }

// -- an unkeyed global count: slot {tag, n}; row {n, time or null} --------------

mr_status countStep(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  mr_table *table = mr_window_pane(task, 0, 0);
  uint8_t *slot = mr_table_upsert(table, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, 16);
  for (uint32_t i = uint32_t(cursor->position); i < limit; ++i) {
    at<int64_t>(slot, 8) += 1;
    mr_window_saw(task, 0, batch->event_time[i]);
  }
  cursor->position = limit;
  return MR_DONE;
}

mr_status countFire(mr_task *task, mr_table *table, int64_t, int64_t, int64_t time, mr_cursor *) {
  for (uint64_t i = 0; i < mr_table_capacity(table); ++i) {
    uint8_t *slot = mr_table_slots(table) + i * 16;
    if (!at<uint64_t>(slot, 0))
      continue;
    uint8_t *row = mr_out_begin(task, 0, 1);
    at<int64_t>(row, 0) = at<int64_t>(slot, 8);
    at<int64_t>(row, 8) = time;
    row[16] = time == INT64_MIN;
    mr_out_end(task, 0, row + 24);
  }
  return MR_DONE;
}

mr_field_desc rowField(const char *name, mr_type type, uint32_t offset, uint32_t status) {
  mr_field_desc field = {};
  field.name = name;
  field.unit = "";
  field.type = type;
  field.offset = offset;
  field.status_offset = status;
  return field;
}

void makeCount(HandPipeline &p) {
  static const mr_field_desc fields[2] = {rowField("n", MR_I64, 0, UINT32_MAX), rowField("time", MR_TIMESTAMP, 8, 16)};
  p.sources[0].step = countStep;
  p.sinks[0].connector = "stdout";
  p.sinks[0].fields = fields;
  p.sinks[0].num_fields = 2;
  p.sinks[0].row_size = 24;
  p.pipeline.num_sinks = 1;
  mr_window_desc &window = p.windows[0];
  window.kind = MR_WINDOW_GLOBAL;
  window.keyed = 0;
  window.table.slot_size = 16;
  window.table.key_strings = 0;
  window.table.num_keys = 0;
  window.fire = countFire;
}

TEST(EngineKinds, Rule18_GlobalFiresOnceAtTheEndWithTheGreatestTime) {
  HandPipeline p;
  makeCount(p);
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 9000, 1) + record("a", 2000, 1);
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, "{\"n\":3,\"time\":\"1970-01-01T00:00:09Z\"}\n");
}

TEST(EngineKinds, Rule18_UnkeyedGlobalOverEmptyInputGivesOneRow) {
  HandPipeline p;
  makeCount(p);
  p.storage.files["in.jsonl"] = "";
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, "{\"n\":0,\"time\":null}\n");
  p.windows[0].keyed = 1; // with a key there is no row
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, "");
}

// -- processing time: the same count by the clock; row {n, timing} ---------------

mr_status clockStep(mr_task *task, const mr_batch *, mr_cursor *cursor, uint32_t limit) {
  constexpr int64_t size = 10'000'000;
  mr_table *table = mr_window_pane(task, 0, mr_now(task) / size * size);
  uint8_t *slot = mr_table_upsert(table, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, 16);
  at<int64_t>(slot, 8) += limit - int64_t(cursor->position);
  cursor->position = limit;
  return MR_DONE;
}

mr_status clockFire(mr_task *task, mr_table *table, int64_t, int64_t end, int64_t, mr_cursor *) {
  for (uint64_t i = 0; i < mr_table_capacity(table); ++i) {
    uint8_t *slot = mr_table_slots(table) + i * 16;
    if (!at<uint64_t>(slot, 0))
      continue;
    uint8_t *row = mr_out_begin(task, 0, 1);
    at<int64_t>(row, 0) = at<int64_t>(slot, 8);
    at<int64_t>(row, 8) = end;
    row[16] = uint8_t(mr_timing(task));
    mr_out_end(task, 0, row + 24);
  }
  return MR_DONE;
}

void makeClock(HandPipeline &p) {
  static const mr_field_desc fields[3] = {rowField("n", MR_I64, 0, UINT32_MAX),
                                          rowField("end", MR_TIMESTAMP, 8, UINT32_MAX),
                                          rowField("timing", MR_U8, 16, UINT32_MAX)};
  makeCount(p);
  p.sources[0].step = clockStep;
  p.sources[0].watermark = MR_WATERMARK_NONE;
  p.sinks[0].fields = fields;
  p.sinks[0].num_fields = 3;
  p.windows[0].kind = MR_WINDOW_TUMBLING;
  p.windows[0].processing_time = 1;
  p.windows[0].fire = clockFire;
}

// Batches end where the simulated clock moves (rule 3); what is open at the end fires early, with its nominal end (rule
// 8).
TEST(EngineKinds, Rule3_ProcessingTimeMovesAtPositions) {
  for (uint32_t batch : {1u, 2u, 4096u}) {
    HandPipeline p;
    makeClock(p);
    p.options.batch = batch;
    p.options.clock = "0=1970-01-01T00:00:01Z,2=+8 s,3=+30s,5=+1 min";
    for (int i = 0; i < 6; ++i)
      p.storage.files["in.jsonl"] += record("a", i, 1);
    ASSERT_EQ(p.run(), 0) << p.messages;
    EXPECT_EQ(p.storage.output, "{\"n\":3,\"end\":\"1970-01-01T00:00:10Z\",\"timing\":1}\n"
                                "{\"n\":2,\"end\":\"1970-01-01T00:00:40Z\",\"timing\":1}\n"
                                "{\"n\":1,\"end\":\"1970-01-01T00:01:40Z\",\"timing\":0}\n")
        << batch;
  }
}

TEST(EngineKinds, SimulatedClockIsChecked) {
  HandPipeline p;
  makeClock(p);
  for (const char *spec : {"x", "0=", "5=+1s,5=+1s", "0=2024-01-01T00:00:00Z,9=2023-01-01T00:00:00Z", "0=+1s,"}) {
    p.options.clock = spec;
    EXPECT_EQ(p.run(), 2) << spec;
    EXPECT_NE(p.messages.find("is no move of the clock"), std::string::npos);
  }
}

// -- two sources into one window ---------------------------------------------------

TEST(EngineKinds, Rule6_TwoSourcesIntoOneWindow) {
  HandPipeline p;
  static const mr_input_ref both[2] = {{0, 0}, {0, 1}};
  static const mr_option second[1] = {{"path", "other.jsonl", -1}};
  p.sources[1] = p.sources[0];
  p.sources[1].name = "other";
  p.sources[1].options = second;
  p.windows[0].inputs = both;
  p.windows[0].num_inputs = 2;
  p.pipeline.num_sources = 2;
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 55000, 2);
  p.storage.files["other.jsonl"] = record("b", 2000, 4) + record("b", 12000, 8);
  ASSERT_EQ(p.run(), 0) << p.messages;
  // The first file is read to its end, and counts +inf from then on; the second one moves W alone: nothing is late.
  EXPECT_EQ(p.counts.late, 0u);
  EXPECT_EQ(p.counts.rows, 4u + 4u);
  EXPECT_EQ(p.storage.output.find("{\"key\":\"a\",\"window_start\":\"1970-01-01T00:00:00Z\""), 0u) << p.storage.output;
}

// A window behind a window: its rows arrive with the time end - 1 us of the first one's panes (rule 12).
mr_status forward(mr_task *task, mr_table *table, int64_t start, int64_t end, int64_t time, mr_cursor *) {
  EXPECT_EQ(time, end - 1);
  constexpr int64_t size = 30'000'000;
  uint64_t count;
  mr_table_order(table, &count);
  EXPECT_GE(start / size * size, mr_window_first_open(task, 1));
  mr_table *next = mr_window_pane(task, 1, start / size * size);
  uint8_t *slot = mr_table_upsert(next, mr_key_hash(nullptr, 0, 0), nullptr, 0, 0, 16);
  at<int64_t>(slot, 8) += int64_t(count);
  return MR_DONE;
}

mr_status forwardedFire(mr_task *task, mr_table *table, int64_t, int64_t, int64_t time, mr_cursor *) {
  for (uint64_t i = 0; i < mr_table_capacity(table); ++i) {
    uint8_t *slot = mr_table_slots(table) + i * 16;
    if (!at<uint64_t>(slot, 0))
      continue;
    uint8_t *row = mr_out_begin(task, 1, 1);
    at<int64_t>(row, 0) = at<int64_t>(slot, 8);
    at<int64_t>(row, 8) = time;
    row[16] = 0;
    mr_out_end(task, 1, row + 24);
  }
  return MR_DONE;
}

TEST(EngineKinds, WindowBehindAWindow) {
  for (uint32_t batch : {1u, 4096u}) {
    HandPipeline p;
    mr_window_desc first = p.windows[0];
    auto step = p.sources[0].step;
    makeCount(p);
    p.sources[0].step = step;
    p.sinks[1] = p.sinks[0];
    static const mr_input_ref fromWindow[1] = {{1, 0}};
    p.windows[1] = p.windows[0];
    p.windows[0] = first;
    p.windows[0].fire = forward;
    p.windows[1].kind = MR_WINDOW_TUMBLING;
    p.windows[1].size = 30'000'000;
    p.windows[1].inputs = fromWindow;
    p.windows[1].fire = forwardedFire;
    p.pipeline.num_windows = 2;
    p.options.batch = batch;
    // The step writes 32-byte rows to sink 0 for each record; here they are not looked at.
    p.sinks[0].connector = "null";
    p.sinks[0].row_size = 32;
    p.pipeline.num_sinks = 2;
    p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("b", 2000, 1) + record("a", 21000, 1) +
                                  record("a", 31000, 1) + record("a", 95000, 1);
    ASSERT_EQ(p.run(), 0) << p.messages;
    EXPECT_EQ(p.storage.output, "{\"n\":3,\"time\":\"1970-01-01T00:00:29.999999Z\"}\n"
                                "{\"n\":1,\"time\":\"1970-01-01T00:00:59.999999Z\"}\n"
                                "{\"n\":1,\"time\":\"1970-01-01T00:01:59.999999Z\"}\n");
  }
}

} // namespace
