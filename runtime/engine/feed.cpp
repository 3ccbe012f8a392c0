//===- feed.cpp - a batch through the steps behind its source -----------------------------===//
//
// Batches cannot be observed (rule 7). So a batch is cut
//   - where the watermark crosses a border of some window: what fires there,
//     fires between two records, and what is late is constant within a step;
//   - at records that are not well-formed and may stop the pipeline;
//   - around records without event time, which no step may see.
// Keys that the watermark has made due expire behind the batch (expire.cpp).
// A step's output waits until its bad records are judged: if one of them stops
// the pipeline, the output goes, and the step runs again up to that record.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"
#include "runtime/time/watermark.h"
#include "runtime/time/window.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

/// A source whose records become many is fed with at most this many at a time, and with no more after one that made
/// much, so that the rows of one call stay few.
constexpr uint32_t kExpanding = 64;
constexpr int64_t kMaxFuture = 3'600'000'000;            ///< microseconds: 1 h, of live sources
constexpr uint64_t kExpandingInput = uint64_t(64) << 10; ///< bytes of these records
constexpr size_t kMuchMade = size_t(1) << 20;            ///< bytes of rows or of new strings

/// Where the records end that one step is given, from `from` on.
uint32_t endOfPart(const Feed &feed, uint32_t from, uint32_t end) {
  end = uint32_t(std::min<uint64_t>(uint64_t(from) + feed.most, end));
  if (!feed.source->desc->expands)
    return end;
  end = uint32_t(std::min<uint64_t>(uint64_t(from) + feed.source->atOnce, end));
  uint64_t bytes = 0;
  for (uint32_t i = from; feed.batch->lengths && i < end; ++i)
    if ((bytes += feed.batch->lengths[i]) > kExpandingInput)
      return std::max(i, from + 1);
  return end;
}

int64_t watermarkOf(const mr_source_desc &desc, int64_t time) {
  return watermarkBehind(time, desc.watermark == MR_WATERMARK_BOUNDED ? desc.bound : 0);
}

/// The least time at which a source's watermark reaches `border`; beyond all times: none does.
__int128 timeReaching(const mr_source_desc &desc, int64_t border) {
  return __int128(border) + (desc.watermark == MR_WATERMARK_BOUNDED ? desc.bound : 0) + 1;
}

/// Least and greatest of some times.
struct TimeRange {
  int64_t least = INT64_MAX, greatest = INT64_MIN;

  void add(int64_t time) {
    least = std::min(least, time);
    greatest = std::max(greatest, time);
  }
};

template <typename At> TimeRange rangeBy(uint32_t from, uint32_t to, At at) {
  TimeRange range;
  for (uint32_t i = from; i < to; ++i)
    range.add(at(i));
  return range;
}

/// Of the records [from, to). Those that lie one behind the other go by vectors.
TimeRange rangeOf(const EventTimes &times, uint32_t from, uint32_t to) {
  if (times.stride == sizeof(int64_t))
    return rangeBy(from, to, [&](uint32_t i) { return EventTimes{times.values, sizeof(int64_t)}[i]; });
  return rangeBy(from, to, [&](uint32_t i) { return times[i]; });
}

/// To where some records move W, up to and with the first that brings it to a border, if one does (`at`, else behind
/// the last).
struct Peak {
  int64_t watermark;
  uint32_t at;
};

Peak findPeak(const mr_source_desc &desc, const EventTimes &times, uint32_t from, uint32_t to, int64_t border) {
  constexpr uint32_t block = 256;
  int64_t greatest = kMinusInfinity;
  for (uint32_t i = from; i < to; i += block) {
    uint32_t end = std::min(i + block, to);
    int64_t most = watermarkOf(desc, rangeOf(times, i, end).greatest);
    if (most < border) {
      greatest = std::max(greatest, most);
      continue;
    }
    for (uint32_t k = i;; ++k)
      if (int64_t watermark = watermarkOf(desc, times[k]); watermark >= border)
        return {watermark, k};
  }
  return {greatest, to};
}

/// The same of a punctuated watermark.
Peak findPeak(const int64_t *moves, uint32_t from, uint32_t to, int64_t border) {
  int64_t greatest = kMinusInfinity;
  for (uint32_t i = from; i < to; ++i) {
    if (moves[i] >= border)
      return {moves[i], i};
    greatest = std::max(greatest, moves[i]);
  }
  return {greatest, to};
}

