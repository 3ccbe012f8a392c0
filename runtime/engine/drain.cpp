//===- drain.cpp - rows from steps to encoders and outputs ------------------------------===//
#include "runtime/engine/signals.h"
#include "runtime/engine/state.h"

#include <cstdlib>
#include <utility>

using namespace millrace;

/// Called by generated code: more room behind rows that are not handed in yet (they end at `end`).
extern "C" uint8_t *mr_out_grow(mr_task *task, uint32_t sink, uint8_t *end, uint64_t rows) {
  mr_out &out = task->outs[sink];
  size_t inHand = end - out.begin, written = out.end - out.begin;
  size_t capacity = size_t(out.limit - out.begin) * 2, needed = inHand + size_t(rows) * out.rowSize;
  capacity = capacity < needed ? needed : capacity;
  capacity = capacity < 4096 ? 4096 : capacity;
  uint8_t *memory = static_cast<uint8_t *>(std::realloc(out.begin, capacity));
  if (!memory) {
    task->engine->stop(kEnvironment, "error: out of memory for output rows");
    std::_Exit(kEnvironment);
  }
  out.begin = memory;
  out.end = memory + written;
  out.limit = memory + capacity;
  return memory + inHand;
}

/// Is what takes long to be left undone? Not if Ctrl-C counts as the end of input.
bool mr_engine::givenUp() const { return SignalWatch::again() || (!options.drain && SignalWatch::impatient()); }

/// Encodes the rows of a sink, in slices: what they are as bytes may be much more than they are as rows.
bool mr_engine::encodeRows(SinkState &sink, const uint8_t *from, size_t rows) {
  while (rows && sink.output->wanted()) {
    size_t taken = sink.encoder->encode(from, rows, sink.output->buffer);
    if (std::string_view failure = sink.encoder->failure(); !failure.empty())
      return stop(kWrong, "error: sink `" + std::string(sink.desc->name) + "`: " + std::string(failure));
    if (sink.output->isMuch())
      writeOutput(*sink.output);
    from += taken * sink.desc->row_size;
    rows -= taken;
    if (rows && sink.output->wanted() && givenUp())
      return stop(kInterrupted,
                  "error: interrupted: not all rows of the records that were read last were written to `" +
                      std::string(sink.desc->name) + "`");
  }
  return true;
}

/// Encodes all rows. Afterwards nothing points into the batch or the arena any more, and the arena is free again.
bool mr_engine::drain() {
  for (size_t i = 0; i < sinks.size(); ++i) {
    mr_out &out = outs[i];
    if (out.end == out.begin)
      continue;
    SinkState &sink = sinks[i];
    size_t rows = size_t(out.end - out.begin) / out.rowSize;
    sink.rows += rows;
    counts.rows += rows;
    if (sink.encoder && !encodeRows(sink, out.begin, rows))
      return false;
    out.end = out.begin;
  }
  task.outBytes = 0;
  for (WindowState &window : windows)
    if (window.waiting)
      window.waiting->settle();
  arena.reset(task);
  bool anyGone = false, anyLeft = false;
  for (const std::unique_ptr<Output> &output : outputs) {
    if (output->failed())
      return stop(kEnvironment, output->failure());
    if (output->unread() && !std::exchange(unreadTold, true))
      return stop(kInterrupted, output->unreadMessage());
    (output->readerGone() ? anyGone : anyLeft) = true;
  }
  if (anyGone && !anyLeft && !stopped) { // nobody reads any more: a clean end
    stopped = true;
    exitCode = kDone;
  }
  return !stopped;
}

void mr_engine::discardTo(const std::vector<size_t> &bytes) {
  for (size_t i = 0; i < outs.size(); ++i)
    outs[i].end = outs[i].begin + bytes[i];
}

void mr_engine::writeOutput(Output &output) {
  if (&output == standardOutput) // both may be the same terminal
    status.clear();
  output.write();
}

/// Messages on the terminal have pushed away what encoders keep in place there.
void mr_engine::noteDisplaced() {
  if (!status.terminal() || status.messages() == messagesSeen)
    return;
  messagesSeen = status.messages();
  for (SinkState &sink : sinks)
    if (sink.encoder)
      sink.encoder->displaced();
}

/// Writes what is encoded; with `flushEncoders` also what encoders held back.
bool mr_engine::writeOutputs(bool flushEncoders) {
  noteDisplaced();
  for (SinkState &sink : sinks)
    if (sink.encoder)
      flushEncoders ? sink.encoder->flush(sink.output->buffer) : sink.encoder->refresh(sink.output->buffer);
  for (const std::unique_ptr<Output> &output : outputs)
    if (!output->buffer.empty())
      writeOutput(*output);
  lastWrite = stopwatch();
  return drain();
}
