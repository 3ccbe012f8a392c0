//===- value_top.cpp - the best rows of a list ----------------------------------===//
//
// A top (value_list.h) takes rows in until there are twice as many as it has to
// keep; then it is sorted and cut. The last row that was left is the bar for what
// comes after it. So a row costs one comparison where it is too bad, else O(log n)
// on average. Of few rows of one size, without ties, no more than are kept lie
// there, always in order: a row goes to its place.
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

/// A list of which most lies in no cache is one wait, not one for its header, one for its last row, and so on.
void fetch(const char *at, uint64_t bytes) {
  constexpr uint64_t kLine = 64, kMost = 10 * kLine; // as many as are under way at once
  for (uint64_t i = 0; i < std::min(bytes, kMost); i += kLine)
    __builtin_prefetch(at + i, /*rw=*/1);
}

/// Where a key has more rows than a few, a list no longer than this has room for all that it will have.
constexpr uint64_t kSmall = 1024;

/// As many are kept in order.
constexpr uint32_t kFew = 64;

bool isKeptInOrder(const mr_entry_desc &entry) { return !entry.ties && !entry.num_texts && entry.limit <= kFew; }

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

/// The words from `from` on that rows are judged by.
int compareWords(const uint8_t *a, const uint8_t *b, uint32_t from, const mr_entry_desc &entry) {
  for (uint32_t at = from; at < entry.value; at += sizeof(uint64_t))
    if (uint64_t x = wordOf(a + at), y = wordOf(b + at); x != y)
      return x < y ? -1 : 1;
  return 0;
}

/// < 0: the row `a`, which begins with `by` if that is a text, is better by its values than `b`, 0: as good.
int compare(const uint8_t *a, mr_string by, const ListEntry &b, const mr_entry_desc &entry) {
  int result;
  if (!entry.by_text) {
    result = compareWords(a, b.row(), 0, entry);
  } else {
    mr_string other = byOf(b, entry);
    result = order(viewOf(by), viewOf(other));
    result = result ? result : compareWords(a, b.row(), sizeof(mr_string), entry);
  }
  return entry.ascending ? result : -result;
}

int compare(const ListEntry &a, const ListEntry &b, const mr_entry_desc &entry) {
  return compare(a.row(), entry.by_text ? byOf(a, entry) : mr_string{}, b, entry);
}

/// Are rows judged by one word alone, as most are? Then a greater one, turned so, is worse.
bool isByWord(const mr_entry_desc &entry) { return entry.value == sizeof(uint64_t) && !entry.by_text; }
uint64_t badness(const uint8_t *row, const mr_entry_desc &entry) {
  return entry.ascending ? wordOf(row) : ~wordOf(row);
}

/// Is a row that comes now so bad that it will not be kept? `last`: the last one that has to be.
bool isTooBad(const uint8_t *row, int64_t time, const ListEntry &last, const mr_entry_desc &entry) {
  if (isByWord(entry)) {
    uint64_t mine = badness(row, entry), its = badness(last.row(), entry);
    return mine > its || (mine == its && !entry.ties && time >= last.time());
  }
  int result = compare(row, entry.by_text ? textOfRow(row, 0) : mr_string{}, last, entry);
  return result > 0 || (result == 0 && !entry.ties && time >= last.time());
}

//===-- in order --------------------------------------------------------------===//

/// Rows of a list that is kept in order.
struct OrderedRows {
  OrderedRows(ListBlock list, const mr_entry_desc &entry)
      : header(list.header()), first(list.entryAt(sizeof(ListHeader)).at), entry(entry),
        bytes(sizeof(int64_t) + entry.size) {}

  ListEntry at(uint64_t i) const { return {first + i * bytes}; }

  /// Of the first `count` ones, all that are kept, how many come before this row?
  uint64_t placeOf(int64_t time, const uint8_t *row, uint64_t count) const {
    if (isByWord(entry)) {
      const uint64_t mine = badness(row, entry);
      for (; count; --count) {
        ListEntry one = at(count - 1);
        uint64_t its = badness(one.row(), entry);
        if (mine > its || (mine == its && time >= one.time()))
          return count;
      }
      return 0;
    }
    auto isBefore = [&](ListEntry one) {
      int order = compare(row, {}, one, entry);
      return order < 0 || (order == 0 && time < one.time());
    };
    while (count && isBefore(at(count - 1)))
      --count;
    return count;
  }

