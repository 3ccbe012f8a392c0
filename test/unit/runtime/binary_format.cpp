//===- binary_format.cpp - the binary record format, and hostile files ----===//
#include "runtime/io/binary/binary_decoder.h"
#include "runtime/io/binary/format.h"
#include "test/support/decode.h"
#include "test/unit/runtime/upsert_rows.h"

#include <gtest/gtest.h>

using namespace millrace;
using namespace millrace::test;

namespace {

/// A source of binary rows, and the sink that writes them.
struct BinarySource : TestSource {
  explicit BinarySource(std::vector<TestField> fields, int32_t eventTime = -1)
      : TestSource(std::move(fields), eventTime) {
    std::vector<RowField> rowFields;
    for (auto &d : descs)
      rowFields.push_back({mr_type(d.type), d.nullable != 0});
    RowLayout layout = layoutRow(rowFields);
    for (size_t i = 0; i < descs.size(); ++i) {
      descs[i].offset = layout.places[i].offset;
      descs[i].status_offset = layout.places[i].statusOffset;
      descs[i].stride = layout.size;
      descs[i].status_stride = descs[i].nullable ? layout.size : 0;
    }
    desc.row_size = sink.row_size = layout.size;
    desc.format = "binary";
    sink.fields = descs.data();
    sink.num_fields = uint32_t(descs.size());
  }
  mr_sink_desc sink = {};
};

/// Rows of (i64, f64?, bool, string, timestamp).
struct Mixed : BinarySource {
  Mixed()
      : BinarySource({{"n", "", MR_I64},
                      {"x", "", MR_F64, true},
                      {"ok", "", MR_BOOL},
                      {"s", "", MR_STRING},
                      {"at", "", MR_TIMESTAMP}},
                     4) {}

  std::string file(uint32_t count) {
    std::string error;
    std::unique_ptr<Encoder> encoder = makeBinaryEncoder(sink, Options(), error);
    Buffer out;
    encoder->begin(out);
    for (uint32_t i = 0; i < count; ++i) {
      alignas(8) uint8_t row[64] = {};
      int64_t n = i, at = 1000 * int64_t(i);
      double x = i / 2.0;
      std::string text(i % 30, char('a' + i % 26));
      mr_string s = stringOf(text);
      std::memcpy(row + descs[0].offset, &n, 8);
      std::memcpy(row + descs[1].offset, &x, 8);
      row[descs[2].offset] = i % 2;
      std::memcpy(row + descs[3].offset, &s, 16);
      std::memcpy(row + descs[4].offset, &at, 8);
      row[descs[1].status_offset] = i % 3 == 0;
      encoder->encode(row, 1, out);
    }
    encoder->end(out);
    return std::string(out.view());
  }
};

std::string failure;

/// Reads a file as the reader does, at most `piece` bytes more at a time.
Outcome decodeBinary(const BinarySource &source, std::string_view file, size_t piece = 1 << 20,
                     uint32_t batchSize = kMaxBatch) {
  Outcome outcome;
  std::string error;
  DecodeOptions options;
  std::unique_ptr<Decoder> decoder = makeBinaryDecoder(source.desc, options, error);
  size_t first = 0, last = 0;
  std::string whole;
  while (decoder->failure().empty()) {
    bool atEnd = last == file.size();
    size_t take = decoder->wholeRecords(reinterpret_cast<const uint8_t *>(file.data()) + first, last - first,
                                        last - first, atEnd);
    if (take) {
      decodeInto(outcome, *decoder, source.desc, file.substr(first, take), batchSize);
      first += take;
    } else if (atEnd) {
      decoder->finish();
      break;
    } else {
      last = std::min(file.size(), last + piece);
    }
  }
  failure = decoder->failure();
  return outcome;
}

} // namespace

