//===- state_invariants_test.cpp - broken state ends the program, in release too ---===//
#include "runtime/state/table_keys.h"
#include "runtime/time/wheel.h"
#include "state_tables.h"

using namespace millrace;

namespace {

constexpr uint8_t kI64 = MR_I64;

mr_table_desc numbers(mr_layout layout) {
  mr_table_desc desc = {};
  desc.layout = layout;
  desc.occupied_bit = 255;
  desc.occupied_offset = layout == MR_LAYOUT_PACKED ? 8 : layout == MR_LAYOUT_INLINE ? 16 : 0;
  desc.slot_size = 24;
  desc.key_words = 1;
  desc.num_keys = 1;
  desc.key_types = &kI64;
  desc.time_offset = -1;
  return desc;
}

using InvariantDeathTest = testing::TestWithParam<mr_layout>;
INSTANTIATE_TEST_SUITE_P(All, InvariantDeathTest, testing::Values(MR_LAYOUT_PACKED, MR_LAYOUT_INLINE, MR_LAYOUT_BY_ID),
                         [](const testing::TestParamInfo<mr_layout> &info) {
                           return std::string(info.param == MR_LAYOUT_PACKED   ? "Packed"
                                              : info.param == MR_LAYOUT_INLINE ? "Inline"
                                                                               : "ById");
                         });

TEST_P(InvariantDeathTest, AKeyThatIsNotThereDoesNotGo) {
  TestTable t(numbers(GetParam()));
  uint8_t *slot = t.upsert(7);
  memberAt<uint64_t>(slot, t.desc.occupied_offset) = 1;
  uint64_t position = t.table->positionOf(slot);
  tableErase(t.table, position);
  EXPECT_DEATH(tableErase(t.table, position), "internal error: runtime/state/table.cpp:[0-9]+: this must hold: a key");
  EXPECT_DEATH(tableErase(t.table, 1 << 20), "a key that goes is there");
}

/// The loops that look for an empty slot end also where all slots look full.
TEST_P(InvariantDeathTest, AnArrayWithoutAnEmptySlotIsTold) {
  EXPECT_DEATH(
      {
        TestTable t(numbers(GetParam()));
        Slots &slots = t.dictionary ? static_cast<Slots &>(*t.dictionary) : *t.table;
        for (uint64_t i = 0; i <= slots.now.mask; ++i)
          slots.tagAt(slots.now, i) = uint64_t(1) << 63 | i; // of no key that is looked for
        slots.add(3);
      },
      "runtime/state/slots.cpp:[0-9]+: this must hold: there is an empty slot");
}

TEST_P(InvariantDeathTest, KeysThatWereLostAreMissedWhenItGrows) {
  if (GetParam() == MR_LAYOUT_BY_ID)
    return; // its index is told of with the others
  EXPECT_DEATH(
      {
        TestTable t(numbers(GetParam()));
        t.upsert(1);
        ++t.table->count; // one key more than there are
        for (uint64_t i = 2; i < 100; ++i)
          t.upsert(i);
      },
      "the keys that are left stand in the old array");
}

TEST(InvariantDeathTest, AnIdIsGivenBackOnce) {
  TestTable t(numbers(MR_LAYOUT_BY_ID));
  t.upsert(7);
  dictionaryDrop(*t.dictionary, 0);
  EXPECT_DEATH(dictionaryDrop(*t.dictionary, 0),
               "runtime/state/dictionary.cpp:[0-9]+: .* an id that goes was given out");
  EXPECT_DEATH(dictionaryLeave(*t.dictionary, nullptr), "a table leaves a dictionary once");
}

TEST(InvariantDeathTest, AnIdWithoutAPlaceInTheIndexIsTold) {
  EXPECT_DEATH(
      {
        TestTable t(numbers(MR_LAYOUT_BY_ID));
        t.upsert(7);
        std::memset(t.dictionary->now.slots, 0, 8 * t.dictionary->now.total);
        dictionaryDrop(*t.dictionary, 0);
      },
      "stands in the index");
}

TEST(InvariantDeathTest, NoMoreMemoryIsGivenBackThanWasTaken) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  uint8_t *piece = account.take(100);
  EXPECT_DEATH(account.give(piece, 200), "runtime/state/memory.cpp:[0-9]+: .* no more memory is given back");
  account.give(piece, 100);
}

