//===- state_snapshot_test.cpp - saved under each layout, loaded under each ------===//
#include "runtime/io/binary/format.h"
#include "runtime/state/codes.h"
#include "runtime/state/pages.h"
#include "runtime/state/snapshot.h"
#include "runtime/state/table_keys.h"
#include "state_tables.h"

#include <array>
#include <random>
#include <tuple>

using namespace millrace;

namespace {

/// What a key keeps: a count, an exact sum whose high word is cold, a text, a flag, a time.
struct Kept {
  uint64_t count = 0, low = 0, high = 0;
  std::string text;
  bool seen = false;
  int64_t time = 0;
  bool operator==(const Kept &) const = default;
};

/// Keys: an integer of a range that may be null, alone or with a text.
struct Kind {
  bool withText;
  uint64_t values; ///< 0: any i64
};

constexpr int64_t kLeast = -50;

/// A description and what it points to. Each layout has the pieces in places of its own.
struct Desc {
  Desc(mr_layout layout, Kind kind) {
    types = {MR_I64 | MR_KEY_NULLABLE};
    if (kind.withText)
      types.push_back(MR_STRING);
    least = {kLeast, 0};
    values = {kind.values, 0};
    desc.layout = layout;
    desc.occupied_bit = 3;
    desc.key_words = 2;
    desc.key_strings = kind.withText;
    desc.num_keys = uint32_t(types.size());
    desc.key_types = types.data();
    if (kind.values) {
      desc.key_least = least.data();
      desc.key_values = values.data();
      desc.positions = kind.values + 1;
    }
    uint32_t before = layout == MR_LAYOUT_PACKED ? 8 : layout == MR_LAYOUT_INLINE ? 24 + 16 * kind.withText : 0;
    uint32_t flags = layout == MR_LAYOUT_INLINE ? 0 : before;
    uint32_t at = layout == MR_LAYOUT_INLINE ? before : before + 8;
    desc.occupied_offset = flags;
    bool coldText = layout == MR_LAYOUT_PACKED; // elsewhere it is hot
    desc.time_offset = int32_t(at + 16);
    pieces = {{"n", MR_PIECE_BYTES, 0, 0, 0, at, 8},
              {"sum", MR_PIECE_BYTES, 0, 0, 0, at + 8, 8},
              {"sum.high", MR_PIECE_BYTES, 1, 0, 0, coldText ? 16u : 0u, 8},
              {"text", MR_PIECE_STRING, coldText, 0, 0, coldText ? 0u : at + 24, 16},
              {"seen", MR_PIECE_BIT, 0, 5, 0, flags, 8},
              {"time", MR_PIECE_BYTES, 0, 0, 0, at + 16, 8}};
    desc.cold_size = coldText ? 24 : 8;
    desc.slot_size = at + (coldText ? 24 : 40);
    desc.pieces = pieces.data();
    desc.num_pieces = uint32_t(pieces.size());
  }
  Desc(const Desc &) = delete;

