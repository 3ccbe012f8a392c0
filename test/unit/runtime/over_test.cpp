//===- over_test.cpp - records that wait for the watermark ---------------------===//
#include "runtime/engine/over.h"
#include "runtime/time/window.h"
#include "state_tables.h"

#include <cstring>
#include <random>

using namespace millrace;

namespace {

const uint32_t kTexts[] = {16};

mr_over_desc records() {
  mr_over_desc desc = {};
  desc.texts = kTexts;
  desc.num_texts = 1;
  desc.row_size = 40;
  return desc;
}

struct Waiting : testing::Test {
  void add(int64_t time, const std::string &text, uint64_t value) {
    uint8_t *row = waiting->add(time);
    mr_string string = stringOf(text);
    std::memcpy(row + 16, &string, sizeof(string));
    std::memcpy(row + 32, &value, sizeof(value));
  }

  /// The values of what is due, with its texts checked.
  std::vector<uint64_t> due(int64_t watermark) {
    std::vector<uint64_t> values;
    for (const uint8_t *row : waiting->takeDue(watermark)) {
      mr_string string;
      uint64_t value;
      std::memcpy(&string, row + 16, sizeof(string));
      std::memcpy(&value, row + 32, sizeof(value));
      EXPECT_EQ(viewOf(string), textOf(value));
      values.push_back(value);
    }
    waiting->giveBack();
    return values;
  }

  /// Short ones and long ones.
  static std::string textOf(uint64_t value) { return std::string(value % 40, 'x') + std::to_string(value); }

  SystemStateMemory memory;
  StateAccount account{memory, "waiting"};
  mr_over_desc desc = records();
  WaitingRecords::Pointer waiting = WaitingRecords::make(desc, account);
};

TEST_F(Waiting, Rule30ByTimeThenArrival) {
  std::string texts[6];
  int64_t times[] = {5, 3, 5, 1, 3, 9};
  for (uint64_t i = 0; i < 6; ++i)
    add(times[i], texts[i] = textOf(i), i);
  EXPECT_EQ(waiting->leastTime(), 1);
  EXPECT_EQ(due(0), (std::vector<uint64_t>{}));
  EXPECT_EQ(due(3), (std::vector<uint64_t>{3, 1, 4}));
  EXPECT_EQ(due(5), (std::vector<uint64_t>{0, 2}));
  EXPECT_EQ(waiting->size(), 1u);
  EXPECT_EQ(due(kPlusInfinity), (std::vector<uint64_t>{5}));
  EXPECT_EQ(waiting->leastTime(), kPlusInfinity);
}

/// Rule 30: in order, out of order, far ahead of all others, at one time, and while some have gone on.
TEST_F(Waiting, Rule30InWhateverOrderTheyCome) {
  std::mt19937_64 random(30);
  std::vector<std::pair<int64_t, uint64_t>> there; // by time, then arrival
  uint64_t number = 0;
  for (int64_t now = 0; now < 4000; ++now) {
    for (uint64_t i = random() % 4; i > 0; --i, ++number) {
      int64_t time = now + (random() % 3 ? 0 : int64_t(random() % 40)) + (random() % 50 ? 0 : 100'000);
      std::string text = textOf(number);
      add(time, text, number);
      waiting->settle();
      there.insert(std::upper_bound(there.begin(), there.end(), std::pair(time, number)), {time, number});
    }
    ASSERT_EQ(waiting->size(), there.size());
    if (now % 7)
      continue;
    auto end = std::upper_bound(there.begin(), there.end(), std::pair(now, ~uint64_t(0)));
    std::vector<uint64_t> expected;
    for (auto it = there.begin(); it != end; ++it)
      expected.push_back(it->second);
    there.erase(there.begin(), end);
    ASSERT_EQ(due(now), expected);
    ASSERT_EQ(waiting->leastTime(), there.empty() ? kPlusInfinity : there.front().first);
  }
}

TEST_F(Waiting, TextsOutliveTheBatch) {
  for (uint64_t i = 0; i < 100; ++i) {
    std::string text = textOf(i);
    add(int64_t(i), text, i);
    waiting->settle();
    text.assign(text.size(), '#');
  }
  EXPECT_EQ(due(1000).size(), 100u);
}

/// After a burst the memory of what has gone on goes back; what still waits stays as it is.
TEST_F(Waiting, GivesMemoryBack) {
  const uint64_t many = 100'000, few = 50;
  for (uint64_t i = 0; i < many; ++i) {
    std::string text = textOf(i);
    add(int64_t(i), text, i);
    waiting->settle();
  }
  uint64_t most = account.bytes;
  EXPECT_GT(most, many * desc.row_size);
  EXPECT_EQ(due(int64_t(many - few) - 1).size(), many - few);
  EXPECT_LT(account.bytes, most / 2); // that of long texts stays for other ones
  std::vector<uint64_t> left = due(int64_t(many));
  ASSERT_EQ(left.size(), few);
  for (uint64_t i = 0; i < few; ++i)
    EXPECT_EQ(left[i], many - few + i);
}

/// What goes on leaves room for what comes.
TEST_F(Waiting, UsesItsMemoryAgain) {
  std::mt19937_64 random(1);
  uint64_t most = 0, released = 0;
  for (uint64_t i = 0; i < 20000; ++i) {
    std::string text = textOf(i);
    add(int64_t(i + random() % 50), text, i);
    waiting->settle();
    if (i % 7 == 0)
      released += due(int64_t(i) - 60).size();
    if (i == 2000)
      most = account.bytes;
  }
  EXPECT_GT(released, 19000u);
  EXPECT_LE(account.bytes, 2 * most);
}

TEST_F(Waiting, GivesItsMemoryBack) {
  std::string text = "a text that is longer than twelve";
  add(1, text, 0);
  waiting->settle();
  waiting.reset();
  EXPECT_EQ(account.bytes, 0u);
}

} // namespace
