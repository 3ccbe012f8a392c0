//===- learned.cpp - stage 2 over a table, for shapes met while running ---===//
#include "runtime/io/json/learned.h"
#include "runtime/io/json/primitives.h"
#include "runtime/io/json/value.h"

using namespace millrace;
using namespace millrace::json;

std::vector<ShapeField> millrace::json::shapeFields(const mr_source_desc &source) {
  std::vector<ShapeField> fields;
  for (uint32_t i = 0; i < source.num_fields; ++i) {
    const mr_field_desc &desc = source.fields[i];
    if (!desc.used && source.event_time != int32_t(i))
      continue;
    // A null event time is for the general path, which has the message.
    bool nullable = desc.nullable && source.event_time != int32_t(i);
    ShapeField field = {i, desc.type, uint8_t(timeUnit(desc.unit ? desc.unit : "")), nullable, {}};
    size_t problem = 0;
    if (!desc.path || !*desc.path)
      field.path.push_back({desc.name, 0, false});
    else
      parsePath(desc.path, field.path, problem); // Schema::build has reported what is no path
    fields.push_back(std::move(field));
  }
  return fields;
}

LearnedShape::LearnedShape(const LineShape &shape, const ShapeBinding &binding)
    : absent(binding.absent), positionCount(shape.positions) {
  for (size_t i = 0; i < shape.literals.size(); ++i) {
    const ShapeLiteral &literal = shape.literals[i];
    Step step = {uint32_t(text.size()), uint32_t(literal.text.size()), 0, 0, uint32_t(fields.size()), 0, 0, false};
    text.insert(text.end(), literal.text.begin(), literal.text.end());
    text.resize((text.size() + 15) / 16 * 16);
    if (i < shape.values.size()) {
      const ShapeLiteral &next = shape.literals[i + 1];
      step.isString = shape.values[i].isString;
      step.next = next.first;
      step.nextOffset = next.stopOffset;
      step.nextByte = next.stops ? 0 : uint8_t(next.text[0]);
      fields.insert(fields.end(), binding.values[i].begin(), binding.values[i].end());
      step.numFields = uint32_t(binding.values[i].size());
    }
    steps.push_back(step);
  }
}

template <typename T> static void put(uint8_t *values, uint32_t row, T value) {
  std::memcpy(values + size_t(row) * sizeof value, &value, sizeof value);
}

static void putWord(uint8_t type, uint8_t *values, uint32_t row, uint64_t word) {
  switch (typeSize(type)) {
  case 1:
    return put(values, row, uint8_t(word));
  case 2:
    return put(values, row, uint16_t(word));
  case 4:
    return put(values, row, uint32_t(word));
  case 8:
    return put(values, row, word);
  default:
    return put(values, row, mr_string{word, 0});
  }
}

static uint64_t readWord(Doubt &doubt, const BoundField &field, const uint8_t *begin, const uint8_t *end) {
  mr_result result = {0, 1};
  int64_t least, most;
  switch (field.reader) {
  case Reader::Integer:
    shapeIntegerRange(field.type, least, most);
    return uint64_t(integerIn(doubt, begin, end, least, most));
  case Reader::Time:
    return uint64_t(time(doubt, begin, end, field.unit, field.type == MR_TIMESTAMP));
  case Reader::F64:
    return mr_json_f64(&doubt, begin, end);
  case Reader::Number:
    result = mr_json_number(begin, end, field.type);
    break;
  case Reader::Bool:
    return boolean(doubt, begin, end);
  case Reader::Text:
    result = mr_json_text(begin, end, field.type);
    break;
  case Reader::OnlyNull:
  case Reader::String:
    break;
  }
  doubtIf(doubt, result.kind);
  return result.value;
}

