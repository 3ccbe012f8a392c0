//===- ended_sessions.cpp - sessions that wait for their rows ----------------------------===//
#include "runtime/engine/ended_sessions.h"

#include "runtime/state/invariant.h"
#include "runtime/state/poison.h"
#include "runtime/state/radix_sort.h"
#include "runtime/state/table_api.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>
#include <utility>

using namespace millrace;

namespace {

constexpr uint64_t kChunk = uint64_t(64) << 10; ///< bytes
constexpr uint64_t kExpected = 64;              ///< keys: a table of so many has some hundred slots

/// The word of a slot that is the key's, not the session's (sessions.h).
constexpr std::string_view kOfKey = "session.more";

/// Slots have some words; what they have in common makes them 32 bytes or more.
inline void copySlot(uint8_t *to, const uint8_t *from, uint32_t size) {
  constexpr uint32_t kStep = 32;
  uint32_t at = 0;
  for (; at + kStep < size; at += kStep)
    std::memcpy(to + at, from + at, kStep);
  std::memcpy(to + size - kStep, from + size - kStep, kStep);
}

} // namespace

EndedSessions::EndedSessions(const mr_window_desc &desc, StateAccount &account, mr_table *base)
    : rows(tableNew(desc.table, account, nullptr, kExpected)), due(account), desc(desc), account(account), base(base),
      slotSize(desc.table.slot_size), slotBytes(slotSize + desc.table.cold_size),
      chunkBits(uint32_t(std::bit_width(std::max<uint64_t>(kChunk / slotBytes, 1))) - 1), kept(account),
      chunks(account), fresh(account), runs(account), heap(account), staged(account), key(account), other(account),
      ordered(account), words(account) {
  key.resize(desc.table.key_words + 2 * desc.table.key_strings + 1);
  other.resize(key.size());
  kept.assign(slotSize / 8, ~uint64_t(0));
  invariant(slotSize >= 32, "a slot has a key, two times, and what its key is watched for");
  for (uint32_t i = 0; i < desc.table.num_pieces; ++i) {
    const mr_piece_desc &piece = desc.table.pieces[i];
    hasTexts |= piece.kind == MR_PIECE_STRING;
    if (piece.cold || piece.name == kOfKey)
      continue;
    if (piece.kind == MR_PIECE_BIT)
      kept[piece.offset / 8] &= ~(uint64_t(1) << piece.bit);
    for (uint32_t byte = 0; piece.kind != MR_PIECE_BIT && byte < piece.size; ++byte)
      kept[(piece.offset + byte) / 8] &= ~(uint64_t(255) << (piece.offset + byte) % 8 * 8);
  }
}

EndedSessions::~EndedSessions() {
  for (const Chunk &chunk : chunks)
    account.give(chunk.memory, slotBytes << chunkBits);
  account.give(spare, slotBytes << chunkBits);
  tableFree(rows);
}

//===-- their slots --------------------------------------------------------------------------===//

uint8_t *EndedSessions::newSlot(uint64_t &number) {
  number = nextSlot;
  uint64_t inside = number & ((uint64_t(1) << chunkBits) - 1);
  if (inside == 0) {
    uint8_t *memory = spare ? std::exchange(spare, nullptr) : account.take(uint64_t(slotBytes) << chunkBits);
    if (!memory)
      return nullptr;
    chunks.push_back({memory, 0});
  }
  ++nextSlot;
  ++chunks.back().used;
  uint8_t *slot = chunks.back().memory + inside * slotBytes;
  unpoison(slot, slotBytes);
  return slot;
}

