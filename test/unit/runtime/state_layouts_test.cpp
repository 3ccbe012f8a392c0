//===- state_layouts_test.cpp - each layout against a map ----------------------===//
#include "runtime/state/codes.h"
#include "runtime/state/hash.h"
#include "runtime/state/table_keys.h"
#include "runtime/state/table_order.h"
#include "state_tables.h"

#include <algorithm>
#include <random>
#include <set>

using namespace millrace;

namespace {

constexpr uint8_t kI64 = MR_I64, kI64Null = MR_I64 | MR_KEY_NULLABLE, kString = MR_STRING;
constexpr int64_t kLeast = -1000;
constexpr uint64_t kValues = 200'000;

/// One i64 key of [-1000, 199000), a count and a sum; cold 8 bytes; a count of not 0 says that a slot is in use.
mr_table_desc numbers(mr_layout layout) {
  mr_table_desc desc = {};
  desc.layout = layout;
  desc.occupied_bit = 255;
  bool keyed = layout == MR_LAYOUT_PACKED, inlined = layout == MR_LAYOUT_INLINE;
  desc.slot_size = keyed ? 24 : 32;
  desc.occupied_offset = keyed ? 8 : inlined ? 16 : 8;
  desc.cold_size = 8;
  desc.key_words = 1;
  desc.num_keys = 1;
  desc.key_types = &kI64;
  static constexpr int64_t least[] = {kLeast};
  static constexpr uint64_t values[] = {kValues};
  if (layout == MR_LAYOUT_DENSE) {
    desc.key_least = least;
    desc.key_values = values;
    desc.positions = kValues;
  }
  desc.time_offset = -1;
  return desc;
}

const char *nameOf(const testing::TestParamInfo<mr_layout> &info) {
  static constexpr const char *names[] = {"Dense", "Packed", "Inline", "ById"};
  return names[info.param];
}

class Layout : public testing::TestWithParam<mr_layout> {};
INSTANTIATE_TEST_SUITE_P(All, Layout,
                         testing::Values(MR_LAYOUT_DENSE, MR_LAYOUT_PACKED, MR_LAYOUT_INLINE, MR_LAYOUT_BY_ID), nameOf);

struct Model {
  std::map<int64_t, std::pair<uint64_t, uint64_t>> keys; ///< count, cold
};

void add(TestTable &t, Model &model, int64_t key, bool cold) {
  uint8_t *slot = t.upsert(uint64_t(key));
  ++memberAt<uint64_t>(slot, t.desc.occupied_offset);
  ++model.keys[key].first;
  if (!cold)
    return;
  mr_table_touch(t.table, slot);
  *reinterpret_cast<uint64_t *>(mr_table_cold_new(t.table, slot)) += uint64_t(key);
  model.keys[key].second += uint64_t(key);
}

/// All that the table holds, by going through its positions.
void check(TestTable &t, const Model &model) {
  tableSettle(t.table);
  ASSERT_EQ(tableCount(t.table), model.keys.size());
  uint64_t found = 0, size = t.desc.slot_size;
  for (uint64_t i = mr_table_next(t.table, 0, uint32_t(size)); i < mr_table_capacity(t.table);
       i = mr_table_next(t.table, i + 1, uint32_t(size))) {
    if (!tableInUse(t.table, i))
      continue;
    ++found;
    uint64_t key;
    tableKey(t.table, i, &key);
    auto at = model.keys.find(int64_t(key));
    ASSERT_NE(at, model.keys.end()) << int64_t(key);
    uint8_t *slot = mr_table_slots(t.table) + i * size;
    ASSERT_EQ(memberAt<uint64_t>(slot, t.desc.occupied_offset), at->second.first);
    auto *cold = mr_table_cold(t.table, slot, uint32_t(size), 8);
    ASSERT_EQ(cold ? *reinterpret_cast<uint64_t *>(cold) : 0, at->second.second);
  }
  ASSERT_EQ(found, model.keys.size());
  EXPECT_EQ(t.account.bytes, t.memory.handedOut);
}

TEST_P(Layout, CountsAsAMapDoes) {
  TestTable t(numbers(GetParam()));
  Model model;
  std::mt19937_64 random(1);
  for (int i = 0; i < 400'000; ++i)
    add(t, model, kLeast + int64_t(random() % (i < 200'000 ? 1000 : kValues)), i % 64 == 0);
  check(t, model);
}

TEST_P(Layout, ErasedKeysAreGoneAndTheOthersStay) {
  TestTable t(numbers(GetParam()));
  Model model;
  std::mt19937_64 random(2);
  StateVector<uint64_t> positions(t.account);
  for (int i = 0; i < 600'000; ++i) {
    int64_t key = kLeast + int64_t(random() % kValues);
    add(t, model, key, i % 64 == 0);
    if (i % 3)
      continue;
    // A key that may or may not be there goes, growth or not.
    auto at = model.keys.lower_bound(kLeast + int64_t(random() % kValues));
    if (at == model.keys.end())
      continue;
    uint64_t word = uint64_t(at->first);
    uint8_t *slot = t.upsert(word);
    uint64_t token = tableToken(t.table, uint64_t(slot - mr_table_slots(t.table)) / t.desc.slot_size);
    positions.clear();
    tableFind(t.table, token, positions);
    auto isKey = [&](uint64_t position) {
      uint64_t key;
      tableKey(t.table, position, &key);
      return key == word;
    };
    auto found = std::find_if(positions.begin(), positions.end(), isKey);
    ASSERT_NE(found, positions.end());
    tableErase(t.table, *found);
    model.keys.erase(at);
  }
  check(t, model);
}

TEST_P(Layout, Rule10OrderIsThatOfKeys) {
  TestTable t(numbers(GetParam()));
  Model model;
  std::mt19937_64 random(3);
  for (int i = 0; i < 50'000; ++i)
    add(t, model, kLeast + int64_t(random() % kValues), false);
  tableSettle(t.table);
  uint64_t count;
  const uint64_t *order = mr_table_order(t.table, &count);
  ASSERT_EQ(count, model.keys.size());
  for (const auto &[expected, value] : model.keys) {
    uint64_t key;
    tableKey(t.table, *order++, &key);
    ASSERT_EQ(int64_t(key), expected);
  }
}

TEST_P(Layout, Rule10TheOrderMadeInPiecesIsThatMadeAtOnce) {
  TestTable t(numbers(GetParam()));
  Model model;
  std::mt19937_64 random(5);
  for (int i = 0; i < 30'000; ++i)
    add(t, model, kLeast + int64_t(random() % kValues), false);
  tableSettle(t.table);
  if (tableIsInKeyOrder(t.desc))
    return;
  std::vector<uint64_t> positions;
  for (uint64_t pieces : {1, 7, 1000, 100'000}) {
    TableOrder order(*t.table);
    uint64_t calls = 1;
    for (; !order.some(pieces); ++calls)
      ASSERT_LT(calls, uint64_t(10'000'000));
    ASSERT_TRUE(order.isGood());
    EXPECT_GT(calls * pieces, model.keys.size() / 2);
    uint64_t count;
    const uint64_t *all = mr_table_order(t.table, &count);
    if (positions.empty())
      positions.assign(all, all + count);
    EXPECT_EQ(std::vector<uint64_t>(all, all + count), positions);
    ++t.table->changes; // made anew
  }
  ASSERT_EQ(positions.size(), model.keys.size());
  std::vector<uint64_t> shuffled = positions;
  std::shuffle(shuffled.begin(), shuffled.end(), random);
  TableOrder order(*t.table, shuffled.data(), shuffled.size());
  while (!order.some(13))
    ;
  EXPECT_EQ(shuffled, positions);
  {
    t.memory.budget = t.memory.bytes;
    TableOrder refused(*t.table);
    EXPECT_TRUE(refused.some(1));
    EXPECT_FALSE(refused.isGood());
  }
}

TEST_P(Layout, BeyondTheBudgetItHandsOutASlotThatIsNoKeys) {
  TestTable t(numbers(GetParam()));
  t.memory.budget = t.memory.bytes + (uint64_t(3) << 20);
  std::set<uint64_t> kept;
  for (uint64_t i = 0; i < 500'000 && !t.memory.refused; ++i) {
    uint8_t *slot = t.upsert(GetParam() == MR_LAYOUT_DENSE ? i % kValues + uint64_t(kLeast) : i);
    ++memberAt<uint64_t>(slot, t.desc.occupied_offset);
    if (i % 64 == 0)
      ++*mr_table_cold_new(t.table, slot);
  }
  if (GetParam() == MR_LAYOUT_DENSE && !t.memory.refused)
    return; // the array was there beforehand
  ASSERT_EQ(t.memory.refused, &t.account);
  EXPECT_FALSE(t.memory.exhausted);
  EXPECT_LE(t.memory.bytes, t.memory.budget);
  // A step goes on to its end. What it gets for a new key looks like that key's.
  if (GetParam() == MR_LAYOUT_PACKED) {
    uint64_t word = 5'000'000'000, hash = mr_packed_hash(word);
    EXPECT_EQ(memberAt<uint64_t>(mr_packed_insert(t.table, hash, word), 0), word ^ MR_PACKED_MASK);
  } else if (GetParam() == MR_LAYOUT_INLINE) {
    uint64_t word = 5'000'000'000, hash = mr_key_hash(&word, 1, 0);
    uint8_t *slot = mr_table_insert(t.table, hash, &word);
    EXPECT_EQ(memberAt<uint64_t>(slot, 0) >> 32, tagOf(hash));
    EXPECT_EQ(memberAt<uint64_t>(slot, 8), word);
  }
  for (uint64_t i = 0; i < 10'000; ++i)
    ++memberAt<uint64_t>(t.upsert(GetParam() == MR_LAYOUT_DENSE ? i : i + 1'000'000), t.desc.occupied_offset);
  EXPECT_EQ(t.account.bytes, t.memory.handedOut);
}

TEST_P(Layout, AMachineWithoutMemoryIsToldApart) {
  TestTable t(numbers(GetParam()));
  t.memory.empty = true;
  for (uint64_t i = 0; i < 100'000; ++i)
    ++*mr_table_cold_new(t.table, t.upsert(i));
  EXPECT_TRUE(t.memory.refused);
  EXPECT_TRUE(t.memory.exhausted);
}

/// Sixty slices share the caches: what a table alone has free would move the others out.
TEST(Slots, TablesInTurnAreThreeQuartersFull) {
  std::mt19937_64 random(7);
  std::vector<uint64_t> keys(10'000);
  for (uint64_t &key : keys)
    key = random();
  for (mr_layout layout : {MR_LAYOUT_PACKED, MR_LAYOUT_INLINE})
    for (uint64_t expected : {uint64_t(0), uint64_t(keys.size())}) {
      uint64_t bytes[2];
      for (bool inTurn : {false, true}) {
        TestTable t(numbers(layout), expected, inTurn ? 60 : 1);
        for (int round = 0; round < 2; ++round)
          for (uint64_t key : keys)
            ++memberAt<uint64_t>(t.upsert(key), t.desc.occupied_offset);
        tableSettle(t.table);
        EXPECT_EQ(tableCount(t.table), keys.size());
        for (uint64_t key : keys)
          ASSERT_EQ(memberAt<uint64_t>(t.upsert(key), t.desc.occupied_offset), 2u);
        bytes[inTurn] = t.account.bytes;
      }
      EXPECT_LE(bytes[1] * 2, bytes[0]) << nameOf({layout, 0}) << " " << expected;
      EXPECT_GE(bytes[1], keys.size() * 24) << nameOf({layout, 0});
    }
  auto fewKeys = [&](uint32_t together) {
    TestTable t(numbers(MR_LAYOUT_PACKED), 0, together);
    for (size_t i = 0; i < 100; ++i)
      t.upsert(keys[i]);
    return t.account.bytes;
  };
  EXPECT_EQ(fewKeys(60), fewKeys(1)) << "together they fit a cache";
}

TEST(Dense, ATableThatIsTooLargeForTheBudgetIsThereAllTheSame) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  memory.budget = 1 << 20;
  mr_table_desc desc = numbers(MR_LAYOUT_DENSE);
  mr_table *table = tableNew(desc, account);
  EXPECT_EQ(memory.refused, &account);
  uint64_t key = 7;
  memberAt<uint64_t>(tableUpsert(table, &key), 8) = 1;
  tableFree(table);
}

TEST(DenseDeathTest, AnIndexOutsideTheRangeIsABrokenInvariant) {
  TestTable t(numbers(MR_LAYOUT_DENSE));
  EXPECT_DEATH(mr_dense_slot(t.table, kValues, 32), "an index lies within its key's range");
}

//===-- packed --------------------------------------------------------------===//

/// A key of any 64-bit word.
mr_table_desc words(const uint8_t *type = &kI64) {
  mr_table_desc desc = numbers(MR_LAYOUT_PACKED);
  desc.key_types = type;
  desc.key_words = *type & MR_KEY_NULLABLE ? 2 : 1;
  return desc;
}

TEST(Packed, SpecialKeysAreKeys) {
  TestTable t(words(&kI64Null));
  // The word that is stored as 0, null, the word 0, the least and the greatest.
  uint64_t hidden = MR_PACKED_MASK ^ uint64_t(1) << 63; // codes of i64 have their top bit turned
  std::vector<std::vector<uint64_t>> keys = {{hidden, 0}, {0, 1}, {0, 0}, {uint64_t(INT64_MIN), 0}, {INT64_MAX, 0}};
  for (int round = 1; round <= 3; ++round) {
    for (size_t i = 0; i < keys.size(); ++i) {
      uint8_t *slot = t.upsert(keys[i].data());
      ASSERT_EQ(memberAt<uint64_t>(slot, 8), uint64_t(round - 1) * (i + 1));
      memberAt<uint64_t>(slot, 8) += i + 1;
      memberAt<uint64_t>(mr_table_cold_new(t.table, slot), 0) = i;
    }
    for (uint64_t other = 1; other < 100'000; ++other) { // grows, also beyond what is done at once
      uint64_t key[2] = {other + uint64_t(round) * 1'000'000, 0};
      memberAt<uint64_t>(t.upsert(key), 8) = 1;
    }
  }
  uint64_t count;
  tableSettle(t.table);
  const uint64_t *order = mr_table_order(t.table, &count);
  ASSERT_EQ(count, 3 * 99'999 + keys.size());
  uint64_t key[2];
  tableKey(t.table, order[count - 1], key);
  EXPECT_EQ(key[1], 1u) << "null is last";
  tableKey(t.table, order[0], key);
  EXPECT_EQ(int64_t(key[0]), INT64_MIN);
  bool seen = false;
  for (uint64_t i = 0; i < count; ++i) {
    tableKey(t.table, order[i], key);
    seen |= key[0] == hidden && !key[1];
  }
  EXPECT_TRUE(seen);
  // They go and come again.
  for (size_t i = 0; i < 2; ++i) {
    uint64_t position = t.table->positionOf(t.upsert(keys[i].data()));
    StateVector<uint64_t> found(t.account);
    tableFind(t.table, tableToken(t.table, position), found);
    ASSERT_EQ(found, StateVector<uint64_t>({position}, t.account));
    tableErase(t.table, position);
    uint8_t *again = t.upsert(keys[i].data());
    EXPECT_EQ(memberAt<uint64_t>(again, 8), 0u);
    EXPECT_EQ(memberAt<uint64_t>(mr_table_cold_new(t.table, again), 0), 0u);
  }
}

TEST(Packed, CollisionsByConstruction) {
  TestTable t(words());
  // Words whose hashes agree in their lowest 20 bits: one run of slots.
  std::vector<uint64_t> alike;
  for (uint64_t word = 0; alike.size() < 200; ++word)
    if ((mr_packed_hash(word) & 0xfffff) == 0x12345)
      alike.push_back(word ^ uint64_t(1) << 63);
  std::map<uint64_t, uint64_t> expected;
  std::mt19937_64 random(4);
  for (int i = 0; i < 20'000; ++i) {
    uint64_t key = alike[random() % alike.size()];
    if (i % 5 == 4 && expected.count(key)) {
      tableErase(t.table, t.table->positionOf(t.upsert(key)));
      expected.erase(key);
    } else {
      ++memberAt<uint64_t>(t.upsert(key), 8);
      ++expected[key];
    }
  }
  EXPECT_EQ(tableCount(t.table), expected.size());
  for (auto [key, count] : expected)
    ASSERT_EQ(memberAt<uint64_t>(t.upsert(key), 8), count);
}

TEST(Packed, AMillionEqualKeysAreOneKey) {
  TestTable t(words());
  for (int i = 0; i < 1'000'000; ++i)
    ++memberAt<uint64_t>(t.upsert(uint64_t(42)), 8);
  EXPECT_EQ(tableCount(t.table), 1u);
  EXPECT_EQ(memberAt<uint64_t>(t.upsert(uint64_t(42)), 8), 1'000'000u);
}

TEST(Packed, Rule26NaNIsOneKey) {
  static constexpr uint8_t f64 = MR_F64;
  TestTable t(words(&f64));
  for (uint64_t i = 0; i < 1'000'000; ++i) {
    uint64_t bits = 0x7ff0000000000001u + (i & 0xffff);
    double nan;
    std::memcpy(&nan, &bits, 8);
    uint64_t word = mr_key_f64(i % 2 ? nan : -nan);
    ++memberAt<uint64_t>(mr_packed_upsert(t.table, mr_packed_hash(word), word, 24), 8);
  }
  EXPECT_EQ(tableCount(t.table), 1u);
}

TEST(Packed, FieldsTogetherAreInTheOrderOfKeys) {
  static constexpr uint8_t types[] = {MR_I8 | MR_KEY_NULLABLE, MR_BOOL, MR_F32, MR_I16 | MR_KEY_NULLABLE};
  static constexpr int64_t least[] = {0, 0, 0, 100};
  static constexpr uint64_t values[] = {0, 0, 0, 50}; // the last: 100 to 149
  mr_table_desc desc = words();
  desc.num_keys = 4;
  desc.key_words = 5;
  desc.key_types = types;
  desc.key_least = least;
  desc.key_values = values;
  TestTable t(desc);
  using Row = std::tuple<bool, int64_t, bool, float, bool, int64_t>; // nulls last
  std::set<Row> expected;
  std::mt19937_64 random(5);
  for (int i = 0; i < 20'000; ++i) {
    bool nullA = random() % 8 == 0, nullD = random() % 8 == 0;
    Row row{nullA, nullA ? 0 : int64_t(int8_t(random())),   random() % 2, float(int64_t(random() % 21) - 10) / 4,
            nullD, nullD ? 0 : 100 + int64_t(random() % 50)};
    expected.insert(row);
    auto [nA, a, b, c, nD, d] = row;
    uint64_t key[] = {uint64_t(a), b, mr_key_f64(c), uint64_t(d), uint64_t(nA) | uint64_t(nD) << 3};
    ++memberAt<uint64_t>(t.upsert(key), 8);
  }
  tableSettle(t.table);
  uint64_t count;
  const uint64_t *order = mr_table_order(t.table, &count);
  ASSERT_EQ(count, expected.size());
  for (auto [nA, a, b, c, nD, d] : expected) {
    uint64_t key[5];
    tableKey(t.table, *order++, key);
    ASSERT_EQ(key[0], uint64_t(a));
    ASSERT_EQ(key[1], uint64_t(b));
    ASSERT_EQ(key[2], mr_key_f64(c));
    ASSERT_EQ(key[3], uint64_t(d));
    ASSERT_EQ(key[4], uint64_t(nA) | uint64_t(nD) << 3);
  }
}

TEST(Dense, IndexAndKeyAreInverse) {
  static constexpr uint8_t types[] = {MR_BOOL | MR_KEY_NULLABLE, MR_I8, MR_I32};
  static constexpr int64_t least[] = {0, -128, 7};
  static constexpr uint64_t values[] = {2, 256, 10};
  mr_table_desc desc = numbers(MR_LAYOUT_DENSE);
  desc.num_keys = 3;
  desc.key_words = 4;
  desc.key_types = types;
  desc.key_least = least;
  desc.key_values = values;
  desc.positions = 3 * 256 * 10;
  for (uint64_t i = 0; i < desc.positions; ++i) {
    uint64_t key[4];
    undoIndex(desc, i, key);
    ASSERT_EQ(denseIndex(desc, key), i);
    ASSERT_EQ(key[3], uint64_t(i / 2560 == 2));
    ASSERT_EQ(int64_t(key[1]), int64_t(i / 10 % 256) - 128);
    ASSERT_EQ(key[2], i % 10 + 7);
  }
}

//===-- strings ---------------------------------------------------------------===//

mr_table_desc strings(mr_layout layout) {
  mr_table_desc desc = {};
  desc.layout = layout;
  desc.occupied_bit = 255;
  desc.slot_size = layout == MR_LAYOUT_INLINE ? 32 : 8;
  desc.occupied_offset = layout == MR_LAYOUT_INLINE ? 24 : 0;
  desc.key_strings = 1;
  desc.num_keys = 1;
  desc.key_types = &kString;
  desc.time_offset = -1;
  return desc;
}

class StringLayout : public testing::TestWithParam<mr_layout> {};
INSTANTIATE_TEST_SUITE_P(All, StringLayout, testing::Values(MR_LAYOUT_INLINE, MR_LAYOUT_BY_ID), nameOf);

TEST_P(StringLayout, EmptyShortAndLongKeys) {
  TestTable t(strings(GetParam()));
  std::map<std::string, uint64_t> expected;
  std::mt19937_64 random(6);
  for (int i = 0; i < 60'000; ++i) {
    size_t length = i % 1000 == 0 ? size_t(40'000 + random() % 5) : random() % 30;
    std::string text(length, char('a' + random() % 3));
    Key key;
    key.add(text);
    ++memberAt<uint64_t>(t.upsert(key), t.desc.occupied_offset);
    ++expected[text];
  }
  std::string large(1 << 20, 'x'); // 1 MB, different only at its end
  for (int i = 0; i < 6; ++i) {
    large.back() = char('0' + i % 3);
    Key key;
    key.add(large);
    ++memberAt<uint64_t>(t.upsert(key), t.desc.occupied_offset);
    ++expected[large];
  }
  tableSettle(t.table);
  uint64_t count;
  const uint64_t *order = mr_table_order(t.table, &count);
  ASSERT_EQ(count, expected.size());
  for (const auto &[key, value] : expected) {
    uint64_t words[2];
    tableKey(t.table, *order, words);
    ASSERT_EQ(text({words[0], words[1]}), key);
    ASSERT_EQ(memberAt<uint64_t>(mr_table_slots(t.table) + *order * t.desc.slot_size, t.desc.occupied_offset), value);
    ++order;
  }
  EXPECT_EQ(t.account.bytes, t.memory.handedOut);
}

TEST_P(StringLayout, MemoryOfKeysThatAreGoneIsUsedAgain) {
  TestTable t(strings(GetParam()));
  uint64_t most = 0;
  std::deque<std::string> live;
  for (uint64_t i = 0; i < 200'000; ++i) {
    live.push_back("a key that is not short, number " + std::to_string(i));
    Key key;
    key.add(live.back());
    memberAt<uint64_t>(t.upsert(key), t.desc.occupied_offset) = 1;
    if (live.size() > 1000) {
      Key old;
      old.add(live.front());
      tableErase(t.table, t.table->positionOf(t.upsert(old)));
      live.pop_front();
    }
    if (i == 20'000)
      most = t.account.bytes;
  }
  EXPECT_LE(t.account.bytes, most);
  EXPECT_EQ(tableCount(t.table), live.size());
}

TEST(ById, IdsOfPanesThatWentAreUsedAgain) {
  // Each pane has keys of its own: the dictionary stays as large as a few panes need.
  CountingMemory memory;
  StateAccount account(memory, "test");
  mr_table_desc desc = strings(MR_LAYOUT_BY_ID);
  mr_dictionary *dictionary = dictionaryNew(desc, account);
  constexpr uint64_t kPerPane = 5000;
  uint64_t early = 0;
  std::deque<mr_table *> panes;
  for (uint64_t pane = 0; pane < 60; ++pane) {
    panes.push_back(tableNew(desc, account, dictionary));
    for (uint64_t i = 0; i < kPerPane; ++i) {
      // A tenth of the keys comes again in every pane, one of them in the pane before, too.
      std::string text = "key of some length " + std::to_string(i % 10 ? pane * kPerPane + i : i);
      Key key;
      key.add(text);
      memberAt<uint64_t>(tableUpsert(panes.back(), key.words.data()), 0) += pane + 1;
    }
    if (panes.size() > 2) {
      tableFree(panes.front());
      panes.pop_front();
    }
    // What the open panes hold is right.
    for (size_t k = 0; k < panes.size(); ++k) {
      uint64_t number = pane + 1 - panes.size() + k;
      EXPECT_EQ(tableCount(panes[k]), kPerPane);
      for (uint64_t i = 0; i < kPerPane; i += 97) {
        std::string text = "key of some length " + std::to_string(i % 10 ? number * kPerPane + i : i);
        Key key;
        key.add(text);
        ASSERT_EQ(memberAt<uint64_t>(tableUpsert(panes[k], key.words.data()), 0), number + 1);
      }
    }
    if (pane == 15)
      early = dictionary->ids;
  }
  EXPECT_LE(dictionary->ids, early + kPerPane);
  EXPECT_LE(dictionary->ids, 6 * kPerPane);
  for (mr_table *pane : panes)
    tableFree(pane);
  dictionaryFree(dictionary);
}

TEST(Strings, AnArenaKeepsWhatItIsGiven) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  StringArena arena = {};
  arena.account = &account;
  std::vector<std::pair<mr_string, std::string>> kept(300, {mr_string{0, 0}, ""});
  std::mt19937_64 random(7);
  for (int i = 0; i < 60'000; ++i) {
    auto &[stored, expected] = kept[random() % kept.size()];
    size_t length = i % 50 == 0 ? random() % 200'000 : i % 7 == 0 ? random() % 40'000 : random() % 100;
    expected = std::string(length, char('a' + random() % 26));
    if (random() % 2) {
      stored = arena.replace(stored, stringOf(expected));
    } else {
      arena.giveBack(stored);
      stored = arena.keep(stringOf(expected));
    }
    if (i % 500 == 0)
      for (auto &[stored, expected] : kept)
        ASSERT_EQ(viewOf(arena.text(stored)), expected);
  }
  EXPECT_EQ(account.bytes, memory.handedOut);
  EXPECT_LT(account.bytes, uint64_t(40) << 20);
  arena.clear();
  EXPECT_EQ(account.bytes, 0u);
}

//===-- growth ----------------------------------------------------------------===//

TEST(Growth, GoesOnWhileKeysComeAndGo) {
  // Large enough that a growth is not done at once; checked at every point of it.
  TestTable t(words());
  std::map<uint64_t, uint64_t> expected;
  std::mt19937_64 random(8);
  uint64_t next = 0, underWay = 0;
  for (int i = 0; i < 700'000; ++i) {
    uint64_t key = next++ * 0x9e3779b97f4a7c15u;
    memberAt<uint64_t>(t.upsert(key), 8) = i + 1;
    expected[key] = i + 1;
    underWay += t.table->old.slots != nullptr;
    if (i % 4)
      continue;
    key = random() % next * 0x9e3779b97f4a7c15u;
    uint8_t *slot = t.upsert(key);
    auto at = expected.find(key);
    ASSERT_EQ(memberAt<uint64_t>(slot, 8), at == expected.end() ? 0 : at->second);
    tableErase(t.table, t.table->positionOf(slot));
    if (at != expected.end())
      expected.erase(at);
  }
  EXPECT_GT(underWay, 10'000u);
  EXPECT_EQ(tableCount(t.table), expected.size());
  for (auto [key, value] : expected)
    ASSERT_EQ(memberAt<uint64_t>(t.upsert(key), 8), value);
  EXPECT_EQ(tableCount(t.table), expected.size());
  EXPECT_EQ(t.account.bytes, t.memory.handedOut);
}

TEST(Growth, FindsKeysThatHaveNotMovedYet) {
  TestTable t(words());
  uint64_t n = 0;
  while (!t.table->old.slots) {
    ASSERT_LT(n, 10'000'000u);
    memberAt<uint64_t>(t.upsert(n), 8) = n + 1;
    ++n;
  }
  StateVector<uint64_t> found(t.account);
  for (uint64_t key = 0; key < n; key += 101) {
    found.clear();
    uint64_t word = key ^ uint64_t(1) << 63; // the code of an i64
    tableFind(t.table, mr_packed_hash(word) | uint64_t(1) << 63, found);
    ASSERT_EQ(found.size(), 1u);
    uint64_t back;
    tableKey(t.table, found[0], &back);
    ASSERT_EQ(back, key);
  }
}

//===-- accounts --------------------------------------------------------------===//

TEST(StateMemory, TheLargestConsumerIsKnown) {
  CountingMemory memory;
  StateAccount small(memory, "small"), large(memory, "large");
  uint8_t *a = small.take(100), *b = large.take(10'000);
  EXPECT_EQ(memory.largest(), &large);
  EXPECT_EQ(memory.bytes, 128u + 12288u);
  EXPECT_EQ(memory.bytes, memory.handedOut);
  memory.budget = memory.bytes + 4096;
  EXPECT_EQ(small.take(8000), nullptr);
  EXPECT_EQ(memory.refused, &small);
  EXPECT_EQ(memory.refusedBytes, 8192u);
  EXPECT_FALSE(memory.exhausted);
  small.give(a, 100);
  large.give(b, 10'000);
  EXPECT_EQ(memory.bytes, 0u);
  EXPECT_EQ(memory.most, 128u + 12288u);
}

TEST(StateMemory, PiecesGrowAndGoInParts) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  uint64_t size = 100;
  uint8_t *piece = account.take(size);
  for (uint64_t i = 0; i < 20; ++i) {
    std::memset(piece, int(i + 1), size);
    uint64_t after = size * 2 + 8;
    piece = account.resize(piece, size, after);
    ASSERT_TRUE(piece);
    ASSERT_EQ(piece[0], i + 1);
    ASSERT_EQ(piece[size - 1], i + 1);
    ASSERT_EQ(piece[std::min(stateSize(size), after - 1)], 0) << "new memory is zero";
    ASSERT_EQ(piece[after - 1], 0);
    size = after;
  }
  uint64_t bytes = stateSize(size);
  while (bytes > 2 * kStateHuge) {
    bytes -= kStateHuge;
    account.give(piece + bytes, kStateHuge);
  }
  account.give(piece, bytes);
  EXPECT_EQ(memory.handedOut, 0u);
}

TEST(StateMemoryDeathTest, WhatCannotBeIsAnErrorOfTheEnvironment) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  EXPECT_FALSE(account.take(uint64_t(1) << 60));
  EXPECT_FALSE(account.take(~uint64_t(0) - 5));
  memory.empty = true;
  EXPECT_EXIT(account.takeAlways(100), testing::ExitedWithCode(3), "out of memory: the state of `test`");
}

} // namespace
