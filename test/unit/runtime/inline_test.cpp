//===- inline_test.cpp - functions that are inlined into generated loops --===//
#include "arena_task.h"

#include <gtest/gtest.h>

using namespace millrace;

namespace {

TEST(Inline, ArenaIsAlignedAndInOrder) {
  ArenaTask task(4096);
  uint8_t *begin = task.arena;
  EXPECT_EQ(mr_arena(&task, 1), begin);
  EXPECT_EQ(mr_arena(&task, 8), begin + 8);
  EXPECT_EQ(mr_arena(&task, 0), begin + 16);
  EXPECT_EQ(mr_arena(&task, 4080), begin + 16);
  EXPECT_EQ(task.arena, task.arenaLimit) << "the last byte can be had";
}

TEST(Inline, OutputRowsAreCounted) {
  std::vector<uint8_t> room(1024);
  mr_out out{room.data(), room.data(), room.data() + room.size(), 24, 0};
  ArenaTask task;
  task.outs = &out;
  task.outBudget = 72;
  uint8_t *end = mr_out_begin(&task, 0, 42);
  EXPECT_EQ(end, room.data());
  EXPECT_EQ(mr_out_room(&task, 0, end + 24, 41), end + 24);
  mr_out_end(&task, 0, end + 48);
  EXPECT_EQ(out.end, room.data() + 48);
  EXPECT_EQ(task.outBytes, 48u);
  EXPECT_FALSE(mr_out_full(&task));
  mr_out_end(&task, 0, mr_out_begin(&task, 0, 1) + 24);
  EXPECT_TRUE(mr_out_full(&task));
}

TEST(Inline, WindowHeads) {
  mr_window_head windows[2] = {};
  windows[0].firstOpen = windows[0].greatestTime = windows[1].greatestTime = INT64_MIN;
  windows[1].firstOpen = 5;
  windows[1].late = 7;
  ArenaTask task;
  task.windows = windows;
  EXPECT_EQ(mr_window_first_open(&task, 1), 5);
  mr_window_count_late(&task, 1, 3);
  EXPECT_EQ(windows[1].late, 10u);
  for (int64_t time : {-5, 3, -7})
    mr_window_saw(&task, 0, time);
  EXPECT_EQ(windows[0].greatestTime, 3);
}

TEST(Inline, ParamsAndClock) {
  mr_param_value params[2] = {{{42, 0}}, {stringOf("a value of more than twelve bytes")}};
  ArenaTask task;
  task.params = params;
  task.now = -3;
  EXPECT_EQ(mr_param_bits(&task, 0), 42u);
  EXPECT_EQ(text(mr_param_string(&task, 1)), "a value of more than twelve bytes");
  EXPECT_EQ(mr_now(&task), -3);
}

} // namespace
