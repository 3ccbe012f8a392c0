//===- engine_run_test.cpp - params, files, outputs, waiting -------------------===//
#include "hand_pipeline.h"

#include <algorithm>
#include <csignal>
#include <gtest/gtest.h>
#include <unistd.h>

using namespace millrace;

namespace {

TEST(EngineRun, MissingFileDirectoryAndGlob) {
  HandPipeline p;
  EXPECT_EQ(p.run(), 3);
  EXPECT_EQ(p.messages, "error: cannot read `in.jsonl`: there is no such file\n");
  p.sourceOptions = {{"path", "d/", -1}};
  EXPECT_EQ(p.run(), 3);
  EXPECT_EQ(p.messages, "error: cannot read `d/`: it is a directory; to read the files in it, write `d/*`\n");
  p.sourceOptions = {{"path", "d/*.json", -1}};
  EXPECT_EQ(p.run(), 3);
  EXPECT_EQ(p.messages, "error: no file matches `d/*.json`\n");
}

TEST(EngineRun, ParamsAreTypedAndSuggestTheNearMiss) {
  HandPipeline p;
  p.params = {{"smallest", "what counts", MR_F64, "4.5"}, {"path", "", MR_STRING, "in.jsonl"}};
  p.sourceOptions = {{"path", nullptr, 1}};
  p.storage.files["other.jsonl"] = record("a", 1000, 1);
  p.options.settings = {"path=other.jsonl"};
  EXPECT_EQ(p.run(), 0) << p.messages;
  p.options.settings = {"smalest=3"};
  EXPECT_EQ(p.run(), 2);
  EXPECT_EQ(p.messages, "error: --set smalest=3: there is no param `smalest`; did you mean `smallest`?\n");
  p.options.settings = {"smallest=much"};
  EXPECT_EQ(p.run(), 2);
  EXPECT_EQ(p.messages, "error: param `smallest`: expected a value of type f64, found `much`\n");
  p.options.settings = {"smallest"};
  EXPECT_EQ(p.run(), 2);
  EXPECT_EQ(p.messages, "error: --set smallest: expected name=value\n");
}

TEST(EngineRun, FullDiskIsAnErrorOfTheEnvironment) {
  HandPipeline p;
  p.sinks[0].connector = "stdout";
  p.storage.outputLimit = 10;
  p.storage.files["in.jsonl"] = record("a", 1000, 1);
  EXPECT_EQ(p.run(), 3);
  EXPECT_EQ(p.messages, "error: cannot write to standard output: no space left on the disk\n");
  p.storage.outputLimit = SIZE_MAX;
  p.storage.closeError = ENOSPC; // some file systems tell it only then
  EXPECT_EQ(p.run(), 3);
}

TEST(EngineRun, ReaderThatGoesAwayIsACleanEnd) {
  HandPipeline p;
  p.sinks[0].connector = "stdout";
  p.storage.outputLimit = 1000;
  p.storage.outputError = EPIPE;
  std::string input;
  for (int i = 0; i < 20000; ++i)
    input += record("a", i, 1);
  p.storage.files["in.jsonl"] = input;
  EXPECT_EQ(p.run(), 0);
  EXPECT_EQ(p.messages, "");
  EXPECT_LT(p.counts.records, 20000u); // nobody wants the rest
}

TEST(EngineRun, SinkThatCannotBeOpened) {
  HandPipeline p;
  p.storage.files["in.jsonl"] = "";
  p.sinks[0].connector = "file";
  mr_option path = {"path", "missing/x", -1};
  p.sinks[0].options = &path;
  p.sinks[0].num_options = 1;
  EXPECT_EQ(p.run(), 3);
  EXPECT_EQ(p.messages, "error: sink `all_stdout`: cannot write `missing/x`: there is no such file\n");
  path.text = "in.jsonl";
  EXPECT_EQ(p.run(), 1);
  EXPECT_EQ(p.messages, "error: sink `all_stdout`: `in.jsonl` is an input of this pipeline and would be emptied\n");
}

// Rows that are small, of records that share a long string, are many bytes once they are text.
TEST(EngineRun, RowsAreEncodedAndWrittenInSlices) {
  std::string key(10'000, 'k'), input;
  for (int i = 0; i < 2000; ++i)
    input += record(key.c_str(), 1000, 1);
  for (const char *format : {"json", "csv", "binary", "table"}) {
    HandPipeline p;
    p.sinks[0].connector = "stdout";
    p.sinks[0].format = format;
    p.sinks[1].connector = "null";
    p.storage.files["in.jsonl"] = input;
    ASSERT_EQ(p.run(), 0) << p.messages;
    EXPECT_GT(p.storage.output.size(), 2000 * key.size());
    EXPECT_LT(p.storage.longestWrite, size_t(3) << 20) << format;
  }
}

// A source whose records become many is given few of them at a time after one that made much, and results do not tell.
TEST(EngineRun, StepsOfExpandingSourcesAdapt) {
  static uint32_t most, mostAfterMuch;
  static bool much;
  most = mostAfterMuch = 0;
  much = false;
  static auto inner = HandPipeline().sources[0].step;
  HandPipeline p;
  p.sinks[0].connector = "stdout";
  p.sources[0].expands = 1;
  p.sources[0].step = [](mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
    uint32_t count = limit - uint32_t(cursor->position);
    most = std::max(most, count);
    mostAfterMuch = std::max(mostAfterMuch, much ? count : 0);
    const uint8_t *status = batch->columns[2].status;
    auto *values = reinterpret_cast<const int64_t *>(batch->columns[2].values);
    much = false;
    for (uint32_t i = uint32_t(cursor->position); i < limit; ++i)
      if (status[i] == MR_VALUE && values[i] == 99) {
        mr_arena(task, 4 << 20);
        much = true;
      }
    return inner(task, batch, cursor, limit);
  };
  std::string input;
  for (int i = 0; i < 3000; ++i)
    input += record("a", 1000, i % 500 == 300 ? 99 : 1);
  p.storage.files["in.jsonl"] = input;
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(most, 64u);
  EXPECT_EQ(mostAfterMuch, 1u);
  std::string output = p.storage.output;
  p.options.batch = 1;
  ASSERT_EQ(p.run(), 0) << p.messages;
  EXPECT_EQ(p.storage.output, output);
}

// `tail -f x | millrace run`: what is due is out when the input has nothing for a while.
TEST(EngineRun, OutputIsWrittenWhenInputWouldBlock) {
  HandPipeline p;
  p.sources[0].connector = "stdin";
  p.sinks[0].connector = "stdout";
  p.storage.input = record("a", 1000, 1) + record("a", 2000, 2);
  size_t first = record("a", 1000, 1).size();
  p.storage.pauses = {first, first + 5}; // the second within a record
  ASSERT_EQ(p.run(), 0) << p.messages;
  std::string row = "{\"key\":\"a\",\"time\":\"1970-01-01T00:00:01Z\",\"double\":2}\n";
  EXPECT_EQ(p.storage.seen, (std::vector<size_t>{row.size(), row.size()}));
  EXPECT_EQ(p.counts.records, 2u);
}

TEST(EngineRun, Rule8_InterruptDoesNotFireOpenWindowsUnlessDrained) {
  for (bool drain : {false, true}) {
    HandPipeline p;
    p.options.drain = drain;
    p.storage.files["in.jsonl"] = record("a", 1000, 1);
    // The step of a source with an expression as its event time is a good place to raise a signal from.
    p.sources[0].event_time = -2;
    p.sources[0].event_time_fn = [](mr_task *, const mr_batch *batch, int64_t *time, uint8_t *status) {
      raise(SIGINT);
      for (uint32_t i = 0; i < batch->size; ++i)
        time[i] = 1'000'000, status[i] = 0;
    };
    EXPECT_EQ(p.run(), 130);
    EXPECT_EQ(p.storage.output.empty(), !drain);
    EXPECT_EQ(p.messages.find("`--drain` fires what is open") != std::string::npos, !drain) << p.messages;
  }
}

TEST(EngineRun, InterruptGivesUpWhatNobodyReads) {
  HandPipeline p;
  p.sinks[0].connector = "stdout";
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("b", 1000, 1);
  p.storage.outputLimit = 10;
  p.storage.outputError = EINTR; // it blocks, and a signal wakes it
  p.sources[0].event_time = -2;
  p.sources[0].event_time_fn = [](mr_task *, const mr_batch *batch, int64_t *time, uint8_t *status) {
    raise(SIGTERM);
    for (uint32_t i = 0; i < batch->size; ++i)
      time[i] = 1'000'000, status[i] = 0;
  };
  EXPECT_EQ(p.run(), 130);
  EXPECT_EQ(p.storage.output.size(), 10u);
  std::string message = "error: interrupted: nobody reads standard output; not all of the output was written\n";
  EXPECT_NE(p.messages.find(message), std::string::npos) << p.messages;
  EXPECT_EQ(p.messages.find(message), p.messages.rfind(message));
}

TEST(EngineRun, InterruptStopsALongFiringUnlessDrained) {
  for (bool drain : {false, true}) {
    HandPipeline p;
    p.options.drain = drain;
    p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("b", 50'000, 1);
    p.windows[0].fire = [](mr_task *task, mr_table *, int64_t start, int64_t, int64_t, mr_cursor *cursor) {
      if (start == 0 && cursor->position++ < 300) {
        if (cursor->position == 1)
          raise(SIGINT);
        usleep(10'000);
        uint8_t *row = mr_out_begin(task, 1, 1);
        std::fill_n(row, 48, uint8_t(0));
        mr_out_end(task, 1, row + 48);
        return MR_MORE;
      }
      return MR_DONE;
    };
    EXPECT_EQ(p.run(), 130);
    EXPECT_EQ(p.counts.rows >= 300, drain) << p.counts.rows;
    EXPECT_GT(p.counts.rows, 10u); // a short firing would have come to its end
    EXPECT_EQ(p.messages == "error: interrupted while `per10` fired: not all of its results were written\n"
                            "note: these hold results that were not written: `per10`\n",
              !drain)
        << p.messages;
  }
}

TEST(EngineRun, StatisticsAsJson) {
  HandPipeline p;
  p.options.json = true;
  p.storage.files["in.jsonl"] = record("a", 1000, 1);
  EXPECT_EQ(p.run(), 0);
  EXPECT_EQ(p.messages.find("{\"pipeline\":\"hand\",\"records\":1,\"bad\":0,\"late\":0,\"partly_late\":0,\"in_no_"
                            "window\":0,\"future\":0,\"blank\":0,\"rows\":2,\"state_bytes\":0,"),
            0u)
      << p.messages;
  EXPECT_NE(p.messages.find(",\"exit_code\":0}\n"), std::string::npos);
}

TEST(EngineRun, WrongAbiIsRefused) {
  HandPipeline p;
  p.pipeline.abi_version = 99;
  EXPECT_EQ(p.run(), 1);
  EXPECT_NE(p.messages.find("compile it again"), std::string::npos);
}

} // namespace
