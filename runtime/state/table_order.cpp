//===- table_order.cpp - slots in the order of their keys -----------------===//
//
// Rows of one firing count as arriving in the order of their keys (rule 10).
// A normalised word is turned into one whose unsigned order is the order of
// the field's type; the first field so decides nearly all comparisons without
// touching the slots.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/codes.h"
#include "runtime/state/dictionary.h"
#include "runtime/state/invariant.h"
#include "runtime/state/layouts.h"
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

namespace {

struct Entry {
  uint64_t first;    ///< rank of the first field, or a prefix of it
  uint64_t position; ///< of the slot
};

constexpr uint64_t kSign = uint64_t(1) << 63;

bool isString(uint8_t type) { return type == MR_STRING || type == MR_BYTES; }

/// A word whose unsigned order is the type's.
uint64_t rank(uint64_t word, uint8_t type) {
  switch (type) {
  case MR_BOOL:
  case MR_U8:
  case MR_U16:
  case MR_U32:
  case MR_U64:
    return word;
  case MR_F32:
  case MR_F64: // NaN, as mr_key_f64 has it, comes above infinity (rule 26)
    return word & kSign ? ~word : word | kSign;
  default:
    return word ^ kSign;
  }
}

bool isNull(const mr_table_desc &desc, bool anyNullable, const uint64_t *key, uint32_t field) {
  return anyNullable && (key[desc.key_words - 1] >> field & 1);
}

/// Of the first `fields` of normalised keys: negative, if a comes before b, 0 or positive. Bit i of `descending` turns
/// field i round, but for its nulls. `text` makes a string of what a key holds.
template <typename Text>
int compareKeys(const mr_table_desc &desc, bool anyNullable, const uint64_t *a, const uint64_t *b, uint32_t fields,
                uint64_t descending, Text text) {
  uint32_t word = 0, string = desc.key_words;
  for (uint32_t i = 0; i < fields; ++i) {
    uint8_t type = desc.key_types[i] & ~MR_KEY_NULLABLE;
    bool isText = isString(type);
    uint32_t at = isText ? string : word;
    (isText ? string : word) += isText ? 2 : 1;
    bool nullA = isNull(desc, anyNullable, a, i), nullB = isNull(desc, anyNullable, b, i);
    if (nullA != nullB)
      return nullB ? -1 : 1; // nulls last
    if (nullA)
      continue;
    int before = descending >> i & 1 ? 1 : -1;
    if (isText) {
      if (int32_t order = mr_string_compare(text({a[at], a[at + 1]}), text({b[at], b[at + 1]})))
        return order < 0 ? before : -before;
    } else if (a[at] != b[at]) {
      return rank(a[at], type) < rank(b[at], type) ? before : -before;
    }
  }
  return 0;
}

/// Reads keys of one table. Strings stay as they are kept.
class Keys {
public:
  explicit Keys(const mr_table *table, const mr_top_desc *top = nullptr)
      : desc(*table->desc), anyNullable(hasNulls(desc)), descending(top ? top->descending : 0) {
    bool byId = desc.layout == MR_LAYOUT_BY_ID;
    texts = byId ? &table->dictionary->texts : &table->texts;
    base = byId ? table->dictionary->keys : table->now.slots + 8;
    size = byId ? table->dictionary->keySize : desc.slot_size;
  }

  /// The key at a position of the layouts inline and by_id.
  const uint64_t *at(uint64_t position) const { return reinterpret_cast<const uint64_t *>(base + position * size); }

  /// Never greater for a lesser key; equal ranks are decided by `less`.
  uint64_t firstRank(const uint64_t *key) const {
    uint8_t type = desc.key_types[0] & ~MR_KEY_NULLABLE;
    uint64_t value = 0;
    if (!isNull(key, 0))
      value = isString(type) ? prefix({key[desc.key_words], key[desc.key_words + 1]}) : rank(key[0], type);
    if (descending & 1 && !isNull(key, 0))
      value = ~value;
    return anyNullable ? value >> 1 | (isNull(key, 0) ? kSign : 0) : value;
  }

  bool less(const uint64_t *a, const uint64_t *b) const { return compare(a, b, desc.num_keys) < 0; }

