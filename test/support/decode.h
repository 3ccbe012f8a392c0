//===- decode.h - runs a decoder over a text, for tests -------------------===//
//
// Shared by the unit tests and the fuzzers: a source described in a line, and
// all that a decoder makes of a text, as readable strings that can be compared.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_SUPPORT_DECODE_H
#define MILLRACE_TEST_SUPPORT_DECODE_H

#include "runtime/io/json/index.h"
#include "runtime/io/json/json_decoder.h"
#include "runtime/io/json/schema.h"
#include "runtime/values/string_view.h"

#include <cstdio>
#include <cstring>
#include <deque>
#include <string>
#include <vector>

namespace millrace::test {

/// One field of a source.
struct TestField {
  TestField(std::string name, std::string path, mr_type type, bool nullable = false, std::string unit = "",
            bool used = true, uint8_t element = MR_I64)
      : name(std::move(name)), path(std::move(path)), type(type), nullable(nullable), unit(std::move(unit)), used(used),
        element(element) {}
  std::string name, path;
  mr_type type;
  bool nullable;
  std::string unit;
  bool used;
  uint8_t element;
};

/// A source's description that owns what it points to.
class TestSource {
public:
  explicit TestSource(std::vector<TestField> fields_, int32_t eventTime = -1) : fields(std::move(fields_)) {
    for (TestField &f : fields) {
      mr_field_desc d = {};
      d.name = f.name.c_str();
      d.path = f.path.c_str();
      d.unit = f.unit.c_str();
      d.type = uint8_t(f.type);
      d.element = f.element;
      d.nullable = f.nullable;
      d.used = f.used;
      d.status_offset = UINT32_MAX;
      d.stride = typeSize(uint8_t(f.type));
      d.status_stride = 1;
      descs.push_back(d);
    }
    desc.name = "in";
    desc.connector = "file";
    desc.format = "json";
    desc.fields = descs.data();
    desc.num_fields = uint32_t(descs.size());
    desc.dead_of = -1;
    desc.event_time = eventTime;
  }
  TestSource(const TestSource &) = delete;

  std::vector<TestField> fields;
  std::vector<mr_field_desc> descs;
  mr_source_desc desc = {};
};

/// All that came of a text.
struct Outcome {
  std::vector<std::string> rows;      ///< "1|abc|null|!5": values, or `!` and the error's kind
  std::vector<std::string> malformed; ///< "before 3, at 120+17, byte 5: reason"; `before` counts over all batches
  uint64_t blank = 0;
  std::vector<std::string> places; ///< "offset+length" of each row
  bool operator==(const Outcome &) const = default;
};

inline std::string showScalar(uint8_t type, const uint8_t *at) {
  char text[64];
  auto read = [&](auto value) {
    std::memcpy(&value, at, sizeof value);
    return value;
  };
  switch (type) {
  case MR_BOOL:
    return *at ? "true" : "false";
  case MR_F32:
    std::snprintf(text, sizeof text, "%.9g", double(read(float())));
    return text;
  case MR_F64:
    std::snprintf(text, sizeof text, "%.17g", read(double()));
    return text;
  case MR_STRING:
  case MR_BYTES: {
    mr_string s = read(mr_string());
    return "\"" + std::string(viewOf(s)) + "\"";
  }
  case MR_I8:
    return std::to_string(read(int8_t()));
  case MR_I16:
    return std::to_string(read(int16_t()));
  case MR_I32:
  case MR_DATE:
    return std::to_string(read(int32_t()));
  case MR_U8:
    return std::to_string(read(uint8_t()));
  case MR_U16:
    return std::to_string(read(uint16_t()));
  case MR_U32:
    return std::to_string(read(uint32_t()));
  case MR_U64:
    return std::to_string(read(uint64_t()));
  default:
    return std::to_string(read(int64_t()));
  }
}

inline std::string showValue(const mr_field_desc &field, const mr_column &column, uint32_t row) {
  uint8_t status = column.status && field.status_stride ? column.status[row * field.status_stride] : 0;
  const uint8_t *at = column.values + size_t(row) * field.stride;
  uint8_t zeros[16] = {};
  bool zero = std::memcmp(at, zeros, typeSize(field.type)) == 0;
  if (status == MR_NULL)
    return zero ? "null" : "null with a value behind it";
  if (status >= MR_ERROR_BASE)
    return "!" + std::to_string(status - MR_ERROR_BASE);
  if (field.type != MR_LIST)
    return showScalar(field.type, at);
  mr_list list;
  std::memcpy(&list, at, sizeof list);
  std::string text = "[";
  uint8_t element = field.element & ~MR_ELEMENT_NULLABLE;
  uint32_t width = typeSize(element);
  for (uint64_t i = 0; i < list.count; ++i) {
    bool null = (field.element & MR_ELEMENT_NULLABLE) && list.elements[list.count * width + i] == MR_NULL;
    text += (i ? "," : "") + (null ? "null" : showScalar(element, list.elements + i * width));
  }
  return text + "]";
}

/// Adds what `decoder` makes of `text` (whole records), in batches of at most `batchSize`.
inline void decodeInto(Outcome &outcome, Decoder &decoder, const mr_source_desc &source, std::string_view text,
                       uint32_t batchSize) {
  // In memory of exactly this size, so that a sanitizer sees every read beyond the padding.
  std::vector<uint8_t> memory(text.size() + 2 * kPadding, uint8_t('"'));
  if (!text.empty())
    std::memcpy(memory.data() + kPadding, text.data(), text.size());
  decoder.begin(memory.data() + kPadding, text.size());
  DecodedBatch batch;
  for (bool more = true; more;) {
    more = decoder.next(batchSize, batch);
    outcome.blank += batch.blank;
    uint64_t before = outcome.rows.size();
    for (auto &m : batch.malformed)
      outcome.malformed.push_back("before " + std::to_string(before + m.before) + ", at " + std::to_string(m.offset) +
                                  "+" + std::to_string(m.length) + ", byte " + std::to_string(m.byte) + ": " +
                                  m.reason);
    uint32_t errors = 0;
    for (uint32_t row = 0; row < batch.batch.size; ++row) {
      std::string line;
      for (uint32_t f = 0; f < source.num_fields; ++f) {
        if (!source.fields[f].used)
          continue;
        std::string value = showValue(source.fields[f], batch.batch.columns[f], row);
        errors += value[0] == '!';
        line += (line.empty() ? "" : "|") + value;
      }
      outcome.rows.push_back(line);
      if (batch.offsets)
        outcome.places.push_back(std::to_string(batch.offsets[row]) + "+" + std::to_string(batch.lengths[row]));
    }
    if (errors && !batch.batch.dirty)
      outcome.rows.push_back("a batch with errors that is not dirty");
  }
}

/// What the JSON decoder makes of `text`.
inline Outcome decodeJson(const mr_source_desc &source, std::string_view text, DecodeOptions options = {},
                          uint32_t batchSize = kMaxBatch) {
  Outcome outcome;
  std::string problem;
  std::unique_ptr<Decoder> decoder = makeJsonDecoder(source, options, problem);
  if (decoder)
    decodeInto(outcome, *decoder, source, text, batchSize);
  else
    outcome.malformed.push_back("no decoder: " + problem);
  return outcome;
}
inline Outcome decodeJson(const TestSource &source, std::string_view text, DecodeOptions options = {},
                          uint32_t batchSize = kMaxBatch) {
  return decodeJson(source.desc, text, options, batchSize);
}

} // namespace millrace::test

#endif
