//===- memory_source.h - records that a host hands over in memory ----------===//
//
// Called by the host: a program that runs a pipeline inside itself (the
// benchmarks do) names pieces of its memory, which `source memory("name")`
// reads without copying.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_MEMORY_SOURCE_H
#define MILLRACE_RUNTIME_IO_MEMORY_SOURCE_H

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace millrace {

/// In the format `binary`: rows as runtime/io/binary/row_layout.h lays them out, bare, without the file's framing, and
/// trusted: strings lie in memory that outlives the run. In other formats: whole records (lines), with kPadding
/// readable bytes before and behind.
struct MemoryInput {
  std::string name;
  const uint8_t *bytes = nullptr;
  size_t size = 0;
};

using MemoryInputs = std::vector<MemoryInput>;

} // namespace millrace

#endif
