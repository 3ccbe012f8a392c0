//===- buffer.h - bytes on their way out ----------------------------------===//
//
// Internal. A growing array of bytes that is written through a bare pointer:
// encoders ask for room once per row and then do not look at limits. Without
// memory the program ends with a message and exit code 3.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_BUFFER_H
#define MILLRACE_RUNTIME_IO_BUFFER_H

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <unistd.h>

namespace millrace {

class Buffer {
public:
  Buffer() = default;
  Buffer(const Buffer &) = delete;
  Buffer &operator=(const Buffer &) = delete;
  ~Buffer() { std::free(first); }

  /// Where the next bytes go, with room for `bytes`. Write, then `take` up to where you came.
  uint8_t *room(size_t bytes) {
    if (size_t(limit - end) < bytes)
      grow(bytes);
    return end;
  }
  void take(uint8_t *upTo) { end = upTo; }
  void append(std::string_view text) {
    uint8_t *to = room(text.size());
    if (!text.empty()) // its address may be null
      std::memcpy(to, text.data(), text.size());
    end = to + text.size();
  }
  void append(char c) { *room(1) = uint8_t(c), ++end; }

  const uint8_t *data() const { return first; }
  size_t size() const { return end - first; }
  bool empty() const { return end == first; }
  /// Is it time to write? Encoders pause between two rows then, so that their rows need not all be in memory as bytes.
  bool full() const { return size() >= kFull; }
  std::string_view view() const { return {reinterpret_cast<const char *>(first), size()}; }
  void clear() { end = first; }
  /// Forgets the first `bytes` bytes.
  void drop(size_t bytes) {
    std::memmove(first, first + bytes, size() - bytes);
    end -= bytes;
  }

private:
  static constexpr size_t kFull = size_t(1) << 20;

  void grow(size_t bytes) {
    size_t used = size(), capacity = size_t(limit - first) * 2;
    if (capacity < used + bytes)
      capacity = used + bytes;
    if (capacity < 4096)
      capacity = 4096;
    void *memory = capacity < used ? nullptr : std::realloc(first, capacity);
    if (!memory) {
      std::fprintf(stderr, "error: out of memory: an output row needs %zu bytes\n", bytes);
      _exit(3);
    }
    first = static_cast<uint8_t *>(memory);
    end = first + used;
    limit = first + capacity;
  }

  uint8_t *first = nullptr, *end = nullptr, *limit = nullptr;
};

} // namespace millrace

#endif
