//===- engine_sessions_test.cpp - sessions: the rows of a naive list of them ---------------===//
#include "hand_pipeline.h"
#include "state_tables.h"

#include "runtime/engine/state.h"
#include "runtime/state/snapshot.h"
#include "runtime/state/table_keys.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <ctime>
#include <functional>
#include <map>
#include <random>

using namespace millrace;

namespace {

// A slot: flags and hash, the key, n, sum, then what the engine has in it.
enum Place : uint32_t {
  kFlags = 0,
  kKey = 8,
  kCount = 24,
  kSum = 32,
  kFirstAt = 40,
  kEndAt = 48,
  kMoreAt = 56,
  kRowsAt = 64,
  kFreshAt = 72,
  kPendingAt = 80,
  kArmedAt = 88,
  kClockAt = 96,
  kSlot = 104
};
constexpr uint8_t kInSink = 3; ///< number of the flag
constexpr int64_t kSecond = 1'000'000;

mr_piece_desc piece(const char *name, uint32_t offset, uint8_t kind = MR_PIECE_BYTES, uint8_t bit = 0) {
  mr_piece_desc piece = {};
  piece.name = name;
  piece.kind = kind;
  piece.bit = bit;
  piece.offset = offset;
  piece.size = 8;
  return piece;
}

const mr_piece_desc kPieces[] = {piece("n", kCount),
                                 piece("sum", kSum),
                                 piece("session.first", kFirstAt),
                                 piece("session.end", kEndAt),
                                 piece("session.more", kMoreAt),
                                 piece("session.pending", kPendingAt),
                                 piece("session.armed", kArmedAt),
                                 piece("session.clock", kClockAt),
                                 piece("firing.rows", kRowsAt),
                                 piece("firing.fresh", kFreshAt),
                                 piece("in0", kFlags, MR_PIECE_BIT, kInSink)};

template <typename T> T &at(uint8_t *bytes, size_t offset) { return *reinterpret_cast<T *>(bytes + offset); }

// Of the pipeline that runs.
int64_t gap, bound;
bool isDiscarding;
std::function<void(mr_task *)> onFire; ///< called in each firing

uint8_t *slotOf(mr_table *table, mr_string key) {
  const uint64_t words[2] = {key.head, key.tail};
  uint8_t *slot = mr_table_upsert(table, mr_key_hash(words, 0, 1), words, 0, 1, kSlot);
  mr_table_touch(table, slot);
  return slot;
}

/// As generated code does it, but that the engine is asked about every record.
mr_status step(mr_task *task, const mr_batch *batch, mr_cursor *cursor, uint32_t limit) {
  auto *keys = reinterpret_cast<const mr_string *>(batch->columns[0].values);
  auto *values = reinterpret_cast<const int64_t *>(batch->columns[2].values);
  mr_table *base = mr_state_table(task, 0);
  const mr_firing_desc &firing = task->engine->windows[0].desc->firing;
  int64_t watermark = mr_watermark(task, 0);
  for (uint32_t i = uint32_t(cursor->position); i < limit; ++i) {
    int64_t time = batch->event_time[i];
    mr_session one = {time, time + gap, watermark, i, base};
    if (uint8_t *slot = mr_session_slot(task, 0, slotOf(base, keys[i]), &one)) {
      at<int64_t>(slot, kCount) += 1;
      at<int64_t>(slot, kSum) += values[i];
      uint64_t fresh = ++at<uint64_t>(slot, kFreshAt);
      if (firing.emit_unit == MR_EMIT_RECORDS && fresh >= uint64_t(firing.emit))
        mr_pane_due(task, 0, one.table, slot);
    }
    watermark = std::max(watermark, time - bound - 1);
    cursor->position = i + 1;
    if (mr_paused(task))
      break;
  }
  return MR_DONE;
}

mr_status combine(mr_task *, mr_table *into, mr_table *from, uint64_t to, mr_cursor *cursor) {
  for (; cursor->position < to; ++cursor->position) {
    uint8_t *slot = mr_table_slots(from) + cursor->position * kSlot;
    if (!at<uint64_t>(slot, 0))
      continue;
    uint8_t *target = slotOf(into, mr_table_text(from, at<mr_string>(slot, kKey)));
    at<int64_t>(target, kCount) += at<int64_t>(slot, kCount);
    at<int64_t>(target, kSum) += at<int64_t>(slot, kSum);
  }
  return MR_DONE;
}

/// Of `sum` the timing is written too: sum * 10 + timing; of `n` the pane: n * 100 + pane. A delete has -1 in both. The
/// slot's flag tells that its row is in the sink, as behind a filter.
mr_status fireDue(mr_task *task, mr_table *table, const mr_due *due, uint64_t count, mr_cursor *cursor) {
  if (onFire)
    onFire(task);
  for (; cursor->position < count; ++cursor->position) {
    if (mr_out_full(task))
      return MR_MORE;
    const mr_due &one = due[cursor->position];
    uint8_t *slot = mr_table_slots(table) + one.position * kSlot;
    uint64_t &flags = at<uint64_t>(slot, kFlags);
    EXPECT_EQ(bool(flags & 1u << kInSink), !isDiscarding && (one.pane || one.deletes));
    if (!isDiscarding)
      flags |= 1u << kInSink;
    uint8_t *row = mr_out_begin(task, 1, 1);
    at<mr_string>(row, 0) = mr_table_text(table, at<mr_string>(slot, kKey));
    at<int64_t>(row, 16) = one.start;
    at<int64_t>(row, 24) = one.end;
    at<int64_t>(row, 32) = one.deletes ? -1 : at<int64_t>(slot, kCount) * 100 + one.pane;
    at<int64_t>(row, 40) = one.deletes ? -1 : at<int64_t>(slot, kSum) * 10 + one.timing;
    mr_out_end(task, 1, row + 48);
  }
  return MR_DONE;
}

mr_field_desc field(const char *name, mr_type type, uint32_t offset) {
  mr_field_desc field = {};
  field.name = name;
  field.unit = "";
  field.type = type;
  field.offset = offset;
  field.status_offset = UINT32_MAX;
  return field;
}

const mr_field_desc kRow[5] = {field("k", MR_STRING, 0), field("s", MR_I64, 16), field("e", MR_I64, 24),
                               field("n", MR_I64, 32), field("v", MR_I64, 40)};

struct SessionPipeline : HandPipeline {
  SessionPipeline(int64_t ofGap, int64_t ofBound, int64_t longest = 0, mr_firing_desc firing = {}) {
    gap = ofGap;
    bound = ofBound;
    isDiscarding = firing.mode != MR_FIRES_ACCUMULATING || (!firing.emit && !firing.lateness);
    sources[0].step = step;
    sources[0].stateful = sources[0].pauses = 1;
    sources[0].watermark = MR_WATERMARK_BOUNDED;
    sources[0].bound = ofBound;
    mr_window_desc &window = windows[0];
    window.kind = MR_WINDOW_SESSION;
    window.algorithm = MR_WINDOW_SESSIONS;
    window.size = ofGap;
    window.slide = 0;
    window.longest = longest;
    window.ordered = 1;
    window.prompt = firing.emit || firing.lateness;
    window.table.slot_size = kSlot;
    window.table.pieces = kPieces;
    window.table.num_pieces = uint32_t(std::size(kPieces));
    window.fire = nullptr;
    window.fire_due = fireDue;
    window.combine = combine;
    firing.rows_offset = kRowsAt;
    firing.fresh_offset = kFreshAt;
    window.firing = firing;
    sinks[1].fields = kRow;
    onFire = nullptr;
  }
};

/// What is right: all sessions of all keys, looked at one by one whenever something may happen.
class Naive {
public:
  Naive(int64_t gap, int64_t longest, mr_firing_desc firing)
      : gap(gap), longest(longest), firing(firing), isOnce(!firing.emit && !firing.lateness),
        replaces(!isOnce && firing.mode == MR_FIRES_ACCUMULATING) {}

