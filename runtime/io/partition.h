//===- partition.h - a part of a source that has an order ------------------===//
//
// Internal. The engine polls partitions in turn (rule 10). A partition never
// blocks: it gives a batch, or says what to wait for.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_PARTITION_H
#define MILLRACE_RUNTIME_IO_PARTITION_H

#include "runtime/io/source.h"
#include "runtime/io/storage.h"

namespace millrace {

enum class Poll : uint8_t {
  Batch,   ///< there are records
  Turn,    ///< a chunk ends here: another partition may be due (rule 10)
  Pending, ///< nothing now: wait for `waitOn` or `due`
  Promise, ///< no record, but the watermark has moved without one: to `promised`
  End,     ///< nothing any more
  Failed,  ///< `failure` says why; the pipeline stops
};

struct PollRequest {
  uint32_t maxRecords; ///< well-formed and malformed ones together
  int64_t now;         ///< processing time, microseconds
  bool paced;          ///< does time pass by itself?
};

/// Where a record stands in its input, for messages and dead letters.
struct RecordPlace {
  std::string_view raw; ///< its bytes, as far as they are known
  int64_t line = -1;    ///< from 1; -1: unknown
  int64_t byte = -1;    ///< offset of its first byte in the input, from 0; -1: unknown
};

class Partition {
public:
  virtual ~Partition() = default;

  /// The next records. Poll::Batch: `batch` holds some (perhaps only malformed ones). `batch.blank` counts in any case.
  virtual Poll poll(const PollRequest &request, DecodedBatch &batch) = 0;

  /// Where a record of the last batch stands.
  virtual RecordPlace place(const DecodedBatch &batch, uint32_t record) const { return {}; }
  virtual RecordPlace place(const MalformedRecord &record) const { return {}; }

  /// After Poll::Pending: the descriptor to wait on (-1: none) and the time at which to ask again (INT64_MAX: never).
  virtual int waitOn() const { return -1; }
  virtual int64_t due() const { return INT64_MAX; }

  /// After Poll::Promise: no record with this timestamp or one before it comes any more. A value below the watermark
  /// that holds already says nothing.
  virtual int64_t promised() const { return INT64_MIN; }

  /// Do its records come as they are made, so that their times are about now? Known when it has given some.
  virtual bool live() const { return false; }

  /// Another partition is read for a while: memory may be given back.
  virtual void park() {}

  /// The input counts as ended where it has been read. Is the begin of a record there, and nothing else? Then that is
  /// the last one: it comes with the next call of poll.
  virtual bool endHere() { return false; }

  /// Bytes (or records of a generator) read so far and in all (0: unknown), for a progress display.
  virtual uint64_t done() const { return 0; }
  virtual uint64_t total() const { return 0; }

  /// The path of the file; empty if it is none.
  const std::string &file() const { return path; }
  /// How messages call it.
  const std::string &name() const { return title; }
  const std::string &failure() const { return message; }
  /// Is it the environment's fault (exit code 3) or the input's (1)?
  bool environmentFailed() const { return environment; }

protected:
  Poll fail(std::string text, bool ofEnvironment) {
    message = std::move(text);
    environment = ofEnvironment;
    return Poll::Failed;
  }

  std::string path, title, message;
  bool environment = false;
};

/// Bytes of a file or of standard input through a decoder. With an empty `path` it is standard input. `turns`: report
/// Poll::Turn at each chunk.
std::unique_ptr<Partition> makeReader(Storage &storage, std::string path, std::unique_ptr<Decoder> decoder, bool turns);

/// A generator.
std::unique_ptr<Partition> makeGeneratorPartition(std::unique_ptr<Generator> generator, std::string name);

} // namespace millrace

#endif