/// Chunks go in their order, as far as nothing is left in them.
void EndedSessions::freeSlot(uint64_t number) {
  Chunk &chunk = chunks[(number >> chunkBits) - firstChunk];
  invariant(chunk.used > 0, "a session that has had its row was there");
  poison(chunk.memory + (number & ((uint64_t(1) << chunkBits) - 1)) * slotBytes, slotBytes);
  if (--chunk.used)
    return;
  size_t empty = 0;
  if (!count && nextSlot) { // from the beginning again, in the memory of one
    for (Chunk &one : chunks)
      if (!spare)
        spare = one.memory;
      else
        account.give(one.memory, uint64_t(slotBytes) << chunkBits);
    chunks.clear();
    firstChunk = nextSlot = 0;
    return;
  }
  for (; empty + 1 < chunks.size() && !chunks[empty].used; ++empty)
    if (!spare)
      spare = chunks[empty].memory;
    else
      account.give(chunks[empty].memory, uint64_t(slotBytes) << chunkBits);
  chunks.erase(chunks.begin(), chunks.begin() + ptrdiff_t(empty));
  firstChunk += empty;
}

/// As `add`; where the copy lies.
uint64_t EndedSessions::copyOut(mr_table *table, const uint8_t *slot, const uint8_t *key) {
  uint64_t number;
  uint8_t *copy = newSlot(number);
  if (!copy)
    return kNoPlace;
  copySlot(copy, slot, slotSize);
  uint32_t coldSize = desc.table.cold_size;
  const uint8_t *cold = table->now.cold && coldSize ? table->now.cold + table->positionOf(slot) * coldSize : nullptr;
  if (cold)
    std::memcpy(copy + slotSize, cold, coldSize);
  if (table != base) {
    keepTexts(table, copy, cold);
    for (size_t i = 0; i < kept.size(); ++i) { // the key's texts, too, are those of the first table
      uint64_t mine, its;
      std::memcpy(&mine, copy + 8 * i, 8);
      std::memcpy(&its, key + 8 * i, 8);
      mine = (mine & ~kept[i]) | (its & kept[i]);
      std::memcpy(copy + 8 * i, &mine, 8);
    }
  }
  uint64_t special = 0;
  if (desc.table.layout == MR_LAYOUT_PACKED && key >= base->slotAt(base->now.mask + 1))
    special = base->positionOf(key) - base->now.mask;
  ++count;
  return placeOf(number, cold, special);
}

bool EndedSessions::add(mr_table *table, const uint8_t *slot, const uint8_t *key, uint64_t token, int64_t first,
                        int64_t end) {
  uint64_t place = copyOut(table, slot, key);
  if (place == kNoPlace)
    return false;
  fresh.push_back({end, first, token, place});
  return true;
}

uint64_t EndedSessions::park(const uint8_t *slot) {
  uint64_t place = copyOut(base, slot, slot);
  parked += place != kNoPlace;
  return place;
}

void EndedSessions::end(uint64_t place, uint64_t token, int64_t first, int64_t end) {
  invariant(parked > 0, "a session that is parked is there");
  --parked;
  fresh.push_back({end, first, token, place});
}

void EndedSessions::bringBack(uint64_t place, mr_table *table, uint8_t *slot) {
  EndedSession one = {0, 0, 0, place};
  uint8_t *copy = at(one);
  for (size_t i = 0; i < kept.size(); ++i) {
    uint64_t its, mine;
    std::memcpy(&its, slot + 8 * i, 8);
    std::memcpy(&mine, copy + 8 * i, 8);
    its = (its & kept[i]) | (mine & ~kept[i]);
    std::memcpy(slot + 8 * i, &its, 8);
  }
  uint8_t *cold = hasCold(one) ? table->coldOf(slot) : nullptr; // refused memory stops the pipeline
  if (cold)
    std::memcpy(cold, copy + slotSize, desc.table.cold_size);
  for (uint32_t i = 0; hasTexts && i < desc.table.num_pieces; ++i) {
    const mr_piece_desc &piece = desc.table.pieces[i];
    uint8_t *in = piece.cold ? cold : slot;
    if (piece.kind != MR_PIECE_STRING || !in)
      continue;
    mr_string text;
    std::memcpy(&text, in + piece.offset, sizeof(text));
    text = table->texts.keep(base->texts.text(text));
    std::memcpy(in + piece.offset, &text, sizeof(text));
  }
  if (hasTexts)
    giveTexts(copy, hasCold(one));
  invariant(parked > 0, "a session that is parked is there");
  --parked, --count;
  freeSlot(place >> 3);
}

