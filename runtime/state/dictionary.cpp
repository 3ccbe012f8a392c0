//===- dictionary.cpp - keys as small numbers ------------------------------------===//
#include "runtime/state/dictionary.h"

#include "runtime/state/invariant.h"
#include "runtime/state/layouts.h"
#include "runtime/state/memory.h"

#include <algorithm>
#include <new>

using namespace millrace;

namespace {

/// Ids that a new key looks at. At most a third more ids than live ones so stay around.
constexpr uint64_t kLooks = 4;

constexpr uint64_t kFirstRoom = 64;
constexpr uint64_t kMostIds = (uint64_t(1) << 31) - 1;

uint64_t *keyAt(const mr_dictionary &d, uint64_t id) { return reinterpret_cast<uint64_t *>(d.keys + id * d.keySize); }

bool isLive(const mr_dictionary &d, uint64_t id) { return d.live[id / 64] >> (id % 64) & 1; }

uint64_t liveBytes(uint64_t room) { return (room + 63) / 64 * 8; }

uint64_t hashOf(const mr_dictionary &d, uint64_t id) {
  const mr_table_desc &desc = *d.desc;
  uint64_t few[16];
  std::vector<uint64_t> many;
  if (d.keySize > sizeof(few))
    many.resize(d.keySize / 8);
  uint64_t *key = many.empty() ? few : many.data();
  std::memcpy(key, keyAt(d, id), d.keySize);
  for (uint32_t i = 0, at = desc.key_words; i < desc.key_strings; ++i, at += 2) {
    mr_string text = d.texts.text({key[at], key[at + 1]});
    key[at] = text.head;
    key[at + 1] = text.tail;
  }
  return mr_key_hash(key, desc.key_words, desc.key_strings);
}

bool isUsed(const mr_dictionary &d, uint64_t id) {
  return std::any_of(d.tables.begin(), d.tables.end(), [&](const mr_table *table) {
    return id < table->reach && isOccupied(*d.desc, table->slotAt(id));
  });
}

void setFree(mr_dictionary &d, uint64_t id) {
  invariant(id < d.ids && isLive(d, id), "an id that goes was given out");
  uint64_t tag = tagOf(hashOf(d, id)), word = tag << 32 | id;
  auto matches = [&](const uint8_t *slot) { return *reinterpret_cast<const uint64_t *>(slot) == word; };
  d.takeOld(tag, matches);
  uint64_t i = tag & d.now.mask;
  for (; d.tagAt(d.now, i) != word; i = (i + 1) & d.now.mask)
    invariant(d.tagAt(d.now, i) != 0, "an id that was given out stands in the index");
  d.erase(i);
  uint64_t *key = keyAt(d, id);
  for (uint32_t k = 0, at = d.desc->key_words; k < d.desc->key_strings; ++k, at += 2)
    d.texts.giveBack({key[at], key[at + 1]});
  d.live[id / 64] &= ~(uint64_t(1) << id % 64);
  key[0] = d.firstFree;
  d.firstFree = uint32_t(id) + 1;
}

/// Looks at a few ids whether they are still needed.
void look(mr_dictionary &d) {
  for (uint64_t n = std::min(kLooks, d.toLookAt); n; --n, --d.toLookAt) {
    d.hand = d.hand + 1 < d.ids ? d.hand + 1 : 0;
    if (isLive(d, d.hand) && !isUsed(d, d.hand))
      setFree(d, d.hand);
  }
}

} // namespace

bool millrace::dictionaryRoom(mr_dictionary &d, uint64_t ids) {
  if (ids <= d.room)
    return true;
  uint64_t room = std::max({d.room * 2, kFirstRoom, ids});
  if (ids > kMostIds)
    return false;
  uint8_t *keys = d.account->resize(d.keys, d.room * d.keySize, room * d.keySize);
  if (!keys)
    return false;
  d.keys = keys;
  uint8_t *live = d.account->resize(reinterpret_cast<uint8_t *>(d.live), liveBytes(d.room), liveBytes(room));
  if (!live)
    return false;
  d.live = reinterpret_cast<uint64_t *>(live);
  d.room = room;
  return true;
}

