//===- live_table.h - an upsert stream on a terminal --------------------------===//
//
// Internal. A table that stays where it is: each key has its line, which
// changes as the key's row does. It is never higher than the terminal: of more
// keys than fit it shows those that changed last, each in its place, and says
// how many others there are. What has not changed is not drawn again.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_LIVE_TABLE_H
#define MILLRACE_RUNTIME_IO_LIVE_TABLE_H

#include "runtime/io/buffer.h"
#include "runtime/io/changes.h"
#include "runtime/io/storage.h"
#include "runtime/io/table_text.h"

#include <list>
#include <unordered_map>

namespace millrace {

class LiveTable {
public:
  /// Both outlive the table. `size` is asked for each time that it is drawn.
  LiveTable(const mr_sink_desc &sink, const OutputFile &terminal);

  /// Takes a row: what it says of its key holds from now on.
  void change(const uint8_t *row);
  /// Appends what brings the terminal up to date; nothing if it is.
  void draw(Buffer &out);
  /// Something else was written to the terminal: the table is drawn anew below it.
  void displaced();

  /// Keys that are remembered. The ones that changed longest ago are forgotten: a table that nobody can read whole need
  /// not be in memory whole.
  static constexpr size_t kRemembered = 10'000;

private:
  struct Row {
    std::string key;
    std::vector<std::string> cells;
    uint64_t shownIn = 0; ///< number of the drawing that it is to be seen in
    bool placed = false;
  };
  using Rows = std::list<Row>;

  std::string keyOf(const uint8_t *row) const;
  void place(size_t most);
  std::vector<std::string> linesFor(TerminalSize size);

  const mr_sink_desc &sink;
  const OutputFile &terminal;
  Changes changes;
  TableColumns columns;
  Rows rows; ///< what changed last comes first
  std::unordered_map<std::string, Rows::iterator> byKey;
  std::vector<Row *> places;      ///< line by line; 0: its key is gone
  bool forgotten = false;         ///< have there been more keys than are remembered?
  std::vector<std::string> shown; ///< the lines on the terminal, above the cursor
  TerminalSize shownOn;
  uint64_t drawing = 0;
  bool changed = true;
};

} // namespace millrace

#endif
