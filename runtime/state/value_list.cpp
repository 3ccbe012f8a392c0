//===- value_list.cpp - lists of rows that a member keeps ----------------------===//
//
// Called by generated code (below) and by whoever keeps lists.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/value_list.h"

#include "runtime/state/invariant.h"
#include "runtime/state/list_block.h"
#include "runtime/state/table.h"

#include <algorithm>
#include <string>
#include <unordered_set>

using namespace millrace;

namespace {

constexpr uint64_t kLeastEntries = 2, kLongestText = ~uint32_t(0);
constexpr const char *kOverrun = "a list ends where its entries do";

bool hasRoom(const StringArena &texts, mr_string stored, uint64_t more) {
  return stringLength(stored) && ListBlock(texts, stored).header().used + more <= stringLength(stored);
}

/// Writes an entry; long strings follow the row, in whose place their address is not kept.
void write(char *to, int64_t time, const uint8_t *row, const mr_entry_desc &entry) {
  std::memcpy(to, &time, sizeof(time));
  char *place = to + sizeof(time), *next = place + entry.size;
  std::memcpy(place, row, entry.size);
  for (uint32_t i = 0; i < entry.num_texts; ++i) {
    mr_string text = textOfRow(row, entry.texts[i]);
    uint32_t length = stringLength(text);
    if (length <= MR_STRING_INLINE)
      continue;
    std::memcpy(next, reinterpret_cast<const char *>(text.tail), length);
    std::memset(next + length, 0, roundUp8(length) - length);
    next += roundUp8(length);
    text.tail = 0;
    std::memcpy(place + entry.texts[i], &text, sizeof(text));
  }
}

bool isSorted(const ListHeader &header) { return header.time != INT64_MAX; }

/// An entry of this time comes to the end.
void noteTime(ListHeader &header, int64_t time) { header.time = time >= header.time ? time : INT64_MAX; }

} // namespace

mr_string millrace::listRoom(StringArena &texts, mr_string stored, uint64_t more) {
  uint64_t capacity = stringLength(stored);
  uint64_t used = capacity ? ListBlock(texts, stored).header().used : sizeof(ListHeader);
  if (used + more <= capacity)
    return stored;
  uint64_t wanted = capacity ? capacity * 2 : sizeof(ListHeader) + kLeastEntries * more;
  if (used + more <= kLongestText)
    wanted = std::min(wanted, kLongestText);
  mr_string grown = texts.room(std::max(wanted, used + more));
  if (!stringLength(grown))
    return stored;
  if (capacity) {
    std::memcpy(const_cast<char *>(texts.at(grown.tail)), texts.at(stored.tail), used);
    texts.giveBack(stored);
  } else {
    ListHeader header;
    header.used = sizeof(ListHeader);
    std::memcpy(const_cast<char *>(texts.at(grown.tail)), &header, sizeof(header));
  }
  return grown;
}

std::vector<ListEntry> ListBlock::entries(const mr_entry_desc &entry) const {
  std::vector<ListEntry> all;
  all.reserve(header().count);
  const char *next = at + sizeof(ListHeader);
  for (uint32_t i = 0; i < header().count; ++i) {
    all.push_back({next});
    next += entryBytes(all.back().row(), entry);
  }
  invariant(next == end(), kOverrun);
  return all;
}

void ListBlock::keepOnly(const std::vector<ListEntry> &entries, const mr_entry_desc &entry) const {
  std::vector<char> bytes;
  bytes.reserve(header().used);
  for (ListEntry one : entries)
    bytes.insert(bytes.end(), one.at, one.at + entryBytes(one.row(), entry));
  invariant(sizeof(ListHeader) + bytes.size() <= header().used, kOverrun);
  if (!bytes.empty())
    std::memcpy(at + sizeof(ListHeader), bytes.data(), bytes.size());
  header().count = uint32_t(entries.size());
  header().used = uint32_t(sizeof(ListHeader) + bytes.size());
}

