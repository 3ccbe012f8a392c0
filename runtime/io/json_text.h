//===- json_text.h - values as JSON text ---------------------------------------===//
//
// Internal. Rule 50: not finite floats are strings, bytes base64, times as
// strings; what is written is read back as the same value.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_TEXT_H
#define MILLRACE_RUNTIME_IO_JSON_TEXT_H

#include "runtime/io/buffer.h"
#include "runtime/values/format.h"

namespace millrace {

/// Writes a quoted string at `to`, which has room for 6 * size + 2 bytes; returns its end.
uint8_t *writeJsonString(uint8_t *to, const char *bytes, size_t size);

inline void appendJsonString(std::string_view text, Buffer &out) {
  out.take(writeJsonString(out.room(6 * text.size() + 2), text.data(), text.size()));
}

void appendBase64(std::string_view bytes, Buffer &out);

/// A value that fits a word, quoted where JSON needs it, at `to`, which has room for kMaxFormat + 2 bytes.
uint8_t *writeJsonScalar(uint8_t *to, uint64_t bits, mr_type type);

/// Any value but a list or a record, given by where it lies.
void appendJsonValue(const uint8_t *value, mr_type type, Buffer &out);
/// A field's value of any type: lists are arrays, records objects.
void appendJsonField(const uint8_t *value, const mr_field_desc &field, Buffer &out);

} // namespace millrace

#endif
