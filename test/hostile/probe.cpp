//===- probe.cpp - what the cases of hostile state need of the runtime -----------===//
//
//   probe hash               lines `packed N`, `inline N`, `text S` in; the hash of that key out
//   probe floats f32|f64 N   a file of the binary format on standard output: N rows { key, v: i64 }, the keys every NaN
//   there
//                            is in turn, but for 1,000 zeros of either sign at the end
//
//===----------------------------------------------------------------------===//
#include "runtime/io/binary/binary_decoder.h"
#include "runtime/io/binary/row_layout.h"
#include "runtime/state/table_api.h"
#include "runtime/values/string_view.h"

#include <bit>
#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <string>

using namespace millrace;

namespace {

int hashes() {
  std::string kind, key;
  while (std::cin >> kind && std::cin.get() && std::getline(std::cin, key)) {
    uint64_t hash;
    if (kind == "text") {
      mr_string text = stringOf(key);
      uint64_t words[2] = {text.head, text.tail};
      hash = mr_key_hash(words, 0, 1);
    } else {
      uint64_t word = uint64_t(std::stoll(key));
      hash = kind == "packed" ? mr_packed_hash(word ^ uint64_t(1) << 63) : mr_key_hash(&word, 1, 0);
    }
    std::printf("%" PRIu64 "\n", hash);
  }
  return 0;
}

/// The bits of key `i`.
uint64_t floatBits(bool wide, uint64_t i, uint64_t count) {
  uint64_t sign = i & 1, payload = i / 2 + 1;
  if (i + 1000 >= count)
    return sign << (wide ? 63 : 31);
  if (i & 2) // a quiet one
    payload |= uint64_t(1) << (wide ? 51 : 22);
  return wide ? sign << 63 | 0x7ff0000000000000u | payload : sign << 31 | 0x7f800000u | payload;
}

int floats(bool wide, uint64_t count) {
  mr_type type = wide ? MR_F64 : MR_F32;
  RowLayout layout = layoutRow(std::vector<RowField>{{type, false}, {MR_I64, false}});
  mr_field_desc fields[2] = {};
  const char *names[] = {"key", "v"};
  for (int i = 0; i < 2; ++i) {
    fields[i].name = names[i];
    fields[i].type = uint8_t(i ? MR_I64 : type);
    fields[i].offset = layout.places[i].offset;
    fields[i].status_offset = UINT32_MAX;
  }
  mr_sink_desc sink = {};
  sink.fields = fields;
  sink.num_fields = 2;
  sink.row_size = layout.size;
  std::string error;
  std::unique_ptr<Encoder> encoder = makeBinaryEncoder(sink, Options(), error);
  Buffer out;
  encoder->begin(out);
  for (uint64_t i = 0; i < count; ++i) {
    alignas(8) uint8_t row[16] = {};
    uint64_t bits = floatBits(wide, i, count), one = 1;
    std::memcpy(row + fields[0].offset, &bits, wide ? 8 : 4);
    std::memcpy(row + fields[1].offset, &one, 8);
    encoder->encode(row, 1, out);
  }
  encoder->end(out);
  return std::fwrite(out.view().data(), 1, out.view().size(), stdout) == out.view().size() ? 0 : 1;
}

} // namespace

int main(int count, char **arguments) {
  std::string command = count > 1 ? arguments[1] : "";
  if (command == "hash")
    return hashes();
  if (command == "floats" && count == 4)
    return floats(std::string(arguments[2]) == "f64", std::stoull(arguments[3]));
  return 2;
}