void millrace::takeRow(ListEntry from, const mr_entry_desc &entry, uint8_t *row) {
  std::memcpy(row, from.row(), entry.size);
  const uint8_t *next = from.row() + entry.size;
  for (uint32_t i = 0; i < entry.num_texts; ++i) {
    mr_string text = textOfRow(row, entry.texts[i]);
    uint32_t length = stringLength(text);
    if (length <= MR_STRING_INLINE)
      continue;
    text.tail = reinterpret_cast<uint64_t>(next);
    std::memcpy(row + entry.texts[i], &text, sizeof(text));
    next += roundUp8(length);
  }
}

mr_string millrace::listAdd(StringArena &texts, mr_string stored, int64_t time, const uint8_t *row,
                            const mr_entry_desc &entry) {
  uint64_t bytes = entryBytes(row, entry);
  stored = listRoom(texts, stored, bytes);
  if (!hasRoom(texts, stored, bytes)) // refused
    return stored;
  ListBlock list(texts, stored);
  write(list.end(), time, row, entry);
  list.header().used += uint32_t(bytes);
  ++list.header().count;
  noteTime(list.header(), time);
  return stored;
}

mr_string millrace::listAddAll(StringArena &texts, mr_string stored, const StringArena &from, mr_string other) {
  if (!stringLength(other))
    return stored;
  uint64_t bytes = ListBlock(from, other).header().used - sizeof(ListHeader);
  stored = listRoom(texts, stored, bytes);
  if (!hasRoom(texts, stored, bytes)) // refused
    return stored;
  ListBlock list(texts, stored), more(from, other);
  const ListHeader &added = more.header();
  if (!added.count)
    return stored;
  bool inOrder = isSorted(added) && more.entryAt(sizeof(ListHeader)).time() >= list.header().time;
  std::memcpy(list.end(), more.entryAt(sizeof(ListHeader)).at, bytes);
  list.header().used += uint32_t(bytes);
  list.header().count += added.count;
  list.header().time = inOrder ? added.time : INT64_MAX;
  return stored;
}

uint64_t millrace::listCount(const StringArena &texts, mr_string stored) {
  return stringLength(stored) ? ListBlock(texts, stored).header().count : 0;
}

void millrace::listSort(StringArena &texts, mr_string stored, const mr_entry_desc &entry) {
  if (!stringLength(stored) || isSorted(ListBlock(texts, stored).header()))
    return;
  ListBlock list(texts, stored);
  std::vector<ListEntry> entries = list.entries(entry);
  std::sort(entries.begin(), entries.end(), [](ListEntry a, ListEntry b) {
    return a.time() != b.time() ? a.time() < b.time() : a.at < b.at; // they lie as they arrived
  });
  list.header().time = entries.back().time();
  list.keepOnly(entries, entry);
}

void millrace::listEach(const StringArena &texts, mr_string stored, const mr_entry_desc &entry,
                        const std::function<void(int64_t, const uint8_t *)> &take) {
  if (!stringLength(stored))
    return;
  std::vector<uint64_t> row(entry.size / 8);
  for (ListEntry one : ListBlock(texts, stored).entries(entry)) {
    takeRow(one, entry, reinterpret_cast<uint8_t *>(row.data()));
    take(one.time(), reinterpret_cast<const uint8_t *>(row.data()));
  }
}

//===-- of different values -------------------------------------------------===//

/// What two entries have in common if their values are equal: generated code writes equal ones as equal bytes.
static std::string valueKey(ListEntry one, const mr_entry_desc &entry) {
  const uint8_t *row = one.row();
  if (!entry.num_texts)
    return std::string(reinterpret_cast<const char *>(row), entry.size);
  mr_string text = textOfRow(row, entry.texts[0]); // there is one, for the value is no record
  if (stringLength(text) > MR_STRING_INLINE)
    text.tail = reinterpret_cast<uint64_t>(row + entry.size);
  std::string key(viewOf(text));
  key += char(entry.status == UINT32_MAX ? 0 : row[entry.status]);
  return key;
}

void millrace::listKeepFirst(StringArena &texts, mr_string stored, const mr_entry_desc &entry) {
  if (!stringLength(stored) || ListBlock(texts, stored).header().count == ListBlock(texts, stored).header().cut)
    return;
  listSort(texts, stored, entry);
  ListBlock list(texts, stored);
  std::vector<ListEntry> entries = list.entries(entry), first;
  std::unordered_set<std::string> seen;
  for (ListEntry one : entries)
    if (seen.insert(valueKey(one, entry)).second)
      first.push_back(one);
  int64_t time = first.back().time();
  list.keepOnly(first, entry);
  list.header().cut = list.header().count;
  list.header().time = time;
}

