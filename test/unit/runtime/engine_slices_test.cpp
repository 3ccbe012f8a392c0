//===- engine_slices_test.cpp - windows of slices: the rows of a naive map of windows ---===//
#include "sliced_pipeline.h"
#include "state_tables.h"

#include "runtime/time/window.h"

#include <gtest/gtest.h>

#include <csignal>
#include <map>
#include <random>

using namespace millrace;

namespace {

struct Input {
  std::string key;
  int64_t millis, value;
};

/// What is right: each record goes into every window that holds it and has not fired.
struct Naive {
  SlicedTime times;
  bool subtract;
  std::map<std::pair<WideTime, WideTime>, std::map<std::string, std::vector<Input>>> windows; // by end, start
  WideTime watermark = kMinusInfinity;
  uint64_t late = 0, partlyLate = 0, inNoWindow = 0;
  std::string rows;

  void record(const Input &input, int64_t bound) {
    WideTime time = input.millis * 1000;
    if (!times.inWindow(time)) {
      ++inNoWindow;
    } else {
      uint64_t gone = 0, there = 0;
      for (WideTime end = times.firstEnd(time); end <= times.lastEnd(time); end = times.endAfter(end)) {
        if (end - 1 <= watermark) {
          ++gone;
          continue;
        }
        ++there;
        windows[{end, times.startOf(end)}][input.key].push_back(input);
      }
      late += !there;
      partlyLate += there && gone;
    }
    fire(std::max(watermark, time - bound - 1));
  }

