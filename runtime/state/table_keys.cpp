//===- table_keys.cpp - single keys of a table: found again, taken out ---------===//
#include "runtime/state/table_keys.h"

#include "runtime/state/table_api.h"

#include <cstring>

using namespace millrace;

namespace {

bool isHashed(const mr_table *table) {
  return table->desc->layout == MR_LAYOUT_PACKED || table->desc->layout == MR_LAYOUT_INLINE;
}

uint8_t *slotAt(const mr_table *table, uint64_t position) { return table->slots + position * table->desc->slot_size; }

uint64_t tagAt(const mr_table *table, uint64_t position) {
  uint64_t tag;
  std::memcpy(&tag, slotAt(table, position), sizeof(tag));
  return tag;
}

/// The hash that the key at a position is found by; `position` is no special one. Bit 63 is set.
uint64_t hashAt(const mr_table *table, uint64_t position) {
  constexpr uint64_t top = uint64_t(1) << 63;
  const mr_table_desc &desc = *table->desc;
  if (desc.layout == MR_LAYOUT_PACKED)
    return mr_packed_hash(tagAt(table, position) ^ MR_PACKED_MASK) | top;
  uint64_t few[8];
  std::vector<uint64_t> many;
  uint32_t words = desc.key_words + 2 * desc.key_strings;
  if (words > std::size(few))
    many.resize(words);
  uint64_t *key = many.empty() ? few : many.data();
  tableKey(table, position, key);
  return mr_key_hash(key, desc.key_words, desc.key_strings) | top;
}

/// May the key at a position in use have this hash? A glance at what the slot says of it.
bool mayHave(const mr_table *table, uint64_t position, uint64_t hash) {
  return table->desc->layout == MR_LAYOUT_PACKED || tagAt(table, position) >> 32 == hash >> 32;
}

void copyKey(mr_table *table, uint64_t to, uint64_t from) {
  const mr_table_desc &desc = *table->desc;
  std::memcpy(slotAt(table, to), slotAt(table, from), desc.slot_size);
  mr_table_touch(table, slotAt(table, to));
  if (table->cold)
    std::memcpy(table->cold + to * desc.cold_size, table->cold + from * desc.cold_size, desc.cold_size);
}

void clear(mr_table *table, uint64_t position) {
  const mr_table_desc &desc = *table->desc;
  std::memset(slotAt(table, position), 0, desc.slot_size);
  mr_table_touch(table, slotAt(table, position));
  if (table->cold)
    std::memset(table->cold + position * desc.cold_size, 0, desc.cold_size);
}

} // namespace

uint64_t millrace::tableToken(const mr_table *table, uint64_t position) {
  if (!isHashed(table))
    return position;
  return position > table->mask ? position - table->mask - 1 : hashAt(table, position); // a hash has bit 63 set
}

void millrace::tableFind(const mr_table *table, uint64_t token, std::vector<uint64_t> &positions) {
  if (!isHashed(table)) {
    if (token < table->end && tableInUse(table, token))
      positions.push_back(token);
    return;
  }
  if (!(token >> 63)) {
    if (tagAt(table, table->mask + 1 + token))
      positions.push_back(table->mask + 1 + token);
    return;
  }
  for (uint64_t i = token & table->mask; tagAt(table, i); i = (i + 1) & table->mask)
    if (mayHave(table, i, token) && hashAt(table, i) == token)
      positions.push_back(i);
}

/// Open addressing with linear probing: those behind the hole that would not be found across it move into it.
void millrace::tableErase(mr_table *table, uint64_t position) {
  if (isHashed(table))
    --table->count;
  if (isHashed(table) && position <= table->mask) {
    uint64_t hole = position;
    for (uint64_t i = (hole + 1) & table->mask; tagAt(table, i); i = (i + 1) & table->mask) {
      uint64_t home = hashAt(table, i) & table->mask;
      if (((i - home) & table->mask) < ((i - hole) & table->mask))
        continue;
      copyKey(table, hole, i);
      hole = i;
    }
    position = hole;
  }
  clear(table, position);
}
