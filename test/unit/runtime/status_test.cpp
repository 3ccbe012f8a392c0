//===- status_test.cpp - what is said while a pipeline runs, and at its end ----===//
#include "runtime/engine/engine.h"
#include "runtime/metrics/status.h"
#include "test/unit/runtime/screen.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

using namespace millrace;
using namespace millrace::test;

namespace {

Statistics someCounts() {
  Statistics counts;
  counts.records = 1'234'567;
  counts.bad = 2;
  counts.rows = 1;
  counts.micros = 500'000;
  return counts;
}

TEST(Status, AtTheEnd) {
  Statistics counts = someCounts();
  EXPECT_EQ(statisticsLine(counts), "1,234,567 records, 2 bad, 0 late; 1 row out; 0.500 s, 2.47 M records/s");
  counts.stateBytes = 4096;
  counts.stateBytesMost = 3 << 19;
  EXPECT_EQ(statisticsLine(counts),
            "1,234,567 records, 2 bad, 0 late; 1 row out; 0.500 s, 2.47 M records/s; state 1.50 MiB at most");
  EXPECT_EQ(
      statisticsJson("p", counts, 0),
      "{\"pipeline\":\"p\",\"records\":1234567,\"bad\":2,\"late\":0,\"partly_late\":0,\"in_no_window\":0,\"future\":0,"
      "\"blank\":0,\"rows\":1,\"state_bytes\":4096,"
      "\"state_bytes_most\":1572864,\"micros\":500000,\"longest_batch_micros\":0,\"records_per_second\":2469134,\"exit_"
      "code\":0}");
}

/// What a line takes of a terminal so many columns wide.
std::vector<std::string> lineOn(unsigned short columns) {
  int terminal = -1, program = -1;
  winsize size = {5, columns, 0, 0};
  EXPECT_EQ(openpty(&terminal, &program, nullptr, nullptr, &size), 0);
  Status status(program, Progress::Auto, /*quiet=*/false);
  Statistics counts = someCounts();
  counts.stateBytes = 3 << 19;
  status.show(counts, {INT64_MIN, 0, 1, 2, true}, 1'000'000);
  char text[512];
  ssize_t bytes = read(terminal, text, sizeof(text));
  close(terminal);
  close(program);
  Screen screen(5, columns);
  screen.put({text, size_t(bytes)});
  EXPECT_EQ(screen.cursorRow(), 0u);
  return screen.lines();
}

TEST(Status, ALiveLineNeverWraps) {
  int terminal, program;
  if (openpty(&terminal, &program, nullptr, nullptr, nullptr) != 0)
    GTEST_SKIP() << "there are no terminals here (/dev/pts)";
  close(terminal);
  close(program);
  using Lines = std::vector<std::string>;
  EXPECT_EQ(lineOn(80), (Lines{"50 %  1,234,567 records  0 late  2 bad  state 1.50 MiB"}));
  EXPECT_EQ(lineOn(20), (Lines{"50 %  1,234,567 re…"}));
}

} // namespace
