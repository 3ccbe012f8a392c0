//===- json_decoder.cpp - JSON lines to records --------------------------------===//
#include "runtime/io/json/json_decoder.h"
#include "runtime/io/json/batch.h"
#include "runtime/io/json/index.h"
#include "runtime/io/json/utf8.h"

#include <cstring>

using namespace millrace;
using namespace millrace::json;

namespace {

class JsonDecoder final : public Decoder {
public:
  JsonDecoder(const mr_source_desc &source, Schema schema_, const Limits &limits, const DecodeOptions &options);
  void begin(const uint8_t *bytes, size_t size) override;
  bool next(uint32_t maxRecords, DecodedBatch &batch) override;

private:
  bool indexNext();
  void plainLines();
  uint32_t lineEnd();
  void oneLine(DecodedBatch &batch);
  void skipLine(uint64_t end);
  uint32_t nextCare(uint32_t from);

  Schema schema;
  Limits limits;
  std::string tooLong; ///< the reason, if a record is longer than its limit
  RecordParser parser;
  BatchColumns columns;
  IndexFn index;
  TextIndex window;

  const uint8_t *text = nullptr; ///< what `begin` was given
  uint64_t size = 0, at = 0;     ///< its size; where the next line starts
  uint32_t rows = 0, dirty = 0;

  uint64_t windowBase = 0; ///< where the indexed part of the text starts
  uint32_t windowLength = 0;
  const uint32_t *position = nullptr; ///< in window.positions: the first at or behind `at`
};

} // namespace

JsonDecoder::JsonDecoder(const mr_source_desc &source, Schema schema_, const Limits &limits,
                         const DecodeOptions &options)
    : schema(std::move(schema_)), limits(limits),
      tooLong(limits.record == kMaxRecord ? kTooLongReason : "longer than " + std::to_string(limits.record) + " bytes"),
      parser(schema, limits), columns(schema, source.num_fields, options.maxBatch), index(pickIndex(options.simd)) {}

void JsonDecoder::begin(const uint8_t *bytes, size_t size_) {
  text = bytes;
  size = size_;
  at = windowBase = 0;
  windowLength = 0;
  window.count = window.careCount = 0;
  position = nullptr;
}

/// A line that holds nothing.
static bool isBlank(const uint8_t *line, uint64_t length) {
  for (uint64_t i = 0; i < length; ++i)
    if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r')
      return false;
  return true;
}

/// The next line by the general path.
void JsonDecoder::oneLine(DecodedBatch &batch) {
  const uint8_t *line = text + at;
  const void *feed = std::memchr(line, '\n', size - at);
  uint64_t length = feed ? uint64_t(static_cast<const uint8_t *>(feed) - line) : size - at;
  uint64_t offset = at;
  at += length + (feed != nullptr);
  if (length > limits.record) {
    batch.malformed.push_back({rows, offset, limits.record, limits.record, tooLong});
    return;
  }
  length -= length && line[length - 1] == '\r';
  if (isBlank(line, length)) {
    ++batch.blank;
    return;
  }
  Flaw flaw;
  if (parser.parse({reinterpret_cast<const char *>(line), length}, columns.fields.data(), rows, columns.arena, dirty,
                   flaw)) {
    columns.offsets[rows] = uint32_t(offset);
    columns.lengths[rows] = uint32_t(length);
    ++rows;
    return;
  }
  batch.malformed.push_back({rows, offset, length, flaw.byte, std::move(flaw.reason)});
}

bool JsonDecoder::next(uint32_t maxRecords, DecodedBatch &batch) {
  batch.malformed.clear();
  batch.blank = 0;
  columns.arena.reset();
  rows = dirty = 0;
  maxRecords = std::min(maxRecords, columns.capacity);
  while (at < size && rows + batch.malformed.size() < maxRecords)
    oneLine(batch);
  batch.batch = {rows, dirty, columns.columns.data(), nullptr};
  batch.offsets = columns.offsets.data();
  batch.lengths = columns.lengths.data();
  return rows || !batch.malformed.empty();
}

/// An option that is a whole number of at least 1.
static uint64_t limitOption(const Options &options, std::string_view name, uint64_t fallback, uint64_t greatest,
                            std::string &problem) {
  int64_t value = options.integer(name, int64_t(fallback), problem);
  if (problem.empty() && (value < 1 || uint64_t(value) > greatest))
    problem = "option `" + std::string(name) + "`: expected 1 to " + std::to_string(greatest) + ", found " +
              std::to_string(value);
  return uint64_t(value);
}

std::unique_ptr<Decoder> millrace::makeJsonDecoder(const mr_source_desc &source, const DecodeOptions &options,
                                                   std::string &error) {
  Schema schema = Schema::build(source, error);
  Limits limits;
  limits.record = options.maxRecord;
  limits.string = limitOption(options.format, "max_string", limits.string, uint64_t(1) << 30, error);
  limits.depth = uint32_t(limitOption(options.format, "max_nesting", limits.depth, maxDepthLimit, error));
  limits.members = uint32_t(limitOption(options.format, "max_members", limits.members, 1 << 30, error));
  if (!error.empty())
    return nullptr;
  return std::make_unique<JsonDecoder>(source, std::move(schema), limits, options);
}
