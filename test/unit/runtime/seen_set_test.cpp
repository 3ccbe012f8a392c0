//===- seen_set_test.cpp - values with the last slice that had them -------------===//
#include "runtime/state/seen_set.h"
#include "runtime/state/value_set.h"
#include "state_tables.h"

#include <map>
#include <random>
#include <set>

using namespace millrace;

namespace {

/// Sets of slices in one arena, what a window has seen in another.
struct SeenSet : testing::Test {
  SeenSet() { slices.account = window.account = &account; }
  ~SeenSet() override {
    slices.clear();
    window.clear();
  }
  mr_string words(const std::set<uint64_t> &values) {
    mr_string set = {};
    for (uint64_t value : values)
      set = addWord(slices, set, value);
    return set;
  }
  void see(uint64_t slice, mr_string set) { seen = seeAll(window, seen, slice, slices, set); }
  void forget(uint64_t slice, mr_string set) { seen = forgetAll(window, seen, slice, slices, set); }
  uint64_t count() const { return countOf(window, seen); }

  CountingMemory memory;
  StateAccount account{memory, "test"};
  StringArena slices = {}, window = {};
  mr_string seen = {};
};

TEST_F(SeenSet, AValueGoesWithTheLastSliceThatHadIt) {
  see(1, words({0, 7, 8}));
  see(2, words({7, 9}));
  EXPECT_EQ(count(), 4u);
  forget(1, words({0, 7, 8}));
  EXPECT_EQ(count(), 2u);
  forget(2, words({7, 9}));
  EXPECT_EQ(count(), 0u);
  see(3, words({0}));
  EXPECT_EQ(count(), 1u);
}

TEST_F(SeenSet, APartOfASliceMayComeLateAndTwice) {
  see(5, words({1, 2}));
  see(6, words({2, 3}));
  see(5, words({2, 4})); // the slice before once more, with what came late
  see(5, words({4}));
  EXPECT_EQ(count(), 4u);
  forget(5, words({1, 2, 4}));
  EXPECT_EQ(count(), 2u);
  forget(6, words({2, 3}));
  EXPECT_EQ(count(), 0u);
}

/// A firing reads it there.
TEST_F(SeenSet, ItsNumberLiesBesideItsLength) {
  for (uint64_t slice = 1; slice < 100; ++slice) {
    see(slice, words({slice, slice + 1, 1000}));
    if (slice > 10)
      forget(slice - 10, words({slice - 10, slice - 9, 1000}));
    ASSERT_EQ(seen.head >> 32, std::min<uint64_t>(slice, 10) + 2);
    ASSERT_EQ(count(), seen.head >> 32);
  }
}

TEST_F(SeenSet, EmptySetsChangeNothing) {
  see(1, {});
  forget(1, {});
  EXPECT_EQ(count(), 0u);
  see(1, words({1}));
  forget(2, {});
  EXPECT_EQ(count(), 1u);
}

/// Against a map, over windows of 20 slices whose values come again and again, many and few.
TEST_F(SeenSet, SlidesAsAMapDoes) {
  std::mt19937_64 random(1);
  std::map<uint64_t, uint64_t> expected;
  std::map<uint64_t, std::set<uint64_t>> live;
  for (uint64_t slice = 1; slice < 300; ++slice) {
    std::set<uint64_t> &values = live[slice];
    uint64_t most = slice % 100 < 50 ? 500 : 5;
    for (uint64_t i = 0; i < most; ++i)
      values.insert(random() % 3000 << (i % 2 * 40));
    see(slice, words(values));
    for (uint64_t value : values)
      expected[value] = slice;
    if (slice > 20) {
      forget(slice - 20, words(live[slice - 20]));
      for (uint64_t value : live[slice - 20])
        if (auto at = expected.find(value); at->second == slice - 20)
          expected.erase(at);
      live.erase(slice - 20);
    }
    ASSERT_EQ(count(), expected.size()) << slice;
  }
}

/// The bytes of texts that went are used again: the memory of a window that slides does not grow.
TEST_F(SeenSet, TextsSlideInTheSameMemory) {
  auto texts = [&](uint64_t slice) {
    mr_string set = {};
    for (int i = 0; i < 100; ++i) {
      std::string text = "a text that does not fit beside its length " + std::to_string(slice * 100 + uint64_t(i) % 90);
      set = addText(slices, set, stringOf(text));
    }
    return set;
  };
  uint64_t bytes = 0;
  for (uint64_t slice = 1; slice < 400; ++slice) {
    see(slice, texts(slice));
    if (slice > 10)
      forget(slice - 10, texts(slice - 10));
    ASSERT_EQ(count(), std::min<uint64_t>(slice, 10) * 90);
    slices.clear();
    slices.account = &account;
    if (slice == 100)
      bytes = account.bytes;
  }
  EXPECT_LE(account.bytes, bytes * 2);
}

TEST_F(SeenSet, WhatMemoryIsRefusedForIsLeftOut) {
  see(1, words({1, 2, 3}));
  std::set<uint64_t> many;
  for (uint64_t i = 0; i < 5000; ++i)
    many.insert(i);
  mr_string large = words(many);
  memory.budget = memory.bytes;
  see(2, large);
  memory.budget = ~uint64_t(0);
  EXPECT_LT(count(), 5000u);
  EXPECT_EQ(memory.refused, &account);
  forget(2, large);
  forget(1, words({1, 2, 3}));
}

/// Slots of a key and one set.
mr_table_desc setsOf(mr_layout layout) {
  static constexpr uint8_t type = MR_I64;
  static constexpr int64_t least = 0;
  static constexpr uint64_t values = 300;
  bool isPacked = layout == MR_LAYOUT_PACKED;
  static constexpr mr_piece_desc behindWord = {"set", MR_PIECE_STRING, 0, 0, 0, 8, 16},
                                 behindTwo = {"set", MR_PIECE_STRING, 0, 0, 0, 16, 16};
  mr_table_desc desc = {};
  desc.layout = uint8_t(layout);
  desc.occupied_bit = 255;
  desc.slot_size = isPacked ? 24 : 32;
  desc.occupied_offset = 8;
  desc.key_words = desc.num_keys = 1;
  desc.key_types = &type;
  if (layout == MR_LAYOUT_DENSE) {
    desc.key_least = &least;
    desc.key_values = &values;
    desc.positions = values;
  }
  desc.time_offset = -1;
  desc.pieces = isPacked ? &behindWord : &behindTwo;
  desc.num_pieces = 1;
  return desc;
}

/// What is asked for ahead is a guess: of keys that the window has or has not, of sets of every size, anywhere in a
/// table, and nothing changes by it.
TEST(SeenAhead, ChangesNothing) {
  for (mr_layout layout : {MR_LAYOUT_DENSE, MR_LAYOUT_PACKED, MR_LAYOUT_INLINE}) {
    TestTable window(setsOf(layout)), slice(setsOf(layout));
    uint32_t offset = window.desc.pieces->offset;
    auto setOf = [&](TestTable &table, uint64_t key) -> mr_string & {
      uint8_t *slot = table.upsert(key);
      if (layout == MR_LAYOUT_DENSE)
        reinterpret_cast<uint64_t *>(slot)[1] = 1;
      return *reinterpret_cast<mr_string *>(slot + offset);
    };
    for (uint64_t key = 0; key < 300; key += 2)
      for (uint64_t word = 0; word <= key % 7; ++word)
        setOf(slice, key) = addWord(slice.table->texts, setOf(slice, key), word);
    for (uint64_t key = 0; key < 300; key += 3) {
      mr_string some = {};
      for (uint64_t word = 0; word < key % 50; ++word)
        some = addWord(slice.table->texts, some, word);
      setOf(window, key) = seeAll(window.table->texts, setOf(window, key), 1, slice.table->texts, some);
    }
    tableSettle(window.table);
    tableSettle(slice.table);
    for (uint64_t begin = 0; begin <= slice.table->end; ++begin)
      for (uint64_t end : {begin, begin + 1, begin + 31, slice.table->end})
        seenAhead(window.table, slice.table, begin, end);
    for (uint64_t key = 0; key < 300; key += 3)
      EXPECT_EQ(countOf(window.table->texts, setOf(window, key)), key % 50);
  }
}

} // namespace
