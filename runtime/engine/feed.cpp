//===- feed.cpp - a batch through the steps behind its source -----------------------------===//
//
// Batches cannot be observed (rule 7). So a batch is cut
//   - where the watermark crosses a border of some window: what fires there,
//     fires between two records, and what is late is constant within a step;
//   - where the lane comes too far ahead of the others (`align`);
//   - at records that are not well-formed and may stop the pipeline;
//   - around records without event time, which no step may see.
// Keys that the watermark has made due expire behind the batch (expire.cpp).
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/batch_times.h"
#include "runtime/engine/signals.h"
#include "runtime/engine/state.h"

#include <algorithm>
#include <utility>

using namespace millrace;

namespace {

constexpr uint64_t kExpandingInput = uint64_t(64) << 10; ///< bytes of these records
constexpr uint64_t kFolds = uint64_t(1) << 14;           ///< of records into windows that lie one upon the other

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

/// A record may be in thousands of windows that fire again: how many of them is a step given, so that it is soon seen
/// that the user wants to stop?
uint32_t mostOf(const std::vector<WindowState> &windows) {
  uint64_t most = kMaxBatch;
  for (const WindowState &window : windows)
    if (window.kept)
      most = std::min(most, std::max<uint64_t>(kFolds / windowsOfRecord(*window.desc), 1));
  return uint32_t(most);
}

/// The least watermark with which the lane waits for the others (`align`), or is no longer behind those that went on
/// without it: what is said of a late record must not depend on the batches.
int64_t afterPause(const mr_engine &engine, const Feed &feed) {
  return std::min(feed.pauseAt == kPlusInfinity ? kPlusInfinity : feed.pauseAt + 1, engine.caughtUp(*feed.lane));
}

} // namespace

bool mr_engine::feed(Feed &feed) {
  SourceState &source = *feed.source;
  const DecodedBatch &decoded = *feed.batch;
  const uint8_t *status;
  uint32_t statusStride, position = feed.from, size = std::min(decoded.batch.size, feed.to);
  feeding = &feed;
  TimeRange inClock = timesInside(windows, /*ofClock=*/true);
  feed.most = task.now < inClock.least || task.now > inClock.greatest ? 1 : mostOf(windows);
  feed.times = findEventTimes(*this, source, source.batch.batch, status, statusStride);
  findMoves(*this, feed, source.batch.batch);
  if (feed.times)
    feed.latest = latestTime(feed, task.now, *clock);
  if (feed.times && !source.desc->watches) {
    TimeRange range = rangeOf(feed.times, 0, decoded.batch.size), inside = timesInside(windows);
    feed.greatestTime = range.greatest;
    if (range.least < inside.least || range.greatest > inside.greatest)
      feed.atEdge = true, feed.most = 1;
  }
  size_t malformed = 0, numMalformed = decoded.malformed.size();
  while (malformed < numMalformed && decoded.malformed[malformed].before < feed.from)
    ++malformed;
  while (size < decoded.batch.size && numMalformed > malformed && decoded.malformed[numMalformed - 1].before >= size)
    --numMalformed;
  feed.rest = size < decoded.batch.size ? size : UINT32_MAX;
  while (!stopped) {
    uint32_t next = malformed < numMalformed ? decoded.malformed[malformed].before : size;
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
    } else if (malformed < numMalformed) {
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

/// Records [from, to), all with event time, with the firings between them. False: the rest of the batch is left, or the
/// pipeline stops.
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
      peak = peakOf(feed, from, to, std::min(nextBorder(), afterPause(*this, feed)));
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
      if (feed.most < kMaxBatch && SignalWatch::interrupted()) // the rest of the batch counts as not read
        return false;
      if (paused) // when something fires next may have become another time
        end = part;
      if (!desc.expands)
        continue;
      adapt(source);
      if (part < end && !drain())
        return false;
    }
    if (moves && !paused && peak.at < to) {
      reachRecord(feed, from, peak.at);
      noteQuietMoves();
    }
    int64_t before = feed.lane->watermark;
    if (moves && !paused)
      feed.lane->watermark = std::max(feed.lane->watermark, peak.watermark);
    if ((paused ? moves && feed.lane->watermark >= nextBorder() : peak.at < to) && !advance()) {
      feed.lane->watermark = before; // what would have fired behind the error has not
      return false;
    }
    if (moves && feed.lane->watermark > feed.pauseAt) {
      feed.rest = end;
      return false;
    }
    from = end;
  }
  return true;
}

/// The last of the records [from, to) makes windows fire before the next one. W does not see it yet.
bool mr_engine::firePaused(Feed &feed, uint32_t from, uint32_t to) {
  reachRecord(feed, from, to - 1);
  noteQuietMoves();
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
    int64_t border = std::min(nextBorder(), afterPause(*this, feed));
    __int128 end = std::min<__int128>(timeReaching(desc, border), __int128(inside.greatest) + 1);
    end = std::min<__int128>(end, __int128(feed.latest) + 1);
    uint32_t reached = from;
    if (end > inside.least) {
      task.quietFrom = inside.least;
      task.quietSpan = uint64_t(end - inside.least);
      task.greatestTime = INT64_MIN;
      uint32_t end = reached = uint32_t(std::min<uint64_t>(uint64_t(from) + feed.most, to));
      if (!runStep(feed, from, reached))
        return false;
      if (reached > from)
        feed.lane->watermark = std::max(feed.lane->watermark, watermarkOf(desc, task.greatestTime));
      if (reached == end && end < to) {
        if (SignalWatch::interrupted())
          return false;
        from = end;
        continue;
      }
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

/// The watermark is where the records [from, to) bring it.
void mr_engine::reachRecord(Feed &feed, uint32_t from, uint32_t to) {
  const mr_source_desc &desc = *feed.source->desc;
  if (desc.watermark == MR_WATERMARK_NONE || !feed.times || from == to || feed.stands)
    return;
  feed.lane->watermark = std::max(feed.lane->watermark, watermarkAfter(feed, from, to));
}