void millrace::listTrim(StringArena &texts, mr_string stored, const mr_entry_desc &entry) {
  constexpr uint64_t kSpare = 8;
  if (!stringLength(stored))
    return;
  const ListHeader &header = ListBlock(texts, stored).header();
  if (header.count >= 2 * uint64_t(header.cut) + kSpare)
    listKeepFirst(texts, stored, entry);
}

//===-- results -------------------------------------------------------------===//

/// Copies the long strings of the value in a row to `bytes`.
static void copyTexts(uint8_t *row, const mr_entry_desc &entry, uint8_t *&bytes) {
  for (uint32_t i = 0; i < entry.num_texts; ++i) {
    mr_string text = textOfRow(row, entry.texts[i]);
    uint32_t length = stringLength(text);
    if (length <= MR_STRING_INLINE || entry.texts[i] < entry.value)
      continue;
    std::memcpy(bytes, reinterpret_cast<const char *>(text.tail), length);
    text.tail = reinterpret_cast<uint64_t>(bytes);
    std::memcpy(row + entry.texts[i], &text, sizeof(text));
    bytes += roundUp8(length);
  }
}

/// The values of the entries as a list in the task's memory: elements, statuses, records, bytes of strings.
static mr_list valuesOf(mr_task *task, const StringArena &texts, mr_string stored, const mr_entry_desc &entry) {
  uint64_t count = listCount(texts, stored);
  if (!count)
    return {nullptr, 0};
  bool hasStatus = entry.status != UINT32_MAX;
  uint64_t stride = entry.is_record ? sizeof(void *) : entry.value_size;
  uint64_t elements = roundUp8(count * (stride + hasStatus)), records = entry.is_record ? count * entry.value_size : 0;
  uint64_t longTexts =
      ListBlock(texts, stored).header().used - sizeof(ListHeader) - count * (sizeof(int64_t) + entry.size);
  uint8_t *result = mr_arena(task, elements + records + longTexts), *element = result,
          *status = result + count * stride;
  uint8_t *record = result + elements, *bytes = record + records;
  auto take = [&](const uint8_t *row) {
    if (entry.is_record) {
      std::memcpy(record, row + entry.value, entry.value_size);
      std::memcpy(element, &record, sizeof(record));
      record += entry.value_size;
    } else {
      std::memcpy(element, row + entry.value, entry.value_size);
    }
    element += stride;
    if (hasStatus)
      *status++ = row[entry.status];
  };
  if (!entry.num_texts) { // rows of one size
    ListEntry one = ListBlock(texts, stored).entryAt(sizeof(ListHeader));
    for (uint64_t i = 0; i < count; ++i, one.at += sizeof(int64_t) + entry.size)
      take(one.row());
    return {result, count};
  }
  listEach(texts, stored, entry, [&](int64_t, const uint8_t *given) {
    copyTexts(const_cast<uint8_t *>(given), entry, bytes);
    take(given);
  });
  return {result, count};
}

extern "C" mr_string mr_list_add(mr_table *table, mr_string stored, int64_t time, const uint8_t *row,
                                 const mr_entry_desc *entry) {
  return listAdd(table->texts, stored, time, row, *entry);
}
extern "C" mr_string mr_list_add_all(mr_table *table, mr_string stored, mr_table *from, mr_string other) {
  return listAddAll(table->texts, stored, from->texts, other);
}
extern "C" void mr_list_trim(mr_table *table, mr_string stored, const mr_entry_desc *entry) {
  listTrim(table->texts, stored, *entry);
}
extern "C" mr_list mr_list_values(mr_task *task, mr_table *table, mr_string stored, const mr_entry_desc *entry) {
  if (entry->distinct)
    listKeepFirst(table->texts, stored, *entry);
  listSort(table->texts, stored, *entry);
  return valuesOf(task, table->texts, stored, *entry);
}
extern "C" mr_list mr_top_values(mr_task *task, mr_table *table, mr_string stored, const mr_entry_desc *entry) {
  topCut(table->texts, stored, *entry);
  return valuesOf(task, table->texts, stored, *entry);
}