  /// The row comes to `place`; of what is behind it, up to `count`, one goes on if there are too many.
  void insert(int64_t time, const uint8_t *row, uint64_t place, uint64_t count) const {
    char *to = const_cast<char *>(at(place).at);
    std::memmove(to + bytes, to, (std::min<uint64_t>(count, entry.limit - 1) - place) * bytes);
    std::memcpy(to, &time, sizeof(time));
    std::memcpy(to + sizeof(time), row, entry.size);
  }

  void end(uint64_t count) const {
    header.count = header.cut = uint32_t(count);
    header.used = uint32_t(sizeof(ListHeader) + count * bytes);
    header.time = INT64_MAX; // they are by value
    header.last = count == entry.limit ? uint32_t(sizeof(ListHeader) + (count - 1) * bytes) : 0;
  }

  ListHeader &header;
  const char *first;
  const mr_entry_desc &entry;
  uint64_t bytes;
};

/// Those behind the first ones, which are in order, go to their places.
void putInOrder(ListBlock list, const mr_entry_desc &entry) {
  OrderedRows rows(list, entry);
  std::vector<char> one(rows.bytes);
  uint64_t kept = rows.header.cut;
  for (uint64_t i = kept; i < rows.header.count; ++i) {
    std::memcpy(one.data(), rows.at(i).at, rows.bytes);
    ListEntry next{one.data()};
    uint64_t place = rows.placeOf(next.time(), next.row(), kept);
    if (place == entry.limit)
      continue;
    rows.insert(next.time(), next.row(), place, kept);
    kept = std::min<uint64_t>(kept + 1, entry.limit);
  }
  rows.end(kept);
}

mr_string addInOrder(StringArena &texts, mr_string stored, int64_t time, const uint8_t *row,
                     const mr_entry_desc &entry) {
  uint64_t count = 0, place = 0;
  if (stringLength(stored)) {
    ListBlock list(texts, stored);
    if (list.header().cut != list.header().count) // another program's, of which it was loaded
      putInOrder(list, entry);
    OrderedRows rows(list, entry);
    count = rows.header.count;
    place = rows.placeOf(time, row, count);
  }
  if (count < entry.limit) {
    uint64_t bytes = sizeof(int64_t) + entry.size, all = sizeof(ListHeader) + entry.limit * bytes;
    if (count && all <= kSmall && ListBlock(texts, stored).header().used + bytes > stringLength(stored))
      stored = listRoom(texts, stored, (entry.limit - count) * bytes);
    stored = listAdd(texts, stored, time, row, entry);
    if (listCount(texts, stored) == count) // refused
      return stored;
  }
  OrderedRows rows(ListBlock(texts, stored), entry);
  rows.insert(time, row, place, count);
  rows.end(std::min<uint64_t>(count + 1, entry.limit));
  return stored;
}

//===-- now and then ------------------------------------------------------------===//

void cutIfMany(StringArena &texts, mr_string stored, const mr_entry_desc &entry) {
  if (!stringLength(stored))
    return;
  const ListHeader &header = ListBlock(texts, stored).header();
  if (isKeptInOrder(entry) || header.count >= 2 * uint64_t(std::max(header.cut, entry.limit)) + kSpare)
    topCut(texts, stored, entry);
}

} // namespace

mr_string millrace::topAdd(StringArena &texts, mr_string stored, int64_t time, const uint8_t *row,
                           const mr_entry_desc &entry) {
  if (stringLength(stored)) {
    ListBlock list(texts, stored);
    fetch(texts.at(stored.tail), stringLength(stored));
    if (uint32_t last = list.header().last; last && isTooBad(row, time, list.entryAt(last), entry))
      return stored;
  }
  if (isKeptInOrder(entry))
    return addInOrder(texts, stored, time, row, entry);
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
  if (isKeptInOrder(entry))
    return putInOrder(list, entry);
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
