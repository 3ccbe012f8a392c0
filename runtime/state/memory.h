//===- memory.h - memory of state -----------------------------------------===//
//
// Internal. Zeroed memory for tables, and kept strings.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_MEMORY_H
#define MILLRACE_RUNTIME_STATE_MEMORY_H

#include "millrace/abi.h"

namespace millrace {

/// Ends the program with exit code 3: state needs `bytes` more and there is no memory.
[[noreturn]] void stateOutOfMemory(uint64_t bytes);

/// Zeroed memory, aligned to a cache line; large pieces come page by page from the system as they are touched, in huge
/// pages where it has some.
uint8_t *zeroedNew(uint64_t bytes);
void zeroedFree(uint8_t *memory, uint64_t bytes);

/// Memory of one table's strings: taken piece by piece, freed as a whole.
struct StringArena {
  /// `length` bytes that stay until the arena goes.
  char *take(uint64_t length);

  /// The same for bytes that will be given back: as many as sizeClass(length) says.
  char *takeClass(uint64_t length);
  void giveBack(char *memory, uint64_t length);

  /// Number of the power of two that holds `length` bytes (length > 12).
  static uint32_t sizeClass(uint64_t length) { return 64 - uint32_t(__builtin_clzll((length < 16 ? 16 : length) - 1)); }

  ~StringArena();

  uint64_t bytes = 0; ///< taken from the system

private:
  struct Chunk {
    Chunk *next;
  };
  struct Free {
    Free *next;
  };
  Chunk *chunks = nullptr;
  char *cursor = nullptr, *limit = nullptr;
  Free *free[33] = {}; ///< by size class
};

} // namespace millrace

#endif
