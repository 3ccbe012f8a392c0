//===- changes.h - what rows of an upsert stream say (rule 34) --------------===//
//
// Internal, for encoders. Such rows begin with a header (abi.h, mr_sink_desc):
// its first byte tells whether the row is an upsert or a delete; a delete holds
// nothing but the fields of the key. Every format writes this as a first field
// `op`.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_CHANGES_H
#define MILLRACE_RUNTIME_IO_CHANGES_H

#include "millrace/abi.h"

#include <string_view>
#include <vector>

namespace millrace {

/// Name of the field that formats put first.
inline constexpr const char *kOpField = "op";

class Changes {
public:
  explicit Changes(const mr_sink_desc &sink) : isKey(sink.num_fields), told(sink.changes != 0) {
    for (uint32_t i = 0; i < sink.num_keys; ++i)
      isKey[sink.keys[i]] = true;
  }

  /// Is `op` written? Not for insert-only streams, be there a header or not.
  bool written() const { return told; }
  bool isDelete(const uint8_t *row) const { return told && row[0] != 0; }
  /// Does the row hold this field?
  bool holds(const uint8_t *row, uint32_t field) const { return !isDelete(row) || isKey[field]; }
  bool keyed(uint32_t field) const { return isKey[field]; }
  std::string_view op(const uint8_t *row) const { return row[0] != 0 ? "delete" : "upsert"; }

private:
  std::vector<bool> isKey; ///< by field
  bool told;
};

} // namespace millrace

#endif
