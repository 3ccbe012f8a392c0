//===- json_encoder.cpp - rows to JSON lines -----------------------------------===//
//
// The usual way out, so it is quick: keys are ready-made with their comma,
// quotes and colon; room is asked for once per row and once per string.
//
//===----------------------------------------------------------------------===//
#include "runtime/io/changes.h"
#include "runtime/io/encoders.h"
#include "runtime/io/json_text.h"
#include "runtime/io/time_text.h"
#include "runtime/values/string_view.h"

#include <bit>
#include <cmath>
#include <immintrin.h>
#include <string>
#include <vector>

namespace millrace {

namespace {

/// Which bytes of a string must be escaped: `"`, `\` and control bytes.
inline uint32_t escapeMask(__m256i bytes) {
  __m256i quote = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('"'));
  __m256i slash = _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8('\\'));
  __m256i control = _mm256_cmpeq_epi8(_mm256_min_epu8(bytes, _mm256_set1_epi8(0x1f)), bytes);
  return uint32_t(_mm256_movemask_epi8(_mm256_or_si256(_mm256_or_si256(quote, slash), control)));
}

uint8_t *writeEscape(uint8_t *to, uint8_t byte) {
  *to++ = '\\';
  switch (byte) {
  case '"':
  case '\\':
    *to++ = byte;
    return to;
  case '\b':
    *to++ = 'b';
    return to;
  case '\f':
    *to++ = 'f';
    return to;
  case '\n':
    *to++ = 'n';
    return to;
  case '\r':
    *to++ = 'r';
    return to;
  case '\t':
    *to++ = 't';
    return to;
  }
  std::memcpy(to, "u00", 3);
  to[3] = "0123456789abcdef"[byte >> 4];
  to[4] = "0123456789abcdef"[byte & 15];
  return to + 5;
}

uint8_t *escapeBytes(uint8_t *to, const uint8_t *from, const uint8_t *end) {
  for (; from != end; ++from) {
    uint8_t byte = *from;
    if (byte < 0x20 || byte == '"' || byte == '\\')
      to = writeEscape(to, byte);
    else
      *to++ = byte;
  }
  return to;
}

} // namespace

uint8_t *writeJsonString(uint8_t *to, const char *bytes, size_t size) {
  const uint8_t *from = reinterpret_cast<const uint8_t *>(bytes), *end = from + size;
  *to++ = '"';
  for (; end - from >= 32; from += 32) {
    __m256i block = _mm256_loadu_si256(reinterpret_cast<const __m256i *>(from));
    if (escapeMask(block)) {
      to = escapeBytes(to, from, from + 32);
      continue;
    }
    _mm256_storeu_si256(reinterpret_cast<__m256i *>(to), block);
    to += 32;
  }
  to = escapeBytes(to, from, end);
  *to++ = '"';
  return to;
}

uint8_t *writeJsonScalar(uint8_t *to, uint64_t bits, mr_type type) {
  bool quoted = type == MR_TIMESTAMP || type == MR_DURATION || type == MR_DATE ||
                (type == MR_F64 && !std::isfinite(std::bit_cast<double>(bits))) ||
                (type == MR_F32 && !std::isfinite(std::bit_cast<float>(uint32_t(bits))));
  if (!quoted)
    return reinterpret_cast<uint8_t *>(formatValue(reinterpret_cast<char *>(to), bits, type));
  *to++ = '"';
  to = reinterpret_cast<uint8_t *>(formatValue(reinterpret_cast<char *>(to), bits, type));
  *to++ = '"';
  return to;
}

namespace {

class JsonEncoder final : public Encoder {
public:
  explicit JsonEncoder(const mr_sink_desc &sink) : changes(sink), rowSize(sink.row_size) {
    for (uint32_t i = 0; i < sink.num_fields; ++i) {
      const mr_field_desc &field = sink.fields[i];
      Buffer key;
      key.append(i || changes.written() ? ',' : '{');
      appendJsonString(field.name, key);
      key.append(':');
      fields.push_back({std::string(key.view()), field.offset, field.status_offset, mr_type(field.type), &field});
      if (changes.keyed(i))
        keys.push_back(fields.back());
      fixed += key.size() + kMaxFormat + 2;
    }
  }

  size_t encode(const uint8_t *rows, size_t count, Buffer &out) override {
    size_t row = 0;
    if (!changes.written()) {
      for (; row < count && (row == 0 || !out.full()); ++row, rows += rowSize)
        encodeRow(rows, fields, fields.empty() ? "{" : "", out);
      return row;
    }
    for (; row < count && (row == 0 || !out.full()); ++row, rows += rowSize)
      changes.isDelete(rows) ? encodeRow(rows, keys, "{\"op\":\"delete\"", out)
                             : encodeRow(rows, fields, "{\"op\":\"upsert\"", out);
    return row;
  }

private:
  struct Field {
    std::string key; ///< `,"name":`
    uint32_t offset, statusOffset;
    mr_type type;
    const mr_field_desc *desc;
  };

  void encodeRow(const uint8_t *row, const std::vector<Field> &which, std::string_view head, Buffer &out) {
    uint8_t *to = out.room(fixed);
    std::memcpy(to, head.data(), head.size());
    to += head.size();
    for (const Field &field : which) {
      std::memcpy(to, field.key.data(), field.key.size());
      to += field.key.size();
      const uint8_t *value = row + field.offset;
      if (field.statusOffset != UINT32_MAX && row[field.statusOffset] != 0) {
        std::memcpy(to, "null", 4);
        to += 4;
      } else if (field.type == MR_STRING) {
        mr_string string;
        std::memcpy(&string, value, sizeof(string));
        uint32_t length = stringLength(string);
        out.take(to);
        to = out.room(6 * size_t(length) + 2 + fixed); // the rest of the row fits behind it
        to = writeJsonString(to, stringData(string), length);
      } else if (field.type == MR_TIMESTAMP) {
        *to++ = '"';
        to = times.write(to, int64_t(loadBits(value, MR_TIMESTAMP)));
        *to++ = '"';
      } else if (field.type == MR_BYTES || field.type == MR_LIST || field.type == MR_RECORD) {
        out.take(to);
        appendJsonField(value, *field.desc, out);
        to = out.room(fixed);
      } else {
        to = writeJsonScalar(to, loadBits(value, field.type), field.type);
      }
    }
    to[0] = '}';
    to[1] = '\n';
    out.take(to + 2);
  }

  std::vector<Field> fields, keys; ///< all, and what a delete holds
  Changes changes;
  TimeText times;
  size_t rowSize, fixed = 24; ///< bytes of a row without its strings: the head and the end, then the fields
};

} // namespace

std::unique_ptr<Encoder> makeJsonEncoder(const mr_sink_desc &sink, const Options &, std::string &) {
  return std::make_unique<JsonEncoder>(sink);
}

} // namespace millrace
