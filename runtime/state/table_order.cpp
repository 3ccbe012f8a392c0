//===- table_order.cpp - slots in the order of their keys -----------------===//
//
// Rows of one firing count as arriving in the order of their keys (rule 10).
// A normalised word is turned into one whose unsigned order is the order of
// the field's type; the first field so decides nearly all comparisons without
// touching the slots.
//
//===----------------------------------------------------------------------===//
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

/// Reads keys of one table.
class Keys {
public:
  explicit Keys(const mr_table *table) : table(table), desc(*table->desc) {
    for (uint32_t i = 0; i < desc.num_keys; ++i)
      anyNullable |= desc.key_types[i] & MR_KEY_NULLABLE;
  }

  const uint64_t *keyAt(uint64_t position) const {
    return reinterpret_cast<const uint64_t *>(table->slots + position * desc.slot_size) + 1;
  }

  /// Never greater for a lesser key; equal ranks are decided by `less`.
  uint64_t firstRank(const uint64_t *key) const {
    uint8_t type = desc.key_types[0] & ~MR_KEY_NULLABLE;
    uint64_t value = 0;
    if (!isNull(key, 0))
      value = isString(type) ? prefix(key[desc.key_words], key[desc.key_words + 1]) : rank(key[0], type);
    return anyNullable ? value >> 1 | (isNull(key, 0) ? kSign : 0) : value;
  }

  bool less(const uint64_t *a, const uint64_t *b) const {
    uint32_t word = 0, string = desc.key_words;
    for (uint32_t i = 0; i < desc.num_keys; ++i) {
      uint8_t type = desc.key_types[i] & ~MR_KEY_NULLABLE;
      bool text = isString(type);
      uint32_t at = text ? string : word;
      (text ? string : word) += text ? 2 : 1;
      bool nullA = isNull(a, i), nullB = isNull(b, i);
      if (nullA != nullB)
        return nullB; // nulls last
      if (nullA)
        continue;
      if (text) {
        if (int32_t order = mr_string_compare({a[at], a[at + 1]}, {b[at], b[at + 1]}))
          return order < 0;
      } else if (a[at] != b[at]) {
        return rank(a[at], type) < rank(b[at], type);
      }
    }
    return false;
  }

private:
  bool isNull(const uint64_t *key, uint32_t field) const {
    return anyNullable && (key[desc.key_words - 1] >> field & 1);
  }

  /// The first 8 bytes, as a number that orders as they do.
  static uint64_t prefix(uint64_t head, uint64_t tail) {
    uint64_t bytes = head >> 32;
    if (uint32_t(head) <= MR_STRING_INLINE)
      bytes |= tail << 32;
    else
      __builtin_memcpy(&bytes, reinterpret_cast<const void *>(tail), 8);
    return __builtin_bswap64(bytes);
  }

  const mr_table *table;
  const mr_table_desc &desc;
  bool anyNullable = false;
};

} // namespace

extern "C" const uint64_t *mr_table_order(mr_table *table, uint64_t *count) {
  *count = table->count;
  if (table->order && table->orderCount == table->count)
    return table->order;
  if (table->order)
    zeroedFree(reinterpret_cast<uint8_t *>(table->order), table->orderBytes);
  table->orderBytes = table->count * sizeof(uint64_t);
  table->orderCount = table->count;
  table->order = reinterpret_cast<uint64_t *>(zeroedNew(table->orderBytes));

  Keys keys(table);
  uint64_t entryBytes = table->count * sizeof(Entry), n = 0;
  auto *entries = reinterpret_cast<Entry *>(zeroedNew(entryBytes));
  for (uint64_t i = 0; i < table->end; ++i) {
    const uint64_t *key = keys.keyAt(i);
    if (key[-1])
      entries[n++] = {table->desc->num_keys ? keys.firstRank(key) : 0, i};
  }
  std::sort(entries, entries + n, [&](const Entry &a, const Entry &b) {
    return a.first != b.first ? a.first < b.first : keys.less(keys.keyAt(a.position), keys.keyAt(b.position));
  });
  for (uint64_t i = 0; i < n; ++i)
    table->order[i] = entries[i].position;
  zeroedFree(reinterpret_cast<uint8_t *>(entries), entryBytes);
  return table->order;
}
