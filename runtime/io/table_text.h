//===- table_text.h - rows as columns for people -----------------------------===//
//
// Internal: what tables that scroll and tables that stay have in common.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_TABLE_TEXT_H
#define MILLRACE_RUNTIME_IO_TABLE_TEXT_H

#include "millrace/abi.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

/// Columns that a text takes on a terminal.
size_t displayWidth(std::string_view text);

/// As much of the text as fits `columns`; what is cut off leaves `…` in its stead.
std::string cutToWidth(std::string_view text, size_t columns);

/// Text that neither breaks the line nor speaks to the terminal.
std::string printable(std::string_view text);

/// A field of a row, for people.
std::string cellText(const mr_field_desc &field, const uint8_t *row);

/// Names, widths and alignment of columns. Widths only grow, so that later rows line up.
class TableColumns {
public:
  void add(std::string_view name, bool rightAligned);
  size_t count() const { return columns.size(); }
  void fit(const std::string *cells);
  /// Characters of a line, blanks counted.
  size_t lineWidth() const;
  /// From now on lines have `most` characters at most, where that is possible: text that is too long is cut, the
  /// longest first, so that every column stays to be seen. Numbers are never cut.
  void limit(size_t most);

  std::string head() const;
  std::string rule() const;
  /// One row, without a line end.
  std::string line(const std::string *cells) const;

private:
  struct Column {
    std::string name;
    size_t width;
    bool rightAligned;
    /// Characters that are shown of it at most.
    size_t most = SIZE_MAX;
    size_t shown() const { return width < most ? width : most; }
  };
  std::vector<Column> columns;
};

/// The columns of a sink's fields.
void addFields(TableColumns &columns, const mr_sink_desc &sink);

} // namespace millrace

#endif
