//===- table_encoder.cpp - rows as a table for people -----------------------------===//
#include "runtime/io/encoders.h"
#include "runtime/io/json_text.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <string>
#include <vector>

namespace millrace {

namespace {

/// Rows that are laid out together.
constexpr size_t kBlock = 1000;
/// Or so many characters, blanks counted.
constexpr size_t kBlockText = size_t(1) << 20;

/// Columns that a text takes on a terminal: code points, near enough.
size_t width(std::string_view text) {
  return size_t(std::count_if(text.begin(), text.end(), [](char c) { return (uint8_t(c) & 0xc0) != 0x80; }));
}

/// Text that neither breaks the line nor speaks to the terminal.
std::string printable(std::string_view text) {
  std::string result;
  for (char c : text) {
    if (uint8_t(c) >= 0x20 && c != 0x7f) {
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (c == '\r') {
      result += "\\r";
    } else {
      result += "\\x";
      result += "0123456789abcdef"[uint8_t(c) >> 4];
      result += "0123456789abcdef"[uint8_t(c) & 15];
    }
  }
  return result;
}

class TableEncoder final : public Encoder {
public:
  explicit TableEncoder(const mr_sink_desc &sink) : sink(sink), widths(sink.num_fields) {
    for (uint32_t i = 0; i < sink.num_fields; ++i) {
      names.push_back(printable(sink.fields[i].name));
      widths[i] = width(names[i]);
    }
  }

  void share(const std::string &name) override { title = printable(name); }

  size_t encode(const uint8_t *rows, size_t count, Buffer &out) override {
    size_t row = 0;
    for (; row < count && (row == 0 || !out.full()); ++row, rows += sink.row_size) {
      size_t line = 0;
      for (uint32_t i = 0; i < sink.num_fields; ++i) {
        cells.push_back(cell(sink.fields[i], rows));
        widths[i] = std::max(widths[i], width(cells.back()));
        line += widths[i];
      }
      if (++waiting == kBlock || waiting * line >= kBlockText)
        flush(out);
    }
    return row;
  }

  void flush(Buffer &out) override {
    if (waiting)
      print(out);
  }

  void end(Buffer &out) override {
    if (waiting || !headed)
      print(out);
  }

private:
  std::string cell(const mr_field_desc &field, const uint8_t *row) {
    if (field.status_offset != UINT32_MAX && row[field.status_offset] != 0)
      return "null";
    mr_type type = mr_type(field.type);
    if (type == MR_STRING || type == MR_BYTES) {
      mr_string string;
      std::memcpy(&string, row + field.offset, sizeof(string));
      if (type == MR_STRING)
        return printable(viewOf(string));
      Buffer text;
      appendBase64(viewOf(string), text);
      return std::string(text.view());
    }
    char text[kMaxFormat];
    return std::string(text, formatValue(text, loadBits(row + field.offset, type), type));
  }

  bool rightAligned(uint32_t column) const {
    return sink.fields[column].type >= MR_I8 && sink.fields[column].type <= MR_F64;
  }

  void line(const std::string *texts, Buffer &out) {
    for (uint32_t i = 0; i < sink.num_fields; ++i) {
      if (i)
        out.append("  ");
      std::string blanks(widths[i] - width(texts[i]), ' ');
      if (rightAligned(i))
        out.append(blanks);
      out.append(texts[i]);
      if (!rightAligned(i) && i + 1 < sink.num_fields)
        out.append(blanks);
    }
    out.append('\n');
  }

  void print(Buffer &out) {
    if (!headed || !title.empty()) {
      if (!title.empty())
        out.append(title + "\n");
      line(names.data(), out);
      for (uint32_t i = 0; i < sink.num_fields; ++i) {
        if (i)
          out.append("  ");
        for (size_t k = 0; k < widths[i]; ++k)
          out.append("─");
      }
      out.append('\n');
      headed = true;
    }
    for (size_t row = 0; row < waiting; ++row)
      line(cells.data() + row * sink.num_fields, out);
    if (!title.empty())
      out.append('\n');
    cells.clear();
    waiting = 0;
  }

  const mr_sink_desc &sink;
  std::vector<std::string> names, cells;
  std::string title;          ///< stands before each block if other tables go to the same place
  std::vector<size_t> widths; ///< only grow, so that later blocks line up
  size_t waiting = 0;
  bool headed = false;
};

} // namespace

std::unique_ptr<Encoder> makeTableEncoder(const mr_sink_desc &sink, const Options &, std::string &) {
  return std::make_unique<TableEncoder>(sink);
}

} // namespace millrace
