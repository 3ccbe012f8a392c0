//===- csv_encoder.cpp - rows to CSV --------------------------------------------===//
#include "runtime/io/changes.h"
#include "runtime/io/encoders.h"
#include "runtime/io/json_text.h"
#include "runtime/io/time_text.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <string>
#include <vector>

namespace millrace {

namespace {

class CsvEncoder final : public Encoder {
public:
  CsvEncoder(const mr_sink_desc &sink, char delimiter, bool header)
      : sink(sink), changes(sink), delimiter(delimiter), header(header) {}

  void begin(Buffer &out) override {
    if (!header)
      return;
    if (changes.written())
      out.append(kOpField);
    for (uint32_t i = 0; i < sink.num_fields; ++i) {
      if (i || changes.written())
        out.append(delimiter);
      appendText(sink.fields[i].name, out);
    }
    out.append('\n');
  }

  size_t encode(const uint8_t *rows, size_t count, Buffer &out) override {
    size_t row = 0;
    for (; row < count && (row == 0 || !out.full()); ++row, rows += sink.row_size) {
      if (changes.written())
        out.append(changes.op(rows));
      for (uint32_t i = 0; i < sink.num_fields; ++i) {
        const mr_field_desc &field = sink.fields[i];
        if (i || changes.written())
          out.append(delimiter);
        if (changes.holds(rows, i) && (field.status_offset == UINT32_MAX || rows[field.status_offset] == 0))
          appendValue(rows + field.offset, field, out);
      }
      out.append('\n');
    }
    return row;
  }

private:
  /// Lists and records as JSON.
  void appendValue(const uint8_t *value, const mr_field_desc &field, Buffer &out) {
    auto type = mr_type(field.type);
    if (type == MR_LIST || type == MR_RECORD) {
      Buffer text;
      appendJsonField(value, field, text);
      return appendText(text.view(), out);
    }
    if (type == MR_STRING || type == MR_BYTES) {
      mr_string string;
      std::memcpy(&string, value, sizeof(string));
      if (type == MR_BYTES && stringLength(string) != 0)
        appendBase64(viewOf(string), out);
      else
        appendText(viewOf(string), out);
      return;
    }
    uint8_t *to = out.room(kMaxFormat);
    if (type == MR_TIMESTAMP)
      return out.take(times.write(to, int64_t(loadBits(value, type))));
    out.take(reinterpret_cast<uint8_t *>(formatValue(reinterpret_cast<char *>(to), loadBits(value, type), type)));
  }

  /// Quoted where it must be; an empty one too (strings and bytes), for an empty field is a null.
  void appendText(std::string_view text, Buffer &out) {
    bool quote = text.empty() || std::any_of(text.begin(), text.end(), [this](char c) {
                   return c == '"' || c == '\n' || c == '\r' || c == delimiter;
                 });
    if (!quote)
      return out.append(text);
    uint8_t *to = out.room(2 * text.size() + 2);
    *to++ = '"';
    for (char c : text) {
      if (c == '"')
        *to++ = '"';
      *to++ = uint8_t(c);
    }
    *to++ = '"';
    out.take(to);
  }

  const mr_sink_desc &sink;
  Changes changes;
  TimeText times;
  char delimiter;
  bool header;
};

} // namespace

std::unique_ptr<Encoder> makeCsvEncoder(const mr_sink_desc &sink, const Options &format, std::string &error) {
  std::string_view delimiter = format.text("delimiter", ",");
  if (delimiter.size() != 1 || delimiter == "\"" || delimiter == "\n" || delimiter == "\r") {
    error = "option `delimiter`: expected one byte that is no quote and no line end, found `" + std::string(delimiter) +
            "`";
    return nullptr;
  }
  bool header = format.flag("header", true, error);
  if (!error.empty())
    return nullptr;
  return std::make_unique<CsvEncoder>(sink, delimiter[0], header);
}

} // namespace millrace