  void record(const std::string &key, int64_t time, int64_t value, int64_t bound) {
    std::vector<Session> &all = sessions[key];
    auto found = std::find_if(all.begin(), all.end(), [&](const Session &s) {
      return time < s.end && s.first < time + gap && fits(std::min(s.first, time), std::max(s.end, time + gap));
    });
    if (found == all.end() && isGone(time + gap, watermark)) {
      ++late;
    } else {
      if (found == all.end()) {
        auto behind = std::find_if(all.begin(), all.end(), [&](const Session &s) { return s.first > time; });
        found = all.insert(behind, {time, time + gap});
      }
      add(key, all, size_t(found - all.begin()), time, value);
    }
    move(std::max(watermark, time - bound - 1));
  }

  void move(int64_t to) {
    std::vector<std::tuple<int64_t, std::string, Session *, int>> due;
    for (auto &[key, all] : sessions)
      for (Session &one : all)
        if (int timing = dueAt(one, to); timing >= 0)
          due.emplace_back(one.end, key, &one, timing);
    std::sort(due.begin(), due.end());
    for (auto &[end, key, session, timing] : due)
      write(key, *session, timing);
    for (auto &[key, all] : sessions)
      std::erase_if(all, [&](const Session &one) { return isGone(one.end, to); });
    watermark = to;
  }