TEST(InvariantDeathTest, ATextLiesWhereOneWasGivenAPlace) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  StringArena texts = {};
  texts.account = &account;
  mr_string kept = texts.keep(stringOf("a text of more than twelve bytes"));
  EXPECT_DEATH(texts.giveBack({kept.head, 0}), "a text lies where");
  EXPECT_DEATH(texts.giveBack({kept.head, uint64_t(1) << 20}), "a text lies where");
  EXPECT_DEATH(texts.replace({kept.head, uint64_t(1) << 20}, stringOf("another of just as many bytes!!!")),
               "a text lies where");
  texts.clear();
}

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
TEST(InvariantDeathTest, ATextThatWentIsNotLookedAt) {
  CountingMemory memory;
  StateAccount account(memory, "test");
  StringArena texts = {};
  texts.account = &account;
  mr_string kept = texts.keep(stringOf("a text of more than twelve bytes"));
  texts.giveBack(kept);
  EXPECT_DEATH((void)std::string(viewOf(texts.text(kept))), "use-after-poison");
  texts.clear();
}

uint64_t look(const uint8_t *at) { return *reinterpret_cast<const volatile uint64_t *>(at); }

TEST_P(InvariantDeathTest, ASlotWithoutAKeyIsNotLookedAt) {
  if (GetParam() == MR_LAYOUT_BY_ID)
    return; // a slot by position is there for any key to come
  TestTable t(numbers(GetParam()));
  uint8_t *slot = t.upsert(7);
  memberAt<uint64_t>(slot, t.desc.occupied_offset) = 1;
  tableErase(t.table, t.table->positionOf(slot));
  EXPECT_EQ(look(slot), 0u); // that it is empty may be seen
  EXPECT_DEATH(look(slot + t.desc.occupied_offset), "use-after-poison");
  uint64_t other = t.table->positionOf(slot) ^ 1; // never used
  EXPECT_DEATH(look(t.table->slotAt(other) + t.desc.occupied_offset), "use-after-poison");
  EXPECT_EQ(look(t.upsert(7) + t.desc.occupied_offset), 0u);
}

TEST_P(InvariantDeathTest, ATableThatIsPutAwayIsNotLookedAt) {
  if (GetParam() == MR_LAYOUT_BY_ID)
    return; // its dictionary looks into it
  TestTable t(numbers(GetParam()));
  uint8_t *slot = t.upsert(7);
  ASSERT_TRUE(tableClear(t.table));
  tablePutAway(t.table);
  EXPECT_DEATH(look(slot), "use-after-poison");
  tableTakeOut(t.table);
  EXPECT_EQ(look(slot), 0u);
  EXPECT_DEATH(look(slot + t.desc.occupied_offset), "use-after-poison");
}
#endif
#endif

/// Gives memory out that a test can write.
struct Watched : CountingMemory {
  uint8_t *last = nullptr;
  uint8_t *obtain(uint64_t bytes) override { return last = CountingMemory::obtain(bytes); }
};

TEST(InvariantDeathTest, PiecesOfTimersHoldSomeOfThem) {
  Watched memory;
  StateAccount account(memory, "test"), other(memory, "due");
  Wheel wheel(account);
  ASSERT_TRUE(wheel.add({5, 5}));
  StateVector<Timer> due(other);
  // Where the timer lies, behind the count of its piece.
  auto *word = reinterpret_cast<uint64_t *>(memory.last);
  while (word[0] != 5 || word[1] != 5)
    ++word;
  reinterpret_cast<uint32_t *>(word - 1)[0] = 9;
  EXPECT_DEATH(wheel.advance(10, 100, due), "runtime/time/wheel.cpp:[0-9]+: .* a piece holds some of the timers");
  reinterpret_cast<uint32_t *>(word - 1)[0] = 1;
}

} // namespace
