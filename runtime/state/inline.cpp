//===- inline.cpp - layout: open addressing with the key in the slot -----------------===//
#include "runtime/state/codes.h"
#include "runtime/state/layouts.h"
#include "runtime/state/table_api.h"

#include <algorithm>

using namespace millrace;

namespace {

void place(mr_table &table) { table.end = table.now.mask + 1; }

void begin(mr_table &table, uint64_t expected) {
  table.Slots::begin(shapeOf(table, 1), *table.account, expected);
  place(table);
}

uint64_t count(const mr_table &table) { return table.count; }

bool inUse(const mr_table &table, uint64_t position) { return table.tagAt(table.now, position) != 0; }

/// The key words and strings of a slot, the strings as they are kept.
uint64_t *keyOf(uint8_t *slot) { return reinterpret_cast<uint64_t *>(slot) + 1; }

void key(const mr_table &table, uint64_t position, uint64_t *key) {
  const mr_table_desc &desc = *table.desc;
  const uint64_t *stored = keyOf(table.slotAt(position));
  std::copy_n(stored, desc.key_words, key); // of a table without keys there is no place for them
  for (uint32_t i = 0; i < desc.key_strings; ++i) {
    uint64_t at = desc.key_words + 2 * i;
    mr_string text = table.texts.text({stored[at], stored[at + 1]});
    key[at] = text.head;
    key[at + 1] = text.tail;
  }
}

uint64_t hashOf(const mr_table &table, uint64_t position) {
  const mr_table_desc &desc = *table.desc;
  uint64_t few[8];
  std::vector<uint64_t> many;
  uint32_t words = desc.key_words + 2 * desc.key_strings;
  if (words > std::size(few))
    many.resize(words);
  uint64_t *normalised = many.empty() ? few : many.data();
  key(table, position, normalised);
  return mr_key_hash(normalised, desc.key_words, desc.key_strings);
}

uint8_t *upsert(mr_table &table, const uint64_t *key) {
  const mr_table_desc &desc = *table.desc;
  uint64_t hash = mr_key_hash(key, desc.key_words, desc.key_strings);
  uint8_t *slot = mr_table_upsert(&table, hash, key, desc.key_words, desc.key_strings, desc.slot_size);
  table.touch(slot);
  return slot;
}

uint64_t token(const mr_table &table, uint64_t position) { return hashOf(table, position); }

void find(mr_table &table, uint64_t token, StateVector<uint64_t> &positions) {
  uint64_t mask = table.now.mask, tag = tagOf(token);
  auto matches = [&](const uint8_t *slot) { return tagOf(*reinterpret_cast<const uint64_t *>(slot)) == tag; };
  while (table.takeOld(tag, matches))
    ;
  for (uint64_t i = tag & mask; table.tagAt(table.now, i); i = (i + 1) & mask)
    if (matches(table.slotAt(i)) && hashOf(table, i) == token)
      positions.push_back(i);
}

void erase(mr_table &table, uint64_t position) {
  const uint64_t *stored = keyOf(table.slotAt(position));
  for (uint32_t i = 0, at = table.desc->key_words; i < table.desc->key_strings; ++i, at += 2)
    table.texts.giveBack({stored[at], stored[at + 1]});
  table.Slots::erase(position);
}

} // namespace

const LayoutRow millrace::kInline = {"inline", false, begin, count, inUse, key, upsert, token, find, erase, nullptr};

extern "C" uint8_t *mr_table_insert(mr_table *table, uint64_t hash, const uint64_t *key) {
  const mr_table_desc &desc = *table->desc;
  uint64_t tag = tagOf(hash);
  auto matches = [&](uint8_t *slot) {
    return tagOf(*reinterpret_cast<uint64_t *>(slot)) == tag &&
           sameKey(table->texts, keyOf(slot), key, desc.key_words, desc.key_strings);
  };
  ++table->changes;
  if (uint8_t *slot = table->takeOld(tag, matches))
    return slot;
  uint8_t *slot = table->add(tag);
  place(*table);
  bool refused = !slot;
  if (refused) // generated code looks for the key in what it gets
    slot = table->noSlot();
  *reinterpret_cast<uint64_t *>(slot) = tag << 32;
  uint64_t *stored = keyOf(slot);
  std::copy_n(key, desc.key_words, stored);
  for (uint32_t i = 0, at = desc.key_words; i < desc.key_strings; ++i, at += 2) {
    mr_string kept = refused ? mr_string{0, 0} : table->texts.keep({key[at], key[at + 1]});
    stored[at] = kept.head;
    stored[at + 1] = kept.tail;
  }
  return slot;
}
