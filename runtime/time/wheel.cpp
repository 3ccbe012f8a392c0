//===- wheel.cpp - timers of keys, in order of their time ----------------------===//
#include "runtime/time/wheel.h"

using namespace millrace;

/// A piece of a bucket. Small, because most buckets hold few timers or very many.
struct Wheel::Chunk {
  static constexpr uint32_t kTimers = 15;
  Chunk *next;
  uint64_t count;
  Timer timers[kTimers];
};

namespace {

constexpr uint64_t kSlab = uint64_t(16) << 10; ///< bytes that are taken at once, for many chunks

/// Times in their order as unsigned numbers.
uint64_t ordered(int64_t time) { return uint64_t(time) ^ uint64_t(1) << 63; }

} // namespace

Wheel::~Wheel() {
  for (uint8_t *slab : slabs)
    memory.giveBack(memory.owner, slab, kSlab);
}

Wheel::Chunk *Wheel::newChunk() {
  static_assert(sizeof(Chunk) == 256);
  if (!free) {
    uint8_t *slab = memory.take(memory.owner, kSlab);
    if (!slab)
      return nullptr;
    slabs.push_back(slab);
    taken += kSlab;
    for (uint64_t at = kSlab; at; at -= sizeof(Chunk))
      freeChunk(reinterpret_cast<Chunk *>(slab + at - sizeof(Chunk)));
  }
  Chunk *chunk = free;
  free = chunk->next;
  chunk->count = 0;
  return chunk;
}

void Wheel::freeChunk(Chunk *chunk) {
  chunk->next = free;
  free = chunk;
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

/// Moves `now` to the start of the first bucket that is not empty and makes its timers `ready`; or to `target`, if all
/// buckets start behind it: false. The buckets between are empty and time passes none of the others, so every timer
/// still lies on the right level.
bool Wheel::openNext(uint64_t target) {
  for (uint32_t level = 0; level < kLevels; ++level) { // what lies on a lower level comes first
    uint32_t after = uint32_t(uint8_t(now >> 8 * level)) + 1;
    for (uint32_t word = after / 64; word < kBuckets / 64; ++word) {
      uint64_t bits = used[level][word];
      if (word == after / 64)
        bits &= ~uint64_t(0) << after % 64;
      if (!bits)
        continue;
      uint64_t bucket = word * 64 + uint64_t(__builtin_ctzll(bits));
      uint64_t above = level == kLevels - 1 ? 0 : now >> 8 * (level + 1) << 8 * (level + 1);
      uint64_t start = above | bucket << 8 * level;
      if (start > target) {
        now = target;
        return false;
      }
      now = start;
      used[level][word] &= ~(uint64_t(1) << bucket % 64);
      ready = buckets[level][bucket];
      buckets[level][bucket] = nullptr;
      return true;
    }
  }
  now = target;
  return false;
}

bool Wheel::advance(int64_t time, uint64_t most, std::vector<Timer> &due) {
  uint64_t target = ordered(time), looked = 0;
  target = target < now ? now : target;
  do {
    while (Chunk *chunk = ready) {
      if (looked >= most)
        return false;
      ready = chunk->next;
      looked += chunk->count;
      for (uint64_t i = 0; i < chunk->count; ++i) {
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
