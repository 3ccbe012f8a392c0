//===- utf8.h - is it UTF-8? ----------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_UTF8_H
#define MILLRACE_RUNTIME_IO_JSON_UTF8_H

#include <cstddef>
#include <cstdint>

namespace millrace::json {

/// Where the first byte stands that does not begin a well-formed sequence (Unicode, table 3-7: no overlong forms, no
/// surrogates, nothing above U+10FFFF, nothing cut); `size` if all is well.
size_t invalidUtf8(const uint8_t *bytes, size_t size);

} // namespace millrace::json

#endif
