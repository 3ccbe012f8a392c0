//===- engine_stateful_test.cpp - steps whose rows depend on state -------------===//
//
// A hand-made step counts records by their value, in a table with a
// time-to-live of 5 s that tells of keys that expire. What it does with a record
// depends on the value: see `step`.
//
//===----------------------------------------------------------------------===//
#include "hand_pipeline.h"
#include "runtime/values/string_view.h"
#include "state_tables.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <sstream>

using namespace millrace;

namespace {

constexpr int64_t kTtl = 5'000'000;
constexpr uint32_t kSlot = 32, kTable = 1, kSink = 0; ///< window 0 is the hand-made pipeline's own
constexpr int64_t kBadBefore = 13, kBadAfter = 14, kFails = 15, kLateAndBad = 16; ///< values

template <typename T> T &at(uint8_t *bytes, size_t offset) { return *reinterpret_cast<T *>(bytes + offset); }
int64_t &timeOf(uint8_t *slot) { return at<int64_t>(slot, 8); }
int64_t stored(int64_t time) { return time ^ INT64_MIN; }

void writeRow(mr_task *task, bool isDelete, uint32_t record, int64_t key, int64_t count) {
  uint8_t *row = mr_out_begin(task, kSink, 2);
  at<uint64_t>(row, 0) = uint64_t(record) << 32 | uint64_t(isDelete);
  at<int64_t>(row, 8) = key;
  at<int64_t>(row, 16) = count;
  mr_out_end(task, kSink, row + 24);
}

void countRecord(mr_task *task, uint32_t record, int64_t key, int64_t time, int64_t watermark) {
  mr_table *table = mr_state_table(task, kTable);
  uint8_t *slot = mr_packed_upsert(table, mr_packed_hash(uint64_t(key)), uint64_t(key), kSlot);
  int64_t before = timeOf(slot);
  bool isNew = !before;
  if (before && watermark >= stored(before) + kTtl) {
    writeRow(task, true, record, key, 0);
    mr_table_reset(table, slot);
    before = 0;
  }
  timeOf(slot) = before ? stored(std::max(stored(before), time)) : stored(time);
  writeRow(task, false, record, key, ++at<int64_t>(slot, 16));
  if (isNew)
    mr_arm(task, kTable, slot);
}

mr_status step(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  auto *values = reinterpret_cast<const int64_t *>(batch->columns[2].values);
  int64_t lane = mr_watermark(task, kTable), others = mr_watermark_others(task, kTable);
  for (uint32_t i = uint32_t(cursor->position); i < limit; ++i) {
    int64_t time = batch->event_time[i];
    if (!mr_halted(task)) {
      if (values[i] == kLateAndBad)
        mr_window_late_at(task, 0, i);
      if (values[i] == kBadBefore || values[i] == kLateAndBad)
        mr_bad(task, i, 1, 3 << 3 | MR_OVERFLOW);
      else if (values[i] == kFails)
        mr_fail(task, i, 0, 3 << 3 | MR_DIVISION_BY_ZERO);
      else
        countRecord(task, i, values[i], time, std::min(lane, others));
      if (values[i] == kBadAfter) {
        mr_bad(task, i, 1, 3 << 3 | MR_OVERFLOW);
        mr_bad(task, i, 1, 3 << 3 | MR_OVERFLOW); // counts once
      }
    }
    lane = std::max(lane, time - 1);
  }
  cursor->position = limit;
  return MR_DONE;
}

mr_status expire(mr_task *task, mr_table *table, const uint64_t *positions, uint64_t count, mr_cursor *cursor) {
  for (; cursor->position < count; ++cursor->position) {
    if (mr_out_full(task))
      return MR_MORE;
    writeRow(task, true, 0, int64_t(mr_packed_key(table, positions[cursor->position], kSlot)), 0);
  }
  return MR_DONE;
}

mr_field_desc field(const char *name, uint32_t offset) {
  mr_field_desc field = {};
  field.name = name;
  field.unit = "";
  field.type = MR_I64;
  field.offset = offset;
  field.status_offset = UINT32_MAX;
  return field;
}

const mr_field_desc kFields[2] = {field("value", 8), field("n", 16)};
const uint32_t kUpsertKeys[1] = {0};
const uint8_t kKeyTypes[1] = {MR_I64};
const mr_piece_desc kPieces[2] = {{"time", MR_PIECE_BYTES, 0, 0, 0, 8, 8}, {"n", MR_PIECE_BYTES, 0, 0, 0, 16, 8}};
const mr_input_ref kFromSource[1] = {{0, 0}};

struct Stateful : HandPipeline {
  explicit Stateful(uint32_t batch) {
    options.batch = batch;
    sources[0].step = step;
    sources[0].stateful = 1;
    mr_sink_desc &sink = sinks[kSink];
    sink.connector = "stdout";
    sink.format = "csv";
    sink.fields = kFields;
    sink.num_fields = 2;
    sink.row_size = 24;
    sink.changes = 1;
    sink.header = 8;
    sink.keys = kUpsertKeys;
    sink.num_keys = 1;
    mr_window_desc &state = windows[kTable];
    state.name = "counts";
    state.kind = MR_STATE_RUNNING;
    state.keyed = state.deletes = 1;
    state.ttl = kTtl;
    state.table.layout = MR_LAYOUT_PACKED;
    state.table.slot_size = kSlot;
    state.table.key_words = state.table.num_keys = 1;
    state.table.key_types = kKeyTypes;
    state.table.time_offset = 8;
    state.table.pieces = kPieces;
    state.table.num_pieces = 2;
    state.inputs = kFromSource;
    state.num_inputs = 1;
    state.max_rows_per_slot = 1;
    state.expire = expire;
    pipeline.num_windows = 2;
  }

