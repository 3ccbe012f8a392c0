//===- arena.cpp ------------------------------------------------------------------===//
#include "runtime/engine/arena.h"
#include "runtime/engine/state.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

namespace millrace {

namespace {
constexpr size_t kBlock = size_t(256) << 10;
}

Arena::~Arena() {
  for (Block block : blocks)
    std::free(block.memory);
}

uint8_t *Arena::grow(mr_task &task, uint64_t size) {
  uint64_t rounded = (size + 7) & ~uint64_t(7);
  size_t bytes = std::max<uint64_t>(rounded, blocks.empty() ? kBlock : std::min(blocks.back().size * 2, kBlock * 64));
  void *memory = rounded < size ? nullptr : std::malloc(bytes);
  if (!memory) {
    std::fprintf(stderr, "error: out of memory: a record needs %llu bytes\n", static_cast<unsigned long long>(size));
    std::_Exit(kEnvironment);
  }
  blocks.push_back({static_cast<uint8_t *>(memory), bytes});
  task.arena = blocks.back().memory + rounded;
  task.arenaLimit = blocks.back().memory + bytes;
  return blocks.back().memory;
}

size_t Arena::bytes() const {
  size_t sum = 0;
  for (Block block : blocks)
    sum += block.size;
  return sum;
}

void Arena::reset(mr_task &task) {
  if (blocks.empty())
    return;
  for (size_t i = 1; i < blocks.size(); ++i)
    std::free(blocks[i].memory);
  blocks.resize(1);
  task.arena = blocks[0].memory;
  task.arenaLimit = blocks[0].memory + blocks[0].size;
}

} // namespace millrace

extern "C" uint8_t *mr_arena_grow(mr_task *task, uint64_t size) { return task->engine->arena.grow(*task, size); }
