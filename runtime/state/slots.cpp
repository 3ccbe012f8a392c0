//===- slots.cpp - arrays of slots, with open addressing --------------------------===//
#include "runtime/state/slots.h"

#include "runtime/state/invariant.h"
#include "runtime/state/memory.h"

#include <algorithm>

using namespace millrace;

namespace {

constexpr uint64_t kFirstCapacity = 16;

/// Positions are less than 2^32, and a tag of 31 bits has to tell all homes apart.
constexpr uint64_t kMostCapacity = uint64_t(1) << 31;

/// Up to so many bytes a growth is done at once: it takes less than a millisecond.
constexpr uint64_t kAtOnce = uint64_t(2) << 20;

/// The next array is made ready during the last eighth of the insertions. A huge page may take the system 5 ms where
/// memory is in pieces, so a batch must come across one or two at most.
constexpr uint64_t kPrepared = 8;

/// What is only expected takes no more bytes than this at once: making its pages must not hold a batch up.
constexpr uint64_t kMostAhead = uint64_t(64) << 20;

/// Most keys. What a probe costs is mostly the branch that goes wrong when a key is not in its first slot, so a table
/// is kept sparse as long as it fits the caches: measured at 10,000 keys, 7.9 ns a record at 3/4, 4.8 at 1/2, 3.4 at
/// 1/4. Beyond the caches the memory counts. So it does with slots of many cache lines, as those of counts that share
/// records: the more of them lie empty, the more pages those in use are spread over (measured at 10,000 keys of 3,264
/// bytes: 43 M records/s with 0.3 of the slots in use, 50 with 0.6). Tables that are in use in turn share the caches,
/// and are gone through besides: 60 slices with 10,000 keys took 24 M records/s and 10 KB a key at 1/4, 28 and 5 KB at
/// 1/2, 41 to 48 and 3 KB at 3/4; with 100 keys 350 at 1/4, 335 at 3/4.
uint64_t limitOf(uint64_t capacity, const SlotShape &shape) {
  constexpr uint64_t kOwnCache = uint64_t(4) << 20, kSharedCache = uint64_t(64) << 20, kInTurn = uint64_t(2) << 20;
  constexpr uint32_t kLargeSlot = 512;
  uint64_t bytes = capacity * shape.slotSize;
  if (shape.slotSize >= kLargeSlot || shape.tight)
    return capacity / 4 * 3;
  if (shape.together > 1)
    return bytes < kInTurn / shape.together ? capacity / 4 : capacity / 4 * 3;
  return bytes < kOwnCache ? capacity / 4 : bytes < kSharedCache ? capacity / 2 : capacity / 4 * 3;
}

uint64_t touchedBytes(uint64_t positions, uint32_t slotSize) {
  return (positions * slotSize >> MR_STATE_PAGE_BITS) + 1;
}

} // namespace

uint64_t millrace::positionsFor(uint64_t keys, uint32_t slotSize) {
  uint64_t capacity = kFirstCapacity;
  while (limitOf(capacity, {slotSize, 0, 0, 0, 0, 0}) < keys && capacity < kMostCapacity)
    capacity *= 2;
  return capacity;
}

bool Slots::obtain(SlotArray &array, uint64_t positions, uint64_t mask, bool always) {
  uint64_t bytes = positions * shape.slotSize, marks = touchedBytes(positions, shape.slotSize);
  array = {};
  array.total = positions;
  array.slots = always ? account->takeAlways(bytes) : account->take(bytes);
  if (!array.slots)
    return false;
  if (shape.marked) {
    array.touched = always ? account->takeAlways(marks) : account->take(marks);
    if (!array.touched) {
      account->give(array.slots, bytes);
      array = {};
      return false;
    }
  }
  array.mask = mask;
  return true;
}

void Slots::give(SlotArray &array) {
  account->give(array.slots, array.total * shape.slotSize);
  if (array.touched)
    account->give(array.touched, touchedBytes(array.total, shape.slotSize));
  account->give(array.cold, array.total * shape.coldSize);
  array = {};
}

