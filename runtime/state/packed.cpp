//===- packed.cpp - layout: open addressing by one word that is the key ------------===//
//
// What a slot begins with is the key word, so turned that empty slots are 0: no
// tag, one comparison. The one word that would look empty, and null where all 64
// bits are values, have positions of their own behind the others.
//
//===----------------------------------------------------------------------===//
#include "runtime/state/codes.h"
#include "runtime/state/layouts.h"
#include "runtime/state/table_api.h"

using namespace millrace;

namespace {

constexpr uint32_t kSpecial = 2;

void place(mr_table &table) { table.end = table.now.mask + 1 + kSpecial; }

void begin(mr_table &table, uint64_t expected) {
  table.Slots::begin(shapeOf(table, kSpecial + 1), *table.account, expected);
  place(table);
}

uint64_t count(const mr_table &table) { return table.count; }

bool inUse(const mr_table &table, uint64_t position) { return table.tagAt(table.now, position) != 0; }

void key(const mr_table &table, uint64_t position, uint64_t *key) {
  auto &asked = const_cast<mr_table &>(table);
  if (mr_packed_is_null(&asked, position)) {
    key[0] = 0;
    key[1] = 1;
    return;
  }
  unpackWord(*table.desc, mr_packed_key(&asked, position, table.desc->slot_size), key);
}

uint8_t *upsert(mr_table &table, const uint64_t *key) {
  if (hasNullSlot(*table.desc) && key[1])
    return mr_packed_null(&table);
  uint64_t word = packedWord(*table.desc, key);
  uint8_t *slot = mr_packed_upsert(&table, mr_packed_hash(word), word, table.desc->slot_size);
  table.touch(slot);
  return slot;
}

uint64_t token(const mr_table &table, uint64_t position) {
  uint64_t special = position - table.now.mask - 1;
  return position > table.now.mask ? special : packedHash(table.tagAt(table.now, position)) | kHashToken;
}

void find(mr_table &table, uint64_t token, StateVector<uint64_t> &positions) {
  uint64_t mask = table.now.mask;
  if (!(token & kHashToken)) {
    if (table.tagAt(table.now, mask + 1 + token))
      positions.push_back(mask + 1 + token);
    return;
  }
  auto matches = [&](const uint8_t *slot) {
    return (packedHash(*reinterpret_cast<const uint64_t *>(slot)) | kHashToken) == token;
  };
  while (table.takeOld(token, matches))
    ;
  for (uint64_t i = token & mask; table.tagAt(table.now, i); i = (i + 1) & mask)
    if (matches(table.slotAt(i)))
      positions.push_back(i);
}

void erase(mr_table &table, uint64_t position) { table.Slots::erase(position); }

/// The slot of a special key, behind the others.
uint8_t *special(mr_table &table, uint64_t number) {
  uint8_t *slot = table.slotAt(table.now.mask + 1 + number);
  uint64_t &tag = *reinterpret_cast<uint64_t *>(slot);
  table.count += !tag;
  table.changes += !tag;
  tag = 1;
  table.touch(slot);
  return slot;
}

} // namespace

const LayoutRow millrace::kPacked = {"packed", false, begin, count, inUse, key, upsert, token, find, erase, nullptr};

extern "C" uint8_t *mr_packed_insert(mr_table *table, uint64_t hash, uint64_t word) {
  uint64_t tag = word ^ MR_PACKED_MASK;
  if (!tag)
    return special(*table, 0);
  auto matches = [&](const uint8_t *slot) { return *reinterpret_cast<const uint64_t *>(slot) == tag; };
  ++table->changes;
  if (uint8_t *slot = table->takeOld(hash, matches))
    return slot;
  uint8_t *slot = table->add(hash);
  place(*table);
  if (!slot) // generated code looks for the key in what it gets
    slot = table->noSlot();
  *reinterpret_cast<uint64_t *>(slot) = tag;
  return slot;
}

extern "C" uint8_t *mr_packed_null(mr_table *table) { return special(*table, 1); }
