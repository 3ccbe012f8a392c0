//===- table.cpp - insertion and growth -----------------------------------===//
//
// The rare half of a table; the probe is runtime/inline/table.cpp.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"
#include "runtime/values/string_view.h"

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

void allocate(mr_table *table, uint64_t capacity) {
  table->mapped = sizeOf(capacity, table->slotSize);
  table->slots = zeroedNew(table->mapped);
  table->mask = capacity - 1;
  table->limit = limitOf(capacity, table->slotSize);
}

uint64_t &tagAt(mr_table *table, uint64_t position) {
  return *reinterpret_cast<uint64_t *>(table->slots + position * table->slotSize);
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
  uint8_t *old = table->slots;
  uint64_t capacity = table->mask + 1, bytes = table->mapped;
  if (capacity >> 62)
    stateOutOfMemory(~uint64_t(0));
  allocate(table, capacity * 2);
  for (uint64_t i = 0; i < capacity; ++i) {
    const uint8_t *slot = old + i * table->slotSize;
    uint64_t tag;
    std::memcpy(&tag, slot, 8);
    if (tag)
      std::memcpy(&tagAt(table, emptyFor(table, tag)), slot, table->slotSize);
  }
  zeroedFree(old, bytes);
}

StringArena *arenaOf(mr_table *table) {
  if (!table->strings && !(table->strings = new (std::nothrow) StringArena))
    stateOutOfMemory(sizeof(StringArena));
  return table->strings;
}

} // namespace

mr_table *millrace::tableNew(uint32_t slotSize, uint32_t words, uint32_t strings, const uint8_t *keyTypes,
                             uint32_t numKeys, uint64_t expected) {
  auto *table = new (std::nothrow) mr_table{};
  if (!table)
    stateOutOfMemory(sizeof(mr_table));
  table->slotSize = slotSize;
  table->keyWords = words;
  table->keyStrings = strings;
  table->keyTypes = keyTypes;
  table->numKeys = numKeys;
  uint64_t capacity = kFirstCapacity;
  constexpr uint64_t kMostAhead = uint64_t(1) << 30; // bytes: what is only expected must not exhaust memory
  while (limitOf(capacity, slotSize) < expected && sizeOf(capacity * 2, slotSize) <= kMostAhead)
    capacity *= 2;
  allocate(table, capacity);
  return table;
}

void millrace::tableFree(mr_table *table) {
  if (!table)
    return;
  zeroedFree(table->slots, table->mapped);
  if (table->order)
    zeroedFree(reinterpret_cast<uint8_t *>(table->order), table->orderBytes);
  delete table->strings;
  delete table;
}

uint64_t millrace::tableBytes(const mr_table *table) {
  return sizeof(mr_table) + table->mapped + table->orderBytes + (table->strings ? table->strings->bytes : 0);
}

extern "C" uint8_t *mr_table_insert(mr_table *table, uint64_t hash, const uint64_t *key) {
  if (table->count >= table->limit)
    grow(table);
  ++table->count;
  uint64_t *slot = &tagAt(table, emptyFor(table, hash));
  slot[0] = hash;
  for (uint32_t i = 0; i < table->keyWords; ++i)
    slot[1 + i] = key[i];
  for (uint32_t i = 0; i < table->keyStrings; ++i) {
    uint64_t at = table->keyWords + 2 * i;
    mr_string kept = mr_table_keep(table, {key[at], key[at + 1]});
    slot[1 + at] = kept.head;
    slot[2 + at] = kept.tail;
  }
  return reinterpret_cast<uint8_t *>(slot);
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
