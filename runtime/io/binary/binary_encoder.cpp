//===- binary_encoder.cpp - rows to the binary format (format.md) ---------===//
#include "runtime/io/binary/binary_decoder.h"
#include "runtime/io/binary/format.h"
#include "runtime/io/changes.h"
#include "runtime/values/string_view.h"

using namespace millrace;
using namespace millrace::binary;

namespace {

/// A block is written when its rows and strings have grown to this.
constexpr size_t blockSize = 128 << 10;

class BinaryEncoder final : public Encoder {
public:
  explicit BinaryEncoder(const mr_sink_desc &sink) : sink(sink), changes(sink) {
    if (changes.written()) {
      mr_field_desc op = {};
      op.name = kOpField;
      op.type = MR_U8;
      written.push_back(op);
    }
    first = uint32_t(written.size());
    written.insert(written.end(), sink.fields, sink.fields + sink.num_fields);
    std::vector<RowField> fields;
    for (const mr_field_desc &field : written)
      fields.push_back({mr_type(field.type), field.nullable != 0});
    layout = layoutRow(fields);
  }

  void begin(Buffer &out) override { out.append(makeHeader(written.data(), uint32_t(written.size()), layout)); }

  size_t encode(const uint8_t *from, size_t count, Buffer &out) override {
    size_t i = 0;
    for (; i < count && (i == 0 || !out.full()); ++i, from += sink.row_size) {
      size_t strings = stringBytes(from);
      if (sizeof(BlockHead) + layout.size + padded(strings) > maxBlock) {
        problem =
            "a row's strings have " + std::to_string(strings) + " bytes; the binary format holds about 1 MiB a row";
        return i;
      }
      if (rows.size() + heap.size() + layout.size + strings > blockSize)
        writeBlock(out);
      uint8_t *row = rows.room(layout.size);
      std::memset(row, 0, layout.size);
      if (changes.written())
        row[layout.places[0].offset] = changes.isDelete(from);
      for (uint32_t f = 0; f < sink.num_fields; ++f)
        put(f, from, row);
      rows.take(row + layout.size);
      ++held;
    }
    return i;
  }

  void flush(Buffer &out) override { writeBlock(out); }

  void end(Buffer &out) override {
    writeBlock(out);
    EndMark mark = {endTag, 0, total, 0};
    mark.checksum = checksum(&mark, 16);
    out.append({reinterpret_cast<const char *>(&mark), sizeof mark});
  }

  std::string_view failure() const override { return problem; }

private:
  static bool isText(uint8_t type) { return type == MR_STRING || type == MR_BYTES; }

  /// Bytes that the row's strings need in the heap.
  size_t stringBytes(const uint8_t *row) const {
    size_t bytes = 0;
    for (uint32_t f = 0; f < sink.num_fields; ++f)
      if (isText(sink.fields[f].type) && changes.holds(row, f)) {
        mr_string s;
        std::memcpy(&s, row + sink.fields[f].offset, sizeof s);
        bytes += stringLength(s) > MR_STRING_INLINE ? stringLength(s) : 0;
      }
    return bytes;
  }

  void put(uint32_t f, const uint8_t *from, uint8_t *row) {
    const mr_field_desc &field = sink.fields[f];
    const RowPlace &place = layout.places[first + f];
    if (!changes.holds(from, f) || (field.status_offset != UINT32_MAX && from[field.status_offset] != 0)) {
      if (place.statusOffset != UINT32_MAX)
        row[place.statusOffset] = MR_NULL;
      return;
    }
    const uint8_t *value = from + field.offset;
    if (!isText(field.type)) {
      std::memcpy(row + place.offset, value, rowValueSize(mr_type(field.type)));
      return;
    }
    mr_string s;
    std::memcpy(&s, value, sizeof s);
    if (stringLength(s) > MR_STRING_INLINE) {
      std::string_view bytes = viewOf(s);
      s.tail = heap.size();
      heap.append(bytes);
    }
    std::memcpy(row + place.offset, &s, sizeof s);
  }

  void writeBlock(Buffer &out) {
    if (!held)
      return;
    if (size_t rest = heap.size() % 8)
      heap.append(std::string_view("\0\0\0\0\0\0\0", 8 - rest));
    BlockHead head = {blockTag, held, uint32_t(heap.size()), 0, 0};
    size_t size = sizeof head + rows.size() + heap.size();
    uint8_t *to = out.room(size), *body = to + sizeof head;
    std::memcpy(body, rows.data(), rows.size());
    if (!heap.empty())
      std::memcpy(body + rows.size(), heap.data(), heap.size());
    head.checksum = blockChecksum(head, body, rows.size() + heap.size());
    std::memcpy(to, &head, sizeof head);
    out.take(to + size);
    total += held;
    held = 0;
    rows.clear();
    heap.clear();
  }

  const mr_sink_desc &sink;
  Changes changes;
  std::vector<mr_field_desc> written; ///< the fields of the file: `op` where there are changes, then the sink's
  uint32_t first;                     ///< number of the sink's first field among them
  RowLayout layout;
  Buffer rows, heap; ///< of the block in hand
  uint32_t held = 0; ///< its rows
  uint64_t total = 0;
  std::string problem;
};

} // namespace

std::unique_ptr<Encoder> millrace::makeBinaryEncoder(const mr_sink_desc &sink, const Options &, std::string &error) {
  for (uint32_t i = 0; i < sink.num_fields; ++i) {
    if (sink.fields[i].type >= MR_LIST || std::strlen(sink.fields[i].name) > UINT16_MAX) {
      error = "the binary format cannot hold the field `" + std::string(sink.fields[i].name) + "`";
      return nullptr;
    }
  }
  return std::make_unique<BinaryEncoder>(sink);
}
