//===- string_view.h - mr_string to bytes and back ------------------------===//
//
// Internal. The one place that knows where a string's bytes are.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_VALUES_STRING_VIEW_H
#define MILLRACE_RUNTIME_VALUES_STRING_VIEW_H

#include "millrace/abi.h"

#include <cstring>
#include <string_view>

namespace millrace {

/// Bytes of the string.
inline uint32_t stringLength(mr_string s) { return uint32_t(s.head); }

/// Its bytes. A short string lies in the struct itself, so `s` must outlive the pointer.
inline const char *stringData(const mr_string &s) {
  return stringLength(s) <= MR_STRING_INLINE ? reinterpret_cast<const char *>(&s) + 4
                                             : reinterpret_cast<const char *>(s.tail);
}

/// Its bytes; valid as long as `s` and what it points to.
inline std::string_view viewOf(const mr_string &s) { return {stringData(s), stringLength(s)}; }

/// The string of these bytes: in place up to 12, else pointing at them (they must outlive it). length < 2^32.
inline mr_string stringOf(const char *data, uint64_t length) {
  mr_string s{uint32_t(length), 0};
  char *place = reinterpret_cast<char *>(&s) + 4;
  if (length <= MR_STRING_INLINE) {
    if (length) // `data` may be null
      std::memcpy(place, data, length);
    return s;
  }
  std::memcpy(place, data, 4);
  s.tail = reinterpret_cast<uint64_t>(data);
  return s;
}

inline mr_string stringOf(std::string_view bytes) { return stringOf(bytes.data(), bytes.size()); }

} // namespace millrace

#endif
