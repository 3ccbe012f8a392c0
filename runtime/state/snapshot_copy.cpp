//===- snapshot_copy.cpp - keys of one layout into another --------------------------===//
#include "runtime/state/codes.h"
#include "runtime/state/layouts.h"
#include "runtime/state/memory.h"
#include "runtime/state/snapshot_bytes.h"
#include "runtime/state/table_api.h"

using namespace millrace;

namespace {

/// A piece here and there.
struct Pair {
  const mr_piece_desc *from, *to;
};

std::vector<Pair> pairUp(const mr_table_desc &from, const mr_table_desc &to) {
  std::vector<Pair> pairs;
  for (uint32_t i = 0; i < from.num_pieces; ++i)
    for (uint32_t k = 0; k < to.num_pieces; ++k)
      if (std::strcmp(from.pieces[i].name, to.pieces[k].name) == 0)
        pairs.push_back({&from.pieces[i], &to.pieces[k]});
  return pairs;
}

bool isZero(const uint8_t *bytes, uint32_t size) {
  for (uint32_t i = 0; i < size; ++i)
    if (bytes[i])
      return false;
  return true;
}

/// Where a piece of a slot lies, to be read; null: it is zero.
const uint8_t *read(const mr_table &table, const uint8_t *slot, const mr_piece_desc &piece) {
  if (!piece.cold)
    return slot + piece.offset;
  return table.now.cold ? table.now.cold + table.positionOf(slot) * table.desc->cold_size + piece.offset : nullptr;
}

uint8_t *write(mr_table &table, uint8_t *slot, const mr_piece_desc &piece) {
  return (piece.cold ? mr_table_cold_new(&table, slot) : slot) + piece.offset;
}

void copyPiece(const mr_table &source, const uint8_t *from, mr_table &target, uint8_t *to, Pair pair) {
  const uint8_t *bytes = read(source, from, *pair.from);
  if (!bytes)
    return;
  uint64_t word;
  mr_string text;
  switch (pair.from->kind) {
  case MR_PIECE_BIT:
    std::memcpy(&word, bytes, sizeof(word));
    if (!(word >> pair.from->bit & 1))
      return;
    bytes = write(target, to, *pair.to);
    std::memcpy(&word, bytes, sizeof(word));
    word |= uint64_t(1) << pair.to->bit;
    std::memcpy(const_cast<uint8_t *>(bytes), &word, sizeof(word));
    return;
  case MR_PIECE_STRING:
    std::memcpy(&text, bytes, sizeof(text));
    if (!text.head)
      return;
    text = target.texts.keep(source.texts.text(text));
    std::memcpy(write(target, to, *pair.to), &text, sizeof(text));
    return;
  default:
    if (!isZero(bytes, pair.from->size))
      std::memcpy(write(target, to, *pair.to), bytes, pair.from->size);
  }
}

} // namespace

bool millrace::copyKeys(mr_table *from, mr_table *to, std::string &error) {
  const mr_table_desc &desc = *from->desc;
  std::vector<Pair> pairs = pairUp(desc, *to->desc);
  std::vector<uint64_t> key(desc.key_words + 2 * desc.key_strings + 1);
  for (uint64_t i = mr_table_next(from, 0, desc.slot_size); i < from->end;
       i = mr_table_next(from, i + 1, desc.slot_size)) {
    if (!tableInUse(from, i))
      continue;
    tableKey(from, i, key.data());
    if (!keyFits(*to->desc, key.data())) {
      error = "has a key outside the range that is declared now";
      return false;
    }
    uint8_t *slot = tableUpsert(to, key.data());
    if (to->account->memory.refused)
      return true; // the caller says so
    for (Pair pair : pairs)
      copyPiece(*from, from->slotAt(i), *to, slot, pair);
    tableOccupy(*to->desc, slot);
  }
  return true;
}
