//===- state_tables.h - tables of all layouts, for tests ----------------------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_STATE_TABLES_H
#define MILLRACE_TEST_UNIT_RUNTIME_STATE_TABLES_H

#include "arena_task.h"
#include "runtime/state/dictionary.h"
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <deque>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace millrace {

/// Counts what it hands out, and fails at will.
class CountingMemory : public SystemStateMemory {
public:
  ~CountingMemory() override { EXPECT_EQ(handedOut, 0u) << "not all memory was given back"; }
  uint64_t handedOut = 0, mostHandedOut = 0;
  bool empty = false; ///< has the system no memory?

protected:
  uint8_t *obtain(uint64_t bytes) override {
    uint8_t *memory = empty ? nullptr : SystemStateMemory::obtain(bytes);
    handedOut += memory ? bytes : 0;
    mostHandedOut = std::max(mostHandedOut, handedOut);
    return memory;
  }
  uint8_t *move(uint8_t *memory, uint64_t before, uint64_t after) override {
    uint8_t *moved = empty ? nullptr : SystemStateMemory::move(memory, before, after);
    handedOut += moved ? after - before : 0;
    mostHandedOut = std::max(mostHandedOut, handedOut);
    return moved;
  }
  void release(uint8_t *memory, uint64_t bytes) override {
    handedOut -= bytes;
    SystemStateMemory::release(memory, bytes);
  }
};

/// A normalised key (abi.h).
struct Key {
  std::vector<uint64_t> words;
  Key() = default;
  explicit Key(uint64_t word) : words{word} {}
  void add(std::string_view text) {
    mr_string s = stringOf(text);
    words.push_back(s.head);
    words.push_back(s.tail);
  }
};

/// A table with what it needs.
struct TestTable {
  explicit TestTable(const mr_table_desc &desc, uint64_t expected = 0, uint32_t together = 1) : desc(desc) {
    if (desc.layout == MR_LAYOUT_BY_ID)
      dictionary = dictionaryNew(this->desc, account);
    table = tableNew(this->desc, account, dictionary, expected, together);
  }
  ~TestTable() {
    tableFree(table);
    dictionaryFree(dictionary);
    EXPECT_EQ(account.bytes, 0u);
  }
  TestTable(const TestTable &) = delete;

  uint8_t *upsert(const uint64_t *key) { return tableUpsert(table, key); }
  uint8_t *upsert(const Key &key) { return tableUpsert(table, key.words.data()); }
  uint8_t *upsert(uint64_t key) { return tableUpsert(table, &key); }

  CountingMemory memory;
  StateAccount account{memory, "test"};
  mr_table_desc desc;
  mr_dictionary *dictionary = nullptr;
  mr_table *table;
};

template <typename T> T &memberAt(uint8_t *slot, size_t offset) { return *reinterpret_cast<T *>(slot + offset); }

} // namespace millrace

#endif