// What an upsert stream writes is a file that a source reads by declaring `op: u8` first.
TEST(BinaryFormat, Rule34_UpsertStreamsComeBackWithAFieldOp) {
  UpsertSink sink;
  std::string error;
  std::unique_ptr<Encoder> encoder = makeBinaryEncoder(sink.desc, Options(), error);
  std::vector<UpsertRow> rows = {upsert("us", "a place with a long name", 1), deletion("us"), upsert("ci", "", -3)};
  rows.back().placeNull = 1;
  Buffer out;
  encoder->begin(out);
  EXPECT_EQ(encoder->encode(bytesOf(rows), rows.size(), out), rows.size());
  encoder->end(out);
  BinarySource source(
      {{"op", "", MR_U8}, {"net", "", MR_STRING, true}, {"place", "", MR_STRING, true}, {"n", "", MR_I64}});
  Outcome outcome = decodeBinary(source, out.view());
  EXPECT_EQ(failure, "");
  EXPECT_EQ(outcome.rows, (std::vector<std::string>{"0|\"us\"|\"a place with a long name\"|1", "1|\"us\"|null|0",
                                                    "0|\"ci\"|null|-3"}));
}

TEST(BinaryFormat, RowsComeBack) {
  Mixed source;
  std::string file = source.file(5000);
  Outcome outcome = decodeBinary(source, file);
  EXPECT_EQ(failure, "");
  ASSERT_EQ(outcome.rows.size(), 5000u);
  EXPECT_EQ(outcome.rows[0], "0|null|false|\"\"|0");
  EXPECT_EQ(outcome.rows[29], "29|14.5|true|\"ddddddddddddddddddddddddddddd\"|29000");
  EXPECT_EQ(decodeBinary(source, file, 1000, 7).rows, outcome.rows);
  EXPECT_EQ(failure, "");
  EXPECT_EQ(decodeBinary(source, source.file(0)).rows.size(), 0u);
  EXPECT_EQ(failure, "");
}

TEST(BinaryFormat, ARowThatNoBlockHoldsIsAnError) {
  BinarySource source({{"s", "", MR_STRING}});
  std::string error, text((1 << 20) - 48, 'x'), more = text + "more than fits";
  std::unique_ptr<Encoder> encoder = makeBinaryEncoder(source.sink, Options(), error);
  Buffer out;
  encoder->begin(out);
  mr_string fits = stringOf(text), tooMuch = stringOf(more);
  encoder->encode(reinterpret_cast<uint8_t *>(&fits), 1, out);
  EXPECT_EQ(encoder->failure(), "");
  encoder->end(out);
  EXPECT_EQ(decodeBinary(source, out.view()).rows.size(), 1u);
  EXPECT_EQ(failure, "");
  encoder->encode(reinterpret_cast<uint8_t *>(&tooMuch), 1, out);
  EXPECT_EQ(encoder->failure(), "a row's strings have 1048542 bytes; the binary format holds about 1 MiB a row");
}

TEST(BinaryFormat, RowLayoutIsTheRule) {
  RowLayout layout = layoutRow(
      std::vector<RowField>{{MR_BOOL, true}, {MR_I32, false}, {MR_U16, true}, {MR_STRING, false}, {MR_DATE, false}});
  std::vector<uint32_t> offsets;
  for (RowPlace place : layout.places)
    offsets.push_back(place.offset);
  EXPECT_EQ(offsets, (std::vector<uint32_t>{0, 4, 8, 16, 32}));
  EXPECT_EQ(layout.places[0].statusOffset, 36u);
  EXPECT_EQ(layout.places[1].statusOffset, UINT32_MAX);
  EXPECT_EQ(layout.places[2].statusOffset, 37u);
  EXPECT_EQ(layout.size, 40u);
}

TEST(BinaryFormat, EveryCutIsNoticed) {
  Mixed source;
  std::string file = source.file(40);
  for (size_t cut = 0; cut < file.size(); ++cut) {
    decodeBinary(source, file.substr(0, cut), 64);
    EXPECT_NE(failure, "") << cut;
  }
  decodeBinary(source, "");
  EXPECT_EQ(failure, "empty: the input has no header (byte 0 of the input)");
  decodeBinary(source, file + "x");
  EXPECT_NE(failure.find("bytes behind the end mark"), std::string::npos);
}

