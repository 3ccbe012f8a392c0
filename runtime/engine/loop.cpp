//===- loop.cpp - one worker's life -----------------------------------------------------------===//
//
// Chooses the lane that is due (rule 10), reads it for a chunk, and waits in
// one place when every lane that is left has nothing to give. Output is
// written when input would block; a timer is only the backstop.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/host.h"
#include "runtime/engine/signals.h"
#include "runtime/engine/state.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <poll.h>
#include <utility>

using namespace millrace;

namespace {

constexpr int64_t kBackstop = 250'000;  ///< microseconds after which output is written although input goes on
constexpr int64_t kRetry = 5'000;       ///< after which lanes that had nothing are asked again while others go on
constexpr int64_t kSilence = 2'000'000; ///< after which windows that have records and never fired are explained

} // namespace

/// The lane with the lowest watermark among those that may have something; ties by source, then by lane. Null: none.
LaneState *mr_engine::choose(SourceState *&source) {
  alignLanes();
  LaneState *best = nullptr;
  for (SourceState &candidate : sources) {
    if (candidate.desc->dead_of >= 0)
      continue;
    for (LaneState &lane : candidate.lanes)
      if (!lane.ended && !lane.pending && !lane.ahead && (!best || lane.watermark < best->watermark)) {
        best = &lane;
        source = &candidate;
      }
  }
  return best;
}

void mr_engine::loop() {
  clock->reached(0);
  lastWrite = lastRetry = stopwatch();
  while (!stopped && !SignalWatch::interrupted()) {
    SourceState *source = nullptr;
    LaneState *lane = choose(source);
    if (lane) {
      read(*source, *lane);
      continue;
    }
    bool anyOpen = false;
    for (SourceState &state : sources)
      for (LaneState &open : state.lanes)
        anyOpen |= !open.ended;
    if (!anyOpen)
      break;
    wait();
  }
}

/// Reads the lane until its turn is over, it ends or has nothing.
void mr_engine::read(SourceState &source, LaneState &lane) {
  prepareLane(source, lane);
  Partition &part = *lane.part();
  batchBegan = stopwatch();
  while (!stopped && !SignalWatch::interrupted()) {
    int64_t now = clock->now();
    if (!advanceClock(now))
      return;
    uint64_t most = std::min<uint64_t>(options.batch, clock->nextMove() - counts.records);
    Feed batch{&source, &lane, &part, &source.batch};
    Poll result = Poll::Batch;
    if (lane.heldFrom) {
      source.batch = std::exchange(lane.held, {});
      batch.from = std::exchange(lane.heldFrom, 0);
      batch.to = uint32_t(std::min<uint64_t>(batch.from + most, UINT32_MAX));
    } else {
      result = part.poll({uint32_t(most), now, clock->real()}, source.batch);
      counts.blank += source.batch.blank;
    }
    switch (result) {
    case Poll::Batch: {
      noteRecords(source, lane, now);
      if (source.desc->align && part.live()) // of files the order of reading does not depend on it
        batch.pauseAt = mostAhead(source, lane);
      if (!feed(batch))
        return;
      if (batch.rest != UINT32_MAX) {
        lane.held = source.batch;
        lane.heldFrom = batch.rest;
      }
      if (!fireSome())
        return;
      clock->reached(counts.records);
      break;
    }
    case Poll::Turn:
      if (turns) {
        part.park();
        return;
      }
      break;
    case Poll::Promise:
      noteRecords(source, lane, now);
      lane.watermark = std::max(lane.watermark, part.promised());
      if (!advance() || !fireSome() || !expire(/*all=*/false) || !drain())
        return;
      break;
    case Poll::Pending:
      lane.pending = true;
      if (clock->real())
        noteNothing(source, lane, now);
      return;
    case Poll::End:
      endLane(source, lane);
      return;
    case Poll::Failed:
      halt(part.failure(), part.environmentFailed() ? kEnvironment : kWrong);
      return;
    }
    if (!housekeeping(now))
      return;
    if (source.desc->align && part.live()) {
      alignLanes();
      if (lane.ahead && !lane.heldFrom)
        part.park();
      if (lane.ahead)
        return;
    }
  }
}

