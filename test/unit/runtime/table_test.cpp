//===- table_test.cpp - keyed tables --------------------------------------===//
#include "runtime/state/hash.h"
#include "state_tables.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <random>
#include <set>

using namespace millrace;

namespace {

mr_table_desc desc(uint32_t slotSize, uint32_t words, uint32_t strings, const uint8_t *types = nullptr,
                   uint32_t numKeys = 0) {
  mr_table_desc desc = {};
  desc.layout = MR_LAYOUT_INLINE;
  desc.slot_size = slotSize;
  desc.key_words = words;
  desc.key_strings = strings;
  desc.key_types = types;
  desc.num_keys = numKeys;
  desc.time_offset = -1;
  return desc;
}

uint64_t *upsert(mr_table *table, const uint64_t *key) {
  const mr_table_desc &desc = *table->desc;
  uint64_t hash = mr_key_hash(key, desc.key_words, desc.key_strings);
  return reinterpret_cast<uint64_t *>(
      mr_table_upsert(table, hash, key, desc.key_words, desc.key_strings, desc.slot_size));
}

/// The string that is kept at two words.
std::string textOf(const TestTable &table, const uint64_t *stored) {
  return text(mr_table_text(table.table, {stored[0], stored[1]}));
}

TEST(Table, CountsAsAMapDoes) {
  TestTable table(desc(24, 1, 0));
  std::map<uint64_t, uint64_t> expected;
  std::mt19937_64 random(1);
  for (int i = 0; i < 300000; ++i) {
    uint64_t key = random() % 50000 << (i % 3 * 20); // three ranges, one with zeros below
    ++upsert(table.table, &key)[2];
    ++expected[key];
  }
  EXPECT_EQ(table.table->count, expected.size());
  uint64_t inUse = 0;
  tableSettle(table.table);
  for (uint64_t i = 0; i < mr_table_capacity(table.table); ++i) {
    auto *slot = reinterpret_cast<uint64_t *>(mr_table_slots(table.table) + i * 24);
    if (!slot[0])
      continue;
    ++inUse;
    ASSERT_EQ(slot[2], expected.at(slot[1]));
  }
  EXPECT_EQ(inUse, expected.size());
  EXPECT_LE(table.table->count * 4, mr_table_capacity(table.table) * 3);
}

TEST(Table, KeysOfWordsAndStringsSurviveTheirBatch) {
  TestTable table(desc(8 * (1 + 1 + 4 + 1), 1, 2));
  std::map<std::tuple<uint64_t, std::string, std::string>, uint64_t> expected;
  std::mt19937_64 random(2);
  for (int i = 0; i < 50000; ++i) {
    auto a = std::make_unique<std::string>(random() % 40, char('a' + random() % 3)); // freed at the end of the round
    auto b = std::make_unique<std::string>("host-" + std::to_string(random() % 20) + ".example.com");
    Key key;
    key.words = {random() % 2};
    key.add(*a);
    key.add(*b);
    uint64_t *slot = upsert(table.table, key.words.data());
    ++slot[6];
    ++expected[{key.words[0], *a, *b}];
  }
  EXPECT_EQ(table.table->count, expected.size());
  for (uint64_t i = 0; i < mr_table_capacity(table.table); ++i)
    if (auto *slot = reinterpret_cast<uint64_t *>(mr_table_slots(table.table) + i * table.table->desc->slot_size);
        slot[0]) {
      std::string a = textOf(table, slot + 2), b = textOf(table, slot + 4);
      ASSERT_EQ(slot[6], (expected.at({slot[1], a, b}))) << a << " " << b;
    }
}

TEST(Table, NewMembersAreZeroAlsoAfterGrowth) {
  TestTable table(desc(64, 1, 0));
  for (uint64_t key = 0; key < 100000; ++key) {
    uint64_t *slot = upsert(table.table, &key);
    for (int i = 2; i < 8; ++i)
      ASSERT_EQ(slot[i], 0u);
    std::fill(slot + 2, slot + 8, key + 1);
  }
  for (uint64_t key = 0; key < 100000; ++key)
    ASSERT_EQ(upsert(table.table, &key)[7], key + 1);
}

TEST(Table, NoKeyIsOneKey) {
  TestTable table(desc(16, 0, 0));
  for (int i = 0; i < 10; ++i)
    ++upsert(table.table, nullptr)[1];
  EXPECT_EQ(table.table->count, 1u);
  EXPECT_EQ(upsert(table.table, nullptr)[1], 10u);
}

TEST(Table, ExpectedKeysNeedNoGrowth) {
  TestTable table(desc(16, 1, 0), 10000);
  uint64_t capacity = mr_table_capacity(table.table);
  for (uint64_t key = 0; key < 10000; ++key)
    upsert(table.table, &key);
  EXPECT_EQ(mr_table_capacity(table.table), capacity);
}

TEST(Table, WhatIsOnlyExpectedDoesNotExhaustMemory) {
  TestTable table(desc(40, 1, 0), ~uint64_t(0));
  EXPECT_LE(table.account.bytes, uint64_t(70) << 20);
  uint64_t key = 5;
  EXPECT_EQ(upsert(table.table, &key)[1], 5u);
}

TEST(Table, HashIsNeverZeroAndSpreads) {
  // Regular keys must not pile up: the longest run of used slots stays short at 3/4 full.
  for (bool packed : {false, true})
    for (uint64_t step : {uint64_t(1), uint64_t(123), uint64_t(1) << 12, uint64_t(1) << 32, uint64_t(1) << 44,
                          uint64_t(3600'000'000)}) {
      std::vector<bool> used(1 << 16);
      uint64_t probes = 0, keys = 3 << 14;
      for (uint64_t i = 0; i < keys; ++i) {
        uint64_t key = i * step, hash = packed ? mr_packed_hash(key) : mr_key_hash(&key, 1, 0);
        uint64_t at = (packed ? hash : tagOf(hash)) & 0xffff;
        ASSERT_TRUE(packed || hash >> 63);
        for (; used[at]; at = (at + 1) & 0xffff)
          ++probes;
        used[at] = true;
      }
      EXPECT_LT(double(probes) / double(keys), 2.0) << "keys in steps of " << step; // random keys: 1.5
    }
  std::set<uint64_t> hashes;
  for (int i = 0; i < 20000; ++i) {
    std::string text = (i % 2 ? "a key of more than twelve bytes, number " : "") + std::to_string(i);
    Key key;
    key.add(text);
    hashes.insert(mr_key_hash(key.words.data(), 0, 1));
  }
  EXPECT_EQ(hashes.size(), 20000u);
}

TEST(Table, HashOfAStringIsOfItsBytes) {
  for (size_t length : {0, 1, 12, 13, 15, 16, 17, 31, 32, 33, 100}) {
    std::string a(length, 'x'), b(length, 'x');
    Key keyA, keyB;
    keyA.add(a);
    keyB.add(b);
    EXPECT_EQ(mr_key_hash(keyA.words.data(), 0, 1), mr_key_hash(keyB.words.data(), 0, 1));
    for (size_t i = 0; i < length; ++i) {
      std::string changed = a;
      changed[i] = 'y';
      Key key;
      key.add(changed);
      EXPECT_NE(mr_key_hash(keyA.words.data(), 0, 1), mr_key_hash(key.words.data(), 0, 1)) << length << " " << i;
    }
  }
}

TEST(Table, ReplacedStringsUseTheirMemoryAgain) {
  TestTable table(desc(16, 1, 0));
  mr_string member = {0, 0};
  std::mt19937_64 random(3);
  for (int i = 0; i < 200000; ++i) {
    std::string value(random() % 300, char('a' + i % 26));
    member = mr_table_replace(table.table, member, stringOf(value));
    ASSERT_EQ(text(mr_table_text(table.table, member)), value);
  }
  EXPECT_LT(table.account.bytes, 16384u);
}

TEST(Table, ReplacedStringsKeepApart) {
  TestTable table(desc(16, 1, 0));
  std::vector<mr_string> members(50, mr_string{0, 0});
  std::vector<std::string> expected(50);
  std::mt19937_64 random(4);
  for (int i = 0; i < 20000; ++i) {
    size_t at = random() % 50;
    expected[at] = std::string(random() % 70, char('a' + random() % 26));
    members[at] = mr_table_replace(table.table, members[at], stringOf(expected[at]));
    for (size_t j = 0; i % 100 == 0 && j < 50; ++j)
      ASSERT_EQ(text(mr_table_text(table.table, members[j])), expected[j]);
  }
}

/// The first key words in the order that the table gives.
std::vector<uint64_t> ordered(mr_table *table) {
  uint64_t count;
  const uint64_t *order = mr_table_order(table, &count);
  std::vector<uint64_t> words;
  for (uint64_t i = 0; i < count; ++i)
    words.push_back(reinterpret_cast<uint64_t *>(mr_table_slots(table) + order[i] * table->desc->slot_size)[1]);
  return words;
}

TEST(Table, Rule10OrderOfNumbersIsTheirTypes) {
  std::vector<int64_t> values = {0, 1, -1, 127, -128, INT64_MAX, INT64_MIN, 5, 1000};
  const uint8_t i64 = MR_I64, u64 = MR_U64;
  TestTable asSigned(desc(16, 1, 0, &i64, 1)), asUnsigned(desc(16, 1, 0, &u64, 1));
  for (int64_t value : values) {
    uint64_t key = uint64_t(value);
    upsert(asSigned.table, &key);
    upsert(asUnsigned.table, &key);
  }
  auto words = ordered(asSigned.table);
  EXPECT_TRUE(
      std::is_sorted(words.begin(), words.end(), [](uint64_t a, uint64_t b) { return int64_t(a) < int64_t(b); }));
  words = ordered(asUnsigned.table);
  EXPECT_TRUE(std::is_sorted(words.begin(), words.end()));
  EXPECT_EQ(words.size(), values.size());
}

TEST(Table, Rule26OrderOfFloatsHasNaNLast) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  std::vector<double> sorted = {-kInf, -1e300, -1.5, -5e-324, 0, 5e-324, 1, 1e300, kInf};
  const uint8_t type = MR_F64;
  TestTable table(desc(16, 1, 0, &type, 1));
  std::vector<double> shuffled = sorted;
  shuffled.push_back(std::numeric_limits<double>::quiet_NaN());
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(1));
  for (double value : shuffled) {
    uint64_t key = mr_key_f64(value);
    upsert(table.table, &key);
  }
  auto words = ordered(table.table);
  ASSERT_EQ(words.size(), sorted.size() + 1);
  for (size_t i = 0; i < sorted.size(); ++i)
    EXPECT_EQ(std::bit_cast<double>(words[i]), sorted[i]);
}

