//===- Sources.h - where records come from -------------------------*- C++ -*-===//
//
// Rules 5, 6, 10 and 48: a source is a number of lanes (partitions), each with
// its own watermark. All records of a lane are read beforehand: a reference
// need not be quick.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_REFERENCE_SOURCES_H
#define MILLRACE_TEST_REFERENCE_SOURCES_H

#include "Expressions.h"
#include "Fields.h"
#include "Rows.h"

namespace millrace::reference {

/// Where a record stood, for its dead letter (rule 49).
struct Origin {
  std::string raw;                   ///< its bytes, at most 1 MiB
  std::optional<std::string> file;   ///< standard input and generators have none
  std::optional<int64_t> line, byte; ///< from 1, from 0
};

/// A record as it was read.
struct Record {
  Origin origin;
  uint64_t chunk = 0;                 ///< of its lane
  uint64_t blankBefore = 0;           ///< blank lines between the record before and this one
  std::optional<Row> row;             ///< nothing if it is not well-formed
  std::optional<int64_t> punctuation; ///< where the watermark is punctuated: to what the record moves it, if it does
  std::string reason;                 ///< of a malformed record, where the reference has a text for it
};

/// One partition, or several that are read one after the other.
struct Lane {
  std::vector<Record> records;
  uint64_t blankAtEnd = 0;
  size_t next = 0;
  int64_t watermark = minusInfinity; ///< unopened: −∞, ended: +∞ (rule 6)
  bool ended() const { return next == records.size(); }
};

struct SourceOptions {
  uint64_t chunk = 1 << 20;       ///< bytes that a lane gives before it is another one's turn (rule 10)
  uint64_t generatorChunk = 4096; ///< the same for generators, records
  size_t maxRecord = 1 << 20;     ///< bytes
};

/// Opens the source. `used`: which fields the pipeline as written uses. Empty with a message in `error` if it cannot be
/// read.
std::vector<Lane> openSource(stream::SourceOp op, const std::vector<bool> &used, const Environment &params,
                             const SourceOptions &options, std::string &error);

/// The value of an option of a connector or format as text; a param's value if it is one.
std::optional<std::string> optionText(mlir::DictionaryAttr options, mlir::ValueRange args, llvm::StringRef name,
                                      const Environment &params);

/// Records that a generator makes: their fields by name. `sequence` and `nexmark`.
struct GeneratedField {
  std::string name;
  Value value;
};
std::vector<std::vector<GeneratedField>> generate(stream::SourceOp op, const Environment &params, std::string &error);

} // namespace millrace::reference
#endif
