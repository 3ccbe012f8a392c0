//===- state_clear_test.cpp - tables that are used again, of each layout ----------===//
#include "state_tables.h"

#include <random>

using namespace millrace;

namespace {

constexpr uint8_t kKeyTypes[] = {MR_I64, MR_STRING};
constexpr int64_t kLeast[] = {0};
constexpr uint64_t kValues[] = {100'000};

/// Packed and dense: a number as the key; inline and by_id: a number and a text. A count at the end, cold 8 bytes.
mr_table_desc descOf(mr_layout layout) {
  bool hasText = layout == MR_LAYOUT_INLINE || layout == MR_LAYOUT_BY_ID;
  mr_table_desc desc = {};
  desc.layout = layout;
  desc.occupied_bit = 255;
  desc.slot_size = layout == MR_LAYOUT_INLINE ? 56 : 24;
  desc.occupied_offset = desc.slot_size - 8;
  desc.cold_size = 8;
  desc.key_words = 1;
  desc.key_strings = hasText;
  desc.num_keys = hasText ? 2 : 1;
  desc.key_types = kKeyTypes;
  desc.time_offset = -1;
  if (layout == MR_LAYOUT_DENSE) {
    desc.key_least = kLeast;
    desc.key_values = kValues;
    desc.positions = kValues[0];
  }
  return desc;
}

class Cleared : public testing::TestWithParam<mr_layout> {};
INSTANTIATE_TEST_SUITE_P(All, Cleared,
                         testing::Values(MR_LAYOUT_DENSE, MR_LAYOUT_PACKED, MR_LAYOUT_INLINE, MR_LAYOUT_BY_ID));

TEST_P(Cleared, IsAsNew) {
  TestTable t(descOf(GetParam()));
  std::mt19937_64 random(4);
  for (int round = 0; round < 30; ++round) {
    std::map<uint64_t, uint64_t> model;
    // In some rounds a growth is under way when the table is emptied.
    for (uint64_t left = random() % (round % 3 ? 300 : 60'000); left; --left) {
      uint64_t number = random() % kValues[0];
      std::string text = "a text of more than twelve bytes " + std::to_string(number);
      Key key(number);
      if (t.desc.key_strings)
        key.add(text);
      uint8_t *slot = t.upsert(key);
      memberAt<uint64_t>(slot, t.desc.occupied_offset) += 1;
      mr_table_touch(t.table, slot);
      if (number % 3 == 0)
        memberAt<uint64_t>(mr_table_cold_new(t.table, slot), 0) += 1;
      ++model[number];
    }
    tableSettle(t.table);
    ASSERT_EQ(tableCount(t.table), model.size());
    for (uint64_t i = 0; i < mr_table_capacity(t.table); ++i) {
      if (!tableInUse(t.table, i))
        continue;
      uint64_t key[3];
      tableKey(t.table, i, key);
      uint8_t *slot = mr_table_slots(t.table) + i * t.desc.slot_size;
      ASSERT_EQ(memberAt<uint64_t>(slot, t.desc.occupied_offset), model[key[0]]);
      uint8_t *cold = mr_table_cold(t.table, slot, t.desc.slot_size, 8);
      ASSERT_EQ(cold ? memberAt<uint64_t>(cold, 0) : 0, key[0] % 3 ? 0 : model[key[0]]);
    }
    if (!tableClear(t.table)) { // it is much larger than its keys
      ASSERT_LT(model.size() * 64, mr_table_capacity(t.table));
      tableFree(t.table);
      t.table = tableNew(t.desc, t.account, t.dictionary);
    }
    ASSERT_EQ(tableCount(t.table), 0u);
    ASSERT_EQ(t.account.bytes, t.memory.handedOut);
  }
}

} // namespace
