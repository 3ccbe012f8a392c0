//===- poison.h - memory that nobody may look at ---------------------------------===//
//
// Internal. Memory of what went stays with state, to be used again: that of texts
// with their arena, slots without a key with their array, tables and pieces that
// wait for their next use. AddressSanitizer is told of it, so that a look at what
// is gone is found there as it would be with memory that was freed. Nothing in
// other builds.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_STATE_POISON_H
#define MILLRACE_RUNTIME_STATE_POISON_H

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define MILLRACE_POISON 1
#include <sanitizer/asan_interface.h>
#endif
#endif

namespace millrace {

/// Is anybody told?
#ifdef MILLRACE_POISON
inline constexpr bool kIsWatched = true;
#else
inline constexpr bool kIsWatched = false;
#endif

inline void poison([[maybe_unused]] const void *memory, [[maybe_unused]] size_t bytes) {
#ifdef MILLRACE_POISON
  ASAN_POISON_MEMORY_REGION(memory, bytes);
#endif
}

inline void unpoison([[maybe_unused]] const void *memory, [[maybe_unused]] size_t bytes) {
#ifdef MILLRACE_POISON
  ASAN_UNPOISON_MEMORY_REGION(memory, bytes);
#endif
}

#ifdef MILLRACE_POISON
/// Copies whole words of memory that may be poisoned, for what saves it as it lies.
__attribute__((no_sanitize("address"))) inline void copyAsItLies(void *to, const void *from, size_t bytes) {
  for (size_t i = 0; i < bytes / 8; ++i) {
    uint64_t word = static_cast<const volatile uint64_t *>(from)[i];
    __builtin_memcpy(static_cast<char *>(to) + 8 * i, &word, 8);
  }
}
#else
inline void copyAsItLies(void *to, const void *from, size_t bytes) { std::memcpy(to, from, bytes); }
#endif

} // namespace millrace

#endif
