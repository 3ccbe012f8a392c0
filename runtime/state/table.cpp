//===- table.cpp - insertion and growth -----------------------------------===//
//
// The rare half of a table; the probe is runtime/inline/table.cpp.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"
#include "runtime/values/string_view.h"

#include <cstdio>
#include <cstdlib>
#include <new>

using namespace millrace;

namespace {

constexpr uint64_t kFirstCapacity = 16;

/// Most slots in use. What a probe costs is mostly the branch that goes wrong when a key is not in its first slot, so a
/// table is kept sparse as long as it fits the caches: measured at 10,000 keys, 7.9 ns a record at 3/4, 4.8 at 1/2, 3.4
/// at 1/4. Beyond the caches the memory counts.
uint64_t limitOf(uint64_t capacity, uint32_t slotSize) {
  constexpr uint64_t kOwnCache = uint64_t(4) << 20, kSharedCache = uint64_t(64) << 20;
  uint64_t bytes = capacity * slotSize;
  return bytes < kOwnCache ? capacity / 4 : bytes < kSharedCache ? capacity / 2 : capacity / 4 * 3;
}

uint64_t sizeOf(uint64_t capacity, uint32_t slotSize) {
  uint64_t bytes;
  if (__builtin_mul_overflow(capacity, uint64_t(slotSize), &bytes))
    stateOutOfMemory(~uint64_t(0));
  return bytes;
}

uint64_t &tagAt(const mr_table *table, uint64_t position) {
  return *reinterpret_cast<uint64_t *>(table->slots + position * table->desc->slot_size);
}

/// The hash that a slot was put in by.
uint64_t hashAt(const mr_table *table, const uint8_t *slot) {
  uint64_t tag;
  std::memcpy(&tag, slot, 8);
  return table->desc->layout == MR_LAYOUT_PACKED ? mr_packed_hash(tag ^ MR_PACKED_MASK) : tag;
}

void allocate(mr_table *table, uint64_t capacity) {
  const mr_table_desc &desc = *table->desc;
  bool packed = desc.layout == MR_LAYOUT_PACKED, array = desc.layout == MR_LAYOUT_DENSE;
  table->end = capacity + (packed ? 2 : 0);
  table->mapped = sizeOf(table->end, desc.slot_size);
  table->slots = zeroedNew(table->mapped);
  table->touchedBytes = (table->mapped >> MR_STATE_PAGE_BITS) + 1;
  table->touched = zeroedNew(table->touchedBytes);
  table->mask = array ? 0 : capacity - 1;
  table->reach = array ? capacity : 0;
  table->limit = limitOf(capacity, desc.slot_size);
}

/// The first empty slot on the way of a hash.
uint64_t emptyFor(mr_table *table, uint64_t hash) {
  uint64_t position = hash & table->mask;
  while (tagAt(table, position))
    position = (position + 1) & table->mask;
  return position;
}

/// Doubles the capacity. A slot moves to near its place or near that plus the old capacity, so that all three streams
/// of memory run forward.
void grow(mr_table *table) {
  mr_table old = *table;
  uint64_t capacity = table->mask + 1;
  uint32_t size = table->desc->slot_size, coldSize = table->desc->cold_size;
  if (capacity >> 31)
    stateOutOfMemory(~uint64_t(0));
  allocate(table, capacity * 2);
  if (table->cold) {
    table->coldBytes = sizeOf(table->end, coldSize);
    table->cold = zeroedNew(table->coldBytes);
  }
  for (uint64_t i = 0; i < old.end; ++i) {
    const uint8_t *slot = old.slots + i * size;
    if (!tagAt(&old, i))
      continue;
    uint64_t to = i < capacity ? emptyFor(table, hashAt(table, slot)) : capacity + i;
    std::memcpy(&tagAt(table, to), slot, size);
    mr_table_touch(table, table->slots + to * size);
    if (old.cold)
      std::memcpy(table->cold + to * coldSize, old.cold + i * coldSize, coldSize);
  }
  zeroedFree(old.slots, old.mapped);
  zeroedFree(old.touched, old.touchedBytes);
  if (old.cold)
    zeroedFree(old.cold, old.coldBytes);
}

StringArena *arenaOf(mr_table *table) {
  if (!table->strings && !(table->strings = new (std::nothrow) StringArena))
    stateOutOfMemory(sizeof(StringArena));
  return table->strings;
}

} // namespace

mr_table *millrace::tableNew(const mr_table_desc &desc, uint64_t expected) {
  auto *table = new (std::nothrow) mr_table{};
  if (!table)
    stateOutOfMemory(sizeof(mr_table));
  table->desc = &desc;
  uint64_t capacity = kFirstCapacity;
  constexpr uint64_t kMostAhead = uint64_t(1) << 30; // bytes: what is only expected must not exhaust memory
  while (limitOf(capacity, desc.slot_size) < expected && sizeOf(capacity * 2, desc.slot_size) <= kMostAhead)
    capacity *= 2;
  allocate(table, desc.layout == MR_LAYOUT_DENSE ? desc.positions : capacity);
  return table;
}

void millrace::tableFree(mr_table *table) {
  if (!table)
    return;
  zeroedFree(table->slots, table->mapped);
  zeroedFree(table->touched, table->touchedBytes);
  if (table->cold)
    zeroedFree(table->cold, table->coldBytes);
  if (table->order)
    zeroedFree(reinterpret_cast<uint8_t *>(table->order), table->orderBytes);
  delete table->strings;
  delete table;
}