void Slots::begin(const SlotShape &shape, StateAccount &account, uint64_t expected) {
  this->shape = shape;
  this->account = &account;
  uint64_t capacity = kFirstCapacity;
  while (limitOf(capacity, shape) < expected && capacity * 2 * shape.slotSize <= kMostAhead)
    capacity *= 2;
  // More than the least only where there is room for it.
  const StateMemory &memory = account.memory;
  if (memory.bytes > memory.budget || capacity * shape.slotSize * 2 > memory.budget - memory.bytes)
    capacity = kFirstCapacity;
  obtain(now, capacity + shape.extra, capacity - 1, /*always=*/true);
  hideFree(now);
  limit = limitOf(capacity, shape);
}

void Slots::hide() const {
  poison(now.slots, now.total * shape.slotSize);
  if (now.cold)
    poison(now.cold, now.total * shape.coldSize);
}

void Slots::show() const {
  showSlots(now, 0, now.total);
  hideFree(now);
}

void Slots::hideFree(const SlotArray &in) const {
  for (uint64_t i = 0; kIsWatched && shape.extra && i <= in.mask; ++i)
    if (!tagAt(in, i))
      hideSlot(in, i);
}

void Slots::makeTight() {
  shape.tight = 1;
  limit = limitOf(now.mask + 1, shape);
}

void Slots::release() {
  give(now);
  give(old);
  give(next);
  giveAll();
}

bool Slots::beginArray(const SlotShape &shape, StateAccount &account, uint64_t positions, bool always) {
  this->shape = shape;
  this->account = &account;
  if (obtain(now, positions + 1, 0, always))
    return true;
  obtain(now, 1, 0, /*always=*/true);
  return false;
}

bool Slots::reachArray(uint64_t positions) {
  uint64_t before = now.total, after = positions + 1;
  invariant(after > before, "an array by position only grows");
  auto more = [&](uint64_t size) { return stateSize(after * size) - stateSize(before * size); };
  if (!account->allows(more(shape.slotSize) + stateSize(touchedBytes(after, shape.slotSize)) +
                       (now.cold ? more(shape.coldSize) : 0)))
    return false;
  uint8_t *slots = account->resize(now.slots, before * shape.slotSize, after * shape.slotSize);
  if (!slots)
    return false;
  now.slots = slots;
  uint8_t *touched =
      account->resize(now.touched, touchedBytes(before, shape.slotSize), touchedBytes(after, shape.slotSize));
  if (touched)
    now.touched = touched;
  uint8_t *cold = nullptr;
  if (touched && now.cold && (cold = account->resize(now.cold, before * shape.coldSize, after * shape.coldSize)))
    now.cold = cold;
  if (!touched || (now.cold && !cold))
    return false;
  // The slot that belonged to no key may have been written.
  std::memset(slots + (before - 1) * shape.slotSize, 0, shape.slotSize);
  if (cold)
    std::memset(cold + (before - 1) * shape.coldSize, 0, shape.coldSize);
  now.total = after;
  return true;
}

bool Slots::restart(uint64_t positions, uint64_t mask) {
  release();
  old = next = {};
  if (obtain(now, positions, mask, /*always=*/false))
    return true;
  obtain(now, 1 + shape.extra, 0, /*always=*/true);
  return false;
}

uint64_t Slots::emptyFor(uint64_t home) const {
  uint64_t first = home & now.mask, position = first;
  while (tagAt(now, position)) {
    position = (position + 1) & now.mask;
    invariant(position != first, "there is an empty slot for a key");
  }
  return position;
}

uint8_t *Slots::add(uint64_t home) {
  if (++calls % 64 == 0)
    giveSome();
  if (old.slots)
    empty(perInsertion());
  if (count >= limit && !grow())
    return nullptr;
  if (calls % 16 == 0 && count >= limit - limit / kPrepared)
    prepare();
  ++count;
  uint64_t position = emptyFor(home);
  showSlots(now, position);
  uint8_t *slot = slotAt(position);
  touch(slot);
  return slot;
}

