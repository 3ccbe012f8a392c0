//===- source.h - how records come in -------------------------------------===//
//
// Internal. A source has one or more partitions (a file, standard input, a
// generator). A partition gives batches in its own order (rule 10). Where
// bytes are read, a Decoder turns them into records; where records are made, a
// Generator does.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_SOURCE_H
#define MILLRACE_RUNTIME_IO_SOURCE_H

#include "millrace/abi.h"
#include "runtime/io/memory_source.h"
#include "runtime/io/options.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace millrace {

/// Padding that may be read (not written) before the first and behind the last byte given to a decoder.
inline constexpr size_t kPadding = 64;
/// The largest record, without its line end.
inline constexpr size_t kMaxRecord = size_t(1) << 20;
/// Why a longer one is malformed.
inline constexpr const char *kTooLongReason = "longer than 1 MiB, the most that a record may have";
/// The unit in which several partitions take turns (rule 10); a record belongs to the chunk in which it starts.
inline constexpr uint64_t kChunk = uint64_t(1) << 20;
/// Records of a generator that make one chunk.
inline constexpr uint32_t kGeneratorChunk = 4096;
inline constexpr uint32_t kMaxBatch = 4096;

enum class DecodePath : uint8_t { Auto, Generated, Learned, General };
enum class Simd : uint8_t { Auto, Avx512, Avx2, Portable };

/// What decoders and generators are told when they are made.
struct DecodeOptions {
  DecodePath path = DecodePath::Auto;
  Simd simd = Simd::Auto;
  size_t maxRecord = kMaxRecord; ///< bytes
  uint32_t maxBatch = kMaxBatch; ///< records, the greatest that will be asked for
  bool buildAll = false;         ///< build unused fields too (generators whose bad records go to a dead-letter stream)
  Options format;                ///< the format's options
  const MemoryInputs *memory = nullptr; ///< what the host hands over
};

/// A record that is not well-formed (rule 48). It is in no batch.
struct MalformedRecord {
  uint32_t before;    ///< it stood before record `before` of the batch it is reported with
  uint64_t offset;    ///< of its first byte, from the first byte given to `begin`
  uint64_t length;    ///< bytes, without the line end
  uint64_t byte;      ///< where in the record the error is, from 0
  std::string reason; ///< "expected `:` after a member's name"
};

/// Records on their way to a step. Whoever fills it owns the columns' memory and keeps it, and every string in it,
/// until it is asked for the next batch.
struct DecodedBatch {
  mr_batch batch = {};                    ///< size, dirty, columns; event_time is set by the engine
  uint64_t base = 0;                      ///< what `offsets` count from: bytes from the first byte given to `begin`
  const uint32_t *offsets = nullptr;      ///< record i's first byte, from `base`; 0: no bytes known
  const uint32_t *lengths = nullptr;      ///< record i's bytes, without the line end
  std::vector<MalformedRecord> malformed; ///< in their order
  uint64_t blank = 0;                     ///< blank lines passed over
};

/// Turns bytes into records; one for each partition.
class Decoder {
public:
  virtual ~Decoder() = default;

  /// How many of the bytes are whole records, of those that start before `stop` (<= size). `atEnd`: no bytes follow, so
  /// that a last record without line end is whole. 0 if there is none. `bytes` starts at a record's start.
  /// The default is for formats with one record a line.
  virtual size_t wholeRecords(const uint8_t *bytes, size_t size, size_t stop, bool atEnd) const;

  /// New bytes: whole records only (the last one's line end may be missing at the end of input), with kPadding readable
  /// bytes on both sides. They stay until `begin` is called again. `size` < 4 GiB.
  virtual void begin(const uint8_t *bytes, size_t size) = 0;

  /// The next records of these bytes: at most `maxRecords`, well-formed and malformed ones together, blank lines not
  /// counted. False, with nothing in the batch but perhaps `blank`, when none is left. A record longer than
  /// `maxRecord` is malformed.
  virtual bool next(uint32_t maxRecords, DecodedBatch &batch) = 0;

  /// No bytes follow: sets the failure if the input cannot be whole (a format with an end marker).
  virtual void finish() {}

  /// Not empty once the input is not in this format at all (a wrong header): the pipeline stops with this message.
  virtual const std::string &failure() const;
};

/// Makes records. `sequence` and `nexmark` are in runtime/io/generate.
class Generator {
public:
  virtual ~Generator() = default;

  enum class Result : uint8_t { Batch, Pending, End };

  /// The next records, at most `maxRecords`. `now` is processing time in microseconds; a generator with a rate makes
  /// what is due by then, and answers Pending with `due` set to the time of its next record if that is nothing. `paced`
  /// is false in simulations: never wait.
  virtual Result poll(uint32_t maxRecords, int64_t now, bool paced, DecodedBatch &batch, int64_t &due) = 0;

  /// Does it make its records in real time?
  virtual bool paced() const { return false; }

  /// How many records there will be in all, if it ends.
  virtual std::optional<uint64_t> total() const = 0;
};

} // namespace millrace

#endif
