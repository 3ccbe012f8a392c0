//===- codes.cpp - keys as one number -----------------------------------------===//
#include "runtime/state/codes.h"

#include "runtime/values/type_size.h"

#include <bit>

using namespace millrace;

namespace {

/// Bits of a value.
constexpr uint32_t widthOf(mr_type type) { return type == MR_BOOL ? 1 : 8 * typeSize(type); }

bool isSigned(mr_type type) {
  return type == MR_I8 || type == MR_I16 || type == MR_I32 || type == MR_I64 || type == MR_TIMESTAMP ||
         type == MR_DURATION || type == MR_DATE;
}

/// Bits of a field's value, without the one for null.
uint32_t bitsOf(const KeyField &field) {
  return field.values ? uint32_t(64 - std::countl_zero(field.values - 1)) : widthOf(field.type);
}

/// Values of a field as a digit of an index, without null.
uint64_t digitsOf(const KeyField &field) { return field.values ? field.values : uint64_t(1) << widthOf(field.type); }

uint64_t codeOf(const KeyField &field, uint64_t word) {
  if (field.type == MR_F32) // kept widened
    return std::bit_cast<uint32_t>(float(std::bit_cast<double>(word)));
  return field.type == MR_F64 ? word : word - uint64_t(field.least);
}

uint64_t wordOf(const KeyField &field, uint64_t code) {
  if (field.type == MR_F32) {
    float value = std::bit_cast<float>(uint32_t(code));
    return value != value ? 0x7ff8000000000000u : std::bit_cast<uint64_t>(double(value)); // as mr_key_f64 has NaN
  }
  return field.type == MR_F64 ? code : code + uint64_t(field.least);
}

} // namespace

KeyField millrace::keyField(const mr_table_desc &desc, uint32_t i) {
  KeyField field{};
  field.type = mr_type(desc.key_types[i] & ~MR_KEY_NULLABLE);
  field.nullable = desc.key_types[i] & MR_KEY_NULLABLE;
  field.isString = field.type == MR_STRING || field.type == MR_BYTES;
  field.values = desc.key_values ? desc.key_values[i] : 0;
  if (field.values)
    field.least = desc.key_least[i];
  else if (isSigned(field.type))
    field.least = int64_t(~uint64_t(0) << (widthOf(field.type) - 1));
  return field;
}

bool millrace::hasNulls(const mr_table_desc &desc) {
  for (uint32_t i = 0; i < desc.num_keys; ++i)
    if (desc.key_types[i] & MR_KEY_NULLABLE)
      return true;
  return false;
}

bool millrace::hasNullSlot(const mr_table_desc &desc) {
  if (desc.num_keys != 1)
    return false;
  KeyField field = keyField(desc, 0);
  return field.nullable && bitsOf(field) == 64;
}

uint64_t millrace::packedWord(const mr_table_desc &desc, const uint64_t *key) {
  uint64_t nulls = hasNulls(desc) ? key[desc.key_words - 1] : 0, word = 0;
  bool apart = hasNullSlot(desc);
  for (uint32_t i = 0; i < desc.num_keys; ++i) {
    KeyField field = keyField(desc, i);
    bool null = nulls >> i & 1;
    uint32_t bits = bitsOf(field);
    if (field.nullable && !apart)
      word = word << 1 | null;
    word = (bits < 64 ? word << bits : 0) | (null ? 0 : codeOf(field, key[i]));
  }
  return word;
}

void millrace::unpackWord(const mr_table_desc &desc, uint64_t word, uint64_t *key) {
  bool anyNull = hasNulls(desc), apart = hasNullSlot(desc);
  uint64_t nulls = 0;
  for (uint32_t i = desc.num_keys; i-- > 0;) {
    KeyField field = keyField(desc, i);
    uint32_t bits = bitsOf(field);
    uint64_t code = bits < 64 ? word & ((uint64_t(1) << bits) - 1) : word;
    word = bits < 64 ? word >> bits : 0;
    bool null = field.nullable && !apart && (word & 1);
    if (field.nullable && !apart)
      word >>= 1;
    nulls |= uint64_t(null) << i;
    key[i] = null ? 0 : wordOf(field, code);
  }
  if (anyNull)
    key[desc.key_words - 1] = nulls;
}

bool millrace::keyFits(const mr_table_desc &desc, const uint64_t *key) {
  if (desc.layout != MR_LAYOUT_PACKED && desc.layout != MR_LAYOUT_DENSE)
    return true;
  uint64_t nulls = hasNulls(desc) ? key[desc.key_words - 1] : 0;
  for (uint32_t i = 0; i < desc.num_keys; ++i) {
    KeyField field = keyField(desc, i);
    if (field.values && !(nulls >> i & 1) && codeOf(field, key[i]) >= field.values)
      return false;
  }
  return true;
}

uint64_t millrace::denseIndex(const mr_table_desc &desc, const uint64_t *key) {
  uint64_t nulls = hasNulls(desc) ? key[desc.key_words - 1] : 0, index = 0;
  for (uint32_t i = 0; i < desc.num_keys; ++i) {
    KeyField field = keyField(desc, i);
    index = index * (digitsOf(field) + field.nullable) + (nulls >> i & 1 ? digitsOf(field) : codeOf(field, key[i]));
  }
  return index;
}

void millrace::undoIndex(const mr_table_desc &desc, uint64_t index, uint64_t *key) {
  uint64_t nulls = 0;
  for (uint32_t i = desc.num_keys; i-- > 0;) {
    KeyField field = keyField(desc, i);
    uint64_t digit = index % (digitsOf(field) + field.nullable);
    index /= digitsOf(field) + field.nullable;
    bool null = digit == digitsOf(field);
    nulls |= uint64_t(null) << i;
    key[i] = null ? 0 : wordOf(field, digit);
  }
  if (hasNulls(desc))
    key[desc.key_words - 1] = nulls;
}