  mr_table_desc desc = {};
  std::vector<uint8_t> types;
  std::vector<int64_t> least;
  std::vector<uint64_t> values;
  std::vector<mr_piece_desc> pieces;
};

using KeyOf = std::tuple<bool, int64_t, std::string>; ///< null, number, text
using Model = std::map<KeyOf, Kept>;

Key keyOf(const KeyOf &key, bool withText) {
  Key normalised;
  normalised.words = {uint64_t(std::get<1>(key)), uint64_t(std::get<0>(key))};
  if (withText)
    normalised.add(std::get<2>(key));
  return normalised;
}

uint8_t *placeOf(mr_table *table, uint8_t *slot, const mr_piece_desc &piece) {
  return (piece.cold ? mr_table_cold_new(table, slot) : slot) + piece.offset;
}

void write(mr_table *table, uint8_t *slot, const Kept &kept) {
  const mr_table_desc &desc = *table->desc;
  auto at = [&](int i) { return placeOf(table, slot, desc.pieces[i]); };
  std::memcpy(at(0), &kept.count, 8);
  std::memcpy(at(1), &kept.low, 8);
  if (kept.high)
    std::memcpy(at(2), &kept.high, 8);
  if (!kept.text.empty()) {
    mr_string old;
    std::memcpy(&old, at(3), 16);
    mr_string text = mr_table_replace(table, old, stringOf(kept.text));
    std::memcpy(at(3), &text, 16);
  }
  uint64_t &flags = *reinterpret_cast<uint64_t *>(slot + desc.pieces[4].offset);
  flags |= uint64_t(kept.seen) << desc.pieces[4].bit;
  if (desc.layout == MR_LAYOUT_DENSE || desc.layout == MR_LAYOUT_BY_ID)
    flags |= 1 << desc.occupied_bit;
  std::memcpy(at(5), &kept.time, 8);
}

Kept read(mr_table *table, uint8_t *slot) {
  const mr_table_desc &desc = *table->desc;
  Kept kept;
  mr_string text = {0, 0};
  auto get = [&](int i, void *to, size_t size) {
    const mr_piece_desc &piece = desc.pieces[i];
    const uint8_t *part = piece.cold ? mr_table_cold(table, slot, desc.slot_size, desc.cold_size) : slot;
    if (part)
      std::memcpy(to, part + piece.offset, size);
  };
  get(0, &kept.count, 8);
  get(1, &kept.low, 8);
  get(2, &kept.high, 8);
  get(3, &text, 16);
  text = mr_table_text(table, text);
  kept.text = viewOf(text);
  kept.seen = *reinterpret_cast<uint64_t *>(slot + desc.pieces[4].offset) >> desc.pieces[4].bit & 1;
  get(5, &kept.time, 8);
  return kept;
}

Model contents(mr_table *table, bool withText) {
  Model model;
  tableSettle(table);
  uint32_t size = table->desc->slot_size;
  for (uint64_t i = mr_table_next(table, 0, size); i < mr_table_capacity(table);
       i = mr_table_next(table, i + 1, size)) {
    if (!tableInUse(table, i))
      continue;
    uint64_t key[4];
    tableKey(table, i, key);
    std::string text = withText ? std::string(viewOf(*reinterpret_cast<mr_string *>(key + 2))) : "";
    EXPECT_TRUE(model.emplace(KeyOf{key[1] & 1, int64_t(key[0]), text}, read(table, table->slotAt(i))).second);
  }
  return model;
}

/// Random state; some of it written twice, some erased.
void fill(mr_table *table, Kind kind, uint64_t keys, uint64_t seed, Model &model) {
  std::mt19937_64 random(seed);
  for (uint64_t i = 0; i < keys; ++i) {
    bool null = random() % 50 == 0;
    int64_t number = kind.values ? kLeast + int64_t(random() % kind.values) : int64_t(random());
    if (!kind.values && i == 7)
      number = int64_t(MR_PACKED_MASK ^ uint64_t(1) << 63); // the key whose slot would look empty
    std::string text(kind.withText ? random() % 40 : 0, char('a' + random() % 26));
    if (kind.withText && i % 500 == 0)
      text = std::string(50'000 + random() % 1000, 'L');
    KeyOf key{null, null ? 0 : number, text};
    Kept kept{random() % 100 + 1,    random(),
              i % 10 ? 0 : random(), i % 3 ? std::string(random() % 60, 'v') : "",
              random() % 2 == 0,     int64_t(random() >> 1) + 1};
    if (i % 700 == 3)
      kept.text = std::string(40'000 + i, 'w');
    Key normalised = keyOf(key, kind.withText);
    uint8_t *slot = tableUpsert(table, normalised.words.data());
    if (model.count(key))
      mr_table_reset(table, slot);
    write(table, slot, kept);
    model[key] = kept;
    if (random() % 6 == 0) {
      tableErase(table, table->positionOf(tableUpsert(table, normalised.words.data())));
      model.erase(key);
    }
  }
}

struct Operator {
  Operator(mr_layout layout, Kind kind) : made(layout, kind) {
    if (layout == MR_LAYOUT_BY_ID)
      dictionary = dictionaryNew(made.desc, account);
  }
  ~Operator() {
    for (SavedTable &saved : tables)
      tableFree(saved.table);
    dictionaryFree(dictionary);
  }
  CountingMemory memory;
  StateAccount account{memory, "test"};
  Desc made;
  mr_dictionary *dictionary = nullptr;
  SavedState state;
  std::vector<SavedTable> &tables = state.tables;
};

using Way = std::tuple<mr_layout, mr_layout>;

class Snapshot : public testing::TestWithParam<Way> {
protected:
  void tryWith(Kind kind, uint64_t keys) {
    auto [from, to] = GetParam();
    auto can = [&](mr_layout layout) {
      return layout == MR_LAYOUT_INLINE || layout == MR_LAYOUT_BY_ID ||
             (!kind.withText && (layout == MR_LAYOUT_PACKED || kind.values));
    };
    if (!can(from) || !can(to))
      return;
    Operator source(from, kind), target(to, kind);
    std::vector<Model> models(3);
    for (int64_t i = 0; i < 3; ++i) {
      source.tables.push_back({i * 10, tableNew(source.made.desc, source.account, source.dictionary)});
      fill(source.tables.back().table, kind, keys >> (4 * i), uint64_t(i), models[size_t(i)]);
    }
    std::string bytes, error;
    source.state.watermark = -77;
    source.state.greatestTime = 99;
    stateSave(source.made.desc, source.dictionary, source.state, bytes);
    ASSERT_TRUE(stateLoad(bytes, target.made.desc, target.account, target.dictionary, target.state, error)) << error;
    EXPECT_EQ(target.state.watermark, -77);
    EXPECT_EQ(target.state.greatestTime, 99);
    ASSERT_EQ(target.tables.size(), 3u);
    EXPECT_EQ(target.account.bytes, target.memory.handedOut);
    for (size_t i = 0; i < 3; ++i) {
      EXPECT_EQ(target.tables[i].start, int64_t(i) * 10);
      EXPECT_TRUE(contents(target.tables[i].table, kind.withText) == models[i]);
      // What was loaded is state as any other.
      fill(target.tables[i].table, kind, keys >> 2, 77, models[i]);
      EXPECT_EQ(tableCount(target.tables[i].table), models[i].size());
      EXPECT_TRUE(contents(target.tables[i].table, kind.withText) == models[i]);
    }
    // A piece less of the bytes is told.
    Operator other(to, kind);
    bytes.resize(bytes.size() - 1);
    EXPECT_FALSE(stateLoad(bytes, other.made.desc, other.account, other.dictionary, other.state, error));
    EXPECT_EQ(error, "is damaged");
  }
};

std::string nameOf(const testing::TestParamInfo<Way> &info) {
  static constexpr const char *names[] = {"Dense", "Packed", "Inline", "ById"};
  return std::string(names[std::get<0>(info.param)]) + "To" + names[std::get<1>(info.param)];
}

const auto kLayouts = testing::Values(MR_LAYOUT_DENSE, MR_LAYOUT_PACKED, MR_LAYOUT_INLINE, MR_LAYOUT_BY_ID);
INSTANTIATE_TEST_SUITE_P(All, Snapshot, testing::Combine(kLayouts, kLayouts), nameOf);

TEST_P(Snapshot, NumbersOfARange) { tryWith({.withText = false, .values = 3000}, 4000); }
TEST_P(Snapshot, AnyNumbersAndSpecialOnes) { tryWith({.withText = false, .values = 0}, 4000); }
TEST_P(Snapshot, NumbersAndTexts) { tryWith({.withText = true, .values = 0}, 4000); }
TEST_P(Snapshot, WhileItGrows) { tryWith({.withText = false, .values = 0}, 60'000); }

TEST(SnapshotErrors, OfOtherKeysOrMembers) {
  Operator source(MR_LAYOUT_PACKED, {.withText = false, .values = 0});
  source.tables.push_back({0, tableNew(source.made.desc, source.account)});
  Model model;
  fill(source.tables[0].table, {.withText = false, .values = 0}, 100, 1, model);
  std::string bytes, error;
  stateSave(source.made.desc, nullptr, source.state, bytes);

  SavedState none;
  auto load = [&](Operator &into) {
    EXPECT_FALSE(stateLoad(bytes, into.made.desc, into.account, into.dictionary, none, error));
    EXPECT_TRUE(none.tables.empty());
    return error;
  };
  Operator text(MR_LAYOUT_INLINE, {.withText = true, .values = 0});
  EXPECT_EQ(load(text), "is of other key fields");
  Operator more(MR_LAYOUT_INLINE, {.withText = false, .values = 0});
  more.made.pieces[0].name = "m";
  EXPECT_EQ(load(more), "holds `n`, which the pipeline does not keep, or not so");
  Operator fewer(MR_LAYOUT_INLINE, {.withText = false, .values = 0});
  fewer.made.pieces.push_back({"x", MR_PIECE_BIT, 0, 9, 0, 0, 8});
  fewer.made.desc.pieces = fewer.made.pieces.data();
  fewer.made.desc.num_pieces++;
  EXPECT_EQ(load(fewer), "does not hold `x`");
  Operator narrow(MR_LAYOUT_DENSE, {.withText = false, .values = 10});
  EXPECT_EQ(load(narrow), "has a key outside the range that is declared now");
  Operator poor(MR_LAYOUT_INLINE, {.withText = false, .values = 0});
  poor.memory.budget = 4000;
  EXPECT_EQ(load(poor), "does not fit the memory that state may take");
  bytes[0] ^= 1;
  Operator inlined(MR_LAYOUT_INLINE, {.withText = false, .values = 0});
  EXPECT_EQ(load(inlined), "was written by another version of the runtime, or is damaged");
}

/// A small table of this layout, saved.
std::string savedBytes(Operator &source, Kind kind, Model &model) {
  source.tables.push_back({0, tableNew(source.made.desc, source.account, source.dictionary)});
  fill(source.tables[0].table, kind, 12, 5, model);
  std::string bytes;
  stateSave(source.made.desc, source.dictionary, source.state, bytes);
  return bytes;
}

class SnapshotOf : public testing::TestWithParam<mr_layout> {
protected:
  Kind kind() const {
    return {.withText = GetParam() == MR_LAYOUT_INLINE || GetParam() == MR_LAYOUT_BY_ID,
            .values = GetParam() == MR_LAYOUT_DENSE ? 50u : 0u};
  }
  Model model;
};
INSTANTIATE_TEST_SUITE_P(All, SnapshotOf, kLayouts, [](const testing::TestParamInfo<mr_layout> &info) {
  return std::string(std::array{"Dense", "Packed", "Inline", "ById"}[info.param]);
});

/// What was damaged is an error, never other state.
TEST_P(SnapshotOf, DamagedBytesOfTheRightLengthAreRefused) {
  Operator source(GetParam(), kind());
  const std::string bytes = savedBytes(source, kind(), model);
  auto loads = [&](const std::string &damaged, std::string &error) {
    Operator target(GetParam(), kind());
    bool good = stateLoad(damaged, target.made.desc, target.account, target.dictionary, target.state, error);
    EXPECT_EQ(good, error.empty());
    return good;
  };
  std::string error;
  ASSERT_TRUE(loads(bytes, error)) << error;
  size_t step = std::max<size_t>(1, bytes.size() / 2000); // pages are large: of each some bytes, of the head all
  for (size_t i = 0; i < bytes.size(); i += i < 1000 ? 1 : step) {
    std::string damaged = bytes;
    damaged[i] = char(damaged[i] ^ 1 << i % 8);
    ASSERT_FALSE(loads(damaged, error)) << "byte " << i;
    ASSERT_TRUE(error == "is damaged" || (i < 8 && error.ends_with("or is damaged"))) << "byte " << i << ": " << error;
  }
}

/// What a checkpoint copies next: a page that was written since, and no other.
TEST_P(SnapshotOf, MarksTellWhatWasWrittenSince) {
  Operator source(GetParam(), kind());
  std::string bytes = savedBytes(source, kind(), model);
  mr_table *table = source.tables[0].table;
  auto written = [&] {
    uint64_t count = 0, pages = (table->now.total * table->shape.slotSize >> MR_STATE_PAGE_BITS) + 1;
    for (uint64_t page = 0; page < pages; ++page)
      count += table->now.touched[page] & MR_STATE_WRITTEN;
    return count;
  };
  EXPECT_EQ(written(), 0u);
  EXPECT_TRUE(contents(table, kind().withText) == model) << "it is in use still";
  EXPECT_EQ(written(), 0u) << "looking is not writing";
  Key key = keyOf(model.begin()->first, kind().withText);
  mr_table_touch(table, tableUpsert(table, key.words.data()));
  EXPECT_EQ(written(), 1u);
  // What was loaded as it lies is what was saved.
  Operator target(GetParam(), kind());
  std::string error;
  ASSERT_TRUE(stateLoad(bytes, target.made.desc, target.account, target.dictionary, target.state, error)) << error;
  table = target.tables[0].table;
  EXPECT_EQ(written(), 0u);
}

/// Adds 1 to the so-many-th number of the first section, which begins behind the magic number; its checksum is right
/// again.
void countUp(std::string &bytes, size_t number) {
  uint64_t size;
  std::memcpy(&size, bytes.data() + 16, 8);
  ++bytes[24 + 8 * number];
  uint64_t sum = binary::checksum(bytes.data() + 8, size + 16);
  std::memcpy(bytes.data() + 24 + size, &sum, 8);
}

/// What a member keeps in a form of its own is not read in another one.
TEST_P(SnapshotOf, ValuesInAnotherFormAreRefused) {
  Operator source(GetParam(), kind());
  std::string saved = savedBytes(source, kind(), model);
  auto load = [&](size_t number) {
    Operator target(GetParam(), kind());
    std::string bytes = saved, error;
    countUp(bytes, number);
    EXPECT_FALSE(stateLoad(bytes, target.made.desc, target.account, target.dictionary, target.state, error));
    EXPECT_TRUE(target.tables.empty());
    return error;
  };
  EXPECT_EQ(load(2), "was written by another version of the runtime"); // how many forms there are
  EXPECT_EQ(load(3), "has lists of rows in a form of another version of the runtime");
  EXPECT_EQ(load(5), "has sets of values in a form of another version of the runtime");
}

/// Tables of several operators go to the account that each was on; numbers come back in their order.
TEST_P(SnapshotOf, TablesOfSeveralOwners) {
  Operator first(GetParam(), kind()), to(GetParam(), kind()), other(GetParam(), kind());
  Model models[2];
  for (uint32_t i : {0, 1}) {
    first.tables.push_back({int64_t(i), tableNew(first.made.desc, first.account, first.dictionary), i});
    fill(first.tables[i].table, kind(), 12 + i, i, models[i]);
  }
  first.state.numbers = {INT64_MIN, 0, 5};
  std::string bytes, error;
  stateSave(first.made.desc, first.dictionary, first.state, bytes);
  StateAccount another(to.memory, "another");
  StateAccount *owners[] = {&to.account, &another};
  ASSERT_TRUE(stateLoad(bytes, to.made.desc, owners, to.dictionary, to.state, error)) << error;
  EXPECT_EQ(to.state.numbers, first.state.numbers);
  ASSERT_EQ(to.tables.size(), 2u);
  for (uint32_t i : {0, 1}) {
    EXPECT_EQ(to.tables[i].owner, i);
    EXPECT_EQ(to.tables[i].table->account, owners[i]);
    EXPECT_TRUE(contents(to.tables[i].table, kind().withText) == models[i]);
  }
  EXPECT_GT(another.bytes, 0u);
  EXPECT_EQ(to.account.bytes + another.bytes, to.memory.handedOut);
  // Of an operator that is not there.
  EXPECT_FALSE(stateLoad(bytes, other.made.desc, other.account, other.dictionary, other.state, error));
  EXPECT_EQ(error, "is damaged");
  tableFree(std::exchange(to.tables.back().table, nullptr)); // before its account
}

/// Pages of another version of the hash are no pages of this one: each key finds its place anew.
TEST_P(SnapshotOf, AnotherVersionOfTheHashIsFilledKeyByKey) {
  Operator source(GetParam(), kind()), target(GetParam(), kind());
  std::string bytes = savedBytes(source, kind(), model), error;
  countUp(bytes, 0); // the version
  ASSERT_TRUE(stateLoad(bytes, target.made.desc, target.account, target.dictionary, target.state, error)) << error;
  mr_table *table = target.tables[0].table;
  EXPECT_TRUE(contents(table, kind().withText) == model);
  bool anyWritten = false;
  for (uint64_t page = 0; page <= table->now.total * table->shape.slotSize >> MR_STATE_PAGE_BITS; ++page)
    anyWritten |= table->now.touched[page] & MR_STATE_WRITTEN;
  EXPECT_TRUE(anyWritten) << "it was not taken as it lies";
}

} // namespace