  std::string rows;
  uint64_t late = 0, merged = 0, deletes = 0;

private:
  struct Session {
    int64_t first, end, n = 0, sum = 0, fresh = 0, pane = 0;
    std::optional<int64_t> pending = {};
  };

  bool fits(int64_t first, int64_t end) const { return !longest || end - first <= longest; }
  bool hasEnded(int64_t end, int64_t at) const { return end - 1 <= at; }
  bool isGone(int64_t end, int64_t at) const { return __int128(end) - 1 + firing.lateness <= at; }
  int64_t passed(int64_t first, int64_t at) const {
    __int128 since = __int128(at) + 1 - first;
    return since < 0 ? 0 : int64_t(since / firing.emit);
  }

  int dueAt(Session &one, int64_t to) const {
    if (isOnce || firing.mode == MR_FIRES_FINAL)
      return isGone(one.end, to) ? 1 : -1;
    if (!hasEnded(one.end, to))
      return firing.emit_unit == MR_EMIT_EVENT_TIME && one.fresh && passed(one.first, to) > passed(one.first, watermark)
                 ? 0
                 : -1;
    if (!hasEnded(one.end, watermark))
      return 1;
    if (!one.pending || (!isGone(one.end, to) && *one.pending + firing.refire > to))
      return -1;
    one.pending.reset();
    return one.fresh ? 2 : -1;
  }

  void replace(const std::string &key, Session &one) {
    if (replaces && one.pane) {
      line(key, one, -1, -1);
      ++deletes;
    }
    one.pane = 0;
  }

  void add(const std::string &key, std::vector<Session> &all, size_t number, int64_t time, int64_t value) {
    Session &one = all[number];
    int64_t first = std::min(one.first, time), end = std::max(one.end, time + gap);
    if (first != one.first || end != one.end) {
      replace(key, one);
      one.first = first;
      one.end = end;
      while (number + 1 < all.size() && all[number + 1].first < one.end &&
             fits(one.first, std::max(one.end, all[number + 1].end))) {
        Session next = all[number + 1];
        replace(key, next);
        one.end = std::max(one.end, next.end);
        one.n += next.n;
        one.sum += next.sum;
        one.fresh += next.fresh;
        if (next.pending)
          one.pending = std::min(one.pending.value_or(INT64_MAX), *next.pending);
        all.erase(all.begin() + ptrdiff_t(number) + 1);
        ++merged;
      }
    }
    ++one.n;
    one.sum += value;
    ++one.fresh;
    if (isOnce || firing.mode == MR_FIRES_FINAL)
      return;
    if (!hasEnded(one.end, watermark)) {
      one.pending.reset();
      if (firing.emit_unit == MR_EMIT_RECORDS && one.fresh >= firing.emit)
        write(key, one, 0);
    } else if (firing.refire) {
      one.pending = one.pending.value_or(watermark);
    } else {
      write(key, one, 2);
    }
  }

  void write(const std::string &key, Session &one, int timing) {
    line(key, one, one.n * 100 + one.pane, one.sum * 10 + timing);
    if (isOnce || firing.mode == MR_FIRES_FINAL)
      return;
    ++one.pane;
    one.fresh = 0;
    if (firing.mode == MR_FIRES_DISCARDING)
      one.n = one.sum = 0;
  }

  void line(const std::string &key, const Session &one, int64_t n, int64_t v) {
    rows += "{\"k\":\"" + key + "\",\"s\":" + std::to_string(one.first) + ",\"e\":" + std::to_string(one.end) +
            ",\"n\":" + std::to_string(n) + ",\"v\":" + std::to_string(v) + "}\n";
  }

