//===- columns.cpp - columns that a generator fills -----------------------===//
#include "runtime/io/generate/columns.h"

using namespace millrace;

namespace {

const GeneratedField *find(const GeneratedField *fields, uint32_t numFields, std::string_view name) {
  for (uint32_t i = 0; i < numFields; ++i)
    if (name == fields[i].name)
      return &fields[i];
  return nullptr;
}

std::string unknownField(const char *name, const char *connector, const GeneratedField *fields, uint32_t numFields) {
  std::string message = std::string("`") + connector + "` has no field `" + name + "`; its fields are ";
  for (uint32_t i = 0; i < numFields; ++i)
    message += (i ? ", " : "") + std::string(fields[i].name);
  return message;
}

} // namespace

GeneratedColumns::GeneratedColumns(const mr_source_desc &source, const DecodeOptions &options,
                                   const GeneratedField *fields, uint32_t numFields, std::string &error)
    : columns(numFields), described(source.num_fields) {
  for (uint32_t i = 0; i < source.num_fields; ++i) {
    const mr_field_desc &wanted = source.fields[i];
    const GeneratedField *field = find(fields, numFields, wanted.name);
    if (!field)
      error = unknownField(wanted.name, source.connector, fields, numFields);
    else if (wanted.type != field->type)
      error = std::string("field `") + wanted.name + "` of `" + source.connector + "` is declared with another type";
    if (!error.empty())
      return;
    if (!wanted.used && !options.buildAll)
      continue;
    memory.push_back(std::make_unique<uint8_t[]>(uint64_t(options.maxBatch) * wanted.stride)); // zeroed
    columns[uint64_t(field - fields)] = {memory.back().get(), wanted.stride};
    described[i].values = memory.back().get();
    if (wanted.status_stride) {
      memory.push_back(std::make_unique<uint8_t[]>(uint64_t(options.maxBatch) * wanted.status_stride));
      described[i].status = memory.back().get();
    }
  }
}

bool GeneratedColumns::anyFrom(uint32_t first) const {
  for (size_t i = first; i < columns.size(); ++i)
    if (columns[i])
      return true;
  return false;
}

void GeneratedColumns::give(uint32_t size, DecodedBatch &batch) const {
  batch.batch = {size, 0, described.data(), nullptr, nullptr};
  batch.offsets = nullptr;
  batch.lengths = nullptr;
  batch.malformed.clear();
  batch.blank = 0;
}
