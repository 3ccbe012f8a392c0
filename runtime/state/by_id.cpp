//===- by_id.cpp - layout: an array by the id of the key -----------------------------===//
//
// The ids come from the operator's dictionary (dictionary.h). A table reaches as
// far as the greatest id that it has seen.
//
//===----------------------------------------------------------------------===//
#include "runtime/engine/task.h"
#include "runtime/state/dictionary.h"
#include "runtime/state/layouts.h"
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

namespace {

void begin(mr_table &table, uint64_t expected) {
  dictionaryJoin(*table.dictionary, &table);
  uint64_t reach = expected ? std::min(table.dictionary->ids, expected * 2) : 0;
  table.reach = table.beginArray(shapeOf(table, 0), *table.account, reach, /*always=*/false) ? reach : 0;
  table.end = table.reach;
}

uint64_t count(const mr_table &table) { return kDense.count(table); }

void key(const mr_table &table, uint64_t position, uint64_t *key) {
  const mr_table_desc &desc = *table.desc;
  const mr_dictionary &d = *table.dictionary;
  std::memcpy(key, d.keys + position * d.keySize, 8 * (desc.key_words + 2 * desc.key_strings));
  for (uint32_t i = 0, at = desc.key_words; i < desc.key_strings; ++i, at += 2) {
    mr_string text = d.texts.text({key[at], key[at + 1]});
    key[at] = text.head;
    key[at + 1] = text.tail;
  }
}

uint8_t *upsert(mr_table &table, const uint64_t *key) {
  const mr_table_desc &desc = *table.desc;
  uint64_t hash = mr_key_hash(key, desc.key_words, desc.key_strings);
  uint8_t *slot = mr_dense_slot(&table, dictionaryId(*table.dictionary, hash, key), desc.slot_size);
  table.touch(slot);
  return slot;
}

void erase(mr_table &table, uint64_t position) {
  table.clear(position);
  dictionaryDrop(*table.dictionary, position);
}

void end(mr_table &table) { dictionaryLeave(*table.dictionary, &table); }

} // namespace

const LayoutRow millrace::kById = {
    "by_id", false, begin, count, by_position::inUse, key, upsert, by_position::token, by_position::find, erase, end};

extern "C" uint64_t mr_id_insert(mr_task *task, uint32_t window, uint64_t hash, const uint64_t *key) {
  return dictionaryId(*task->windows[window].dictionary, hash, key);
}