void EndedSessions::clear(uint8_t *slot) const {
  for (size_t i = 0; i < kept.size(); ++i) {
    uint64_t word;
    std::memcpy(&word, slot + 8 * i, 8);
    word &= kept[i];
    std::memcpy(slot + 8 * i, &word, 8);
  }
  if (base->now.cold)
    std::memset(base->now.cold + base->positionOf(slot) * desc.table.cold_size, 0, desc.table.cold_size);
  base->touch(slot);
}

/// The texts of a copy, which are another table's, are the first table's own from here on.
void EndedSessions::keepTexts(mr_table *from, uint8_t *copy, bool cold) const {
  for (uint32_t i = 0; i < desc.table.num_pieces; ++i) {
    const mr_piece_desc &piece = desc.table.pieces[i];
    if (piece.kind != MR_PIECE_STRING)
      continue;
    if (piece.cold && !cold)
      continue;
    uint8_t *at = copy + (piece.cold ? slotSize : 0) + piece.offset;
    mr_string text;
    std::memcpy(&text, at, sizeof(text));
    text = base->texts.keep(from->texts.text(text));
    std::memcpy(at, &text, sizeof(text));
  }
}

void EndedSessions::giveTexts(uint8_t *copy, bool cold) {
  for (uint32_t i = 0; i < desc.table.num_pieces; ++i) {
    const mr_piece_desc &piece = desc.table.pieces[i];
    if (piece.kind != MR_PIECE_STRING || (piece.cold && !cold))
      continue;
    mr_string text;
    std::memcpy(&text, copy + (piece.cold ? slotSize : 0) + piece.offset, sizeof(text));
    base->texts.giveBack(text);
  }
}

//===-- their order --------------------------------------------------------------------------===//

/// As tableKey gives it. Only where texts are the first table's.
void EndedSessions::keyOf(const EndedSession &one, uint64_t *key) const {
  mr_table alone = {};
  alone.desc = &desc.table;
  alone.shape = base->shape;
  alone.now.slots = at(one);
  alone.texts = rows->texts.pages ? rows->texts : base->texts; // they may be lent
  tableKey(&alone, specialOf(one), key);
}

/// By their ends, those of one end by their keys. Where nobody asks for that order, by anything that is the same
/// whatever was due before: how many come at once depends on batches, and which rows come before one that stops the
/// pipeline does not (rule 7).
bool EndedSessions::isBefore(const EndedSession &a, const EndedSession &b) const {
  if (a.end != b.end)
    return a.end < b.end;
  if (!desc.keyed)
    return a.first < b.first;
  if (!desc.ordered && (a.first != b.first || a.token != b.token))
    return a.first != b.first ? a.first < b.first : a.token < b.token;
  keyOf(a, key.data());
  keyOf(b, other.data());
  return tableKeyLess(desc.table, key.data(), other.data());
}

