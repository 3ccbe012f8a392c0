//===- live_table.h - an upsert stream on a terminal --------------------------===//
//
// Internal. A table that stays where it is: each key has its line, which
// changes as the key's row does. It is never higher than the terminal: of more
// keys than fit it shows those that changed last, each in its place, and says
// how many others there are. What has not changed is not drawn again. At the end
// all keys are written, one below the other.
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
  /// Keys that are remembered: more would take more memory than somebody at a terminal expects.
  static constexpr size_t kRemembered = 1'000'000;

  /// Both outlive the table. The terminal's size is asked for each time that it is drawn. Of more keys than
  /// `remembered` those that changed longest ago are forgotten, which the table says.
  LiveTable(const mr_sink_desc &sink, const OutputFile &terminal, size_t remembered = kRemembered);

  /// Takes a row: what it says of its key holds from now on.
  void change(const uint8_t *row);
  /// Appends what brings the terminal up to date; nothing if it is.
  void draw(Buffer &out);
  /// Instead of a last drawing: all keys, in the order in which they first came, also those beyond the screen.
  void finish(Buffer &out);
  /// Something else was written to the terminal: the table is drawn anew below it.
  void displaced();

private:
  struct Row {
    std::string key;
    std::vector<std::string> cells;
    uint64_t number = 0;  ///< the how-manieth key it is
    uint64_t shownIn = 0; ///< number of the drawing that it is to be seen in
    bool placed = false;
  };
  using Rows = std::list<Row>;

  std::string keyOf(const uint8_t *row) const;
  void place(size_t most);
  TerminalSize size() const;
  std::vector<std::string> linesFor(TerminalSize size);
  /// Moves the cursor to where the table begins.
  void goToTop(Buffer &out, TerminalSize size) const;

  const mr_sink_desc &sink;
  const OutputFile &terminal;
  size_t remembered;
  Changes changes;
  TableColumns columns;
  Rows rows; ///< what changed last comes first
  std::unordered_map<std::string, Rows::iterator> byKey;
  std::vector<Row *> places;      ///< line by line; 0: its key is gone
  bool forgotten = false;         ///< have there been more keys than are remembered?
  std::vector<std::string> shown; ///< the lines on the terminal, above the cursor
  TerminalSize shownOn;
  uint64_t drawing = 0, keys = 0;
  bool changed = true;
};

} // namespace millrace

#endif