/// Where the batch's event times are, and `status` their status bytes (0: all are there).
EventTimes findEventTimes(mr_engine &engine, SourceState &source, mr_batch &batch, const uint8_t *&status,
                          uint32_t &statusStride) {
  const mr_source_desc &desc = *source.desc;
  status = nullptr;
  statusStride = 0;
  batch.event_time = nullptr;
  if (desc.event_time == -1 || batch.size == 0) // without records (malformed ones only) there may be no columns
    return {};
  if (desc.event_time == -2) {
    source.times.resize(batch.size);
    source.timeStatus.assign(batch.size, MR_VALUE);
    desc.event_time_fn(&engine.task, &batch, source.times.data(), source.timeStatus.data());
    batch.event_time = source.times.data();
    status = source.timeStatus.data();
    statusStride = 1;
    return {reinterpret_cast<const uint8_t *>(batch.event_time), sizeof(int64_t)};
  }
  const mr_field_desc &field = desc.fields[desc.event_time];
  const mr_column &column = batch.columns[desc.event_time];
  if (field.status_stride && (batch.dirty || field.nullable)) {
    status = column.status;
    statusStride = field.status_stride;
  }
  if (field.stride == sizeof(int64_t))
    batch.event_time = reinterpret_cast<const int64_t *>(column.values);
  return {column.values, field.stride};
}

/// Times so far from the ends of all time that no window around them leaves the years 0000 to 9999 (rule 1).
TimeRange timesInside(const std::vector<WindowState> &windows) {
  int64_t greatest = 0;
  for (const WindowState &window : windows)
    if (isInTime(*window.desc) && !window.desc->processing_time && !window.sessions) // generated code judges sessions
      greatest = std::max(greatest, windowReach(*window.desc));
  if (!greatest)
    return {INT64_MIN, INT64_MAX - 1};
  greatest = std::min(greatest, (kMaxTime - kMinTime) / 2);
  return {kMinTime + greatest, kMaxTime - greatest};
}

/// The peak of the records [from, to). Mostly the batch's greatest time tells that it reaches no border.
Peak peakOf(const Feed &feed, uint32_t from, uint32_t to, int64_t border) {
  const mr_source_desc &desc = *feed.source->desc;
  if (feed.moves)
    return findPeak(feed.moves, from, to, border);
  if (from == 0 && to == feed.batch->batch.size)
    if (int64_t watermark = watermarkOf(desc, feed.greatestTime); watermark < border)
      return {watermark, to};
  return findPeak(desc, feed.times, from, to, border);
}

/// Where a punctuated watermark comes to with each record of the batch. Records that have a time but no such watermark
/// get its status.
void findMoves(mr_engine &engine, Feed &feed, mr_batch &batch) {
  SourceState &source = *feed.source;
  const mr_source_desc &desc = *source.desc;
  batch.watermark = nullptr;
  if (desc.watermark != MR_WATERMARK_PUNCTUATED || batch.size == 0)
    return;
  source.moves.resize(batch.size);
  source.moveStatus.assign(batch.size, MR_VALUE);
  desc.watermark_fn(&engine.task, &batch, source.moves.data(), source.moveStatus.data());
  batch.watermark = feed.moves = source.moves.data();
}

/// The greatest event time that is not too far beyond the clock (rule 9). A clock that nobody has set tells nothing.
int64_t latestTime(const Feed &feed, Clock &clock) {
  const mr_source_desc &desc = *feed.source->desc;
  int64_t ahead = desc.max_future;
  if (ahead == MR_FUTURE_UNSAID)
    ahead = clock.real() && feed.partition && feed.partition->live() ? kMaxFuture : MR_FUTURE_ANY;
  int64_t latest;
  if (ahead == MR_FUTURE_ANY || desc.event_time == -1 || !clock.isSet() ||
      __builtin_add_overflow(clock.now(), ahead, &latest))
    return kPlusInfinity;
  return latest;
}

/// The first record in [from, to) whose time is later than that, or `to`.
uint32_t findFuture(const Feed &feed, uint32_t from, uint32_t to) {
  if (feed.latest != kPlusInfinity && feed.greatestTime > feed.latest)
    for (uint32_t i = from; i < to; ++i)
      if (feed.times[i] > feed.latest)
        return i;
  return to;
}

