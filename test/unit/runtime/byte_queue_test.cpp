//===- byte_queue_test.cpp - bytes that a key keeps, the oldest first to go -----===//
#include "runtime/state/byte_queue.h"
#include "state_tables.h"

#include <cstring>
#include <deque>
#include <random>

using namespace millrace;

namespace {

struct ByteQueue : testing::Test {
  ByteQueue() { texts.account = &account; }
  ~ByteQueue() override { texts.clear(); }

  SystemStateMemory memory;
  StateAccount account{memory, "queue"};
  StringArena texts = {};
};

TEST_F(ByteQueue, EmptyIsAllZero) {
  QueuedBytes none = queuedBytes(texts, {});
  EXPECT_EQ(none.size, 0u);
  EXPECT_EQ(none.gone, 0u);
  dropBytes(texts, {}, 5); // nothing to drop
}

/// Against a plain queue: what goes in comes out in the same order, and places count from the first byte ever.
TEST_F(ByteQueue, KeepsOrderAndPlaces) {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    std::mt19937_64 random(seed);
    mr_string queue = {};
    std::deque<uint8_t> model;
    uint64_t gone = 0;
    for (int step = 0; step < 600; ++step) {
      if (random() % 3) {
        uint8_t bytes[120];
        uint64_t size = 1 + random() % sizeof(bytes), place = 0;
        for (uint64_t i = 0; i < size; ++i)
          bytes[i] = uint8_t(random());
        queue = queueBytes(texts, queue, bytes, size, place);
        ASSERT_EQ(place, gone + model.size());
        model.insert(model.end(), bytes, bytes + size);
      } else {
        uint64_t size = std::min<uint64_t>(random() % 300, model.size());
        dropBytes(texts, queue, size);
        model.erase(model.begin(), model.begin() + long(size));
        gone += size;
      }
      QueuedBytes all = queuedBytes(texts, queue);
      ASSERT_EQ(all.size, model.size());
      ASSERT_EQ(all.gone, gone);
      ASSERT_TRUE(std::equal(model.begin(), model.end(), all.bytes));
    }
    texts.giveBack(queue);
  }
}

/// As long as what is in it stays small, so does its memory, whatever goes through.
TEST_F(ByteQueue, UsesItsRoomAgain) {
  mr_string queue = {};
  uint64_t place = 0, word = 0;
  for (uint64_t i = 0; i < 100000; ++i) {
    queue = queueBytes(texts, queue, &i, sizeof(i), place);
    if (i >= 10)
      dropBytes(texts, queue, sizeof(i));
  }
  QueuedBytes all = queuedBytes(texts, queue);
  ASSERT_EQ(all.size, 10 * sizeof(uint64_t));
  std::memcpy(&word, all.bytes, sizeof(word));
  EXPECT_EQ(word, 99990u);
  EXPECT_LT(stringLength(queue), 1000u);
}

TEST_F(ByteQueue, StaysAsItIsWhereMemoryIsRefused) {
  uint64_t place = 0;
  mr_string queue = queueBytes(texts, {}, "0123456789abcdef", 16, place);
  memory.budget = memory.bytes;
  std::string much(100000, 'x');
  queue = queueBytes(texts, queue, much.data(), much.size(), place);
  EXPECT_TRUE(memory.refused);
  EXPECT_EQ(place, kNoPlace);
  EXPECT_EQ(queuedBytes(texts, queue).size, 16u);
  mr_string none = queueBytes(texts, {}, much.data(), much.size(), place);
  EXPECT_EQ(place, kNoPlace);
  EXPECT_EQ(stringLength(none), 0u);
}

} // namespace
