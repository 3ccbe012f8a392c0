//===- feed.cpp - a batch through the steps behind its source -----------------------------===//
//
// Batches cannot be observed (rule 7). So a batch is cut
//   - where the watermark crosses a border of some window: what fires there,
//     fires between two records, and what is late is constant within a step;
//   - at records that are not well-formed and may stop the pipeline;
//   - around records without event time, which no step may see.
// A step's output waits until its bad records are judged: if one of them stops
// the pipeline, the output goes, and the step runs again up to that record.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/state.h"

#include <algorithm>

using namespace millrace;

namespace {

/// A source whose records become many is fed with this many at a time, so that the rows of one call stay few.
constexpr uint32_t kExpanding = 64;

int64_t watermarkOf(const mr_source_desc &desc, int64_t time) {
  int64_t bound = desc.watermark == MR_WATERMARK_BOUNDED ? desc.bound : 0;
  __int128 watermark = __int128(time) - bound - 1;
  return watermark <= kMinusInfinity ? kMinusInfinity + 1 : int64_t(watermark); // −∞ is reserved
}

/// The greatest of `times`, up to and with the first whose watermark reaches `border`, if one does (`at`, else `to`).
struct Peak {
  int64_t greatest;
  uint32_t at;
};

Peak findPeak(const mr_source_desc &desc, const int64_t *times, uint32_t from, uint32_t to, int64_t border) {
  constexpr uint32_t block = 256;
  int64_t greatest = INT64_MIN;
  for (uint32_t i = from; i < to; i += block) {
    uint32_t end = std::min(i + block, to);
    int64_t most = INT64_MIN;
    for (uint32_t k = i; k < end; ++k)
      most = times[k] > most ? times[k] : most;
    if (watermarkOf(desc, most) < border) {
      greatest = std::max(greatest, most);
      continue;
    }
    for (uint32_t k = i;; ++k)
      if (watermarkOf(desc, times[k]) >= border)
        return {times[k], k};
  }
  return {greatest, to};
}

/// Points `times` at the batch's event times, and `status` at their status bytes (0: all are there).
void findEventTimes(mr_engine &engine, SourceState &source, mr_batch &batch, const uint8_t *&status,
                    uint32_t &statusStride) {
  const mr_source_desc &desc = *source.desc;
  status = nullptr;
  statusStride = 0;
  batch.event_time = nullptr;
  if (desc.event_time == -1)
    return;
  if (desc.event_time == -2) {
    source.times.resize(batch.size);
    source.timeStatus.assign(batch.size, MR_VALUE);
    desc.event_time_fn(&engine.task, &batch, source.times.data(), source.timeStatus.data());
    batch.event_time = source.times.data();
    status = source.timeStatus.data();
    statusStride = 1;
    return;
  }
  const mr_field_desc &field = desc.fields[desc.event_time];
  const mr_column &column = batch.columns[desc.event_time];
  if (field.status_stride && (batch.dirty || field.nullable)) {
    status = column.status;
    statusStride = field.status_stride;
  }
  if (field.stride == sizeof(int64_t)) {
    batch.event_time = reinterpret_cast<const int64_t *>(column.values);
    return;
  }
  source.times.resize(batch.size);
  for (uint32_t i = 0; i < batch.size; ++i)
    std::memcpy(&source.times[i], column.values + size_t(i) * field.stride, sizeof(int64_t));
  batch.event_time = source.times.data();
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
  findEventTimes(*this, source, source.batch.batch, status, statusStride);
  size_t malformed = 0;
  while (!stopped) {
    uint32_t next = malformed < decoded.malformed.size() ? decoded.malformed[malformed].before : size;
    uint32_t badTime = findBadTime(status, statusStride, position, next);
    if (!runRange(feed, position, badTime))
      break;
    position = badTime;
    if (badTime < next) {
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
  drain(); // strings of this batch are not needed any more
  return feedLetters(source) && good && !stopped;
}

/// Records [from, to), all with event time, with the firings between them.
bool mr_engine::runRange(Feed &feed, uint32_t from, uint32_t to) {
  SourceState &source = *feed.source;
  const mr_source_desc &desc = *source.desc;
  const int64_t *times = feed.batch->batch.event_time;
  bool moves = desc.watermark != MR_WATERMARK_NONE && times;
  while (from < to) {
    Peak peak{0, to};
    if (moves)
      peak = findPeak(desc, times, from, to, nextBorder());
    uint32_t end = std::min(peak.at + 1, to);
    for (uint32_t part = from; part < end;) { // a source that expands goes in small parts
      uint32_t partEnd = desc.expands ? std::min(part + kExpanding, end) : end;
      if (!runStep(feed, part, partEnd))
        return false;
      part = partEnd;
      if (desc.expands && part < end && !drain())
        return false;
    }
    if (moves)
      feed.lane->watermark = std::max(feed.lane->watermark, watermarkOf(desc, peak.greatest));
    if (peak.at < to && !advance())
      return false;
    from = end;
  }
  return true;
}

mr_status mr_engine::callStep(Feed &feed, uint32_t from, uint32_t to) {
  bad.clear();
  outOfRange = nullptr;
  mr_cursor cursor = {from, 0};
  mr_status status = MR_DONE;
  while (from < to) {
    status = feed.source->desc->step(&task, &feed.batch->batch, &cursor, to);
    if (status != MR_MORE)
      break;
    task.outBytes = 0; // the output waits until the call is judged: its size is bounded by the few records
  }
  return status;
}

bool mr_engine::runStep(Feed &feed, uint32_t from, uint32_t to) {
  for (size_t i = 0; i < outs.size(); ++i)
    marks[i] = outs[i].end - outs[i].begin;
  for (size_t i = 0; i < heads.size(); ++i)
    lateMarks[i] = heads[i].late;
  mr_status status = callStep(feed, from, to);
  if (status == MR_FAILED)
    return stop(kWrong, "error: a step behind `" + std::string(feed.source->desc->name) + "` failed");
  if (outOfRange)
    return stopOutOfRange(feed, from, to);
  uint32_t stopAt = to;
  std::string message;
  if (!bad.empty() && !judge(feed, from, stopAt, message)) {
    discardTo(marks);
    for (size_t i = 0; i < heads.size(); ++i)
      heads[i].late = lateMarks[i];
    callStep(feed, from, stopAt);
    bad.clear();
    feed.source->records += stopAt - from + 1;
    counts.records += stopAt - from + 1;
    return stop(kWrong, message);
  }
  feed.source->records += to - from;
  counts.records += to - from;
  return true;
}

/// Some record of [from, to) has a window that leaves the years 0000 to 9999 (rule 1): finds the first one, lets those
/// before it go through, and stops.
bool mr_engine::stopOutOfRange(Feed &feed, uint32_t from, uint32_t to) {
  auto marksBefore = marks;
  auto lateBefore = lateMarks;
  uint32_t good = from, wrong = to; // [from, good) is right, [from, wrong) is not
  std::string name = outOfRange->desc->name;
  while (good + 1 < wrong) {
    uint32_t middle = good + (wrong - good) / 2;
    discardTo(marksBefore);
    callStep(feed, from, middle);
    if (outOfRange)
      name = outOfRange->desc->name;
    (outOfRange ? wrong : good) = middle;
  }
  discardTo(marksBefore);
  for (size_t i = 0; i < heads.size(); ++i)
    heads[i].late = lateBefore[i];
  outOfRange = nullptr;
  if (good > from && !runStep(feed, from, good))
    return false;
  ++feed.source->records, ++counts.records;
  return stop(kWrong,
              describePlace(feed, good) + "error: the record's window in `" + name + "` leaves the years 0000 to 9999");
}
