//===- value_list_test.cpp - lists of rows, and the best of them ---------------===//
#include "arena_task.h"
#include "runtime/state/value_list.h"
#include "state_tables.h"

#include <algorithm>
#include <numeric>
#include <random>

using namespace millrace;

namespace {

/// What a test's rows are: what a top judges by, and a text.
struct Row {
  uint64_t by;
  mr_string text;
};
const uint32_t kTexts[] = {offsetof(Row, text)};

mr_entry_desc rows() {
  mr_entry_desc entry = {};
  entry.size = sizeof(Row);
  entry.value = offsetof(Row, text);
  entry.value_size = sizeof(mr_string);
  entry.status = UINT32_MAX;
  entry.texts = kTexts;
  entry.num_texts = 1;
  return entry;
}

mr_entry_desc best(uint32_t limit, bool ascending, bool ties) {
  mr_entry_desc entry = rows();
  entry.limit = limit;
  entry.ascending = ascending;
  entry.ties = ties;
  return entry;
}

struct Entry {
  int64_t time;
  uint64_t by;
  std::string text;
  bool operator==(const Entry &) const = default;
};

/// Texts short and long.
Entry entryOf(uint64_t random, uint64_t number, uint64_t values) {
  uint64_t length = random % 3 == 0 ? random / 7 % 12 : random / 7 % 90;
  return {int64_t(random % 40), random / 11 % values, std::string(length, 'a') + std::to_string(number)};
}

struct ValueList : testing::Test {
  ValueList() { texts.account = other.account = &account; }
  ~ValueList() override {
    texts.clear();
    other.clear();
  }

  mr_string add(StringArena &arena, mr_string list, const Entry &one) {
    Row row{one.by, stringOf(one.text)};
    return listAdd(arena, list, one.time, reinterpret_cast<const uint8_t *>(&row), rows());
  }
  mr_string addTop(StringArena &arena, mr_string list, const Entry &one, const mr_entry_desc &entry) {
    Row row{one.by, stringOf(one.text)};
    return topAdd(arena, list, one.time, reinterpret_cast<const uint8_t *>(&row), entry);
  }
  std::vector<Entry> entries(const StringArena &arena, mr_string list) {
    std::vector<Entry> all;
    listEach(arena, list, rows(), [&](int64_t time, const uint8_t *bytes) {
      Row row;
      std::memcpy(&row, bytes, sizeof(row));
      all.push_back({time, row.by, std::string(viewOf(row.text))});
    });
    return all;
  }

  CountingMemory memory;
  StateAccount account{memory, "test"};
  StringArena texts = {}, other = {};
};

/// Sorted by `less`, equal ones as they are.
template <typename Less> std::vector<Entry> sorted(const std::vector<Entry> &all, Less less) {
  std::vector<size_t> order(all.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return less(all[a], all[b]) || (!less(all[b], all[a]) && a < b); });
  std::vector<Entry> result;
  for (size_t i : order)
    result.push_back(all[i]);
  return result;
}

std::vector<Entry> byTime(const std::vector<Entry> &all) {
  return sorted(all, [](const Entry &a, const Entry &b) { return a.time < b.time; });
}

// Rule 27: by (timestamp, arrival).
TEST_F(ValueList, Rule27RowsComeByTimeThenArrival) {
  std::mt19937_64 random(1);
  mr_string list = {};
  std::vector<Entry> expected;
  for (uint64_t i = 0; i < 3000; ++i) {
    Entry one = entryOf(random(), i, 5);
    list = add(texts, list, one);
    expected.push_back(one);
    if (i % 500 == 0) { // reading in between changes nothing
      listSort(texts, list, rows());
      EXPECT_EQ(entries(texts, list), byTime(expected));
    }
  }
  EXPECT_EQ(listCount(texts, list), expected.size());
  listSort(texts, list, rows());
  EXPECT_EQ(entries(texts, list), byTime(expected));
}