void LearnedShape::readField(Doubt &doubt, const BoundField &field, const uint8_t *begin, const uint8_t *end,
                             const mr_column &column, uint32_t row) {
  uint8_t *values = const_cast<uint8_t *>(column.values), *status = const_cast<uint8_t *>(column.status);
  status[row] = MR_VALUE;
  if (field.reader == Reader::String) {
    put(values, row, makeString(begin, end));
    return;
  }
  if (field.nullable && field.reader != Reader::Text && isNull(begin, end)) {
    status[row] = MR_NULL;
    putWord(field.type, values, row, 0);
    return;
  }
  putWord(field.type, values, row, readWord(doubt, field, begin, end));
}

/// Does the line have this shape, with values that need no second look?
bool LearnedShape::decodeLine(const mr_json_lines &lines, const uint8_t *at, const uint8_t *lineEnd) const {
  Doubt doubt = {};
  for (const Step &step : steps) {
    const uint8_t *literal = text.data() + step.literal;
    for (uint32_t done = 0; done < step.size; done += 16)
      expectText(doubt, at + done, literal + done, std::min(step.size - done, 16u));
    if (&step == &steps.back() || inDoubt(doubt))
      break;
    const uint8_t *begin = at + step.size;
    if (step.nextByte) {
      begin = std::min(begin, lineEnd); // reads must stay inside the padding, whatever is there
      at = std::min(begin + find(begin, step.nextByte), lineEnd);
    } else {
      at = lines.text + lines.index[step.next] - step.nextOffset;
    }
    if (!step.numFields && !step.isString)
      mr_json_bare(&doubt, begin, at);
    for (uint32_t i = 0; i < step.numFields; ++i) {
      const BoundField &field = fields[step.firstField + i];
      readField(doubt, field, begin, at, lines.columns[field.index], lines.row);
    }
  }
  return !inDoubt(doubt);
}

void LearnedShape::decode(mr_json_lines &lines) const {
  for (; lines.row < lines.rows; ++lines.row) {
    uint32_t lineEnd = lines.index[positionCount - 1];
    if (lineEnd >= lines.stop || !decodeLine(lines, lines.text + lines.start, lines.text + lineEnd))
      return;
    for (const BoundField &field : absent) {
      const mr_column &column = lines.columns[field.index];
      const_cast<uint8_t *>(column.status)[lines.row] = MR_NULL;
      putWord(field.type, const_cast<uint8_t *>(column.values), lines.row, 0);
    }
    lines.offsets[lines.row] = lines.base + lines.start;
    lines.lengths[lines.row] = lineEnd - lines.start;
    lines.start = lineEnd + 1;
    lines.index += positionCount;
  }
}

//===-- out of line -------------------------------------------------------===//

mr_result mr_json_number(const uint8_t *begin, const uint8_t *end, uint32_t type) {
  mr_result result = {0, 1};
  if (end <= begin || !isBareValue(begin, end) || *begin > '9')
    return result;
  Field field;
  field.type = uint8_t(type);
  Token token;
  token.kind = Token::Number;
  token.text = {reinterpret_cast<const char *>(begin), size_t(end - begin)};
  Arena none;
  uint8_t bytes[16] = {};
  result.kind = fitValue(field, token, none, bytes) != MR_VALUE;
  std::memcpy(&result.value, bytes, sizeof result.value);
  return result;
}

mr_result mr_json_text(const uint8_t *begin, const uint8_t *end, uint32_t type) {
  mr_result result = {0, 1};
  if (end < begin)
    return result;
  Field field;
  field.type = uint8_t(type);
  Token token;
  token.kind = Token::String;
  token.text = {reinterpret_cast<const char *>(begin), size_t(end - begin)};
  Arena none;
  uint8_t bytes[16] = {};
  result.kind = fitValue(field, token, none, bytes) != MR_VALUE;
  std::memcpy(&result.value, bytes, sizeof result.value);
  return result;
}

uint64_t mr_json_bare_slow(const uint8_t *begin, const uint8_t *end) {
  return notPlainBare(begin, end) && (end <= begin || !isBareValue(begin, end));
}
