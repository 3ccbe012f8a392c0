//===- screen.h - a small terminal, for tests ---------------------------------===//
//
// Understands what tables and status lines say to a terminal, and nothing more:
// anything else fails the test.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_SCREEN_H
#define MILLRACE_TEST_UNIT_RUNTIME_SCREEN_H

#include "runtime/io/storage.h"
#include "runtime/io/table_text.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace millrace::test {

class Screen final : public OutputFile {
public:
  Screen(unsigned rows, unsigned columns) : rows(rows), columns(columns), cells(rows) {}

  // OutputFile
  IoResult write(const uint8_t *from, size_t size) override {
    put({reinterpret_cast<const char *>(from), size});
    return {size, 0};
  }
  int close() override { return 0; }
  bool isFile(const std::string &) const override { return false; }
  TerminalSize terminal() const override { return {rows, columns}; }

  void put(std::string_view text) {
    for (size_t at = 0; at < text.size();)
      at += text[at] == '\x1b' ? command(text.substr(at)) : character(text.substr(at));
  }

  /// As terminals do: lines that no longer fit above the cursor scroll away, long ones are cut.
  void resize(unsigned newRows, unsigned newColumns) {
    while (row >= newRows)
      scroll();
    cells.resize(newRows);
    rows = newRows;
    columns = newColumns;
    for (Line &line : cells)
      if (line.size() > columns)
        line.resize(columns);
    column = std::min<size_t>(column, columns - 1);
  }

  /// What is to be seen, without blanks at the ends and empty lines below.
  std::vector<std::string> lines() const {
    std::vector<std::string> all;
    for (const Line &line : cells)
      all.push_back(textOf(line));
    while (!all.empty() && all.back().empty())
      all.pop_back();
    return all;
  }
  const std::vector<std::string> &scrolledAway() const { return gone; }
  size_t cursorRow() const { return row; }

private:
  using Line = std::vector<std::string>; ///< by column; "" behind a character of two columns

  static std::string textOf(const Line &line) {
    std::string text;
    for (const std::string &cell : line)
      text += cell;
    text.erase(text.find_last_not_of(' ') + 1);
    return text;
  }

  void scroll() {
    gone.push_back(textOf(cells.front()));
    cells.erase(cells.begin());
    cells.emplace_back();
    --row;
  }

  size_t character(std::string_view text) {
    if (text[0] == '\r') {
      column = 0;
      return 1;
    }
    if (text[0] == '\n') { // the driver of terminals adds the \r
      column = 0;
      if (++row == rows)
        scroll();
      return 1;
    }
    EXPECT_GE(uint8_t(text[0]), 0x20) << "a control byte";
    size_t size = 1;
    while (size < text.size() && (uint8_t(text[size]) & 0xc0) == 0x80)
      ++size;
    size_t width = displayWidth(text.substr(0, size));
    if (column + width > columns) {
      EXPECT_FALSE(wraps) << "a line would wrap";
      column = columns - width;
    }
    Line &line = cells[row];
    line.resize(std::max(line.size(), column + width), " ");
    line[column] = text.substr(0, size);
    for (size_t k = 1; k < width; ++k)
      line[column + k] = "";
    column += width;
    return size;
  }

  size_t command(std::string_view text) {
    size_t end = text.find_first_not_of("[?0123456789", 1);
    std::string_view number = text.substr(2, end - 2);
    switch (end == std::string_view::npos ? 0 : text[end]) {
    case 'A': {
      size_t up = std::stoul(std::string(number));
      EXPECT_LE(up, row) << "above the first line";
      row -= std::min(up, row);
      break;
    }
    case 'K':
      EXPECT_LT(column, columns) << "terminals differ in what they clear here";
      cells[row].resize(std::min(cells[row].size(), column));
      break;
    case 'J':
      cells[row].resize(std::min(cells[row].size(), column));
      for (size_t below = row + 1; below < rows; ++below)
        cells[below].clear();
      break;
    case 'h':
    case 'l':
      if (number == "?7")
        wraps = text[end] == 'h';
      else
        EXPECT_EQ(number, "?2026");
      break;
    default:
      ADD_FAILURE() << "an unknown command: " << text.substr(1, 8);
    }
    return end + 1;
  }

  unsigned rows, columns;
  std::vector<Line> cells; ///< by row
  std::vector<std::string> gone;
  size_t row = 0, column = 0;
  bool wraps = true;
};

} // namespace millrace::test

#endif