  void fire(WideTime to) {
    watermark = to;
    while (!windows.empty() && windows.begin()->first.first - 1 <= watermark) {
      auto [end, start] = windows.begin()->first;
      for (auto &[key, records] : windows.begin()->second) {
        std::multimap<WideTime, int64_t> bySlice; // of equal ones in the order in which they came
        for (const Input &input : records)
          bySlice.emplace(times.slice(input.millis * 1000).start, input.value);
        SlicedValue value;
        for (auto [slice, each] : bySlice)
          value.add(each);
        rows += slicedRow(key.c_str(), int64_t(start), int64_t(end), value, subtract);
      }
      windows.erase(windows.begin());
    }
  }
};

/// What was seen in many runs: does the test see what it is about?
struct Counted {
  uint64_t late = 0, partlyLate = 0, inNoWindow = 0;
};

struct Case {
  mr_window_kind kind;
  mr_window_algorithm algorithm;
};
constexpr Case kCases[] = {{MR_WINDOW_SLIDING, MR_WINDOW_RECOMPUTE},  {MR_WINDOW_SLIDING, MR_WINDOW_SUBTRACT},
                           {MR_WINDOW_SLIDING, MR_WINDOW_TWO_STACKS}, {MR_WINDOW_CUMULATE, MR_WINDOW_PREFIX},
                           {MR_WINDOW_CUMULATE, MR_WINDOW_RECOMPUTE}, {MR_WINDOW_SLIDING, MR_WINDOW_IN_PLACE}};

/// `order`: does it show? Not where records are partly late: these are combined later.
void compare(const Case &which, SlicedTime times, const std::vector<Input> &inputs, int64_t bound, bool order,
             Counted *counted = nullptr) {
  times.cumulate = which.kind == MR_WINDOW_CUMULATE;
  if (which.algorithm == MR_WINDOW_IN_PLACE)
    times.slide = times.size;
  bool subtract = which.algorithm == MR_WINDOW_SUBTRACT;
  Naive naive{times, subtract, {}, kMinusInfinity, 0, 0, 0, {}};
  std::string lines;
  for (const Input &input : inputs) {
    naive.record(input, bound);
    lines += record(input.key.c_str(), input.millis, input.value);
  }
  naive.fire(kPlusInfinity);
  if (counted) {
    counted->late += naive.late;
    counted->partlyLate += naive.partlyLate;
    counted->inNoWindow += naive.inNoWindow;
  }
  auto withoutOrder = [&](const std::string &rows) {
    std::string text;
    for (size_t at = 0, end; at < rows.size(); at = end + 1) {
      end = rows.find('\n', at);
      size_t cut = order ? end : rows.rfind(",\"order\"", end);
      text += rows.substr(at, cut - at) + "\n";
    }
    return text;
  };
  for (uint32_t batch : {1u, 5u, 64u, 4096u}) {
    CountingMemory memory;
    {
      SlicedPipeline p(which.kind, which.algorithm, times.size, times.slide, times.offset);
      p.sources[0].watermark = MR_WATERMARK_BOUNDED;
      p.sources[0].bound = bound;
      p.options.batch = batch;
      p.options.stateMemory = &memory;
      p.storage.files["in.jsonl"] = lines;
      ASSERT_EQ(p.run(), 0) << p.messages;
      ASSERT_EQ(withoutOrder(p.storage.output), withoutOrder(naive.rows))
          << "algorithm " << which.algorithm << " size " << times.size << " slide " << times.slide << " offset "
          << times.offset << " bound " << bound << " batch " << batch;
      EXPECT_EQ(p.counts.late, naive.late);
      EXPECT_EQ(p.counts.partlyLate, naive.partlyLate);
      EXPECT_EQ(p.counts.inNoWindow, naive.inNoWindow);
    }
    EXPECT_EQ(memory.handedOut, 0u);
  }
}

/// Records that go forward, `disorder` apart at most, with jumps now and then.
std::vector<Input> someInputs(std::mt19937_64 &random, int count, int64_t disorder) {
  std::vector<Input> inputs;
  int64_t now = -int64_t(random() % 500);
  int keys = 1 + int(random() % 6);
  for (int i = 0; i < count; ++i) {
    now += random() % 50 == 0 ? int64_t(random() % 3000) : int64_t(random() % 6);
    int64_t time = disorder ? now - int64_t(random() % uint64_t(disorder)) : now;
    inputs.push_back({"k" + std::to_string(random() % keys), time, int64_t(random() % 100)});
  }
  return inputs;
}

TEST(EngineSlices, Rules13And14_TheRowsOfEveryWindow) {
  std::mt19937_64 random(11);
  for (int i = 0; i < 15; ++i) {
    SlicedTime times{int64_t(1 + random() % 90) * 1000, int64_t(1 + random() % 90) * 1000, int64_t(random() % 9000),
                     false};
    int64_t disorder = int64_t(random() % 60), bound = disorder * 1000;
    std::vector<Input> inputs = someInputs(random, 300, disorder);
    for (const Case &which : kCases)
      compare(which, times, inputs, bound, /*order=*/true);
  }
}

TEST(EngineSlices, Rule19_LateAndPartlyLate) {
  std::mt19937_64 random(12);
  Counted counted;
  for (int i = 0; i < 25; ++i) {
    SlicedTime times{int64_t(1 + random() % 90) * 1000, int64_t(1 + random() % 30) * 1000, int64_t(random() % 9000),
                     false};
    std::vector<Input> inputs = someInputs(random, 300, 1 + int64_t(random() % 150));
    for (const Case &which : kCases)
      compare(which, times, inputs, int64_t(random() % 30) * 1000, /*order=*/false, &counted);
  }
  EXPECT_GT(counted.late, 1000u);
  EXPECT_GT(counted.partlyLate, 1000u);
  EXPECT_GT(counted.inNoWindow, 1000u);
}

/// Years between records, a slide of a millisecond: only windows that hold records are looked at.
TEST(EngineSlices, Rule12_EmptyWindowsCostNothing) {
  std::vector<Input> inputs;
  for (int i = 0; i < 50; ++i)
    inputs.push_back({"k", i * int64_t(365) * 86'400'000, i});
  for (const Case &which : kCases)
    if (which.kind == MR_WINDOW_SLIDING && which.algorithm != MR_WINDOW_IN_PLACE)
      compare(which, {20'000, 1000, 0, false}, inputs, 0, true);
}

TEST(EngineSlices, Rule1_WindowsOutOfTheYearsAreErrorsOfTheRecord) {
  for (uint32_t batch : {1u, 3u, 4096u}) {
    SlicedPipeline p(MR_WINDOW_SLIDING, MR_WINDOW_TWO_STACKS, 60'000'000, 10'000'000);
    p.options.batch = batch;
    // 9999-12-31T23:59:05: the last of its windows would end in the year 10000
    p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 253402300745000, 3) + record("a", 2000, 2);
    EXPECT_EQ(p.run(), 1);
    EXPECT_EQ(
        p.messages.find("in.jsonl:2: error: overflow: the window would leave the years 0000 to 9999 (in `per10`)\n"),
        0u)
        << p.messages;
    p.sources[0].on_bad = MR_BAD_DROP;
    p.sources[0].watermark = MR_WATERMARK_NONE;
    EXPECT_EQ(p.run(), 0) << p.messages;
    EXPECT_EQ(p.counts.bad, 1u);
    SlicedValue both;
    both.add(1);
    both.add(2);
    EXPECT_EQ(p.storage.output.find(slicedRow("a", -50'000'000, 10'000'000, both, false)), 0u) << p.storage.output;
    EXPECT_EQ(std::count(p.storage.output.begin(), p.storage.output.end(), '\n'), 6);
  }
}

TEST(EngineSlices, Rule3_WindowsOfTheClock) {
  for (mr_window_algorithm algorithm : {MR_WINDOW_RECOMPUTE, MR_WINDOW_SUBTRACT, MR_WINDOW_TWO_STACKS}) {
    SlicedPipeline p(MR_WINDOW_SLIDING, algorithm, 20'000'000, 10'000'000);
    p.windows[0].processing_time = 1;
    p.sources[0].step = p.stepByClock;
    p.options.clock = "0=1970-01-01T00:00:05Z,2=+10s,3=+100s";
    p.storage.files["in.jsonl"] = record("a", 0, 1) + record("a", 0, 2) + record("a", 0, 4) + record("a", 0, 8);
    ASSERT_EQ(p.run(), 0) << p.messages;
    std::string want;
    auto row = [&](int64_t start, std::vector<int64_t> values) {
      SlicedValue value;
      for (int64_t one : values)
        value.add(one);
      want += slicedRow("a", start * 1'000'000, (start + 20) * 1'000'000, value, algorithm == MR_WINDOW_SUBTRACT);
    };
    row(-10, {1, 2}); // 5 s, at 15 s
    row(0, {1, 2, 4});
    row(10, {4}); // both at 115 s
    row(100, {8});
    row(110, {8}); // at the end
    EXPECT_EQ(p.storage.output, want);
    EXPECT_EQ(p.counts.late + p.counts.partlyLate, 0u);
  }
}

/// Many keys, and memory that ends while slices are combined.
TEST(EngineSlices, MemoryThatEndsWhileSlicesAreCombined) {
  std::string lines;
  for (int i = 0; i < 20'000; ++i)
    lines += record(("key" + std::to_string(i)).c_str(), i, 1);
  for (mr_window_algorithm algorithm : {MR_WINDOW_RECOMPUTE, MR_WINDOW_SUBTRACT, MR_WINDOW_TWO_STACKS}) {
    uint64_t most = 0;
    for (uint64_t budget = 0;; budget += 1 << 20) {
      CountingMemory memory;
      SlicedPipeline p(MR_WINDOW_SLIDING, algorithm, 20'000'000, 5'000'000);
      p.storage.files["in.jsonl"] = lines;
      p.options.stateMemory = &memory;
      p.options.stateBudget = budget ? budget : 64 << 10;
      int code = p.run();
      EXPECT_EQ(memory.handedOut, 0u);
      most = std::max(most, p.counts.stateBytesMost);
      if (code == kDone)
        break;
      ASSERT_EQ(code, kEnvironment) << p.messages;
      EXPECT_NE(p.messages.find("state needs more memory than --memory allows"), std::string::npos) << p.messages;
      ASSERT_LT(budget, uint64_t(1) << 30);
    }
    EXPECT_GT(most, 1u << 20);
  }
}

TEST(EngineSlices, Rule8_CtrlCWhileSlicesAreCombined) {
  SlicedPipeline p(MR_WINDOW_SLIDING, MR_WINDOW_RECOMPUTE, 20'000'000, 5'000'000);
  p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 6000, 1) + record("a", 60000, 1);
  int calls = 0;
  onCombine = [&] {
    if (!calls++)
      raise(SIGINT);
    usleep(1'100'000); // longer than it waits for what takes long
  };
  EXPECT_EQ(p.run(), kInterrupted);
  onCombine = nullptr;
  EXPECT_EQ(calls, 1);
  EXPECT_NE(p.messages.find("interrupted while `per10` fired: not all of its results were written"), std::string::npos)
      << p.messages;
}

/// A record that stops the pipeline leaves no count behind, wherever the batches end.
TEST(EngineSlices, Rule7_CountsOfTheRecordThatStopsAreTakenBack) {
  // Windows [0, 5 s), [10 s, 15 s), …, and [0, 30 s), [10 s, 40 s), …
  for (auto [size, millis] : {std::pair(5, 3000), std::pair(5, 7000), std::pair(30, 22000)})
    for (uint32_t batch : {1u, 2u, 4096u})
      for (uint8_t stateful : {0, 1}) {
        SlicedPipeline p(MR_WINDOW_SLIDING, MR_WINDOW_RECOMPUTE, size * 1'000'000, 10'000'000);
        p.options.batch = batch;
        p.sources[0].stateful = stateful;
        p.storage.files["in.jsonl"] = record("a", 1000, 1) + record("a", 31000, 1) + record("a", millis, kStops) +
                                      record("a", millis, 1) + record("a", 100000, 1);
        EXPECT_EQ(p.run(), 1);
        EXPECT_EQ(p.counts.records, 3u);
        EXPECT_EQ(p.counts.late + p.counts.partlyLate + p.counts.inNoWindow, 0u) << millis << " " << batch;
        p.sources[0].on_bad = MR_BAD_DROP;
        EXPECT_EQ(p.run(), 0) << p.messages;
        EXPECT_EQ(p.counts.late + p.counts.partlyLate + p.counts.inNoWindow, 2u) << millis << " " << batch;
      }
}

/// A row has the time end - 1 us, by which it belongs to windows of the next operator (rule 12).
mr_status forward(mr_task *task, mr_table *table, int64_t, int64_t, int64_t time, mr_cursor *) {
  mr_interval slice;
  mr_table *next = mr_window_slice(task, 1, time, 0, &slice);
  EXPECT_NE(next, nullptr) << "no row is late";
  EXPECT_GT(slice.length, 0u) << "nor partly late";
  uint64_t count;
  const uint64_t *order = mr_table_order(table, &count);
  for (uint64_t i = 0; next && i < count; ++i)
    slicedFold(next, mr_table_text(table, slicedKey(table, order[i])), slicedValue(table, order[i]).sum);
  return MR_DONE;
}

TEST(EngineSlices, Rule12_WindowsOfWindows) {
  static const mr_input_ref fromWindow[1] = {{1, 0}};
  std::mt19937_64 random(5);
  std::vector<Input> inputs = someInputs(random, 400, 20);
  SlicedTime first{7000, 2000, 0, false}, second{25'000, 10'000, 0, false};
  std::map<std::pair<WideTime, std::string>, int64_t> sums; // of the first windows, by end and key
  for (const Input &input : inputs)
    for (WideTime end = first.firstEnd(input.millis * 1000); end <= first.lastEnd(input.millis * 1000); end += 2000)
      sums[{end, input.key}] += input.value;
  Naive naive{second, false, {}, kMinusInfinity, 0, 0, 0, {}};
  for (const auto &[row, sum] : sums) {
    WideTime time = row.first - 1;
    for (WideTime end = second.firstEnd(time); end <= second.lastEnd(time); end += second.slide)
      naive.windows[{end, second.startOf(end)}][row.second].push_back({row.second, int64_t(time / 1000), sum});
  }
  naive.fire(kPlusInfinity);
  for (uint32_t batch : {1u, 7u, 4096u}) {
    SlicedPipeline p(MR_WINDOW_SLIDING, MR_WINDOW_SUBTRACT, first.size, first.slide);
    SlicedPipeline q(MR_WINDOW_SLIDING, MR_WINDOW_TWO_STACKS, second.size, second.slide);
    p.windows[0].fire = forward;
    p.windows[1] = q.windows[0];
    p.windows[1].name = "second";
    p.windows[1].inputs = fromWindow;
    p.pipeline.num_windows = 2;
    p.sources[0].watermark = MR_WATERMARK_BOUNDED;
    p.sources[0].bound = 20'000;
    p.options.batch = batch;
    for (const Input &input : inputs)
      p.storage.files["in.jsonl"] += record(input.key.c_str(), input.millis, input.value);
    ASSERT_EQ(p.run(), 0) << p.messages;
    EXPECT_EQ(p.storage.output, naive.rows);
    EXPECT_EQ(p.counts.late + p.counts.partlyLate, 0u);
  }
}

} // namespace
