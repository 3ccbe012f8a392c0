//===- value_top.cpp - the best rows of a list ----------------------------------===//
//
// A top (value_list.h) takes rows in until there are twice as many as it has to
// keep; then it is sorted and cut. The last row that was left is the bar for what
// comes after it. So a row costs one comparison where it is too bad, else O(log n)
// on average.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/list_block.h"
#include "runtime/state/table.h"
#include "runtime/state/value_list.h"

#include <algorithm>

using namespace millrace;

namespace {

/// Rows beyond twice what is kept, before it is cut.
constexpr uint32_t kSpare = 4;

/// What a row begins with, its string in flight.
mr_string byOf(ListEntry one, const mr_entry_desc &entry) {
  mr_string by = textOfRow(one.row(), 0);
  if (stringLength(by) > MR_STRING_INLINE) // the first of the row's strings: its bytes come first, too
    by.tail = reinterpret_cast<uint64_t>(one.row() + entry.size);
  return by;
}

uint64_t wordOf(const uint8_t *row) {
  uint64_t word;
  std::memcpy(&word, row, sizeof(word));
  return word;
}

int order(std::string_view a, std::string_view b) {
  int order = a.compare(b); // by unsigned bytes
  return order < 0 ? -1 : order > 0;
}

/// < 0: the row with `a` is better by its value, 0: as good.
int compare(const ListEntry &a, const ListEntry &b, const mr_entry_desc &entry) {
  int result;
  if (entry.by_text) {
    mr_string x = byOf(a, entry), y = byOf(b, entry);
    result = order(viewOf(x), viewOf(y));
  } else {
    uint64_t x = wordOf(a.row()), y = wordOf(b.row());
    result = x < y ? -1 : x > y;
  }
  return entry.ascending ? result : -result;
}

/// Is a row that comes now so bad that it will not be kept? `last`: the last one that has to be.
bool isTooBad(const uint8_t *row, int64_t time, const ListEntry &last, const mr_entry_desc &entry) {
  int result;
  if (entry.by_text) {
    mr_string x = textOfRow(row, 0), y = byOf(last, entry);
    result = order(viewOf(x), viewOf(y));
  } else {
    uint64_t x = wordOf(row), y = wordOf(last.row());
    result = x < y ? -1 : x > y;
  }
  if (!entry.ascending)
    result = -result;
  return result > 0 || (result == 0 && !entry.ties && time >= last.time());
}

void cutIfMany(StringArena &texts, mr_string stored, const mr_entry_desc &entry) {
  if (!stringLength(stored))
    return;
  const ListHeader &header = ListBlock(texts, stored).header();
  if (header.count >= 2 * uint64_t(std::max(header.cut, entry.limit)) + kSpare)
    topCut(texts, stored, entry);
}

} // namespace

mr_string millrace::topAdd(StringArena &texts, mr_string stored, int64_t time, const uint8_t *row,
                           const mr_entry_desc &entry) {
  if (stringLength(stored)) {
    ListBlock list(texts, stored);
    if (uint32_t last = list.header().last; last && isTooBad(row, time, list.entryAt(last), entry))
      return stored;
  }
  stored = listAdd(texts, stored, time, row, entry);
  cutIfMany(texts, stored, entry);
  return stored;
}

mr_string millrace::topAddAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other,
                              const mr_entry_desc &entry) {
  stored = listAddAll(texts, stored, from, other);
  cutIfMany(texts, stored, entry);
  return stored;
}

void millrace::topCut(StringArena &texts, mr_string stored, const mr_entry_desc &entry) {
  if (!stringLength(stored))
    return;
  ListBlock list(texts, stored);
  if (list.header().count == list.header().cut)
    return;
  std::vector<ListEntry> entries = list.entries(entry);
  std::sort(entries.begin(), entries.end(), [&](ListEntry a, ListEntry b) {
    if (int order = compare(a, b, entry))
      return order < 0;
    return a.time() != b.time() ? a.time() < b.time() : a.at < b.at; // equal ones lie as they arrived
  });
  if (entries.size() > entry.limit) {
    auto end = entries.begin() + entry.limit;
    while (entry.ties && end != entries.end() && compare(*end, entries[entry.limit - 1], entry) == 0)
      ++end;
    entries.erase(end, entries.end());
  }
  list.keepOnly(entries, entry);
  ListHeader &header = list.header();
  header.cut = header.count;
  header.time = INT64_MAX; // they are by value
  header.last = header.count >= entry.limit ? list.offsetOf(list.entries(entry)[entry.limit - 1]) : 0;
}

extern "C" mr_string mr_top_add(mr_table *table, mr_string stored, int64_t time, const uint8_t *row,
                                const mr_entry_desc *entry) {
  return topAdd(table->texts, stored, time, row, *entry);
}
extern "C" void mr_top_trim(mr_table *table, mr_string stored, const mr_entry_desc *entry) {
  cutIfMany(table->texts, stored, *entry);
}
