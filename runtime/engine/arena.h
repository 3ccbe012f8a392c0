//===- arena.h - memory that lives as long as a batch ---------------------------===//
#ifndef MILLRACE_RUNTIME_ENGINE_ARENA_H
#define MILLRACE_RUNTIME_ENGINE_ARENA_H

#include "runtime/engine/task.h"

#include <cstddef>
#include <vector>

namespace millrace {

/// Blocks that mr_arena cuts pieces from. `task.arena` and `task.arenaLimit` are the piece in use.
class Arena {
public:
  Arena() = default;
  Arena(const Arena &) = delete;
  Arena &operator=(const Arena &) = delete;
  ~Arena();

  /// A block with room for `size` bytes; the first of them are taken.
  uint8_t *grow(mr_task &task, uint64_t size);
  /// All pieces are free again. One block is kept.
  void reset(mr_task &task);
  /// Bytes of all blocks.
  size_t bytes() const;

private:
  struct Block {
    uint8_t *memory;
    size_t size;
  };
  std::vector<Block> blocks;
};

} // namespace millrace

#endif
