//===- upsert_rows.h - rows of an upsert stream, for tests --------------------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_UPSERT_ROWS_H
#define MILLRACE_TEST_UNIT_RUNTIME_UPSERT_ROWS_H

#include "runtime/values/string_view.h"

#include <string_view>
#include <vector>

namespace millrace::test {

/// Rows of {net: string?, place: string?, n: i64}, keyed by `net`, behind a header.
struct UpsertRow {
  uint8_t op = 0, zero[3] = {};
  uint32_t record = 77; ///< encoders have no use for it
  mr_string net = {0, 0}, place = {0, 0};
  int64_t n = 0;
  uint8_t netNull = 0, placeNull = 0, pad[6] = {};
};

inline UpsertRow upsert(std::string_view net, std::string_view place, int64_t n) {
  UpsertRow row;
  row.net = stringOf(net);
  row.place = stringOf(place);
  row.n = n;
  return row;
}

/// What is no key is left as it happens to be: nobody may read it.
inline UpsertRow deletion(std::string_view net) {
  UpsertRow row = upsert(net, "rubbish", -1);
  row.op = 1;
  row.placeNull = 7;
  return row;
}

/// A sink for them. `insertOnly`: with a header, but without changes, as behind a stateful step.
class UpsertSink {
public:
  explicit UpsertSink(bool insertOnly = false) {
    add("net", MR_STRING, offsetof(UpsertRow, net), offsetof(UpsertRow, netNull));
    add("place", MR_STRING, offsetof(UpsertRow, place), offsetof(UpsertRow, placeNull));
    add("n", MR_I64, offsetof(UpsertRow, n), UINT32_MAX);
    desc.name = "out";
    desc.format = "json";
    desc.fields = fields.data();
    desc.num_fields = uint32_t(fields.size());
    desc.row_size = sizeof(UpsertRow);
    desc.header = 8;
    if (insertOnly)
      return;
    desc.changes = 1;
    desc.keys = &key;
    desc.num_keys = 1;
  }
  UpsertSink(const UpsertSink &) = delete;

  mr_sink_desc desc = {};
  std::vector<mr_field_desc> fields;

private:
  void add(const char *name, mr_type type, size_t offset, size_t status) {
    mr_field_desc field = {};
    field.name = name;
    field.unit = "";
    field.type = type;
    field.nullable = status != UINT32_MAX;
    field.offset = uint32_t(offset);
    field.status_offset = uint32_t(status);
    fields.push_back(field);
  }
  uint32_t key = 0;
};

inline const uint8_t *bytesOf(const std::vector<UpsertRow> &rows) {
  return reinterpret_cast<const uint8_t *>(rows.data());
}

} // namespace millrace::test

#endif