/// The first record in [from, to) without event time, or `to`.
uint32_t findBadTime(const uint8_t *status, uint32_t stride, uint32_t from, uint32_t to) {
  if (status)
    for (uint32_t i = from; i < to; ++i)
      if (status[size_t(i) * stride] != MR_VALUE)
        return i;
  return to;
}

} // namespace

bool mr_engine::feed(Feed &feed) {
  SourceState &source = *feed.source;
  const DecodedBatch &decoded = *feed.batch;
  const uint8_t *status;
  uint32_t statusStride, position = 0, size = decoded.batch.size;
  feeding = &feed;
  feed.times = findEventTimes(*this, source, source.batch.batch, status, statusStride);
  findMoves(*this, feed, source.batch.batch);
  if (feed.times)
    feed.latest = latestTime(feed, *clock);
  if (feed.times && !source.desc->watches) {
    TimeRange range = rangeOf(feed.times, 0, size), inside = timesInside(windows);
    feed.greatestTime = range.greatest;
    if (range.least < inside.least || range.greatest > inside.greatest)
      feed.atEdge = true, feed.most = 1;
  }
  size_t malformed = 0;
  while (!stopped) {
    uint32_t next = malformed < decoded.malformed.size() ? decoded.malformed[malformed].before : size;
    uint32_t badTime = findBadTime(status, statusStride, position, next);
    uint32_t badMove = feed.moves ? findBadTime(source.moveStatus.data(), 1, position, badTime) : badTime;
    if (!runRange(feed, position, badMove))
      break;
    position = badMove;
    if (badMove < badTime) {
      if (!noteBadWatermark(feed, badMove, source.moveStatus[badMove]))
        break;
      ++position;
    } else if (badTime < next) {
      if (!noteBadTime(feed, badTime, status[size_t(badTime) * statusStride]))
        break;
      ++position;
    } else if (malformed < decoded.malformed.size()) {
      if (!noteMalformed(feed, decoded.malformed[malformed++]))
        break;
    } else {
      break;
    }
  }
  bool good = !stopped;
  // Where a record stops the pipeline, what the ones before it have made due expires to the last key: the output so far
  // does not depend on the batch.
  if (good || exitCode == kWrong) {
    settleSessions();
    settleWaiting();
    good = !stopped;
    expire(/*all=*/!good);
  }
  drain(); // strings of this batch are not needed any more
  feeding = nullptr;
  return feedLetters(source) && good && !stopped;
}

/// Records [from, to), all with event time, with the firings between them.
bool mr_engine::runRange(Feed &feed, uint32_t from, uint32_t to) {
  if (feed.source->desc->watches)
    return runWatched(feed, from, to);
  while (true) {
    uint32_t future = findFuture(feed, from, to);
    if (from < future && !runSplit(feed, from, future))
      return false;
    if (future == to)
      return true;
    if (!passFuture(feed, future))
      return false;
    from = future + 1;
  }
}

/// A record too far beyond the clock does not move W (rule 9), and is dropped, unless its source keeps it.
bool mr_engine::passFuture(Feed &feed, uint32_t record) {
  ++counts.future;
  if (feed.source->desc->future_policy == MR_FUTURE_DROP) {
    ++feed.source->records, ++counts.records;
    return true;
  }
  feed.stands = true;
  bool good = runSplit(feed, record, record + 1);
  feed.stands = false;
  return good;
}

