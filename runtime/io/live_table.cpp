//===- live_table.cpp - an upsert stream on a terminal ------------------------===//
#include "runtime/io/live_table.h"
#include "runtime/io/encoders.h"
#include "runtime/values/string_view.h"

#include <algorithm>
#include <bit>
#include <cmath>

using namespace millrace;

namespace {

// What terminals understand (ECMA-48; the last two: those that know them show a drawing at once, others pass over
// them).
constexpr std::string_view kClearLine = "\x1b[K", kClearBelow = "\x1b[J";
constexpr std::string_view kNoWrap = "\x1b[?7l", kWrap = "\x1b[?7h";
constexpr std::string_view kBegin = "\x1b[?2026h", kEnd = "\x1b[?2026l";

/// Bits that are equal if the values are one key (rule 26).
uint64_t keyBits(const uint8_t *value, mr_type type) {
  uint64_t bits = loadBits(value, type);
  if (type != MR_F64 && type != MR_F32)
    return bits;
  double number = type == MR_F64 ? std::bit_cast<double>(bits) : std::bit_cast<float>(uint32_t(bits));
  return std::isnan(number) ? 1 : std::bit_cast<uint64_t>(number + 0.0);
}

std::string grouped(size_t number) {
  std::string text = std::to_string(number);
  for (size_t at = text.size(); at > 3; at -= 3)
    text.insert(at - 3, ",");
  return text;
}

} // namespace

LiveTable::LiveTable(const mr_sink_desc &sink, const OutputFile &terminal, size_t remembered)
    : sink(sink), terminal(terminal), remembered(remembered), changes(sink) {
  addFields(columns, sink);
}

std::string LiveTable::keyOf(const uint8_t *row) const {
  std::string key;
  for (uint32_t i = 0; i < sink.num_fields; ++i) {
    if (!changes.keyed(i))
      continue;
    const mr_field_desc &field = sink.fields[i];
    bool null = field.status_offset != UINT32_MAX && row[field.status_offset] != 0;
    key += char(null);
    if (null)
      continue;
    const uint8_t *value = row + field.offset;
    if (field.type == MR_STRING || field.type == MR_BYTES) {
      mr_string string;
      std::memcpy(&string, value, sizeof(string));
      uint32_t length = stringLength(string);
      key.append(reinterpret_cast<const char *>(&length), sizeof(length));
      key += viewOf(string);
    } else {
      uint64_t bits = keyBits(value, mr_type(field.type));
      key.append(reinterpret_cast<const char *>(&bits), sizeof(bits));
    }
  }
  return key;
}

void LiveTable::change(const uint8_t *row) {
  std::string key = keyOf(row);
  auto known = byKey.find(key);
  changed = true;
  if (changes.isDelete(row)) {
    if (known == byKey.end())
      return;
    std::replace(places.begin(), places.end(), &*known->second, static_cast<Row *>(nullptr));
    rows.erase(known->second);
    byKey.erase(known);
    return;
  }
  if (known == byKey.end()) {
    rows.emplace_front().key = key;
    rows.front().number = keys++;
    byKey.emplace(std::move(key), rows.begin());
  } else {
    rows.splice(rows.begin(), rows, known->second);
  }
  Row &now = rows.front();
  now.cells.clear();
  for (uint32_t i = 0; i < sink.num_fields; ++i)
    now.cells.push_back(cellText(sink.fields[i], row));
  if (rows.size() > remembered) {
    std::replace(places.begin(), places.end(), &rows.back(), static_cast<Row *>(nullptr));
    byKey.erase(rows.back().key);
    rows.pop_back();
    forgotten = true;
  }
}

