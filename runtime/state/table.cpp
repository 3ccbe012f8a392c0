//===- table.cpp - what all layouts have in common ---------------------------===//
#include "runtime/state/table.h"

#include "runtime/state/invariant.h"
#include "runtime/state/layouts.h"
#include "runtime/state/memory.h"
#include "runtime/state/table_api.h"
#include "runtime/state/table_keys.h"

#include <algorithm>
#include <new>

using namespace millrace;

static void dropOrder(mr_table *table) {
  if (table->order)
    table->account->give(reinterpret_cast<uint8_t *>(table->order), table->orderBytes);
  table->order = nullptr;
}

mr_table *millrace::tableNew(const mr_table_desc &desc, StateAccount &account, mr_dictionary *dictionary,
                             uint64_t expected, uint32_t together) {
  auto *table = new (account.takeAlways(sizeof(mr_table))) mr_table();
  table->desc = &desc;
  table->account = table->texts.account = &account;
  table->dictionary = dictionary;
  table->shape.together = together;
  layoutOf(desc).begin(*table, expected);
  return table;
}

void millrace::tableFree(mr_table *table) {
  if (!table)
    return;
  StateAccount &account = *table->account;
  if (auto end = layoutOf(*table->desc).end)
    end(*table);
  dropOrder(table);
  table->release();
  table->texts.clear();
  account.give(reinterpret_cast<uint8_t *>(table), sizeof(mr_table));
}

bool millrace::tableFreeSome(mr_table *table, uint64_t bytes) {
  if (!table || table->desc->layout == MR_LAYOUT_BY_ID) // its dictionary looks into it as long as it is there
    return true;
  return table->releaseSome(bytes);
}

void millrace::tableSettle(mr_table *table) {
  table->settle();
  dropOrder(table);
}

uint64_t millrace::tableCount(const mr_table *table) { return layoutOf(*table->desc).count(*table); }

bool millrace::tableInUse(const mr_table *table, uint64_t position) {
  return layoutOf(*table->desc).inUse(*table, position);
}

void millrace::tableKey(const mr_table *table, uint64_t position, uint64_t *key) {
  layoutOf(*table->desc).key(*table, position, key);
}

void millrace::tableOccupy(const mr_table_desc &desc, uint8_t *slot) {
  if ((desc.layout != MR_LAYOUT_DENSE && desc.layout != MR_LAYOUT_BY_ID) || desc.occupied_bit == 255)
    return;
  uint64_t word;
  std::memcpy(&word, slot + desc.occupied_offset, sizeof(word));
  word |= uint64_t(1) << desc.occupied_bit;
  std::memcpy(slot + desc.occupied_offset, &word, sizeof(word));
}

uint8_t *millrace::tableUpsert(mr_table *table, const uint64_t *key) {
  return layoutOf(*table->desc).upsert(*table, key);
}

uint64_t millrace::tableToken(const mr_table *table, uint64_t position) {
  return layoutOf(*table->desc).token(*table, position);
}

void millrace::tableFind(mr_table *table, uint64_t token, StateVector<uint64_t> &positions) {
  layoutOf(*table->desc).find(*table, token, positions);
}

void millrace::tableErase(mr_table *table, uint64_t position) {
  const mr_table_desc &desc = *table->desc;
  invariant(position < table->end && tableInUse(table, position), "a key that goes is there");
  for (uint32_t i = 0; i < desc.num_pieces; ++i) {
    const mr_piece_desc &piece = desc.pieces[i];
    const uint8_t *from =
        piece.cold ? table->now.cold ? table->now.cold + position * desc.cold_size : nullptr : table->slotAt(position);
    mr_string text;
    if (piece.kind != MR_PIECE_STRING || !from)
      continue;
    std::memcpy(&text, from + piece.offset, sizeof(text));
    table->texts.giveBack(text);
  }
  ++table->changes;
  layoutOf(desc).erase(*table, position);
}

/// In open addressing keys behind one that goes move up; so the last goes first, but for those that stand across the
/// end of the array, with what they would move: they go before all.
void millrace::tableEraseAll(mr_table *table, const StateVector<uint64_t> &gone) {
  bool isArray = table->desc->layout == MR_LAYOUT_DENSE || table->desc->layout == MR_LAYOUT_BY_ID;
  uint64_t run = 0;
  while (!isArray && run < mr_table_capacity(table) && tableInUse(table, run))
    ++run;
  auto across = std::lower_bound(gone.begin(), gone.end(), run);
  for (auto [from, to] : {std::pair(gone.begin(), across), std::pair(across, gone.end())})
    while (to != from)
      tableErase(table, *--to);
}

extern "C" void mr_table_erase(mr_table *table, uint8_t *slot) {
  if (slot != table->noSlot()) // memory was refused: nothing is there
    tableErase(table, table->positionOf(slot));
}

extern "C" uint8_t *mr_table_cold_new(mr_table *table, uint8_t *slot) {
  uint8_t *cold = table->coldOf(slot);
  if (cold)
    return cold;
  // Refused: the step comes to its end with what it writes going nowhere.
  static thread_local std::vector<uint64_t> nowhere;
  nowhere.resize(std::max<size_t>(nowhere.size(), table->desc->cold_size / 8));
  return reinterpret_cast<uint8_t *>(nowhere.data());
}

extern "C" mr_string mr_table_keep(mr_table *table, mr_string value) { return table->texts.keep(value); }

extern "C" mr_string mr_table_replace(mr_table *table, mr_string old, mr_string value) {
  return table->texts.replace(old, value);
}

extern "C" mr_string mr_table_room(mr_table *table, mr_string stored, uint64_t bytes) {
  constexpr uint64_t kHead = 8; // a string's first bytes lie beside its length, too
  StringArena &texts = table->texts;
  uint64_t length = kHead + bytes;
  bool fits = stringLength(stored) >= length;
  if (!fits) {
    if (stringLength(stored)) {
      length += length / 2; // it grows
      texts.giveBack(stored);
    }
    if (length > ~uint32_t(0)) {
      texts.account->refuseTooLong();
      return {0, 0};
    }
    stored = texts.room(std::max<uint64_t>(length, MR_STRING_INLINE + 1));
    if (!stringLength(stored))
      return {0, 0};
  }
  std::memset(const_cast<char *>(texts.at(stored.tail)), 0, stringLength(stored));
  return stored;
}

namespace {

/// Zero bytes, or a string's memory given back.
void resetPiece(mr_table *table, const mr_piece_desc &piece, uint8_t *at) {
  if (piece.kind == MR_PIECE_BIT) {
    uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    word &= ~(uint64_t(1) << piece.bit);
    std::memcpy(at, &word, sizeof(word));
    return;
  }
  if (piece.kind == MR_PIECE_STRING) {
    mr_string old;
    std::memcpy(&old, at, sizeof(old));
    table->texts.giveBack(old);
  }
  std::memset(at, 0, piece.size);
}

} // namespace

extern "C" void mr_table_reset(mr_table *table, uint8_t *slot) {
  tableResetPieces(table, slot, table->desc->num_pieces);
}

void millrace::tableResetPieces(mr_table *table, uint8_t *slot, uint32_t count) {
  const mr_table_desc &desc = *table->desc;
  uint8_t *cold = desc.cold_size ? mr_table_cold(table, slot, desc.slot_size, desc.cold_size) : nullptr;
  for (uint32_t i = 0; i < count; ++i) {
    const mr_piece_desc &piece = desc.pieces[i];
    if (uint8_t *part = piece.cold ? cold : slot)
      resetPiece(table, piece, part + piece.offset);
  }
  mr_table_touch(table, slot);
}