uint64_t millrace::tableBytes(const mr_table *table) {
  return sizeof(mr_table) + table->mapped + table->touchedBytes + table->coldBytes + table->orderBytes +
         (table->strings ? table->strings->bytes : 0);
}

uint64_t millrace::tableCount(const mr_table *table) {
  if (table->desc->layout != MR_LAYOUT_DENSE)
    return table->count;
  uint64_t count = 0;
  for (uint64_t i = 0; i < table->end; ++i)
    count += tableInUse(table, i);
  return count;
}

bool millrace::tableInUse(const mr_table *table, uint64_t position) {
  const mr_table_desc &desc = *table->desc;
  if (desc.layout == MR_LAYOUT_PACKED || desc.layout == MR_LAYOUT_INLINE)
    return tagAt(table, position);
  uint64_t word;
  std::memcpy(&word, table->slots + position * desc.slot_size + desc.occupied_offset, 8);
  return desc.occupied_bit == 255 ? word != 0 : word >> desc.occupied_bit & 1;
}

void millrace::tableKey(const mr_table *table, uint64_t position, uint64_t *key) {
  const mr_table_desc &desc = *table->desc;
  std::memcpy(key, table->slots + position * desc.slot_size + 8, 8 * (desc.key_words + 2 * desc.key_strings));
}

extern "C" uint8_t *mr_table_insert(mr_table *table, uint64_t hash, const uint64_t *key) {
  if (table->count >= table->limit)
    grow(table);
  ++table->count;
  const mr_table_desc &desc = *table->desc;
  uint64_t *slot = &tagAt(table, emptyFor(table, hash));
  slot[0] = hash;
  for (uint32_t i = 0; i < desc.key_words; ++i)
    slot[1 + i] = key[i];
  for (uint32_t i = 0; i < desc.key_strings; ++i) {
    uint64_t at = desc.key_words + 2 * i;
    mr_string kept = mr_table_keep(table, {key[at], key[at + 1]});
    slot[1 + at] = kept.head;
    slot[2 + at] = kept.tail;
  }
  mr_table_touch(table, reinterpret_cast<uint8_t *>(slot));
  return reinterpret_cast<uint8_t *>(slot);
}

namespace {

/// The slot of a special key, behind the others.
uint8_t *special(mr_table *table, uint64_t number) {
  uint64_t &tag = tagAt(table, table->mask + 1 + number);
  table->count += !tag;
  tag = 1;
  mr_table_touch(table, reinterpret_cast<uint8_t *>(&tag));
  return reinterpret_cast<uint8_t *>(&tag);
}

} // namespace

extern "C" uint8_t *mr_packed_insert(mr_table *table, uint64_t hash, uint64_t word) {
  if (word == MR_PACKED_MASK)
    return special(table, 0);
  if (table->count >= table->limit)
    grow(table);
  ++table->count;
  uint64_t *slot = &tagAt(table, emptyFor(table, hash));
  slot[0] = word ^ MR_PACKED_MASK;
  mr_table_touch(table, reinterpret_cast<uint8_t *>(slot));
  return reinterpret_cast<uint8_t *>(slot);
}

extern "C" uint8_t *mr_packed_null(mr_table *table) { return special(table, 1); }

extern "C" uint8_t *mr_dense_reach(mr_table *table, uint64_t index) {
  std::fprintf(stderr, "internal error: the key's index %llu is outside its range of %llu\n",
               static_cast<unsigned long long>(index), static_cast<unsigned long long>(table->reach));
  std::abort();
}

extern "C" uint8_t *mr_table_cold_new(mr_table *table, uint8_t *slot) {
  uint32_t size = table->desc->cold_size;
  if (!table->cold) {
    table->coldBytes = sizeOf(table->end, size);
    table->cold = zeroedNew(table->coldBytes);
  }
  return table->cold + uint64_t(slot - table->slots) / table->desc->slot_size * size;
}

extern "C" uint64_t mr_id_insert(mr_task *, uint32_t, uint64_t, const uint64_t *) {
  std::fputs("internal error: this layout has no dictionary\n", stderr);
  std::abort();
}

extern "C" mr_string mr_table_keep(mr_table *table, mr_string value) {
  uint32_t length = stringLength(value);
  if (length <= MR_STRING_INLINE)
    return value;
  char *memory = arenaOf(table)->take(length);
  std::memcpy(memory, stringData(value), length);
  return {value.head, reinterpret_cast<uint64_t>(memory)};
}

extern "C" mr_string mr_table_replace(mr_table *table, mr_string old, mr_string value) {
  uint32_t before = stringLength(old), length = stringLength(value);
  char *memory = before > MR_STRING_INLINE ? reinterpret_cast<char *>(old.tail) : nullptr;
  bool needed = length > MR_STRING_INLINE;
  if (memory && !(needed && StringArena::sizeClass(before) == StringArena::sizeClass(length))) {
    arenaOf(table)->giveBack(memory, before);
    memory = nullptr;
  }
  if (!needed)
    return value;
  if (!memory)
    memory = arenaOf(table)->takeClass(length);
  std::memcpy(memory, stringData(value), length);
  return {value.head, reinterpret_cast<uint64_t>(memory)};
}