  /// Of the first `fields`.
  int compare(const uint64_t *a, const uint64_t *b, uint32_t fields) const {
    return compareKeys(desc, anyNullable, a, b, fields, descending,
                       [&](mr_string stored) { return texts->text(stored); });
  }

private:
  bool isNull(const uint64_t *key, uint32_t field) const { return ::isNull(desc, anyNullable, key, field); }

  /// The first 8 bytes, as a number that orders as they do.
  uint64_t prefix(mr_string stored) const {
    uint64_t bytes = stored.head >> 32;
    if (stringLength(stored) <= MR_STRING_INLINE)
      bytes |= stored.tail << 32;
    else
      __builtin_memcpy(&bytes, texts->at(stored.tail), 8);
    return __builtin_bswap64(bytes);
  }

  const mr_table_desc &desc;
  const StringArena *texts;
  const uint8_t *base;
  uint64_t size;
  bool anyNullable;
  uint64_t descending; ///< bit i: field i
};

/// Are packed words in the order of the keys they were made of? So if no field is a float.
bool packsInOrder(const mr_table_desc &desc) {
  for (uint32_t i = 0; i < desc.num_keys; ++i)
    if (uint8_t type = desc.key_types[i] & ~MR_KEY_NULLABLE; type == MR_F32 || type == MR_F64)
      return false;
  return true;
}

/// Packed keys with floats, made normal again.
class Unpacked {
public:
  Unpacked(mr_table *table, uint64_t count) : keys(table), account(*table->account), width(table->desc->key_words) {
    bytes = count * width * sizeof(uint64_t);
    all = reinterpret_cast<uint64_t *>(account.take(bytes));
  }
  ~Unpacked() { account.give(reinterpret_cast<uint8_t *>(all), bytes); }
  Unpacked(const Unpacked &) = delete;

  uint64_t *at(uint64_t number) const { return all + number * width; }

