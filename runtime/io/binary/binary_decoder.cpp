//===- binary_decoder.cpp - the binary format to records (format.md) ------===//
//
// A batch points into the block's rows: nothing is copied, unless strings that
// do not fit in place are used, which must become pointers: then the batch's
// rows are copied first.
//
//===----------------------------------------------------------------------===//
#include "runtime/io/binary/binary_decoder.h"
#include "runtime/io/binary/format.h"
#include "runtime/io/json/utf8.h"
#include "runtime/values/calendar.h"
#include "runtime/values/string_view.h"

#include <algorithm>

using namespace millrace;
using namespace millrace::binary;

namespace {

template <typename T> T readAs(const uint8_t *at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

class BinaryDecoder final : public Decoder {
public:
  BinaryDecoder(const mr_source_desc &source, RowLayout layout_, uint32_t maxBatch);
  size_t wholeRecords(const uint8_t *bytes, size_t size, size_t stop, bool atEnd) const override;
  void begin(const uint8_t *bytes, size_t size) override;
  bool next(uint32_t maxRecords, DecodedBatch &batch) override;
  void finish() override;
  const std::string &failure() const override { return problem; }

private:
  bool fail(uint64_t where, std::string what);
  bool readHeader();
  bool checkFields(const uint8_t *fields, const uint8_t *end);
  std::string fieldList() const;
  bool nextBlock();
  bool readEnd();
  uint32_t goodRows(const uint8_t *rows, uint32_t count, std::string &reason) const;
  uint32_t goodRowsOf(uint32_t field, const uint8_t *rows, uint32_t count, std::string &reason) const;
  uint32_t goodStrings(uint32_t field, const uint8_t *rows, uint32_t count, std::string &reason) const;
  uint8_t *ownCopy(const uint8_t *rows, uint32_t count);

  const mr_source_desc &source;
  RowLayout layout;
  std::vector<uint32_t> used, strings; ///< fields that are read; those of them that are strings
  std::vector<mr_column> columns;
  std::vector<uint32_t> offsets, lengths; ///< the same for every batch: rows are equally long
  std::vector<uint64_t> copy;             ///< a batch's rows with pointers in them
  std::string problem;

  const uint8_t *bytes = nullptr;
  size_t size = 0, at = 0;         ///< of `bytes`; what comes next
  uint64_t before = 0;             ///< bytes of the input before `bytes`
  const uint8_t *row = nullptr;    ///< the block in hand: the next row
  uint32_t left = 0;               ///< its rows not yet given
  const uint8_t *heap = nullptr;   ///< its strings
  uint64_t heapSize = 0, rows = 0; ///< their bytes; rows of all blocks so far
  bool headed = false, ended = false;
};

} // namespace

BinaryDecoder::BinaryDecoder(const mr_source_desc &source, RowLayout layout_, uint32_t maxBatch)
    : source(source), layout(std::move(layout_)), columns(source.num_fields, mr_column{nullptr, nullptr}),
      offsets(maxBatch), lengths(maxBatch, layout.size) {
  for (uint32_t f = 0; f < source.num_fields; ++f) {
    if (!source.fields[f].used && source.event_time != int32_t(f))
      continue;
    used.push_back(f);
    if (source.fields[f].type == MR_STRING || source.fields[f].type == MR_BYTES)
      strings.push_back(f);
  }
  for (uint32_t i = 0; i < maxBatch; ++i)
    offsets[i] = i * layout.size;
}

bool BinaryDecoder::fail(uint64_t where, std::string what) {
  problem = std::move(what) + " (byte " + std::to_string(before + where) + " of the input)";
  left = 0;
  at = size;
  return false;
}

//===-- the parts of a file -----------------------------------------------===//

/// Bytes of the block whose head is at `at`; 0 if that is no block.
static uint64_t blockBytes(const uint8_t *at, uint32_t rowSize) {
  BlockHead head = readAs<BlockHead>(at);
  uint64_t bytes = sizeof head + uint64_t(head.rows) * rowSize + head.heap;
  return head.tag == blockTag && head.rows && !head.zero && head.heap % 8 == 0 && bytes <= maxBlock ? bytes : 0;
}

size_t BinaryDecoder::wholeRecords(const uint8_t *bytes, size_t size, size_t stop, bool atEnd) const {
  size_t whole = 0;
  if (!headed) {
    if (size < sizeof(HeaderStart))
      return atEnd ? size : 0;
    HeaderStart start = readAs<HeaderStart>(bytes);
    if (std::memcmp(start.magic, magic, sizeof magic) != 0 || start.size > maxHeader || start.size < minHeader)
      return size; // begin says what is wrong
    if (start.size > size)
      return atEnd ? size : 0;
    whole = start.size;
  }
  while (whole < stop) {
    if (size - whole < sizeof(BlockHead))
      return atEnd ? size : whole;
    uint64_t block = blockBytes(bytes + whole, layout.size);
    if (!block) // the end, or what begin finds wrong
      return size;
    if (block > size - whole)
      return atEnd ? size : whole;
    whole += block;
  }
  return whole;
}

std::string BinaryDecoder::fieldList() const {
  std::string text;
  for (uint32_t f = 0; f < source.num_fields; ++f)
    text += (f ? ", " : "") + std::string(source.fields[f].name) + ": " + typeName(source.fields[f].type) +
            (source.fields[f].nullable ? "?" : "");
  return text;
}

bool BinaryDecoder::checkFields(const uint8_t *at, const uint8_t *end) {
  std::string found;
  bool same = true;
  uint32_t count = readAs<HeaderStart>(bytes).fields;
  for (uint32_t f = 0; f < count; ++f) {
    if (size_t(end - at) < sizeof(HeaderField))
      return fail(size_t(at - bytes), "the header is damaged");
    HeaderField field = readAs<HeaderField>(at);
    size_t entry = padded(sizeof field + field.nameSize);
    if (size_t(end - at) < entry)
      return fail(size_t(at - bytes), "the header is damaged");
    std::string_view name(reinterpret_cast<const char *>(at + sizeof field), field.nameSize);
    found += (f ? ", " : "") + std::string(name) + ": " + typeName(field.type) + (field.nullable ? "?" : "");
    same = same && f < source.num_fields && name == source.fields[f].name && field.type == source.fields[f].type &&
           field.nullable == (source.fields[f].nullable != 0) && field.offset == layout.places[f].offset &&
           field.statusOffset == layout.places[f].statusOffset;
    at += entry;
  }
  if (!same || count != source.num_fields)
    return fail(0, "the input has the fields {" + found + "}, but the source declares {" + fieldList() + "}");
  return true;
}

bool BinaryDecoder::readHeader() {
  if (size < sizeof(HeaderStart) || std::memcmp(bytes, magic, sizeof magic) != 0)
    return fail(0, "not in Millrace's binary format");
  HeaderStart start = readAs<HeaderStart>(bytes);
  if (start.version != version)
    return fail(8, "version " + std::to_string(start.version) + " of the binary format; this program reads version 1");
  // What is no size of a header is judged first: that does not depend on how much of it is here.
  if (start.size < minHeader || start.size > maxHeader || start.size % 8)
    return fail(12, "the header is damaged");
  if (start.size > size)
    return fail(12, "the header is cut off");
  if (checksum(bytes, start.size - 8) != readAs<uint64_t>(bytes + start.size - 8))
    return fail(0, "the header is damaged: its checksum does not match");
  if (!checkFields(bytes + sizeof start, bytes + start.size - 8))
    return false;
  if (start.rowSize != layout.size)
    return fail(16, "the header is damaged");
  headed = true;
  at = start.size;
  return true;
}

bool BinaryDecoder::readEnd() {
  EndMark mark = readAs<EndMark>(bytes + at);
  if (mark.zero || mark.checksum != checksum(&mark, 16))
    return fail(at, "the end mark is damaged");
  if (mark.rows != rows)
    return fail(at, "the end mark tells of " + std::to_string(mark.rows) + " rows, but " + std::to_string(rows) +
                        " were there");
  ended = true;
  at += sizeof mark;
  return at == size || fail(at, "bytes behind the end mark");
}

/// Takes the next block in hand. False at the end of the bytes, or with a failure.
bool BinaryDecoder::nextBlock() {
  if (at == size)
    return false;
  if (ended)
    return fail(at, "bytes behind the end mark");
  if (size - at < sizeof(BlockHead))
    return fail(at, "the input is cut off");
  BlockHead head = readAs<BlockHead>(bytes + at);
  if (head.tag == endTag) {
    readEnd();
    return false;
  }
  uint64_t block = blockBytes(bytes + at, layout.size);
  if (!block)
    return fail(at, "no block starts here: the input is damaged");
  if (block > size - at)
    return fail(at, "the input is cut off: the last block is not whole");
  const uint8_t *body = bytes + at + sizeof head;
  if (blockChecksum(head, body, block - sizeof head) != head.checksum)
    return fail(at, "the input is damaged: the checksum of a block does not match");
  row = body;
  left = head.rows;
  rows += head.rows;
  heap = body + uint64_t(head.rows) * layout.size;
  heapSize = head.heap;
  at += block;
  return true;
}

void BinaryDecoder::begin(const uint8_t *bytes_, size_t size_) {
  before += size;
  bytes = bytes_;
  size = size_;
  at = 0;
  left = 0;
  if (!headed && problem.empty())
    readHeader();
}

void BinaryDecoder::finish() {
  if (!problem.empty() || ended)
    return;
  fail(size, headed ? "the input is cut off: it has no end mark" : "empty: the input has no header");
}

//===-- rows --------------------------------------------------------------===//

/// How many rows, from the first on, have a valid value of this field.
uint32_t BinaryDecoder::goodRowsOf(uint32_t field, const uint8_t *rows, uint32_t count, std::string &reason) const {
  const uint8_t *value = rows + layout.places[field].offset;
  uint32_t stride = layout.size;
  auto scan = [&](const uint8_t *from, const char *what, auto isGood) {
    bool good = true; // one pass without branches; a second only if something is wrong
    for (uint32_t i = 0; i < count; ++i)
      good &= isGood(from + size_t(i) * stride);
    if (good)
      return;
    uint32_t i = 0;
    while (isGood(from + size_t(i) * stride))
      ++i;
    count = i;
    reason = std::string("field `") + source.fields[field].name + "` " + what;
  };
  if (layout.places[field].statusOffset != UINT32_MAX)
    scan(rows + layout.places[field].statusOffset, "has a status byte that is neither 0 nor 1",
         [](const uint8_t *p) { return *p <= 1; });
  if (source.fields[field].type == MR_BOOL)
    scan(value, "holds no bool", [](const uint8_t *p) { return *p <= 1; });
  if (source.fields[field].type == MR_TIMESTAMP)
    scan(value, "holds a time outside the years 0000 to 9999", [](const uint8_t *p) {
      return uint64_t(readAs<int64_t>(p)) - uint64_t(kFirstTime) <= uint64_t(kLastTime - kFirstTime);
    });
  if (source.fields[field].type == MR_DATE)
    scan(value, "holds a date outside the years 0000 to 9999", [](const uint8_t *p) {
      int32_t days = readAs<int32_t>(p);
      return days >= kFirstDay && days <= kLastDay;
    });
  if (source.event_time == int32_t(field) && layout.places[field].statusOffset != UINT32_MAX)
    scan(rows + layout.places[field].statusOffset, "is null, and it is the event time",
         [](const uint8_t *p) { return *p == 0; });
  return count;
}

uint32_t BinaryDecoder::goodStrings(uint32_t field, const uint8_t *rows, uint32_t count, std::string &reason) const {
  bool isText = source.fields[field].type == MR_STRING;
  for (uint32_t i = 0; i < count; ++i) {
    mr_string s = readAs<mr_string>(rows + size_t(i) * layout.size + layout.places[field].offset);
    uint64_t length = stringLength(s);
    bool good, isShort = length <= MR_STRING_INLINE;
    if (isShort) {
      uint8_t bytes[16];
      std::memcpy(bytes, &s, 16);
      good = !isText || json::invalidUtf8(bytes + 4, length) == length;
      for (uint64_t k = length; k < MR_STRING_INLINE; ++k)
        good &= bytes[4 + k] == 0;
    } else {
      good = length <= heapSize && s.tail <= heapSize - length &&
             std::memcmp(heap + s.tail, reinterpret_cast<const uint8_t *>(&s) + 4, 4) == 0 &&
             (!isText || json::invalidUtf8(heap + s.tail, length) == length);
    }
    if (!good) {
      reason = std::string("field `") + source.fields[field].name + "` holds no " + (isText ? "string" : "bytes");
      return i;
    }
  }
  return count;
}

/// How many rows, from the first on, are valid in all used fields.
uint32_t BinaryDecoder::goodRows(const uint8_t *rows, uint32_t count, std::string &reason) const {
  for (uint32_t field : used)
    count = goodRowsOf(field, rows, count, reason);
  for (uint32_t field : strings)
    count = goodStrings(field, rows, count, reason);
  return count;
}

/// The rows again, with pointers in their strings.
uint8_t *BinaryDecoder::ownCopy(const uint8_t *rows, uint32_t count) {
  copy.resize(size_t(count) * layout.size / 8);
  uint8_t *own = reinterpret_cast<uint8_t *>(copy.data());
  std::memcpy(own, rows, size_t(count) * layout.size);
  for (uint32_t field : strings)
    for (uint32_t i = 0; i < count; ++i) {
      uint8_t *place = own + size_t(i) * layout.size + layout.places[field].offset;
      mr_string s = readAs<mr_string>(place);
      if (stringLength(s) > MR_STRING_INLINE) {
        s.tail += reinterpret_cast<uint64_t>(heap);
        std::memcpy(place, &s, sizeof s);
      }
    }
  return own;
}

bool BinaryDecoder::next(uint32_t maxRecords, DecodedBatch &batch) {
  batch.malformed.clear();
  batch.blank = 0;
  batch.batch = {0, 0, columns.data(), nullptr, nullptr};
  if (!problem.empty() || (!left && !nextBlock()))
    return false;
  uint32_t count = std::min({left, maxRecords, uint32_t(offsets.size())});
  std::string reason;
  uint32_t good = goodRows(row, count, reason);
  uint64_t offset = uint64_t(row - bytes);
  batch.base = offset;
  batch.offsets = offsets.data();
  batch.lengths = lengths.data();
  uint32_t taken = good;
  if (good < count && good < maxRecords) { // the batch ends before a malformed row, which is reported with it
    batch.malformed.push_back({good, offset + uint64_t(good) * layout.size, layout.size, 0, std::move(reason)});
    ++taken;
  }
  const uint8_t *rows = row;
  if (good && (!strings.empty() || reinterpret_cast<uintptr_t>(row) % 8))
    rows = ownCopy(row, good);
  for (uint32_t field : used)
    columns[field] = {rows + layout.places[field].offset, layout.places[field].statusOffset == UINT32_MAX
                                                              ? nullptr
                                                              : rows + layout.places[field].statusOffset};
  batch.batch.size = good;
  row += size_t(taken) * layout.size;
  left -= taken;
  return true;
}

std::unique_ptr<Decoder> millrace::makeBinaryDecoder(const mr_source_desc &source, const DecodeOptions &options,
                                                     std::string &error) {
  std::vector<RowField> fields;
  for (uint32_t f = 0; f < source.num_fields; ++f) {
    if (source.fields[f].type >= MR_LIST) {
      error = "the binary format cannot hold the field `" + std::string(source.fields[f].name) + "`";
      return nullptr;
    }
    fields.push_back({mr_type(source.fields[f].type), source.fields[f].nullable != 0});
  }
  return std::make_unique<BinaryDecoder>(source, layoutRow(fields), options.maxBatch);
}