/// The next array is made while this one fills up, so that growth finds its pages there: the system takes long to make
/// them.
void Slots::prepare() {
  uint64_t capacity = now.mask + 1, positions = capacity * 2 + shape.extra, bytes = positions * shape.slotSize;
  if (bytes <= kAtOnce || capacity >= kMostCapacity)
    return;
  if (!next.slots) {
    const StateMemory &memory = account->memory;
    if (memory.refused || bytes * 2 > memory.budget - std::min(memory.bytes, memory.budget) ||
        !obtain(next, positions, capacity * 2 - 1, /*always=*/false))
      return;
    ready = 0;
  }
  uint64_t begin = limit - limit / kPrepared,
           due = uint64_t(double(count - begin + 1) / double(limit / kPrepared) * double(bytes));
  if (ready >= due || ready >= bytes)
    return;
  for (uint64_t end = std::min(ready + kStateHuge, bytes); ready < end; ready += kStatePage)
    const_cast<volatile uint8_t *>(next.slots)[ready] = 0;
}

/// Twice the capacity.
bool Slots::grow() {
  settle();
  uint64_t capacity = now.mask + 1;
  if (capacity >= kMostCapacity)
    return count + 1 < capacity; // it fills up
  if (!next.slots && !obtain(next, capacity * 2 + shape.extra, capacity * 2 - 1, /*always=*/false))
    return false;
  if (now.cold && !(next.cold = account->take(next.total * shape.coldSize))) {
    give(next);
    return false;
  }
  giveAll();
  old = now;
  now = next;
  next = {};
  hideFree(now);
  limit = limitOf(capacity * 2, shape);
  left = count;
  for (uint32_t i = 0; i < shape.extra; ++i) { // the special ones stay special
    const uint8_t *from = old.slots + (capacity + i) * shape.slotSize;
    uint8_t *to = slotAt(capacity * 2 + i);
    if (!tagAt(old, capacity + i) || i + 1 == shape.extra)
      continue;
    std::memcpy(to, from, shape.slotSize);
    if (old.cold)
      std::memcpy(now.cold + (capacity * 2 + i) * shape.coldSize, old.cold + (capacity + i) * shape.coldSize,
                  shape.coldSize);
    touch(to);
    --left;
  }
  // Keys move in runs between empty slots, so that none is looked for across a gap.
  hand = 0;
  for (; tagAt(old, hand); ++hand)
    invariant(hand < old.mask, "an array that grows has an empty slot");
  first = hand;
  empty(old.total * shape.slotSize <= kAtOnce ? ~uint64_t(0) : 0);
  return true;
}

/// A key moves to near its place or near that plus the old capacity, so that all three streams of memory run forward.
uint8_t *Slots::copyIn(const uint8_t *slot, const uint8_t *cold) {
  uint64_t tag;
  std::memcpy(&tag, slot, sizeof(tag));
  uint64_t position = emptyFor(homeOf(tag));
  uint8_t *to = slotAt(position);
  showSlots(now, position);
  std::memcpy(to, slot, shape.slotSize);
  if (cold)
    std::memcpy(now.cold + position * shape.coldSize, cold, shape.coldSize);
  touch(to);
  return to;
}

/// Asks for where `empty` will be soon: between insertions the processor's own guesses are lost (measured at 4 M keys
/// of 32 bytes: half of what a growth takes).
void Slots::askAhead() const {
  constexpr uint64_t kAhead = 1024; // bytes
  uint64_t from = hand * shape.slotSize + kAhead;
  __builtin_prefetch(old.slots + from);
  __builtin_prefetch(now.slots + from, 1);
  __builtin_prefetch(now.slots + (old.mask + 1) * shape.slotSize + from, 1);
}

bool Slots::empty(uint64_t most) {
  if (!old.slots)
    return true;
  for (uint64_t done = 0; left; ++done) {
    invariant(done <= old.mask, "the keys that are left stand in the old array");
    uint64_t &tag = tagAt(old, hand);
    bool used = tag != 0;
    askAhead();
    if (used) {
      copyIn(old.slots + hand * shape.slotSize, old.cold ? old.cold + hand * shape.coldSize : nullptr);
      tag = 0;
      hideSlot(old, hand);
      --left;
    }
    hand = (hand + 1) & old.mask;
    if (!used && done >= most)
      return false;
  }
  if (old.total * shape.slotSize <= kAtOnce)
    give(old);
  else
    giveLater(old);
  return true;
}