TEST_F(ValueList, OneTakesInAnother) {
  std::mt19937_64 random(2);
  for (bool same : {false, true}) // of two slots of one table, or of two tables
    for (int64_t shift : {-20, 0, 100}) {
      mr_string a = {}, b = {}, none = {};
      std::vector<Entry> expected, others;
      for (uint64_t i = 0; i < 300; ++i) {
        Entry one = entryOf(random(), i, 5);
        if (shift == 100)
          one.time = int64_t(i / 3);
        a = add(texts, a, one);
        expected.push_back(one);
      }
      for (uint64_t i = 0; i < 200; ++i) {
        Entry one = entryOf(random(), i, 5);
        one.time = (shift == 100 ? int64_t(i) : one.time) + shift;
        b = add(same ? texts : other, b, one);
        others.push_back(one);
      }
      const StringArena &from = same ? texts : other;
      a = listAddAll(texts, a, from, b);
      expected.insert(expected.end(), others.begin(), others.end());
      listSort(texts, a, rows());
      EXPECT_EQ(entries(texts, a), byTime(expected));
      EXPECT_EQ(entries(from, b), others);
      none = listAddAll(texts, none, from, b);
      listSort(texts, none, rows());
      EXPECT_EQ(entries(texts, none), byTime(others));
      EXPECT_EQ(listCount(texts, listAddAll(texts, none, texts, {})), 200u);
    }
}

// Rule 27: by value, of equal ones the earliest (timestamp, arrival), `with ties` all that are as good as the last.
TEST_F(ValueList, Rule27TopKeepsTheBest) {
  std::mt19937_64 random(3);
  for (uint32_t limit : {1u, 3u, 50u})
    for (bool ascending : {false, true})
      for (bool ties : {false, true})
        for (bool parts : {false, true}) {
          mr_entry_desc entry = best(limit, ascending, ties);
          mr_string top = {}, later = {};
          std::vector<Entry> all;
          for (uint64_t i = 0; i < 600; ++i) {
            Entry one = entryOf(random(), i, 40);
            all.push_back(one);
            if (parts && i >= 350)
              later = addTop(other, later, one, entry);
            else
              top = addTop(texts, top, one, entry);
          }
          top = topAddAll(texts, top, other, later, entry);
          topCut(texts, top, entry);
          all = sorted(all, [&](const Entry &a, const Entry &b) {
            return a.by != b.by ? (a.by < b.by) == ascending : a.time < b.time;
          });
          size_t kept = limit;
          while (ties && kept < all.size() && all[kept].by == all[limit - 1].by)
            ++kept;
          all.resize(kept);
          EXPECT_EQ(entries(texts, top), all) << limit << ascending << ties << parts;
        }
}

/// What rows by two words are in the test below.
struct Pair {
  uint64_t first, second, value;
  auto operator<=>(const Pair &) const = default;
};

// The same by two words, of rows of one size: with few that are kept they are always in order, with many, or with ties,
// now and then. Half of them come from another list, whose times lie between those of the first.
TEST_F(ValueList, Rule27TopBySeveralWords) {
  std::mt19937_64 random(4);
  for (uint32_t limit : {1u, 10u, 64u, 65u, 200u})
    for (bool ascending : {false, true})
      for (bool ties : {false, true}) {
        mr_entry_desc entry = {};
        entry.size = sizeof(Pair);
        entry.value = offsetof(Pair, value);
        entry.value_size = sizeof(uint64_t);
        entry.status = UINT32_MAX;
        entry.limit = limit;
        entry.ascending = ascending;
        entry.ties = ties;
        mr_string lists[2] = {};
        std::vector<std::pair<Pair, int64_t>> all, found;
        for (int64_t time = 0; time < 500; ++time) {
          Pair row = {random() % 6, random() % 6, random()};
          all.push_back({row, time});
          mr_string &list = lists[random() % 2];
          list = topAdd(&list == lists ? texts : other, list, time, reinterpret_cast<const uint8_t *>(&row), entry);
          if (!ties && limit <= 64)
            EXPECT_LE(listCount(&list == lists ? texts : other, list), limit);
        }
        mr_string top = topAddAll(texts, lists[0], other, lists[1], entry);
        topCut(texts, top, entry);
        auto by = [](const Pair &row) { return std::pair(row.first, row.second); };
        std::sort(all.begin(), all.end(), [&](const auto &a, const auto &b) {
          if (by(a.first) == by(b.first))
            return a.second < b.second;
          return ascending ? by(a.first) < by(b.first) : by(b.first) < by(a.first);
        });
        size_t kept = limit;
        while (ties && by(all[kept].first) == by(all[limit - 1].first))
          ++kept;
        all.resize(kept);
        listEach(texts, top, entry, [&](int64_t time, const uint8_t *bytes) {
          Pair row;
          std::memcpy(&row, bytes, sizeof(row));
          found.push_back({row, time});
        });
        EXPECT_EQ(found, all) << limit << ascending << ties;
      }
}

