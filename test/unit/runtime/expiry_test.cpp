//===- expiry_test.cpp - timers of keys that were loaded, on the account of their operator ---===//
#include "runtime/engine/expiry.h"
#include "runtime/state/snapshot.h"
#include "runtime/state/table_keys.h"
#include "state_tables.h"

#include <set>

using namespace millrace;

namespace {

constexpr uint8_t kI64 = MR_I64;
constexpr int64_t kLeast = 0;
constexpr uint64_t kValues = 5000;
constexpr int64_t kTtl = 1000;

/// An operator whose keys live for kTtl.
struct Keeps {
  explicit Keeps(mr_layout layout) {
    mr_table_desc &table = desc.table;
    table.layout = layout;
    table.occupied_bit = 255;
    uint32_t before = layout == MR_LAYOUT_PACKED ? 8 : layout == MR_LAYOUT_INLINE ? 16 : 0;
    piece = {"time", MR_PIECE_BYTES, 0, 0, 0, before, 8};
    table.occupied_offset = before;
    table.slot_size = before + 8;
    table.key_words = table.num_keys = 1;
    table.key_types = &kI64;
    table.key_least = &kLeast;
    table.key_values = &kValues;
    table.positions = kValues;
    table.time_offset = int32_t(before);
    table.pieces = &piece;
    table.num_pieces = 1;
    desc.ttl = kTtl;
    if (layout == MR_LAYOUT_BY_ID)
      dictionary = dictionaryNew(table, account);
  }
  ~Keeps() {
    for (SavedTable &saved : state.tables)
      tableFree(saved.table);
    dictionaryFree(dictionary);
  }

  CountingMemory memory;
  StateAccount account{memory, "test"};
  mr_window_desc desc = {};
  mr_piece_desc piece;
  mr_dictionary *dictionary = nullptr;
  SavedState state;
};

const auto kLayouts = testing::Values(MR_LAYOUT_DENSE, MR_LAYOUT_PACKED, MR_LAYOUT_INLINE, MR_LAYOUT_BY_ID);
using Loaded = testing::TestWithParam<std::tuple<mr_layout, mr_layout>>;
INSTANTIATE_TEST_SUITE_P(Expiry, Loaded, testing::Combine(kLayouts, kLayouts));

/// Rule 35 across a snapshot: nothing of the timers is saved, all of them are there.
TEST_P(Loaded, TimersComeOfTheTimesInTheSlots) {
  auto [from, to] = GetParam();
  Keeps source(from), target(to);
  source.state.watermark = 2500;
  source.state.tables.push_back({0, tableNew(source.desc.table, source.account, source.dictionary)});
  std::multimap<int64_t, uint64_t> expected; // due, key
  for (uint64_t key = 0; key < kValues; key += 1 + key % 3) {
    int64_t time = int64_t(key * 7919 % 4000) - 100;
    uint64_t stored = uint64_t(time) ^ uint64_t(1) << 63;
    std::memcpy(tableUpsert(source.state.tables[0].table, &key) + source.desc.table.time_offset, &stored, 8);
    expected.emplace(time + kTtl, key);
  }
  std::string bytes, error;
  stateSave(source.desc.table, source.dictionary, source.state, bytes);
  ASSERT_TRUE(stateLoad(bytes, target.desc.table, target.account, target.dictionary, target.state, error)) << error;
  mr_table *table = target.state.tables.at(0).table;
  {
    Expiry::Pointer expiry = Expiry::make(target.account);
    expiry->armAll(target.desc, table, target.state.watermark);
    EXPECT_EQ(expiry->watermark, 2500);
    EXPECT_TRUE(expiry->behind) << "some keys are due already";
    EXPECT_EQ(expiry->wheel.size(), expected.size());
    for (int64_t watermark : {0, 899, 900, 2500, 4898, 5000}) {
      expiry->due.clear();
      ASSERT_TRUE(expiry->wheel.advance(watermark, UINT64_MAX, expiry->due));
      std::multiset<uint64_t> keys, wanted;
      for (const Timer &timer : expiry->due) { // each finds its key; keys that are alike share tokens
        expiry->found.clear();
        tableFind(table, timer.token, expiry->found);
        for (uint64_t position : expiry->found) {
          uint64_t key;
          tableKey(table, position, &key);
          if (Expiry::dueOf(target.desc, table->slotAt(position)) == timer.due)
            keys.insert(key);
        }
      }
      for (auto end = expected.upper_bound(watermark); expected.begin() != end; expected.erase(expected.begin()))
        wanted.insert(expected.begin()->second);
      EXPECT_EQ(keys, wanted) << watermark;
    }
    EXPECT_EQ(target.account.bytes, target.memory.handedOut);
  }
  EXPECT_EQ(target.account.bytes, target.memory.handedOut);
}

/// Each byte that time-to-live takes is the operator's, and comes back.
TEST(Expiry, IsOnTheAccount) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  {
    Expiry::Pointer expiry = Expiry::make(account);
    uint64_t before = account.bytes;
    EXPECT_GE(before, sizeof(Expiry));
    for (uint64_t i = 0; i < 10'000; ++i) {
      ASSERT_TRUE(expiry->wheel.add({int64_t(i), i}));
      expiry->due.push_back({0, 0});
      expiry->found.push_back(i);
      expiry->gone.push_back(i);
      expiry->alike[i] = {};
    }
    EXPECT_GE(account.bytes - before, 10'000 * (16 + 16 + 8 + 8 + 64));
    EXPECT_EQ(account.bytes, memory.handedOut);
  }
  EXPECT_EQ(account.bytes, 0u);
  EXPECT_EQ(memory.handedOut, 0u);
}

} // namespace
