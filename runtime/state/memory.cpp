//===- memory.cpp - memory of state ---------------------------------------===//
#include "runtime/state/memory.h"

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace millrace;

namespace {

constexpr uint64_t kLine = 64, kHugePage = uint64_t(2) << 20;

/// From here on memory comes straight from the system: zeroed, and given back at once when freed.
constexpr uint64_t kMapped = uint64_t(256) << 10;

/// Bytes that are mapped for a piece: pieces of huge pages are aligned to them.
uint64_t mappedSize(uint64_t bytes) { return bytes >= kHugePage ? (bytes + kHugePage - 1) & ~(kHugePage - 1) : bytes; }

uint8_t *mapPages(uint64_t bytes) {
  uint64_t size = mappedSize(bytes), slack = bytes >= kHugePage ? kHugePage : 0;
  if (size < bytes || size + slack < size)
    stateOutOfMemory(bytes);
  void *memory = mmap(nullptr, size + slack, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    stateOutOfMemory(bytes);
  if (!slack)
    return static_cast<uint8_t *>(memory);
  uint64_t begin = reinterpret_cast<uint64_t>(memory), aligned = (begin + kHugePage - 1) & ~(kHugePage - 1);
  if (aligned != begin)
    munmap(memory, aligned - begin);
  if (uint64_t rest = begin + slack - aligned)
    munmap(reinterpret_cast<void *>(aligned + size), rest);
  madvise(reinterpret_cast<void *>(aligned), size, MADV_HUGEPAGE); // a wish; small pages serve as well
  return reinterpret_cast<uint8_t *>(aligned);
}

} // namespace

void millrace::stateOutOfMemory(uint64_t bytes) {
  std::fprintf(
      stderr,
      "error: out of memory: the state of a window needs %llu MiB more; fewer or shorter open windows, or fewer "
      "keys, need less\n",
      static_cast<unsigned long long>((bytes >> 20) + 1));
  _exit(3);
}

uint8_t *millrace::zeroedNew(uint64_t bytes) {
  if (bytes >= kMapped)
    return mapPages(bytes);
  uint64_t rounded = (bytes + kLine - 1) & ~(kLine - 1);
  auto *memory = static_cast<uint8_t *>(std::aligned_alloc(kLine, rounded ? rounded : kLine));
  if (!memory)
    stateOutOfMemory(bytes);
  std::memset(memory, 0, rounded);
  return memory;
}

void millrace::zeroedFree(uint8_t *memory, uint64_t bytes) {
  if (bytes >= kMapped)
    munmap(memory, mappedSize(bytes));
  else
    std::free(memory);
}

char *StringArena::take(uint64_t length) {
  if (uint64_t(limit - cursor) >= length) {
    char *memory = cursor;
    cursor += length;
    return memory;
  }
  // Chunks grow with the arena, so that a small table stays small; a long string has a chunk of its own.
  uint64_t usual = bytes < 4096 ? 4096 : bytes < (uint64_t(1) << 20) ? bytes : uint64_t(1) << 20;
  bool alone = length > usual / 4;
  uint64_t size = sizeof(Chunk) + (alone ? length : usual);
  auto *chunk = static_cast<Chunk *>(std::malloc(size));
  if (!chunk)
    stateOutOfMemory(size);
  bytes += size;
  chunk->next = chunks;
  chunks = chunk;
  char *memory = reinterpret_cast<char *>(chunk + 1);
  if (!alone) {
    cursor = memory + length;
    limit = memory + usual;
  }
  return memory;
}

char *StringArena::takeClass(uint64_t length) {
  uint32_t size = sizeClass(length);
  if (Free *first = free[size]) {
    std::memcpy(&free[size], first, sizeof(Free)); // strings are not aligned
    return reinterpret_cast<char *>(first);
  }
  return take(uint64_t(1) << size);
}

void StringArena::giveBack(char *memory, uint64_t length) {
  uint32_t size = sizeClass(length);
  std::memcpy(memory, &free[size], sizeof(Free));
  free[size] = reinterpret_cast<Free *>(memory);
}

StringArena::~StringArena() {
  while (Chunk *chunk = chunks) {
    chunks = chunk->next;
    std::free(chunk);
  }
}
