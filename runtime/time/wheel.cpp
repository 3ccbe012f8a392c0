//===- wheel.cpp - timers of keys, in order of their time ----------------------===//
#include "runtime/time/wheel.h"

#include "runtime/state/invariant.h"

#include <utility>

using namespace millrace;

/// A piece of a bucket. Small, because most buckets hold few timers or very many.
struct Wheel::Chunk {
  static constexpr uint32_t kTimers = 15;
  Chunk *next;
  uint32_t count;
  uint32_t number; ///< in its slab
  Timer timers[kTimers];
};

/// Memory for many chunks, in the place of the first one.
struct Wheel::Slab {
  static constexpr uint64_t kBytes = uint64_t(16) << 10;
  Slab *next, *before;
  Chunk *free;
  uint64_t used; ///< chunks

  Chunk *at(uint64_t number) { return reinterpret_cast<Chunk *>(this) + number; }
};

namespace {

/// Times in their order as unsigned numbers.
uint64_t ordered(int64_t time) { return uint64_t(time) ^ uint64_t(1) << 63; }
int64_t unordered(uint64_t time) { return int64_t(time ^ uint64_t(1) << 63); }

} // namespace

Wheel::~Wheel() {
  if (spare)
    link(spare);
  while (Slab *slab = slabs) {
    unlink(slab);
    account.give(reinterpret_cast<uint8_t *>(slab), Slab::kBytes);
  }
}

/// Puts the slab first.
void Wheel::link(Slab *slab) {
  slab->next = slabs ? slabs : slab;
  slab->before = slabs ? slabs->before : slab;
  slab->next->before = slab->before->next = slab;
  slabs = slab;
}

void Wheel::unlink(Slab *slab) {
  slab->next->before = slab->before;
  slab->before->next = slab->next;
  if (slabs == slab)
    slabs = slab->next == slab ? nullptr : slab->next;
}

Wheel::Chunk *Wheel::newChunk() {
  static_assert(sizeof(Chunk) == 256 && sizeof(Slab) <= sizeof(Chunk));
  if (!slabs || !slabs->free) {
    Slab *slab = std::exchange(spare, nullptr);
    if (!slab && !(slab = reinterpret_cast<Slab *>(account.take(Slab::kBytes))))
      return nullptr;
    slab->free = nullptr;
    for (uint32_t i = Slab::kBytes / sizeof(Chunk); --i;) {
      slab->at(i)->number = i;
      slab->at(i)->next = std::exchange(slab->free, slab->at(i));
    }
    link(slab);
  }
  Chunk *chunk = slabs->free;
  slabs->free = chunk->next;
  ++slabs->used;
  if (!slabs->free) // it is the last of the ring then
    slabs = slabs->next;
  chunk->count = 0;
  return chunk;
}

/// Slabs of which nothing is used go back, but for one.
void Wheel::freeChunk(Chunk *chunk) {
  auto *slab = reinterpret_cast<Slab *>(chunk - chunk->number);
  invariant(slab->used > 0, "a piece of timers that goes was used");
  bool wasFull = !slab->free;
  chunk->next = std::exchange(slab->free, chunk);
  if (--slab->used && !wasFull)
    return;
  unlink(slab);
  if (slab->used)
    link(slab);
  else if (!spare)
    spare = slab;
  else
    account.give(reinterpret_cast<uint8_t *>(slab), Slab::kBytes);
}

bool Wheel::push(Chunk *&chain, Timer timer) {
  if (!chain || chain->count == Chunk::kTimers) {
    Chunk *chunk = newChunk();
    if (!chunk)
      return false;
    chunk->next = chain;
    chain = chunk;
  }
  chain->timers[chain->count++] = timer;
  return true;
}

/// Puts the timer where it belongs, seen from `now`.
bool Wheel::place(Timer timer) {
  uint64_t at = ordered(timer.due);
  if (at <= now)
    return push(ready, timer);
  uint32_t level = (63 - uint32_t(__builtin_clzll(at ^ now))) / 8;
  uint32_t bucket = uint8_t(at >> 8 * level);
  used[level][bucket / 64] |= uint64_t(1) << bucket % 64;
  return push(buckets[level][bucket], timer);
}

bool Wheel::add(Timer timer) {
  if (!place(timer))
    return false;
  ++timers;
  return true;
}

/// The first that is not empty.
Wheel::Bucket Wheel::firstBucket() const {
  for (uint32_t level = 0; level < kLevels; ++level) { // what lies on a lower level comes first
    uint32_t after = uint32_t(uint8_t(now >> 8 * level)) + 1;
    for (uint32_t word = after / 64; word < kBuckets / 64; ++word) {
      uint64_t bits = used[level][word];
      if (word == after / 64)
        bits &= ~uint64_t(0) << after % 64;
      if (!bits)
        continue;
      uint64_t number = word * 64 + uint64_t(__builtin_ctzll(bits));
      uint64_t above = level == kLevels - 1 ? 0 : now >> 8 * (level + 1) << 8 * (level + 1);
      return {level, uint32_t(number), above | number << 8 * level};
    }
  }
  return {};
}

/// Moves `now` to the start of the first bucket that is not empty and makes its timers `ready`; or to `target`, if all
/// buckets start behind it: false. The buckets between are empty and time passes none of the others, so every timer
/// still lies on the right level.
bool Wheel::openNext(uint64_t target) {
  Bucket first = firstBucket();
  invariant(first.level == kLevels || first.start > now, "time goes on to a later bucket");
  if (first.level == kLevels || first.start > target) {
    now = target;
    return false;
  }
  now = first.start;
  used[first.level][first.number / 64] &= ~(uint64_t(1) << first.number % 64);
  ready = buckets[first.level][first.number];
  buckets[first.level][first.number] = nullptr;
  return true;
}

int64_t Wheel::next() const {
  if (ready)
    return unordered(now);
  Bucket first = firstBucket();
  return first.level == kLevels ? INT64_MAX : unordered(first.start);
}

bool Wheel::advance(int64_t time, uint64_t most, StateVector<Timer> &due) {
  uint64_t target = ordered(time), looked = 0;
  target = target < now ? now : target;
  do {
    while (Chunk *chunk = ready) {
      if (looked >= most)
        return false;
      invariant(chunk->count <= Chunk::kTimers && chunk->count <= timers, "a piece holds some of the timers");
      ready = chunk->next;
      looked += chunk->count;
      for (uint32_t i = 0; i < chunk->count; ++i) {
        Timer timer = chunk->timers[i];
        if (ordered(timer.due) <= target) {
          due.push_back(timer);
          --timers;
        } else {
          // A slot of this chunk has been read already, so `place` needs memory only where several buckets begin at
          // once; without it the timer is given out early, which its owner has to look at anyway.
          if (!place(timer)) {
            due.push_back(timer);
            --timers;
          }
        }
      }
      freeChunk(chunk);
    }
  } while (openNext(target));
  return true;
}