TEST(Table, Rule10OrderOfManyFieldsWithNullsLast) {
  // (string?, i32, string): words are the i32 and the null bits; strings the other two.
  const uint8_t types[] = {MR_STRING | MR_KEY_NULLABLE, MR_I32, MR_STRING};
  TestTable table(desc(8 * 7, 2, 2, types, 3));
  struct Row {
    bool null;
    std::string a;
    int32_t b;
    std::string c;
    auto operator<=>(const Row &) const = default; // false < true: nulls last
  };
  std::set<Row> expected;
  std::vector<std::string> texts = {
      "", "a", "ab", "abcdefghijklm", "abcdefghijkl", "abcdefghX", "\xff", std::string("a\0", 2)};
  for (const std::string &a : texts)
    for (int32_t b : {-5, 0, 7, INT32_MIN})
      for (const std::string &c : texts)
        for (bool null : {false, true}) {
          Row row{null, null ? "" : a, b, c};
          expected.insert(row);
          Key key;
          key.words = {uint64_t(int64_t(b)), null};
          key.add(row.a);
          key.add(c);
          upsert(table.table, key.words.data());
        }
  uint64_t count;
  const uint64_t *order = mr_table_order(table.table, &count);
  ASSERT_EQ(count, expected.size());
  for (const Row &row : expected) {
    auto *key = reinterpret_cast<uint64_t *>(mr_table_slots(table.table) + *order++ * table.table->desc->slot_size) + 1;
    Row found{key[1] != 0, textOf(table, key + 2), int32_t(key[0]), textOf(table, key + 4)};
    ASSERT_EQ(found, row) << found.a << found.b << found.c;
  }
}

TEST(Table, OrderIsMadeAgainAfterAnInsertion) {
  const uint8_t type = MR_I64;
  TestTable table(desc(16, 1, 0, &type, 1));
  for (uint64_t key : {5, 3}) {
    upsert(table.table, &key);
    ordered(table.table);
  }
  uint64_t least = uint64_t(-1);
  upsert(table.table, &least);
  EXPECT_EQ(ordered(table.table), (std::vector<uint64_t>{least, 3, 5}));
}

} // namespace
