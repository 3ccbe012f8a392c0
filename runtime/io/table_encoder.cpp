//===- table_encoder.cpp - rows as a table for people -----------------------------===//
#include "runtime/io/encoders.h"
#include "runtime/io/live_table.h"

#include <optional>

namespace millrace {

namespace {

/// Rows that are laid out together.
constexpr size_t kBlock = 1000;
/// Or so many characters, blanks counted.
constexpr size_t kBlockText = size_t(1) << 20;

class TableEncoder final : public Encoder {
public:
  explicit TableEncoder(const mr_sink_desc &sink) : sink(sink), changes(sink) {
    if (changes.written())
      columns.add(kOpField, false);
    addFields(columns, sink);
  }

  void share(const std::string &name) override { title = printable(name); }

  void onTerminal(const OutputFile &terminal) override {
    if (changes.written())
      live.emplace(sink, terminal);
  }

  size_t encode(const uint8_t *rows, size_t count, Buffer &out) override {
    size_t row = 0;
    for (; row < count && (row == 0 || !out.full()); ++row, rows += sink.row_size) {
      if (live) {
        live->change(rows);
        continue;
      }
      if (changes.written())
        cells.emplace_back(changes.op(rows));
      for (uint32_t i = 0; i < sink.num_fields; ++i)
        cells.push_back(changes.holds(rows, i) ? cellText(sink.fields[i], rows) : "");
      columns.fit(cells.data() + cells.size() - columns.count());
      if (++waiting == kBlock || waiting * columns.lineWidth() >= kBlockText)
        flush(out);
    }
    return row;
  }

  void flush(Buffer &out) override {
    if (live)
      live->draw(out);
    else if (waiting)
      print(out);
  }

  void refresh(Buffer &out) override {
    if (live)
      live->draw(out);
  }

  void displaced() override {
    if (live)
      live->displaced();
  }

  void end(Buffer &out) override {
    if (live)
      live->finish(out);
    else if (waiting || !headed)
      print(out);
  }

private:
  void print(Buffer &out) {
    if (!headed || !title.empty()) {
      if (!title.empty())
        out.append(title + "\n");
      out.append(columns.head() + "\n" + columns.rule() + "\n");
      headed = true;
    }
    for (size_t row = 0; row < waiting; ++row)
      out.append(columns.line(cells.data() + row * columns.count()) + "\n");
    if (!title.empty())
      out.append('\n');
    cells.clear();
    waiting = 0;
  }

  const mr_sink_desc &sink;
  Changes changes;
  TableColumns columns;
  std::optional<LiveTable> live; ///< the table that stays, instead of all that follows
  std::vector<std::string> cells;
  std::string title; ///< stands before each block if other tables go to the same place
  size_t waiting = 0;
  bool headed = false;
};

} // namespace

std::unique_ptr<Encoder> makeTableEncoder(const mr_sink_desc &sink, const Options &, std::string &) {
  return std::make_unique<TableEncoder>(sink);
}

} // namespace millrace
