//===- batch_times.h - what the event times of a batch say ---------------------------===//
//
// Internal. Where in a batch the watermark reaches a border, which records have no
// time, and which are in the future.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_BATCH_TIMES_H
#define MILLRACE_RUNTIME_ENGINE_BATCH_TIMES_H

#include "runtime/engine/state.h"

namespace millrace {

/// To where a record of this time moves the watermark of a source (bounded, ascending).
int64_t watermarkOf(const mr_source_desc &desc, int64_t time);

/// The least time at which a source's watermark reaches `border`; beyond all times: none does.
__int128 timeReaching(const mr_source_desc &desc, int64_t border);

/// Least and greatest of some times.
struct TimeRange {
  int64_t least = INT64_MAX, greatest = INT64_MIN;

  void add(int64_t time) {
    least = std::min(least, time);
    greatest = std::max(greatest, time);
  }
};

/// Least and greatest of the records [from, to). Those that lie one behind the other go by vectors.
TimeRange rangeOf(const EventTimes &times, uint32_t from, uint32_t to);

/// To where some records move W, up to and with the first that brings it to a border, if one does (`at`, else behind
/// the last).
struct Peak {
  int64_t watermark;
  uint32_t at;
};

/// The peak of the records [from, to). Mostly the batch's greatest time tells that it reaches no border.
Peak peakOf(const Feed &feed, uint32_t from, uint32_t to, int64_t border);

/// Where the records [from, to) bring the watermark.
int64_t watermarkAfter(const Feed &feed, uint32_t from, uint32_t to);

/// Where the batch's event times are, and `status` their status bytes (0: all are there).
EventTimes findEventTimes(mr_engine &engine, SourceState &source, mr_batch &batch, const uint8_t *&status,
                          uint32_t &statusStride);

/// Times so far from the ends of all time that no window around them leaves the years 0000 to 9999 (rule 1): event
/// times, or times of the clock.
TimeRange timesInside(const std::vector<WindowState> &windows, bool ofClock = false);

/// Where a punctuated watermark comes to with each record of the batch. Records that have a time but no such watermark
/// get its status.
void findMoves(mr_engine &engine, Feed &feed, mr_batch &batch);

/// The greatest event time that is not too far beyond the clock (rule 9). `now`: processing time of the batch. A clock
/// that nobody has set tells nothing.
int64_t latestTime(const Feed &feed, int64_t now, Clock &clock);

/// The first record in [from, to) whose time is later than that, or `to`.
uint32_t findFuture(const Feed &feed, uint32_t from, uint32_t to);

/// The first record in [from, to) without event time, or `to`.
uint32_t findBadTime(const uint8_t *status, uint32_t stride, uint32_t from, uint32_t to);

} // namespace millrace

#endif