/// Gives places to the rows that changed last; who has one keeps it.
void LiveTable::place(size_t most) {
  ++drawing;
  std::vector<Row *> fresh;
  size_t count = 0;
  for (Row &row : rows) {
    if (count++ == most)
      break;
    row.shownIn = drawing;
    if (!row.placed)
      fresh.push_back(&row);
  }
  for (Row *&row : places)
    if (row && row->shownIn != drawing) {
      row->placed = false;
      row = nullptr;
    }
  auto take = [&](Row *&place) {
    place = fresh.back(); // the one that changed first of them
    place->placed = true;
    fresh.pop_back();
  };
  for (Row *&row : places)
    if (!row && !fresh.empty())
      take(row);
  std::erase(places, nullptr);
  while (!fresh.empty())
    take(places.emplace_back());
}

/// The lines that are to be seen: never more than the terminal has above the cursor.
std::vector<std::string> LiveTable::linesFor(TerminalSize size) {
  size_t most = size.rows > 4 ? size.rows - 3 : 1; // beside the head, its rule and the line of the cursor
  bool all = rows.size() <= most && !forgotten;
  place(all || most == 1 ? most : most - 1); // one line says how many others there are
  for (Row *row : places)
    columns.fit(row->cells.data());
  columns.limit(size.columns - 1);
  std::vector<std::string> lines = {columns.head(), columns.rule()};
  for (Row *row : places)
    lines.push_back(columns.line(row->cells.data()));
  if (size_t others = rows.size() - places.size(); !all && (others || forgotten) && most > 1)
    lines.push_back("… and " + std::string(forgotten ? "more than " : "") + grouped(others) +
                    (others == 1 && !forgotten ? " other key" : " other keys"));
  for (std::string &line : lines) // the last column stays free: behind it terminals differ
    line = cutToWidth(line, size.columns - 1);
  return lines;
}

TerminalSize LiveTable::size() const {
  TerminalSize size = terminal.terminal();
  return size.rows ? size : TerminalSize{24, 80}; // it is no terminal any more: any size will do
}

void LiveTable::goToTop(Buffer &out, TerminalSize size) const {
  if (size_t up = std::min<size_t>(shown.size(), size.rows - 1))
    out.append("\r\x1b[" + std::to_string(up) + "A");
}

void LiveTable::finish(Buffer &out) {
  TerminalSize size = this->size();
  if (rows.size() + 3 <= size.rows && !forgotten)
    return draw(out);
  std::vector<const Row *> all;
  for (const Row &row : rows) {
    all.push_back(&row);
    columns.fit(row.cells.data());
  }
  std::sort(all.begin(), all.end(), [](const Row *a, const Row *b) { return a->number < b->number; });
  columns.limit(size.columns - 1);
  auto line = [&](const std::string &text) {
    out.append(cutToWidth(text, size.columns - 1));
    out.append('\n');
  };
  out.append(kNoWrap);
  goToTop(out, size);
  out.append(kClearBelow);
  line(columns.head());
  line(columns.rule());
  for (const Row *row : all)
    line(columns.line(row->cells.data()));
  if (forgotten)
    line("… and others, which are forgotten: a table on a terminal holds " + grouped(remembered) + " keys");
  out.append(kWrap);
  shown.clear();
  changed = false;
}

void LiveTable::draw(Buffer &out) {
  TerminalSize size = this->size();
  bool resized = size.rows != shownOn.rows || size.columns != shownOn.columns;
  if (!changed && !resized)
    return;
  changed = false;
  std::vector<std::string> lines = linesFor(size);
  if (!resized && lines == shown)
    return;
  out.append(kBegin);
  out.append(kNoWrap);
  goToTop(out, size);
  for (size_t i = 0; i < lines.size(); ++i) {
    if (resized || i >= shown.size() || lines[i] != shown[i]) {
      out.append(lines[i]);
      out.append(kClearLine);
    }
    out.append('\n');
  }
  out.append(kClearBelow);
  out.append(kWrap);
  out.append(kEnd);
  shown = std::move(lines);
  shownOn = size;
}

void LiveTable::displaced() {
  shown.clear();
  shownOn = {};
}