/// What happens now and then while input goes on. False: another lane is due.
bool mr_engine::housekeeping(int64_t now) {
  int64_t time = stopwatch();
  counts.longestBatch = std::max(counts.longestBatch, time - std::exchange(batchBegan, time));
  if (status.due(time))
    showStatus(time);
  if (time - lastWrite >= kBackstop && !writeOutputs(false))
    return false;
  if (!turns || time - lastRetry < kRetry)
    return true;
  lastRetry = time;
  bool any = false;
  for (SourceState &source : sources)
    for (LaneState &lane : source.lanes)
      any |= std::exchange(lane.pending, false);
  return !any;
}

void mr_engine::showStatus(int64_t time) {
  Progression progression{kPlusInfinity, clock->now(), 0, 0, clock->real()};
  bool known = true;
  for (SourceState &source : sources) {
    if (source.desc->dead_of >= 0)
      continue;
    progression.watermark = std::min(progression.watermark, source.watermark());
    progression.done += source.doneBefore;
    progression.total += source.doneBefore;
    for (const LaneState &lane : source.lanes)
      for (const std::unique_ptr<Partition> &part : lane.parts) {
        if (!part)
          continue;
        progression.done += part->done();
        progression.total += part->total();
        known &= part->total() != 0;
      }
  }
  if (!known)
    progression.total = 0;
  countLate();
  counts.stateBytes = memory ? memory->bytes : 0;
  status.show(counts, progression, time);
}

void mr_engine::countLate() {
  counts.late = counts.partlyLate = counts.inNoWindow = 0;
  for (const mr_window_head &head : heads)
    counts.late += head.late;
  for (const WindowState &window : windows)
    if (const SliceCounts *counted = window.kept     ? &window.kept->counts
                                     : window.slices ? &window.slices->counts
                                                     : nullptr) {
      counts.partlyLate += counted->partlyLate;
      counts.inNoWindow += counted->inNoWindow;
    }
}

void mr_engine::endLane(SourceState &source, LaneState &lane) {
  source.doneBefore += lane.part()->done();
  lane.parts[lane.current].reset();
  if (++lane.current < lane.parts.size())
    return;
  lane.ended = true;
  lane.reached = lane.watermark;
  lane.since = clock->now();
  lane.idle = lane.ahead = false;
  lane.watermark = kPlusInfinity;
  bool all = std::all_of(source.lanes.begin(), source.lanes.end(), [](const LaneState &l) { return l.ended; });
  if (all && !judgeShare(source))
    return;
  if (all && source.deadStream >= 0) {
    LaneState &dead = sources[source.deadStream].lanes[0];
    dead.ended = true;
    dead.watermark = kPlusInfinity;
  }
  advanceClock(clock->now()) && advance();
}

