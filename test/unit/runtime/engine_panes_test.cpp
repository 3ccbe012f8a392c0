//===- engine_panes_test.cpp - windows that fire again: the rows of a naive map of windows ---===//
#include "hand_pipeline.h"
#include "state_tables.h"

#include "runtime/engine/panes.h"
#include "runtime/values/string_view.h"

#include <gtest/gtest.h>

#include <map>
#include <random>

using namespace millrace;

namespace {

// A slot: tag and hash, the key, n, sum, then what mr_firing_desc says.
enum Place : uint32_t { kKey = 8, kCount = 24, kSum = 32, kRowsAt = 40, kFreshAt = 48, kRefireAt = 56, kSlot = 64 };
constexpr int64_t kSecond = 1'000'000;

template <typename T> T &at(uint8_t *bytes, size_t offset) { return *reinterpret_cast<T *>(bytes + offset); }

/// One record into all of its windows, as generated code does it.
void foldPanes(mr_task *task, mr_string key, int64_t time, uint32_t record, int64_t value) {
  mr_pane told;
  const uint64_t words[2] = {key.head, key.tail};
  mr_table *table = mr_pane_first(task, 0, time, record, &told);
  for (; table; table = mr_pane_next(task, 0, &told)) {
    uint8_t *slot = mr_table_upsert(table, mr_key_hash(words, 0, 1), words, 0, 1, kSlot);
    at<int64_t>(slot, kCount) += 1;
    at<int64_t>(slot, kSum) += value;
    if (++at<uint64_t>(slot, kFreshAt) == told.least)
      mr_pane_due(task, 0, table, slot);
  }
}

mr_status step(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  auto *keys = reinterpret_cast<const mr_string *>(batch->columns[0].values);
  auto *values = reinterpret_cast<const int64_t *>(batch->columns[2].values);
  for (uint32_t i = uint32_t(cursor->position); i < limit; ++i) {
    foldPanes(task, keys[i], batch->event_time[i], i, values[i]);
    cursor->position = i + 1;
    if (mr_paused(task))
      break;
  }
  return MR_DONE;
}

/// Of `sum` the timing is written too: sum * 10 + timing; of `n` the pane: n * 100 + pane.
mr_status fireDue(mr_task *task, mr_table *table, const mr_due *due, uint64_t count, mr_cursor *cursor) {
  for (; cursor->position < count; ++cursor->position) {
    if (mr_out_full(task))
      return MR_MORE;
    const mr_due &one = due[cursor->position];
    uint8_t *slot = mr_table_slots(table) + one.position * kSlot;
    uint8_t *row = mr_out_begin(task, 1, 1);
    at<mr_string>(row, 0) = mr_table_text(table, at<mr_string>(slot, kKey));
    at<int64_t>(row, 16) = one.start;
    at<int64_t>(row, 24) = one.end;
    at<int64_t>(row, 32) = at<int64_t>(slot, kCount) * 100 + one.pane;
    at<int64_t>(row, 40) = at<int64_t>(slot, kSum) * 10 + one.timing;
    mr_out_end(task, 1, row + 48);
  }
  return MR_DONE;
}

struct PanePipeline : HandPipeline {
  PanePipeline(int64_t size, int64_t slide, mr_firing_desc firing) {
    sources[0].step = step;
    sources[0].pauses = 1;
    mr_window_desc &window = windows[0];
    window.kind = slide == size ? MR_WINDOW_TUMBLING : MR_WINDOW_SLIDING;
    window.algorithm = MR_WINDOW_PANES;
    window.size = size;
    window.slide = slide;
    window.ordered = 1;
    window.table.slot_size = kSlot;
    window.fire = nullptr;
    window.fire_due = fireDue;
    firing.rows_offset = kRowsAt;
    firing.fresh_offset = kFreshAt;
    firing.refire_offset = firing.refire ? kRefireAt : 0;
    window.firing = firing;
  }
};

/// What is right: each window has its records of each key, and is looked at in full whenever something may happen.
class Naive {
public:
  Naive(int64_t size, int64_t slide, mr_firing_desc firing) : size(size), slide(slide), firing(firing) {}

  void record(const std::string &key, int64_t time, int64_t value) {
    uint64_t gone = 0, there = 0;
    int64_t last = time - ((time % slide) + slide) % slide;
    for (int64_t start = last - (size - 1) / slide * slide; start <= last; start += slide) {
      if (start + size <= time)
        continue;
      if (isGone(start + size, watermark)) {
        ++gone;
        continue;
      }
      ++there;
      add(start, key, value);
    }
    late += !there;
    partlyLate += there && gone;
    move(std::max(watermark, time - 1));
  }

  void move(int64_t to) {
    for (auto window = windows.begin(); window != windows.end();) {
      int64_t start = window->first, end = start + size;
      bool isEnd = end - 1 <= to && end - 1 > watermark, isLeft = isGone(end, to);
      bool isEarly = firing.emit && end - 1 > to && passed(start, to) > std::max<int64_t>(passed(start, watermark), 0);
      for (auto &[key, state] : window->second) {
        if (isEnd || (isEarly && state.fresh))
          write(start, key, state, isEnd);
        else if (end - 1 <= watermark && state.fresh && (isLeft || state.due <= to))
          write(start, key, state, 2);
      }
      window = isLeft ? windows.erase(window) : std::next(window);
    }
    watermark = to;
  }

  std::string rows;
  uint64_t late = 0, partlyLate = 0;

private:
  struct State {
    int64_t n = 0, sum = 0, fresh = 0, pane = 0, due = 0;
  };

  bool isGone(int64_t end, int64_t at) const { return __int128(end) - 1 + firing.lateness <= at; }
  int64_t passed(int64_t start, int64_t at) const {
    if (at == INT64_MIN)
      return -1;
    __int128 since = __int128(at) + 1 - start;
    return since < 0 ? -1 : int64_t(since / firing.emit);
  }