void Slots::giveLater(SlotArray &array) {
  giveAll();
  gone[0] = {array.slots, stateSize(array.total * shape.slotSize)};
  gone[1] = {array.cold, array.cold ? stateSize(array.total * shape.coldSize) : 0};
  gone[2] = {array.touched, array.touched ? stateSize(touchedBytes(array.total, shape.slotSize)) : 0};
  array = {};
}

/// A piece of what is not needed any more goes back to the system.
void Slots::giveSome() {
  for (Piece &piece : gone) {
    if (!piece.memory)
      continue;
    uint64_t some = piece.bytes >= 2 * kStateHuge ? kStateHuge : piece.bytes;
    piece.bytes -= some;
    account->give(piece.memory + piece.bytes, some);
    if (!piece.bytes)
      piece.memory = nullptr;
    return;
  }
}

void Slots::giveAll() {
  for (Piece &piece : gone) {
    if (piece.memory)
      account->give(piece.memory, piece.bytes);
    piece = {};
  }
}

bool Slots::releaseSome(uint64_t bytes) {
  if (now.total * shape.slotSize > 2 * kStateHuge)
    giveLater(now);
  bool isLeft = true;
  for (uint64_t given = 0; isLeft && given < bytes; given += kStateHuge) {
    giveSome();
    isLeft = gone[0].memory || gone[1].memory || gone[2].memory;
  }
  return !isLeft;
}

uint8_t *Slots::moveOut(uint64_t position) {
  invariant(left > 0, "a key that moves is one of those that are left");
  uint8_t *to =
      copyIn(old.slots + position * shape.slotSize, old.cold ? old.cold + position * shape.coldSize : nullptr);
  --left;
  closeGap(old, position);
  return to;
}

/// The slot at `hole` is to be empty: those behind it that would not be found across it move into it.
void Slots::closeGap(SlotArray &in, uint64_t hole) {
  for (uint64_t first = hole, i = (hole + 1) & in.mask; tagAt(in, i); i = (i + 1) & in.mask) {
    invariant(i != first, "an array of slots has an empty one");
    uint64_t home = homeOf(tagAt(in, i)) & in.mask;
    if (((i - home) & in.mask) < ((i - hole) & in.mask))
      continue;
    std::memcpy(in.slots + hole * shape.slotSize, in.slots + i * shape.slotSize, shape.slotSize);
    if (in.cold)
      std::memcpy(in.cold + hole * shape.coldSize, in.cold + i * shape.coldSize, shape.coldSize);
    if (in.slots == now.slots)
      touch(in.slots + hole * shape.slotSize);
    hole = i;
  }
  std::memset(in.slots + hole * shape.slotSize, 0, shape.slotSize);
  if (in.cold)
    std::memset(in.cold + hole * shape.coldSize, 0, shape.coldSize);
  if (in.slots == now.slots)
    touch(in.slots + hole * shape.slotSize);
  hideSlot(in, hole);
}

void Slots::erase(uint64_t position) {
  invariant(count > 0 && position + 1 < now.total && tagAt(now, position), "a key that goes is there");
  --count;
  if (position <= now.mask)
    closeGap(now, position);
  else
    clear(position);
}

void Slots::clear(uint64_t position) {
  invariant(position + 1 < now.total, "a key that goes has a position");
  std::memset(slotAt(position), 0, shape.slotSize);
  if (now.cold)
    std::memset(now.cold + position * shape.coldSize, 0, shape.coldSize);
  touch(slotAt(position));
}

uint8_t *Slots::coldOf(const uint8_t *slot) {
  invariant(shape.coldSize && slot >= now.slots && positionOf(slot) < now.total,
            "a cold part is of a slot that has one");
  if (!now.cold) {
    if (!(now.cold = account->take(now.total * shape.coldSize)))
      return nullptr;
    hideFree(now);
  }
  return now.cold + positionOf(slot) * shape.coldSize;
}
