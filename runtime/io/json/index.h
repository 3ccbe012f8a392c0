//===- index.h - stage 1: where the quotes and line ends are --------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_INDEX_H
#define MILLRACE_RUNTIME_IO_JSON_INDEX_H

#include "runtime/io/json/shape.h"
#include "runtime/io/source.h"

#include <memory>

namespace millrace::json {

/// The most text that is indexed at once; the index then stays in the L2 cache.
inline constexpr uint32_t windowSize = 256 << 10;

/// 64 bytes of text that need care. Bit i is for byte i.
struct CareBlock {
  uint64_t special; ///< backslashes, and control bytes but line feeds
  uint64_t high;    ///< bytes >= 0x80
  uint32_t base;    ///< where the block starts
};

/// Index of up to windowSize bytes of text. Memory that is not needed is not touched.
struct TextIndex {
  TextIndex();
  std::unique_ptr<uint32_t[]> positions; ///< `count` of them, then MR_JSON_POSITIONS times UINT32_MAX
  std::unique_ptr<CareBlock[]> care;     ///< only blocks that have such bytes; `careCount` of them
  uint32_t count = 0, careCount = 0;
};

/// Indexes text[0, size), size <= windowSize; up to 63 bytes behind it are read, and not judged.
using IndexFn = void (*)(const uint8_t *text, uint32_t size, TextIndex &index);

/// What the machine does best, or what is asked for if the machine has it (if not: the best that it has).
IndexFn pickIndex(Simd simd);
/// Can this machine do it?
bool hasSimd(Simd simd);

} // namespace millrace::json

#endif
