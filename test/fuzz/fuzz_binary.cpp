//===- fuzz_binary.cpp - hostile binary files -----------------------------===//
//
// Input: a byte of switches, then what stands behind a good header. With the
// lowest bit, checksums are made right first, so that what they protect is
// reached. In whole and in pieces, in large and in small batches, the answer
// must be the same.
//
//===----------------------------------------------------------------------===//
#include "runtime/io/binary/binary_decoder.h"
#include "runtime/io/binary/format.h"
#include "test/support/decode.h"

using namespace millrace;
using namespace millrace::test;

namespace {

/// (i64, f64?, bool, string, timestamp, bytes?), the fifth is the event time.
struct Source : TestSource {
  Source()
      : TestSource({{"n", "", MR_I64},
                    {"x", "", MR_F64, true},
                    {"ok", "", MR_BOOL},
                    {"s", "", MR_STRING},
                    {"at", "", MR_TIMESTAMP},
                    {"b", "", MR_BYTES, true}},
                   4) {
    std::vector<RowField> rowFields;
    for (auto &d : descs)
      rowFields.push_back({mr_type(d.type), d.nullable != 0});
    layout = layoutRow(rowFields);
    for (size_t i = 0; i < descs.size(); ++i) {
      descs[i].offset = layout.places[i].offset;
      descs[i].status_offset = layout.places[i].statusOffset;
      descs[i].stride = layout.size;
      descs[i].status_stride = descs[i].nullable ? layout.size : 0;
    }
    desc.row_size = layout.size;
    header = binary::makeHeader(descs.data(), uint32_t(descs.size()), layout);
  }
  RowLayout layout;
  std::string header;
};

struct Answer {
  Outcome outcome;
  std::string failure;
  bool operator==(const Answer &other) const {
    return outcome.rows == other.outcome.rows && failure == other.failure &&
           outcome.malformed.size() == other.outcome.malformed.size();
  }
};

Answer decode(const Source &source, std::string_view file, size_t piece, uint32_t batchSize) {
  Answer answer;
  std::unique_ptr<Decoder> decoder = makeBinaryDecoder(source.desc, {}, answer.failure);
  size_t first = 0, last = 0;
  while (decoder->failure().empty()) {
    bool atEnd = last == file.size();
    size_t take = decoder->wholeRecords(reinterpret_cast<const uint8_t *>(file.data()) + first, last - first,
                                        last - first, atEnd);
    if (take > last - first)
      std::abort();
    if (take) {
      decodeInto(answer.outcome, *decoder, source.desc, file.substr(first, take), batchSize);
      first += take;
    } else if (atEnd) {
      decoder->finish();
      break;
    } else {
      last = std::min(file.size(), last + piece);
    }
  }
  answer.failure = decoder->failure();
  return answer;
}

/// Makes the checksums of all blocks right, as far as blocks can be made out.
void repair(std::string &file, size_t at, uint32_t rowSize) {
  uint8_t *bytes = reinterpret_cast<uint8_t *>(file.data());
  while (file.size() - at >= sizeof(binary::BlockHead)) {
    binary::BlockHead head;
    std::memcpy(&head, bytes + at, sizeof head);
    if (head.tag == binary::endTag) {
      binary::EndMark mark;
      std::memcpy(&mark, bytes + at, sizeof mark);
      mark.checksum = binary::checksum(&mark, 16);
      std::memcpy(bytes + at, &mark, sizeof mark);
      return;
    }
    uint64_t body = uint64_t(head.rows) * rowSize + head.heap;
    if (body > file.size() - at - sizeof head)
      return;
    head.checksum = binary::blockChecksum(head, bytes + at + sizeof head, body);
    std::memcpy(bytes + at, &head, sizeof head);
    at += sizeof head + body;
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static Source source;
  if (size == 0)
    return 0;
  std::string file = data[0] & 2 ? "" : source.header;
  size_t start = file.size();
  file.append(reinterpret_cast<const char *>(data + 1), size - 1);
  if (data[0] & 1)
    repair(file, start, source.layout.size);
  Answer whole = decode(source, file, file.size() + 1, kMaxBatch), pieces = decode(source, file, 13, 2);
  if (whole == pieces)
    return 0;
  std::fprintf(stderr, "whole: %zu rows, %s\nin pieces: %zu rows, %s\n", whole.outcome.rows.size(),
               whole.failure.c_str(), pieces.outcome.rows.size(), pieces.failure.c_str());
  std::abort();
}
