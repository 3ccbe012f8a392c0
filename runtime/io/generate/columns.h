//===- columns.h - columns that a generator fills -------------------------===//
//
// Internal. A generator knows its fields by name; the pipeline says which of
// them it reads and how far apart their values are. What it does not read has
// no memory and is not made.
//
//===----------------------------------------------------------------------===//
#ifndef MILLRACE_RUNTIME_IO_GENERATE_COLUMNS_H
#define MILLRACE_RUNTIME_IO_GENERATE_COLUMNS_H

#include "runtime/io/source.h"
#include "runtime/values/string_view.h"

#include <cstring>
#include <memory>

namespace millrace {

/// A field that a generator can make.
struct GeneratedField {
  const char *name;
  mr_type type;
};

/// Where the values of one field go; false if nobody reads them.
struct GeneratedColumn {
  uint8_t *values = nullptr;
  uint32_t stride = 0;

  explicit operator bool() const { return values; }
  void put(uint32_t row, int64_t value) const {
    if (values)
      std::memcpy(values + uint64_t(row) * stride, &value, sizeof(value));
  }
  void put(uint32_t row, mr_string value) const {
    if (values)
      std::memcpy(values + uint64_t(row) * stride, &value, sizeof(value));
  }
};

/// The columns of one generator's batches.
class GeneratedColumns {
public:
  /// Makes room for `options.maxBatch` values of each field that is used. `fields` is what the generator has; a field
  /// of the source that is not among them, or has another type, is a message in `error`.
  GeneratedColumns(const mr_source_desc &source, const DecodeOptions &options, const GeneratedField *fields,
                   uint32_t numFields, std::string &error);

  /// The column of field `index` of the generator's fields.
  const GeneratedColumn &operator[](uint32_t index) const { return columns[index]; }

  /// Any used field of those from `first` on?
  bool anyFrom(uint32_t first) const;

  /// The batch of the first `size` rows.
  void give(uint32_t size, DecodedBatch &batch) const;

private:
  std::vector<GeneratedColumn> columns; ///< by field of the generator
  std::vector<mr_column> described;     ///< by field of the source
  std::vector<std::unique_ptr<uint8_t[]>> memory;
};

} // namespace millrace

#endif