TEST_F(ValueList, TopByTexts) {
  const uint32_t at[] = {0, 16};
  mr_entry_desc entry = {};
  entry.size = 32;
  entry.value = 16;
  entry.value_size = 16;
  entry.status = UINT32_MAX;
  entry.texts = at;
  entry.num_texts = 2;
  entry.limit = 2;
  entry.by_text = 1;
  mr_string top = {};
  const char *words[] = {"b", "a text that is long enough", "c text that is long enough", "bb", "\xff", "ba", "a"};
  for (int i = 0; i < 70; ++i) {
    std::string by = words[i % 7], value = by + " is what it was judged by";
    mr_string row[] = {stringOf(by), stringOf(value)};
    top = topAdd(texts, top, i, reinterpret_cast<const uint8_t *>(row), entry);
  }
  topCut(texts, top, entry);
  std::vector<std::string> found;
  listEach(texts, top, entry, [&](int64_t time, const uint8_t *bytes) {
    mr_string row[2];
    std::memcpy(row, bytes, sizeof(row));
    found.push_back(text(row[1]) + " at " + std::to_string(time));
  });
  EXPECT_EQ(found,
            (std::vector<std::string>{"\xff is what it was judged by at 4", "\xff is what it was judged by at 11"}));
}

// A top of a stream does not grow with its records; ties do.
TEST_F(ValueList, TopStaysSmall) {
  mr_string top = {};
  mr_entry_desc entry = best(10, false, false);
  for (uint64_t i = 0; i < 100000; ++i)
    top = addTop(texts, top, {int64_t(i), i * 7919 % 100003, "a text that is long enough"}, entry);
  EXPECT_LE(memory.handedOut, 16u << 10);
}

TEST_F(ValueList, ValuesAreInTheTasksMemory) {
  mr_table table{};
  table.texts.account = &account;
  struct Nullable {
    mr_string value;
    uint8_t status, rest[7];
  };
  const uint32_t at[] = {0};
  mr_entry_desc entry = {sizeof(Nullable), 0, 16, 16, at, 1, 0, 0, 0, 0, 0, 0};
  mr_string list = {};
  for (int64_t i = 4; i >= 0; --i) {
    std::string text = i % 2 ? "x" : "a text that is long enough " + std::to_string(i);
    Nullable row{i == 3 ? mr_string{} : stringOf(text), uint8_t(i == 3), {}};
    list = mr_list_add(&table, list, i, reinterpret_cast<const uint8_t *>(&row), &entry);
  }
  ArenaTask task;
  mr_list values = mr_list_values(&task, &table, list, &entry);
  table.texts.clear(); // nothing of it lies there
  ASSERT_EQ(values.count, 5u);
  const auto *strings = reinterpret_cast<const mr_string *>(values.elements);
  const uint8_t *statuses = values.elements + 5 * sizeof(mr_string);
  EXPECT_EQ(text(strings[0]), "a text that is long enough 0");
  EXPECT_EQ(text(strings[1]), "x");
  EXPECT_EQ(text(strings[4]), "a text that is long enough 4");
  EXPECT_EQ(std::vector<uint8_t>(statuses, statuses + 5), (std::vector<uint8_t>{0, 0, 0, 1, 0}));
  EXPECT_EQ(mr_list_values(&task, &table, {}, &entry).count, 0u);
}

