//===- table_text.cpp - rows as columns for people ---------------------------===//
#include "runtime/io/table_text.h"
#include "runtime/io/encoders.h"
#include "runtime/io/json_text.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <cstring>
#include <utf8proc.h>

namespace millrace {

namespace {

/// The columns of the character at `at`, which moves behind it.
size_t takeCharacter(std::string_view text, size_t &at) {
  utf8proc_int32_t code = 0;
  utf8proc_ssize_t bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t *>(text.data()) + at,
                                            utf8proc_ssize_t(text.size() - at), &code);
  if (bytes <= 0) { // not UTF-8: each byte shows as something
    ++at;
    return 1;
  }
  at += size_t(bytes);
  return size_t(std::max(utf8proc_charwidth(code), 0));
}

} // namespace

size_t displayWidth(std::string_view text) {
  size_t width = 0;
  for (size_t at = 0; at < text.size();)
    width += takeCharacter(text, at);
  return width;
}

std::string cutToWidth(std::string_view text, size_t columns) {
  size_t width = 0, fits = 0; // `fits`: bytes that leave room for the dots
  for (size_t at = 0; at < text.size();) {
    width += takeCharacter(text, at);
    if (width > columns)
      return columns ? std::string(text.substr(0, fits)) + "…" : "";
    if (width + 1 <= columns)
      fits = at;
  }
  return std::string(text);
}

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

std::string cellText(const mr_field_desc &field, const uint8_t *row) {
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
  if (type == MR_LIST || type == MR_RECORD) {
    Buffer text;
    appendJsonField(row + field.offset, field, text);
    return printable(text.view());
  }
  char text[kMaxFormat];
  return std::string(text, formatValue(text, loadBits(row + field.offset, type), type));
}

void TableColumns::add(std::string_view name, bool rightAligned) {
  std::string shown = printable(name);
  size_t width = displayWidth(shown);
  columns.push_back({std::move(shown), width, rightAligned, SIZE_MAX});
}

void TableColumns::fit(const std::string *cells) {
  for (Column &column : columns)
    column.width = std::max(column.width, displayWidth(*cells++));
}

size_t TableColumns::lineWidth() const {
  size_t width = 0;
  for (const Column &column : columns)
    width += column.width + 2;
  return width;
}

void TableColumns::limit(size_t most) {
  constexpr size_t kLeast = 4; // of less than three characters and the dots nobody learns anything
  size_t fixed = columns.empty() ? 0 : 2 * (columns.size() - 1), widest = 0;
  for (Column &column : columns) {
    column.most = SIZE_MAX;
    fixed += column.rightAligned ? column.width : 0;
    widest = std::max(widest, column.rightAligned ? 0 : column.width);
  }
  auto needed = [&](size_t cap) {
    size_t sum = fixed;
    for (const Column &column : columns)
      sum += column.rightAligned ? 0 : std::min(column.width, cap);
    return sum;
  };
  if (needed(widest) <= most || needed(kLeast) > most)
    return;
  size_t cap = kLeast, beyond = widest; // the greatest cap that fits lies in [cap, beyond)
  while (cap + 1 < beyond) {
    size_t middle = cap + (beyond - cap) / 2;
    (needed(middle) <= most ? cap : beyond) = middle;
  }
  for (Column &column : columns)
    column.most = column.rightAligned ? SIZE_MAX : cap;
}

std::string TableColumns::head() const {
  std::vector<std::string> names;
  for (const Column &column : columns)
    names.push_back(column.name);
  return line(names.data());
}

std::string TableColumns::rule() const {
  std::string text;
  for (const Column &column : columns) {
    text += text.empty() ? "" : "  ";
    for (size_t k = 0; k < column.shown(); ++k)
      text += "─";
  }
  return text;
}

std::string TableColumns::line(const std::string *cells) const {
  std::string text;
  for (size_t i = 0; i < columns.size(); ++i) {
    const Column &column = columns[i];
    std::string cell = column.most == SIZE_MAX ? cells[i] : cutToWidth(cells[i], column.most);
    size_t width = displayWidth(cell), blanks = column.shown() > width ? column.shown() - width : 0;
    if (i)
      text += "  ";
    if (column.rightAligned)
      text.append(blanks, ' ');
    text += cell;
    if (!column.rightAligned && i + 1 < columns.size())
      text.append(blanks, ' ');
  }
  return text;
}

void addFields(TableColumns &columns, const mr_sink_desc &sink) {
  for (uint32_t i = 0; i < sink.num_fields; ++i)
    columns.add(sink.fields[i].name, sink.fields[i].type >= MR_I8 && sink.fields[i].type <= MR_F64);
}

} // namespace millrace
