//===- json_decoder.cpp - JSON lines to records ---------------------------===//
#include "runtime/io/json/json_decoder.h"
#include "runtime/io/json/batch.h"
#include "runtime/io/json/index.h"
#include "runtime/io/json/learned.h"
#include "runtime/io/json/utf8.h"

#include <algorithm>
#include <cstring>
#include <immintrin.h>

using namespace millrace;
using namespace millrace::json;

namespace {

/// A decoder for one shape, generated or learned, and how much it has been of use.
struct LiveShape {
  const mr_json_shape *generated = nullptr;
  std::unique_ptr<LearnedShape> learned;
  uint64_t records = 0;

  uint32_t positions() const { return generated ? generated->positions : learned->positions(); }
  void decode(mr_json_lines &lines) const { generated ? generated->decode(&lines) : learned->decode(lines); }
};

/// More learned shapes than this are not kept.
constexpr size_t maxLearned = 8;

class JsonDecoder final : public Decoder {
public:
  JsonDecoder(const mr_source_desc &source, Schema schema_, const Limits &limits, const DecodeOptions &options);
  void begin(const uint8_t *bytes, size_t size) override;
  bool next(uint32_t maxRecords, DecodedBatch &batch) override;

private:
  void openWindow();
  uint32_t nextCare();
  bool byShape(uint32_t maxRows);
  void oneLine(DecodedBatch &batch);
  bool record(std::string_view line, uint64_t offset, DecodedBatch &batch);
  void learn(std::string_view line);

  Schema schema;
  Limits limits;
  std::string tooLong; ///< the reason, if a record is longer than its limit
  RecordParser parser;
  BatchColumns columns;

  const uint8_t *text = nullptr; ///< what `begin` was given
  uint64_t size = 0, at = 0;     ///< its size; where the next line starts
  uint32_t rows = 0, dirty = 0;

  // Stage 1: the window of the text that has an index.
  bool learning; ///< are they learned?
  IndexFn makeIndex;
  std::unique_ptr<TextIndex> index;
  uint64_t windowBase = 0, windowEnd = 0; ///< in the text
  const uint32_t *position = nullptr;     ///< the first at or behind `at`
  uint32_t careAt = 0;                    ///< the first block of the care list that is not behind us

  // Stage 2.
  std::vector<LiveShape> shapes;
  size_t favourite = 0; ///< the shape of the last line that had one
  std::vector<ShapeField> fields;
  uint64_t misses = 0, nextLearn = 1; ///< lines that no shape fitted; learn at this many
};

} // namespace

JsonDecoder::JsonDecoder(const mr_source_desc &source, Schema schema_, const Limits &limits,
                         const DecodeOptions &options)
    : schema(std::move(schema_)), limits(limits),
      tooLong(limits.record == kMaxRecord ? kTooLongReason : "longer than " + std::to_string(limits.record) + " bytes"),
      parser(schema, limits), columns(schema, source.num_fields, options.maxBatch), makeIndex(pickIndex(options.simd)),
      fields(shapeFields(source)) {
  // A line in a window is within these limits whatever it holds, and a shape is within the others by its making.
  bool roomy = limits.record >= windowSize && limits.string >= windowSize && limits.depth >= maxShapeDepth &&
               limits.members >= MR_JSON_POSITIONS;
  learning = roomy && (options.path == DecodePath::Auto || options.path == DecodePath::Learned);
  if (roomy && (options.path == DecodePath::Auto || options.path == DecodePath::Generated))
    for (uint32_t i = 0; i < source.num_shapes; ++i)
      shapes.emplace_back().generated = &source.shapes[i];
}

void JsonDecoder::begin(const uint8_t *bytes, size_t size_) {
  text = bytes;
  size = size_;
  at = windowBase = windowEnd = 0;
}

//===-- stage 1 -----------------------------------------------------------===//

/// Indexes the text from the next line on.
void JsonDecoder::openWindow() {
  if (!index)
    index = std::make_unique<TextIndex>();
  windowBase = at;
  uint32_t length = uint32_t(std::min<uint64_t>(size - at, windowSize));
  windowEnd = at + length;
  makeIndex(text + at, length, *index);
  position = index->positions.get();
  careAt = 0;
  bool high = false;
  for (uint32_t i = 0; i < index->careCount; ++i)
    high |= index->care[i].high != 0;
  if (!high)
    return;
  // Bytes beyond ASCII need no care where all of the window's whole lines are valid.
  const uint32_t *last = index->positions.get() + index->count;
  while (last != index->positions.get() && text[at + last[-1]] != '\n')
    --last;
  uint64_t whole = last == index->positions.get() ? 0 : uint64_t(last[-1]) + 1;
  if (invalidUtf8(text + at, whole) == whole)
    for (uint32_t i = 0; i < index->careCount; ++i)
      index->care[i].high = 0;
}

/// Where the next byte is that needs care, at or behind the next line's start; from windowBase.
uint32_t JsonDecoder::nextCare() {
  uint32_t from = uint32_t(at - windowBase);
  for (; careAt < index->careCount; ++careAt) {
    const CareBlock &block = index->care[careAt];
    uint64_t bytes = block.special | block.high;
    if (from > block.base)
      bytes = from - block.base >= 64 ? 0 : bytes & (~uint64_t(0) << (from - block.base));
    if (bytes)
      return block.base + uint32_t(_tzcnt_u64(bytes));
  }
  return UINT32_MAX;
}

//===-- stage 2 -----------------------------------------------------------===//