  void add(int64_t start, const std::string &key, int64_t value) {
    State &state = windows[start][key];
    ++state.n;
    state.sum += value;
    if (!state.fresh++)
      state.due = watermark + firing.refire;
    if (start + size - 1 <= watermark && !firing.refire)
      write(start, key, state, 2);
  }

  void write(int64_t start, const std::string &key, State &state, int timing) {
    auto text = [](int64_t time) {
      char buffer[32];
      return std::string(buffer, size_t(std::snprintf(buffer, sizeof buffer, "%lld", (long long)time)));
    };
    rows +=
        key + " " + text(start) + " " + text(state.n * 100 + state.pane++) + " " + text(state.sum * 10 + timing) + "\n";
    state.fresh = 0;
  }

  int64_t size, slide, watermark = INT64_MIN;
  mr_firing_desc firing;
  std::map<int64_t, std::map<std::string, State>> windows;
};

/// The rows of the pipeline, as Naive writes them; times below a day.
std::string plain(const std::string &output) {
  std::string text;
  for (size_t from = 0, end; from < output.size(); from = end + 1) {
    end = output.find('\n', from);
    std::string line = output.substr(from, end - from);
    auto field = [&](const char *name) {
      size_t at = line.find(name) + std::strlen(name);
      return line.substr(at, line.find_first_of(",}", at) - at);
    };
    std::string key = field("\"key\":"), start = field("\"window_start\":");
    int hours = std::stoi(start.substr(12, 2)), minutes = std::stoi(start.substr(15, 2)),
        seconds = std::stoi(start.substr(18, 2)), days = std::stoi(start.substr(9, 2)) - 1;
    if (start.substr(1, 4) == "1969")
      days -= 31;
    int64_t micros = ((int64_t(days) * 24 + hours) * 60 + minutes) * 60 + seconds;
    text += key.substr(1, key.size() - 2) + " " + std::to_string(micros * kSecond) + " " + field("\"n\":") + " " +
            field("\"sum\":") + "\n";
  }
  return text;
}

// Rules 19 to 22, whatever the batch; where rows come in the order of keys, also their order. All state is on accounts.
TEST(EnginePanes, Rule20_AsANaiveMapOfWindows) {
  std::mt19937_64 random(7);
  uint64_t late = 0, partlyLate = 0, rows = 0;
  for (int round = 0; round < 25; ++round) {
    int64_t size = int64_t(1 + random() % 10) * kSecond,
            slide = random() % 2 ? size : int64_t(1 + random() % 4) * kSecond;
    slide = std::min(slide, size);
    mr_firing_desc firing = {};
    firing.lateness = int64_t(random() % 3) * 7 * kSecond;
    if (firing.lateness && random() % 2)
      firing.refire = int64_t(1 + random() % 5) * kSecond;
    if (!firing.lateness || random() % 2) {
      firing.emit = int64_t(1 + random() % 3) * kSecond / 2;
      firing.emit_unit = MR_EMIT_EVENT_TIME;
    }
    Naive naive(size, slide, firing);
    std::string lines;
    int64_t now = 0;
    uint64_t keys = random() % 2 ? 5 : 3000; // few, or so many that tables grow while changes wait
    for (int i = 0; i < 4000; ++i) {
      now += random() % 100 ? int64_t(random() % 10) : int64_t(random() % 9000);
      int64_t time = now - int64_t(random() % 4 ? 0 : random() % 12'000);
      std::string key = "k" + std::to_string(random() % keys);
      naive.record(key, time * 1000, i % 10);
      lines += record(key.c_str(), time, i % 10);
    }
    naive.move(INT64_MAX);
    late += naive.late;
    partlyLate += naive.partlyLate;
    for (uint32_t batch : {4096u, 64u, 1u}) {
      CountingMemory memory;
      PanePipeline p(size, slide, firing);
      p.storage.files["in.jsonl"] = lines;
      p.options.batch = batch;
      p.options.stateMemory = &memory;
      ASSERT_EQ(p.run(), kDone) << p.messages;
      ASSERT_EQ(plain(p.storage.output), naive.rows)
          << "round " << round << " size " << size << " slide " << slide << " lateness " << firing.lateness
          << " refire " << firing.refire << " emit " << firing.emit << " batch " << batch;
      EXPECT_EQ(p.counts.late, naive.late);
      EXPECT_EQ(p.counts.partlyLate, naive.partlyLate);
      EXPECT_EQ(p.counts.stateBytesMost, memory.most);
      EXPECT_EQ(memory.handedOut, 0u);
      rows += p.counts.rows;
    }
  }
  EXPECT_GT(late, 100u);
  EXPECT_GT(partlyLate, 100u);
  EXPECT_GT(rows, 30'000u);
}

// A record in ten thousand windows, each of which would need a table: no more memory is taken than there may be.
TEST(EnginePanes, ManyWindowsKeepTheBudget) {
  mr_firing_desc firing = {};
  firing.lateness = kSecond;
  CountingMemory memory;
  PanePipeline p(10'000 * kSecond, kSecond, firing);
  for (int i = 0; i < 100; ++i)
    p.storage.files["in.jsonl"] += record(("k" + std::to_string(i)).c_str(), i, 1);
  p.options.stateMemory = &memory;
  p.options.stateBudget = 4 << 20;
  EXPECT_EQ(p.run(), kEnvironment);
  EXPECT_LE(memory.most, uint64_t(4 << 20) * 11 / 10);
  EXPECT_EQ(p.counts.stateBytesMost, memory.most);
  EXPECT_EQ(memory.handedOut, 0u);
}

} // namespace