/// What is sorted are words, of an end and a number; the end without its lower bits, as long as it tells nearly all
/// apart. Then those that are alike among themselves.
void EndedSessions::sort(StateVector<EndedSession> &all) const {
  constexpr uint32_t kNumberBits = 20, kDigits = 22; // two passes of the sorting
  auto before = [&](const EndedSession &a, const EndedSession &b) { return isBefore(a, b); };
  int64_t start = all[0].end, most = start;
  bool isOrdered = true; // often: keys are looked at by the times at which their sessions would end
  for (size_t i = 1; i < all.size(); ++i) {
    isOrdered &= all[i - 1].end < all[i].end;
    start = std::min(start, all[i].end);
    most = std::max(most, all[i].end);
  }
  if (isOrdered)
    return;
  if (all.size() >> kNumberBits) {
    std::sort(all.begin(), all.end(), before);
    return;
  }
  uint32_t bits = uint32_t(std::bit_width(uint64_t(most) - uint64_t(start))), cut = bits > kDigits ? bits - kDigits : 0;
  auto rank = [&](const EndedSession &one) { return (uint64_t(one.end) - uint64_t(start)) >> cut; };
  words.resize(all.size());
  for (size_t i = 0; i < all.size(); ++i)
    words[i] = rank(all[i]) << kNumberBits | i;
  sortNumbers(words, kNumberBits);
  ordered.assign(all.begin(), all.end());
  for (size_t i = 0; i < all.size(); ++i)
    all[i] = ordered[words[i] & ((uint64_t(1) << kNumberBits) - 1)];
  for (size_t first = 0, i = 1; i <= all.size(); ++i) {
    if (i < all.size() && rank(all[i]) == rank(all[first]))
      continue;
    if (i - first > 1)
      std::sort(all.begin() + ptrdiff_t(first), all.begin() + ptrdiff_t(i), before);
    first = i;
  }
}

void EndedSessions::order() {
  if (fresh.empty())
    return;
  sort(fresh);
  if (runs.size() == heap.size())
    runs.push_back({StateVector<EndedSession>(account), 0});
  uint32_t free = 0; // the number of a run that has come to its end
  while (runs[free].next < runs[free].all.size())
    ++free;
  runs[free].all.swap(fresh);
  runs[free].next = 0;
  fresh.clear();
  heap.push_back(free);
  std::push_heap(heap.begin(), heap.end(), [&](uint32_t a, uint32_t b) { return comesLater(a, b); });
}

//===-- their rows ---------------------------------------------------------------------------===//

void EndedSessions::copyToRows(const EndedSession &one, uint64_t position) {
  uint8_t *slot = rows->slotAt(position);
  const uint8_t *copy = at(one);
  unpoison(slot, slotSize); // no key was inserted here, so that nobody has shown it
  copySlot(slot, copy, slotSize);
  uint32_t coldSize = desc.table.cold_size;
  if (!coldSize || (!hasCold(one) && !rows->now.cold))
    return;
  uint8_t *cold = rows->coldOf(slot);
  if (cold)
    unpoison(cold, coldSize);
  if (cold && hasCold(one))
    std::memcpy(cold, copy + slotSize, coldSize);
  else if (cold) // else memory was refused, which stops the pipeline
    std::memset(cold, 0, coldSize);
}

size_t EndedSessions::stage(int64_t last, uint32_t timing) {
  auto later = [&](uint32_t a, uint32_t b) { return comesLater(a, b); };
  uint64_t room = rows->now.mask + 1, position = 0;
  uint32_t specials = 0; // a special position is there once only
  invariant(staged.empty(), "what was staged has fired");
  due.resize(room + 2);
  while (position < room && !heap.empty() && front(heap[0]).end <= last) {
    const EndedSession &one = front(heap[0]);
    uint64_t special = specialOf(one), at = special ? rows->now.mask + special : position++;
    if (special && specials >> special & 1)
      break;
    specials |= special ? 1u << special : 0;
    copyToRows(one, at);
    due[staged.size()] = {at, one.first, one.end, one.end - 1, 0, timing, 0, 0};
    staged.push_back(one.place);
    Run &run = runs[heap[0]];
    bool isAlone = heap.size() == 1;
    if (!isAlone)
      std::pop_heap(heap.begin(), heap.end(), later);
    if (++run.next == run.all.size()) {
      run.all.clear();
      run.next = 0;
      heap.pop_back();
    } else if (!isAlone) {
      std::push_heap(heap.begin(), heap.end(), later);
    }
  }
  return staged.size();
}

void EndedSessions::lendTexts() { std::swap(rows->texts, base->texts); }

void EndedSessions::drop() {
  for (uint64_t place : staged) {
    EndedSession one = {0, 0, 0, place};
    if (hasTexts)
      giveTexts(at(one), hasCold(one));
    --count;
    freeSlot(place >> 3);
  }
  staged.clear();
}
