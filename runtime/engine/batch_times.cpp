//===- batch_times.cpp - what the event times of a batch say -------------------------===//
#include "runtime/engine/batch_times.h"

#include "runtime/time/watermark.h"

#include <algorithm>

using namespace millrace;

/// Microseconds: 1 h, of live sources.
static constexpr int64_t kMaxFuture = 3'600'000'000;

int64_t millrace::watermarkOf(const mr_source_desc &desc, int64_t time) {
  return watermarkBehind(time, desc.watermark == MR_WATERMARK_BOUNDED ? desc.bound : 0);
}

__int128 millrace::timeReaching(const mr_source_desc &desc, int64_t border) {
  return __int128(border) + (desc.watermark == MR_WATERMARK_BOUNDED ? desc.bound : 0) + 1;
}

template <typename At> static TimeRange rangeBy(uint32_t from, uint32_t to, At at) {
  TimeRange range;
  for (uint32_t i = from; i < to; ++i)
    range.add(at(i));
  return range;
}

TimeRange millrace::rangeOf(const EventTimes &times, uint32_t from, uint32_t to) {
  if (times.stride == sizeof(int64_t))
    return rangeBy(from, to, [&](uint32_t i) { return EventTimes{times.values, sizeof(int64_t)}[i]; });
  return rangeBy(from, to, [&](uint32_t i) { return times[i]; });
}

static Peak findPeak(const mr_source_desc &desc, const EventTimes &times, uint32_t from, uint32_t to, int64_t border) {
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
static Peak findPeak(const int64_t *moves, uint32_t from, uint32_t to, int64_t border) {
  int64_t greatest = kMinusInfinity;
  for (uint32_t i = from; i < to; ++i) {
    if (moves[i] >= border)
      return {moves[i], i};
    greatest = std::max(greatest, moves[i]);
  }
  return {greatest, to};
}

Peak millrace::peakOf(const Feed &feed, uint32_t from, uint32_t to, int64_t border) {
  const mr_source_desc &desc = *feed.source->desc;
  if (feed.moves)
    return findPeak(feed.moves, from, to, border);
  if (from == 0 && to == feed.batch->batch.size)
    if (int64_t watermark = watermarkOf(desc, feed.greatestTime); watermark < border)
      return {watermark, to};
  return findPeak(desc, feed.times, from, to, border);
}

int64_t millrace::watermarkAfter(const Feed &feed, uint32_t from, uint32_t to) {
  return (feed.moves ? findPeak(feed.moves, from, to, kPlusInfinity)
                     : findPeak(*feed.source->desc, feed.times, from, to, kPlusInfinity))
      .watermark;
}

EventTimes millrace::findEventTimes(mr_engine &engine, SourceState &source, mr_batch &batch, const uint8_t *&status,
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

TimeRange millrace::timesInside(const std::vector<WindowState> &windows, bool ofClock) {
  int64_t greatest = 0;
  for (const WindowState &window : windows)
    if ((ofClock ? inProcessingTime(*window.desc) : inEventTime(*window.desc)) &&
        !window.sessions) // generated code judges sessions
      greatest = std::max(greatest, windowReach(*window.desc));
  if (!greatest)
    return {INT64_MIN, INT64_MAX - 1};
  greatest = std::min(greatest, (kMaxTime - kMinTime) / 2);
  return {kMinTime + greatest, kMaxTime - greatest};
}

void millrace::findMoves(mr_engine &engine, Feed &feed, mr_batch &batch) {
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

int64_t millrace::latestTime(const Feed &feed, int64_t now, Clock &clock) {
  const mr_source_desc &desc = *feed.source->desc;
  int64_t ahead = desc.max_future;
  if (ahead == MR_FUTURE_UNSAID)
    ahead = clock.real() && feed.partition && feed.partition->live() ? kMaxFuture : MR_FUTURE_ANY;
  int64_t latest;
  if (ahead == MR_FUTURE_ANY || desc.event_time == -1 || !clock.isSet() || __builtin_add_overflow(now, ahead, &latest))
    return kPlusInfinity;
  return latest;
}

uint32_t millrace::findFuture(const Feed &feed, uint32_t from, uint32_t to) {
  if (feed.latest != kPlusInfinity && feed.greatestTime > feed.latest)
    for (uint32_t i = from; i < to; ++i)
      if (feed.times[i] > feed.latest)
        return i;
  return to;
}

uint32_t millrace::findBadTime(const uint8_t *status, uint32_t stride, uint32_t from, uint32_t to) {
  if (status)
    for (uint32_t i = from; i < to; ++i)
      if (status[size_t(i) * stride] != MR_VALUE)
        return i;
  return to;
}