TEST_F(ValueList, RecordsArePointedAt) {
  mr_table table{};
  table.texts.account = &account;
  mr_entry_desc entry = best(2, true, false);
  entry.is_record = 1;
  mr_string top = {};
  for (uint64_t i = 0; i < 20; ++i) {
    std::string text = "a text that is long enough " + std::to_string(i);
    Row row{20 - i, stringOf(text)};
    top = mr_top_add(&table, top, int64_t(i), reinterpret_cast<const uint8_t *>(&row), &entry);
  }
  ArenaTask task;
  mr_list values = mr_top_values(&task, &table, top, &entry);
  table.texts.clear();
  ASSERT_EQ(values.count, 2u);
  const mr_string *const *records = reinterpret_cast<const mr_string *const *>(values.elements);
  EXPECT_EQ(text(*records[0]), "a text that is long enough 19");
  EXPECT_EQ(text(*records[1]), "a text that is long enough 18");
}

TEST_F(ValueList, MemoryIsUsedAgain) {
  uint64_t held = 0;
  for (int round = 0; round < 60; ++round) {
    mr_string list = {};
    for (uint64_t i = 0; i < 1500; ++i)
      list = add(texts, list, {int64_t(i), i, "a text that is long enough"});
    texts.giveBack(list);
    if (round == 5)
      held = memory.handedOut;
  }
  EXPECT_EQ(memory.handedOut, held);
}

TEST_F(ValueList, RefusedMemoryIsNoted) {
  memory.budget = 1 << 16;
  mr_string list = {};
  for (uint64_t i = 0; i < 100000 && !memory.refused; ++i)
    list = add(texts, list, {int64_t(i), i, "a text"});
  EXPECT_EQ(memory.refused, &account);
  uint64_t count = listCount(texts, list);
  EXPECT_EQ(listCount(texts, add(texts, list, {0, 0, "a text"})), count);
}

/// Of equal values only the first by (time, arrival) stays, and the list takes room for the different ones (rule 27).
TEST_F(ValueList, OfDifferentValuesKeepsTheFirst) {
  mr_entry_desc entry = rows();
  entry.distinct = 1;
  std::mt19937_64 random(5);
  mr_string list = {}, more = {};
  std::vector<Entry> all, late;
  for (int i = 0; i < 6000; ++i) {
    uint64_t length = random() % 4 * 20;
    Entry one{int64_t(random() % 50), 0, std::string(length, 'a') + std::to_string(random() % 5)};
    bool isLate = i % 3 == 0;
    (isLate ? more : list) = add(isLate ? other : texts, isLate ? more : list, one);
    listTrim(isLate ? other : texts, isLate ? more : list, entry);
    (isLate ? late : all).push_back(one);
  }
  EXPECT_LE(stringLength(list), 20000u);
  list = listAddAll(texts, list, other, more);
  listTrim(texts, list, entry);
  listKeepFirst(texts, list, entry);
  all.insert(all.end(), late.begin(), late.end());
  std::vector<size_t> order(all.size());
  std::iota(order.begin(), order.end(), size_t(0));
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return std::tie(all[a].time, a) < std::tie(all[b].time, b); });
  std::vector<std::string> expected, found;
  for (size_t i : order)
    if (std::find(expected.begin(), expected.end(), all[i].text) == expected.end())
      expected.push_back(all[i].text);
  listEach(texts, list, entry,
           [&](int64_t, const uint8_t *row) { found.emplace_back(viewOf(reinterpret_cast<const Row *>(row)->text)); });
  EXPECT_EQ(found, expected);
}

} // namespace