/// Decodes lines for as long as they have a shape that is known. False if the next line has none.
bool JsonDecoder::byShape(uint32_t maxRows) {
  mr_json_lines lines = {text + windowBase,
                         position,
                         uint32_t(at - windowBase),
                         nextCare(),
                         rows,
                         maxRows,
                         columns.columns.data(),
                         columns.offsets.data(),
                         columns.lengths.data(),
                         uint32_t(windowBase)};
  bool found = true;
  while (found && lines.row < maxRows) {
    found = false;
    for (size_t i = 0; i < shapes.size() && !found; ++i) {
      size_t which = i == 0 ? favourite : i <= favourite ? i - 1 : i;
      LiveShape &shape = shapes[which];
      uint32_t end = lines.index[shape.positions() - 1], before = lines.row;
      if (end >= lines.stop || lines.text[end] != '\n')
        continue;
      shape.decode(lines);
      found = lines.row != before;
      shape.records += lines.row - before;
      if (found)
        favourite = which;
    }
  }
  rows = lines.row;
  position = lines.index;
  at = windowBase + lines.start;
  return found;
}

/// Makes a shape of a line that was decoded by the general path. Tries more and more seldom while it is of no use.
void JsonDecoder::learn(std::string_view line) {
  if (!learning || ++misses < nextLearn)
    return;
  nextLearn = misses + std::min<uint64_t>(misses, 1000);
  std::optional<LineShape> shape = learnShape(line);
  if (!shape)
    return;
  std::optional<ShapeBinding> binding = bindShape(*shape, fields);
  if (!binding)
    return;
  LiveShape fresh;
  fresh.learned = std::make_unique<LearnedShape>(*shape, *binding);
  size_t learned = 0, least = shapes.size();
  for (size_t i = 0; i < shapes.size(); ++i) {
    if (!shapes[i].learned)
      continue;
    ++learned;
    if (least == shapes.size() || shapes[i].records < shapes[least].records)
      least = i;
  }
  if (learned < maxLearned) {
    shapes.push_back(std::move(fresh));
  } else {
    shapes[least] = std::move(fresh);
    for (LiveShape &other : shapes) // what was of use long ago does not stay for ever
      other.records /= 2;
  }
}

//===-- lines -------------------------------------------------------------===//

/// A line that holds nothing.
static bool isBlank(std::string_view line) { return line.find_first_not_of(" \t\r") == line.npos; }

/// One record by the general path. False if it is malformed.
bool JsonDecoder::record(std::string_view line, uint64_t offset, DecodedBatch &batch) {
  Flaw flaw;
  if (!parser.parse(line, columns.fields.data(), rows, columns.arena, dirty, flaw)) {
    batch.malformed.push_back({rows, offset, line.size(), flaw.byte, std::move(flaw.reason)});
    return false;
  }
  columns.offsets[rows] = uint32_t(offset);
  columns.lengths[rows] = uint32_t(line.size());
  ++rows;
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
  std::string_view bytes(reinterpret_cast<const char *>(line), length);
  if (isBlank(bytes))
    ++batch.blank;
  else if (record(bytes, offset, batch))
    learn(bytes);
}

bool JsonDecoder::next(uint32_t maxRecords, DecodedBatch &batch) {
  batch.malformed.clear();
  batch.blank = batch.base = 0;
  columns.arena.reset();
  rows = dirty = 0;
  maxRecords = std::min(maxRecords, columns.capacity);
  while (at < size && rows + batch.malformed.size() < maxRecords) {
    if (!shapes.empty()) {
      if (at >= windowEnd)
        openWindow();
      if (byShape(maxRecords - uint32_t(batch.malformed.size())) || at == size)
        continue;
      // No whole line is left in the window, or the line has no shape that we know.
      const uint32_t *end = position;
      while (*end != UINT32_MAX && text[windowBase + *end] != '\n')
        ++end;
      if (*end == UINT32_MAX && windowEnd < size && windowBase < at) {
        openWindow();
        continue;
      }
      position = end + (*end != UINT32_MAX);
    }
    oneLine(batch);
  }
  batch.batch = {rows, dirty, columns.columns.data(), nullptr, nullptr};
  batch.offsets = columns.offsets.data();
  batch.lengths = columns.lengths.data();
  return rows || !batch.malformed.empty();
}

//===-- making one --------------------------------------------------------===//

/// An option that is a whole number of at least 1.
static uint64_t limitOption(const Options &options, std::string_view name, uint64_t fallback, uint64_t greatest,
                            std::string &error) {
  int64_t value = options.integer(name, int64_t(fallback), error);
  if (error.empty() && (value < 1 || uint64_t(value) > greatest))
    error = "option `" + std::string(name) + "`: expected 1 to " + std::to_string(greatest) + ", found " +
            std::to_string(value);
  return uint64_t(value);
}

std::unique_ptr<Decoder> millrace::makeJsonDecoder(const mr_source_desc &source, const DecodeOptions &options,
                                                   std::string &error) {
  Schema schema = Schema::build(source, error);
  Limits limits;
  limits.record = limitOption(options.format, "max_record", options.maxRecord, kMaxRecord, error);
  limits.string = limitOption(options.format, "max_string", limits.string, uint64_t(1) << 30, error);
  limits.depth = uint32_t(limitOption(options.format, "max_nesting", limits.depth, maxDepthLimit, error));
  limits.members = uint32_t(limitOption(options.format, "max_members", limits.members, 1 << 30, error));
  if (error.empty() && options.path == DecodePath::Generated && source.num_shapes == 0)
    error = "no decoder was generated for it: `--decode=generated` needs a sample of the input when compiling";
  if (error.empty() && options.simd == Simd::Avx512 && !hasSimd(Simd::Avx512))
    error = "this machine has no AVX-512";
  if (!error.empty())
    return nullptr;
  return std::make_unique<JsonDecoder>(source, std::move(schema), limits, options);
}