  int64_t gap, longest, watermark = INT64_MIN;
  mr_firing_desc firing;
  bool isOnce, replaces;
  std::map<std::string, std::vector<Session>> sessions; ///< by their first times
};

mr_firing_desc someFiring(std::mt19937_64 &random) {
  mr_firing_desc firing = {};
  if (random() % 4 == 0)
    return firing;
  firing.lateness = int64_t(random() % 3) * 7 * kSecond;
  if (firing.lateness && random() % 2)
    firing.refire = int64_t(1 + random() % 5) * kSecond;
  if (!firing.lateness || random() % 2) {
    bool byRecords = random() % 2;
    firing.emit = byRecords ? int64_t(1 + random() % 5) : int64_t(1 + random() % 6) * kSecond / 2;
    firing.emit_unit = byRecords ? MR_EMIT_RECORDS : MR_EMIT_EVENT_TIME;
  }
  firing.mode = random() % 2 ? MR_FIRES_ACCUMULATING : MR_FIRES_DISCARDING;
  if (!firing.emit && !firing.refire && random() % 3 == 0)
    firing.mode = MR_FIRES_FINAL;
  return firing;
}

// Rules 15 and 19 to 22, whatever the batch. All state is on accounts.
TEST(EngineSessions, Rule22_AsANaiveListOfSessions) {
  std::mt19937_64 random(11);
  uint64_t late = 0, merged = 0, deletes = 0;
  for (int round = 0; round < 60; ++round) {
    int64_t gap = int64_t(1 + random() % 6) * kSecond / 2, bound = int64_t(random() % 3) * 3 * kSecond;
    int64_t longest = random() % 3 ? 0 : gap * int64_t(1 + random() % 4);
    mr_firing_desc firing = someFiring(random);
    Naive naive(gap, longest, firing);
    std::string lines;
    int64_t now = 0;
    uint64_t keys = random() % 2 ? 4 : 600; // few, or so many that tables grow
    for (int i = 0; i < 2000; ++i) {
      now += random() % 100 ? int64_t(random() % (keys > 4 ? 20 : 700)) : int64_t(random() % 9000);
      int64_t time = now - int64_t(random() % 4 ? 0 : random() % 12'000);
      std::string key = "k" + std::to_string(random() % keys) + (random() % 2 ? " with a long name" : "");
      naive.record(key, time * 1000, i % 10, bound);
      lines += record(key.c_str(), time, i % 10);
    }
    naive.move(INT64_MAX);
    late += naive.late;
    merged += naive.merged;
    deletes += naive.deletes;
    for (uint32_t batch : {4096u, 64u, 1u}) {
      CountingMemory memory;
      SessionPipeline p(gap, bound, longest, firing);
      p.storage.files["in.jsonl"] = lines;
      p.options.batch = batch;
      p.options.stateMemory = &memory;
      ASSERT_EQ(p.run(), kDone) << p.messages;
      ASSERT_EQ(p.storage.output, naive.rows)
          << "round " << round << " gap " << gap << " longest " << longest << " bound " << bound << " lateness "
          << firing.lateness << " refire " << firing.refire << " emit " << firing.emit << " unit " << firing.emit_unit
          << " mode " << firing.mode << " batch " << batch;
      EXPECT_EQ(p.counts.late, naive.late);
      EXPECT_EQ(p.counts.stateBytesMost, memory.most);
      EXPECT_EQ(memory.handedOut, 0u);
    }
  }
  EXPECT_GT(late, 100u);
  EXPECT_GT(merged, 100u);
  EXPECT_GT(deletes, 1000u);
}

// A key with a thousand open sessions and more: a record costs no more than with a few.
TEST(EngineSessions, ManySessionsOfOneKey) {
  std::mt19937_64 random(3);
  constexpr int64_t kSessions = 2000;
  std::vector<int64_t> begins;
  for (int64_t i = 0; i < kSessions; ++i)
    begins.push_back(i * 10'000);
  std::shuffle(begins.begin(), begins.end(), random);
  SessionPipeline p(kSecond, int64_t(1000) * 3600 * kSecond);
  std::string &lines = p.storage.files["in.jsonl"];
  for (int64_t time : begins)
    lines += record("one", time, 1);
  for (int i = 0; i < 100'000; ++i)
    lines += record("one", begins[random() % kSessions] + int64_t(random() % 500), 1);
  ASSERT_EQ(p.run(), kDone) << p.messages;
  EXPECT_EQ(p.counts.rows, uint64_t(kSessions));
  EXPECT_EQ(p.counts.late, 0u);
}

mr_firing_desc firesAgain(int64_t lateness, int64_t emit, uint8_t unit, int64_t refire = 0) {
  mr_firing_desc firing = {};
  firing.lateness = lateness;
  firing.emit = emit;
  firing.emit_unit = unit;
  firing.refire = refire;
  firing.mode = MR_FIRES_ACCUMULATING;
  return firing;
}

// A record that makes a row due looks at its own session, however many others its key has; and so does a session that
// ends, or is gone. (Were all looked at each time, it would take several seconds.)
TEST(EngineSessions, ManySessionsOfOneKeyThatFireAgain) {
  constexpr int64_t kSessions = 4000;
  const mr_firing_desc firings[] = {firesAgain(0, 1, MR_EMIT_RECORDS), firesAgain(int64_t(36'000) * kSecond, 0, 0),
                                    firesAgain(5 * kSecond, kSecond / 2, MR_EMIT_EVENT_TIME)};
  for (const mr_firing_desc &firing : firings) {
    bool areOpen = firing.emit_unit == MR_EMIT_RECORDS; // else all but the last have ended
    SessionPipeline p(kSecond, areOpen ? int64_t(36'000) * kSecond : 0, 0, firing);
    std::string &lines = p.storage.files["in.jsonl"];
    int64_t late = 0;
    for (int64_t i = 0; i < kSessions; ++i)
      lines += record("one", i * 2000, 1);
    for (int64_t i = 0; i < 5 * kSessions && firing.lateness != 5 * kSecond; ++i, ++late)
      lines += record("one", i * 7919 % (kSessions - 1) * 2000, 1);
    std::clock_t before = std::clock();
    ASSERT_EQ(p.run(), kDone) << p.messages;
    EXPECT_LT(double(std::clock() - before) / CLOCKS_PER_SEC, 2.0) << "seconds, unit " << firing.emit_unit;
    if (firing.emit_unit != MR_EMIT_EVENT_TIME)
      EXPECT_GE(p.counts.rows, uint64_t(kSessions + late));
    EXPECT_EQ(p.counts.late, 0u);
  }
}

// A key that had thousands of sessions, which one after the other are gone, leaves no tables.
TEST(EngineSessions, TablesThatAreEmptyGoBack) {
  SessionPipeline p(kSecond, int64_t(1000) * kSecond, 0, firesAgain(kSecond, 0, MR_EMIT_NONE));
  std::string &lines = p.storage.files["in.jsonl"];
  for (int64_t i = 0; i < 500; ++i)
    lines += record("one", i * 2000, 1);
  for (int64_t i = 0; i < 100; ++i)
    lines += record("two", 2'100'000 + i * 10'000, 1);
  size_t most = 0, last = 0;
  onFire = [&](mr_task *task) {
    last = task->engine->windows[0].sessions->levels.size();
    most = std::max(most, last);
  };
  ASSERT_EQ(p.run(), kDone) << p.messages;
  EXPECT_EQ(p.counts.rows, 600u);
  EXPECT_GT(most, 400u);
  EXPECT_LT(last, 150u) << "those of the other key, and a few";
}

// A session is one timer, whatever it grows by: what is kept does not grow with the records (performance.md).
TEST(EngineSessions, AGrowingSessionIsWatchedOnce) {
  constexpr int64_t kHour = 3600 * kSecond;
  struct {
    mr_firing_desc firing;
    int64_t step; ///< milliseconds from one record to the next
  } cases[] = {{firesAgain(0, 1, MR_EMIT_RECORDS), 1},
               {firesAgain(kHour, 2, MR_EMIT_RECORDS), 1},
               {firesAgain(kHour, 0, MR_EMIT_NONE), -1},
               {firesAgain(0, kHour, MR_EMIT_EVENT_TIME), -1},
               {firesAgain(0, 700'000, MR_EMIT_EVENT_TIME), -1},
               {firesAgain(0, kHour, MR_EMIT_PROCESSING_TIME), -1},
               {firesAgain(kHour, kHour, MR_EMIT_EVENT_TIME, kHour), -1}};
  for (const auto &[firing, step] : cases) {
    SessionPipeline p(kHour, 2 * kHour, 0, firing);
    std::string &lines = p.storage.files["in.jsonl"];
    for (int64_t i = 0; i < 100'000; ++i)
      lines += record("one", 200'000 + i * step, 1);
    ASSERT_EQ(p.run(), kDone) << p.messages;
    EXPECT_LT(p.counts.stateBytesMost, 200'000u) << "unit " << firing.emit_unit << " emit " << firing.emit;
  }
}

// Many that fire at once, here at the end of the input, are not gathered all at once: those of a part of the gap.
TEST(EngineSessions, ManyThatFireAreGatheredBitByBit) {
  SessionPipeline p(1000 * kSecond, 0);
  std::string &lines = p.storage.files["in.jsonl"];
  constexpr int64_t kKeys = 200'000;
  for (int64_t i = 0; i < kKeys; ++i)
    lines += record(("k" + std::to_string(i)).c_str(), i * 5, 1);
  size_t most = 0;
  onFire = [&](mr_task *task) { most = std::max(most, task->engine->windows[0].sessions->ended->size()); };
  ASSERT_EQ(p.run(), kDone) << p.messages;
  EXPECT_EQ(p.counts.rows, uint64_t(kKeys));
  EXPECT_GT(most, 256u);
  EXPECT_LT(most, 30'000u);
}

// Sessions of a key that end one behind the other within a batch make room for the next: the key has one slot, in one
// table (decision 0022).
TEST(EngineSessions, WhatHasEndedIsTakenOut) {
  SessionPipeline p(10'000, 0);
  std::string &lines = p.storage.files["in.jsonl"];
  int64_t millis = 0;
  for (int round = 0; round < 60; ++round, millis += 100) // of 300 keys; each has another session in the same batch
    for (int key = 0; key < 300; ++key)
      lines += record(("k" + std::to_string(key)).c_str(), millis, 1);
  int64_t rows = 60 * 300;
  for (int i = 0; i < 40'000; ++i, ++rows)
    lines += record("k0", millis += 100, 1);
  size_t levels = 0, ended = 0;
  onFire = [&](mr_task *task) {
    const SessionStore &store = *task->engine->windows[0].sessions;
    levels = std::max(levels, store.levels.size());
    ended = std::max(ended, store.ended->size());
  };
  ASSERT_EQ(p.run(), kDone) << p.messages;
  EXPECT_EQ(p.counts.rows, uint64_t(rows));
  EXPECT_LE(levels, 2u) << "W is behind the record that moves it";
  EXPECT_GT(ended, 1000u) << "within a batch of 4,096 records";
}

// A key stays for its next session; those that never come again go where they are many.
TEST(EngineSessions, KeysWithoutSessionsGo) {
  SessionPipeline p(10'000, 0);
  std::string &lines = p.storage.files["in.jsonl"];
  constexpr int64_t kKeys = 400'000;
  for (int64_t i = 0; i < kKeys; ++i)
    lines += record(("a key with a long name " + std::to_string(i)).c_str(), i, 1);
  ASSERT_EQ(p.run(), kDone) << p.messages;
  EXPECT_EQ(p.counts.rows, uint64_t(kKeys));
  EXPECT_LT(p.counts.stateBytesMost, uint64_t(kKeys) * kSlot) << "as many slots as there were keys";
}

// Keys count with their texts, however few slots they have.
TEST(EngineSessions, LongKeysWithoutSessionsGo) {
  SessionPipeline p(1'000, 0);
  std::string &lines = p.storage.files["in.jsonl"];
  constexpr int64_t kKeys = 100'000;
  for (int64_t i = 0; i < kKeys; ++i)
    lines += record((std::string(500, 'k') + std::to_string(i)).c_str(), i, 1);
  ASSERT_EQ(p.run(), kDone) << p.messages;
  EXPECT_EQ(p.counts.rows, uint64_t(kKeys));
  EXPECT_LT(p.counts.stateBytesMost, uint64_t(24) << 20) << "of 50 MB of keys";
}

// Of a key that comes too late, and for the first time, nothing is kept.
TEST(EngineSessions, KeysOfLateRecordsOnlyAreNotKept) {
  SessionPipeline p(1'000, 0);
  std::string &lines = p.storage.files["in.jsonl"];
  lines += record("early", 10'000'000, 1);
  constexpr int64_t kKeys = 200'000;
  for (int64_t i = 0; i < kKeys; ++i)
    lines += record(("a key with a long name " + std::to_string(i)).c_str(), i % 1000, 1);
  ASSERT_EQ(p.run(), kDone) << p.messages;
  EXPECT_EQ(p.counts.rows, 1u);
  EXPECT_LT(p.counts.stateBytesMost, uint64_t(2) << 20);
}

} // namespace
