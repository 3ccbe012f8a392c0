//===- memory_source.cpp - records that a host hands over in memory --------===//
#include "runtime/io/memory_source.h"
#include "runtime/io/connectors.h"

#include <algorithm>

namespace millrace {
namespace {

/// Rows in place: a batch is columns that point into them.
class MemoryRows final : public Partition {
public:
  MemoryRows(const MemoryInput &input, const mr_source_desc &source)
      : rows(input.bytes), count(input.size / source.row_size), rowSize(source.row_size) {
    title = input.name;
    for (uint32_t i = 0; i < source.num_fields; ++i)
      offsets.push_back({source.fields[i].offset, source.fields[i].status_offset});
    columns.resize(offsets.size());
  }

  Poll poll(const PollRequest &request, DecodedBatch &batch) override {
    batch.malformed.clear();
    batch.blank = 0;
    if (next == count)
      return Poll::End;
    uint64_t size = std::min<uint64_t>(request.maxRecords, count - next);
    const uint8_t *first = rows + next * rowSize;
    for (size_t i = 0; i < columns.size(); ++i)
      columns[i] = {first + offsets[i].value, offsets[i].status == UINT32_MAX ? nullptr : first + offsets[i].status};
    batch.batch = {
        .size = uint32_t(size), .dirty = 0, .columns = columns.data(), .event_time = nullptr, .watermark = nullptr};
    next += size;
    return Poll::Batch;
  }
  uint64_t done() const override { return next; }
  uint64_t total() const override { return count; }

private:
  struct Offsets {
    uint32_t value, status;
  };
  const uint8_t *rows;
  uint64_t count, next = 0;
  uint32_t rowSize;
  std::vector<Offsets> offsets;
  std::vector<mr_column> columns;
};

/// Bytes in place, given to a decoder a piece at a time so that what is decoded stays in the cache.
class MemoryBytes final : public Partition {
public:
  MemoryBytes(const MemoryInput &input, std::unique_ptr<Decoder> decoder)
      : bytes(input.bytes), size(input.size), decoder(std::move(decoder)) {
    title = input.name;
  }

  Poll poll(const PollRequest &request, DecodedBatch &batch) override {
    uint64_t blank = 0;
    while (true) {
      if (decoding) {
        bool more = decoder->next(request.maxRecords, batch);
        blank += batch.blank;
        batch.blank = blank;
        if (!decoder->failure().empty())
          return fail(title + ": error: " + decoder->failure(), false);
        if (more)
          return Poll::Batch;
        decoding = false, at += piece;
      }
      if (at == size) {
        batch.batch.size = 0;
        batch.malformed.clear();
        batch.blank = blank;
        return Poll::End;
      }
      size_t rest = size - at, wanted = std::min(kPiece, rest);
      piece = decoder->wholeRecords(bytes + at, wanted, wanted, wanted == rest);
      if (piece == 0) // a record longer than a piece
        piece = decoder->wholeRecords(bytes + at, rest, wanted, true);
      decoder->begin(bytes + at, piece);
      decoding = true;
    }
  }
  uint64_t done() const override { return at; }
  uint64_t total() const override { return size; }

private:
  static constexpr size_t kPiece = size_t(256) << 10;
  const uint8_t *bytes;
  size_t size, at = 0, piece = 0;
  std::unique_ptr<Decoder> decoder;
  bool decoding = false;
};

} // namespace

std::vector<Lane> openMemory(const SourceContext &context, OpenError &error) {
  std::string_view name = context.options.text("name", "");
  std::vector<Lane> lanes;
  if (context.decode.memory)
    for (const MemoryInput &input : *context.decode.memory)
      if (input.name == name) {
        if (std::string_view(context.source.format) == "binary") {
          lanes.emplace_back();
          lanes.back().push_back(std::make_unique<MemoryRows>(input, context.source));
        } else if (std::unique_ptr<Decoder> decoder = makeDecoder(context.source, context.decode, error.text)) {
          lanes.emplace_back();
          lanes.back().push_back(std::make_unique<MemoryBytes>(input, std::move(decoder)));
        }
        return lanes;
      }
  error = {"error: source `" + std::string(context.source.name) + "`: this program hands over no memory named `" +
               std::string(name) + "`; `memory` is for programs that run a pipeline inside themselves",
           false};
  return lanes;
}

} // namespace millrace
