//===- state_growth_test.cpp - how much one insertion does while tables grow -------===//
//
// That no batch waits for a table: what an insertion moves, makes ready and gives
// back is bounded however many keys there are. Counted, not timed.
//
//===----------------------------------------------------------------------===//
#include "state_tables.h"

#include <algorithm>

using namespace millrace;

namespace {

constexpr uint8_t kI64 = MR_I64;

mr_table_desc numbers(mr_layout layout) {
  mr_table_desc desc = {};
  desc.layout = layout;
  desc.occupied_bit = 255;
  desc.slot_size = layout == MR_LAYOUT_BY_ID ? 16 : 24;
  desc.occupied_offset = layout == MR_LAYOUT_INLINE ? 16 : layout == MR_LAYOUT_PACKED ? 8 : 0;
  desc.key_words = 1;
  desc.num_keys = 1;
  desc.key_types = &kI64;
  desc.time_offset = -1;
  return desc;
}

uint64_t toGiveBack(const Slots &slots) {
  uint64_t bytes = 0;
  for (const Slots::Piece &piece : slots.gone)
    bytes += piece.memory ? piece.bytes : 0;
  return bytes;
}

/// The most that an insertion did.
struct Watched {
  uint64_t moved = 0;      ///< slots, to another array
  uint64_t atOnce = 0;     ///< bytes of an array that emptied in one insertion
  uint64_t ready = 0;      ///< bytes of the next array whose pages were made
  uint64_t given = 0;      ///< bytes given back
  uint64_t growths = 0;    ///< that took more than one insertion
  uint64_t unfinished = 0; ///< keys that still stood in the array before when the next growth came

  template <typename Insert> void watch(const Slots &slots, Insert insert) {
    SlotArray now = slots.now, old = slots.old;
    uint64_t left = slots.left, readyBefore = slots.next.slots ? slots.ready : 0, gone = toGiveBack(slots);
    insert();
    if (slots.now.slots != now.slots) { // it grew
      unfinished = std::max(unfinished, old.slots ? left : 0);
      given = std::max(given, gone);
      if (!slots.old.slots) {
        atOnce = std::max(atOnce, now.total * slots.shape.slotSize);
        return;
      }
      ++growths;
      moved = std::max(moved, slots.count - slots.left);
      return;
    }
    if (old.slots)
      moved = std::max(moved, left - (slots.old.slots ? slots.left : 0));
    if (slots.next.slots)
      ready = std::max(ready, slots.ready - readyBefore);
    if (uint64_t after = toGiveBack(slots); after < gone)
      given = std::max(given, gone - after);
  }
};

const char *nameOf(const testing::TestParamInfo<mr_layout> &info) {
  static constexpr const char *names[] = {"Packed", "Inline", "ById"};
  return names[info.index];
}

class GrowthPiece : public testing::TestWithParam<mr_layout> {};
INSTANTIATE_TEST_SUITE_P(All, GrowthPiece, testing::Values(MR_LAYOUT_PACKED, MR_LAYOUT_INLINE, MR_LAYOUT_BY_ID),
                         nameOf);

TEST_P(GrowthPiece, AnInsertionDoesABoundedPieceOfIt) {
  // By id, it is the dictionary's index that has open addressing; the table's array is moved by the system, not copied.
  constexpr uint64_t kKeys = 10'000'000;
  TestTable t(numbers(GetParam()));
  const Slots &slots = t.dictionary ? static_cast<const Slots &>(*t.dictionary) : *t.table;
  Watched watched;
  for (uint64_t i = 0; i < kKeys; ++i) {
    uint64_t key = i * 0x9e3779b97f4a7c15u, spread = (key ^ key >> 29) * 0xbf58476d1ce4e5b9u; // chance homes
    watched.watch(slots, [&] { memberAt<uint64_t>(t.upsert(spread), t.desc.occupied_offset) = 1; });
  }
  EXPECT_EQ(tableCount(t.table), kKeys);
  EXPECT_GE(watched.growths, 3u);
  // A run of slots without a gap moves together: at 3/4 full the longest of ten million has some hundreds.
  EXPECT_LE(watched.moved, 2000u);
  EXPECT_LE(watched.atOnce, (uint64_t(2) << 20) + 3 * t.desc.slot_size)
      << "bytes copied at once: less than a millisecond";
  EXPECT_LE(watched.ready, kStateHuge);
  EXPECT_LE(watched.given, 2 * kStateHuge);
  EXPECT_EQ(watched.unfinished, 0u) << "the next growth had to finish the one before";
}

/// Whether they have moved already or stand in the array before, which is emptied from a place on and round its end.
TEST_P(GrowthPiece, KeysAreFoundWhileItGrows) {
  constexpr uint64_t kKeys = 1'000'000;
  TestTable t(numbers(GetParam()));
  auto keyOf = [](uint64_t i) { return (i + 1) * 0x9e3779b97f4a7c15u; };
  auto valueOf = [&](uint64_t i) -> uint64_t & {
    return memberAt<uint64_t>(t.upsert(keyOf(i)), t.desc.occupied_offset);
  };
  uint64_t lost = 0;
  for (uint64_t i = 0; i < kKeys; ++i) {
    valueOf(i) = i + 1;
    uint64_t before = (keyOf(i) >> 20) % (i + 1);
    lost += valueOf(before) != before + 1;
  }
  EXPECT_EQ(lost, 0u);
  EXPECT_EQ(tableCount(t.table), kKeys);
}

} // namespace
