//===- generated_source.h - a generator and its batches for tests ---------===//
#ifndef MILLRACE_TEST_UNIT_RUNTIME_GENERATED_SOURCE_H
#define MILLRACE_TEST_UNIT_RUNTIME_GENERATED_SOURCE_H

#include "arena_task.h"
#include "runtime/io/generate/generate.h"

#include <cstring>

namespace millrace {

/// A source description with options and fields; all fields are used unless said otherwise.
class GeneratedSource {
public:
  GeneratedSource(const char *connector, std::vector<mr_option> options,
                  std::vector<std::pair<const char *, mr_type>> names)
      : options(std::move(options)) {
    for (auto [name, type] : names) {
      mr_field_desc field{};
      field.name = name;
      field.type = uint8_t(type);
      field.used = 1;
      field.stride = type == MR_STRING ? 16 : 8;
      fields.push_back(field);
    }
    source.name = "s";
    source.connector = connector;
  }

  /// Makes it anew, from the start. Null: see `error`.
  Generator *open(uint32_t maxBatch = kMaxBatch) {
    source.fields = fields.data();
    source.num_fields = uint32_t(fields.size());
    DecodeOptions decode;
    decode.maxBatch = maxBatch;
    error.clear();
    generator = makeGenerator(source, Options(options.data(), uint32_t(options.size()), {}), decode, error);
    return generator.get();
  }

  /// Calls `row(batch, i)` for each record up to the end; returns their number.
  template <typename Row> uint64_t forEach(uint32_t maxBatch, Row row) {
    DecodedBatch batch;
    int64_t due;
    uint64_t count = 0;
    while (generator->poll(maxBatch, 0, false, batch, due) == Generator::Result::Batch)
      for (uint32_t i = 0; i < batch.batch.size; ++i, ++count)
        row(batch.batch, i);
    return count;
  }

  int64_t number(const mr_batch &batch, uint32_t field, uint32_t row) const {
    int64_t value;
    std::memcpy(&value, batch.columns[field].values + row * fields[field].stride, sizeof(value));
    return value;
  }
  std::string string(const mr_batch &batch, uint32_t field, uint32_t row) const {
    mr_string value;
    std::memcpy(&value, batch.columns[field].values + row * fields[field].stride, sizeof(value));
    return text(value);
  }

  std::vector<mr_option> options;
  std::vector<mr_field_desc> fields;
  mr_source_desc source = {};
  std::unique_ptr<Generator> generator;
  std::string error;
};

} // namespace millrace

#endif
