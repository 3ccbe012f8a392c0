//===- key_order.h - which of two keys comes first --------------------------------===//
//
// Internal. Rows of one firing count as arriving in the order of their keys (rule
// 10). A normalised word is turned into one whose unsigned order is the order of
// the field's type; the first field so decides nearly all comparisons without
// touching the slots.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_KEY_ORDER_H
#define MILLRACE_RUNTIME_STATE_KEY_ORDER_H

#include "runtime/state/codes.h"
#include "runtime/state/dictionary.h"
#include "runtime/state/table.h"

namespace millrace {

inline constexpr uint64_t kTopBit = uint64_t(1) << 63;

inline bool isStringKey(uint8_t type) { return type == MR_STRING || type == MR_BYTES; }

/// A word whose unsigned order is the type's.
inline uint64_t rankOfKey(uint64_t word, uint8_t type) {
  switch (type) {
  case MR_BOOL:
  case MR_U8:
  case MR_U16:
  case MR_U32:
  case MR_U64:
    return word;
  case MR_F32:
  case MR_F64: // NaN, as mr_key_f64 has it, comes above infinity (rule 26)
    return word & kTopBit ? ~word : word | kTopBit;
  default:
    return word ^ kTopBit;
  }
}

inline bool isNullKey(const mr_table_desc &desc, bool anyNullable, const uint64_t *key, uint32_t field) {
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
    bool isText = isStringKey(type);
    uint32_t at = isText ? string : word;
    (isText ? string : word) += isText ? 2 : 1;
    bool nullA = isNullKey(desc, anyNullable, a, i), nullB = isNullKey(desc, anyNullable, b, i);
    if (nullA != nullB)
      return nullB ? -1 : 1; // nulls last
    if (nullA)
      continue;
    int before = descending >> i & 1 ? 1 : -1;
    if (isText) {
      if (int32_t order = mr_string_compare(text({a[at], a[at + 1]}), text({b[at], b[at + 1]})))
        return order < 0 ? before : -before;
    } else if (a[at] != b[at]) {
      return rankOfKey(a[at], type) < rankOfKey(b[at], type) ? before : -before;
    }
  }
  return 0;
}

/// Reads keys of one table. Strings stay as they are kept.
class SlotKeys {
public:
  explicit SlotKeys(const mr_table *table, const mr_top_desc *top = nullptr)
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
      value = isStringKey(type) ? prefix({key[desc.key_words], key[desc.key_words + 1]}) : rankOfKey(key[0], type);
    if (descending & 1 && !isNull(key, 0))
      value = ~value;
    return anyNullable ? value >> 1 | (isNull(key, 0) ? kTopBit : 0) : value;
  }

  bool less(const uint64_t *a, const uint64_t *b) const { return compare(a, b, desc.num_keys) < 0; }

  /// Of the first `fields`.
  int compare(const uint64_t *a, const uint64_t *b, uint32_t fields) const {
    return compareKeys(desc, anyNullable, a, b, fields, descending,
                       [&](mr_string stored) { return texts->text(stored); });
  }

private:
  bool isNull(const uint64_t *key, uint32_t field) const { return isNullKey(desc, anyNullable, key, field); }

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

} // namespace millrace

#endif
