//===- size_text.h - amounts of memory as people write them ----------------===//
//
// Internal: `512m` on the command line, `1.5 MiB` in messages.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_SIZE_TEXT_H
#define MILLRACE_RUNTIME_VALUES_SIZE_TEXT_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace millrace {

/// Bytes. A whole number, alone or with k, m or g (1,024 to the power of 1, 2, 3), in either case. Nothing if the text
/// is no such size or beyond 64 bits.
std::optional<uint64_t> parseSize(std::string_view text);

/// The same for an amount of memory that there can be: 1 byte to 2^47, what a process can address. Where it is none,
/// `problem` says why and what to write.
std::optional<uint64_t> parseMemory(std::string_view text, std::string &problem);

/// For people: `17 bytes`, `1.50 KiB`, `213 MiB`: three digits, rounded to the nearest.
std::string sizeText(uint64_t bytes);

} // namespace millrace

#endif