/// The engine splits what a step is given where something fires.
bool mr_engine::runSplit(Feed &feed, uint32_t from, uint32_t to) {
  SourceState &source = *feed.source;
  const mr_source_desc &desc = *source.desc;
  bool moves = desc.watermark != MR_WATERMARK_NONE && feed.times && !feed.stands;
  while (from < to) {
    Peak peak{kMinusInfinity, to};
    if (moves)
      peak = peakOf(feed, from, to, nextBorder());
    uint32_t end = std::min(peak.at + 1, to);
    bool paused = false;
    for (uint32_t part = from; part < end;) {
      uint32_t partEnd = endOfPart(feed, part, end);
      std::vector<mr_window_head> heads = feed.atEdge ? openForErrors(feed.times[part]) : std::vector<mr_window_head>();
      if (!runStep(feed, part, partEnd))
        return false;
      for (size_t i = 0; i < heads.size(); ++i)
        this->heads[i].firstOpen = heads[i].firstOpen;
      paused = task.paused != 0;
      if (paused && !firePaused(feed, part, partEnd))
        return false;
      if (desc.stateful && partEnd < end && !paused)
        reachRecord(feed, part, partEnd); // the step asks for W where the next part begins
      part = partEnd;
      if (paused) // when something fires next may have become another time
        end = part;
      if (!desc.expands)
        continue;
      adapt(source);
      if (part < end && !drain())
        return false;
    }
    if (moves && !paused)
      feed.lane->watermark = std::max(feed.lane->watermark, peak.watermark);
    if ((paused ? moves && feed.lane->watermark >= nextBorder() : peak.at < to) && !advance())
      return false;
    from = end;
  }
  return true;
}

/// The last of the records [from, to) makes windows fire before the next one. W does not see it yet.
bool mr_engine::firePaused(Feed &feed, uint32_t from, uint32_t to) {
  reachRecord(feed, from, to - 1);
  if (!fireAtOnce())
    return false;
  reachRecord(feed, to - 1, to);
  return true;
}

/// The step ends by itself before a record at which something may fire, or whose window may leave the range of time:
/// that one goes alone. So nobody looks through the times beforehand, which costs as much as a cheap step.
bool mr_engine::runWatched(Feed &feed, uint32_t from, uint32_t to) {
  const mr_source_desc &desc = *feed.source->desc;
  const TimeRange inside = timesInside(windows);
  while (from < to) {
    __int128 end = std::min<__int128>(timeReaching(desc, nextBorder()), __int128(inside.greatest) + 1);
    end = std::min<__int128>(end, __int128(feed.latest) + 1);
    uint32_t reached = from;
    if (end > inside.least) {
      task.quietFrom = inside.least;
      task.quietSpan = uint64_t(end - inside.least);
      task.greatestTime = INT64_MIN;
      reached = to;
      if (!runStep(feed, from, reached))
        return false;
      if (reached > from)
        feed.lane->watermark = std::max(feed.lane->watermark, watermarkOf(desc, task.greatestTime));
    }
    if (reached < to) {
      task.quietFrom = INT64_MIN; // all there is
      task.quietSpan = UINT64_MAX;
      feed.greatestTime = feed.times[reached];
      feed.atEdge = feed.greatestTime < inside.least || feed.greatestTime > inside.greatest;
      bool future = feed.greatestTime > feed.latest;
      if (!(future ? passFuture(feed, reached) : runSplit(feed, reached, reached + 1)))
        return false;
      ++reached;
    }
    from = reached;
  }
  return true;
}

/// After a step of a source whose records become many: how many will the next one be given? One as soon as much was
/// made, then slowly more again.
void mr_engine::adapt(SourceState &source) {
  size_t made = arena.bytes();
  for (size_t i = 0; i < outs.size(); ++i)
    made = std::max(made, size_t(outs[i].end - outs[i].begin) - marks[i]);
  source.atOnce = made > kMuchMade ? 1 : std::min(source.atOnce * 2, kExpanding);
}

/// `to` becomes where the step ended, if that was earlier (see mr_source_desc.watches and pauses). `again`: the records
/// were run before; only their rows count, which they give to the last one.
mr_status mr_engine::callStep(Feed &feed, uint32_t from, uint32_t &to, bool again) {
  bad.clear();
  outOfRange = false;
  task.halted = 0;
  forgetDue();
  mr_cursor cursor = {from, 0};
  mr_status status = MR_DONE;
  while (from < to) {
    status = feed.source->desc->step(&task, &feed.batch->batch, &cursor, to);
    if (again && status == MR_DONE && cursor.position < to) {
      forgetDue();
      continue;
    }
    if (status != MR_MORE)
      break;
    task.outBytes = 0; // the output waits until the call is judged: its size is bounded by the few records
  }
  if ((feed.source->desc->watches || feed.source->desc->pauses) && status == MR_DONE && from < to)
    to = uint32_t(cursor.position);
  return status;
}