void millrace::dictionaryIndex(mr_dictionary &d) {
  for (uint64_t id = 0; id < d.ids; ++id) {
    if (!isLive(d, id))
      continue;
    uint64_t tag = tagOf(hashOf(d, id));
    uint8_t *slot = d.add(tag);
    if (!slot)
      return;
    *reinterpret_cast<uint64_t *>(slot) = tag << 32 | id;
  }
}

mr_dictionary *millrace::dictionaryNew(const mr_table_desc &desc, StateAccount &account) {
  auto *d = new (account.takeAlways(sizeof(mr_dictionary))) mr_dictionary(account);
  d->begin({.slotSize = 8, .coldSize = 0, .extra = 1, .packed = 0, .marked = 0, .tight = 0}, account, 0);
  d->desc = &desc;
  d->keySize = std::max<uint32_t>(8 * (desc.key_words + 2 * desc.key_strings), 8);
  return d;
}

void millrace::dictionaryFree(mr_dictionary *d) {
  if (!d)
    return;
  StateAccount &account = *d->account;
  d->release();
  d->texts.clear();
  account.give(d->keys, d->room * d->keySize);
  account.give(reinterpret_cast<uint8_t *>(d->live), liveBytes(d->room));
  d->~mr_dictionary();
  account.give(reinterpret_cast<uint8_t *>(d), sizeof(mr_dictionary));
}

uint64_t millrace::dictionaryId(mr_dictionary &d, uint64_t hash, const uint64_t *key) {
  const mr_table_desc &desc = *d.desc;
  uint64_t tag = tagOf(hash);
  auto matches = [&](const uint8_t *slot) {
    uint64_t word = *reinterpret_cast<const uint64_t *>(slot);
    return tagOf(word) == tag && sameKey(d.texts, keyAt(d, uint32_t(word)), key, desc.key_words, desc.key_strings);
  };
  for (uint64_t i = tag & d.now.mask; d.tagAt(d.now, i); i = (i + 1) & d.now.mask)
    if (matches(d.slotAt(i)))
      return uint32_t(d.tagAt(d.now, i));
  if (uint8_t *slot = d.takeOld(tag, matches))
    return uint32_t(*reinterpret_cast<uint64_t *>(slot));
  look(d);
  if (!d.firstFree && !dictionaryRoom(d, d.ids + 1))
    return ~uint64_t(0);
  uint8_t *slot = d.add(tag);
  if (!slot)
    return ~uint64_t(0);
  uint64_t id = d.firstFree ? d.firstFree - 1 : d.ids++;
  invariant(id < d.room && !isLive(d, id), "an id that is given out is free");
  uint64_t *stored = keyAt(d, id);
  if (d.firstFree)
    d.firstFree = uint32_t(stored[0]);
  *reinterpret_cast<uint64_t *>(slot) = tag << 32 | id;
  d.live[id / 64] |= uint64_t(1) << id % 64;
  std::memcpy(stored, key, 8 * desc.key_words);
  for (uint32_t i = 0, at = desc.key_words; i < desc.key_strings; ++i, at += 2) {
    mr_string kept = d.texts.keep({key[at], key[at + 1]});
    stored[at] = kept.head;
    stored[at + 1] = kept.tail;
  }
  return id;
}

void millrace::dictionaryJoin(mr_dictionary &d, mr_table *table) { d.tables.push_back(table); }

void millrace::dictionaryLeave(mr_dictionary &d, mr_table *table) {
  invariant(std::erase(d.tables, table) == 1, "a table leaves a dictionary once");
  d.toLookAt = d.ids;
}

void millrace::dictionaryDrop(mr_dictionary &d, uint64_t id) {
  if (!isUsed(d, id))
    setFree(d, id);
}