TEST(BinaryFormat, EveryFlippedByteIsNoticed) {
  Mixed source;
  std::string file = source.file(40);
  for (size_t at = 0; at < file.size(); ++at)
    for (uint8_t bit : {1, 128}) {
      std::string bad = file;
      bad[at] = char(bad[at] ^ bit);
      decodeBinary(source, bad);
      EXPECT_NE(failure, "") << at;
    }
}

TEST(BinaryFormat, MessagesOfWrongFiles) {
  Mixed source;
  decodeBinary(source, "{\"mag\":1}\n{\"mag\":2}\n{\"mag\":3}\n");
  EXPECT_EQ(failure, "not in Millrace's binary format (byte 0 of the input)");
  BinarySource other({{"n", "", MR_I32, true}});
  decodeBinary(other, source.file(1));
  EXPECT_EQ(failure, "the input has the fields {n: i64, x: f64?, ok: bool, s: string, at: timestamp}, but the source "
                     "declares {n: i32?} (byte 0 of the input)");
}

namespace {
/// The file with `change` done to its first block, and the checksum made right again.
template <typename Change> std::string tampered(std::string file, Change change) {
  binary::HeaderStart start;
  std::memcpy(&start, file.data(), sizeof start);
  binary::BlockHead head;
  std::memcpy(&head, file.data() + start.size, sizeof head);
  uint8_t *body = reinterpret_cast<uint8_t *>(file.data()) + start.size + sizeof head;
  change(body, start.rowSize);
  head.checksum = binary::blockChecksum(head, body, size_t(head.rows) * start.rowSize + head.heap);
  std::memcpy(file.data() + start.size, &head, sizeof head);
  return file;
}
} // namespace

TEST(BinaryFormat, Rule48RowsThatHoldNoValues) {
  Mixed source;
  auto at = [&](uint32_t row, uint32_t field) { return row * source.sink.row_size + source.descs[field].offset; };
  std::string file = tampered(source.file(40), [&](uint8_t *body, uint32_t rowSize) {
    body[at(3, 2)] = 2;                                    // a bool
    body[5 * rowSize + source.descs[1].status_offset] = 2; // a status
    std::memset(body + at(7, 4), 0x7f, 8);                 // a time
    body[at(20, 3) + 10] = 0x10;                           // a string's place in the heap
    body[at(4, 3) + 4] = 0xff;                             // UTF-8
    body[at(2, 3) + 12] = 1;                               // behind a short string
    std::memset(body + at(25, 3), 0xff, 4);                // its length
  });
  Outcome outcome = decodeBinary(source, file);
  EXPECT_EQ(failure, "");
  EXPECT_EQ(outcome.rows.size(), 33u);
  std::vector<std::string> reasons;
  for (auto &text : outcome.malformed)
    reasons.push_back(text.substr(0, text.find(',')) + text.substr(text.rfind(':')));
  EXPECT_EQ(reasons,
            (std::vector<std::string>{"before 2: field `s` holds no string", "before 2: field `ok` holds no bool",
                                      "before 2: field `s` holds no string",
                                      "before 2: field `x` has a status byte that is neither 0 nor 1",
                                      "before 3: field `at` holds a time outside the years 0000 to 9999",
                                      "before 15: field `s` holds no string", "before 19: field `s` holds no string"}));
}

TEST(BinaryFormat, UnusedFieldsAreNotLookedAt) {
  Mixed source;
  source.descs[2].used = source.descs[3].used = 0;
  std::string file = tampered(source.file(4), [&](uint8_t *body, uint32_t rowSize) {
    body[source.descs[2].offset] = 2;
    std::memset(body + rowSize + source.descs[3].offset, 0xff, 16);
  });
  EXPECT_EQ(decodeBinary(source, file).rows.size(), 4u);
  EXPECT_EQ(failure, "");
}
