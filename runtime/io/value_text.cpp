//===- value_text.cpp - values of rows and columns as text -------------------===//
#include "runtime/io/encoders.h"
#include "runtime/io/json_text.h"
#include "runtime/values/format.h"
#include "runtime/values/string_view.h"
#include "runtime/values/type_size.h"

#include <bit>
#include <cmath>

namespace millrace {

namespace {

template <typename T> T load(const uint8_t *from) {
  T value;
  std::memcpy(&value, from, sizeof(T));
  return value;
}

} // namespace

uint64_t loadBits(const uint8_t *value, mr_type type) {
  switch (type) {
  case MR_BOOL:
  case MR_U8:
    return *value;
  case MR_I8:
    return uint64_t(int64_t(load<int8_t>(value)));
  case MR_I16:
    return uint64_t(int64_t(load<int16_t>(value)));
  case MR_I32:
  case MR_DATE:
    return uint64_t(int64_t(load<int32_t>(value)));
  case MR_U16:
    return load<uint16_t>(value);
  case MR_U32:
  case MR_F32:
    return load<uint32_t>(value);
  case MR_I64:
  case MR_U64:
  case MR_F64:
  case MR_TIMESTAMP:
  case MR_DURATION:
  case MR_STRING:
  case MR_BYTES:
  case MR_LIST:
  case MR_RECORD:
    break;
  }
  return load<uint64_t>(value);
}

void appendBase64(std::string_view bytes, Buffer &out) {
  static constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  uint8_t *to = out.room((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    size_t left = bytes.size() - i;
    uint32_t group = uint32_t(uint8_t(bytes[i])) << 16;
    if (left > 1)
      group |= uint32_t(uint8_t(bytes[i + 1])) << 8;
    if (left > 2)
      group |= uint8_t(bytes[i + 2]);
    *to++ = digits[group >> 18];
    *to++ = digits[group >> 12 & 63];
    *to++ = left > 1 ? digits[group >> 6 & 63] : '=';
    *to++ = left > 2 ? digits[group & 63] : '=';
  }
  out.take(to);
}

void appendJsonValue(const uint8_t *value, mr_type type, Buffer &out) {
  switch (type) {
  case MR_STRING: {
    mr_string string = load<mr_string>(value);
    appendJsonString(viewOf(string), out);
    return;
  }
  case MR_BYTES: {
    mr_string bytes = load<mr_string>(value);
    out.append('"');
    appendBase64(viewOf(bytes), out);
    out.append('"');
    return;
  }
  default:
    out.take(writeJsonScalar(out.room(kMaxFormat + 2), loadBits(value, type), type));
  }
}

static void appendJsonRecord(const uint8_t *record, const mr_field_desc &of, Buffer &out) {
  for (uint32_t i = 0; i < of.num_nested; ++i) {
    const mr_field_desc &field = of.nested[i];
    out.append(i ? ',' : '{');
    appendJsonString(field.name, out);
    out.append(':');
    if (field.status_offset != UINT32_MAX && record[field.status_offset])
      out.append("null");
    else
      appendJsonValue(record + field.offset, mr_type(field.type), out);
  }
  out.append('}');
}

void appendJsonField(const uint8_t *value, const mr_field_desc &field, Buffer &out) {
  if (field.type == MR_RECORD)
    return appendJsonRecord(load<const uint8_t *>(value), field, out);
  if (field.type != MR_LIST)
    return appendJsonValue(value, mr_type(field.type), out);
  auto list = load<mr_list>(value);
  auto element = mr_type(field.element & ~MR_ELEMENT_NULLABLE);
  uint32_t size = typeSize(element);
  const uint8_t *at = list.elements, *status = field.element & MR_ELEMENT_NULLABLE ? at + list.count * size : nullptr;
  out.append('[');
  for (uint64_t i = 0; i < list.count; ++i, at += size) {
    if (i)
      out.append(',');
    if (status && status[i])
      out.append("null");
    else if (element == MR_RECORD)
      appendJsonRecord(load<const uint8_t *>(at), field, out);
    else
      appendJsonValue(at, element, out);
  }
  out.append(']');
}

void appendRecordAsJson(const mr_source_desc &source, const mr_batch &batch, uint32_t record, Buffer &out) {
  out.append('{');
  for (uint32_t i = 0; i < source.num_fields; ++i) {
    const mr_field_desc &field = source.fields[i];
    const mr_column &column = batch.columns[i];
    if (!column.values)
      continue;
    if (out.view().back() != '{')
      out.append(',');
    appendJsonString(field.name, out);
    out.append(':');
    uint8_t status = column.status && field.status_stride ? column.status[size_t(record) * field.status_stride] : 0;
    if (status)
      out.append("null");
    else
      appendJsonField(column.values + size_t(record) * field.stride, field, out);
  }
  out.append('}');
}

} // namespace millrace
