//===- memory.cpp - memory of state, and what it may be ---------------------===//
#include "runtime/state/memory.h"

#include "runtime/state/invariant.h"
#include "runtime/state/poison.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sys/mman.h>
#include <unistd.h>

using namespace millrace;

StateAccount::StateAccount(StateMemory &memory, std::string name) : memory(memory), name(std::move(name)) {
  memory.accounts.push_back(this);
}

StateAccount::~StateAccount() { std::erase(memory.accounts, this); }

static void count(StateAccount &account, uint64_t more) {
  account.bytes += more;
  account.most = std::max(account.most, account.bytes);
  account.memory.bytes += more;
  account.memory.most = std::max(account.memory.most, account.memory.bytes);
}

/// Notes who was refused first, and how much.
static void refuse(StateAccount &account, uint64_t more, bool exhausted) {
  StateMemory &memory = account.memory;
  if (memory.refused)
    return;
  memory.refused = &account;
  memory.refusedBytes = more;
  memory.exhausted = exhausted;
}

/// Is there room for `more` bytes? If not, that is noted.
static bool allow(StateAccount &account, uint64_t more, bool exhausted = false) {
  StateMemory &memory = account.memory;
  if (!exhausted && memory.bytes <= memory.budget && more <= memory.budget - memory.bytes)
    return true;
  refuse(account, more, exhausted);
  return false;
}

bool StateAccount::allows(uint64_t more) { return allow(*this, more); }

void StateAccount::refuseTooLong() {
  memory.tooLong |= !memory.refused;
  refuse(*this, uint64_t(1) << 32, /*exhausted=*/false); // whatever the budget is
}

uint8_t *StateAccount::take(uint64_t asked) {
  uint64_t size = stateSize(asked);
  if (size < asked || !allow(*this, size))
    return nullptr;
  uint8_t *piece = memory.obtain(size);
  if (piece)
    count(*this, size);
  else
    allow(*this, size, /*exhausted=*/true);
  return piece;
}

uint8_t *StateAccount::takeAlways(uint64_t asked) {
  uint64_t size = stateSize(asked);
  allow(*this, size);
  uint8_t *piece = memory.obtain(size);
  if (!piece) {
    std::fprintf(stderr, "error: out of memory: the state of `%s` needs %llu bytes more\n", name.c_str(),
                 static_cast<unsigned long long>(size));
    _exit(3);
  }
  count(*this, size);
  return piece;
}

uint8_t *StateAccount::resize(uint8_t *piece, uint64_t before, uint64_t after) {
  if (!piece)
    return take(after);
  uint64_t old = stateSize(before), size = stateSize(after);
  if (size <= old)
    return piece;
  if (!allow(*this, size - old))
    return nullptr;
  uint8_t *moved = memory.move(piece, old, size);
  if (moved)
    count(*this, size - old);
  else
    allow(*this, size - old, /*exhausted=*/true);
  return moved;
}

void StateAccount::give(uint8_t *piece, uint64_t asked) {
  if (!piece)
    return;
  uint64_t size = stateSize(asked);
  invariant(size <= bytes && size <= memory.bytes, "no more memory is given back than was taken");
  unpoison(piece, size);
  bytes -= size;
  memory.bytes -= size;
  memory.release(piece, size);
}

const StateAccount *StateMemory::largest() const {
  auto most = std::max_element(accounts.begin(), accounts.end(),
                               [](const StateAccount *a, const StateAccount *b) { return a->bytes < b->bytes; });
  return most == accounts.end() ? nullptr : *most;
}

namespace {

/// Pages that lie as huge pages can: their begin is the end of one.
uint8_t *reserve(uint64_t bytes, int protection) {
  uint64_t slack = bytes >= kStateHuge ? kStateHuge : 0;
  if (bytes + slack < bytes)
    return nullptr;
  void *memory = mmap(nullptr, bytes + slack, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;
  if (!slack)
    return static_cast<uint8_t *>(memory);
  uint64_t begin = reinterpret_cast<uint64_t>(memory), aligned = (begin + kStateHuge - 1) & ~(kStateHuge - 1);
  if (aligned != begin)
    munmap(memory, aligned - begin);
  if (uint64_t rest = begin + slack - aligned)
    munmap(reinterpret_cast<void *>(aligned + bytes), rest);
  return reinterpret_cast<uint8_t *>(aligned);
}

} // namespace

/// Small pieces come from malloc. Large ones straight from the system: zeroed as they are touched, in huge pages where
/// it has some, and given back at once.
uint8_t *SystemStateMemory::obtain(uint64_t bytes) {
  if (bytes < kStateMapped) {
    void *memory = std::aligned_alloc(bytes < kStatePage ? 64 : kStatePage, bytes);
    if (memory)
      std::memset(memory, 0, bytes);
    return static_cast<uint8_t *>(memory);
  }
  uint8_t *memory = reserve(bytes, PROT_READ | PROT_WRITE);
  if (memory && bytes >= kStateHuge)
    madvise(memory, bytes, MADV_HUGEPAGE); // a wish; small pages serve as well
  return memory;
}

/// Large pieces are not copied: the system puts their pages elsewhere.
uint8_t *SystemStateMemory::move(uint8_t *memory, uint64_t before, uint64_t after) {
  if (before < kStateMapped) {
    uint8_t *other = SystemStateMemory::obtain(after);
    if (!other)
      return nullptr;
    std::memcpy(other, memory, before);
    std::free(memory);
    return other;
  }
  uint8_t *place = reserve(after, PROT_NONE);
  if (!place)
    return nullptr;
  void *moved = mremap(memory, before, after, MREMAP_MAYMOVE | MREMAP_FIXED, place);
  if (moved == MAP_FAILED) {
    munmap(place, after);
    return nullptr;
  }
  if (after >= kStateHuge)
    madvise(moved, after, MADV_HUGEPAGE);
  return static_cast<uint8_t *>(moved);
}

void SystemStateMemory::release(uint8_t *memory, uint64_t bytes) {
  if (bytes >= kStateMapped)
    munmap(memory, bytes);
  else
    std::free(memory);
}
