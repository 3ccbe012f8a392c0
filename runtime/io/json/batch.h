//===- batch.h - the columns that records are decoded into ----------------===//
//
// Internal. The memory of one batch: for each used field its values and its
// status bytes, each contiguous; where each record stood; and the arena.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_JSON_BATCH_H
#define MILLRACE_RUNTIME_IO_JSON_BATCH_H

#include "runtime/io/json/record.h"

#include <cstdlib>

namespace millrace::json {

class BatchColumns {
public:
  BatchColumns(const Schema &schema, uint32_t sourceFields, uint32_t capacity)
      : capacity(capacity), fields(schema.fields.size()), columns(sourceFields, mr_column{nullptr, nullptr}),
        offsets(capacity), lengths(capacity) {
    size_t bytes = 0;
    for (const Field &field : schema.fields)
      bytes += slot(typeSize(field.type)) + slot(1);
    memory.reset(static_cast<uint8_t *>(std::aligned_alloc(64, bytes ? bytes : 64)));
    uint8_t *at = memory.get();
    for (size_t i = 0; i < schema.fields.size(); ++i) {
      fields[i].values = at;
      at += slot(typeSize(schema.fields[i].type));
      fields[i].status = at;
      at += slot(1);
      columns[schema.fields[i].index] = {fields[i].values, fields[i].status};
    }
  }

  const uint32_t capacity;
  std::vector<FieldColumn> fields; ///< by position in Schema::fields
  std::vector<mr_column> columns;  ///< by the source's fields; none for unused ones
  std::vector<uint32_t> offsets, lengths;
  Arena arena;

private:
  /// Bytes for a column of values of `width`; stores of a whole vector at the last row stay inside.
  size_t slot(size_t width) const { return (width * capacity + 64 + 63) & ~size_t(63); }
  struct Free {
    void operator()(uint8_t *p) const { std::free(p); }
  };
  std::unique_ptr<uint8_t[], Free> memory;
};

} // namespace millrace::json

#endif
