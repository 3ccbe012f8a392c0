//===- table_keys_test.cpp - single keys of a table: their order, and taking them out ---===//
#include "runtime/state/hash.h"
#include "runtime/state/table_keys.h"
#include "state_tables.h"

#include <random>
#include <set>

using namespace millrace;

namespace {

mr_table_desc wordDesc(mr_layout layout, const uint8_t *types, uint32_t slotSize) {
  mr_table_desc desc = {};
  desc.layout = layout;
  desc.slot_size = slotSize;
  desc.key_words = desc.num_keys = 1;
  desc.key_types = types;
  desc.time_offset = -1;
  return desc;
}

// Behind a key that goes others move up, also across the end of the array.
TEST(TableKeys, ManyGoAtOnce) {
  const uint8_t type = MR_I64;
  for (mr_layout layout : {MR_LAYOUT_PACKED, MR_LAYOUT_INLINE})
    for (uint64_t seed = 1; seed <= 40; ++seed) {
      TestTable table(wordDesc(layout, &type, layout == MR_LAYOUT_PACKED ? 16 : 24));
      std::mt19937_64 random(seed);
      std::set<uint64_t> keys;
      for (uint64_t i = 0; i < 20 + seed * 20; ++i) {
        keys.insert(random() % 5000);
        table.upsert(*keys.rbegin());
      }
      for (uint64_t key : keys)
        table.upsert(key);
      tableSettle(table.table);
      StateVector<uint64_t> gone(table.account);
      for (uint64_t at = 0; at < mr_table_capacity(table.table); ++at) {
        uint64_t key;
        if (!tableInUse(table.table, at) || random() % 2)
          continue;
        tableKey(table.table, at, &key);
        keys.erase(key);
        gone.push_back(at);
      }
      tableEraseAll(table.table, gone);
      EXPECT_EQ(tableCount(table.table), keys.size());
      for (uint64_t key : keys)
        table.upsert(key); // is there: none is new
      EXPECT_EQ(tableCount(table.table), keys.size()) << "seed " << seed;
    }
}

// What hash.h says of words that count up: the two of a pair lie side by side, and in tables of 16 slots or more that
// are half full no two meet.
TEST(TableKeys, WordsThatCountUpDoNotMeet) {
  for (uint64_t slots = 16; slots <= uint64_t(1) << 20; slots *= 2) {
    std::vector<bool> isTaken(slots);
    for (uint64_t word = 0; word < slots / 2; ++word) {
      uint64_t home = packedHash(word) & (slots - 1);
      ASSERT_FALSE(isTaken[home]) << word << " of " << slots;
      isTaken[home] = true;
      ASSERT_EQ(packedHash(word ^ 1) & (slots - 1), home ^ 1);
    }
  }
}

// The order of keys that do not lie in one table is that of those that do (rule 10).
TEST(TableKeys, OrderIsThatOfTables) {
  const uint8_t types[] = {MR_I64, MR_STRING | MR_KEY_NULLABLE, MR_F64};
  mr_table_desc desc = {};
  desc.layout = MR_LAYOUT_INLINE;
  desc.key_words = 3; // the last tells of nulls
  desc.key_strings = 1;
  desc.num_keys = 3;
  desc.key_types = types;
  desc.slot_size = 8 * (1 + 3 + 2);
  desc.time_offset = -1;
  TestTable table(desc);
  std::mt19937_64 random(7);
  for (int i = 0; i < 500; ++i) {
    std::string text = random() % 2 ? "b" : "a text that is longer than in place " + std::to_string(random() % 9);
    bool isNull = random() % 4 == 0;
    Key key;
    key.words = {uint64_t(int64_t(random() % 5) - 2), mr_key_f64(double(int64_t(random() % 7) - 3)),
                 isNull ? uint64_t(2) : 0};
    if (isNull)
      text.clear(); // it must live as long as the key
    key.add(text);
    table.upsert(key);
  }
  uint64_t count;
  const uint64_t *order = mr_table_order(table.table, &count);
  ASSERT_GT(count, 50u);
  uint64_t a[5], b[5];
  for (uint64_t i = 1; i < count; ++i) {
    tableKey(table.table, order[i - 1], a);
    tableKey(table.table, order[i], b);
    EXPECT_TRUE(tableKeyLess(desc, a, b));
    EXPECT_FALSE(tableKeyLess(desc, b, a));
    EXPECT_FALSE(tableKeyLess(desc, a, a));
  }
}

} // namespace
