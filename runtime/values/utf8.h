//===- utf8.h - code points -----------------------------------------------===//
//
// Internal. Strings are UTF-8 by the time they get here (rules 44, 48); should
// a byte be none all the same, nothing reads beyond the end.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_UTF8_H
#define MILLRACE_RUNTIME_VALUES_UTF8_H

#include <cstdint>
#include <string_view>

namespace millrace {

/// Does this byte continue a code point?
inline bool continues(char byte) { return (uint8_t(byte) & 0xc0) == 0x80; }

/// Number of code points.
inline uint64_t codePoints(std::string_view bytes) {
  uint64_t count = 0;
  for (char byte : bytes)
    count += !continues(byte);
  return count;
}

inline bool isAscii(std::string_view bytes) {
  char all = 0;
  for (char byte : bytes)
    all |= byte;
  return all >= 0;
}

/// Bytes of the first `count` code points (all, if there are fewer).
inline uint64_t bytesOf(std::string_view bytes, uint64_t count) {
  uint64_t at = 0;
  for (; at < bytes.size() && count; --count)
    for (++at; at < bytes.size() && continues(bytes[at]);)
      ++at;
  return at;
}

/// Is it UTF-8: no overlong forms, no surrogates, nothing beyond U+10FFFF?
bool isUtf8(std::string_view bytes);

} // namespace millrace

#endif
