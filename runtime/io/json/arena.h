//===- arena.h - memory of one batch --------------------------------------===//
//
// Internal. Bump allocation; everything goes at once when the next batch is
// begun. The first block is kept, so that steady work does not allocate.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_ARENA_H
#define MILLRACE_RUNTIME_IO_JSON_ARENA_H

#include <cstdint>
#include <memory>
#include <vector>

namespace millrace::json {

class Arena {
public:
  /// `size` bytes, 8-aligned.
  uint8_t *get(size_t size) {
    size = (size + 7) & ~size_t(7);
    if (size > size_t(limit - at)) {
      size_t block = size > blockSize ? size : blockSize;
      blocks.push_back(std::unique_ptr<uint8_t[]>(new uint8_t[block]));
      at = blocks.back().get();
      limit = at + block;
    }
    uint8_t *result = at;
    at += size;
    return result;
  }
  /// Gives back what `get` gave last and all but `used` bytes of it.
  void shrink(uint8_t *last, size_t used) { at = last + ((used + 7) & ~size_t(7)); }
  void reset() {
    if (blocks.size() > 1)
      blocks.clear();
    if (blocks.empty()) {
      at = limit = nullptr;
      return;
    }
    at = blocks[0].get();
    if (size_t(limit - at) > blockSize) // a giant: do not keep it
      blocks.clear(), at = limit = nullptr;
  }

private:
  static constexpr size_t blockSize = 64 << 10;
  std::vector<std::unique_ptr<uint8_t[]>> blocks;
  uint8_t *at = nullptr, *limit = nullptr;
};

} // namespace millrace::json

#endif