/// A window that leaves the range of timestamps is an error before it is late: for such a record it counts as open.
/// Returns the heads as they were.
std::vector<mr_window_head> mr_engine::openForErrors(int64_t time) {
  std::vector<mr_window_head> before = heads;
  for (size_t i = 0; i < windows.size(); ++i) {
    const mr_window_desc &desc = *windows[i].desc;
    if (desc.kind == MR_WINDOW_TUMBLING && !desc.processing_time &&
        !windowInRange(windowStart(time, desc.size, desc.offset), desc.size))
      heads[i].firstOpen = kMinusInfinity;
  }
  return before;
}

/// Throws away what was folded into windows that leave the range of timestamps. Was there something?
static bool takeOutside(WindowState &window) {
  mr_table *table = window.kept     ? std::exchange(window.kept->outside, nullptr)
                    : window.slices ? std::exchange(window.slices->outside, nullptr)
                                    : nullptr;
  if (!window.panes.empty() && window.panes.back().start == kOutOfRange) {
    table = window.panes.back().table;
    window.panes.pop_back();
  }
  tableFree(table);
  return table;
}

/// The record, which went alone (see nearTheEdge), has a window that leaves the years 0000 to 9999 (rule 1): it is bad
/// for that window, and what was folded goes.
void mr_engine::noteOutOfRange(uint32_t record) {
  outOfRange = false; // what the record makes fire has no part in it
  for (WindowState &window : windows)
    if (takeOutside(window)) {
      for (uint32_t i = 0; i < pipeline.num_terminals; ++i) {
        if (std::string_view(pipeline.terminals[i]) != window.desc->name)
          continue;
        if (window.desc->behind_state)
          failBehindState({{record, i, kWindowError}, {}, {}});
        else
          bad.push_back({record, i, kWindowError});
      }
    }
}

/// The watermark is where the records [from, to) bring it.
void mr_engine::reachRecord(Feed &feed, uint32_t from, uint32_t to) {
  const mr_source_desc &desc = *feed.source->desc;
  if (desc.watermark == MR_WATERMARK_NONE || !feed.times || from == to || feed.stands)
    return;
  Peak peak =
      feed.moves ? findPeak(feed.moves, from, to, kPlusInfinity) : findPeak(desc, feed.times, from, to, kPlusInfinity);
  feed.lane->watermark = std::max(feed.lane->watermark, peak.watermark);
}

/// Calls the step. False: the pipeline stops, whatever the step says of its records.
bool mr_engine::passStep(Feed &feed, uint32_t from, uint32_t &to) {
  mr_status status = callStep(feed, from, to);
  stateful = nullptr;
  if (!keepsBudget()) {
    discardTo(marks);
    return false;
  }
  if (status == MR_FAILED)
    return stop(kWrong, "error: a step behind `" + std::string(feed.source->desc->name) + "` failed");
  if (outOfRange)
    noteOutOfRange(from);
  if (!keepBest()) {
    discardTo(marks);
    return false;
  }
  return true;
}

bool mr_engine::runStep(Feed &feed, uint32_t from, uint32_t &to) {
  for (size_t i = 0; i < outs.size(); ++i)
    marks[i] = outs[i].end - outs[i].begin;
  for (size_t i = 0; i < heads.size(); ++i)
    lateMarks[i] = heads[i].late;
  for (WindowState &window : windows)
    if (window.kept)
      window.kept->countsBefore = window.kept->counts;
    else if (window.slices)
      window.slices->countsBefore = window.slices->counts;
  if (feed.source->desc->stateful)
    return runStateful(feed, from, to);
  if (!passStep(feed, from, to))
    return false;
  uint32_t stopAt = to;
  std::string message;
  if (!bad.empty() && !judge(feed, from, stopAt, message)) {
    discardTo(marks);
    for (size_t i = 0; i < heads.size(); ++i)
      heads[i].late = lateMarks[i];
    for (WindowState &window : windows)
      if (window.kept)
        window.kept->counts = window.kept->countsBefore;
      else if (window.slices)
        window.slices->counts = window.slices->countsBefore;
    callStep(feed, from, stopAt, /*again=*/true);
    forgetDue();
    bad.clear();
    reachRecord(feed, from, stopAt);
    feed.source->records += stopAt - from + 1;
    counts.records += stopAt - from + 1;
    return stop(kWrong, message);
  }
  feed.source->records += to - from;
  counts.records += to - from;
  return true;
}