  /// What came out, the rows of each key in their order.
  std::string byKey() {
    std::multimap<std::string, std::string> lines; // of equal keys in the order in which they came
    std::istringstream text(storage.output);
    for (std::string line; std::getline(text, line);) {
      size_t from = line.find(',') + 1;
      lines.emplace(line.substr(from, line.find(',', from) - from), line);
    }
    std::string sorted;
    for (const auto &[key, line] : lines)
      sorted += line + "\n";
    return sorted;
  }
};

constexpr uint32_t kBatches[] = {1, 2, 3, 7, 4096};

/// Records of values 1, 2, 1 and the one given, one second apart, then more.
std::string with(int64_t value) {
  return record("k", 1000, 1) + record("k", 2000, 2) + record("k", 3000, 1) + record("k", 4000, value) +
         record("k", 5000, 1) + record("k", 6000, value) + record("k", 7000, 2);
}

TEST(EngineStateful, Rule7_ABadRecordStopsAtItsPlaceAndLeavesNothing) {
  for (int64_t value : {kBadBefore, kBadAfter, kLateAndBad})
    for (uint32_t batch : kBatches) {
      Stateful p(batch);
      p.storage.files["in.jsonl"] = with(value);
      EXPECT_EQ(p.run(), 1);
      EXPECT_EQ(p.storage.output, "op,value,n\nupsert,1,1\nupsert,2,1\nupsert,1,2\n") << value << " " << batch;
      EXPECT_EQ(p.messages.find("in.jsonl:4: error: overflow: value * 2 (in `all`"), 0u) << p.messages;
      EXPECT_EQ(p.counts.records, 4u);
      EXPECT_EQ(p.counts.bad, 1u);
      EXPECT_EQ(p.counts.late, 0u) << "the record's late count is taken back";
    }
}

TEST(EngineStateful, Rule49_LimitsAreJudgedAsRecordsCome) {
  for (uint32_t batch : kBatches) {
    Stateful p(batch);
    p.sources[0].on_bad = MR_BAD_DROP;
    p.sources[0].max_bad = 1;
    p.storage.files["in.jsonl"] = with(kBadAfter);
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.storage.output, "op,value,n\nupsert,1,1\nupsert,2,1\nupsert,1,2\nupsert,14,1\nupsert,1,3\n") << batch;
    EXPECT_NE(p.messages.find("more than `max_bad 1` allows"), std::string::npos) << p.messages;
    EXPECT_EQ(p.counts.records, 6u);
    EXPECT_EQ(p.counts.bad, 2u);
  }
}

TEST(EngineStateful, Rule49_AShareIsJudgedFromTheThousandthRecordOn) {
  std::string input;
  for (int i = 0; i < 1200; ++i)
    input += record("k", i, i == 400 || i == 500 || i == 1100 ? kBadAfter : 1);
  std::string first;
  for (uint32_t batch : kBatches) {
    Stateful p(batch);
    p.sources[0].on_bad = MR_BAD_DROP;
    p.sources[0].max_bad_percent = 0;
    p.storage.files["in.jsonl"] = input;
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.counts.records, 1101u) << batch;
    EXPECT_EQ(p.counts.rows, 1100u);
    first = first.empty() ? p.storage.output : first;
    EXPECT_EQ(p.storage.output, first);
  }
}