  const Keys keys;

private:
  StateAccount &account;
  uint64_t width, bytes;

public:
  uint64_t *all; ///< null: there is no memory
};

bool orderPacked(mr_table *table, Entry *entries, uint64_t count) {
  if (packsInOrder(*table->desc)) {
    for (uint64_t i = 0; i < count; ++i)
      entries[i].first = mr_packed_key(table, entries[i].position, table->desc->slot_size);
    std::sort(entries, entries + count, [&](const Entry &a, const Entry &b) {
      bool nullA = mr_packed_is_null(table, a.position), nullB = mr_packed_is_null(table, b.position);
      return nullA != nullB ? nullB : a.first < b.first;
    });
    return true;
  }
  Unpacked unpacked(table, count);
  for (uint64_t i = 0; unpacked.all && i < count; ++i) {
    tableKey(table, entries[i].position, unpacked.at(i));
    entries[i].first = i;
  }
  if (!unpacked.all)
    return false;
  std::sort(entries, entries + count, [&](const Entry &a, const Entry &b) {
    return unpacked.keys.less(unpacked.at(a.first), unpacked.at(b.first));
  });
  return true;
}

/// `among`: so many are asked for, the least by their keys and those that may be equal to the last of them; how many
/// are left and in order?
uint64_t orderKeys(mr_table *table, const Keys &keys, Entry *entries, uint64_t count, uint64_t among) {
  for (uint64_t i = 0; i < count; ++i)
    entries[i].first = table->desc->num_keys ? keys.firstRank(keys.at(entries[i].position)) : 0;
  if (among < count) { // mostly few of many: they are found in one go, and only they are sorted
    std::nth_element(entries, entries + among - 1, entries + count,
                     [](const Entry &a, const Entry &b) { return a.first < b.first; });
    uint64_t last = entries[among - 1].first;
    count = uint64_t(
        std::partition(entries + among, entries + count, [&](const Entry &entry) { return entry.first == last; }) -
        entries);
  }
  std::sort(entries, entries + count, [&](const Entry &a, const Entry &b) {
    return a.first != b.first ? a.first < b.first : keys.less(keys.at(a.position), keys.at(b.position));
  });
  return count;
}

/// Of each group only the first stay, and with ties what is equal to the last of these. How many are there then?
uint64_t cut(const Keys &keys, const mr_top_desc &top, uint32_t fields, Entry *entries, uint64_t count) {
  uint64_t left = 0, taken = 0;
  const uint64_t *last = nullptr, *before = nullptr;
  for (uint64_t i = 0; i < count; ++i) {
    const uint64_t *key = keys.at(entries[i].position);
    if (!before || keys.compare(before, key, top.groups))
      taken = 0;
    before = key;
    if (taken < top.limit) {
      ++taken;
      last = key;
    } else if (!top.ties || keys.compare(last, key, fields - 1)) { // but for the arrival
      continue;
    }
    entries[left++] = entries[i];
  }
  return left;
}

bool makeOrder(mr_table *table, const mr_top_desc *top = nullptr) {
  uint64_t count = tableCount(table), n = 0, entryBytes = (count + 1) * sizeof(Entry);
  const LayoutRow &layout = layoutOf(*table->desc);
  if (table->order)
    table->account->give(reinterpret_cast<uint8_t *>(table->order), table->orderBytes);
  table->orderBytes = (count + 1) * sizeof(uint64_t);
  table->order = reinterpret_cast<uint64_t *>(table->account->take(table->orderBytes));
  table->orderCount = 0;
  auto *entries = table->order ? reinterpret_cast<Entry *>(table->account->take(entryBytes)) : nullptr;
  if (!entries)
    return false;
  uint32_t size = table->desc->slot_size;
  for (uint64_t i = mr_table_next(table, 0, size); i < table->end; i = mr_table_next(table, i + 1, size))
    if (layout.inUse(*table, i)) {
      invariant(n < count, "as many slots are in use as there are keys");
      entries[n++] = {0, i};
    }
  bool ordered = true;
  if (table->desc->layout == MR_LAYOUT_PACKED)
    ordered = orderPacked(table, entries, n);
  else if (!layout.inKeyOrder)
    n = orderKeys(table, Keys(table, top), entries, n, top && !top->groups ? top->limit : n);
  if (top && ordered)
    n = cut(Keys(table, top), *top, table->desc->num_keys, entries, n);
  for (uint64_t i = 0; ordered && i < n; ++i)
    table->order[i] = entries[i].position;
  table->account->give(reinterpret_cast<uint8_t *>(entries), entryBytes);
  table->orderCount = ordered ? n : 0;
  table->orderChanges = table->changes;
  return ordered;
}

} // namespace

bool millrace::tableSort(mr_table *table, uint64_t *positions, uint64_t count) {
  if (layoutOf(*table->desc).inKeyOrder) {
    std::sort(positions, positions + count);
    return true;
  }
  auto *entries = reinterpret_cast<Entry *>(table->account->take(count * sizeof(Entry)));
  if (!entries)
    return false;
  for (uint64_t i = 0; i < count; ++i)
    entries[i] = {0, positions[i]};
  bool ordered = true;
  if (table->desc->layout == MR_LAYOUT_PACKED)
    ordered = orderPacked(table, entries, count);
  else
    orderKeys(table, Keys(table), entries, count, count);
  for (uint64_t i = 0; i < count; ++i)
    positions[i] = entries[i].position;
  table->account->give(reinterpret_cast<uint8_t *>(entries), count * sizeof(Entry));
  return ordered;
}

bool millrace::tableOrderTop(mr_table *table, const mr_top_desc &top) {
  invariant(table->desc->layout == MR_LAYOUT_INLINE, "a table of the best records has its keys in the slots");
  table->settle();
  return makeOrder(table, &top);
}

bool millrace::tableKeyLess(const mr_table_desc &desc, const uint64_t *a, const uint64_t *b) {
  return compareKeys(desc, hasNulls(desc), a, b, desc.num_keys, 0, [](mr_string text) { return text; }) < 0;
}

extern "C" const uint64_t *mr_table_order(mr_table *table, uint64_t *count) {
  static const uint64_t none = 0;
  table->settle();
  if (!table->order || table->orderChanges != table->changes)
    makeOrder(table);
  *count = table->order ? table->orderCount : 0;
  return table->order ? table->order : &none;
}