/// Nothing to read now: writes everything, and waits for input, the clock or a signal.
void mr_engine::wait() {
  if (options.host && !(fireRest() && expire(/*all=*/true)))
    return;
  if (!writeOutputs(true))
    return;
  auto askAll = [this] {
    for (SourceState &source : sources)
      for (LaneState &lane : source.lanes)
        lane.pending = false;
  };
  if (options.host) { // it decides what is next
    countLate();
    stopped = !options.host->settled(counts);
    return askAll();
  }
  std::vector<pollfd> descriptors{{SignalWatch::descriptor(), POLLIN, 0}};
  int64_t wake = std::min(nextClockBorder(), nextIdle());
  for (SourceState &source : sources)
    for (LaneState &lane : source.lanes)
      if (lane.pending && lane.part()) {
        wake = std::min(wake, lane.part()->due());
        if (int fd = lane.part()->waitOn(); fd >= 0)
          descriptors.push_back({fd, POLLIN, 0});
      }
  for (bool ready = false; !ready && !stopped && !SignalWatch::interrupted();) {
    int64_t now = clock->now(), time = stopwatch();
    if (clock->real() && now >= wake)
      break;
    if (anyBehind() || anyUnderWay()) { // nothing else to do: the rest of what is due, as long as no input comes
      if (!fireSome() || !expire(/*all=*/false) || !writeOutputs(!anyBehind() && !anyUnderWay()))
        return;
      ready = poll(descriptors.data(), descriptors.size(), 0) > 0;
      continue;
    }
    if (status.due(time))
      showStatus(time);
    explain(time);
    int64_t pause = std::min<int64_t>(status.shows() ? 200'000 : kSilence, clock->real() ? wake - now : kSilence);
    ready = poll(descriptors.data(), descriptors.size(), int((pause + 999) / 1000)) > 0;
  }
  advanceClock(clock->now());
  askAll();
}

/// Says once why windows give nothing, when they have had records for a while: of input that is awaited, be it that
/// nothing comes or that it trickles.
void mr_engine::explain(int64_t time) {
  if (explained || options.quiet)
    return;
  bool open = std::any_of(windows.begin(), windows.end(), [](const WindowState &w) { return w.isOpen() && !w.fired; });
  if (!open || openSince < 0)
    openSince = open ? time : -1;
  if (!open || time - openSince < kSilence)
    return;
  explained = true;
  status.say((counts.rows ? "" : "nothing has come out yet\n") + openWindowsNote(false) + hintAtDrain());
}

std::string mr_engine::hintAtDrain() const {
  return options.drain ? "note: Ctrl-C counts as the end of input, as `--drain` says, and they fire"
                       : "note: Ctrl-C stops without them; with `--drain` it counts as the end of input, and they fire";
}

/// Ctrl-C counts as the end of input, in the midst of a record: as at the end of a file, what is there of it is one.
void mr_engine::readLastLine(SourceState &source, LaneState &lane) {
  Partition &part = *lane.part();
  if (!part.endHere())
    return;
  if (!options.quiet)
    status.say("note: " + part.name() +
               " was interrupted within a record: what is there of its last line counts as one");
  prepareLane(source, lane);
  int64_t now = clock->now();
  if (!advanceClock(now))
    return;
  Poll result = Poll::Batch;
  while (result == Poll::Batch && !stopped) {
    result = part.poll({options.batch, now, clock->real()}, source.batch);
    counts.blank += source.batch.blank;
    Feed batch{&source, &lane, &part, &source.batch};
    if (result == Poll::Batch && !feed(batch))
      return;
  }
  if (result == Poll::Failed)
    halt(part.failure(), part.environmentFailed() ? kEnvironment : kWrong);
}

/// The operators that have results which did not fire, or not all of them: "`t`, `s`".
static std::string openNames(const mr_engine &engine) {
  std::string names;
  for (const WindowState &window : engine.windows)
    if (window.isOpen() || !window.due.empty())
      names += (names.empty() ? "`" : ", `") + std::string(window.desc->name) + "`";
  return names;
}

/// After the loop: the last firings if Ctrl-C is to count as the end, ends of files, what is left to say.
void mr_engine::finish() {
  bool interrupted = SignalWatch::interrupted() && !stopped;
  if (!stopped && fireRest() && expire(/*all=*/true))
    drain();
  if (interrupted && options.drain) {
    for (SourceState &source : sources)
      for (LaneState &lane : source.lanes)
        if (!stopped && !lane.ended && lane.part() && !lane.heldFrom)
          readLastLine(source, lane);
    for (SourceState &source : sources)
      for (LaneState &lane : source.lanes) {
        lane.ended = true;
        lane.watermark = kPlusInfinity;
      }
    bool good = std::all_of(sources.begin(), sources.end(), [this](const SourceState &s) { return judgeShare(s); });
    good && !stopped && advanceClock(clock->now()) && advance() && fireRest();
  }
  if (interrupted && !stopped) {
    exitCode = kInterrupted;
    if (std::string note = openWindowsNote(true); !note.empty() && !options.quiet)
      status.say(note + "note: interrupted: these did not fire; `--drain` fires what is open");
  } else if (stopped && exitCode == kInterrupted) {
    if (std::string names = openNames(*this); !names.empty())
      status.say("note: these hold results that were not written: " + names);
  }
  status.clear();
  noteDisplaced();
  for (SinkState &sink : sinks)
    if (sink.encoder)
      sink.encoder->end(sink.output->buffer);
  for (const std::unique_ptr<Output> &output : outputs) {
    output->close();
    if (output->unread() && !std::exchange(unreadTold, true)) {
      status.say(output->unreadMessage());
      exitCode = exitCode == kDone ? int(kInterrupted) : exitCode;
    }
    if (output->failed() && exitCode != kEnvironment) {
      status.say(output->failure());
      exitCode = kEnvironment;
    }
  }
  countLate();
}