TEST(EngineStateful, Rule47_BehindStateAnErrorStopsWhateverThePolicy) {
  for (uint32_t batch : kBatches) {
    Stateful p(batch);
    p.sources[0].on_bad = MR_BAD_DROP;
    p.storage.files["in.jsonl"] = record("k", 500, kBadBefore) + with(kFails);
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.storage.output, "op,value,n\nupsert,1,1\nupsert,2,1\nupsert,1,2\n") << batch;
    EXPECT_EQ(p.messages.find("in.jsonl:5: error: division by zero: value * 2 (in `all`"), 0u) << p.messages;
    EXPECT_NE(p.messages.find("an error behind state stops the pipeline"), std::string::npos);
    EXPECT_EQ(p.counts.bad, 1u) << "the one before state";
  }
}

/// Value 2 at 2 s expires when W reaches 7 s, that is at the record behind the one of 8 s; value 1 at 3 s lives on, as
/// it is written at 8 s. At the end nothing is deleted.
TEST(EngineStateful, Rule35_KeysExpireAndNothingDoesAtTheEnd) {
  for (uint32_t batch : kBatches) {
    Stateful p(batch);
    p.storage.files["in.jsonl"] = record("k", 1000, 1) + record("k", 2000, 2) + record("k", 3000, 1) +
                                  record("k", 8000, 1) + record("k", 7500, 2) + record("k", 7999, 3);
    EXPECT_EQ(p.run(), 0);
    EXPECT_EQ(p.byKey(),
              "upsert,1,1\nupsert,1,2\nupsert,1,3\nupsert,2,1\ndelete,2,\nupsert,2,1\nupsert,3,1\nop,value,n\n")
        << batch;
  }
}

/// What is due before a record that stops the pipeline is deleted, and nothing that it would have made due.
TEST(EngineStateful, Rule35_WhatAStopLeavesDoesNotDependOnTheBatch) {
  for (uint32_t batch : kBatches) {
    Stateful p(batch);
    p.storage.files["in.jsonl"] = record("k", 1000, 1) + record("k", 2000, 2) + record("k", 3000, 3) +
                                  record("k", 7500, 4) + record("k", 90'000, kBadBefore) + record("k", 91'000, 1);
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(p.byKey(), "upsert,1,1\ndelete,1,\nupsert,2,1\ndelete,2,\nupsert,3,1\nupsert,4,1\nop,value,n\n") << batch;
  }
}

/// Many keys that are due at once go in pieces, all of them, and their memory is used again.
TEST(EngineStateful, Rule35_ManyKeysExpireInPieces) {
  constexpr int kKeys = 150'000;
  uint64_t most[2];
  for (int rounds : {1, 4}) {
    Stateful p(4096);
    std::string &input = p.storage.files["in.jsonl"];
    for (int round = 0; round < rounds; ++round)
      for (int i = 0; i < kKeys; ++i)
        input += record("k", 1000 + round * 100'000, 100 + i);
    input += record("k", 10'000'000, 1) + record("k", 10'000'001, 2);
    EXPECT_EQ(p.run(), 0);
    // Each key has an upsert and a delete in each round, but for the first record of a round: it has not moved W yet.
    EXPECT_EQ(p.counts.rows, uint64_t(rounds) * kKeys * 2 - uint64_t(rounds - 1) + 2);
    most[rounds == 4] = p.counts.stateBytesMost;
  }
  EXPECT_LT(double(most[1]), double(most[0]) * 1.3);
}

/// What letting keys go takes by itself is small, and on the account: a budget that fits the keys fits it too.
TEST(EngineStateful, Rule35_KeysExpireWithinABudget) {
  CountingMemory memory;
  Stateful p(256);
  p.options.stateMemory = &memory;
  p.options.stateBudget = 512 << 10;
  std::string &input = p.storage.files["in.jsonl"];
  for (int round = 0; round < 100; ++round)
    for (int i = 0; i < 1000; ++i)
      input += record("k", 1000 + round * 100'000, 100 + round * 1000 + i);
  EXPECT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.counts.stateBytesMost, memory.most);
  EXPECT_LE(memory.mostHandedOut, p.options.stateBudget);
  EXPECT_EQ(memory.handedOut, 0u);
}

TEST(EngineStateful, BeyondTheBudgetItStopsAndNamesTheOperator) {
  Stateful p(4096);
  p.options.stateBudget = 256 << 10;
  for (int i = 0; i < 100'000; ++i)
    p.storage.files["in.jsonl"] += record("k", 1000, 100 + i);
  EXPECT_EQ(p.run(), 3);
  EXPECT_NE(p.messages.find("--memory"), std::string::npos) << p.messages;
  EXPECT_NE(p.messages.find("`counts` holds"), std::string::npos) << p.messages;
  EXPECT_LE(p.counts.stateBytesMost, p.options.stateBudget);
}

} // namespace
